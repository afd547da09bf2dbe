//! Answers by models, over a provider that does what a script says.

use std::sync::Arc;

use axum::{
    Json, Router,
    http::StatusCode,
    response::{IntoResponse as _, Response},
    routing::{any, post},
};
use nakai_llm::Models;
use nakai_ports::{Dialogue, Draft, Listener};
use nakai_scripted::ScriptedProvider;
use nakai_types::{Language::En, Outcome};
use serde_json::{Value, json};

use crate::support::{Talk, bundle, dialogue_of, rules, said};

struct Inn {
    talk: Talk,
    provider: Arc<ScriptedProvider>,
}

async fn serve(router: Router) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

/// An inn whose models do what `scripts` say.
async fn inn(scripts: &[&str], policy: Value, tools: Value) -> Inn {
    let provider = Arc::new(ScriptedProvider::default());
    let address = serve(nakai_scripted::router(Arc::clone(&provider))).await;
    let config =
        json!({"providers": {"test": {"base_url": format!("{address}/v1"), "timeouts": {"first_token_ms": 2000}}}});
    let models = Models::new(serde_json::from_value(config).unwrap(), |_| None).unwrap();
    let names: Vec<String> = scripts.iter().map(|script| format!("test/{script}")).collect();
    let mut bundle = bundle(|inn| {
        let mut generation = policy;
        generation["models"] = json!(names);
        inn["bot"]["generation"] = generation;
    });
    bundle.tools = serde_json::from_value(tools).unwrap();
    Inn {
        talk: Talk::with(En, dialogue_of(bundle, |parts| parts.models = Arc::new(models))),
        provider,
    }
}

fn question() -> crate::support::Said {
    said("When is the large bath open?").intent("bath", 0.9)
}

fn detail<'a>(draft: &'a Draft, rule: &str) -> &'a str {
    let decision = draft.decisions.iter().find(|decision| decision.rule == rule);
    decision
        .unwrap_or_else(|| panic!("no {rule} in {:?}", draft.decisions))
        .detail
        .as_ref()
        .unwrap()
        .as_str()
}

const PASSAGE: &str = "The large bath is open from 15:00 to 24:00.";

#[tokio::test]
async fn an_answer_is_told_sentence_by_sentence_with_its_citation_and_its_cost() {
    let script = "scripted,say=Of%20course!%20The%20large%20bath%20is%20open%20from%203%20pm%20to%20midnight.%20[1]";
    let inn = inn(&[script], json!({}), json!({})).await;
    let (listener, mut told) = Listener::channel();
    let mut request = inn.talk.request(&question());
    request.listener = Some(listener);
    let draft = inn.talk.dialogue.respond(request).await.unwrap();
    assert_eq!(
        draft.reply.text.as_str(),
        "Of course! The large bath is open from 3 pm to midnight. [1]",
        "{:?}",
        draft.decisions
    );
    assert_eq!(draft.reply.outcome, Outcome::Answer);
    let mut heard = Vec::new();
    while let Ok(piece) = told.try_recv() {
        heard.push(piece.into_string());
    }
    assert_eq!((heard.len(), heard.concat().as_str()), (2, draft.reply.text.as_str()));
    assert_eq!(draft.reply.citations.len(), 1);
    assert_eq!(draft.models.len(), 1);
    assert!(draft.models[0].output_tokens > 0 && draft.models[0].failure.is_none());
    assert!(detail(&draft, "grounding").starts_with("1 supported"));
}

#[tokio::test]
async fn a_sentence_that_the_passages_do_not_support_is_not_said() {
    let script = "scripted,say=The%20bath%20is%20open%20from%2015:00.%20It%20closes%20at%2022:00.%20There%20is%20a%20sauna%20on%20the%20roof.";
    let mut inn = inn(&[script], json!({}), json!({})).await;
    let draft = inn.talk.say(question()).await;
    assert_eq!(
        draft.reply.text.as_str(),
        "The bath is open from 15:00.",
        "{:?}",
        draft.decisions
    );
    assert!(detail(&draft, "grounding").contains("2 dropped: other_facts"));
}

#[tokio::test]
async fn another_model_takes_over_before_the_first_word() {
    let mut inn = inn(
        &["scripted,fault=500,id=a", "scripted,mode=passage"],
        json!({}),
        json!({}),
    )
    .await;
    let draft = inn.talk.say(question()).await;
    assert_eq!(draft.reply.text.as_str(), format!("{PASSAGE} [1]"));
    assert_eq!(draft.models.len(), 2);
    assert_eq!(draft.models[0].failure.as_deref(), Some("provider_failed"));
}

#[tokio::test]
async fn the_passage_is_the_answer_when_no_model_is() {
    let mut inn = inn(&["scripted,fault=400"], json!({}), json!({})).await;
    let draft = inn.talk.say(question()).await;
    assert_eq!(
        (draft.reply.text.as_str(), draft.reply.outcome),
        (PASSAGE, Outcome::Answer)
    );
    assert_eq!(detail(&draft, "generation"), "provider_invalid_request");
}

#[tokio::test]
async fn an_answer_that_breaks_off_says_so() {
    let script =
        "scripted,say=The%20bath%20is%20open%20from%2015:00.%20It%20is%20open%20until%2024:00.,fault=cut,after=9";
    let mut inn = inn(&[script], json!({}), json!({})).await;
    let draft = inn.talk.say(question()).await;
    assert_eq!(
        draft.reply.text.as_str(),
        "The bath is open from 15:00.\nI am sorry, my answer broke off here. Please ask once more."
    );
    assert_eq!(draft.models[0].failure.as_deref(), Some("provider_stream_cut"));
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_gone_on_with_by_another_model_where_the_bot_says_so() {
    let broken =
        "scripted,say=The%20bath%20is%20open%20from%2015:00.%20It%20is%20open%20until%2024:00.,fault=cut,after=6";
    let next = "scripted,say=It%20is%20open%20until%2024:00.,id=next";
    let mut inn = inn(&[broken, next], json!({"after_first_token": "continue"}), json!({})).await;
    let draft = inn.talk.say(question()).await;
    let reply = draft.reply.text.as_str();
    assert!(reply.starts_with("The bath is open from 15:00."), "{reply}");
    assert!(reply.ends_with("It is open until 24:00."), "{reply}");
    assert!(!reply.contains("broke off"), "{reply}");
    assert_eq!(draft.models.len(), 2);
    assert_eq!(draft.models[0].failure.as_deref(), Some("provider_stream_cut"));
    assert_eq!(inn.provider.asked(next), 1);
}

#[tokio::test]
async fn who_listens_no_longer_stops_the_provider() {
    let script = "scripted,say=The%20bath%20is%20open%20from%2015:00.%20It%20is%20open.,fault=stall,after=8";
    let inn = inn(&[script], json!({}), json!({})).await;
    let (listener, told) = Listener::channel();
    drop(told);
    let mut request = inn.talk.request(&question());
    request.listener = Some(listener);
    let draft = inn.talk.dialogue.respond(request).await.unwrap();
    assert_eq!(draft.models[0].failure.as_deref(), Some("client_gone"));
    inn.provider.all_streams_closed().await;
}

#[tokio::test]
async fn marks_that_a_model_repeats_are_not_said() {
    // The provider says back all that it was told last.
    let mut inn = inn(&["scripted"], json!({"answers": "free"}), json!({})).await;
    let draft = inn.talk.say(question()).await;
    let reply = draft.reply.text.as_str();
    assert!(reply.contains(PASSAGE), "{reply}");
    assert!(!reply.contains("<<<") && !reply.contains(">>>"), "{reply}");
    assert!(
        detail(&draft, "grounding").contains("mark, mark"),
        "{:?}",
        draft.decisions
    );
}

#[tokio::test]
async fn a_model_that_greets_and_says_nothing_true_leaves_the_answer_to_the_passage() {
    let script = "scripted,say=Of%20course!%20The%20large%20bath%20is%20open%20until%2022:00.";
    let mut inn = inn(&[script], json!({}), json!({})).await;
    let draft = inn.talk.say(question()).await;
    assert_eq!(
        draft.reply.text.as_str(),
        format!("Of course!\n{PASSAGE}"),
        "{:?}",
        draft.decisions
    );
    assert_eq!((draft.reply.outcome, draft.reply.citations.len()), (Outcome::Answer, 1));
}

fn lookup(address: &str, path: &str, required: &str) -> Value {
    json!({"tools": {"lookup": {
        "description": "Looks something up.",
        "parameters": {"type": "object", "properties": {"query": {"type": "string"}, "number": {"type": "integer"}}, "required": [required]},
        "url": format!("{address}/{path}"), "timeout_ms": 200,
    }}})
}

async fn tool_server() -> String {
    let answer = || async { axum::Json(json!({"sauna": "open on Sunday"})) };
    serve(
        Router::new()
            .route("/open", any(answer))
            .route("/stall", any(|| async { std::future::pending::<String>().await })),
    )
    .await
}

#[tokio::test]
async fn a_tool_is_called_and_its_answer_may_be_said() {
    let address = tool_server().await;
    let mut inn = inn(
        &["scripted,mode=tool"],
        json!({"tools": ["lookup"]}),
        lookup(&address, "open", "query"),
    )
    .await;
    let draft = inn.talk.say(question()).await;
    assert!(draft.reply.text.as_str().contains("sauna"), "{draft:?}");
    assert!(detail(&draft, "tool").starts_with("ok, "));
    assert_eq!(draft.models.len(), 2);
}

#[tokio::test]
async fn a_tool_that_never_answers_or_gets_wrong_arguments_breaks_nothing() {
    let address = tool_server().await;
    for (path, required, code) in [
        ("stall", "query", "tool_timeout"),
        ("open", "number", "tool_arguments_invalid"),
    ] {
        let mut inn = inn(
            &["scripted,mode=tool"],
            json!({"tools": ["lookup"]}),
            lookup(&address, path, required),
        )
        .await;
        let draft = inn.talk.say(question()).await;
        assert!(detail(&draft, "tool").starts_with(code), "{:?}", draft.decisions);
        assert_eq!(draft.reply.text.as_str(), PASSAGE, "{:?}", rules(&draft));
    }
}

/// A server of the Model Context Protocol with two tools.
async fn mcp(Json(message): Json<Value>) -> Response {
    let schema = json!({"type": "object", "properties": {"query": {"type": "string"}}, "required": ["query"]});
    let result = match message["method"].as_str().unwrap_or_default() {
        "initialize" => json!({
            "protocolVersion": message["params"]["protocolVersion"],
            "capabilities": {"tools": {}},
            "serverInfo": {"name": "inn", "version": "1"},
        }),
        "tools/list" => json!({"tools": [
            {"name": "erase", "description": "Erases all.", "inputSchema": schema},
            {"name": "events", "description": "Lists events.", "inputSchema": schema},
        ]}),
        "tools/call" if message["params"]["name"] == "events" => {
            assert_eq!(message["params"]["arguments"], json!({"query": "温泉"}));
            json!({"content": [{"type": "text", "text": "fireworks on Sunday"}]})
        }
        // Notifications have no answer.
        _ => return StatusCode::ACCEPTED.into_response(),
    };
    Json(json!({"jsonrpc": "2.0", "id": message["id"], "result": result})).into_response()
}

#[tokio::test]
async fn a_tool_of_a_server_is_called_and_one_that_is_not_allowed_is_never_shown() {
    let address = serve(Router::new().route("/mcp", post(mcp))).await;
    let servers = json!({"servers": {"calendar": {"url": format!("{address}/mcp"), "allow": ["events"]}}});
    let mut inn = inn(&["scripted,mode=tool"], json!({"tools": ["calendar"]}), servers).await;
    let draft = inn.talk.say(question()).await;
    // The provider calls the first tool that it is shown.
    let called = draft.decisions.iter().find(|decision| decision.rule == "tool").unwrap();
    assert_eq!(&*called.subject, "calendar__events");
    assert!(detail(&draft, "tool").starts_with("ok, "), "{:?}", draft.decisions);
    assert!(draft.reply.text.as_str().contains("fireworks"), "{draft:?}");
}

#[tokio::test]
async fn a_server_with_tools_that_is_gone_breaks_nothing() {
    let servers = json!({"servers": {"calendar": {"url": "http://127.0.0.1:1/mcp", "allow": ["events"]}}});
    let mut inn = inn(&["scripted,mode=passage"], json!({"tools": ["calendar"]}), servers).await;
    let draft = inn.talk.say(question()).await;
    assert_eq!(detail(&draft, "tool"), "tool_unreachable");
    assert_eq!(draft.reply.text.as_str(), format!("{PASSAGE} [1]"));
}
