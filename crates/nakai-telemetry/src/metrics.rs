//! Metrics for Prometheus: set up once, rendered on request.

use std::sync::OnceLock;

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();

/// Bounds of the duration histograms, seconds: a scripted turn takes a millisecond, one with a model many seconds.
const DURATION_BUCKETS: [f64; 16] = [
    0.0001, 0.000_25, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 30.0,
];

/// Bounds of the histogram of tokens, as OpenTelemetry advises.
const TOKEN_BUCKETS: [f64; 11] = [
    1.0,
    4.0,
    16.0,
    64.0,
    256.0,
    1024.0,
    4096.0,
    16_384.0,
    65_536.0,
    262_144.0,
    1_048_576.0,
];

/// Sets up metrics for the whole process. Calling it again does nothing.
pub fn install() {
    HANDLE.get_or_init(|| {
        let builder = PrometheusBuilder::new()
            .set_buckets_for_metric(Matcher::Suffix("_seconds".into()), &DURATION_BUCKETS)
            .and_then(|builder| {
                builder.set_buckets_for_metric(Matcher::Full("gen_ai_client_token_usage".into()), &TOKEN_BUCKETS)
            })
            .unwrap_or_else(|_| PrometheusBuilder::new());
        let recorder = builder.build_recorder();
        let handle = recorder.handle();
        // Fails only where a test has set another recorder; then this one stays empty.
        let _ = metrics::set_global_recorder(recorder);
        describe();
        handle
    });
}

fn describe() {
    use metrics::{Unit, describe_counter, describe_gauge, describe_histogram};
    describe_counter!("nakai_turns_total", "Turns answered, by bot, outcome and language");
    describe_counter!(
        "nakai_turns_failed_total",
        "Turns that got a problem instead of an answer, by code"
    );
    describe_counter!(
        "nakai_requests_rejected_total",
        "Requests refused before they became a turn, by code"
    );
    describe_counter!(
        "nakai_requests_failed_total",
        "Requests other than turns that failed through our fault, by code"
    );
    describe_histogram!(
        "nakai_turn_duration_seconds",
        Unit::Seconds,
        "Time from request to durable answer"
    );
    describe_histogram!(
        "nakai_turn_step_duration_seconds",
        Unit::Seconds,
        "Time of each step of a turn"
    );
    describe_histogram!(
        "gen_ai_client_operation_duration_seconds",
        Unit::Seconds,
        "Time of calls of models, by model, provider and outcome"
    );
    describe_histogram!(
        "gen_ai_client_operation_time_to_first_chunk_seconds",
        Unit::Seconds,
        "Time until the first piece of a model's answer"
    );
    describe_histogram!(
        "gen_ai_client_token_usage",
        "Tokens that calls of models read (input) and wrote (output)"
    );
    describe_counter!(
        "nakai_model_cost_micros_total",
        "What calls of models cost, millionths of a US dollar, by model and provider"
    );
    describe_counter!(
        "nakai_usage_lost_total",
        "Calls of models that the ledger lacks because the database was away for too long"
    );
    describe_counter!(
        "nakai_usage_refused_total",
        "Counts of tokens by providers that can't be and were replaced by our own, by model"
    );
    describe_gauge!("nakai_turns_in_flight", "Turns that are being answered now");
    describe_counter!(
        "nakai_log_lines_dropped_total",
        "Log lines lost because the log pipe was too slow"
    );
}

/// Sets the number of turns that are being answered now.
pub fn turns_in_flight(count: usize) {
    metrics::gauge!("nakai_turns_in_flight").set(u32::try_from(count).unwrap_or(u32::MAX));
}

/// Gives all metrics in Prometheus' text format; empty before [`install`].
pub fn render() -> String {
    HANDLE.get().map(PrometheusHandle::render).unwrap_or_default()
}

/// Frees what histograms have gathered since the last scrape; call it every few seconds.
pub fn upkeep() {
    if let Some(handle) = HANDLE.get() {
        handle.run_upkeep();
    }
}
