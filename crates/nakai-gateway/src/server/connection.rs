use std::{
    convert::Infallible,
    net::SocketAddr,
    pin::{Pin, pin},
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use axum::body::Body;
use bytes::Bytes;
use hyper::{
    Request, Version,
    body::{Frame, Incoming, SizeHint},
    service::service_fn,
};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto::Builder,
};
use tokio::{
    net::TcpStream,
    sync::OwnedSemaphorePermit,
    time::{Instant, sleep},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    App, GatewayConfig,
    server::watch::{OpenRequest, Patience, Verdict, Watch, Watched},
};

/// How often an HTTP/2 peer is asked whether it is still there, and how long it may take to say so.
const PING_EVERY: Duration = Duration::from_secs(20);
/// Requests at once on one HTTP/2 connection.
const MAX_STREAMS: u32 = 256;

/// What the connections of one listener have in common.
pub(super) struct Connections {
    builder: Builder<TokioExecutor>,
    app: App,
    patience: Patience,
    tasks: TaskTracker,
    /// No further requests; what is open is finished.
    drain: CancellationToken,
    /// The end, also of what is open.
    cut: CancellationToken,
}

impl Connections {
    pub(super) fn new(
        config: &GatewayConfig,
        app: App,
        tasks: TaskTracker,
        drain: CancellationToken,
        cut: CancellationToken,
    ) -> Arc<Self> {
        let mut builder = Builder::new(TokioExecutor::new());
        builder
            .http1()
            .timer(TokioTimer::new())
            // Our own watch times the head.
            .header_read_timeout(None)
            .max_buf_size(usize::try_from(config.max_head_bytes).unwrap_or(usize::MAX))
            .max_headers(config.max_headers);
        builder
            .http2()
            .timer(TokioTimer::new())
            .max_header_list_size(config.max_head_bytes)
            .max_concurrent_streams(MAX_STREAMS)
            .keep_alive_interval(PING_EVERY)
            .keep_alive_timeout(PING_EVERY);
        let patience = Patience {
            head: Duration::from_secs(config.head_read_seconds),
            idle: Duration::from_secs(config.idle_seconds),
        };
        Arc::new(Self {
            builder,
            app,
            patience,
            tasks,
            drain,
            cut,
        })
    }

    /// Serves a connection until it ends; `place` is given back then.
    pub(super) fn spawn(self: &Arc<Self>, stream: TcpStream, peer: SocketAddr, place: Option<OwnedSemaphorePermit>) {
        let connections = Arc::clone(self);
        self.tasks.spawn(async move {
            connections.serve(stream, peer).await;
            drop(place);
        });
    }

    async fn serve(&self, stream: TcpStream, peer: SocketAddr) {
        let watch = Watch::start();
        let socket = TokioIo::new(Watched::new(stream, Arc::clone(&watch)));
        let service = service_fn(|request: Request<Incoming>| {
            let open = watch.request(request.version() == Version::HTTP_2);
            let app = self.app.clone();
            async move {
                Ok::<_, Infallible>(
                    app.respond(peer, request)
                        .await
                        .map(|body| OpenBody { body, _open: open }),
                )
            }
        });
        let mut connection = pin!(self.builder.serve_connection(socket, service));
        let mut look = pin!(sleep(self.patience.head));
        let mut closing = false;
        loop {
            tokio::select! {
                // An error here is the peer's: it broke the protocol or is gone.
                _ = connection.as_mut() => return,
                () = self.cut.cancelled() => return,
                () = self.drain.cancelled(), if !closing => {
                    closing = true;
                    connection.as_mut().graceful_shutdown();
                }
                () = &mut look => {
                    let again = match watch.judge(self.patience) {
                        Verdict::Wait(time) => time,
                        Verdict::TooSlow => return,
                        Verdict::Idle => {
                            closing = true;
                            connection.as_mut().graceful_shutdown();
                            self.patience.head
                        }
                    };
                    look.as_mut().reset(Instant::now() + again);
                }
            }
        }
    }
}

/// The body of an answer; its request is open until it is sent.
struct OpenBody {
    body: Body,
    _open: OpenRequest,
}

impl hyper::body::Body for OpenBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
