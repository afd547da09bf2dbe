//! Whatever stands in a project, the import says what became of it and never panics.

use std::{fs, path::Path};

use nakai_bundle::rasa::import;
use nakai_config::{Node, Source, Value};
use proptest::prelude::*;
use serde_json::json;

use super::{as_text, project, yaml_files};

const PROJECTS: [&str; 2] = ["hotel", "ryokan"];

/// Copies a project; `change` says what each YAML file has instead, by its path below the project's folder.
fn changed(name: &str, mut change: impl FnMut(&str, String) -> String) -> tempfile::TempDir {
    let copy = tempfile::tempdir().unwrap();
    let root = project(name);
    for path in yaml_files(&root) {
        let relative = path.strip_prefix(&root).unwrap();
        let target = copy.path().join(relative);
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        fs::write(
            target,
            change(&relative.to_string_lossy(), fs::read_to_string(&path).unwrap()),
        )
        .unwrap();
    }
    copy
}

/// Imports; the import itself holds what comes out against the checks of bundles, and tells.
fn import_and_check(folder: &Path) {
    if let Ok(imported) = import(folder) {
        let report = imported.report.to_string();
        assert!(
            !report.contains("does not pass the checks"),
            "{report}\n{}",
            as_text(&imported.files)
        );
    }
}

fn to_json(node: &Node) -> serde_json::Value {
    match &node.value {
        Value::Null => json!(null),
        Value::Bool(value) => json!(value),
        Value::Number(number) => json!(number),
        Value::Text(text) => json!(text),
        Value::List(items) => items.iter().map(to_json).collect(),
        Value::Map(entries) => entries
            .iter()
            .map(|entry| (entry.key.clone(), to_json(&entry.value)))
            .collect(),
    }
}

/// Where each map stands, without the numbers of list items, in the order in which [`add_key`] counts.
fn collect_shapes(value: &serde_json::Value, shape: &str, found: &mut Vec<String>) {
    match value {
        serde_json::Value::Object(map) => {
            found.push(shape.to_owned());
            map.iter()
                .for_each(|(key, value)| collect_shapes(value, &format!("{shape}.{key}"), found));
        }
        serde_json::Value::Array(items) => items
            .iter()
            .for_each(|item| collect_shapes(item, &format!("{shape}[]"), found)),
        _ => {}
    }
}

/// Adds a key to the `index`-th map, counted from the outside in.
fn add_key(value: &mut serde_json::Value, index: usize, seen: &mut usize) {
    match value {
        serde_json::Value::Object(map) => {
            let is_this = *seen == index;
            *seen += 1;
            map.values_mut().for_each(|value| add_key(value, index, seen));
            if is_this {
                map.insert(ADDED.into(), json!("zzz"));
            }
        }
        serde_json::Value::Array(items) => items.iter_mut().for_each(|item| add_key(item, index, seen)),
        _ => {}
    }
}

#[test]
fn an_unheard_of_key_is_told_of_wherever_it_stands() {
    for name in PROJECTS {
        for path in yaml_files(&project(name)) {
            let file = path.strip_prefix(project(name)).unwrap().to_string_lossy().into_owned();
            if [
                "config.yml",
                "credentials.yml",
                "endpoints.yml",
                "tests/test_stories.yml",
            ]
            .contains(&file.as_str())
            {
                continue; // the report speaks of components, channels and tests as a whole
            }
            let original = to_json(
                Source::parse(&file, &fs::read_to_string(&path).unwrap())
                    .unwrap()
                    .root(),
            );
            let mut shapes = Vec::new();
            collect_shapes(&original, "", &mut shapes);
            // One map of each shape: all items of a list are read by the same code.
            let is_second = |index: usize| shapes[..index].iter().filter(|shape| **shape == shapes[index]).count() >= 1;
            for index in (0..shapes.len()).filter(|index| !is_second(*index)) {
                let mut value = original.clone();
                add_key(&mut value, index, &mut 0);
                let text = serde_json::to_string_pretty(&value).unwrap();
                let folder = changed(name, |path, before| if path == file { text.clone() } else { before });
                let imported = import(folder.path()).unwrap();
                let told = format!("{}{}", imported.report, as_text(&imported.files));
                // Where the key itself is not named, the report tells of something around it as a whole.
                let around = lines_around(Source::parse("", &text).unwrap().root(), ADDED).unwrap();
                let is_whole = imported.report.not_carried.iter().chain(&imported.report.changed);
                let is_whole = is_whole
                    .filter(|note| note.place.file == file)
                    .any(|note| around.contains(&note.place.line));
                assert!(
                    told.contains(ADDED) || is_whole,
                    "{name}/{file}, map {index}, lines {around:?}:\n{text}"
                );
            }
        }
    }
}

const ADDED: &str = "zzz_unheard_of";

/// The lines on which everything begins that is around a key, the file itself aside.
fn lines_around(node: &Node, key: &str) -> Option<Vec<u32>> {
    match &node.value {
        Value::Map(entries) => entries.iter().find_map(|entry| {
            if entry.key == key {
                return Some(Vec::new());
            }
            let mut lines = lines_around(&entry.value, key)?;
            lines.extend([entry.key_position.line, entry.value.position.line]);
            Some(lines)
        }),
        Value::List(items) => items.iter().find_map(|item| {
            let mut lines = lines_around(item, key)?;
            lines.push(item.position.line);
            Some(lines)
        }),
        _ => None,
    }
}

#[derive(Debug, Clone)]
enum Change {
    Remove,
    Repeat,
    Indent,
    Dedent,
    Replace(String),
    Swap,
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        Just(Change::Remove),
        Just(Change::Repeat),
        Just(Change::Indent),
        Just(Change::Dedent),
        Just(Change::Swap),
        prop_oneof![
            "[ ]{0,6}(- )?[a-z_]{0,8}: ?(null|true|3|\\[\\]|\\{\\}|\"\"|x y|\\|)?".boxed(),
            "[ ]{0,6}- .{0,12}".boxed(),
            Just("  - active_loop: null".to_owned()).boxed(),
            Just("  - action: action_restart".to_owned()).boxed(),
            Just("    - [a]{\"entity\": \"b\", \"value\": 1} {c} {{ {% [d](e:f)".to_owned()).boxed(),
        ]
        .prop_map(Change::Replace),
    ]
}

fn mutate(text: &str, changes: &[(usize, Change)]) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for (at, change) in changes {
        if lines.is_empty() {
            break;
        }
        let at = at % lines.len();
        match change {
            Change::Remove => drop(lines.remove(at)),
            Change::Repeat => lines.insert(at, lines[at].clone()),
            Change::Indent => lines[at].insert_str(0, "  "),
            Change::Dedent => lines[at] = lines[at].strip_prefix("  ").unwrap_or(&lines[at]).to_owned(),
            Change::Replace(line) => lines[at].clone_from(line),
            Change::Swap => {
                let other = (at + 1) % lines.len();
                lines.swap(at, other);
            }
        }
    }
    lines.join("\n")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn a_changed_project_is_refused_or_becomes_a_bundle_that_passes(
        name in prop::sample::select(PROJECTS.to_vec()),
        file in any::<prop::sample::Index>(),
        changes in prop::collection::vec((0usize..400, change()), 1..4),
    ) {
        let files = yaml_files(&project(name)).len();
        let (chosen, mut index) = (file.index(files), 0);
        let folder = changed(name, |_, text| {
            let text = if index == chosen { mutate(&text, &changes) } else { text };
            index += 1;
            text
        });
        import_and_check(folder.path());
    }

    #[test]
    fn any_text_is_refused_or_becomes_a_bundle_that_passes(
        domain in "((intents|slots|forms|responses|entities|actions|[a-z]{1,5}):|[ ]{2,4}(- )?[a-zA-Zあ予/+{}]{1,6}:?( [a-z{}\\[\\]]{0,5})?|\n){0,30}",
        data in "(nlu:\n|rules:\n|stories:\n|- (intent|rule|story): [a-z]{1,4}\n|  (examples|steps):( \\|)?\n|  - (intent|action|active_loop|or|checkpoint): ?[a-z]{0,4}\n|    - .{0,9}\n){0,30}",
    ) {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("data")).unwrap();
        fs::write(folder.path().join("domain.yml"), domain).unwrap();
        fs::write(folder.path().join("data/all.yml"), data).unwrap();
        import_and_check(folder.path());
    }
}
