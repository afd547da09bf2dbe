//! The record of a request to models outside of turns. A turn keeps its own.

use std::{
    borrow::Cow,
    sync::Arc,
    time::{Duration, Instant},
};

use nakai_llm::{Attempt, TokenUsage};
use nakai_telemetry::events::ModelsAsked;
use nakai_types::{ModelCall, TenantId, Usage};

use crate::{Caller, Gateway, RequestContext};

/// Why a call has no whole answer if the caller did not wait for it.
const CALLER_LEFT: &str = "caller_left";

/// What one request asked of models. Recorded when it is dropped, so also when the answer broke off or the caller left.
pub(crate) struct ModelCalls {
    gateway: Arc<Gateway>,
    caller: Caller,
    context: RequestContext,
    purpose: &'static str,
    /// The model that is asked first.
    first: Arc<str>,
    began: Instant,
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
            began: Instant::now(),
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

    /// Whose data the request may see.
    pub(crate) const fn tenant(&self) -> &TenantId {
        &self.caller.tenant
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
    fn drop(&mut self) {
        record(&self.caller.tenant, &self.caller, &self.context, &self.calls());
    }
}

/// The one place that learns of calls outside of turns: whose they are, who made them, what they used.
fn record(_tenant: &TenantId, _caller: &Caller, context: &RequestContext, calls: &[ModelCall]) {
    ModelsAsked {
        calls,
        request_id: &context.request_id,
        trace_id: &context.trace.id(),
        duration: context.arrived.elapsed(),
    }
    .emit();
}
