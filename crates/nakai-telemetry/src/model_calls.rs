//! Metrics of calls of models, with OpenTelemetry's names (`gen_ai.*`), in which Prometheus writes `_` for `.`.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use nakai_types::ModelCall;
use tracing::warn;

/// How many models have a label of their own; callers may ask for names without end.
const MOST_MODELS: usize = 128;
/// The label of all others.
const OTHER: &str = "other";

/// A call of a model is over, well or not.
#[derive(Debug)]
pub struct ModelCalled<'a> {
    /// The call.
    pub call: &'a ModelCall,
}

impl ModelCalled<'_> {
    /// Counts it. The log has its turn's line, or that of its request.
    pub fn emit(&self) {
        let call = self.call;
        let model = bounded(&call.model);
        let provider: Arc<str> = if &*model == OTHER {
            OTHER.into()
        } else {
            model.split('/').next().unwrap_or_default().into()
        };
        let outcome = call.failure.clone().unwrap_or("success".into());
        macro_rules! histogram {
            ($name:literal, $value:expr $(, $label:literal => $of:expr)*) => {
                metrics::histogram!(
                    $name,
                    "gen_ai_request_model" => Arc::clone(&model),
                    "gen_ai_provider_name" => Arc::clone(&provider),
                    "outcome" => outcome.clone()
                    $(, $label => $of)*
                )
                .record($value)
            };
        }
        histogram!(
            "gen_ai_client_operation_duration_seconds",
            Duration::from_micros(call.micros)
        );
        if let Some(micros) = call.first_token_micros {
            histogram!(
                "gen_ai_client_operation_time_to_first_chunk_seconds",
                Duration::from_micros(micros)
            );
        }
        #[expect(
            clippy::cast_precision_loss,
            reason = "more tokens than a float counts exactly are none"
        )]
        for (kind, tokens) in [("input", call.input_tokens), ("output", call.output_tokens)] {
            if tokens > 0 {
                histogram!("gen_ai_client_token_usage", tokens as f64, "gen_ai_token_type" => kind);
            }
        }
        if call.cost_micros > 0 {
            metrics::counter!(
                "nakai_model_cost_micros_total",
                "gen_ai_request_model" => model,
                "gen_ai_provider_name" => provider,
            )
            .increment(call.cost_micros);
        }
    }
}

/// A provider says that it used what can't be; our own count takes its place.
#[derive(Debug)]
pub struct UsageRefused<'a> {
    /// The model.
    pub model: &'a Arc<str>,
    /// What it says that it read.
    pub input_tokens: u64,
    /// What it says that it wrote.
    pub output_tokens: u64,
}

impl UsageRefused<'_> {
    /// Logs and counts it.
    pub fn emit(&self) {
        warn!(
            event.dataset = "nakai.models",
            event.action = "usage-refused",
            gen_ai.request.model = &**self.model,
            gen_ai.usage.input_tokens = self.input_tokens,
            gen_ai.usage.output_tokens = self.output_tokens,
            "a provider's count of tokens can't be; the ledger has our own, marked as estimated"
        );
        metrics::counter!("nakai_usage_refused_total", "gen_ai_request_model" => bounded(self.model)).increment(1);
    }
}

/// The model's name, or `other` where too many have been named.
fn bounded(model: &Arc<str>) -> Arc<str> {
    static KNOWN: Mutex<Option<HashSet<Arc<str>>>> = Mutex::new(None);
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    let known = known.get_or_insert_with(HashSet::new);
    if known.contains(model) {
        return Arc::clone(model);
    }
    if known.len() >= MOST_MODELS {
        return OTHER.into();
    }
    known.insert(Arc::clone(model));
    Arc::clone(model)
}

#[cfg(test)]
mod tests {
    use metrics_exporter_prometheus::PrometheusBuilder;

    use super::*;

    fn call(model: &str) -> ModelCall {
        ModelCall {
            model: model.into(),
            purpose: "answer".into(),
            input_tokens: 1_200,
            cached_input_tokens: 0,
            output_tokens: 34,
            reasoning_tokens: 0,
            cost_micros: 56,
            estimated: false,
            micros: 1_500_000,
            first_token_micros: Some(200_000),
            failure: None,
        }
    }

    #[test]
    fn calls_are_counted_by_model_and_outcome_and_labels_stay_bounded() {
        let recorder = PrometheusBuilder::new().build_recorder();
        let handle = recorder.handle();
        metrics::with_local_recorder(&recorder, || {
            ModelCalled {
                call: &call("openai/gpt"),
            }
            .emit();
            let mut failed = call("openai/gpt");
            failed.failure = Some("overloaded".into());
            failed.output_tokens = 0;
            ModelCalled { call: &failed }.emit();
            for number in 0..1_000 {
                ModelCalled {
                    call: &call(&format!("openai/made-up-{number}")),
                }
                .emit();
            }
        });
        let page = handle.render();
        let labels = "gen_ai_request_model=\"openai/gpt\",gen_ai_provider_name=\"openai\"";
        for line in [
            format!("gen_ai_client_token_usage_sum{{{labels},outcome=\"success\",gen_ai_token_type=\"input\"}} 1200"),
            format!("gen_ai_client_operation_duration_seconds_sum{{{labels},outcome=\"success\"}} 1.5"),
            format!("gen_ai_client_operation_time_to_first_chunk_seconds_sum{{{labels},outcome=\"overloaded\"}} 0.2"),
            format!("nakai_model_cost_micros_total{{{labels}}} 112"),
        ] {
            assert!(page.contains(&line), "{line} is missing in:\n{page}");
        }
        let models = page
            .lines()
            .filter(|line| line.starts_with("nakai_model_cost_micros_total{"));
        assert!(models.count() <= MOST_MODELS + 1);
        assert!(page.contains("gen_ai_request_model=\"other\",gen_ai_provider_name=\"other\""));
    }
}
