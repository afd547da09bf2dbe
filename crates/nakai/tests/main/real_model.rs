//! A conversation with a real language model that llama.cpp's own server serves. `.ci/real-model` gets both and runs these tests.
//!
//! The model is tiny and says what comes to its mind: what is held here must hold whatever it says.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use nakai_testkit::sandbox::{Database, Placement, Sandbox};
use serde_json::{Value, json};

use crate::{NAKAI, answers::text};

/// Where the model server is. The port is the usual one of llama.cpp, so that it is found at the start.
const SERVER: &str = "http://127.0.0.1:8080/v1";
/// What the server calls the model.
const MODEL: &str = "smollm2";
/// The server may have one slow core.
const PATIENCE: Duration = Duration::from_secs(600);

/// The demo bot, which asks the model and lets it read one passage.
fn bot(folder: &Path) -> String {
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../bots/ryokan");
    let bot = folder.join("ryokan");
    let copied = Command::new("cp").arg("-r").arg(demo).arg(&bot).status().unwrap();
    assert!(copied.success());
    let file = bot.join("bot.yaml");
    let yaml = fs::read_to_string(&file).unwrap();
    let policy = format!(
        "models: [local/{MODEL}]\n  passages: 1\n  max_output_tokens: 60\n  history_tokens: 100\n  temperature: 0"
    );
    let changed = yaml.replace("models: auto", &policy);
    assert_ne!(changed, yaml);
    fs::write(&file, changed).unwrap();
    bot.to_str().unwrap().to_owned()
}

async fn serve(folder: &Path) -> Sandbox {
    let bot = bot(folder);
    let settings = [
        format!("models.providers.local.base_url={SERVER}"),
        "models.timeouts.first_token_ms=600000".to_owned(),
        "models.timeouts.between_tokens_ms=600000".to_owned(),
        "models.timeouts.total_ms=600000".to_owned(),
        "gateway.turn_seconds=600".to_owned(),
    ];
    let mut extra = vec!["--bot", &bot];
    extra.extend(settings.iter().flat_map(|setting| ["--set", setting]));
    let mut nakai = Sandbox::start_with(NAKAI, Placement::OneProcess, Database::Sqlite, &extra)
        .await
        .unwrap()
        .unwrap();
    nakai.http = reqwest::Client::builder().timeout(PATIENCE).build().unwrap();
    nakai
}

/// The events of an answer, each with its name.
async fn events(nakai: &Sandbox, question: &Value) -> Vec<(String, Value)> {
    let request = nakai
        .http
        .post(nakai.url("/chat"))
        .header("accept", "text/event-stream");
    let stream = request.json(question).send().await.unwrap().text().await.unwrap();
    let field = |block: &str, name: &str| {
        let line = block.lines().find_map(|line| line.strip_prefix(name));
        line.map(str::to_owned)
    };
    let blocks = stream.split("\n\n").filter_map(|block| {
        let data = field(block, "data: ")?;
        Some((field(block, "event: ")?, serde_json::from_str(&data).unwrap()))
    });
    blocks.collect()
}

#[tokio::test]
#[ignore = "needs a model server: run .ci/real-model"]
async fn a_conversation_is_streamed_cited_checked_and_counted_in_both_languages() {
    let folder = tempfile::tempdir().unwrap();
    let nakai = serve(folder.path()).await;
    let mut conversation = Value::Null;
    for question in [
        "What time does the bath close?",
        "Can I bring my dog?",
        "温泉は何時まで入れますか",
    ] {
        let body = json!({"text": question, "conversation_id": conversation});
        let events = events(&nakai, &body).await;
        let (last, done) = events.last().unwrap();
        assert_eq!(last, "done", "{events:?}");
        let told: String = events
            .iter()
            .filter(|(name, _)| name == "delta")
            .map(|(_, delta)| text(delta, "text"))
            .collect();
        assert_eq!(told, text(done, "reply"), "the pieces are the reply: {events:?}");
        assert_eq!(text(done, "outcome"), "answer", "{done}");
        conversation = done["conversation_id"].clone();

        let path = format!("/api/v1/turns/{}", text(done, "turn_id"));
        let (_, turn) = nakai.get(&path).await.unwrap();
        let call = &turn["models"][0];
        println!(
            "{question}\n  {}\n  {call}\n  {}",
            text(done, "reply"),
            turn["decisions"]
        );
        assert_eq!(call["model"], json!(format!("local/{MODEL}")), "{turn}");
        assert!(call["failure"].is_null(), "{turn}");
        assert!(call["input_tokens"].as_u64().unwrap() > 50, "{turn}");
        assert!(call["output_tokens"].as_u64().unwrap() > 0, "{turn}");
        // llama.cpp's Python server tells no usage in streams, so the count is ours and says so.
        assert_eq!(call["estimated"], json!(true), "{turn}");
        let detail = |rule: &str| {
            let mut decisions = turn["decisions"].as_array().unwrap().iter();
            let decision = decisions.find(|decision| decision["rule"] == rule);
            let decision = decision.unwrap_or_else(|| panic!("no {rule}: {turn}"));
            text(decision, "detail").to_owned()
        };
        // Who says that it does not know cites nothing; whatever else is said has its passage, the model's words or its own.
        let grounding = detail("grounding");
        let honest = grounding.starts_with("0 supported") && grounding.ends_with("0 dropped");
        assert_eq!(done["citations"].as_array().unwrap().is_empty(), honest, "{turn}");
        assert!(!told.contains("<<<") && !told.contains(">>>"), "{told}");
    }
    let (status, report) = nakai.get("/api/v1/usage?by=model").await.unwrap();
    assert_eq!(status, 200, "{report}");
    let ours = report["groups"].as_array().unwrap().iter();
    let ours = ours
        .into_iter()
        .find(|group| group["values"]["model"] == json!(format!("local/{MODEL}")))
        .unwrap();
    assert_eq!(
        (&ours["turns"], &ours["estimated_calls"]),
        (&json!(3), &json!(3)),
        "{report}"
    );
}

#[tokio::test]
#[ignore = "needs a model server: run .ci/real-model"]
async fn clients_of_openai_reach_the_model_with_the_servers_own_count() {
    let folder = tempfile::tempdir().unwrap();
    let nakai = serve(folder.path()).await;
    let ask = |model: &str| {
        json!({
            "model": model, "max_tokens": 16, "temperature": 0,
            "messages": [{"role": "user", "content": "Name a colour."}],
        })
    };
    let answer = async |url: String, model: &str| -> Value {
        let answer = nakai.http.post(url).json(&ask(model)).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), 200);
        answer.json().await.unwrap()
    };
    let direct = answer(format!("{SERVER}/chat/completions"), MODEL).await;
    let through = answer(nakai.url("/v1/chat/completions"), &format!("local/{MODEL}")).await;
    println!("direct {direct}\nthrough {through}");
    assert_eq!(through["usage"]["prompt_tokens"], direct["usage"]["prompt_tokens"]);
    assert!(through["usage"]["completion_tokens"].as_u64().unwrap() > 0);
    let message = &through["choices"][0]["message"];
    assert!(!text(message, "content").is_empty(), "{through}");
}

#[test]
#[ignore = "needs a model server: run .ci/real-model"]
fn the_server_is_found_at_the_start_and_not_used_unasked() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Command::new(NAKAI)
        .args(["serve", "--listen", "127.0.0.1:0"])
        .current_dir(folder.path())
        .env_clear()
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lines = BufReader::new(server.stdout.take().unwrap()).lines();
    let said = lines
        .map_while(Result::ok)
        .find(|line| line.starts_with("language models:"));
    server.kill().unwrap();
    server.wait().unwrap();
    let said = said.unwrap();
    println!("{said}");
    assert!(said.contains(&format!("llama.cpp at {SERVER} ({MODEL})")), "{said}");
    assert!(said.contains("asked only if `models.providers`"), "{said}");
}
