//! Whether a connection is idle, sending a head, or being answered: what its timers need to know.
//!
//! hyper's own head timer runs while a kept-alive connection is idle too and not before the first byte of a new one. A load balancer
//! wants an idle connection kept for a minute, a slow-loris must be thrown out after seconds: so both are told apart here.

use std::{
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering},
    },
    task::{Context, Poll},
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};

/// What a connection is doing.
#[derive(Debug)]
pub(super) struct Watch {
    born: Instant,
    /// Milliseconds after `born` at which the present phase began.
    since: AtomicU64,
    /// Requests that are being answered.
    open: AtomicU32,
    /// Whether bytes came since the last request was answered: a head is on its way.
    receiving: AtomicBool,
    /// Whether there was a request at all.
    greeted: AtomicBool,
    /// On HTTP/2 bytes come without a request too.
    multiplexed: AtomicBool,
}

/// How patient the server is with a connection.
#[derive(Debug, Clone, Copy)]
pub(super) struct Patience {
    /// With a head, and with a new connection before its first.
    pub(super) head: Duration,
    /// With an idle one.
    pub(super) idle: Duration,
}

/// What to do with a connection now.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Look again after this time.
    Wait(Duration),
    /// Close it after what is open: nothing has come for long.
    Idle,
    /// Close it at once: a head takes too long.
    TooSlow,
}

impl Watch {
    pub(super) fn start() -> Arc<Self> {
        Arc::new(Self {
            born: Instant::now(),
            since: AtomicU64::new(0),
            open: AtomicU32::new(0),
            receiving: AtomicBool::new(false),
            greeted: AtomicBool::new(false),
            multiplexed: AtomicBool::new(false),
        })
    }

    fn stamp(&self) {
        let millis = u64::try_from(self.born.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.since.store(millis, Ordering::Relaxed);
    }

    fn bytes_came(&self) {
        if self.open.load(Ordering::Relaxed) == 0 && !self.receiving.swap(true, Ordering::Relaxed) {
            self.stamp();
        }
    }

    /// A request has arrived; it is open until the result is dropped.
    pub(super) fn request(self: &Arc<Self>, multiplexed: bool) -> OpenRequest {
        self.open.fetch_add(1, Ordering::Relaxed);
        self.receiving.store(false, Ordering::Relaxed);
        self.greeted.store(true, Ordering::Relaxed);
        self.multiplexed.store(multiplexed, Ordering::Relaxed);
        OpenRequest(Arc::clone(self))
    }

    pub(super) fn judge(&self, patience: Patience) -> Verdict {
        if self.open.load(Ordering::Relaxed) > 0 {
            return Verdict::Wait(patience.head);
        }
        let in_phase = self
            .born
            .elapsed()
            .saturating_sub(Duration::from_millis(self.since.load(Ordering::Relaxed)));
        let greeted = self.greeted.load(Ordering::Relaxed);
        let head = self.receiving.load(Ordering::Relaxed) && !self.multiplexed.load(Ordering::Relaxed);
        let (limit, verdict) = match (greeted, head) {
            // From the first moment of the connection, whatever came of it since.
            (false, _) => (
                patience
                    .head
                    .saturating_sub(self.born.elapsed().saturating_sub(in_phase)),
                Verdict::TooSlow,
            ),
            (true, true) => (patience.head, Verdict::TooSlow),
            (true, false) => (patience.idle, Verdict::Idle),
        };
        match limit.checked_sub(in_phase) {
            // Short enough to notice in time that another phase with a shorter limit began.
            Some(left) if !left.is_zero() => Verdict::Wait(left.min(patience.head)),
            _ => verdict,
        }
    }
}

/// A request that is being answered.
#[derive(Debug)]
pub(super) struct OpenRequest(Arc<Watch>);

impl Drop for OpenRequest {
    fn drop(&mut self) {
        self.0.stamp();
        self.0.open.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A socket that tells its watch when bytes come, and sends at once what is written.
pub(super) struct Watched {
    stream: TcpStream,
    watch: Arc<Watch>,
}

impl Watched {
    pub(super) fn new(stream: TcpStream, watch: Arc<Watch>) -> Self {
        // Without it the last packet of an event may wait for an acknowledgement. If it fails the peer is gone.
        let _ = stream.set_nodelay(true);
        Self { stream, watch }
    }
}

impl AsyncRead for Watched {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let polled = Pin::new(&mut self.stream).poll_read(context, buffer);
        if buffer.filled().len() > before {
            self.watch.bytes_came();
        }
        polled
    }
}

impl AsyncWrite for Watched {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONE: Patience = Patience {
        head: Duration::ZERO,
        idle: Duration::ZERO,
    };
    const LONG_IDLE: Patience = Patience {
        head: Duration::ZERO,
        idle: Duration::from_secs(3600),
    };
    const LONG: Patience = Patience {
        head: Duration::from_secs(60),
        idle: Duration::from_secs(3600),
    };

    #[tokio::test]
    async fn no_packet_to_a_client_waits_for_an_acknowledgement() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let _client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (accepted, _) = listener.accept().await.unwrap();
        assert!(!accepted.nodelay().unwrap(), "the system does not do it by itself");
        assert!(Watched::new(accepted, Watch::start()).stream.nodelay().unwrap());
    }

    #[test]
    fn a_connection_that_never_asks_is_too_slow() {
        let watch = Watch::start();
        assert_eq!(watch.judge(LONG_IDLE), Verdict::TooSlow);
        watch.bytes_came();
        assert_eq!(watch.judge(LONG_IDLE), Verdict::TooSlow);
        assert!(matches!(watch.judge(LONG), Verdict::Wait(left) if left <= LONG.head));
    }

    #[test]
    fn an_open_request_may_take_its_time_and_an_idle_connection_has_its_own() {
        let watch = Watch::start();
        let request = watch.request(false);
        watch.bytes_came();
        assert!(matches!(watch.judge(NONE), Verdict::Wait(_)));
        drop(request);
        assert!(matches!(watch.judge(LONG_IDLE), Verdict::Wait(_)));
        assert_eq!(watch.judge(NONE), Verdict::Idle);
    }

    #[test]
    fn a_further_head_must_come_quickly_but_http2_may_chat() {
        let watch = Watch::start();
        drop(watch.request(false));
        watch.bytes_came();
        assert_eq!(watch.judge(LONG_IDLE), Verdict::TooSlow);
        drop(watch.request(true));
        watch.bytes_came();
        assert!(matches!(watch.judge(LONG_IDLE), Verdict::Wait(_)));
    }
}
