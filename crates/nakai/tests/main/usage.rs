//! What was used, over the store and over a running server; what models cost.

use std::fs;

use nakai_testkit::sandbox::{Database, Placement, Sandbox, Service};
use serde_json::{Value, json};

use crate::{
    NAKAI,
    answers::sandbox,
    commands::{nakai, words},
};

#[tokio::test]
async fn usage_is_the_same_from_the_store_and_from_the_server() {
    let sandbox = sandbox!(Placement::OneProcess, Database::Sqlite);
    for text in ["hello", "what time is breakfast?", "I want to book a room"] {
        sandbox.say(None, text).await.unwrap();
    }
    let folder = tempfile::tempdir().unwrap();
    let server = format!("http://{}", sandbox.address(Service::Gateway));
    let data = sandbox.folder().join("data").to_string_lossy().into_owned();
    let by = ["usage", "--by", "bot,intent,key", "--format"];
    let of = |format: &str, source: [&str; 2]| {
        let output = nakai(folder.path(), &[&by[..], &[format], &source[..]].concat());
        assert!(output.status.success(), "{}", words(&output));
        String::from_utf8(output.stdout).unwrap()
    };
    let from_server: Value = serde_json::from_str(&of("json", ["--server", &server])).unwrap();
    assert_eq!(from_server["total"]["turns"], 3);
    assert_eq!(from_server["total"]["turns_without_model"], 3);
    assert_eq!(
        from_server["total"]["saved_micros"],
        Value::Null,
        "no turn to compare with"
    );
    let groups = from_server["groups"].as_array().unwrap();
    assert_eq!(groups.len(), 3, "{from_server}");
    assert!(
        groups
            .iter()
            .all(|group| group["values"]["bot"] == "ryokan" && group["values"]["key"] == "local")
    );
    let from_store: Value = serde_json::from_str(&of("json", ["--data", &data])).unwrap();
    assert_eq!(from_server, from_store);

    let table = of("table", ["--data", &data]);
    let total: Vec<&str> = table.lines().last().unwrap().split_whitespace().collect();
    assert_eq!(total[..3], ["total", "3", "3"], "{table}");
    let csv = of("csv", ["--data", &data]);
    assert_eq!(csv.lines().count(), 4, "{csv}");
    assert!(csv.starts_with("bot,intent,key,turns,"), "{csv}");

    let none = of("json", ["--data", &data]);
    let later = nakai(
        folder.path(),
        &["usage", "--since", "2999-01-01", "--data", &data, "--format", "json"],
    );
    assert_ne!(none.as_bytes(), later.stdout);
    let later: Value = serde_json::from_slice(&later.stdout).unwrap();
    assert_eq!(later["total"]["turns"], 0);
}

#[test]
fn what_usage_can_not_be_asked_for_is_said() {
    let folder = tempfile::tempdir().unwrap();
    for (arguments, part) in [
        (&["usage", "--by", "colour"][..], "tenant, user, key, bot"),
        (&["usage", "--since", "yesterday"], "2026-11-01"),
        (&["usage", "--limit", "0"], "1..=10000"),
        (&["usage"], "there is no database data/nakai.db"),
        (&["usage", "--server", "http://127.0.0.1:1"], "nakai serve"),
    ] {
        let output = nakai(folder.path(), arguments);
        assert!(!output.status.success());
        assert!(words(&output).contains(part), "{arguments:?}: {}", words(&output));
    }
    assert!(!folder.path().join("data").exists(), "nothing was made");
}

#[test]
fn prices_are_shown_with_their_day_and_replaced_by_own_ones() {
    let folder = tempfile::tempdir().unwrap();
    let shipped = words(&nakai(folder.path(), &["prices"]));
    assert!(
        shipped.contains("as of 20") && shipped.contains("openai/gpt-5-mini"),
        "{shipped}"
    );
    let own = json!({"as_of": "2026-11-02", "models": {"ours/model": {"input": 150_000, "output": 2_000_000}}});
    fs::write(folder.path().join("prices.json"), own.to_string()).unwrap();
    let set = ["--set", "models.prices=prices.json"];
    let shown = words(&nakai(folder.path(), &[&["prices"][..], &set].concat()));
    let line = shown.lines().find(|line| line.starts_with("ours/model")).unwrap();
    assert_eq!(
        line.split_whitespace().collect::<Vec<_>>(),
        ["ours/model", "0.15", "0.15", "0.15", "2"]
    );
    assert!(
        shown.contains("2026-11-02") && shown.contains("openai/gpt-5-mini"),
        "{shown}"
    );
}

#[test]
fn prices_that_can_not_be_used_are_found_before_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let negative = "{\"as_of\": \"2026-11-02\", \"models\": {\n  \"ours/model\": {\"input\": -1, \"output\": 2}}}";
    fs::write(folder.path().join("prices.json"), negative).unwrap();
    fs::write(folder.path().join("nakai.yaml"), "models:\n  prices: prices.json\n").unwrap();
    for command in [&["config", "check"][..], &["serve"], &["prices"]] {
        let output = nakai(folder.path(), &[command, &["--config", "nakai.yaml"]].concat());
        let said = words(&output);
        assert_eq!(output.status.code(), Some(64), "{command:?}: {said}");
        for part in [
            "nakai.yaml:2:",
            "error[prices_invalid]",
            "models.prices",
            "line 2",
            "0 or more",
            "150000",
        ] {
            assert!(said.contains(part), "{command:?}: {part} is missing in:\n{said}");
        }
    }
    let output = nakai(
        folder.path(),
        &["config", "check", "--set", "models.prices=nowhere.json"],
    );
    assert!(words(&output).contains("nowhere.json"), "{}", words(&output));
    assert_eq!(output.status.code(), Some(64));
}
