use nakai_gateway::GatewayConfig;
use serde_json::{Value, json};

use super::sandbox::Sandbox;

/// Reads an event stream: names with their data.
fn events(stream: &str) -> Vec<(String, Value)> {
    let blocks = stream.split("\n\n").filter(|block| !block.is_empty());
    blocks
        .map(|block| {
            (
                field(block, "event").unwrap(),
                serde_json::from_str(&field(block, "data").unwrap()).unwrap(),
            )
        })
        .collect()
}

fn field(block: &str, name: &str) -> Option<String> {
    let mut lines = block.lines().filter_map(|line| line.split_once(": "));
    lines
        .find(|(field, _)| *field == name)
        .map(|(_, value)| value.to_owned())
}

/// The pieces of the reply in a stream.
fn pieces(stream: &str) -> String {
    let deltas = events(stream).into_iter().filter(|(name, _)| name == "delta");
    deltas
        .map(|(_, data)| data["text"].as_str().unwrap().to_owned())
        .collect()
}

/// The id of the last event that is complete.
fn last_id(stream: &str) -> String {
    let (complete, _) = stream.rsplit_once("\n\n").unwrap();
    complete
        .split("\n\n")
        .filter_map(|block| field(block, "id"))
        .last()
        .unwrap()
}

const EVENTS: (&str, &str) = ("accept", "text/event-stream");

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
async fn a_client_that_comes_back_gets_what_it_missed_and_nothing_is_answered_twice() {
    let nakai = Sandbox::start(GatewayConfig::default()).await;
    nakai.dialogue.gate.close();
    let request = r#"{"text": "一。二"}"#;
    let mut body = nakai.stream(request).await;
    let mut seen = String::new();
    while !seen.contains("You said: ") {
        seen.push_str(&body.piece().await.unwrap());
    }
    nakai.dialogue.gate.arrival().await;
    drop(body);
    let id = last_id(&seen);
    let back = [EVENTS, ("last-event-id", id.as_str())];
    let again = nakai.post("/chat", &back, request);
    let open = async { nakai.dialogue.gate.open() };
    let (again, ()) = tokio::join!(again, open);
    assert_eq!(again.header("content-type"), "text/event-stream");
    let names: Vec<_> = events(&again.text).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["delta", "delta", "done"]);
    assert_eq!(pieces(&seen) + &pieces(&again.text), "You said: 一。二");
    assert_eq!(nakai.store.records.lock().unwrap().len(), 1);

    // Everything came: event sources of browsers stop at this status.
    let end = last_id(&again.text);
    let over = nakai.post("/chat", &[EVENTS, ("last-event-id", &end)], request).await;
    assert_eq!((over.status, over.text.as_str()), (204, ""));
}

#[tokio::test]
async fn a_stream_is_told_again_by_another_process_from_the_stored_turn() {
    let nakai = Sandbox::start(GatewayConfig::default()).await;
    let first = nakai.post("/chat", &[EVENTS], r#"{"text": "一。二。三"}"#).await;
    let turn = first.header("x-nakai-turn-id");
    let path = format!("/chat/streams/{turn}");
    assert_eq!(nakai.get(&path).await.text, first.text, "from its beginning");

    let other = Sandbox::over(GatewayConfig::default(), nakai.store.clone()).await;
    let whole = other.get(&path).await;
    assert_eq!(pieces(&whole.text), "You said: 一。二。三");
    let names: Vec<_> = events(&whole.text).into_iter().map(|(name, _)| name).collect();
    assert_eq!(
        (names.first().unwrap().as_str(), names.last().unwrap().as_str()),
        ("turn", "done")
    );
    let told = "You said: 一。".len();
    let request = http::Request::get(&path).header("last-event-id", format!("{turn}/{told}"));
    let rest = other
        .send("127.0.0.1:50000", request.body(axum::body::Body::empty()).unwrap())
        .await;
    assert_eq!(pieces(&rest.text), "二。三");
    let (first, again) = (events(&first.text).pop().unwrap(), events(&rest.text).pop().unwrap());
    assert_eq!(first, again, "the same answer");
    assert_eq!(nakai.store.records.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn a_stream_that_is_not_there_has_its_code() {
    let nakai = Sandbox::start(GatewayConfig::default()).await;
    let stranger = "01890a5d-ac96-774b-bcce-b302099a8057";
    let id = format!("{stranger}/10");
    let body = r#"{"text": "hello"}"#;
    let unknown = nakai.post("/chat", &[EVENTS, ("last-event-id", &id)], body).await;
    assert_eq!((unknown.status, unknown.code()), (404, "turn_not_found"));
    assert_eq!(
        nakai.get(&format!("/chat/streams/{stranger}")).await.code(),
        "turn_not_found"
    );
    assert_eq!(nakai.get("/chat/streams/7").await.code(), "invalid_request");
    for wrong in ["7", "x/1", "/"] {
        let refused = nakai.post("/chat", &[EVENTS, ("last-event-id", wrong)], body).await;
        assert_eq!(refused.code(), "invalid_request", "{wrong}");
    }
    assert!(nakai.store.records.lock().unwrap().is_empty());

    // With an idempotency key a turn that never came to be is taken, once.
    let keyed = [EVENTS, ("last-event-id", id.as_str()), ("idempotency-key", "k")];
    for _ in 0..2 {
        let answered = nakai.post("/chat", &keyed, body).await;
        assert_eq!(pieces(&answered.text), "You said: hello");
    }
    assert_eq!(nakai.store.records.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn a_stream_is_for_the_caller_that_it_was_made_for() {
    let config = GatewayConfig {
        bootstrap_key: Some(nakai_config::Secret::new("correct-horse-battery".into())),
        ..GatewayConfig::default()
    };
    let nakai = Sandbox::start(config).await;
    let first = nakai.post("/chat", &[EVENTS], r#"{"text": "hello"}"#).await;
    let path = format!("/chat/streams/{}", first.header("x-nakai-turn-id"));
    let of = async |key: Option<&str>, peer: &str| {
        let request = http::Request::get(&path);
        let request = match key {
            Some(key) => request.header("x-api-key", key),
            None => request,
        };
        nakai.send(peer, request.body(axum::body::Body::empty()).unwrap()).await
    };
    assert_eq!(of(None, "127.0.0.1:50000").await.status, 200);
    assert_eq!(
        of(Some("correct-horse-battery"), "192.0.2.7:4000").await.code(),
        "turn_not_found"
    );
    assert_eq!(of(None, "192.0.2.7:4000").await.code(), "unauthenticated");
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
