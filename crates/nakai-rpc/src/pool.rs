//! Several addresses of one service: the idlest one that answers gets the call, one that fails is left alone for a while.

use std::{
    fmt,
    net::{IpAddr, SocketAddr},
    str::FromStr,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicU32, AtomicU64, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::{net::lookup_host, time::MissedTickBehavior};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tonic::{
    Code, Status,
    transport::{Channel, ClientTlsConfig, Endpoint},
};

/// How often names are looked up again, so that new replicas are found and gone ones forgotten.
const RESOLVE_EVERY: Duration = Duration::from_secs(5);
/// How long a backend is left alone after its first failure; doubles with each further one.
const FIRST_REST: Duration = Duration::from_millis(100);
/// The longest time a backend is left alone.
const LONGEST_REST: Duration = Duration::from_secs(5);
/// How many backends one call tries.
const MOST_ATTEMPTS: usize = 3;

/// Where a service is: a host name or address, and a port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    host: String,
    port: u16,
}

/// Text that is no `host:port`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a `host:port`")]
pub struct InvalidTarget;

impl FromStr for Target {
    type Err = InvalidTarget;
    fn from_str(text: &str) -> Result<Self, InvalidTarget> {
        let (host, port) = text.rsplit_once(':').ok_or(InvalidTarget)?;
        let host = host.strip_prefix('[').and_then(|h| h.strip_suffix(']')).unwrap_or(host);
        let plain = host.parse::<IpAddr>().is_ok()
            || host
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'));
        let port = port.parse().ok().filter(|&p| p != 0).ok_or(InvalidTarget)?;
        if host.is_empty() || !plain {
            Err(InvalidTarget)
        } else {
            Ok(Self {
                host: host.to_owned(),
                port,
            })
        }
    }
}

impl Target {
    /// Says whether it is surely this machine.
    pub fn is_loopback(&self) -> bool {
        self.host == "localhost" || self.host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}

/// One address of the service.
struct Backend {
    address: SocketAddr,
    channel: Channel,
    in_flight: AtomicUsize,
    failures: AtomicU32,
    /// Until when it is left alone, microseconds since the pool was made.
    rests_until: AtomicU64,
}

/// All addresses of one service.
pub(crate) struct Pool {
    targets: Vec<Target>,
    tls: Option<ClientTlsConfig>,
    backends: RwLock<Arc<[Arc<Backend>]>>,
    started: Instant,
    turn: AtomicUsize,
}

/// The background look-up of names; ends when it is closed or dropped.
pub(crate) struct Resolver {
    stop: CancellationToken,
    tasks: TaskTracker,
}

impl Resolver {
    pub(crate) async fn close(&self) {
        self.stop.cancel();
        self.tasks.wait().await;
    }
}

impl Drop for Resolver {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

impl Pool {
    /// Makes the pool and looks the names up once. A name that can't be found yet is looked up again and again.
    pub(crate) async fn connect(targets: Vec<Target>, tls: Option<ClientTlsConfig>) -> (Arc<Self>, Resolver) {
        let pool = Arc::new(Self {
            targets,
            tls,
            backends: RwLock::new(Arc::new([])),
            started: Instant::now(),
            turn: AtomicUsize::new(0),
        });
        pool.resolve().await;
        let resolver = Resolver {
            stop: CancellationToken::new(),
            tasks: TaskTracker::new(),
        };
        let addresses_only = pool.targets.iter().all(|target| target.host.parse::<IpAddr>().is_ok());
        if !addresses_only {
            let (pool, stop) = (Arc::clone(&pool), resolver.stop.clone());
            resolver.tasks.spawn(async move {
                let mut ticks = tokio::time::interval(RESOLVE_EVERY);
                ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
                while stop.run_until_cancelled(ticks.tick()).await.is_some() {
                    pool.resolve().await;
                }
            });
        }
        resolver.tasks.close();
        (pool, resolver)
    }

    async fn resolve(&self) {
        let mut addresses: Vec<(SocketAddr, &Target)> = Vec::new();
        for target in &self.targets {
            if let Ok(found) = lookup_host((target.host.as_str(), target.port)).await {
                addresses.extend(found.map(|address| (address, target)));
            }
        }
        addresses.sort_by_key(|(address, _)| *address);
        addresses.dedup_by_key(|(address, _)| *address);
        let known = self.backends();
        // A name server that answers nothing is no reason to forget backends that work.
        if addresses.is_empty() || known.iter().map(|b| b.address).eq(addresses.iter().map(|(a, _)| *a)) {
            return;
        }
        let backends = addresses
            .into_iter()
            .filter_map(|(address, target)| {
                known
                    .iter()
                    .find(|b| b.address == address)
                    .cloned()
                    .or_else(|| self.backend(address, target))
            })
            .collect();
        *self.backends.write().unwrap_or_else(PoisonError::into_inner) = backends;
    }

    fn backend(&self, address: SocketAddr, target: &Target) -> Option<Arc<Backend>> {
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        let mut endpoint = Endpoint::from_shared(format!("{scheme}://{address}"))
            .ok()?
            .connect_timeout(Duration::from_secs(1))
            .tcp_nodelay(true)
            .http2_keep_alive_interval(Duration::from_secs(10))
            .keep_alive_timeout(Duration::from_secs(3))
            .keep_alive_while_idle(true);
        if let Some(tls) = &self.tls {
            endpoint = endpoint.tls_config(tls.clone().domain_name(&target.host)).ok()?;
        }
        Some(Arc::new(Backend {
            address,
            channel: endpoint.connect_lazy(),
            in_flight: AtomicUsize::new(0),
            failures: AtomicU32::new(0),
            rests_until: AtomicU64::new(0),
        }))
    }

    fn backends(&self) -> Arc<[Arc<Backend>]> {
        Arc::clone(&self.backends.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn now(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_micros()).unwrap_or(u64::MAX)
    }

    /// Chooses the backend with the fewest open calls among those that do not rest; equals take turns. If all rest, the one whose
    /// rest ends first is tried all the same: nothing is lost by it, and a service that is back is found at once.
    fn choose(&self, backends: &[Arc<Backend>], tried: &[SocketAddr]) -> Option<Arc<Backend>> {
        let (now, turn) = (self.now(), self.turn.fetch_add(1, Ordering::Relaxed));
        let count = backends.len();
        (0..count)
            .filter_map(|offset| backends.get((turn.wrapping_add(offset)) % count))
            .filter(|backend| !tried.contains(&backend.address))
            .min_by_key(|backend| {
                let rest = backend.rests_until.load(Ordering::Relaxed).saturating_sub(now);
                (rest, backend.in_flight.load(Ordering::Relaxed))
            })
            .cloned()
    }

    /// Calls one backend, and another one if the first can't be reached. Both services keep nothing between calls and tools are
    /// called with an idempotency key, so a call may be repeated.
    pub(crate) async fn call<T, F>(&self, call: impl Fn(Channel) -> F) -> Result<T, Status>
    where
        F: Future<Output = Result<T, Status>>,
    {
        let backends = self.backends();
        let mut tried = Vec::new();
        let mut last = Status::unavailable("no address is known; is the name right, and does anything run there?");
        while tried.len() < MOST_ATTEMPTS
            && let Some(backend) = self.choose(&backends, &tried)
        {
            let open = OpenCall::of(&backend);
            let result = call(backend.channel.clone()).await;
            drop(open);
            match result {
                Err(status) if is_unreachable(&status) => {
                    self.rest(&backend);
                    last = status;
                    tried.push(backend.address);
                }
                answered => {
                    backend.failures.store(0, Ordering::Relaxed);
                    backend.rests_until.store(0, Ordering::Relaxed);
                    return answered;
                }
            }
        }
        Err(last)
    }

    /// Calls every backend; succeeds if one does.
    pub(crate) async fn call_all<F>(&self, call: impl Fn(Channel) -> F) -> Result<(), Status>
    where
        F: Future<Output = Result<(), Status>>,
    {
        let mut outcome = Err(Status::unavailable(
            "no address is known; is the name right, and does anything run there?",
        ));
        for backend in self.backends().iter() {
            match call(backend.channel.clone()).await {
                Ok(()) => outcome = Ok(()),
                Err(status) if !is_unreachable(&status) => return Err(status),
                Err(status) if outcome.is_err() => outcome = Err(status),
                Err(_) => {}
            }
        }
        outcome
    }

    fn rest(&self, backend: &Backend) {
        let failures = backend.failures.fetch_add(1, Ordering::Relaxed).min(16);
        let rest = FIRST_REST.saturating_mul(1 << failures).min(LONGEST_REST);
        let rest = u64::try_from(rest.as_micros()).unwrap_or(u64::MAX);
        backend
            .rests_until
            .store(self.now().saturating_add(rest), Ordering::Relaxed);
    }
}

/// Says whether a call failed before the service could answer.
pub(crate) fn is_unreachable(status: &Status) -> bool {
    status.details().is_empty() && matches!(status.code(), Code::Unavailable | Code::Unknown | Code::Cancelled)
}

/// Counts a call as open while it lives, also when the caller gives up.
struct OpenCall<'a>(&'a AtomicUsize);

impl<'a> OpenCall<'a> {
    fn of(backend: &'a Backend) -> Self {
        backend.in_flight.fetch_add(1, Ordering::Relaxed);
        Self(&backend.in_flight)
    }
}

impl Drop for OpenCall<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_host_and_port() {
        for (text, host) in [
            ("nlp:3001", "nlp"),
            ("127.0.0.1:3001", "127.0.0.1"),
            ("[::1]:3001", "::1"),
        ] {
            assert_eq!(
                text.parse(),
                Ok(Target {
                    host: host.into(),
                    port: 3001
                })
            );
        }
        for text in ["nlp", "nlp:", ":3001", "http://nlp:3001", "nlp:0", "nlp:70000", "a b:1"] {
            assert_eq!(text.parse::<Target>(), Err(InvalidTarget), "{text}");
        }
        assert!("localhost:1".parse::<Target>().unwrap().is_loopback());
        assert!(!"10.0.0.1:1".parse::<Target>().unwrap().is_loopback());
    }

    #[tokio::test]
    async fn calls_go_round_and_a_failing_backend_rests() {
        let targets = ["127.0.0.1:1001", "127.0.0.1:1002", "127.0.0.1:1003"]
            .map(|t| t.parse().unwrap())
            .to_vec();
        let (pool, resolver) = Pool::connect(targets, None).await;
        let backends = pool.backends();
        let mut ports: Vec<u16> = (0..3)
            .map(|_| pool.choose(&backends, &[]).unwrap().address.port())
            .collect();
        ports.sort_unstable();
        assert_eq!(ports, [1001, 1002, 1003]);
        pool.rest(&backends[0]);
        assert!((0..6).all(|_| pool.choose(&backends, &[]).unwrap().address.port() != 1001));
        let busy = OpenCall::of(&backends[1]);
        assert!((0..6).all(|_| pool.choose(&backends, &[]).unwrap().address.port() == 1003));
        drop(busy);
        resolver.close().await;
    }

    #[tokio::test]
    async fn an_unreachable_backend_is_passed_over_and_an_answer_is_final() {
        let targets = ["127.0.0.1:1001", "127.0.0.1:1002"]
            .map(|t| t.parse().unwrap())
            .to_vec();
        let (pool, _resolver) = Pool::connect(targets, None).await;
        let calls = AtomicUsize::new(0);
        let answer = pool
            .call(|_| async {
                if calls.fetch_add(1, Ordering::Relaxed) == 0 {
                    Err(Status::unavailable("gone"))
                } else {
                    Ok(7)
                }
            })
            .await;
        assert_eq!((answer.unwrap(), calls.load(Ordering::Relaxed)), (7, 2));
        let refused: Result<(), Status> = pool
            .call(|_| async {
                calls.fetch_add(1, Ordering::Relaxed);
                Err(Status::invalid_argument("no"))
            })
            .await;
        assert_eq!(
            (refused.unwrap_err().code(), calls.load(Ordering::Relaxed)),
            (Code::InvalidArgument, 3)
        );
    }
}
