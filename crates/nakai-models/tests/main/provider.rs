//! A provider's embedding model as an encoder, spoken to over HTTP.

use std::{sync::Arc, time::Duration};

use nakai_encoder::{Occasion, RemoteEncoder, dot};
use nakai_llm::Models;
use nakai_models::{ProviderEncoder, ProviderEncoderOptions};
use nakai_scripted::ScriptedProvider;

/// Serves a scripted provider for as long as its runtime lives.
struct Served {
    provider: Arc<ScriptedProvider>,
    base_url: String,
    _runtime: tokio::runtime::Runtime,
}

fn serve() -> Served {
    let provider = Arc::new(ScriptedProvider::default());
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
    let base_url = format!("http://{}/v1", listener.local_addr().unwrap());
    let router = nakai_scripted::router(Arc::clone(&provider));
    runtime.spawn(async move { axum::serve(listener, router).await });
    Served {
        provider,
        base_url,
        _runtime: runtime,
    }
}

impl Served {
    fn encoder(&self, script: &str, turn: Duration) -> ProviderEncoder {
        let config = serde_json::json!({"providers": {"scripted": {"base_url": self.base_url}}});
        let models = Models::new(serde_json::from_value(config).unwrap(), |_| None).unwrap();
        let options = ProviderEncoderOptions {
            model: format!("scripted/{script}"),
            dimensions: None,
            turn,
            training: Duration::from_secs(20),
        };
        ProviderEncoder::new(Arc::new(models), options).unwrap()
    }
}

const PATIENT: Duration = Duration::from_secs(20);

#[test]
fn vectors_come_in_the_order_of_the_texts_with_what_they_took() {
    let served = serve();
    let encoder = served.encoder("scripted", PATIENT);
    let texts: Vec<String> = (0..300).map(|number| format!("example number {number}")).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let all = encoder.encode(&texts, Occasion::Training).unwrap();
    assert_eq!((all.vectors.len(), all.asked.calls), (300, 5), "64 texts a request");
    assert!(all.asked.tokens > 300 && !all.asked.estimated);
    for (text, vector) in texts.iter().zip(&all.vectors).step_by(37) {
        assert!((dot(vector, vector) - 1.0).abs() < 1e-5);
        let alone = encoder.encode(&[text], Occasion::Turn).unwrap();
        assert_eq!(alone.vectors, std::slice::from_ref(vector));
    }
}

#[test]
fn what_was_said_before_is_remembered_and_costs_nothing() {
    let served = serve();
    let encoder = served.encoder("scripted", PATIENT);
    let first = encoder.encode(&["may i bring a dog"], Occasion::Turn).unwrap();
    let again = encoder.encode(&["may i bring a dog"], Occasion::Turn).unwrap();
    assert_eq!((first.asked.calls, again.asked.calls), (1, 0));
    assert_eq!(first.vectors, again.vectors);
    assert_eq!(served.provider.asked("scripted"), 1);
}

#[test]
fn personal_data_do_not_leave() {
    let served = serve();
    let encoder = served.encoder("scripted", PATIENT);
    let of = |text: &str| encoder.encode(&[text], Occasion::Turn).unwrap();
    // The scripted provider's vectors differ wherever texts do.
    let (one, other) = (
        of("write to taro@example.com please"),
        of("write to hanako.yamada@example.org please"),
    );
    assert_eq!(one.vectors, other.vectors);
    assert_eq!(other.asked.calls, 0, "both leave as the same text");
    assert_ne!(one.vectors, of("write to me please").vectors);
}

#[test]
fn a_provider_that_fails_is_told_apart_and_left_alone() {
    let served = serve();
    let script = "scripted,fault=400";
    let encoder = served.encoder(script, PATIENT);
    let failed = |text: &str| encoder.encode(&[text], Occasion::Turn).unwrap_err();
    let first = failed("text 0");
    assert_eq!(
        (first.asked.calls, first.asked.failure),
        (1, Some("provider_invalid_request"))
    );
    assert!(first.to_string().contains("scripted/scripted,fault=400"), "{first}");
    for number in 1..40 {
        failed(&format!("text {number}"));
    }
    let asked = served.provider.asked(script);
    assert!(
        (5..20).contains(&asked),
        "after some failures it rests: {asked} requests"
    );
    // Training asks all the same: somebody waits for its outcome.
    encoder.encode(&["an example"], Occasion::Training).unwrap_err();
    assert_eq!(served.provider.asked(script), asked + 1);
}

#[test]
fn a_provider_that_stalls_costs_no_more_than_what_a_turn_may_wait() {
    let served = serve();
    let encoder = served.encoder("scripted,fault=stall_first", Duration::from_millis(50));
    let failed = encoder.encode(&["hello"], Occasion::Turn).unwrap_err();
    assert_eq!(failed.asked.failure, Some("provider_first_token_timeout"), "{failed}");
}

#[test]
fn a_name_that_leads_nowhere_is_told_at_once() {
    let models = Arc::new(Models::none().unwrap());
    let options = ProviderEncoderOptions {
        model: "nobody/embed".into(),
        dimensions: None,
        turn: PATIENT,
        training: PATIENT,
    };
    let error = ProviderEncoder::new(models, options).err().unwrap();
    assert!(error.to_string().contains("nobody"), "{error}");
}
