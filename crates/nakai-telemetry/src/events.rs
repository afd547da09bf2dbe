//! Everything that Nakai tells about itself, one struct each, with one `emit` that logs and counts.
//!
//! Field names follow the Elastic Common Schema and OpenTelemetry's `gen_ai.*`; what neither has is under `nakai.*`. No event takes
//! anything that a customer typed, screened or not: the store has that, the log has ids.

use std::time::Duration;

use nakai_types::{BotRef, ErrorKind, ModelCall, TurnRecord, Usage};
use tracing::{error, info, warn};

pub use crate::model_calls::{ModelCalled, UsageRefused};

/// A turn was answered and is on disk.
#[derive(Debug)]
pub struct TurnCompleted<'a> {
    /// The turn with its evidence.
    pub record: &'a TurnRecord,
    /// The request's id.
    pub request_id: &'a str,
    /// The W3C trace id, 32 hexadecimal digits.
    pub trace_id: &'a str,
    /// From the request's arrival to the durable answer.
    pub duration: Duration,
    /// How long the store took to make it durable.
    pub commit: Duration,
}

impl TurnCompleted<'_> {
    /// Logs and counts the turn.
    pub fn emit(&self) {
        let record = self.record;
        let intent = record.understanding.intents.first();
        info!(
            event.dataset = "nakai.turn",
            event.outcome = "success",
            event.duration = nanos(self.duration),
            http.request.id = self.request_id,
            trace.id = self.trace_id,
            organization.id = record.tenant.as_str(),
            user.id = record.user.as_deref(),
            gen_ai.conversation.id = %record.conversation,
            gen_ai.agent.name = record.bot.name.as_str(),
            gen_ai.agent.version = %record.bot.version,
            gen_ai.usage.input_tokens = record.usage.input_tokens,
            gen_ai.usage.output_tokens = record.usage.output_tokens,
            nakai.turn.id = %record.turn,
            nakai.turn.sequence = record.sequence,
            nakai.turn.outcome = record.reply.outcome.name(),
            nakai.turn.language = record.understanding.language.code(),
            nakai.intent.name = intent.map(|i| &*i.name),
            nakai.intent.confidence = intent.map(|i| f64::from(i.confidence)),
            nakai.intent.out_of_scope = record.understanding.out_of_scope,
            nakai.rule = record.decisions.last().map(|d| &*d.rule),
            nakai.cost_micros = record.usage.cost_micros,
            nakai.commit.duration = nanos(self.commit),
            "turn answered"
        );
        metrics::counter!(
            "nakai_turns_total",
            "bot" => record.bot.name.as_str().to_owned(),
            "outcome" => record.reply.outcome.name(),
            "language" => record.understanding.language.code(),
        )
        .increment(1);
        metrics::histogram!("nakai_turn_duration_seconds").record(self.duration);
        metrics::histogram!("nakai_turn_step_duration_seconds", "step" => "commit").record(self.commit);
        for call in &record.models {
            ModelCalled { call }.emit();
        }
        for step in &record.steps {
            let duration = Duration::from_micros(step.micros);
            metrics::histogram!("nakai_turn_step_duration_seconds", "step" => step.step.clone()).record(duration);
        }
    }
}

/// A turn got a problem instead of an answer.
#[derive(Debug)]
pub struct TurnFailed<'a> {
    /// The stable code of the problem.
    pub code: &'static str,
    /// Its kind.
    pub kind: ErrorKind,
    /// What went wrong, without customer text.
    pub cause: &'a dyn std::error::Error,
    /// The request's id.
    pub request_id: &'a str,
    /// The W3C trace id.
    pub trace_id: &'a str,
    /// From the request's arrival.
    pub duration: Duration,
}

impl TurnFailed<'_> {
    /// Logs and counts the failure: as an error if it is ours, else as a warning.
    pub fn emit(&self) {
        macro_rules! line {
            ($level:ident) => {
                $level!(
                    event.dataset = "nakai.turn",
                    event.outcome = "failure",
                    event.duration = nanos(self.duration),
                    error.code = self.code,
                    error.message = %self.cause,
                    http.request.id = self.request_id,
                    trace.id = self.trace_id,
                    "turn failed"
                )
            };
        }
        if self.kind == ErrorKind::Internal {
            line!(error);
        } else {
            line!(warn);
        }
        metrics::counter!("nakai_turns_failed_total", "code" => self.code).increment(1);
    }
}

/// Models were asked outside of turns: a request to the endpoints that providers have too.
#[derive(Debug)]
pub struct ModelsAsked<'a> {
    /// The calls in order, failed ones too.
    pub calls: &'a [ModelCall],
    /// The request's id.
    pub request_id: &'a str,
    /// The W3C trace id.
    pub trace_id: &'a str,
    /// From the request's arrival to the end of the answer.
    pub duration: Duration,
}

impl ModelsAsked<'_> {
    /// Logs the request and counts its calls.
    pub fn emit(&self) {
        let Some(last) = self.calls.last() else { return };
        let used = Usage::of(self.calls);
        info!(
            event.dataset = "nakai.models",
            event.outcome = if last.failure.is_none() { "success" } else { "failure" },
            event.duration = nanos(self.duration),
            error.code = last.failure.as_deref(),
            gen_ai.request.model = &*last.model,
            gen_ai.operation.name = &*last.purpose,
            gen_ai.usage.input_tokens = used.input_tokens,
            gen_ai.usage.output_tokens = used.output_tokens,
            nakai.cost_micros = used.cost_micros,
            nakai.attempts = self.calls.len() as u64,
            http.request.id = self.request_id,
            trace.id = self.trace_id,
            "models asked"
        );
        for call in self.calls {
            ModelCalled { call }.emit();
        }
    }
}

/// What calls of models used could not be kept: the ledger lacks it.
#[derive(Debug)]
pub struct UsageLost<'a> {
    /// The calls.
    pub calls: &'a [ModelCall],
    /// Why.
    pub cause: &'a dyn std::error::Error,
    /// The request's id.
    pub request_id: &'a str,
}

impl UsageLost<'_> {
    /// Logs it, with what the ledger lacks, and counts it.
    pub fn emit(&self) {
        let used = Usage::of(self.calls);
        error!(
            event.dataset = "nakai.models",
            event.action = "usage-lost",
            event.outcome = "failure",
            error.message = %self.cause,
            gen_ai.request.model = self.calls.last().map(|call| &*call.model),
            gen_ai.usage.input_tokens = used.input_tokens,
            gen_ai.usage.output_tokens = used.output_tokens,
            nakai.cost_micros = used.cost_micros,
            http.request.id = self.request_id,
            "usage could not be kept; the ledger lacks it"
        );
        metrics::counter!("nakai_usage_lost_total").increment(self.calls.len() as u64);
    }
}

/// A request was refused before it became a turn: malformed, not allowed, or too much.
#[derive(Debug)]
pub struct RequestRejected<'a> {
    /// The stable code of the problem.
    pub code: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// The request's id.
    pub request_id: &'a str,
}

impl RequestRejected<'_> {
    /// Logs and counts the refusal.
    pub fn emit(&self) {
        info!(
            event.dataset = "nakai.request",
            event.outcome = "failure",
            error.code = self.code,
            http.request.id = self.request_id,
            http.response.status_code = u64::from(self.status),
            "request refused"
        );
        metrics::counter!("nakai_requests_rejected_total", "code" => self.code).increment(1);
    }
}

/// A request that is no turn failed through our fault.
#[derive(Debug)]
pub struct RequestFailed<'a> {
    /// The stable code of the problem.
    pub code: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// What went wrong, without customer text.
    pub cause: &'a dyn std::error::Error,
    /// The request's id.
    pub request_id: &'a str,
    /// The W3C trace id.
    pub trace_id: &'a str,
}

impl RequestFailed<'_> {
    /// Logs and counts the failure.
    pub fn emit(&self) {
        warn!(
            event.dataset = "nakai.request",
            event.outcome = "failure",
            error.code = self.code,
            error.message = %self.cause,
            http.request.id = self.request_id,
            http.response.status_code = u64::from(self.status),
            trace.id = self.trace_id,
            "request failed"
        );
        metrics::counter!("nakai_requests_failed_total", "code" => self.code).increment(1);
    }
}

/// A new connection could not be taken, for example because no file descriptor is left. Trying goes on.
#[derive(Debug)]
pub struct AcceptFailed<'a> {
    /// Why.
    pub cause: &'a std::io::Error,
}

impl AcceptFailed<'_> {
    /// Logs it.
    pub fn emit(&self) {
        warn!(
            event.dataset = "nakai.service",
            event.action = "accept-failed",
            error.message = %self.cause,
            "a connection could not be accepted"
        );
    }
}

/// Which bot versions serve could not be brought up to date; those before go on serving.
#[derive(Debug)]
pub struct BotsRefreshFailed<'a> {
    /// Why.
    pub cause: &'a dyn std::error::Error,
}

impl BotsRefreshFailed<'_> {
    /// Logs it.
    pub fn emit(&self) {
        warn!(
            event.dataset = "nakai.bot",
            event.action = "bots-refresh-failed",
            error.message = %self.cause,
            "active bot versions could not be taken over"
        );
    }
}

/// A bot version serves new conversations from now on.
#[derive(Debug)]
pub struct BotActivated<'a> {
    /// Which.
    pub bot: &'a BotRef,
    /// How long it took to read, train and install it.
    pub duration: Duration,
}

impl BotActivated<'_> {
    /// Logs it.
    pub fn emit(&self) {
        info!(
            event.dataset = "nakai.bot",
            event.action = "bot-activated",
            event.duration = nanos(self.duration),
            gen_ai.agent.name = self.bot.name.as_str(),
            gen_ai.agent.version = %self.bot.version,
            "bot activated"
        );
    }
}

/// A changed bundle can't be used; the version before it goes on serving.
#[derive(Debug)]
pub struct BotRejected<'a> {
    /// The folder that was read.
    pub folder: &'a str,
    /// How many errors it has.
    pub errors: usize,
    /// The first of them.
    pub first: &'a str,
}

impl BotRejected<'_> {
    /// Logs it.
    pub fn emit(&self) {
        warn!(
            event.dataset = "nakai.bot",
            event.action = "bot-rejected",
            file.path = self.folder,
            error.count = u64::try_from(self.errors).unwrap_or(u64::MAX),
            error.message = self.first,
            "bundle has errors; the version before it goes on serving"
        );
    }
}

/// The process listens.
#[derive(Debug)]
pub struct ServiceStarted<'a> {
    /// The roles it runs: `gateway`, `nlp`, `dialogue`.
    pub roles: &'a str,
    /// The address, for people and scripts.
    pub address: &'a str,
    /// From the start of the process.
    pub duration: Duration,
}

impl ServiceStarted<'_> {
    /// Logs it.
    pub fn emit(&self) {
        info!(
            event.dataset = "nakai.service",
            event.action = "service-started",
            event.duration = nanos(self.duration),
            service.address = self.address,
            nakai.roles = self.roles,
            "nakai serves"
        );
    }
}

/// The process was asked to stop and finishes what is open.
#[derive(Debug)]
pub struct DrainStarted {
    /// Turns that are open.
    pub open_turns: usize,
}

impl DrainStarted {
    /// Logs it.
    pub fn emit(&self) {
        info!(
            event.dataset = "nakai.service",
            event.action = "drain-started",
            nakai.open_turns = u64::try_from(self.open_turns).unwrap_or(u64::MAX),
            "stopping: open turns are finished first"
        );
    }
}

/// Something that a service leans on can't be reached, or can again.
#[derive(Debug)]
pub struct DependencyChanged<'a> {
    /// Which: `store`, `nlp`, `dialogue`, `knowledge`.
    pub name: &'static str,
    /// Why it can't be reached; `None` when it can again.
    pub failure: Option<&'a str>,
}

impl DependencyChanged<'_> {
    /// Logs it.
    pub fn emit(&self) {
        match self.failure {
            Some(reason) => warn!(
                event.dataset = "nakai.service",
                event.action = "dependency-lost",
                nakai.dependency = self.name,
                error.message = reason,
                "a dependency can't be reached"
            ),
            None => info!(
                event.dataset = "nakai.service",
                event.action = "dependency-back",
                nakai.dependency = self.name,
                "a dependency is back"
            ),
        }
    }
}

fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}
