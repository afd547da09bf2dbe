use std::{collections::BTreeSet, io, sync::atomic::Ordering};

use axum::body::{Body, Bytes};
use futures_util::{future::join, stream};
use http::Request;
use nakai_api::Code;
use nakai_gateway::GatewayConfig;
use nakai_ports::{BundleError, DialogueError, NlpError, StoreError};
use serde_json::json;

use super::sandbox::{Reply, Sandbox, bundle};

const NO_ID: &str = "01890a5d-ac96-774b-bcce-b302099a8057";

fn assert_problem(reply: &Reply) {
    let status = reply.json["status"].as_u64().unwrap_or(0);
    assert_eq!(u64::from(reply.status), status, "{}", reply.text);
    assert_eq!(reply.header("content-type"), "application/problem+json");
    assert_eq!(reply.json["request_id"], reply.header("x-request-id"));
    assert_eq!(reply.json["type"], format!("urn:nakai:error:{}", reply.code()));
    assert_eq!(reply.header("x-nakai-error"), reply.code());
    let retryable = Code::ALL.iter().find(|code| code.name() == reply.code()).unwrap();
    let later = matches!(
        retryable.kind(),
        nakai_types::ErrorKind::Unavailable | nakai_types::ErrorKind::RateLimited
    );
    assert!(!later || !reply.header("retry-after").is_empty(), "{}", reply.text);
}

/// Meets every code on the way on which a caller meets it.
#[tokio::test]
async fn every_code_can_be_met_and_is_a_problem() {
    let config = GatewayConfig {
        turn_seconds: 1,
        body_read_seconds: 1,
        max_text_characters: 20,
        max_body_bytes: 400,
        max_turns: 2,
        max_waiting_turns: 0,
        max_waiting_messages: 1,
        ..GatewayConfig::default()
    };
    let mut met = Vec::new();
    let nakai = Sandbox::start(config.clone()).await;
    let conversation = nakai.chat(json!({"text": "hello"})).await.conversation();

    met.push(nakai.post("/chat", &[], "{").await);
    met.push(nakai.post("/chat", &[], "{}").await);
    met.push(nakai.chat(json!({"text": " "})).await);
    met.push(nakai.chat(json!({"text": "あ".repeat(21)})).await);
    met.push(nakai.chat(json!({"text": "a".repeat(401)})).await);
    met.push(
        nakai
            .post("/chat", &[], Body::from_stream(stream::pending::<io::Result<Bytes>>()))
            .await,
    );
    let broken = stream::iter([Ok(Bytes::from_static(b"{")), Err(io::Error::other("gone"))]);
    met.push(nakai.post("/chat", &[], Body::from_stream(broken)).await);
    met.push(
        nakai
            .post("/chat", &[("content-type", "text/plain")], r#"{"text": "a"}"#)
            .await,
    );
    met.push(
        nakai
            .send("192.0.2.1:9", Request::post("/chat").body(Body::empty()).unwrap())
            .await,
    );
    met.push(nakai.get("/nowhere").await);
    let wrong_method = nakai.get("/chat").await;
    assert_eq!(wrong_method.header("allow"), "POST");
    met.push(wrong_method);
    met.push(nakai.chat(json!({"text": "a", "bot": "nobody"})).await);
    met.push(nakai.say(NO_ID, "a").await);
    met.push(
        nakai
            .chat(json!({"text": "a", "conversation_id": conversation, "bot": "sento"}))
            .await,
    );
    met.push(nakai.get(&format!("/api/v1/turns/{NO_ID}")).await);
    met.push(
        nakai
            .post("/chat", &[("idempotency-key", "a b")], r#"{"text": "a"}"#)
            .await,
    );
    nakai
        .post("/chat", &[("idempotency-key", "k")], r#"{"text": "a"}"#)
        .await;
    met.push(
        nakai
            .post("/chat", &[("idempotency-key", "k")], r#"{"text": "b"}"#)
            .await,
    );
    nakai.store.intrusions.store(3, Ordering::SeqCst);
    met.push(nakai.say(&conversation, "a").await);

    nakai.nlp.gate.close();
    let key = [("idempotency-key", "l")];
    let slow = join(
        nakai.post("/chat", &key, r#"{"text": "a"}"#),
        nakai.say(&conversation, "a"),
    );
    let ((late, _), ()) = tokio::join!(slow, async {
        nakai.nlp.gate.arrival().await;
        nakai.nlp.gate.arrival().await;
        met.push(nakai.chat(json!({"text": "a"})).await);
    });
    met.push(late);
    nakai.nlp.gate.open();

    let roomy = GatewayConfig { max_turns: 9, ..config };
    let other = Sandbox::start(roomy).await;
    let conversation = other.chat(json!({"text": "hello"})).await.conversation();
    other.nlp.gate.close();
    let pair = join(other.say(&conversation, "a"), other.say(&conversation, "b"));
    let keyed = other.post("/chat", &key, r#"{"text": "a"}"#);
    tokio::join!(pair, keyed, async {
        other.nlp.gate.arrival().await;
        other.nlp.gate.arrival().await;
        met.push(other.say(&conversation, "c").await);
        met.push(other.post("/chat", &key, r#"{"text": "a"}"#).await);
        other.nlp.gate.open();
    });

    let nlp = |make: fn() -> NlpError| *nakai.nlp.failure.lock().unwrap() = Some(Box::new(make));
    nlp(|| NlpError::Unreachable("10.0.0.1:7000".into()));
    met.push(nakai.chat(json!({"text": "a"})).await);
    nlp(|| {
        NlpError::Bundle(BundleError::Unusable {
            bot: bundle("ryokan", 1).bot,
            reason: "x".into(),
        })
    });
    met.push(nakai.chat(json!({"text": "a"})).await);
    nlp(|| NlpError::Internal("x".into()));
    met.push(nakai.chat(json!({"text": "a"})).await);
    *nakai.nlp.failure.lock().unwrap() = None;
    *nakai.dialogue.failure.lock().unwrap() = Some(Box::new(|| DialogueError::Unreachable("10.0.0.1:7000".into())));
    met.push(nakai.chat(json!({"text": "a"})).await);
    *nakai.dialogue.failure.lock().unwrap() = None;
    *nakai.store.failure.lock().unwrap() = Some(Box::new(|| StoreError::Unavailable("/var/lib/nakai.db".into())));
    met.push(nakai.chat(json!({"text": "a"})).await);

    for reply in &met {
        assert_problem(reply);
        assert!(
            !reply.text.contains("10.0.0.1") && !reply.text.contains("/var/lib"),
            "{}",
            reply.text
        );
    }
    let met: BTreeSet<_> = met.iter().map(Reply::code).collect();
    // Those of models are met in `compatible_faults`.
    let of_models = |name: &&str| name.starts_with("model_") || name.starts_with("provider_");
    let all: BTreeSet<_> = Code::ALL
        .iter()
        .map(|code| code.name())
        .filter(|name| !of_models(name))
        .collect();
    assert_eq!(all.difference(&met).collect::<Vec<_>>(), Vec::<&&str>::new());
}

#[tokio::test]
async fn when_a_service_is_gone_the_customer_gets_an_apology_in_every_rendering() {
    let nakai = Sandbox::start(GatewayConfig::default()).await;
    *nakai.nlp.failure.lock().unwrap() = Some(Box::new(|| NlpError::Unreachable("x".into())));
    let reply = nakai.chat(json!({"text": "予約したい"})).await;
    assert_eq!((reply.status, reply.code()), (503, "nlp_unavailable"));
    assert_eq!(
        (&reply.json["outcome"], &reply.json["language"]),
        (&json!("unavailable"), &json!("ja"))
    );
    let apology = reply.json["reply"].as_str().unwrap();
    assert!(apology.contains("申し訳ございません"));

    let plain = nakai
        .post(
            "/chat",
            &[("accept", "text/plain")],
            r#"{"text": "予約", "language": "en"}"#,
        )
        .await;
    assert_eq!((plain.status, plain.header("x-nakai-error")), (503, "nlp_unavailable"));
    assert!(plain.text.starts_with("We are sorry"));

    let events = nakai
        .post("/chat", &[("accept", "text/event-stream")], r#"{"text": "booking"}"#)
        .await;
    assert_eq!(events.status, 200);
    assert!(
        events.text.contains("event: error\ndata: {") && events.text.contains("We are sorry"),
        "{}",
        events.text
    );
    assert!(!events.text.contains("event: done"));
    assert!(nakai.store.records.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_mistake_of_the_caller_gets_no_apology() {
    let nakai = Sandbox::start(GatewayConfig::default()).await;
    let reply = nakai.post("/chat", &[("accept", "text/event-stream")], "{}").await;
    assert_problem(&reply);
    assert!(reply.json.get("reply").is_none());
    let reply = nakai
        .post(
            "/chat",
            &[("accept", "text/event-stream")],
            r#"{"text": "a", "bot": "nobody"}"#,
        )
        .await;
    assert_eq!(
        reply.status, 404,
        "what fails before the stream has begun has its own status"
    );
}

#[tokio::test]
async fn a_bug_in_a_service_is_a_problem_and_frees_the_turn() {
    let nakai = Sandbox::start(GatewayConfig::default()).await;
    nakai.dialogue.panics.store(true, Ordering::SeqCst);
    let reply = nakai.chat(json!({"text": "a"})).await;
    assert_eq!((reply.status, reply.code()), (500, "internal"));
    assert_eq!(nakai.gateway.turns_in_flight(), 0);
}
