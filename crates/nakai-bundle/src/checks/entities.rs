use std::collections::HashMap;

use nakai_config::Problems;
use regex::{Regex, RegexBuilder};

use super::{check_identifier, folded};
use crate::model::{BuiltinEntity, EntitiesFile, EntityDefinition};

/// Memory that one compiled pattern may take, in bytes.
const PATTERN_SIZE_LIMIT: usize = 1 << 20;

/// Checks `entities.yaml`.
pub(super) fn check(file: &EntitiesFile, problems: &mut Problems) {
    for (name, entity) in &file.entities {
        let key = format!("entities.{name}");
        check_identifier(name, &key, problems);
        let own = !entity.values.is_empty() || !entity.patterns.is_empty() || !entity.lookup.is_empty();
        if !own && entity.builtin.is_none() {
            let cure = match BuiltinEntity::named(name) {
                Some(known) => format!("add `builtin: {}`", known.name()),
                None => "add `values`, `patterns`, `lookup` or `builtin`".to_owned(),
            };
            problems.error(&key, "the entity recognises nothing", cure);
        }
        if entity.builtin.is_none() && !entity.prefer.is_default() {
            problems.error(
                format!("{key}.prefer"),
                "only an entity with `builtin` has a preference",
                "add `builtin: date`, or remove it",
            );
        }
        check_values(entity, &key, problems);
        for (index, pattern) in entity.patterns.iter().enumerate() {
            check_pattern(pattern, &format!("{key}.patterns[{index}]"), problems);
        }
        for (index, _) in entity
            .lookup
            .iter()
            .enumerate()
            .filter(|(_, name)| name.trim().is_empty())
        {
            problems.error(format!("{key}.lookup[{index}]"), "the name is blank", "remove it");
        }
    }
}

fn check_values(entity: &EntityDefinition, key: &str, problems: &mut Problems) {
    let mut values_by_word = HashMap::new();
    for (value, words) in &entity.values {
        let key = format!("{key}.values.{value}");
        if words.iter().all(|(_, words)| words.is_empty()) {
            problems.error(
                &key,
                "the value has no words",
                "add what customers say for it in each language",
            );
        }
        for (language, words) in words.iter() {
            for (index, word) in words.iter().enumerate() {
                let key = format!("{key}.{language}[{index}]");
                if word.trim().is_empty() {
                    problems.error(key, "the word is blank", "remove it");
                } else if let Some(other) = values_by_word.insert((language, folded(word)), value)
                    && other != value
                {
                    problems.warn(
                        key,
                        format!("`{word}` stands for the value `{other}` too"),
                        "keep it at one of the two",
                    );
                }
            }
        }
    }
}

fn check_pattern(pattern: &str, key: &str, problems: &mut Problems) {
    let regex = match RegexBuilder::new(pattern).size_limit(PATTERN_SIZE_LIMIT).build() {
        Ok(regex) => regex,
        Err(regex::Error::CompiledTooBig(_)) => {
            return problems.error(
                key,
                "the pattern is too large",
                "use smaller numbers in `{…}`, or several patterns",
            );
        }
        Err(error) => {
            // The last line says what is wrong; those above it draw the pattern.
            let reason = error
                .to_string()
                .lines()
                .last()
                .unwrap_or_default()
                .trim_start_matches("error: ")
                .to_owned();
            return problems.error(
                key,
                format!("the pattern can't be read: {reason}"),
                "write a regular expression of Rust's `regex`",
            );
        }
    };
    if matches_nothing(&regex) {
        problems.error(
            key,
            "the pattern fits the empty text, so it would be found everywhere",
            "ask for at least one character: `+` in place of `*`",
        );
    }
    if has_capital(pattern) {
        problems.warn(
            key,
            "the pattern has a capital letter, and the text that it sees is in lower case",
            "write it in lower case",
        );
    }
}

/// Says whether a pattern finds an empty match, alone or at the edge of some character.
fn matches_nothing(regex: &Regex) -> bool {
    ["", "a", "1", " ", "あ"]
        .into_iter()
        .any(|text| regex.find(text).is_some_and(|found| found.is_empty()))
}

/// Says whether a pattern asks for a capital letter; those of escapes, groups' names and classes do not count.
fn has_capital(pattern: &str) -> bool {
    let mut chars = pattern.chars();
    let mut in_name = false;
    while let Some(c) = chars.next() {
        match c {
            '\\' if matches!(chars.next(), Some('p' | 'P' | 'u' | 'U' | 'x' | 'b')) => {
                in_name = chars.as_str().starts_with('{');
            }
            '<' => in_name = true,
            '}' | '>' => in_name = false,
            '(' if chars.as_str().starts_with("?P") => {
                chars.nth(1);
            }
            '(' if chars.as_str().starts_with("?i") => return false,
            c if c.is_uppercase() && !in_name => return true,
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_capitals_that_the_text_must_have_count() {
        for pattern in [
            "r-\\d{6}",
            "\\p{Han}+\\W",
            "(?P<Value>\\d)",
            "(?<Value>x)",
            "(?i)Room",
            "[a-z]",
            "\\bx",
        ] {
            assert!(!has_capital(pattern), "{pattern}");
        }
        for pattern in ["R-\\d{6}", "[A-Z]", "(?P<value>X)", "\\p{Han}X", "A"] {
            assert!(has_capital(pattern), "{pattern}");
        }
    }

    #[test]
    fn a_pattern_that_finds_nothing_in_something_is_noticed() {
        for pattern in ["a*", "", "\\b", "x?", "(?:あ|)"] {
            assert!(matches_nothing(&Regex::new(pattern).unwrap()), "{pattern}");
        }
        for pattern in ["a+", "\\d{6}", "^x$"] {
            assert!(!matches_nothing(&Regex::new(pattern).unwrap()), "{pattern}");
        }
    }
}
