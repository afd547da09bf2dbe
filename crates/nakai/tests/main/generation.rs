//! The demo bot with a language model, from the client to the provider and back.

use std::{path::Path, process::Command};

use nakai_testkit::sandbox::{Database, Placement, Sandbox};
use serde_json::{Value, json};

use crate::{NAKAI, answers::text};

/// The demo bot, which asks the model `scripted/SCRIPT`.
fn bot(folder: &Path, script: &str) -> String {
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../bots/ryokan");
    let bot = folder.join("ryokan");
    let copied = Command::new("cp").arg("-r").arg(demo).arg(&bot).status().unwrap();
    assert!(copied.success());
    let file = bot.join("bot.yaml");
    let yaml = std::fs::read_to_string(&file).unwrap();
    let changed = yaml.replace("models: auto", &format!("models: [\"scripted/{script}\"]"));
    assert_ne!(changed, yaml);
    std::fs::write(&file, changed).unwrap();
    bot.to_str().unwrap().to_owned()
}

async fn serve(bot: &str, provider: &str) -> Sandbox {
    let base_url = format!("models.providers.scripted.base_url={provider}/v1");
    let extra = ["--bot", bot, "--set", &base_url];
    let nakai = Sandbox::start_with(NAKAI, Placement::OneProcess, Database::Sqlite, &extra).await;
    nakai.unwrap().unwrap()
}

async fn provider() -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let router = nakai_scripted::router(std::sync::Arc::default());
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

async fn turn(nakai: &Sandbox, answer: &Value) -> Value {
    let (status, turn) = nakai
        .get(&format!("/api/v1/turns/{}", text(answer, "turn_id")))
        .await
        .unwrap();
    assert_eq!(status, 200, "{turn}");
    turn
}

#[tokio::test]
async fn a_model_answers_in_pieces_from_passages_and_the_turn_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let script = "scripted,mode=passage";
    let nakai = serve(&bot(folder.path(), script), &provider().await).await;
    for question in ["温泉は何時まで入れますか", "What time does the bath close?"] {
        let request = nakai
            .http
            .post(nakai.url("/chat"))
            .header("accept", "text/event-stream");
        let events = request.json(&json!({"text": question})).send().await.unwrap();
        let events = events.text().await.unwrap();
        let data = |name: &str| -> Vec<Value> {
            let named = events
                .split("\n\n")
                .filter(|block| block.contains(&format!("event: {name}\n")));
            named
                .filter_map(|block| block.lines().find_map(|line| line.strip_prefix("data: ")))
                .map(|data| serde_json::from_str(data).unwrap())
                .collect()
        };
        let deltas: String = data("delta")
            .iter()
            .map(|delta| text(delta, "text").to_owned())
            .collect();
        let done = &data("done")[0];
        assert_eq!(deltas, text(done, "reply"), "{events}");
        assert!(deltas.contains("[1]") && deltas.contains("24"), "{events}");
        assert_eq!(text(done, "outcome"), "answer");
        assert_eq!(done["citations"].as_array().unwrap().len(), 1, "{events}");
        let turn = turn(&nakai, done).await;
        assert_eq!(
            turn["models"][0]["model"],
            json!(format!("scripted/{script}")),
            "{turn}"
        );
        assert!(turn["models"][0]["output_tokens"].as_u64().unwrap() > 0, "{turn}");
    }
}

#[tokio::test]
async fn a_provider_that_is_gone_costs_customers_no_answer() {
    let folder = tempfile::tempdir().unwrap();
    let nakai = serve(&bot(folder.path(), "scripted"), "http://127.0.0.1:1").await;
    let answer = nakai.say(None, "温泉は何時まで入れますか").await.unwrap();
    assert_eq!(text(&answer, "outcome"), "answer", "{answer}");
    assert!(text(&answer, "reply").contains("24"), "{answer}");
    let turn = turn(&nakai, &answer).await;
    assert!(turn["models"][0]["failure"].is_string(), "{turn}");
}
