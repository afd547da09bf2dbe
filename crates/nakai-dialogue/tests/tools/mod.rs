//! Calls to the team's own tools, over real HTTP on loopback.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, Uri},
    response::{IntoResponse, Redirect, Response},
    routing::any,
};
use nakai_dialogue::{HttpTools, SecretSource};
use nakai_types::{
    Language::En,
    Outcome::{Flow, Handover},
    PersonalData,
};
use serde_json::{Value, json};

use crate::support::{Talk, bundle, dialogue_with, rules, said};

#[derive(Clone, Default)]
struct Seen(Arc<Mutex<Vec<(String, HeaderMap, String)>>>);

impl Seen {
    fn all(&self) -> Vec<(String, HeaderMap, String)> {
        self.0.lock().unwrap().clone()
    }
}

async fn tool(
    State(seen): State<Seen>,
    Path(what): Path<String>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    seen.0
        .lock()
        .unwrap()
        .push((uri.to_string(), headers, String::from_utf8(body.to_vec()).unwrap()));
    match what.as_str() {
        "price" => axum::Json(json!({"price": 12000, "to": "taro@example.jp"})).into_response(),
        "redirect" => Redirect::temporary("/price").into_response(),
        "text" => "hello".into_response(),
        "huge" => axum::Json(json!({"x": "x".repeat(2 << 20)})).into_response(),
        "large" => axum::Json(json!({"x": "x".repeat(100 << 10)})).into_response(),
        "stall" => std::future::pending().await,
        _ => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

/// Serves the tool until the test ends.
async fn serve() -> (String, Seen) {
    let seen = Seen::default();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let router = Router::new().route("/{what}", any(tool)).with_state(seen.clone());
    tokio::spawn(async move { axum::serve(listener, router).await });
    (address, seen)
}

struct Keys;

impl SecretSource for Keys {
    fn secret(&self, name: &str) -> Option<Vec<u8>> {
        (name == "TOOL_KEY").then(|| b"key".to_vec())
    }
}

/// A flow that asks for an e-mail address and calls a tool with it.
fn talk(call: &Value) -> Talk {
    let bundle = bundle(|inn| {
        inn["flows"]["lost"]["slots"]["again"] = json!({"type": "number", "title": {"en": "count"}});
        inn["flows"]["lost"]["steps"] = json!([
            {"ask": {"slot": "email", "reply": "ask_email"}},
            {"set": {"again": "1"}},
            {"call": call},
            {"say": "priced"},
            {"ask": {"slot": "item", "reply": "ask_item"}},
            {"end": "lost_done"},
        ]);
        inn["replies"]["priced"] = json!({"en": ["It is {{ result.price.price }} for {{ result.price.to }}."]});
        inn["replies"]["failed"] = json!({"en": ["That did not work."]});
    });
    let mut talk = Talk::with(
        En,
        dialogue_with(bundle, Arc::new(HttpTools::new().unwrap()), Arc::new(Keys)),
    );
    talk.vault.placeholder_for(PersonalData::Email, "taro@example.jp");
    talk
}

async fn ask_price(talk: &mut Talk) -> nakai_ports::Draft {
    talk.say(said("[email_1], my item").intent("lost", 0.9)).await
}

#[tokio::test]
async fn a_signed_call_with_personal_data_and_what_later_steps_see_of_it() {
    let (address, seen) = serve().await;
    let call = json!({"url": format!("{address}/price?m={{{{ slots.email }}}}&f=[email_1]"), "body": {"to": "{{ slots.email }}", "by": "{{ bot.name }}"},
        "personal_data": true, "sign_with": "TOOL_KEY", "save": "price"});
    let mut talk = talk(&call);
    let draft = ask_price(&mut talk).await;
    assert_eq!(
        draft.reply.text.as_str(),
        "It is 12000 for [email_1].\nWhat did you lose?"
    );
    assert!(!draft.state.as_json().contains("taro"));
    let decision = draft.decisions.iter().find(|decision| decision.rule == "call").unwrap();
    assert_eq!(
        (&*decision.subject, decision.detail.as_ref().unwrap().as_str()),
        ("lost/2", "status 200")
    );

    let (uri, headers, body) = seen.all().remove(0);
    assert_eq!(uri, "/price?m=taro%40example.jp&f=[email_1]");
    assert_eq!(
        serde_json::from_str::<Value>(&body).unwrap(),
        json!({"to": "taro@example.jp", "by": "inn"})
    );
    let seconds = crate::support::NOON / 1000;
    let signature = headers["x-nakai-signature"].to_str().unwrap();
    let hex = {
        use hmac::{Hmac, KeyInit, Mac};
        let mut mac = Hmac::<sha2::Sha256>::new_from_slice(b"key").unwrap();
        mac.update(format!("{seconds}.{body}").as_bytes());
        mac.finalize()
            .into_bytes()
            .iter()
            .map(|b| format!("{b:02x}"))
            .collect::<String>()
    };
    assert_eq!(signature, format!("t={seconds},v1={hex}"));

    // The same turn again: the same key, so the tool can know it.
    talk.sequence -= 1;
    talk.state = None;
    ask_price(&mut talk).await;
    talk.state = None;
    ask_price(&mut talk).await;
    let keys: Vec<_> = seen
        .all()
        .iter()
        .map(|(_, headers, _)| headers["idempotency-key"].clone())
        .collect();
    assert_eq!(keys[0], keys[1]);
    assert_ne!(keys[1], keys[2]);
}

#[tokio::test]
async fn without_leave_a_tool_sees_placeholders_only() {
    let (address, seen) = serve().await;
    let mut talk =
        talk(&json!({"url": format!("{address}/price"), "body": {"to": "{{ slots.email }}"}, "save": "price"}));
    ask_price(&mut talk).await;
    let (_, headers, body) = seen.all().remove(0);
    assert_eq!(body, r#"{"to":"[email_1]"}"#);
    assert!(!headers.contains_key("x-nakai-signature"));
}

#[tokio::test]
async fn a_call_that_fails_takes_the_other_way() {
    let (address, _) = serve().await;
    let unused = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap();
    for (call, detail) in [
        (json!({"url": format!("{address}/fails")}), "status 503"),
        (
            json!({"url": format!("{address}/text"), "save": "price"}),
            "the answer is no JSON",
        ),
        (
            json!({"url": format!("{address}/huge"), "save": "price"}),
            "the answer is larger than 1 MiB",
        ),
        (
            json!({"url": format!("{address}/large"), "save": "price"}),
            "the answer is larger than 64 KiB",
        ),
        (
            json!({"url": format!("{address}/stall"), "timeout_ms": 100}),
            "no answer in time",
        ),
        (json!({"url": format!("http://{unused}/")}), "the tool can't be reached"),
        (
            json!({"url": "http://tools.example.jp/"}),
            "the address is not allowed; use https, or http on loopback",
        ),
        (
            json!({"url": format!("{address}/price"), "sign_with": "OTHER_KEY"}),
            "not sent: the key OTHER_KEY is not set",
        ),
        (
            json!({"url": format!("{address}/{{{{ slots.item }}}}")}),
            "not sent: undefined value",
        ),
    ] {
        let mut with_other_way = call.clone();
        with_other_way["otherwise"] = json!([{"end": "failed"}]);
        let draft = ask_price(&mut talk(&with_other_way)).await;
        assert_eq!(
            (draft.reply.outcome, draft.reply.text.as_str()),
            (Flow, "That did not work."),
            "{detail}"
        );
        let decision = draft.decisions.iter().find(|decision| decision.rule == "call").unwrap();
        assert_eq!(decision.detail.as_ref().unwrap().as_str(), detail);

        let draft = ask_price(&mut talk(&call)).await;
        assert_eq!(draft.reply.outcome, Handover);
        assert_eq!(draft.reply.handover.unwrap().reason, "tool_failed");
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let (address, seen) = serve().await;
    ask_price(&mut talk(
        &json!({"url": format!("{address}/redirect"), "method": "GET"}),
    ))
    .await;
    assert_eq!(seen.all().len(), 1);
}

#[tokio::test]
async fn a_tool_that_stalls_leaves_time_for_a_reply() {
    let (address, _) = serve().await;
    let mut talk =
        talk(&json!({"url": format!("{address}/stall"), "timeout_ms": 30000, "otherwise": [{"end": "failed"}]}));
    talk.limit = Duration::from_millis(300);
    assert_eq!(ask_price(&mut talk).await.reply.text.as_str(), "That did not work.");
}

#[tokio::test]
async fn data_that_are_not_known_any_more_are_not_sent_as_placeholders() {
    let (address, seen) = serve().await;
    let mut talk = talk(
        &json!({"url": format!("{address}/price"), "body": {"to": "{{ slots.email }}"}, "personal_data": true, "otherwise": [{"end": "failed"}]}),
    );
    talk.vault = nakai_types::Vault::default();
    assert_eq!(ask_price(&mut talk).await.reply.text.as_str(), "That did not work.");
    assert!(seen.all().is_empty());
}

#[tokio::test]
async fn after_a_correction_a_tool_is_called_again_only_with_other_words() {
    let (address, seen) = serve().await;
    let mut talk = talk(&json!({"url": format!("{address}/price?n={{{{ slots.email }}}}"), "save": "price"}));
    ask_price(&mut talk).await;
    let draft = talk.say(said("sorry, I mean [email_2]")).await;
    assert!(
        rules(&draft).contains(&"slot_corrected") && rules(&draft).contains(&"call"),
        "{:?}",
        draft.decisions
    );
    assert_eq!(seen.all().len(), 2);
    let draft = talk.say(said("actually the count is 5")).await;
    assert!(
        rules(&draft).contains(&"slot_corrected") && !rules(&draft).contains(&"call"),
        "{:?}",
        draft.decisions
    );
    assert_eq!((seen.all().len(), talk.slot("again")), (2, "5".into()));
}
