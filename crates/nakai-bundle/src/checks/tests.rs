use jiff::Timestamp;
use nakai_config::Problems;

use super::names::Names;
use crate::model::{Expectation, TestsFile};

/// Checks one `tests/*.yaml`.
pub(super) fn check(file: &TestsFile, names: &Names<'_>, problems: &mut Problems) {
    for (index, test) in file.tests.iter().enumerate() {
        let key = format!("tests[{index}]");
        if file.tests[..index].iter().any(|other| other.name == test.name) {
            problems.error(
                format!("{key}.name"),
                format!("a test above is called `{}` too", test.name),
                "say what this one shows",
            );
        }
        if test.turns.is_empty() {
            problems.error(
                format!("{key}.turns"),
                "nobody says anything",
                "add what the customer says",
            );
        }
        if let Some(now) = &test.now
            && now.parse::<Timestamp>().is_err()
        {
            let cure = "write it with its offset, like `2026-01-15T12:00:00+09:00`";
            problems.error(format!("{key}.now"), format!("`{now}` is no RFC 3339 time"), cure);
        }
        if let Some(language) = test.language
            && !names.languages.is_empty()
            && !names.languages.contains(&language)
        {
            problems.error(
                format!("{key}.language"),
                format!("the bot does not speak `{language}`"),
                "use a language of bot.yaml",
            );
        }
        for (index, turn) in test.turns.iter().enumerate() {
            check_expectation(&turn.expect, &format!("{key}.turns[{index}].expect"), names, problems);
        }
    }
}

fn check_expectation(expect: &Expectation, key: &str, names: &Names<'_>, problems: &mut Problems) {
    if let Some(intent) = expect.intent.as_deref().filter(|intent| *intent != "none") {
        names.intents.require(intent, format!("{key}.intent"), problems);
    }
    if let Some(reply) = &expect.reply {
        names.replies.require(reply, format!("{key}.reply"), problems);
    }
    if let Some(article) = &expect.cites {
        names.articles.require(article, format!("{key}.cites"), problems);
    }
    for entity in expect.entities.keys() {
        names
            .entities
            .require(entity, format!("{key}.entities.{entity}"), problems);
    }
    for slot in expect.slots.keys() {
        names.slots.require(slot, format!("{key}.slots.{slot}"), problems);
    }
}
