//! What customers see while something that the gateway leans on is gone, and that it comes back by itself.

use nakai_testkit::sandbox::{Database, Placement, Sandbox, Service};
use rstest::rstest;
use serde_json::json;

use crate::{
    NAKAI,
    answers::{sandbox, text},
};

#[rstest]
#[case(Service::Nlp, "nlp_unavailable")]
#[case(Service::Dialogue, "dialogue_unavailable")]
#[tokio::test]
async fn a_lost_service_is_a_clear_503_and_its_return_needs_no_restart(#[case] service: Service, #[case] code: &str) {
    let mut nakai = sandbox!(Placement::ThreeProcesses, Database::Sqlite);
    let first = nakai.say(None, "I want to change my booking").await.unwrap();
    let conversation = text(&first, "conversation_id").to_owned();
    nakai.kill(service).unwrap();

    let body = json!({ "text": "R-204815", "conversation_id": conversation });
    let response = nakai.http.post(nakai.url("/chat")).json(&body).send().await.unwrap();
    assert_eq!(response.status(), 503);
    assert!(response.headers().contains_key("retry-after"));
    let problem: serde_json::Value = response.json().await.unwrap();
    assert_eq!(text(&problem, "code"), code, "{problem}");
    let (status, readiness) = nakai.get("/readyz").await.unwrap();
    assert_eq!(status, 503, "{readiness}");

    nakai.restart(service).unwrap();
    let second = nakai.say(Some(&conversation), "R-204815").await.unwrap();
    assert_eq!(text(&second, "outcome"), "flow", "{second}");
    let (_, page) = nakai
        .get(&format!("/api/v1/conversations/{conversation}/turns"))
        .await
        .unwrap();
    assert_eq!(
        page["turns"].as_array().unwrap().len(),
        2,
        "the refused message left no trace, the two answered ones are there"
    );
}

#[tokio::test]
async fn without_its_database_the_bot_apologises_and_recovers() {
    let mut nakai = sandbox!(Placement::OneProcess, Database::Postgres);
    let first = nakai.say(None, "こんにちは").await.unwrap();
    let conversation = text(&first, "conversation_id").to_owned();
    nakai.postgres().unwrap().kill();

    let body = json!({ "text": "温泉は何時までですか", "conversation_id": conversation });
    let response = nakai.http.post(nakai.url("/chat")).json(&body).send().await.unwrap();
    assert_eq!(response.status(), 503);
    assert!(response.headers().contains_key("retry-after"));
    let problem: serde_json::Value = response.json().await.unwrap();
    assert_eq!(text(&problem, "code"), "store_unavailable", "{problem}");
    assert!(text(&problem, "reply").contains('申'), "a Japanese apology: {problem}");
    assert_eq!(nakai.get("/readyz").await.unwrap().0, 503);
    assert_eq!(nakai.http.get(nakai.url("/livez")).send().await.unwrap().status(), 200);

    nakai.postgres().unwrap().restart().unwrap();
    let second = nakai.say(Some(&conversation), "温泉は何時までですか").await.unwrap();
    assert_eq!(text(&second, "outcome"), "answer", "{second}");
    let (_, page) = nakai
        .get(&format!("/api/v1/conversations/{conversation}/turns"))
        .await
        .unwrap();
    assert_eq!(page["turns"].as_array().unwrap().len(), 2, "{page}");
}
