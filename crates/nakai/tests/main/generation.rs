//! The demo bot with a language model, from the client to the provider and back.

use std::{path::Path, process::Command, sync::Arc};

use nakai_scripted::ScriptedProvider;
use nakai_testkit::sandbox::{Database, Placement, Sandbox};
use rstest::rstest;
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

async fn serve(placement: Placement, bot: &str, provider: &str) -> Sandbox {
    let base_url = format!("models.providers.scripted.base_url={provider}/v1");
    let nakai = Sandbox::start_set(NAKAI, placement, Database::Sqlite, &[&base_url], &["--bot", bot]).await;
    nakai.unwrap().unwrap()
}

pub(crate) async fn provider() -> (Arc<ScriptedProvider>, String) {
    let provider = Arc::new(ScriptedProvider::default());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let router = nakai_scripted::router(Arc::clone(&provider));
    tokio::spawn(async move { axum::serve(listener, router).await });
    (provider, address)
}

/// The events of a stream with a name, as far as it came.
fn events(stream: &str, name: &str) -> Vec<Value> {
    let named = stream
        .split("\n\n")
        .filter(|block| block.contains(&format!("event: {name}\n")));
    named
        .filter_map(|block| block.lines().find_map(|line| line.strip_prefix("data: ")))
        .map(|data| serde_json::from_str(data).unwrap())
        .collect()
}

pub(crate) async fn turn(nakai: &Sandbox, answer: &Value) -> Value {
    let (status, turn) = nakai
        .get(&format!("/api/v1/turns/{}", text(answer, "turn_id")))
        .await
        .unwrap();
    assert_eq!(status, 200, "{turn}");
    turn
}

#[rstest]
#[case(Placement::OneProcess)]
#[case(Placement::ThreeProcesses)]
#[tokio::test]
async fn a_model_answers_in_pieces_from_passages_and_the_turn_says_so(#[case] placement: Placement) {
    let folder = tempfile::tempdir().unwrap();
    let script = "scripted,mode=passage";
    let (_, address) = provider().await;
    let nakai = serve(placement, &bot(folder.path(), script), &address).await;
    for question in ["温泉は何時まで入れますか", "What time does the bath close?"] {
        let request = nakai
            .http
            .post(nakai.url("/chat"))
            .header("accept", "text/event-stream");
        let response = request.json(&json!({"text": question})).send().await.unwrap();
        let stream = response.text().await.unwrap();
        let pieces = events(&stream, "delta");
        assert!(pieces.len() > 1, "each sentence goes out when it is whole: {stream}");
        let deltas: String = pieces.iter().map(|delta| text(delta, "text").to_owned()).collect();
        let done = &events(&stream, "done")[0];
        assert_eq!(deltas, text(done, "reply"), "{stream}");
        assert!(deltas.contains("[1]") && deltas.contains("24"), "{stream}");
        assert_eq!(text(done, "outcome"), "answer");
        assert_eq!(done["citations"].as_array().unwrap().len(), 1, "{stream}");
        let turn = turn(&nakai, done).await;
        assert_eq!(
            turn["models"][0]["model"],
            json!(format!("scripted/{script}")),
            "{turn}"
        );
        assert!(turn["models"][0]["output_tokens"].as_u64().unwrap() > 0, "{turn}");
    }
    let (_, usage) = nakai.get("/api/v1/usage?by=model").await.unwrap();
    let group = &usage["groups"][0];
    assert_eq!(group["values"]["model"], json!(format!("scripted/{script}")), "{usage}");
    assert_eq!((&group["turns"], &group["calls"]), (&json!(2), &json!(2)), "{usage}");
    assert!(group["output_tokens"].as_u64().unwrap() > 20, "{usage}");
}

#[rstest]
#[case(Placement::OneProcess)]
#[case(Placement::ThreeProcesses)]
#[tokio::test]
async fn a_client_that_leaves_stops_the_provider_and_the_turn_is_kept(#[case] placement: Placement) {
    let folder = tempfile::tempdir().unwrap();
    // Longer than any turn may take, if nobody stopped it.
    let sentence = "The%20large%20bath%20is%20open%20from%205:00%20to%2010:00%20in%20the%20morning.%20";
    let script = format!("scripted,say={},delay_ms=20", sentence.repeat(40));
    let (provider, address) = provider().await;
    let nakai = serve(placement, &bot(folder.path(), &script), &address).await;
    let request = nakai.http.post(nakai.url("/v1/chat/completions")).json(&json!({
        "model": "bot:ryokan", "stream": true,
        "messages": [{"role": "user", "content": "What time does the bath open?"}],
    }));
    let mut response = request.send().await.unwrap();
    let conversation = response.headers()["x-nakai-conversation-id"]
        .to_str()
        .unwrap()
        .to_owned();
    let mut heard = String::new();
    while !heard.contains("bath") {
        let chunk = response.chunk().await.unwrap();
        heard.push_str(std::str::from_utf8(&chunk.unwrap_or_else(|| panic!("{heard}"))).unwrap());
    }
    assert_eq!(provider.open_streams(), 1);
    drop(response);
    provider.all_streams_closed().await;
    let page = format!("/api/v1/conversations/{conversation}/turns");
    let turn = loop {
        // The conversation is there once its first turn is.
        let (_, page) = nakai.get(&page).await.unwrap();
        if let Some(turn) = page["turns"].get(0) {
            break turn.clone();
        }
        tokio::task::yield_now().await;
    };
    let call = &turn["models"][0];
    assert_eq!(call["failure"], "client_gone", "{turn}");
    assert!(
        call["output_tokens"].as_u64() > Some(0) && call["estimated"] == true,
        "{turn}"
    );
}

#[tokio::test]
async fn a_provider_that_is_gone_costs_customers_no_answer() {
    let folder = tempfile::tempdir().unwrap();
    let nakai = serve(
        Placement::OneProcess,
        &bot(folder.path(), "scripted"),
        "http://127.0.0.1:1",
    )
    .await;
    let answer = nakai.say(None, "温泉は何時まで入れますか").await.unwrap();
    assert_eq!(text(&answer, "outcome"), "answer", "{answer}");
    assert!(text(&answer, "reply").contains("24"), "{answer}");
    let turn = turn(&nakai, &answer).await;
    assert!(turn["models"][0]["failure"].is_string(), "{turn}");
}
