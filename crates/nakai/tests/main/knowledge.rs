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

/// A PDF of the tests of the crate that reads them.
fn pdf(name: &str) -> String {
    format!(
        "{}/../nakai-documents/tests/pdfs/{name}.pdf",
        env!("CARGO_MANIFEST_DIR")
    )
}

#[test]
fn a_pdf_becomes_an_article_whose_passages_lead_to_their_page() {
    let folder = tempfile::tempdir().unwrap();
    assert!(nakai(folder.path(), &["bot", "new", "inn"]).status.success());
    let source = "https://inn.example/rules.pdf";
    let file = pdf("reportlab-ja");
    let added = nakai(
        folder.path(),
        &["knowledge", "add", &file, "--bot", "inn", "--source", source],
    );
    assert!(added.status.success(), "{}", words(&added));
    let article = fs::read_to_string(folder.path().join("inn/knowledge/reportlab-ja.ja.md")).unwrap();
    assert!(
        article.starts_with("---\ntitle: \"宿泊のきまり\"\nlanguage: ja\n"),
        "{article}"
    );
    for (question, page) in [("キャンセル料は当日いくらですか", "page=3"), ("雪の日の送迎", "page=2")]
    {
        let found = nakai(
            folder.path(),
            &["knowledge", "search", question, "--bot", "inn", "--json"],
        );
        let found: Value = serde_json::from_slice(&found.stdout).unwrap();
        let best = &found["hits"][0];
        assert_eq!(best["url"], format!("{source}#{page}"), "{found}");
    }
}

#[test]
fn a_pdf_that_takes_for_ever_or_all_memory_is_given_up_on() {
    let folder = tempfile::tempdir().unwrap();
    assert!(nakai(folder.path(), &["bot", "new", "inn"]).status.success());
    let (bomb, endless) = (pdf("bomb"), pdf("endless"));
    let refused = nakai(
        folder.path(),
        &["knowledge", "add", &bomb, &endless, "--bot", "inn", "--seconds", "3"],
    );
    let said = words(&refused);
    assert_eq!(refused.status.code(), Some(64), "{said}");
    for name in ["bomb.pdf: error[pdf_too_costly]", "endless.pdf: error[pdf_too_costly]"] {
        assert!(said.contains(name), "{said}");
    }
}

#[test]
fn files_that_make_no_article_are_named_all_at_once_with_their_codes_and_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    assert!(nakai(folder.path(), &["bot", "new", "inn"]).status.success());
    let write = |name: &str, content: &[u8]| fs::write(folder.path().join(name), content).unwrap();
    write("good.txt", b"The rink is open.");
    write("empty.md", b" \n");
    write("latin.txt", b"caf\xe9");
    write("picture.png", b"x");
    write("page.pdf", b"<html>Not found</html>");
    write("article.md", b"---\ntitle: x\n---\nText.\n");
    fs::create_dir(folder.path().join("folder.txt")).unwrap();
    for name in ["large.txt", "large.pdf"] {
        let large = fs::File::create(folder.path().join(name)).unwrap();
        large.set_len(200_000_000).unwrap();
    }
    let locked = pdf("locked");
    let mut arguments = vec!["knowledge", "add", "--bot", "inn", "good.txt", &locked];
    let refusals = [
        ("empty.md", "file_empty", "no text"),
        ("latin.txt", "text_encoding_unknown", "save it in UTF-8"),
        ("picture.png", "file_kind_unknown", "`.pdf`"),
        ("page.pdf", "pdf_invalid", "its content is none"),
        ("article.md", "article_has_head", "copy it into the folder"),
        ("folder.txt", "file_is_folder", "name the files in it"),
        ("large.txt", "file_too_large", "200 MB, and 8 MB are the most"),
        ("large.pdf", "file_too_large", "200 MB, and 50 MB are the most; cut it"),
        ("none.md", "file_unreadable", "does not exist"),
    ];
    arguments.extend(refusals.iter().map(|(file, ..)| *file));
    let refused = nakai(folder.path(), &arguments);
    assert_eq!(refused.status.code(), Some(64));
    let said = words(&refused);
    let line = |file: &str| {
        said.lines()
            .find(|line| line.contains(&format!("{file}: error[")))
            .unwrap_or_default()
    };
    for (file, code, part) in refusals {
        let line = line(file);
        assert!(
            line.contains(&format!("[{code}]")) && line.contains(part),
            "{file}:\n{said}"
        );
    }
    assert!(line("locked.pdf").contains("[pdf_encrypted]"), "{said}");
    assert!(!Path::new(&folder.path().join("inn/knowledge/good.en.md")).exists());
}

#[test]
fn a_text_of_an_older_encoding_is_read_and_that_is_said() {
    let folder = tempfile::tempdir().unwrap();
    assert!(nakai(folder.path(), &["bot", "new", "inn"]).status.success());
    // `駐車場は30台分あります。` in Shift_JIS.
    let text = b"\x92\x93\x8e\xd4\x8f\xea\x82\xcd30\x91\xe4\x95\xaa\x82\xa0\x82\xe8\x82\xdc\x82\xb7\x81\x42\r\n";
    fs::write(folder.path().join("parking.txt"), text).unwrap();
    let added = nakai(folder.path(), &["knowledge", "add", "parking.txt", "--bot", "inn"]);
    assert!(added.status.success(), "{}", words(&added));
    assert!(
        words(&added).contains("parking.txt: read as Shift_JIS"),
        "{}",
        words(&added)
    );
    let article = fs::read_to_string(folder.path().join("inn/knowledge/parking.ja.md")).unwrap();
    assert!(article.ends_with("---\n\n駐車場は30台分あります。\n"), "{article}");
}
