use std::collections::HashMap;

use nakai_config::Problems;
use nakai_types::Language;

use super::{folded, name_of, names::Names, warn_of_other_languages};
use crate::{
    model::{AnswerFrom, Intent, IntentAction, IntentsFile},
    parse::Parsed,
};

/// Fewer examples than this teach a classifier little.
const FEW_EXAMPLES: usize = 5;

/// Checks one `intents/*.yaml`.
pub(super) fn check(file: &IntentsFile, names: &Names<'_>, problems: &mut Problems) {
    for (name, intent) in &file.intents {
        let key = format!("intents.{name}");
        check_action(intent, &key, names, problems);
        for language in names.languages.iter().copied() {
            let count = intent.examples.get(language).map_or(0, Vec::len);
            let key = format!("{key}.examples.{language}");
            if count == 0 {
                let what = format!("there are no examples in {}", name_of(language));
                problems.error(key, what, "add at least five things that customers say");
            } else if count < FEW_EXAMPLES {
                let what = format!(
                    "only {count} of at least {FEW_EXAMPLES} examples in {}",
                    name_of(language)
                );
                problems.warn(key, what, "add more of what customers say, in other words each time");
            }
        }
        for (language, examples) in intent.examples.iter() {
            for (index, example) in examples
                .iter()
                .enumerate()
                .filter(|(_, example)| example.trim().is_empty())
            {
                problems.error(
                    format!("{key}.examples.{language}[{index}]"),
                    format!("the example `{example}` is blank"),
                    "remove it",
                );
            }
        }
        warn_of_other_languages(&intent.examples, names, &format!("{key}.examples"), problems);
        warn_of_other_languages(&intent.title, names, &format!("{key}.title"), problems);
    }
}

fn check_action(intent: &Intent, key: &str, names: &Names<'_>, problems: &mut Problems) {
    let given: Vec<&str> = [
        ("reply", intent.reply.is_some()),
        ("flow", intent.flow.is_some()),
        ("answer", intent.answer.is_some()),
        ("handover", intent.handover.is_some()),
        ("control", intent.control.is_some()),
    ]
    .into_iter()
    .filter_map(|(name, given)| given.then_some(name))
    .collect();
    match given.as_slice() {
        [] => problems.error(
            key,
            "the intent does nothing",
            "add one of `reply`, `flow`, `answer`, `handover`, `control`",
        ),
        [_] => {}
        several => {
            let what = format!("the intent does several things at once: `{}`", several.join("`, `"));
            problems.error(key, what, "keep one of them; a flow can do several things in order");
        }
    }
    if intent.answer == Some(AnswerFrom::Search(false)) {
        problems.error(
            format!("{key}.answer"),
            "`false` means nothing here",
            "write `true`, or the path of an article",
        );
    }
    match intent.action() {
        Some(IntentAction::Reply(reply)) => names.replies.require(reply, format!("{key}.reply"), problems),
        Some(IntentAction::Flow(flow)) => names.flows.require(flow, format!("{key}.flow"), problems),
        Some(IntentAction::Article(path)) => names.articles.require(path, format!("{key}.answer"), problems),
        Some(IntentAction::Handover(reason)) if reason.trim().is_empty() => {
            problems.error(
                format!("{key}.handover"),
                "the reason is blank",
                "give it in one word, such as `complaint`",
            );
        }
        Some(IntentAction::Search | IntentAction::Handover(_) | IntentAction::Control(_)) | None => {}
    }
}

/// Pushes an error for each example that two intents claim, a warning for each that one intent has twice.
pub(super) fn check_examples(files: &[Parsed<IntentsFile>], problems: &mut Problems) {
    let mut seen: HashMap<(Language, String), (&Parsed<IntentsFile>, &str, usize)> = HashMap::new();
    for file in files {
        let mut found = Problems::default();
        for (name, intent) in &file.content.intents {
            for (language, examples) in intent.examples.iter() {
                for (index, example) in examples.iter().enumerate() {
                    let text = (language, folded(example));
                    let Some((first, first_name, first_index)) = seen.get(&text) else {
                        seen.insert(text, (file, name, index));
                        continue;
                    };
                    let key = key_of(name, language, index);
                    if first_name == name {
                        found.warn(
                            key,
                            format!("the example `{example}` is here twice"),
                            "remove one, or say it in other words",
                        );
                    } else {
                        let place = first.source.root().find(&key_of(first_name, language, *first_index));
                        let place = format!("{}:{}:{}", first.source.file(), place.line, place.column);
                        let what =
                            format!("the example `{example}` belongs to the intent `{first_name}` too ({place})");
                        found.error(key, what, "keep it where it belongs, and remove the other");
                    }
                }
            }
        }
        file.source.locate(&mut found);
        problems.append(found);
    }
}

fn key_of(intent: &str, language: Language, index: usize) -> String {
    format!("intents.{intent}.examples.{language}[{index}]")
}
