//! The services as clients: each implements its trait over a balanced pool of addresses.

mod dialogue;
mod nlp;

pub use dialogue::DialogueClient;
pub use nlp::NlpClient;

use std::time::{Duration, Instant};

use tonic::{Code, Status};

/// How long an installation may take: a large bot is trained meanwhile.
const INSTALL_TIMEOUT: Duration = Duration::from_secs(60);
/// How long a question other than a turn may take.
const SHORT_TIMEOUT: Duration = Duration::from_secs(2);

/// Runs a call until its deadline, which is an error of its own after that.
async fn until<T>(deadline: Instant, call: impl Future<Output = Result<T, Status>>) -> Result<T, Status> {
    match tokio::time::timeout_at(deadline.into(), call).await {
        Ok(result) => result,
        Err(_) => Err(Status::new(Code::DeadlineExceeded, "the time set for the call ran out")),
    }
}
