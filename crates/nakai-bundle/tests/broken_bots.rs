use std::{fs, path::Path};

use nakai_bundle::load_folder;

/// Compares all that is said of a broken bot with the list beside its folder. `UPDATE_LISTS=1` writes the list anew.
fn compare(bot: &str) {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let folder = tests.join(bot);
    let problems = load_folder(&folder).expect_err("the bot is broken");
    let found = problems.to_string().replace(&format!("{}/", folder.display()), "");
    let list = tests.join(format!("{bot}.txt"));
    if std::env::var_os("UPDATE_LISTS").is_some() {
        fs::write(&list, &found).unwrap();
    }
    let expected = fs::read_to_string(&list).unwrap_or_default();
    for (found, expected) in found.lines().zip(expected.lines()) {
        assert_eq!(found, expected);
    }
    assert_eq!(found.lines().count(), expected.lines().count(), "{found}");
}

#[test]
fn what_a_file_can_not_say_is_listed_for_all_files_at_once() {
    compare("broken-bot");
}

#[test]
fn names_templates_and_values_that_do_not_fit_together_are_listed_for_all_files_at_once() {
    compare("broken-names");
}

#[test]
fn a_folder_that_is_not_there_is_said_to_be_not_there() {
    let problems = load_folder(Path::new("/no/such/folder")).unwrap_err();
    assert!(problems.to_string().contains("does not exist"), "{problems}");
}
