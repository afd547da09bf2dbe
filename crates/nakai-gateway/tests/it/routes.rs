use nakai_gateway::GatewayConfig;
use nakai_ports::DialogueError;
use serde_json::json;

use super::sandbox::Sandbox;

#[tokio::test]
async fn every_documented_route_is_there() {
    let nakai = Sandbox::start(GatewayConfig::default()).await;
    let document = nakai.get("/openapi.json").await.json;
    for (path, item) in document["paths"].as_object().unwrap() {
        let path = path.replace("{id}", "01890a5d-ac96-774b-bcce-b302099a8057");
        for method in item.as_object().unwrap().keys() {
            let reply = if method == "post" {
                nakai.post(&path, &[], "").await
            } else {
                nakai.get(&path).await
            };
            assert!(
                !["route_not_found", "method_not_allowed"].contains(&reply.header("x-nakai-error")),
                "{method} {path}"
            );
            let documented =
                &document["paths"][path.replace("01890a5d-ac96-774b-bcce-b302099a8057", "{id}")][method]["responses"];
            assert!(
                documented.get(reply.status.to_string()).is_some(),
                "{method} {path}: {}",
                reply.status
            );
        }
    }
}

#[tokio::test]
async fn the_evidence_of_a_turn_can_be_read_and_listed() {
    let nakai = Sandbox::start(GatewayConfig::default()).await;
    let body = json!({"text": "hello", "user": "u-7", "metadata": {"page": "top"}});
    let reply = nakai.chat(body).await;
    let conversation = reply.conversation();
    nakai.say(&conversation, "again").await;

    let turn = nakai
        .get(&format!("/api/v1/turns/{}", reply.json["turn_id"].as_str().unwrap()))
        .await;
    let read: nakai_api::Turn = serde_json::from_value(turn.json.clone()).unwrap();
    assert_eq!(
        (read.utterance.as_str(), read.channel.as_str(), read.sequence),
        ("hello", "chat", 1)
    );
    assert_eq!(read.metadata["page"], "top");
    assert_eq!(read.user.as_deref().map(str::len), Some(32));

    let path = format!("/api/v1/conversations/{conversation}/turns");
    let first = nakai.get(&format!("{path}?limit=1")).await.json;
    assert_eq!(
        (first["turns"].as_array().unwrap().len(), &first["next_after"]),
        (1, &json!(1))
    );
    let second = nakai.get(&format!("{path}?limit=5&after=1")).await.json;
    assert_eq!(
        (&second["turns"][0]["sequence"], &second["next_after"]),
        (&json!(2), &json!(null))
    );

    for path in [
        "/api/v1/turns/7".to_owned(),
        "/api/v1/turns/%ff".into(),
        format!("{path}?limit=0"),
        format!("{path}?x=1"),
    ] {
        assert_eq!(nakai.get(&path).await.code(), "invalid_request", "{path}");
    }
    let unknown = nakai
        .get("/api/v1/conversations/01890a5d-ac96-774b-bcce-b302099a8057/turns")
        .await;
    assert_eq!(unknown.code(), "conversation_not_found");
}

#[tokio::test]
async fn analysis_shows_words_intents_and_entities_and_keeps_nothing() {
    let nakai = Sandbox::start(GatewayConfig::default()).await;
    let reply = nakai
        .post("/api/v1/analyse", &[], r#"{"text": "a Twin twin"}"#)
        .await
        .json;
    assert_eq!(
        reply["tokens"][1],
        json!({"text": "Twin", "start": 2, "end": 6, "part_of_speech": "word", "base": "twin", "reading": "", "stop": false})
    );
    assert_eq!(reply["tokens_without_stop_words"], json!(["twin", "twin"]));
    assert_eq!(reply["intents"][0]["name"], "booking");
    assert_eq!(reply["entities"][0]["start"], 7);
    assert!(nakai.store.records.lock().unwrap().is_empty());
}

#[tokio::test]
async fn bots_and_counts_are_listed() {
    let nakai = Sandbox::start(GatewayConfig::default()).await;
    nakai.chat(json!({"text": "a"})).await;
    let bots = nakai.get("/api/v1/bots").await.json;
    assert_eq!(
        (&bots["bots"][0]["name"], &bots["bots"][0]["default"]),
        (&json!("ryokan"), &json!(true))
    );
    assert_eq!(
        (&bots["bots"][1]["name"], &bots["bots"][1]["default"]),
        (&json!("sento"), &json!(false))
    );
    let stats = nakai.get("/api/v1/stats").await.json;
    assert_eq!(stats, json!({"turns": 1, "conversations": 1, "turns_in_flight": 0}));
}

#[tokio::test]
async fn usage_is_told_apart_as_asked() {
    let nakai = Sandbox::start(GatewayConfig::default()).await;
    for text in ["a", "b", "c"] {
        nakai.chat(json!({ "text": text })).await;
    }
    let all = nakai.get("/api/v1/usage").await.json;
    assert_eq!((&all["by"], &all["total"]["turns"]), (&json!([]), &json!(3)));
    let usage = nakai.get("/api/v1/usage?by=bot,day&since_ms=0&limit=2").await.json;
    assert_eq!(usage["by"], json!(["bot", "day"]));
    assert_eq!(usage["groups"].as_array().unwrap().len(), 2);
    assert_eq!(usage["groups"][0]["values"], json!({"bot": "bot", "day": "day"}));
    assert_eq!(
        (
            &usage["groups"][0]["turns"],
            &usage["total"]["turns"],
            &usage["truncated"]
        ),
        (&json!(1), &json!(3), &json!(true))
    );
    for query in ["by=colour", "limit=0", "since_ms=yesterday", "buy=bot"] {
        let refused = nakai.get(&format!("/api/v1/usage?{query}")).await;
        assert_eq!(refused.code(), "invalid_request", "{query}");
    }
    let refused = nakai.get("/api/v1/usage?by=colour").await;
    let detail = refused.json["detail"].as_str().unwrap();
    assert!(detail.contains("tenant, user, key"), "{detail}");
}

#[tokio::test]
async fn readiness_names_what_is_down_and_liveness_does_not_care() {
    let nakai = Sandbox::start(GatewayConfig::default()).await;
    *nakai.dialogue.failure.lock().unwrap() = Some(Box::new(|| DialogueError::Unreachable("x".into())));
    let ready = nakai.get("/readyz").await;
    assert_eq!(ready.status, 503);
    assert_eq!(
        ready.json["dependencies"],
        json!({"store": "up", "nlp": "up", "dialogue": "down", "knowledge": "down"})
    );
    assert_eq!(nakai.get("/livez").await.status, 200);
}

#[tokio::test]
async fn readiness_tells_of_a_lost_search_and_takes_requests_without_it() {
    let nakai = Sandbox::start(GatewayConfig::default()).await;
    *nakai.dialogue.failure.lock().unwrap() = Some(Box::new(|| DialogueError::SearchUnavailable("x".into())));
    let ready = nakai.get("/readyz").await;
    assert_eq!(ready.status, 200);
    assert_eq!(
        ready.json["dependencies"],
        json!({"store": "up", "nlp": "up", "dialogue": "up", "knowledge": "down"})
    );
}

#[tokio::test]
async fn a_callers_trace_and_request_id_come_back() {
    let nakai = Sandbox::start(GatewayConfig::default()).await;
    let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let reply = nakai
        .post(
            "/chat",
            &[("traceparent", parent), ("x-request-id", "order-7")],
            r#"{"text": "a"}"#,
        )
        .await;
    assert!(
        reply
            .header("traceparent")
            .starts_with("00-4bf92f3577b34da6a3ce929d0e0e4736-")
    );
    assert_eq!(reply.header("x-request-id"), "order-7");
    let reply = nakai.get("/livez").await;
    assert_eq!(
        (reply.header("x-request-id").len(), reply.header("traceparent").len()),
        (36, 55)
    );
}
