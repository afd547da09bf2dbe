use nakai_types::{BotName, Language};

use crate::files::Files;

/// The files of a new bot. `bot.yaml` has `NAME`, `LANGUAGES` and `TIMEZONE` to be filled in.
const FILES: [(&str, &str); 10] = [
    ("bot.yaml", include_str!("scaffold/bot.yaml")),
    ("flows/callback.yaml", include_str!("scaffold/flows/callback.yaml")),
    (
        "intents/conversation.yaml",
        include_str!("scaffold/intents/conversation.yaml"),
    ),
    ("intents/support.yaml", include_str!("scaffold/intents/support.yaml")),
    (
        "knowledge/support.en.md",
        include_str!("scaffold/knowledge/support.en.md"),
    ),
    (
        "knowledge/support.ja.md",
        include_str!("scaffold/knowledge/support.ja.md"),
    ),
    ("replies/callback.yaml", include_str!("scaffold/replies/callback.yaml")),
    (
        "replies/conversation.yaml",
        include_str!("scaffold/replies/conversation.yaml"),
    ),
    ("tests/en.yaml", include_str!("scaffold/tests/en.yaml")),
    ("tests/ja.yaml", include_str!("scaffold/tests/ja.yaml")),
];

/// Makes the files of a small, complete bot to begin with: greeting, thanks, a person, an article, a flow, and tests of them. It speaks
/// `languages`, the default one first; both if the list is empty.
pub fn scaffold(name: &BotName, languages: &[Language]) -> Files {
    let languages = if languages.is_empty() {
        &Language::ALL
    } else {
        languages
    };
    let other = |path: &str| {
        Language::ALL
            .into_iter()
            .any(|l| !languages.contains(&l) && is_for(path, l))
    };
    FILES
        .into_iter()
        .filter(|(path, _)| !other(path))
        .map(|(path, text)| {
            let text = if path.ends_with(".yaml") {
                only(text, languages)
            } else {
                text.to_owned()
            };
            let text = if path == "bot.yaml" {
                filled_in(&text, name, languages)
            } else {
                text
            };
            (path, text)
        })
        .collect()
}

/// Says whether a file is for one language only: `tests/ja.yaml`, `knowledge/support.ja.md`.
fn is_for(path: &str, language: Language) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.split('.').any(|part| part == language.code())
}

fn filled_in(text: &str, name: &BotName, languages: &[Language]) -> String {
    let codes: Vec<&str> = languages.iter().map(|language| language.code()).collect();
    let timezone = if languages.first() == Some(&Language::Ja) {
        "Asia/Tokyo"
    } else {
        "UTC"
    };
    text.replace("name: NAME", &format!("name: {name}"))
        .replace("LANGUAGES", &codes.join(", "))
        .replace("TIMEZONE", timezone)
}

/// Leaves out every key `ja:` or `en:` of a language that is not wanted, with the lines below it.
fn only(text: &str, languages: &[Language]) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut left_out: Option<usize> = None;
    for line in text.split_inclusive('\n') {
        let indent = line.len() - line.trim_start().len();
        if left_out.is_some_and(|above| indent > above) {
            continue;
        }
        let key = line.trim_start().split_once(':').map(|(key, _)| key);
        let unwanted = key.is_some_and(|key| Language::ALL.iter().any(|l| l.code() == key && !languages.contains(l)));
        left_out = unwanted.then_some(indent);
        if !unwanted {
            kept.push_str(line);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load_files;

    #[test]
    fn a_new_bot_passes_all_checks_without_a_warning_in_any_choice_of_languages() {
        let name = BotName::new("my-shop").unwrap();
        for languages in [
            &[][..],
            &[Language::Ja, Language::En],
            &[Language::En, Language::Ja],
            &[Language::Ja],
            &[Language::En],
        ] {
            let loaded =
                load_files(scaffold(&name, languages)).unwrap_or_else(|problems| panic!("{languages:?}\n{problems}"));
            assert_eq!(loaded.warnings.to_string(), "", "{languages:?}");
            let bundle = loaded.bundle;
            assert_eq!(bundle.bot_ref.name, name);
            assert_eq!(bundle.tests.len(), 3 * bundle.bot.languages.len());
            assert_eq!(bundle.articles.len(), bundle.bot.languages.len());
            if !languages.is_empty() {
                assert_eq!(bundle.bot.languages, languages);
            }
        }
    }
}
