//! Several targets that stand in for each other.

use std::{
    fmt,
    sync::Arc,
    time::{Duration, Instant},
};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    EmbedRequest, Embeddings, GenerateRequest, Generation, GenerationStream, ProviderCode, ProviderError, Target,
    TokenUsage,
    breaker::Breaker,
    plausible,
    retry::{LONGEST_PAUSE, RetryBudget, pause},
    transport::{self, Incoming},
    usage::Said,
};

/// How often one target is asked again.
const RETRIES: u32 = 2;

/// What becomes of an answer that breaks off after words of it were passed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AfterFirstToken {
    /// It ends with an error. Nothing pretends that it is whole.
    #[default]
    Fail,
    /// The next target goes on where it broke off.
    Continue,
}

/// Targets in the order in which they are asked.
pub struct Route {
    client: reqwest::Client,
    pub(crate) targets: Vec<Arc<Place>>,
    pub(crate) after_first_token: AfterFirstToken,
    budget: RetryBudget,
}

/// A target, and how it is doing. Shared by all routes that name it.
pub(crate) struct Place {
    pub(crate) target: Target,
    pub(crate) breaker: Breaker,
}

impl Place {
    pub(crate) fn new(target: Target) -> Self {
        Self {
            target,
            breaker: Breaker::default(),
        }
    }
}

/// One call of a target, for the record of a turn.
#[derive(Debug, Clone, PartialEq)]
pub struct Attempt {
    /// The target.
    pub target: Arc<str>,
    /// Until its first piece or its failure.
    pub took: Duration,
    /// Why it failed; `None` if it answered.
    pub error: Option<ProviderError>,
}

/// No target gave an answer.
#[derive(Debug, Clone, PartialEq)]
pub struct RouteError {
    /// The error that tells most: that of the last target that was asked.
    pub error: ProviderError,
    /// Everything that was tried.
    pub attempts: Vec<Attempt>,
}

impl fmt::Display for RouteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({} attempts)", self.error, self.attempts.len())
    }
}

impl std::error::Error for RouteError {}

impl Route {
    /// Takes targets, the preferred one first.
    pub fn new(client: reqwest::Client, targets: Vec<Target>, after_first_token: AfterFirstToken) -> Self {
        let place = |target| Arc::new(Place::new(target));
        Self::of(client, targets.into_iter().map(place).collect(), after_first_token)
    }

    pub(crate) fn of(client: reqwest::Client, targets: Vec<Arc<Place>>, after_first_token: AfterFirstToken) -> Self {
        Self {
            client,
            targets,
            after_first_token,
            budget: RetryBudget::default(),
        }
    }

    /// The client for all routes of a process: `TCP_NODELAY` on, no redirects, connections kept.
    ///
    /// # Errors
    /// If the machine's TLS settings can't be used.
    pub fn client(connect: Duration) -> Result<reqwest::Client, reqwest::Error> {
        client_settings(connect).build()
    }

    /// The targets, in order.
    pub fn targets(&self) -> impl Iterator<Item = &Target> {
        self.targets.iter().map(|place| &place.target)
    }

    /// Asks for an answer in pieces. Returns when a target has begun to answer; until then the next one takes over from one that fails.
    ///
    /// # Errors
    /// If no target begins by the deadline.
    pub async fn stream(
        self: &Arc<Self>,
        request: GenerateRequest,
        deadline: Instant,
    ) -> Result<GenerationStream, RouteError> {
        self.budget.earn();
        let mut attempts = Vec::new();
        let begun = self.begin(0, &request, deadline, &mut attempts).await?;
        Ok(GenerationStream::new(
            Arc::clone(self),
            begun,
            request,
            deadline,
            attempts,
        ))
    }

    /// Asks for a whole answer.
    ///
    /// # Errors
    /// If no target gives one by the deadline.
    pub async fn whole(
        self: &Arc<Self>,
        request: &GenerateRequest,
        deadline: Instant,
    ) -> Result<(Generation, Vec<Attempt>), RouteError> {
        self.budget.earn();
        let mut attempts = Vec::new();
        let call =
            |place: Arc<Place>| async move { transport::whole(&self.client, &place.target, request, deadline).await };
        let (place, mut generation) = self.try_each(0, deadline, &mut attempts, call).await?;
        let said = Said::from(&generation);
        let usage = generation.usage.and_then(|claimed| {
            let usage = plausible::of_answer(claimed, request, &said);
            if usage.is_none() {
                plausible::tell(&self.targets[place].target.name, &claimed);
            }
            usage
        });
        generation.usage = Some(usage.unwrap_or_else(|| TokenUsage::estimated(request, &said)));
        Ok((generation, attempts))
    }

    /// Asks for vectors. Only models that make the same vectors can stand in for each other.
    ///
    /// # Errors
    /// If no target gives them by the deadline.
    pub async fn embed(
        self: &Arc<Self>,
        request: &EmbedRequest,
        deadline: Instant,
    ) -> Result<(Embeddings, Vec<Attempt>), RouteError> {
        self.budget.earn();
        let mut attempts = Vec::new();
        let call =
            |place: Arc<Place>| async move { transport::embed(&self.client, &place.target, request, deadline).await };
        let (_, embeddings) = self.try_each(0, deadline, &mut attempts, call).await?;
        Ok((embeddings, attempts))
    }

    pub(crate) async fn begin(
        &self,
        from: usize,
        request: &GenerateRequest,
        deadline: Instant,
        attempts: &mut Vec<Attempt>,
    ) -> Result<(usize, Incoming), RouteError> {
        let call =
            |place: Arc<Place>| async move { transport::stream(&self.client, &place.target, request, deadline).await };
        self.try_each(from, deadline, attempts, call).await
    }

    /// Asks one target after the other, each a few times, until one answers.
    async fn try_each<T, F: Future<Output = Result<T, ProviderError>>>(
        &self,
        from: usize,
        deadline: Instant,
        attempts: &mut Vec<Attempt>,
        call: impl Fn(Arc<Place>) -> F,
    ) -> Result<(usize, T), RouteError> {
        let mut last: Option<ProviderError> = None;
        for (number, place) in self.targets.iter().enumerate().skip(from) {
            let mut retry = 0;
            loop {
                let start = Instant::now();
                if start >= deadline || (!place.breaker.allows(start) && number + 1 < self.targets.len()) {
                    break;
                }
                let result = call(Arc::clone(place)).await;
                let error = result.as_ref().err().cloned();
                attempts.push(Attempt {
                    target: Arc::clone(&place.target.name),
                    took: start.elapsed(),
                    error: error.clone(),
                });
                let error = match result {
                    Ok(answer) => {
                        place.breaker.succeeded();
                        return Ok((number, answer));
                    }
                    Err(error) => error,
                };
                if error.code.counts_against_target() {
                    place.breaker.failed(Instant::now(), error.retry_after);
                }
                let wait = pause(retry, error.retry_after, jitter());
                let again = error.code.may_retry()
                    && retry < RETRIES
                    && wait <= LONGEST_PAUSE
                    && Instant::now() + wait < deadline;
                // Another target is quicker than waiting for this one.
                let others = number + 1 < self.targets.len();
                let stop = !error.code.may_fail_over();
                last = Some(error);
                if stop {
                    break;
                }
                if !again || others || !self.budget.spend() {
                    break;
                }
                retry += 1;
                tokio::time::sleep(wait).await;
            }
            if last.as_ref().is_some_and(|error| !error.code.may_fail_over()) {
                break;
            }
        }
        let nothing = || {
            ProviderError::new(ProviderCode::Unreachable, &Arc::from("none")).with_detail("no target may be asked now")
        };
        Err(RouteError {
            error: last.unwrap_or_else(nothing),
            attempts: std::mem::take(attempts),
        })
    }
}

fn client_settings(connect: Duration) -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .tcp_nodelay(true)
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(connect)
        // A new connection costs far more than an idle one, and after a burst so many are idle at once.
        .pool_max_idle_per_host(1_024)
        .user_agent(concat!("nakai/", env!("CARGO_PKG_VERSION")))
}

/// From 0 to 1. Where randomness only spreads retries, the clock is random enough.
fn jitter() -> f64 {
    let nanos = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0, |since| since.subsec_nanos());
    f64::from(nanos.wrapping_mul(2_654_435_761) >> 8) / f64::from(u32::MAX >> 8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_packet_to_a_provider_waits_for_an_acknowledgement() {
        // The sockets are out of reach, so this reads what they are made with; reqwest shows the option only where it is on.
        let settings = format!("{:?}", client_settings(Duration::from_secs(1)));
        assert!(settings.contains("tcp_nodelay: true"), "{settings}");
    }
}
