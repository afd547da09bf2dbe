//! What clients see while a model thinks for longer than whatever stands in between would wait.

use axum::body::Body;
use futures_util::future::join_all;
use http::Request;
use http_body_util::BodyExt;
use nakai_gateway::GatewayConfig;
use serde_json::{Value, json};

use super::{
    provider::{Provider, models_at, sse},
    sandbox::Sandbox,
};

const COMPLETIONS: &str = "/v1/chat/completions";
const MESSAGES: &str = "/v1/messages";

/// A gateway that waits for one second before it lets a client know that it is there.
async fn nakai(provider: &Provider) -> Sandbox {
    let config = GatewayConfig {
        stream_keep_alive_seconds: 1,
        ..GatewayConfig::default()
    };
    Sandbox::with_models(config, models_at(&provider.address)).await
}

fn ask(model: &str) -> String {
    json!({
        "model": model, "stream": true, "max_tokens": 100,
        "messages": [{"role": "user", "content": "one two 温泉"}],
    })
    .to_string()
}

#[tokio::test]
async fn a_client_hears_something_before_the_first_word() {
    let provider = Provider::start().await;
    let nakai = nakai(&provider).await;
    for (path, model, heard) in [
        (COMPLETIONS, "scripted/scripted,fault=stall_first", ":\n\n"),
        (
            MESSAGES,
            "claude/scripted,fault=stall_first",
            "event: ping\ndata: {\"type\": \"ping\"}\n\n",
        ),
    ] {
        let request = Request::post(path)
            .header("content-type", "application/json")
            .body(Body::from(ask(model)))
            .unwrap();
        let response = nakai.app.respond("127.0.0.1:50000".parse().unwrap(), request).await;
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        let mut body = response.into_body();
        for _ in 0..2 {
            let frame = body.frame().await.unwrap().unwrap().into_data().unwrap();
            assert_eq!(std::str::from_utf8(&frame).unwrap(), heard);
        }
        drop(body);
        nakai.store.kept.notified().await;
        let kept = std::mem::take(&mut *nakai.store.calls.lock().unwrap());
        assert_eq!(kept[0].call.failure.as_deref(), Some("caller_left"), "{path}");
    }
}

#[tokio::test]
async fn what_comes_late_is_as_whole_and_as_honest_as_what_comes_soon() {
    let provider = Provider::start().await;
    let nakai = nakai(&provider).await;
    let cases = [
        (COMPLETIONS, "scripted/scripted,first_ms=3000"),
        (MESSAGES, "claude/scripted,first_ms=3000"),
        (COMPLETIONS, "scripted/scripted,first_ms=3000,fault=401"),
        (MESSAGES, "claude/scripted,first_ms=3000,fault=401"),
    ];
    let replies = join_all(cases.map(|(path, model)| nakai.post(path, &[], ask(model)))).await;
    for ((path, model), reply) in cases.into_iter().zip(replies) {
        assert_eq!(reply.status, 200, "{}", reply.text);
        assert_eq!(
            reply.header("x-nakai-model"),
            "",
            "nobody had answered when the stream began"
        );
        let events: Vec<Value> = sse(&reply.text)
            .into_iter()
            .map(|(_, event)| event)
            .filter(|event| event["type"] != "ping")
            .collect();
        if model.contains("fault") {
            assert_eq!(events.len(), 1, "{}", reply.text);
            assert_eq!(events[0]["error"]["code"], "provider_key_rejected", "{}", reply.text);
            assert!(!reply.text.contains("[DONE]") && !reply.text.contains("message_stop"));
            continue;
        }
        let said: String = events
            .iter()
            .filter_map(|event| {
                let piece = event["choices"][0]["delta"]["content"].as_str();
                piece.or(event["delta"]["text"].as_str())
            })
            .collect();
        assert_eq!(said, "one two 温泉", "{}", reply.text);
        let first = &events[0];
        let named = first["model"].as_str().or(first["message"]["model"].as_str());
        assert_eq!(named, Some(model), "{}", reply.text);
        let end = if path == MESSAGES {
            "message_stop"
        } else {
            "data: [DONE]"
        };
        assert!(reply.text.contains(end), "{}", reply.text);
    }
}
