//! Start, reload, stop.

use std::{fs, path::Path, process::Command};

use nakai_testkit::sandbox::{Database, Placement, Sandbox, Service};
use serde_json::json;

use crate::{
    NAKAI,
    answers::{sandbox, text},
};

#[tokio::test]
async fn open_turns_are_finished_when_the_process_is_asked_to_stop() {
    let mut nakai = sandbox!(Placement::OneProcess, Database::Sqlite);
    let mut answers = tokio::task::JoinSet::new();
    for _ in 0..16 {
        let request = nakai
            .http
            .post(nakai.url("/chat"))
            .json(&json!({ "text": "what time is breakfast?" }));
        answers.spawn(async move { request.send().await.map(|response| response.status().as_u16()) });
    }
    // One is answered, the others are under way or not yet taken.
    let mut statuses = vec![answers.join_next().await.unwrap().unwrap().unwrap()];
    assert!(
        nakai.stop(Service::Gateway).unwrap(),
        "the process ends without an error"
    );
    while let Some(answer) = answers.join_next().await {
        // A connection that was not taken is refused; none is cut in the middle.
        statuses.extend(answer.unwrap().ok());
    }
    assert!(
        statuses.iter().all(|status| [200, 503].contains(status)),
        "{statuses:?}"
    );
    let answered = statuses.iter().filter(|status| **status == 200).count();
    nakai.restart(Service::Gateway).unwrap();
    let stored = nakai.get("/api/v1/stats").await.unwrap().1["turns"].as_u64().unwrap();
    assert!(stored as usize >= answered, "{answered} answered, {stored} stored");
}

fn scaffold(folder: &Path) -> String {
    let bot = folder.join("my-bot");
    let made = Command::new(NAKAI).args(["bot", "new"]).arg(&bot).output().unwrap();
    assert!(made.status.success(), "{made:?}");
    bot.to_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_changed_folder_is_served_and_a_broken_one_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let bot = scaffold(folder.path());
    let nakai = Sandbox::start_with(
        NAKAI,
        Placement::OneProcess,
        Database::Sqlite,
        &["--bot", &bot, "--watch"],
    )
    .await;
    let nakai = nakai.unwrap().unwrap();
    let first = nakai.say(None, "hello").await.unwrap();
    let old_version = text(&first["bot"], "version").to_owned();

    let reply = |words: &str| format!("replies:\n  greeting:\n    ja: [\"{words}\"]\n    en: [\"{words}\"]\n");
    let replies: Vec<_> = fs::read_dir(Path::new(&bot).join("replies"))
        .unwrap()
        .map(|f| f.unwrap().path())
        .collect();
    let file = replies
        .iter()
        .find(|f| fs::read_to_string(f).unwrap().contains("greeting"))
        .unwrap();
    let good = fs::read_to_string(file).unwrap();
    // The file loses most of its replies: the bundle has errors now, and the version before goes on serving.
    fs::write(file, reply("Broken")).unwrap();
    let still = nakai.say(None, "hello").await.unwrap();
    assert_eq!(text(&still["bot"], "version"), old_version);

    fs::write(file, format!("{good}\n# changed\n")).unwrap();
    let new_version = loop {
        let answer = nakai.say(None, "hello").await.unwrap();
        if text(&answer["bot"], "version") != old_version {
            break text(&answer["bot"], "version").to_owned();
        }
        tokio::task::yield_now().await;
    };
    let pinned = nakai.say(Some(text(&first, "conversation_id")), "hello").await.unwrap();
    assert_eq!(
        text(&pinned["bot"], "version"),
        old_version,
        "a conversation stays on its version"
    );
    assert_ne!(new_version, old_version);
}
