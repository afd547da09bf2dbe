//! The services as clients: each implements its trait over a balanced pool of addresses.

mod dialogue;
mod nlp;

pub use dialogue::DialogueClient;
pub use nlp::NlpClient;

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use tonic::{Code, Status, transport::Channel};

use crate::{
    Target, TlsFiles,
    config::RpcError,
    pool::{Pool, Resolver},
};

/// How long an installation may take: a large bot is trained meanwhile.
const INSTALL_TIMEOUT: Duration = Duration::from_secs(60);
/// How long a question other than a turn may take.
const SHORT_TIMEOUT: Duration = Duration::from_secs(2);

/// The addresses of one service, and calls that end in time.
struct Connection {
    pool: Arc<Pool>,
    resolver: Resolver,
}

impl Connection {
    async fn open(targets: Vec<Target>, tls: Option<&TlsFiles>) -> Result<Self, RpcError> {
        let tls = tls.map(TlsFiles::client).transpose()?;
        let (pool, resolver) = Pool::connect(targets, tls).await;
        Ok(Self { pool, resolver })
    }

    async fn close(&self) {
        self.resolver.close().await;
    }

    /// Asks one address, or another one if the first can't be reached.
    async fn ask<T, F>(&self, deadline: Instant, call: impl Fn(Channel) -> F) -> Result<T, Status>
    where
        F: Future<Output = Result<T, Status>>,
    {
        until(deadline, self.pool.call(call)).await
    }

    /// Tells every address something that may take long.
    async fn tell_all<F>(&self, call: impl Fn(Channel) -> F) -> Result<(), Status>
    where
        F: Future<Output = Result<(), Status>>,
    {
        until(Instant::now() + INSTALL_TIMEOUT, self.pool.call_all(call)).await
    }
}

/// The deadline of a question other than a turn.
fn soon() -> Instant {
    Instant::now() + SHORT_TIMEOUT
}

/// Runs a call until its deadline, which is an error of its own after that.
async fn until<T>(deadline: Instant, call: impl Future<Output = Result<T, Status>>) -> Result<T, Status> {
    match tokio::time::timeout_at(deadline.into(), call).await {
        Ok(result) => result,
        Err(_) => Err(Status::new(Code::DeadlineExceeded, "the time set for the call ran out")),
    }
}
