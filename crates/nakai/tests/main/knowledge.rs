//! The articles of bots from the terminal.

use std::{fs, path::Path};

use serde_json::Value;

use crate::commands::{nakai, words};

#[test]
fn guests_questions_get_right_answers_or_an_honest_word() {
    let folder = tempfile::tempdir().unwrap();
    let output = nakai(folder.path(), &["knowledge", "eval", "--json"]);
    assert!(output.status.success(), "{}", words(&output));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    for (group, right, wrong) in [
        ("judging en", 41, 6),
        ("judging ja", 45, 8),
        ("tuning en", 42, 5),
        ("tuning ja", 46, 6),
    ] {
        let count = |outcome: &str| report["counts"][group][outcome].as_u64().unwrap();
        let good = count("answered_right") + count("honestly_unknown");
        assert!(good >= right && count("answered_wrong") <= wrong, "{group}: {report}");
    }
}

#[test]
fn a_page_becomes_an_article_that_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let page = "<html><head><title>x</title><style>p{}</style></head><body><h1>Ice skating</h1>\
                <p>The ice rink is <b>open</b> from 11:00 to 16:00 in winter.</p><script>no()</script></body></html>";
    fs::write(folder.path().join("Ice rink.html"), page).unwrap();
    assert!(nakai(folder.path(), &["bot", "new", "inn"]).status.success());
    let added = nakai(folder.path(), &["knowledge", "add", "Ice rink.html", "--bot", "inn"]);
    assert!(added.status.success(), "{}", words(&added));
    let article = fs::read_to_string(folder.path().join("inn/knowledge/ice-rink.en.md")).unwrap();
    assert!(
        article.starts_with("---\ntitle: \"Ice skating\"\nlanguage: en\n---\n"),
        "{article}"
    );
    assert!(!article.contains("no()") && !article.contains("p{}"), "{article}");
    let found = nakai(
        folder.path(),
        &["knowledge", "search", "when is the ice rink open?", "--bot", "inn"],
    );
    assert!(words(&found).contains("from 11:00 to 16:00"), "{}", words(&found));
}

#[test]
fn files_that_make_no_article_are_named_all_at_once_and_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    assert!(nakai(folder.path(), &["bot", "new", "inn"]).status.success());
    let write = |name: &str, content: &[u8]| fs::write(folder.path().join(name), content).unwrap();
    write("good.txt", b"The rink is open.");
    write("empty.md", b" \n");
    write("latin.txt", b"caf\xe9");
    write("picture.png", b"x");
    let large = fs::File::create(folder.path().join("large.txt")).unwrap();
    large.set_len(200_000_000).unwrap();
    let arguments = [
        "knowledge",
        "add",
        "good.txt",
        "empty.md",
        "latin.txt",
        "picture.png",
        "large.txt",
        "none.md",
    ];
    let refused = nakai(folder.path(), &[&arguments[..], &["--bot", "inn"]].concat());
    assert_eq!(refused.status.code(), Some(64));
    let said = words(&refused);
    for part in [
        "empty.md",
        "no text",
        "latin.txt",
        "UTF-8",
        "picture.png",
        "large.txt",
        "200 MB",
        "none.md",
        "can't be read",
    ] {
        assert!(said.contains(part), "{part} is missing in:\n{said}");
    }
    assert!(!Path::new(&folder.path().join("inn/knowledge/good.en.md")).exists());
}
