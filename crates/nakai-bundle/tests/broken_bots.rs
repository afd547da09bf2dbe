use std::{fs, path::Path};

use nakai_bundle::{Files, load_files, load_folder};
use nakai_config::ProblemCode;

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
fn keys_and_values_that_generation_and_tools_do_not_have_are_listed_at_once() {
    compare("broken-generation-keys");
}

#[test]
fn prompts_tools_and_models_that_can_not_work_are_listed_for_all_files_at_once() {
    compare("broken-generation");
}

/// What the list beside the bot must have, whoever writes it anew.
#[test]
fn what_is_wrong_with_generation_has_its_code() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/broken-generation");
    let problems = load_folder(&folder).expect_err("the bot is broken");
    for code in [
        ProblemCode::FileEmpty,
        ProblemCode::TextEncodingUnknown,
        ProblemCode::PromptInvalid,
        ProblemCode::PromptNameUnknown,
        ProblemCode::ToolSchemaInvalid,
        ProblemCode::ToolAddressUnsafe,
    ] {
        let found = problems.iter().filter(|problem| problem.code == Some(code));
        assert!(found.count() > 0, "{code} is missing in:\n{problems}");
    }
}

#[test]
fn two_tools_of_one_name_are_told_apart_by_nobody() {
    let tool = "  find:\n    description: Finds.\n    url: https://tools.example.com/\n";
    let mut files = Files::default();
    files.insert(
        "bot.yaml",
        "name: inn\ntitle: {en: Inn}\nlanguages: [en]\ntimezone: Asia/Tokyo\n",
    );
    files.insert("tools.yaml", format!("tools:\n{tool}{tool}"));
    let problems = load_files(files).unwrap_err().to_string();
    assert!(
        problems.contains("tools.yaml:5:3: error: the key `find` is here for the second time"),
        "{problems}"
    );
}

#[cfg(unix)]
#[test]
fn an_article_that_this_user_may_not_read_and_one_that_is_a_folder_are_said_with_their_places() {
    use std::os::unix::fs::PermissionsExt;

    let folder = tempfile::tempdir().unwrap();
    let at = |path: &str| folder.path().join(path);
    fs::create_dir_all(at("knowledge/baths.en.md")).unwrap();
    fs::write(
        at("bot.yaml"),
        "name: inn\ntitle: {en: Inn}\nlanguages: [en]\ntimezone: Asia/Tokyo\n",
    )
    .unwrap();
    fs::write(
        at("knowledge/wifi.en.md"),
        "---\ntitle: Wifi\nlanguage: en\n---\n\nFree.\n",
    )
    .unwrap();
    fs::set_permissions(at("knowledge/wifi.en.md"), fs::Permissions::from_mode(0o000)).unwrap();
    // The administrator may read everything.
    let locked = fs::read(at("knowledge/wifi.en.md")).is_err();
    let said = match load_folder(folder.path()) {
        Ok(loaded) => loaded.warnings.to_string(),
        Err(problems) => problems.to_string(),
    };
    assert_eq!(
        said.contains("wifi.en.md: error[file_unreadable]: may not be read by this user"),
        locked,
        "{said}"
    );
    assert!(said.contains("baths.en.md: warning[file_is_folder]"), "{said}");
}

#[test]
fn a_folder_that_is_not_there_is_said_to_be_not_there() {
    let problems = load_folder(Path::new("/no/such/folder")).unwrap_err();
    assert!(problems.to_string().contains("does not exist"), "{problems}");
}
