use nakai_gateway::GatewayConfig;
use nakai_ports::NlpError;

use super::sandbox::Sandbox;

const KEY: [(&str, &str); 1] = [("idempotency-key", "8e03978e-40d5-43dd-bc93-6894a57f9324")];

#[tokio::test]
async fn a_repeated_request_gets_the_first_answer_with_the_customers_data() {
    let nakai = Sandbox::start(GatewayConfig::default()).await;
    let body = r#"{"text": "write to taro@example.jp about the twin"}"#;
    let first = nakai.post("/chat", &KEY, body).await;
    let second = nakai.post("/chat", &KEY, body).await;
    assert_eq!(first.status, 200, "{}", first.text);
    assert!(first.text.contains("taro@example.jp"));
    assert_eq!(
        (
            first.header("idempotency-replayed"),
            second.header("idempotency-replayed")
        ),
        ("", "true")
    );
    assert_eq!(first.json, second.json);
    assert_eq!(nakai.store.records.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn the_same_key_with_another_body_is_refused() {
    let nakai = Sandbox::start(GatewayConfig::default()).await;
    nakai.post("/chat", &KEY, r#"{"text": "one"}"#).await;
    let reply = nakai.post("/chat", &KEY, r#"{"text": "two"}"#).await;
    assert_eq!((reply.status, reply.code()), (422, "idempotency_key_reused"));
}

#[tokio::test]
async fn a_repetition_while_the_first_is_answered_is_told_to_wait() {
    let nakai = Sandbox::start(GatewayConfig::default()).await;
    nakai.nlp.gate.close();
    let first = nakai.post("/chat", &KEY, r#"{"text": "one"}"#);
    let (first, second) = tokio::join!(first, async {
        nakai.nlp.gate.arrival().await;
        let second = nakai.post("/chat", &KEY, r#"{"text": "one"}"#).await;
        nakai.nlp.gate.open();
        second
    });
    assert_eq!(
        (second.status, second.code(), second.header("retry-after")),
        (409, "idempotency_key_in_flight", "1")
    );
    assert_eq!(first.status, 200);
}

#[tokio::test]
async fn a_key_can_be_used_again_after_a_failure() {
    let nakai = Sandbox::start(GatewayConfig::default()).await;
    *nakai.nlp.failure.lock().unwrap() = Some(Box::new(|| NlpError::Unreachable("x".into())));
    assert_eq!(nakai.post("/chat", &KEY, r#"{"text": "one"}"#).await.status, 503);
    *nakai.nlp.failure.lock().unwrap() = None;
    let reply = nakai.post("/chat", &KEY, r#"{"text": "one"}"#).await;
    assert_eq!((reply.status, reply.header("idempotency-replayed")), (200, ""));
}

#[tokio::test]
async fn a_stream_is_repeated_too() {
    let nakai = Sandbox::start(GatewayConfig::default()).await;
    let headers = [KEY[0], ("accept", "text/event-stream")];
    let first = nakai.post("/chat", &headers, r#"{"text": "one"}"#).await;
    let second = nakai.post("/chat", &headers, r#"{"text": "one"}"#).await;
    // The pieces may be cut otherwise: the first time the reply was told while it was made.
    assert_eq!(joined(&first.text), joined(&second.text));
    assert_eq!(second.header("idempotency-replayed"), "true");
}

/// The events of a stream with all pieces of the reply in one.
fn joined(stream: &str) -> (Vec<&str>, String) {
    let (deltas, others): (Vec<&str>, Vec<&str>) =
        stream.split("\n\n").partition(|event| event.contains("event: delta\n"));
    let text = |event: &str| {
        let (_, data) = event.split_once("data: ").unwrap();
        serde_json::from_str::<serde_json::Value>(data).unwrap()["text"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    (others, deltas.into_iter().map(text).collect())
}
