//! Articles on a server: what customers get while it answers, while it is gone, and when it is back.

use std::time::Duration;

use nakai_testkit::{
    postgres::PostgresServer,
    sandbox::{Database, Placement, Sandbox},
};
use serde_json::Value;

use crate::{
    NAKAI,
    answers::text,
    commands::{nakai, words},
};

/// No intent names the article that answers it, so that only search finds it.
const QUESTION: &str = "ハラール認証は受けていますか";

/// Asks in a new conversation; gives the outcome and the number of citations.
async fn ask(nakai: &Sandbox, question: &str) -> (String, usize) {
    let answer = nakai.say(None, question).await.unwrap();
    let citations = answer["citations"].as_array().map_or(0, Vec::len);
    (text(&answer, "outcome").to_owned(), citations)
}

/// Waits until readiness says so of the search; it asks the server anew every second.
async fn until_search_is(nakai: &Sandbox, wanted: &str) -> Value {
    let asked = async {
        loop {
            let (status, readiness) = nakai.get("/readyz").await.unwrap();
            assert_eq!(status, 200, "turns go on without search: {readiness}");
            if readiness["dependencies"]["knowledge"] == wanted {
                break readiness;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), asked).await.unwrap()
}

#[tokio::test]
async fn a_bot_whose_articles_are_in_postgres_answers_degrades_honestly_and_recovers() {
    let Some(mut server) = PostgresServer::start().unwrap() else {
        return;
    };
    let url = format!("knowledge.url={}", server.url());
    let settings = ["--set", "knowledge.engine=postgres", "--set", &url];
    let started = Sandbox::start_with(NAKAI, Placement::OneProcess, Database::Sqlite, &settings).await;
    let nakai = started.unwrap().unwrap();
    assert_eq!(ask(&nakai, "Can I bring my dog?").await, ("answer".into(), 1));
    assert_eq!(ask(&nakai, QUESTION).await, ("answer".into(), 1));
    until_search_is(&nakai, "up").await;

    server.kill();
    let answer = nakai.say(None, QUESTION).await.unwrap();
    assert_eq!(text(&answer, "outcome"), "fallback", "{answer}");
    assert!(
        text(&answer, "reply").contains("担当者"),
        "the offer of a human: {answer}"
    );
    assert_eq!(answer["citations"].as_array().map_or(0, Vec::len), 0, "{answer}");
    let path = format!("/api/v1/conversations/{}/turns", text(&answer, "conversation_id"));
    let (_, page) = nakai.get(&path).await.unwrap();
    let decisions = page["turns"][0]["decisions"].as_array().unwrap();
    let decision = decisions.iter().find(|decision| decision["rule"] == "knowledge");
    assert_eq!(decision.unwrap()["subject"], "unavailable", "{page}");
    let readiness = until_search_is(&nakai, "down").await;
    assert_eq!(readiness["dependencies"]["dialogue"], "up", "{readiness}");

    server.restart().unwrap();
    assert_eq!(ask(&nakai, QUESTION).await, ("answer".into(), 1));
    until_search_is(&nakai, "up").await;
}

#[tokio::test]
async fn a_bot_starts_without_its_search_server_and_answers_once_that_is_there() {
    let Some(mut server) = PostgresServer::start().unwrap() else {
        return;
    };
    server.kill();
    let url = format!("knowledge.url={}", server.url());
    let settings = ["--set", "knowledge.engine=postgres", "--set", &url];
    let started = Sandbox::start_with(NAKAI, Placement::OneProcess, Database::Sqlite, &settings).await;
    let nakai = started.unwrap().unwrap();
    assert_eq!(ask(&nakai, QUESTION).await.0, "fallback");
    server.restart().unwrap();
    assert_eq!(ask(&nakai, QUESTION).await, ("answer".into(), 1));
}

#[tokio::test]
async fn a_bot_whose_articles_are_in_opensearch_answers() {
    let Ok(server) = std::env::var("NAKAI_TEST_OPENSEARCH_URL") else {
        skipped();
        return;
    };
    let url = format!("knowledge.url={server}");
    let (engine, index) = ("knowledge.engine=opensearch", "knowledge.index=test-serve");
    let settings = ["--set", engine, "--set", index, "--set", &url];
    let started = Sandbox::start_with(NAKAI, Placement::OneProcess, Database::Sqlite, &settings).await;
    let nakai = started.unwrap().unwrap();
    assert_eq!(ask(&nakai, "Can I bring my dog?").await, ("answer".into(), 1));
    assert_eq!(ask(&nakai, "犬を連れて行ってもいいですか").await, ("answer".into(), 1));
}

#[expect(
    clippy::print_stderr,
    reason = "a skipped test says so where the person who runs it looks"
)]
fn skipped() {
    eprintln!("skipped: NAKAI_TEST_OPENSEARCH_URL has no address of a server");
}

#[test]
fn articles_are_indexed_and_searched_on_the_server_of_the_settings() {
    let Some(server) = PostgresServer::start().unwrap() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let url = format!("knowledge.url={}", server.url());
    let run = |arguments: &[&str]| {
        let settings = ["--set", "knowledge.engine=postgres", "--set", &url];
        let output = nakai(folder.path(), &[&settings[..], arguments].concat());
        assert!(output.status.success(), "{}", words(&output));
        words(&output)
    };
    let first = run(&["knowledge", "index"]);
    assert!(first.contains(" 0 of them reused"), "{first}");
    // What the first command wrote, the second finds.
    let index: Value = serde_json::from_str(&run(&["knowledge", "index", "--json"])).unwrap();
    assert_eq!(index["reused"], index["passages"], "{index}");
    let found = run(&["knowledge", "search", "Can I bring my dog?", "--language", "en"]);
    assert!(found.contains("stay/pets"), "{found}");
}
