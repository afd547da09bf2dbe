//! What a customer gets, wherever the services run and whatever the database is.

use nakai_testkit::sandbox::{Database, Placement, Sandbox, Service};
use rstest::rstest;
use serde_json::{Value, json};

use crate::NAKAI;

/// Starts a sandbox, or ends the test where its database can't be had.
macro_rules! sandbox {
    ($placement:expr, $database:expr) => {
        match Sandbox::start(NAKAI, $placement, $database).await.unwrap() {
            Some(sandbox) => sandbox,
            None => return,
        }
    };
}
pub(crate) use sandbox;

pub(crate) fn text<'a>(answer: &'a Value, key: &str) -> &'a str {
    answer[key]
        .as_str()
        .unwrap_or_else(|| panic!("no text `{key}` in {answer}"))
}

#[rstest]
#[tokio::test]
async fn a_conversation_goes_on_over_its_turns(
    #[values(Placement::OneProcess, Placement::ThreeProcesses)] placement: Placement,
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let nakai = sandbox!(placement, database);
    let hello = nakai.say(None, "hello").await.unwrap();
    assert!(
        ["Hello! How can I assist you?", "Hi! What brings you here today?"].contains(&text(&hello, "reply")),
        "{hello}"
    );
    assert_eq!((text(&hello, "outcome"), text(&hello, "language")), ("reply", "en"));
    let conversation = text(&hello, "conversation_id").to_owned();

    let help = nakai
        .say(Some(&conversation), "こんにちは、何か助けが必要です。")
        .await
        .unwrap();
    assert_eq!(
        text(&help, "reply"),
        "それについてお手伝いできることがあります。もう少し詳しく教えていただけますか?"
    );
    assert_eq!(text(&help["intent"], "name"), "support");
    assert_eq!(text(&help, "conversation_id"), conversation);

    let baths = nakai
        .say(Some(&conversation), "温泉は何時まで入れますか")
        .await
        .unwrap();
    assert_eq!(text(&baths, "outcome"), "answer", "{baths}");
    assert!(
        text(&baths, "reply").contains("24") && !baths["citations"].as_array().unwrap().is_empty(),
        "{baths}"
    );

    let (status, turns) = nakai
        .get(&format!("/api/v1/conversations/{conversation}/turns"))
        .await
        .unwrap();
    assert_eq!(status, 200, "{turns}");
    let sequences: Vec<u64> = turns["turns"]
        .as_array()
        .unwrap()
        .iter()
        .map(|t| t["sequence"].as_u64().unwrap())
        .collect();
    assert_eq!(sequences, [1, 2, 3]);
}

#[tokio::test]
async fn questions_are_answered_from_the_article_that_knows_with_its_source() {
    let nakai = sandbox!(Placement::OneProcess, Database::Sqlite);
    for (question, words, source) in [
        ("Can I bring my dog?", "not allowed", "stay/pets"),
        ("温泉は何時まで入れますか", "24時", "baths/hours"),
    ] {
        let answer = nakai.say(None, question).await.unwrap();
        assert_eq!(text(&answer, "outcome"), "answer", "{answer}");
        assert!(text(&answer, "reply").contains(words), "{answer}");
        assert!(text(&answer["citations"][0], "url").ends_with(source), "{answer}");
    }
    let unknown = nakai.say(None, "Can I land with my helicopter?").await.unwrap();
    assert_eq!(text(&unknown, "outcome"), "fallback", "{unknown}");
}

#[rstest]
#[tokio::test]
async fn a_flow_goes_on_after_a_crash_in_its_middle(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let mut nakai = sandbox!(Placement::OneProcess, database);
    let first = nakai.say(None, "I want to change my booking").await.unwrap();
    assert_eq!(text(&first, "outcome"), "flow", "{first}");
    let conversation = text(&first, "conversation_id").to_owned();
    nakai.kill(Service::Gateway).unwrap();
    nakai.restart(Service::Gateway).unwrap();
    let second = nakai.say(Some(&conversation), "R-204815").await.unwrap();
    assert_eq!(text(&second, "outcome"), "flow", "{second}");
    let turn = nakai
        .get(&format!("/api/v1/turns/{}", text(&second, "turn_id")))
        .await
        .unwrap()
        .1;
    let rules: Vec<&str> = turn["decisions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|d| text(d, "rule"))
        .collect();
    assert!(rules.contains(&"slot_filled"), "{turn}");
}

#[rstest]
#[tokio::test]
async fn personal_data_are_given_back_to_the_customer_and_kept_nowhere(
    #[values(Placement::OneProcess, Placement::ThreeProcesses)] placement: Placement,
) {
    let nakai = sandbox!(placement, Database::Sqlite);
    let planted = ["taro.marked@example.jp", "090-5555-1234", "5555 5555 5555 4444"];
    let said = format!("I lost my umbrella. {} {} {}", planted[0], planted[1], planted[2]);
    let (status, answer) = nakai
        .post(&json!({ "text": said, "user": planted[0], "metadata": { "note": planted[1] } }))
        .await
        .unwrap();
    assert_eq!(status, 200, "{answer}");
    let (_, turn) = nakai
        .get(&format!("/api/v1/turns/{}", text(&answer, "turn_id")))
        .await
        .unwrap();
    assert!(
        text(&turn, "utterance").ends_with("[email_1] [phone_1] [card_1]"),
        "{turn}"
    );
    let metrics = nakai
        .http
        .get(nakai.url("/metrics"))
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    let mut kept = vec![turn.to_string(), metrics];
    for file in std::fs::read_dir(nakai.folder().join("data")).unwrap() {
        let path = file.unwrap().path();
        if path.is_file() {
            kept.push(String::from_utf8_lossy(&std::fs::read(path).unwrap()).into_owned());
        }
    }
    for datum in planted {
        assert!(kept.iter().all(|text| !text.contains(datum)), "{datum} was kept");
    }
}

#[tokio::test]
async fn the_same_key_gets_the_first_answer_and_another_body_is_refused() {
    let nakai = sandbox!(Placement::OneProcess, Database::Sqlite);
    let send = |body: Value| {
        let request = nakai
            .http
            .post(nakai.url("/chat"))
            .header("idempotency-key", "order-1")
            .json(&body);
        async move {
            let response = request.send().await.unwrap();
            (response.status().as_u16(), response.json::<Value>().await.unwrap())
        }
    };
    let first = send(json!({ "text": "hello" })).await;
    let again = send(json!({ "text": "hello" })).await;
    assert_eq!(first, again);
    let other = send(json!({ "text": "good evening" })).await;
    assert_eq!((other.0, text(&other.1, "code")), (422, "idempotency_key_reused"));
    assert_eq!(nakai.get("/api/v1/stats").await.unwrap().1["turns"], 1);
}

#[tokio::test]
async fn json_text_and_events_say_the_same() {
    let nakai = sandbox!(Placement::OneProcess, Database::Sqlite);
    let ask = |accept: &'static str| {
        let request = nakai
            .http
            .post(nakai.url("/chat"))
            .header("accept", accept)
            .json(&json!({ "text": "何か助けが必要です" }));
        async move { request.send().await.unwrap() }
    };
    let json: Value = ask("application/json").await.json().await.unwrap();
    let plain = ask("text/plain").await.text().await.unwrap();
    assert_eq!(text(&json, "reply"), plain.trim_end());
    let response = ask("text/event-stream").await;
    assert!(
        response.headers()["content-type"]
            .to_str()
            .unwrap()
            .starts_with("text/event-stream")
    );
    let events = response.text().await.unwrap();
    let named = |name: &str| -> Vec<Value> {
        let blocks = events
            .split("\n\n")
            .filter(|b| b.lines().any(|l| l == format!("event: {name}")));
        blocks
            .map(|b| serde_json::from_str(b.lines().find_map(|l| l.strip_prefix("data: ")).unwrap()).unwrap())
            .collect()
    };
    let said: String = named("delta").iter().map(|d| text(d, "text").to_owned()).collect();
    assert_eq!(said, plain.trim_end());
    assert_eq!(text(&named("done")[0], "reply"), plain.trim_end());
}
