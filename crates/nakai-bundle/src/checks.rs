//! Checks that a type can't express: names that exist, templates that parse, intents that do one thing.
//!
//! Each file kind has its checks in a file of its own; all push problems with dotted keys and leave the places to the source.

mod articles;
mod bot;
mod entities;
mod flows;
mod generation;
mod intents;
mod names;
mod prompts;
mod replies;
mod templates;
mod tests;
mod tools;

use nakai_config::Problems;
use nakai_types::Language;
use unicode_normalization::UnicodeNormalization;

use crate::{
    model::Localised,
    parse::{Parsed, ParsedFiles},
};
use names::Names;
use templates::Templates;

/// Pushes everything that is wrong between and within the files.
pub(crate) fn check(files: &ParsedFiles, problems: &mut Problems) {
    let names = Names::collect(files, problems);
    let templates = Templates::new(&names);
    if let Some(file) = &files.bot {
        locate(file, problems, |bot, found| {
            bot::check(bot, &names, found);
            generation::check(bot, &names, found);
        });
    }
    if let Some(file) = &files.entities {
        locate(file, problems, entities::check);
    }
    for file in &files.intents {
        locate(file, problems, |file, found| intents::check(file, &names, found));
    }
    for file in &files.flows {
        locate(file, problems, |file, found| {
            flows::check(file, &names, &templates, found);
        });
    }
    for file in &files.replies {
        locate(file, problems, |file, found| {
            replies::check(file, &names, &templates, found);
        });
    }
    if let Some(file) = &files.tools {
        locate(file, problems, |file, found| tools::check(file, &templates, found));
    }
    prompts::check(&files.prompts, &names, problems);
    for file in &files.tests {
        locate(file, problems, |file, found| tests::check(file, &names, found));
    }
    intents::check_examples(&files.intents, problems);
    articles::check(&files.articles, &names, problems);
}

/// Runs the checks of one file, and gives what they find the places in that file.
fn locate<T>(file: &Parsed<T>, problems: &mut Problems, check: impl FnOnce(&T, &mut Problems)) {
    let mut found = Problems::default();
    check(&file.content, &mut found);
    file.source.locate(&mut found);
    problems.append(found);
}

/// The form in which two texts are the same to a customer: NFKC, lower case, single spaces.
fn folded(text: &str) -> String {
    let folded: String = text.nfkc().flat_map(char::to_lowercase).collect();
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Says whether a name can be written in an expression: `slots.NAME`.
fn is_identifier(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && chars.all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// Pushes an error unless a name can be written in an expression.
fn check_identifier(name: &str, key: &str, problems: &mut Problems) {
    if !is_identifier(name) {
        problems.error(
            key,
            format!("`{name}` can't be used in templates and expressions"),
            "use `a-z`, `0-9` and `_`, and begin with a letter",
        );
    }
}

/// Pushes an error for each language of the bot in which a text is missing or blank.
fn check_said_in_every_language(text: &Localised<String>, names: &Names<'_>, key: &str, problems: &mut Problems) {
    for language in names.languages.iter().copied() {
        if text.get(language).is_none_or(|text| text.trim().is_empty()) {
            problems.error(
                key,
                format!("the text in {} is missing", name_of(language)),
                format!("add `{language}: …`"),
            );
        }
    }
}

/// Pushes a warning for each language that the bot does not speak.
fn warn_of_other_languages<T>(said: &Localised<T>, names: &Names<'_>, key: &str, problems: &mut Problems) {
    for (language, _) in said.iter() {
        if !names.languages.is_empty() && !names.languages.contains(&language) {
            problems.warn(
                format!("{key}.{language}"),
                format!("the bot does not speak {}", name_of(language)),
                format!("remove it, or add `{language}` to `languages` in bot.yaml"),
            );
        }
    }
}

/// The English name of a language, for messages.
const fn name_of(language: Language) -> &'static str {
    match language {
        Language::Ja => "Japanese",
        Language::En => "English",
    }
}
