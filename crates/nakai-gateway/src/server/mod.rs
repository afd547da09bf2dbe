//! Listening, and stopping without losing a turn.

mod connection;
mod watch;

use std::{
    io,
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use nakai_telemetry::events::{AcceptFailed, BotsRefreshFailed, DrainStarted};
use socket2::{Domain, Protocol, Socket, Type};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{MissedTickBehavior, interval, sleep, timeout_at},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{App, Gateway, Surface, server::connection::Connections};

/// Connections that wait in the kernel while this process has as many as it takes.
const BACKLOG: i32 = 1024;
/// How long to wait when no connection can be taken, for example because no file descriptor is left.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// A gateway that listens. Requests are answered once [`Server::serve`] runs.
pub struct Server {
    gateway: Arc<Gateway>,
    public: TcpListener,
    admin: Option<TcpListener>,
    local_addr: SocketAddr,
    admin_addr: Option<SocketAddr>,
}

/// How a server stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stopped {
    /// Every open turn and stream was finished.
    Drained,
    /// The time for it ran out.
    CutShort {
        /// Connections that were closed with something still going on.
        connections: usize,
        /// Turns that were still being answered.
        turns: usize,
    },
}

impl Server {
    /// Takes the addresses of the gateway's configuration. Must be called inside a Tokio runtime.
    pub fn bind(gateway: Arc<Gateway>) -> io::Result<Self> {
        let public = listen(gateway.config.listen)?;
        let admin = gateway.config.admin_listen.map(listen).transpose()?;
        let local_addr = public.local_addr()?;
        let admin_addr = admin.as_ref().map(TcpListener::local_addr).transpose()?;
        Ok(Self {
            gateway,
            public,
            admin,
            local_addr,
            admin_addr,
        })
    }

    /// Where the API listens; tells the port where the configuration says 0.
    pub const fn local_addr(&self) -> SocketAddr {
        self.local_addr
    }

    /// Where health and metrics listen, if on an address of their own.
    pub const fn admin_addr(&self) -> Option<SocketAddr> {
        self.admin_addr
    }

    /// Serves until `shutdown` is cancelled. Then says not ready, takes no more connections, finishes what is open within
    /// `drain_seconds`, and returns. The admin listener answers until the end.
    pub async fn serve(self, shutdown: CancellationToken) -> Stopped {
        let Self {
            gateway, public, admin, ..
        } = self;
        let config = &gateway.config;
        let (end, cut) = (CancellationToken::new(), CancellationToken::new());
        let (open, background) = (TaskTracker::new(), TaskTracker::new());

        background.spawn(keep_bots_fresh(Arc::clone(&gateway), shutdown.clone()));
        if let Some(admin) = admin {
            let app = App::new(&gateway, Surface::Admin);
            let connections = Connections::new(config, app, background.clone(), end.clone(), cut.clone());
            background.spawn(accept(admin, connections, config.max_connections, end.clone()));
        }
        let app = App::new(&gateway, Surface::Public);
        let connections = Connections::new(config, app, open.clone(), shutdown.clone(), cut.clone());
        accept(public, connections, config.max_connections, shutdown).await;

        gateway.start_draining();
        DrainStarted {
            open_turns: gateway.turns_in_flight(),
        }
        .emit();
        gateway.tasks.close();
        let limit = Instant::now() + Duration::from_secs(config.drain_seconds);
        open.close();
        let drained = timeout_at(limit.into(), async { tokio::join!(open.wait(), gateway.tasks.wait()) })
            .await
            .is_ok();
        let stopped = if drained {
            Stopped::Drained
        } else {
            Stopped::CutShort {
                connections: open.len(),
                turns: gateway.turns_in_flight(),
            }
        };

        end.cancel();
        cut.cancel();
        open.wait().await;
        background.close();
        background.wait().await;
        stopped
    }
}

/// Opens a listening socket whose address can be taken again at once after a restart.
fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    #[cfg(unix)]
    socket.set_reuse_address(true)?;
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    TcpListener::from_std(socket.into())
}

/// Takes connections until `stop`. At the limit it takes no more until one ends: the rest wait in the kernel.
async fn accept(listener: TcpListener, connections: Arc<Connections>, limit: usize, stop: CancellationToken) {
    let places = Arc::new(Semaphore::new(limit));
    while let Some((stream, peer, place)) = stop.run_until_cancelled(next(&listener, &places)).await {
        connections.spawn(stream, peer, place);
    }
}

async fn next(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> (TcpStream, SocketAddr, Option<OwnedSemaphorePermit>) {
    // The semaphore is never closed, so there is always a permit in the end.
    let place = Arc::clone(places).acquire_owned().await.ok();
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => return (stream, peer, place),
            Err(error) => {
                if !is_the_clients(&error) {
                    AcceptFailed { cause: &error }.emit();
                    sleep(ACCEPT_PAUSE).await;
                }
            }
        }
    }
}

/// A client that gave up before it was accepted is no trouble of ours.
fn is_the_clients(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

/// Takes over, every few seconds, the bot versions that another process activated.
async fn keep_bots_fresh(gateway: Arc<Gateway>, stop: CancellationToken) {
    let mut every = interval(Duration::from_secs(gateway.config.bots_refresh_seconds));
    every.set_missed_tick_behavior(MissedTickBehavior::Delay);
    every.tick().await;
    while stop.run_until_cancelled(every.tick()).await.is_some() {
        let Some(refreshed) = stop.run_until_cancelled(gateway.bots.refresh()).await else {
            return;
        };
        if let Err(error) = refreshed {
            BotsRefreshFailed { cause: &error }.emit();
        }
    }
}
