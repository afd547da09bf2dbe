//! What calls of models outside of turns used is kept, whichever way they end.

use std::sync::atomic::Ordering;

use axum::body::Body;
use http::Request;
use http_body_util::BodyExt;
use nakai_config::Secret;
use nakai_gateway::GatewayConfig;
use nakai_types::UsageEntry;
use serde_json::{Value, json};

use super::{
    provider::{Provider, models_at},
    sandbox::Sandbox,
};

const COMPLETIONS: &str = "/v1/chat/completions";

async fn nakai(provider: &Provider) -> Sandbox {
    let config = GatewayConfig {
        pseudonym_key: Some(Secret::new("a key of this test, long enough to be one".to_owned())),
        ..GatewayConfig::default()
    };
    Sandbox::with_models(config, models_at(&provider.address)).await
}

fn ask(model: &str, stream: bool) -> String {
    json!({
        "model": model,
        "stream": stream,
        "user": "guest-77",
        "input": "one two three",
        "messages": [{"role": "user", "content": "one two three"}],
    })
    .to_string()
}

/// What the next request to be kept used: nothing of it may be kept twice.
async fn kept(nakai: &Sandbox) -> Vec<UsageEntry> {
    nakai.store.kept.notified().await;
    std::mem::take(&mut nakai.store.calls.lock().unwrap())
}

#[tokio::test]
async fn every_call_is_kept_with_who_made_it_and_what_it_used() {
    let provider = Provider::start().await;
    let nakai = nakai(&provider).await;
    let mut users = Vec::new();
    for (path, stream, purpose) in [
        (COMPLETIONS, false, "chat"),
        (COMPLETIONS, true, "chat"),
        ("/v1/embeddings", false, "embedding"),
    ] {
        let reply = nakai.post(path, &[], ask("scripted/scripted", stream)).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        let entries = kept(&nakai).await;
        let [entry] = entries.as_slice() else {
            panic!("{path}: {entries:?}")
        };
        let call = &entry.call;
        assert_eq!((&*call.model, &*call.purpose), ("scripted/scripted", purpose));
        assert_eq!((entry.key.as_deref(), &call.failure), (Some("local"), &None));
        assert!(call.input_tokens > 0, "{call:?}");
        assert_eq!(call.output_tokens > 0, purpose == "chat", "{call:?}");
        users.push(entry.user.clone().unwrap());
    }
    assert!(
        users.iter().all(|user| *user == users[0] && !user.contains("guest")),
        "{users:?}"
    );
}

#[tokio::test]
async fn what_understanding_asked_of_a_model_is_kept_of_turns_and_of_trials() {
    let nakai = Sandbox::start(GatewayConfig::default()).await;
    let reply = nakai.chat(json!({"text": "unsure"})).await;
    assert_eq!(reply.json["usage"]["cost_micros"], 2, "{}", reply.text);
    let record = nakai.store.record(0);
    assert_eq!((&*record.models[0].purpose, record.usage.input_tokens), ("intent", 5));
    let reply = nakai.post("/api/v1/analyse", &[], r#"{"text": "unsure"}"#).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    let entries = kept(&nakai).await;
    assert_eq!((entries.len(), &*entries[0].call.purpose), (1, "intent"));
    assert_eq!(
        (entries[0].key.as_deref(), entries[0].call.cost_micros),
        (Some("local"), 2)
    );
}

#[tokio::test]
async fn a_provider_that_counts_what_can_not_be_does_not_spoil_the_ledger() {
    let provider = Provider::start().await;
    let nakai = nakai(&provider).await;
    for (path, model, stream) in [
        (COMPLETIONS, "scripted/scripted,fault=wrong_usage", false),
        (COMPLETIONS, "scripted/scripted,fault=wrong_usage", true),
        (COMPLETIONS, "claude/scripted,fault=wrong_usage", true),
        (COMPLETIONS, "gemini/scripted,fault=wrong_usage", true),
        ("/v1/embeddings", "scripted/scripted,fault=wrong_usage", false),
    ] {
        let reply = nakai.post(path, &[], ask(model, stream)).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        let call = &kept(&nakai).await[0].call;
        assert!(call.estimated && call.failure.is_none(), "{model}: {call:?}");
        assert!((1..50).contains(&call.input_tokens), "{model}: {call:?}");
        assert!(call.output_tokens < 50, "{model}: {call:?}");
        if !stream {
            assert_eq!(reply.json["usage"]["estimated"], true, "{}", reply.text);
        }
    }
}

#[tokio::test]
async fn a_request_that_is_turned_down_is_kept_and_a_bots_turn_keeps_its_own() {
    let provider = Provider::start().await;
    let nakai = nakai(&provider).await;
    let reply = nakai.post(COMPLETIONS, &[], ask("bot:ryokan", false)).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    let reply = nakai
        .post(COMPLETIONS, &[], ask("scripted/scripted,fault=400", false))
        .await;
    assert_eq!(reply.status, 400, "{}", reply.text);
    let entries = kept(&nakai).await;
    let failures: Vec<_> = entries.iter().map(|entry| entry.call.failure.as_deref()).collect();
    assert_eq!(failures, [Some("provider_invalid_request")]);
}

#[tokio::test]
async fn calls_that_fail_are_kept_beside_the_one_that_stood_in() {
    let provider = Provider::start().await;
    let nakai = nakai(&provider).await;
    let mut body: Value = serde_json::from_str(&ask("scripted/scripted,fault=401", false)).unwrap();
    body["models"] = json!(["scripted/scripted,fault=401", "claude/scripted"]);
    assert_eq!(nakai.post(COMPLETIONS, &[], body.to_string()).await.status, 200);
    let entries = kept(&nakai).await;
    let of = |entry: &UsageEntry| {
        (
            entry.call.model.to_string(),
            entry.call.failure.clone().unwrap_or_default(),
        )
    };
    assert_eq!(
        entries.iter().map(of).collect::<Vec<_>>(),
        [
            ("scripted/scripted,fault=401".to_owned(), "provider_key_rejected".into()),
            ("claude/scripted".to_owned(), "".into())
        ]
    );
    assert_eq!(entries[0].call.output_tokens, 0);
    assert!(entries[1].call.output_tokens > 0);
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_kept_with_what_was_said() {
    let provider = Provider::start().await;
    let nakai = nakai(&provider).await;
    let model = "scripted/scripted,fault=cut,after=2";
    let reply = nakai.post(COMPLETIONS, &[], ask(model, true)).await;
    assert!(!reply.text.contains("[DONE]"), "{}", reply.text);
    let call = &kept(&nakai).await[0].call;
    assert_eq!(call.failure.as_deref(), Some("provider_stream_cut"));
    assert!(call.output_tokens > 0 && call.estimated, "{call:?}");
}

#[tokio::test]
async fn what_was_said_to_a_client_that_left_is_kept() {
    let provider = Provider::start().await;
    let nakai = nakai(&provider).await;
    let request = Request::post(COMPLETIONS)
        .header("content-type", "application/json")
        .body(Body::from(ask(
            "scripted/scripted,mode=lorem,words=2000,delay_ms=5",
            true,
        )))
        .unwrap();
    let response = nakai.app.respond("127.0.0.1:50000".parse().unwrap(), request).await;
    let mut body = response.into_body();
    for _ in 0..3 {
        body.frame().await.unwrap().unwrap();
    }
    assert!(nakai.store.calls.lock().unwrap().is_empty(), "not before it is over");
    drop(body);
    let call = &kept(&nakai).await[0].call;
    assert_eq!(call.failure.as_deref(), Some("caller_left"));
    assert!(call.output_tokens > 0 && call.estimated, "{call:?}");
}

#[tokio::test]
async fn a_database_that_is_away_for_a_while_gets_it_when_it_is_back() {
    let provider = Provider::start().await;
    let nakai = nakai(&provider).await;
    nakai.store.absences.store(2, Ordering::SeqCst);
    let reply = nakai.post(COMPLETIONS, &[], ask("scripted/scripted", false)).await;
    assert_eq!(
        reply.status, 200,
        "the caller has the answer all the same: {}",
        reply.text
    );
    assert_eq!(kept(&nakai).await.len(), 1);
    assert_eq!(nakai.store.absences.load(Ordering::SeqCst), 0);
}
