//! Rasa projects under `tests/rasa/`, taken over.

#![expect(clippy::unwrap_used, reason = "a test that can't go on fails")]

mod mutation;
mod reaction;

use std::{
    fmt::Write,
    fs,
    path::{Path, PathBuf},
};

use nakai_bundle::{
    Files, load_files,
    rasa::{Imported, import},
};
use nakai_config::{Node, Source, Value};

fn project(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rasa").join(name)
}

fn imported(name: &str) -> Imported {
    import(&project(name)).unwrap_or_else(|problems| panic!("{problems}"))
}

fn as_text(files: &Files) -> String {
    let mut text = String::new();
    for (path, content) in files.iter() {
        writeln!(text, "=== {path}\n{}", String::from_utf8_lossy(content)).unwrap();
    }
    text
}

#[test]
fn an_english_bot_is_taken_over() {
    let imported = imported("hotel");
    insta::assert_snapshot!("hotel_report", imported.report.to_string());
    insta::assert_snapshot!("hotel_files", as_text(&imported.files));
}

#[test]
fn a_japanese_bot_is_taken_over() {
    let imported = imported("ryokan");
    insta::assert_snapshot!("ryokan_report", imported.report.to_string());
    insta::assert_snapshot!("ryokan_files", as_text(&imported.files));
}

#[test]
fn the_bundle_passes_the_checks_of_bundles() {
    for name in ["hotel", "ryokan"] {
        if let Err(problems) = load_files(imported(name).files) {
            panic!("{name}:\n{problems}");
        }
    }
}

/// Collects every name that a project gives something, independently of the import.
fn names(node: &Node, key: &str, found: &mut Vec<String>) {
    const MAPS_OF_NAMES: [&str; 5] = ["slots", "forms", "responses", "entities", "intents"];
    const LISTS_OF_NAMES: [&str; 5] = ["intents", "entities", "actions", "required_slots", "roles"];
    const NAMES: [&str; 12] = [
        "intent",
        "synonym",
        "lookup",
        "regex",
        "rule",
        "story",
        "action",
        "active_loop",
        "checkpoint",
        "entity",
        "channel",
        "title",
    ];
    match &node.value {
        Value::Map(entries) => {
            for entry in entries {
                if MAPS_OF_NAMES.contains(&key) {
                    found.push(entry.key.clone());
                }
                names(&entry.value, &entry.key, found);
            }
        }
        Value::List(items) => items.iter().for_each(|item| names(item, key, found)),
        Value::Text(text) if NAMES.contains(&key) || LISTS_OF_NAMES.contains(&key) => found.push(text.clone()),
        _ => {}
    }
}

#[test]
fn every_name_is_in_the_bundle_or_in_the_report() {
    for name in ["hotel", "ryokan"] {
        let imported = imported(name);
        let told = format!("{}{}", imported.report, as_text(&imported.files));
        for path in yaml_files(&project(name)) {
            if path.ends_with("tests/test_stories.yml") {
                continue;
            }
            let source = Source::parse("", &fs::read_to_string(&path).unwrap()).unwrap();
            let mut found = Vec::new();
            names(source.root(), "", &mut found);
            // What only ends a turn in Rasa has nothing to be carried over.
            for name in found
                .iter()
                .filter(|name| !matches!(name.as_str(), "action_deactivate_loop"))
            {
                assert!(told.contains(name), "`{name}` of {} is lost", path.display());
            }
        }
    }
}

fn yaml_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(yaml_files(&path));
        } else if path.extension().is_some_and(|ending| ending == "yml") {
            found.push(path);
        }
    }
    found.sort();
    found
}

#[test]
fn secrets_of_channels_are_not_told() {
    let imported = imported("hotel");
    assert!(!format!("{}{}", imported.report, as_text(&imported.files)).contains("planted-secret-value"));
}

#[test]
fn a_folder_without_a_domain_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("notes.txt"), "nothing").unwrap();
    assert!(
        import(folder.path())
            .unwrap_err()
            .to_string()
            .contains("no Rasa domain")
    );
    assert!(import(&folder.path().join("missing")).unwrap_err().has_errors());
}

#[test]
fn broken_yaml_is_refused_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("domain.yml"), "intents:\n  - greet\n  bad: [\n").unwrap();
    let problems = import(folder.path()).unwrap_err();
    let problem = problems.iter().next().unwrap();
    assert_eq!(problem.file, "domain.yml");
    assert!(problem.line >= 2, "{problem}");
}
