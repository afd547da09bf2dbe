use std::{
    io,
    sync::{Arc, LazyLock, Mutex},
};

use axum::body::Body;
use nakai_gateway::GatewayConfig;
use nakai_ports::DialogueError;
use serde_json::json;
use tracing_subscriber::fmt::MakeWriter;

use super::{
    provider::{Provider, models_at},
    sandbox::Sandbox,
};

const MARKED: &str = "marked-7f3a@example.jp";

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// Everything that any test of this process logs. One for all: tests run side by side, and a subscriber of one thread only misses
/// lines whose call site another thread met first.
static LOG: LazyLock<Log> = LazyLock::new(|| {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(log.clone())
        .finish();
    tracing::subscriber::set_global_default(subscriber).unwrap();
    log
});

#[tokio::test]
async fn an_address_that_a_customer_types_is_nowhere_but_in_the_reply() {
    let log = LOG.clone();
    nakai_telemetry::metrics::install();
    let nakai = Sandbox::start(GatewayConfig::default()).await;

    let body = json!({"text": format!("write to {MARKED}"), "user": MARKED, "metadata": {"page": format!("/?mail={MARKED} ")}});
    let headers = [
        ("x-request-id", MARKED),
        ("idempotency-key", MARKED),
        ("user-agent", MARKED),
    ];
    let reply = nakai.post("/chat", &headers, body.to_string()).await;
    assert_eq!(
        reply.json["reply"],
        format!("You said: write to {MARKED}"),
        "{}",
        reply.text
    );
    assert_ne!(reply.header("x-request-id"), MARKED);
    let conversation = reply.conversation();

    // The ways to fail must be as quiet as the way to succeed.
    *nakai.dialogue.failure.lock().unwrap() = Some(Box::new(|| DialogueError::Internal("bug".into())));
    nakai.say(&conversation, MARKED).await;
    nakai.post("/chat", &[], format!(r#"{{"text": "{MARKED}" "#)).await;
    nakai
        .post("/chat", &[], format!(r#"{{"text": "a", "{MARKED}": "{MARKED}"}}"#))
        .await;
    nakai
        .post("/chat", &[], format!(r#"{{"text": "a", "bot": "{MARKED}"}}"#))
        .await;
    nakai
        .post("/api/v1/analyse", &[], format!(r#"{{"text": "{MARKED}"}}"#))
        .await;
    nakai
        .send(
            "127.0.0.1:1",
            http::Request::get(format!("/{MARKED}")).body(Body::empty()).unwrap(),
        )
        .await;

    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(
        log.contains("turn answered") && log.contains("turn failed") && log.contains("request refused"),
        "{log}"
    );
    let turn = nakai
        .get(&format!("/api/v1/turns/{}", nakai.store.record(0).turn))
        .await;
    for (place, text) in [
        ("store", nakai.store.everything()),
        ("log", log),
        ("metrics", nakai.get("/metrics").await.text),
        ("evidence", turn.text),
    ] {
        assert!(text.len() > 100, "{place} is empty");
        assert!(!text.contains("marked-7f3a"), "{place}: {text}");
    }
}

#[tokio::test]
async fn after_a_restart_a_placeholder_is_a_neutral_label_and_its_number_is_not_given_again() {
    let nakai = Sandbox::start(GatewayConfig::default()).await;
    let conversation = nakai
        .chat(json!({"text": format!("write to {MARKED}")}))
        .await
        .conversation();
    let restarted = Sandbox::over(GatewayConfig::default(), Arc::clone(&nakai.store)).await;
    let old = nakai.store.record(0).utterance.to_string();
    let placeholder = old.strip_prefix("write to ").unwrap();
    let reply = restarted.say(&conversation, placeholder).await;
    assert_eq!(reply.json["reply"], "You said: (e-mail address)");
    let reply = restarted.say(&conversation, "other@example.jp").await;
    assert_eq!(reply.json["reply"], "You said: other@example.jp");
    assert_ne!(restarted.store.record(2).utterance.to_string(), placeholder);
}

#[tokio::test]
async fn requests_for_models_are_logged_however_they_end_and_without_their_words() {
    let log = LOG.clone();
    let provider = Provider::start().await;
    let nakai = Sandbox::with_models(GatewayConfig::default(), models_at(&provider.address)).await;
    let body = |model: &str, stream: bool| {
        let messages = json!([{"role": "user", "content": format!("write to {MARKED}")}]);
        json!({"model": model, "stream": stream, "user": MARKED, "messages": messages}).to_string()
    };
    for (id, model, stream) in [
        ("model-whole", "scripted/scripted", false),
        ("model-stream", "scripted/scripted", true),
        ("model-failed", "scripted/scripted,fault=401", false),
        ("model-broken", "scripted/scripted,fault=cut,after=1", true),
    ] {
        nakai
            .post("/v1/chat/completions", &[("x-request-id", id)], body(model, stream))
            .await;
    }
    let request = axum::http::Request::post("/v1/chat/completions")
        .header("content-type", "application/json")
        .header("x-request-id", "model-left")
        .body(Body::from(body(
            "scripted/scripted,mode=lorem,words=2000,delay_ms=5",
            true,
        )))
        .unwrap();
    let response = nakai.app.respond("127.0.0.1:50000".parse().unwrap(), request).await;
    drop(response);

    let text = String::from_utf8_lossy(&log.0.lock().unwrap()).into_owned();
    for (id, end) in [
        ("model-whole", "success"),
        ("model-stream", "success"),
        ("model-failed", "provider_key_rejected"),
        ("model-broken", "provider_stream_cut"),
        ("model-left", "caller_left"),
    ] {
        let line = text
            .lines()
            .find(|line| line.contains("models asked") && line.contains(id));
        let line = line.unwrap_or_else(|| panic!("{id} was not recorded"));
        assert!(line.contains(end), "{line}");
    }
    assert!(!text.contains(MARKED));
}
