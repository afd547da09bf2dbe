use nakai_config::Problems;
use nakai_types::Language;

use super::{
    name_of,
    names::{Names, RESERVED_REPLIES},
    templates::{Templates, USUAL},
    warn_of_other_languages,
};
use crate::model::RepliesFile;

/// Checks one `replies/*.yaml`.
pub(super) fn check(file: &RepliesFile, names: &Names<'_>, templates: &Templates<'_>, problems: &mut Problems) {
    for (name, reply) in &file.replies {
        let key = format!("replies.{name}");
        let reserved = RESERVED_REPLIES
            .iter()
            .find(|(reserved, _)| reserved == name)
            .map_or(&[][..], |(_, seen)| seen);
        let seen = [USUAL, reserved].concat();
        for language in Language::ALL {
            let wordings = match language {
                Language::Ja => &reply.ja,
                Language::En => &reply.en,
            };
            let key = format!("{key}.{language}");
            match (wordings.is_empty(), names.languages.contains(&language)) {
                (true, true) => {
                    problems.error(
                        &key,
                        format!("there is no wording in {}", name_of(language)),
                        format!("add `{language}: […]`"),
                    );
                }
                (false, false) if !names.languages.is_empty() => {
                    let cure = format!("remove it, or add `{language}` to `languages` in bot.yaml");
                    problems.warn(&key, format!("the bot does not speak {}", name_of(language)), cure);
                }
                _ => {}
            }
            for (index, wording) in wordings.iter().enumerate() {
                let key = format!("{key}[{index}]");
                if wording.trim().is_empty() {
                    problems.error(&key, "the wording is blank", "write it, or remove it");
                }
                templates.template(wording, &seen, &key, problems);
            }
        }
        let choices = format!("{key}.choices");
        warn_of_other_languages(&reply.choices, names, &choices, problems);
        for language in names.languages.iter().copied() {
            if reply.choices.iter().next().is_some() && reply.choices.get(language).is_none_or(Vec::is_empty) {
                problems.error(
                    &choices,
                    format!("there are no choices in {}", name_of(language)),
                    format!("add `{language}: […]`"),
                );
            }
        }
    }
}
