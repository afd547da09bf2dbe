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
    assert_eq!(names, ["turn", "delta", "delta", "delta", "done"]);
    let (turn, done) = (&events[0].1, &events[4].1);
    assert_eq!(turn["turn_id"], done["turn_id"]);
    assert_eq!(turn["conversation_id"], reply.header("x-nakai-conversation-id"));
    let pieces: String = events[1..4]
        .iter()
        .map(|(_, data)| data["text"].as_str().unwrap())
        .collect();
    assert_eq!(json!(pieces), done["reply"]);
    assert_eq!(done["outcome"], "reply");
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
