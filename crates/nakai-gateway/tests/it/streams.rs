use nakai_gateway::GatewayConfig;
use serde_json::{Value, json};

use super::sandbox::Sandbox;

/// Reads an event stream: names with their data.
fn events(stream: &str) -> Vec<(String, Value)> {
    let blocks = stream.split("\n\n").filter(|block| !block.is_empty());
    blocks
        .map(|block| {
            let (name, data) = block.split_once('\n').unwrap();
            let data = data.strip_prefix("data: ").unwrap();
            (
                name.strip_prefix("event: ").unwrap().to_owned(),
                serde_json::from_str(data).unwrap(),
            )
        })
        .collect()
}

#[tokio::test]
async fn a_stream_has_ids_first_then_pieces_then_the_whole() {
    let nakai = Sandbox::start(GatewayConfig::default()).await;
    let reply = nakai
        .post(
            "/chat",
            &[("accept", "text/event-stream")],
            json!({"text": "一。二。三"}).to_string(),
        )
        .await;
    assert_eq!(reply.header("content-type"), "text/event-stream");
    assert_eq!(
        (reply.header("x-accel-buffering"), reply.header("cache-control")),
        ("no", "no-cache")
    );
    let events = events(&reply.text);
    let names: Vec<_> = events.iter().map(|(name, _)| name.as_str()).collect();
    // What dialogue told while it answered, then the rest sentence by sentence.
    assert_eq!(names, ["turn", "delta", "delta", "delta", "delta", "done"]);
    let (turn, done) = (&events[0].1, &events[5].1);
    assert_eq!(turn["turn_id"], done["turn_id"]);
    assert_eq!(turn["conversation_id"], reply.header("x-nakai-conversation-id"));
    let pieces: String = events[1..5]
        .iter()
        .map(|(_, data)| data["text"].as_str().unwrap())
        .collect();
    assert_eq!(json!(pieces), done["reply"]);
    assert_eq!(done["outcome"], "reply");
}

#[tokio::test]
async fn what_dialogue_tells_is_sent_before_the_answer_is_there() {
    let nakai = Sandbox::start(GatewayConfig::default()).await;
    nakai.dialogue.gate.close();
    let mut body = nakai.stream(r#"{"text": "hello"}"#).await;
    let mut seen = String::new();
    while !seen.contains("You said: ") {
        seen.push_str(&body.piece().await.unwrap());
    }
    nakai.dialogue.gate.arrival().await;
    assert!(!seen.contains("done"), "{seen}");
    nakai.dialogue.gate.open();
    while let Some(piece) = body.piece().await {
        seen.push_str(&piece);
    }
    let events = events(&seen);
    assert_eq!(events.last().unwrap().0, "done");
    assert_eq!(events.last().unwrap().1["reply"], "You said: hello");
}

#[tokio::test]
async fn a_client_that_leaves_loses_no_turn() {
    let nakai = Sandbox::start(GatewayConfig::default()).await;
    nakai.dialogue.gate.close();
    let mut body = nakai.stream(r#"{"text": "hello"}"#).await;
    body.piece().await.unwrap();
    nakai.dialogue.gate.arrival().await;
    drop(body);
    nakai.dialogue.gate.open();
    nakai.store.committed.notified().await;
    assert_eq!(nakai.store.record(0).reply.text.as_str(), "You said: hello");
}

#[tokio::test]
async fn plain_text_is_the_bare_reply_with_ids_in_headers() {
    let nakai = Sandbox::start(GatewayConfig::default()).await;
    let reply = nakai
        .post("/chat", &[("accept", "text/plain")], r#"{"text": "hello"}"#)
        .await;
    assert_eq!(
        (reply.text.as_str(), reply.header("content-type")),
        ("You said: hello", "text/plain; charset=utf-8")
    );
    assert_eq!(reply.header("x-nakai-turn-id"), nakai.store.record(0).turn.to_string());
}
