//! The command line: what it says to people.

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use nakai_testkit::sandbox::{Database, Placement, Sandbox, Service};

use crate::{NAKAI, answers::sandbox};

pub(crate) fn nakai(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(NAKAI)
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .output()
        .unwrap()
}

pub(crate) fn words(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

/// The root of the repository.
fn repository() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

#[test]
fn the_demo_bot_passes_its_own_tests() {
    let output = nakai(repository(), &["bot", "test", "bots/ryokan"]);
    assert!(output.status.success(), "{}", words(&output));
    assert!(words(&output).contains(" passed, 0 failed"), "{}", words(&output));
}

#[test]
fn a_test_that_fails_shows_what_differs() {
    let folder = tempfile::tempdir().unwrap();
    assert!(nakai(folder.path(), &["bot", "new", "inn"]).status.success());
    let good = nakai(folder.path(), &["bot", "test", "inn"]);
    assert!(good.status.success(), "{}", words(&good));
    let test = "tests:\n  - name: a greeting is a complaint\n    turns:\n      - {customer: hello, expect: {outcome: handover}}\n";
    fs::write(folder.path().join("inn/tests/wrong.yaml"), test).unwrap();
    let bad = nakai(folder.path(), &["bot", "test", "inn", "--only", "complaint"]);
    assert_eq!(bad.status.code(), Some(1));
    let said = words(&bad);
    for part in [
        "✗ a greeting is a complaint",
        "turn 1: hello",
        "- handover",
        "+ reply",
        "0 passed, 1 failed",
    ] {
        assert!(said.contains(part), "{part} is missing in:\n{said}");
    }
}

#[test]
fn all_problems_of_a_bundle_come_at_once_with_their_places() {
    let folder = tempfile::tempdir().unwrap();
    assert!(nakai(folder.path(), &["bot", "new", "inn"]).status.success());
    let file = folder.path().join("inn/bot.yaml");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(
        &file,
        format!("{text}colour: red\nthresholds: {{out_of_scope: high}}\n"),
    )
    .unwrap();
    let output = nakai(folder.path(), &["bot", "check", "inn"]);
    assert_eq!(output.status.code(), Some(1));
    let said = words(&output);
    assert!(
        said.contains("colour") && said.contains("out_of_scope") && said.contains("bot.yaml:"),
        "{said}"
    );
}

#[test]
fn a_rasa_project_becomes_a_bot_that_passes_its_checks() {
    let folder = tempfile::tempdir().unwrap();
    let project = repository().join("crates/nakai-bundle/tests/rasa/hotel");
    let imported = nakai(
        folder.path(),
        &["bot", "import", "rasa", project.to_str().unwrap(), "--to", "moved"],
    );
    assert!(imported.status.success(), "{}", words(&imported));
    assert!(
        words(&imported).to_lowercase().contains("not carried over"),
        "{}",
        words(&imported)
    );
    let checked = nakai(folder.path(), &["bot", "check", "moved"]);
    assert!(checked.status.success(), "{}", words(&checked));
    let again = nakai(
        folder.path(),
        &["bot", "import", "rasa", project.to_str().unwrap(), "--to", "moved"],
    );
    assert_eq!(again.status.code(), Some(1), "a folder with files is not written over");
}

#[test]
fn wrong_settings_end_with_64_before_anything_starts() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(
        folder.path().join("nakai.yaml"),
        "gatway: {}\nstore:\n  connections: many\n",
    )
    .unwrap();
    let output = nakai(
        folder.path(),
        &["--config", "nakai.yaml", "--set", "log.format=xml", "serve"],
    );
    assert_eq!(output.status.code(), Some(64));
    let said = words(&output);
    for part in ["nakai.yaml:1:1", "gateway", "nakai.yaml:3:16"] {
        assert!(said.contains(part), "{part} is missing in:\n{said}");
    }
    assert!(!folder.path().join("data").exists(), "nothing was made");
}

#[test]
fn a_gateway_alone_says_what_it_misses() {
    let folder = tempfile::tempdir().unwrap();
    let output = nakai(folder.path(), &["serve", "--roles", "gateway"]);
    assert_eq!(output.status.code(), Some(64));
    let said = words(&output);
    assert!(
        said.contains("--nlp HOST:PORT") && said.contains("--dialogue HOST:PORT"),
        "{said}"
    );
}

#[test]
fn shown_settings_hide_secrets_and_say_where_they_came_from() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("key"), "0123456789abcdef0123456789abcdef\n").unwrap();
    let output = Command::new(NAKAI)
        .args(["config", "show", "--set", "gateway.max_turns=7"])
        .env_clear()
        .env("NAKAI__GATEWAY__BOOTSTRAP_KEY_FILE", folder.path().join("key"))
        .env("NAKAI__STORE__URL", "postgres://nakai:hunter2@db/nakai")
        .output()
        .unwrap();
    let said = words(&output);
    assert!(output.status.success(), "{said}");
    assert!(
        !said.contains("hunter2") && !said.contains("0123456789abcdef"),
        "{said}"
    );
    assert!(
        said.contains("max_turns: 7") && said.contains("--set gateway.max_turns"),
        "{said}"
    );
    assert!(said.contains("NAKAI__GATEWAY__BOOTSTRAP_KEY_FILE"), "{said}");
}

#[test]
fn the_generated_pages_are_as_the_code_would_write_them() {
    let output = nakai(repository(), &["docs", "--check"]);
    assert!(output.status.success(), "{}", words(&output));
}

#[test]
fn words_are_taken_apart_as_promised() {
    let folder = tempfile::tempdir().unwrap();
    for (text, expected) in [
        ("Hello, how are you?", "Hello | how | are | you"),
        ("こんにちは、お元気ですか?", "こんにちは | お元気 | です | か"),
    ] {
        let said = words(&nakai(folder.path(), &["analyse", text]));
        assert!(
            said.lines()
                .any(|line| line.trim_start_matches("words").trim() == expected),
            "{said}"
        );
    }
}

#[test]
fn what_a_text_may_mean_is_told_with_the_alternatives() {
    let bot = repository().join("bots/ryokan");
    let text = "6時に着きます";
    let arguments = ["analyse", "--bot", bot.to_str().unwrap(), text];
    let said = words(&nakai(repository(), &arguments));
    assert!(said.contains("time: 6時 = 06:00 (or 18:00)"), "{said}");
    let output = nakai(repository(), &[arguments.as_slice(), &["--json"]].concat());
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json["entities"][0]["alternatives"], serde_json::json!(["18:00"]));
}

#[test]
fn the_doctor_says_what_is_wrong_and_how_to_mend_it() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = ["doctor", "--set", "gateway.listen=127.0.0.1:0"];
    let well = nakai(folder.path(), &arguments);
    assert!(well.status.success(), "{}", words(&well));
    fs::write(folder.path().join("taken"), "a file, not a folder").unwrap();
    let ill = nakai(
        folder.path(),
        &[
            arguments.as_slice(),
            &["--set", "data=taken", "--set", "bots=[missing]"],
        ]
        .concat(),
    );
    let said = words(&ill);
    assert_eq!(ill.status.code(), Some(1), "{said}");
    assert!(
        said.contains("✗ data") && said.contains("✗ bot") && said.contains("→"),
        "{said}"
    );
}

#[tokio::test]
async fn the_terminal_talks_to_a_server_and_tells_why() {
    let nakai = sandbox!(Placement::OneProcess, Database::Sqlite);
    let server = format!("http://{}", nakai.address(Service::Gateway));
    let mut child = Command::new(NAKAI)
        .args(["chat", "--server", &server])
        .env_clear()
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    std::io::Write::write_all(
        &mut child.stdin.take().unwrap(),
        "何か助けが必要です\n/why\n/lang en\n/quit\n".as_bytes(),
    )
    .unwrap();
    let output = tokio::task::spawn_blocking(move || child.wait_with_output().unwrap())
        .await
        .unwrap();
    let said = words(&output);
    for part in ["もう少し詳しく教えていただけますか?", "intents", "support", "outcome"] {
        assert!(said.contains(part), "{part} is missing in:\n{said}");
    }
}

#[test]
fn a_terminal_without_a_server_says_how_to_get_one() {
    let folder = tempfile::tempdir().unwrap();
    let output = nakai(folder.path(), &["chat", "--server", "http://127.0.0.1:9"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(words(&output).contains("nakai serve"), "{}", words(&output));
}
