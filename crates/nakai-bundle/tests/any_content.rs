use std::sync::LazyLock;

use nakai_bundle::{Files, load_files, open_archive, pack, scaffold};
use nakai_types::BotName;
use proptest::prelude::*;

static SCAFFOLD: LazyLock<Files> = LazyLock::new(|| scaffold(&BotName::new("any").unwrap(), &[]));

/// A file of a working bot.
fn path() -> impl Strategy<Value = String> {
    let paths: Vec<String> = SCAFFOLD.iter().map(|(path, _)| path.clone()).collect();
    prop::sample::select(paths)
}

/// Loads and opens: neither may panic, and what passes all checks opens as what was loaded.
fn check(files: Files) -> Result<(), TestCaseError> {
    let archive = pack(&files);
    let opened = open_archive(&archive);
    if let Ok(loaded) = load_files(files) {
        prop_assert_eq!(opened, Ok(loaded.bundle));
    }
    Ok(())
}

#[test]
fn flows_may_be_nested_until_they_are_too_deep_and_are_then_refused() {
    let nested = |depth: usize| {
        let mut steps = "[{end: }]".to_owned();
        for _ in 0..depth {
            steps = format!("[{{when: {{if: slots.confirmed, then: {steps}}}}}]");
        }
        let flow = format!(
            "flows:\n  callback:\n    title: {{ja: x, en: x}}\n    slots: {{confirmed: {{type: yes_no}}, phone: {{type: phone}}}}\n    steps: {steps}\n"
        );
        let mut files = SCAFFOLD.clone();
        files.insert("flows/callback.yaml", flow);
        files
    };
    assert!(load_files(nested(8)).is_ok());
    assert!(open_archive(&pack(&nested(8))).is_ok());
    for depth in 9..40 {
        check(nested(depth)).unwrap();
    }
    assert!(load_files(nested(40)).unwrap_err().to_string().contains("too deep"));
    assert!(open_archive(&pack(&nested(40))).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_bytes_in_a_file_are_safe(path in path(), bytes in any::<Vec<u8>>()) {
        let mut files = SCAFFOLD.clone();
        files.insert(path, bytes);
        check(files)?;
    }

    #[test]
    fn any_change_of_a_file_is_safe(
        path in path(),
        at in any::<prop::sample::Index>(),
        cut in 0..40usize,
        piece in prop::sample::select(vec!["", ":", "- ", "{", "}", "[", "'", "\"", "\n", "  ", "{{", "{%", "&a", "*a", "0", "null", "|", "\t", "温"]),
    ) {
        let mut files = SCAFFOLD.clone();
        let mut content = files.get(&path).unwrap_or_default().to_vec();
        let at = at.index(content.len());
        let end = (at + cut).min(content.len());
        content.splice(at..end, piece.bytes());
        files.insert(path, content);
        check(files)?;
    }

    #[test]
    fn any_bytes_as_an_archive_are_safe(bytes in any::<Vec<u8>>()) {
        prop_assert!(open_archive(&bytes).is_err());
    }
}
