use jiff::tz::{self, TimeZone};
use nakai_config::Problems;

use super::{
    check_identifier, check_said_in_every_language, folded,
    names::{Names, OWN_FACTS},
    warn_of_other_languages,
};
use crate::model::{BotFile, HandoverPolicy};

/// Checks `bot.yaml`.
pub(super) fn check(bot: &BotFile, names: &Names<'_>, problems: &mut Problems) {
    if bot.languages.is_empty() {
        problems.error(
            "languages",
            "the bot speaks no language",
            "write `languages: [ja, en]`, the default one first",
        );
    }
    for (index, language) in bot.languages.iter().enumerate() {
        if bot.languages[..index].contains(language) {
            problems.error(
                format!("languages[{index}]"),
                format!("`{language}` is here for the second time"),
                "keep one",
            );
        }
    }
    check_said_in_every_language(&bot.title, names, "title", problems);
    warn_of_other_languages(&bot.title, names, "title", problems);
    warn_of_other_languages(&bot.stop_words, names, "stop_words", problems);
    // A machine without a time zone database can't tell which names are right.
    if !tz::db().is_definitively_empty() && TimeZone::get(&bot.timezone).is_err() {
        problems.error(
            "timezone",
            format!("there is no time zone `{}`", bot.timezone),
            "use an IANA name such as `Asia/Tokyo`",
        );
    }
    for name in bot.facts.keys() {
        check_identifier(name, &format!("facts.{name}"), problems);
        if OWN_FACTS.contains(&name.as_str()) {
            problems.error(
                format!("facts.{name}"),
                format!("`bot.{name}` is the bot's own {name}"),
                "give the fact another name",
            );
        }
    }
    check_synonyms(&bot.knowledge.synonyms, problems);
    check_fallback(bot, names, problems);
    check_handover(&bot.handover, names, problems);
}

fn check_synonyms(groups: &[Vec<String>], problems: &mut Problems) {
    for (at, group) in groups.iter().enumerate() {
        let key = format!("knowledge.synonyms[{at}]");
        for (place, member) in group.iter().enumerate() {
            let key = format!("{key}[{place}]");
            if member.trim().is_empty() {
                problems.error(key, "the word is blank", "remove it");
            } else if group.iter().take(place).any(|other| folded(other) == folded(member)) {
                problems.error(
                    key,
                    format!("`{member}` is in this group for the second time"),
                    "keep one",
                );
            }
        }
        if group.len() < 2 {
            problems.error(
                key,
                "a group needs two words or more",
                "add a word that means the same, or remove the group",
            );
        }
    }
}

fn check_fallback(bot: &BotFile, names: &Names<'_>, problems: &mut Problems) {
    let fallback = &bot.fallback;
    for (key, reply) in [
        ("fallback.ask_again_reply", &fallback.ask_again_reply),
        ("fallback.offer_choices_reply", &fallback.offer_choices_reply),
        ("fallback.offer_human_reply", &fallback.offer_human_reply),
    ] {
        require_worded(reply, key, names, problems);
    }
    for (index, choice) in fallback.choices.iter().enumerate() {
        let key = format!("fallback.choices[{index}]");
        names.intents.require(choice, &key, problems);
        let Some(intent) = names.intents_by_name.get(choice.as_str()) else {
            continue;
        };
        if names
            .languages
            .iter()
            .any(|language| intent.title.get(*language).is_none())
        {
            problems.error(
                key,
                format!("the intent `{choice}` has no title to be shown as a choice"),
                "give it a `title` in every language",
            );
        }
    }
}

fn check_handover(handover: &HandoverPolicy, names: &Names<'_>, problems: &mut Problems) {
    require_worded(&handover.reply, "handover.reply", names, problems);
    require_worded(&handover.waiting_reply, "handover.waiting_reply", names, problems);
    if let Some(reply) = &handover.closed_reply {
        require_worded(reply, "handover.closed_reply", names, problems);
    }
    match (&handover.hours, &handover.closed_reply) {
        (Some(hours), closed_reply) => {
            if !are_hours(hours) {
                problems.error(
                    "handover.hours",
                    format!("`{hours}` are no hours"),
                    "write them like `09:00-18:00`",
                );
            }
            if closed_reply.is_none() {
                problems.warn(
                    "handover.hours",
                    "outside these hours the customer hears that somebody comes",
                    "add `closed_reply`, which says when somebody is there",
                );
            }
        }
        (None, Some(_)) => problems.warn(
            "handover.closed_reply",
            "is never said, because there are no `hours`",
            "add `hours`, or remove it",
        ),
        (None, None) => {}
    }
}

/// Pushes an error if the reply does not exist, a warning if it exists only in the program's own words.
fn require_worded(reply: &str, key: &str, names: &Names<'_>, problems: &mut Problems) {
    names.replies.require(reply, key, problems);
    if names.replies.may_have(reply) && !names.worded_replies.may_have(reply) {
        problems.warn(
            key,
            format!("the bot has no words of its own for the reply `{reply}` and uses the built-in ones"),
            format!("add `{reply}` to replies/*.yaml"),
        );
    }
}

/// Says whether a text is `HH:MM-HH:MM`, from 00:00 to 24:00.
fn are_hours(text: &str) -> bool {
    let time = |text: &str| {
        let (hours, minutes) = text.split_once(':')?;
        let two = |digits: &str| {
            (digits.len() == 2 && digits.bytes().all(|b| b.is_ascii_digit()))
                .then(|| digits.parse::<u32>().ok())
                .flatten()
        };
        let (hours, minutes) = (two(hours)?, two(minutes)?);
        (minutes < 60 && hours * 60 + minutes <= 24 * 60).then_some(hours * 60 + minutes)
    };
    text.split_once('-')
        .is_some_and(|(from, to)| matches!((time(from), time(to)), (Some(from), Some(to)) if from != to))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_two_different_times_of_day() {
        for hours in ["09:00-18:00", "00:00-24:00", "22:00-06:00"] {
            assert!(are_hours(hours), "{hours}");
        }
        for hours in [
            "9:00-18:00",
            "09:00",
            "09:00-25:00",
            "09:60-10:00",
            "24:01-25:00",
            "09:00–18:00",
            "09:00-09:00",
            "+9:00-18:00",
            "",
            "-",
        ] {
            assert!(!are_hours(hours), "{hours}");
        }
    }
}
