//! The record of a request to models outside of turns. A turn keeps its own.

use std::{
    borrow::Cow,
    sync::Arc,
    time::{Duration, Instant},
};

use nakai_llm::{Attempt, TokenUsage};
use nakai_ports::StoreError;
use nakai_telemetry::events::{ModelsAsked, UsageLost};
use nakai_types::{ModelCall, RawText, Usage, UsageEntry};

use crate::{Caller, Gateway, RequestContext, context::now_ms};

/// Why a call has no whole answer if the caller did not wait for it.
const CALLER_LEFT: &str = "caller_left";
/// How long it is tried to keep what was used while the database is away or behind, before each further attempt.
const PATIENCE: [Duration; 5] = [
    Duration::from_millis(100),
    Duration::from_millis(400),
    Duration::from_secs(1),
    Duration::from_secs(3),
    Duration::from_secs(10),
];

/// How many requests' usage may wait for the database to come back.
pub(crate) const WAITING: usize = 10_000;

/// What one request asked of models. Recorded when it is dropped, so also when the answer broke off or the caller left.
pub(crate) struct ModelCalls {
    gateway: Arc<Gateway>,
    caller: Caller,
    context: RequestContext,
    purpose: &'static str,
    /// The model that is asked first.
    first: Arc<str>,
    /// The pseudonym of whom it is asked for.
    user: Option<String>,
    began: Instant,
    began_ms: i64,
    attempts: Vec<Attempt>,
    usage: Option<TokenUsage>,
    /// Whether the caller saw the end, be it good or bad.
    over: bool,
}

impl ModelCalls {
    pub(crate) fn begin(
        gateway: &Arc<Gateway>,
        caller: Caller,
        context: &RequestContext,
        purpose: &'static str,
        first: &str,
    ) -> Self {
        Self {
            gateway: Arc::clone(gateway),
            caller,
            context: context.clone(),
            purpose,
            first: first.into(),
            user: None,
            began: Instant::now(),
            began_ms: now_ms(),
            attempts: Vec::new(),
            usage: None,
            over: false,
        }
    }

    /// Takes what was tried and used by now, in place of what it knew.
    pub(crate) fn note(&mut self, attempts: &[Attempt], usage: Option<TokenUsage>) {
        self.attempts = attempts.to_vec();
        self.usage = usage;
    }

    /// The caller sees the end.
    pub(crate) const fn end(&mut self) {
        self.over = true;
    }

    /// Learns for whom it is asked, and gives the pseudonym: all that providers and the ledger learn.
    pub(crate) fn of_user(&mut self, user: Option<RawText>) -> Option<String> {
        self.user = user.and_then(|user| self.gateway.pseudonyms.of(&self.caller.tenant, &user));
        self.user.clone()
    }

    /// Time that passed in the gateway itself.
    pub(crate) fn overhead(&self) -> Duration {
        let away = self.attempts.iter().map(|attempt| attempt.took).sum();
        self.context.arrived.elapsed().saturating_sub(away)
    }

    /// How many calls there were.
    pub(crate) const fn count(&self) -> usize {
        self.attempts.len()
    }

    fn calls(&self) -> Vec<ModelCall> {
        let took = self.began.elapsed();
        let models = &self.gateway.models;
        let mut calls = models.calls(self.purpose, &self.attempts, self.usage.as_ref(), took);
        if !self.over {
            if calls.is_empty() {
                let attempt = Attempt {
                    target: Arc::clone(&self.first),
                    took,
                    error: None,
                };
                calls = models.calls(self.purpose, &[attempt], None, took);
            }
            if let Some(last) = calls.last_mut() {
                last.failure.get_or_insert(Cow::Borrowed(CALLER_LEFT));
            }
        }
        calls
    }

    /// What it cost by now, in millionths of a dollar.
    pub(crate) fn cost_micros(&self) -> u64 {
        let calls = self
            .gateway
            .models
            .calls(self.purpose, &self.attempts, self.usage.as_ref(), Duration::ZERO);
        Usage::of(&calls).cost_micros
    }
}

impl Drop for ModelCalls {
    /// Tells of the calls and keeps them: in a task of the gateway's, for nobody waits for it, and at the end of the program it is waited for.
    fn drop(&mut self) {
        let calls = self.calls();
        ModelsAsked {
            calls: &calls,
            request_id: &self.context.request_id,
            trace_id: &self.context.trace.id(),
            duration: self.context.arrived.elapsed(),
        }
        .emit();
        let entry = |call| UsageEntry {
            tenant: self.caller.tenant.clone(),
            at_ms: self.began_ms,
            user: self.user.clone(),
            key: Some(self.caller.principal.name().into()),
            call,
        };
        let entries = calls.into_iter().map(entry).collect();
        keep_aside(&self.gateway, entries, &self.context);
    }
}

/// Keeps what the NLP service asked of models for a text that is no turn.
pub(crate) fn keep_of_analysis(
    gateway: &Arc<Gateway>,
    caller: &Caller,
    context: &RequestContext,
    calls: Vec<ModelCall>,
) {
    let entry = |call| UsageEntry {
        tenant: caller.tenant.clone(),
        at_ms: now_ms(),
        user: None,
        key: Some(caller.principal.name().into()),
        call,
    };
    keep_aside(gateway, calls.into_iter().map(entry).collect(), context);
}

fn keep_aside(gateway: &Arc<Gateway>, entries: Vec<UsageEntry>, context: &RequestContext) {
    if !entries.is_empty() {
        let keeping = keep(Arc::clone(gateway), entries, context.request_id.clone());
        gateway.tasks.spawn(keeping);
    }
}

/// Keeps what was used. A database that is away or behind is given some time; what can't be kept then is told in the log.
async fn keep(gateway: Arc<Gateway>, entries: Vec<UsageEntry>, request_id: String) {
    let Err(error) = gateway.usage.record(entries.clone()).await else {
        return;
    };
    let Err(error) = keep_later(&gateway, &entries, error).await else {
        return;
    };
    let calls: Vec<_> = entries.into_iter().map(|entry| entry.call).collect();
    UsageLost {
        calls: &calls,
        cause: &error,
        request_id: &request_id,
    }
    .emit();
}

async fn keep_later(gateway: &Gateway, entries: &[UsageEntry], mut error: StoreError) -> Result<(), StoreError> {
    let Ok(_place) = gateway.usage_waiting.try_acquire() else {
        return Err(error);
    };
    for wait in PATIENCE {
        if !matches!(error, StoreError::Unavailable(_) | StoreError::Overloaded(_)) {
            break;
        }
        tokio::time::sleep(wait).await;
        match gateway.usage.record(entries.to_vec()).await {
            Ok(()) => return Ok(()),
            Err(again) => error = again,
        }
    }
    Err(error)
}
