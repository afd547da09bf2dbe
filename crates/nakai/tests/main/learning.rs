//! What authors learn from their examples and from what customers said.

use std::fs;

use nakai_testkit::sandbox::{Database, Placement, Sandbox};
use rstest::rstest;
use serde_json::Value;

use crate::{
    NAKAI,
    answers::sandbox,
    commands::{nakai, words},
};

#[rstest]
#[tokio::test]
async fn what_was_not_understood_is_proposed(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let mut server = sandbox!(Placement::OneProcess, database);
    for text in [
        "do you rent bicycles",
        "can i rent a bicycle from you",
        "bicycle rental please",
        "what is the wifi password",
        "the bicycles, ask taro@example.jp",
    ] {
        server.say(None, text).await.unwrap();
    }
    let place = match server.postgres() {
        Some(postgres) => vec!["--store".to_owned(), postgres.url()],
        None => vec!["--data".to_owned(), server.folder().join("data").display().to_string()],
    };
    let mut arguments = vec!["bot", "suggest", "--json", "--write", "new.yaml"];
    arguments.extend(place.iter().map(String::as_str));
    let output = nakai(server.folder(), &arguments);
    assert!(output.status.success(), "{}", words(&output));
    let said: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(said["turns"], 5, "{said}");
    let proposal = &said["proposals"][0];
    assert!(
        proposal["new"] == true && proposal["intent"].as_str().unwrap().contains("bicycle"),
        "{said}"
    );
    assert_eq!(proposal["examples"].as_array().unwrap().len(), 3, "{said}");
    assert_eq!(said["effect"]["tests_broken"], Value::Array(Vec::new()), "{said}");
    let written = fs::read_to_string(server.folder().join("new.yaml")).unwrap();
    assert!(
        written.contains("do you rent bicycles") && !written.contains("email"),
        "{written}"
    );

    // What was written is a file of intents; all that it lacks is what a person must say.
    assert!(nakai(server.folder(), &["bot", "new", "inn"]).status.success());
    fs::write(server.folder().join("inn/intents/new.yaml"), written).unwrap();
    let checked = words(&nakai(server.folder(), &["bot", "check", "inn"]));
    let errors: Vec<&str> = checked.lines().filter(|line| line.contains(": error: ")).collect();
    assert!(
        matches!(errors[..], [error] if error.contains("no examples in Japanese")),
        "{checked}"
    );
}

#[test]
fn without_a_database_nothing_can_be_proposed() {
    let folder = tempfile::tempdir().unwrap();
    let output = nakai(folder.path(), &["bot", "suggest"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(words(&output).contains("--data"), "{}", words(&output));
    assert!(!folder.path().join("data").exists(), "nothing was made");
}

#[test]
fn training_tells_what_is_wrong_with_the_examples() {
    let folder = tempfile::tempdir().unwrap();
    assert!(nakai(folder.path(), &["bot", "new", "inn"]).status.success());
    let output = nakai(folder.path(), &["bot", "train", "inn", "--report", "report.html"]);
    assert!(output.status.success(), "{}", words(&output));
    assert!(words(&output).contains("too few examples"), "{}", words(&output));
    let page = fs::read_to_string(folder.path().join("report.html")).unwrap();
    assert!(
        page.starts_with("<!doctype html>") && page.contains("Confusions") && !page.contains("<script"),
        "{page}"
    );
}
