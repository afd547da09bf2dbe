//! Proposes examples and intents from what customers said and the bot did not understand.

use std::{collections::BTreeMap, fs, sync::Arc};

use anyhow::{Context, Result, bail};
use jiff::Timestamp;
use nakai_bundle::{Bundle, Loaded, model::Intent};
use nakai_config::Secret;
use nakai_encoder::{Encoder, Unavailable};
use nakai_evaluation::{
    examples::ExamplesReport,
    suggest::{self, Proposal, Unanswered},
};
use nakai_knowledge::Embedded;
use nakai_nlp::intents::{IntentClassifier, SentenceVectors, TrainingSet, cross_validate};
use nakai_ports::{ConversationStore, SharedKnowledge};
use nakai_store::Store;
use nakai_types::TenantId;
use serde::Serialize;

use super::{check, test::runner::Runner};
use crate::{cli::Suggest, output::say, serve::bots, services, settings::Settings};

/// How many turns are read at most, the newest.
const MOST_TURNS: u32 = 50_000;
/// Below this confidence of its best intent a turn was perhaps not understood.
const SURE: f32 = 0.5;
const DAY_MS: i64 = 86_400_000;
/// How many utterances of a group the terminal shows.
const SHOWN: usize = 8;

/// What is proposed, and what it would change.
#[derive(Debug, Serialize)]
struct Suggestions {
    /// Turns that were read.
    turns: usize,
    /// Different utterances that were not understood.
    unanswered: usize,
    proposals: Vec<Group>,
    /// Nothing if nothing is proposed.
    effect: Option<Effect>,
}

#[derive(Debug, Serialize)]
struct Group {
    intent: String,
    new: bool,
    nearest: String,
    similarity: f32,
    times: usize,
    examples: Vec<String>,
}

/// What adding all proposals would change.
#[derive(Debug, Serialize)]
struct Effect {
    /// Share of the bot's own examples that classifiers recognise which do not know them.
    accuracy_before: f64,
    accuracy_after: f64,
    /// How many of the proposed utterances' turns the bot would have acted on, and out of how many. Each is asked of a classifier that was
    /// trained without it.
    answered: usize,
    proposed: usize,
    tests_fixed: Vec<String>,
    tests_broken: Vec<String>,
}

pub(super) async fn run(options: &Suggest, mut settings: Settings) -> Result<()> {
    if let Some(data) = &options.data {
        settings.data.clone_from(data);
    }
    if let Some(url) = &options.store {
        settings.store.url = Secret::new(url.clone());
    }
    let encoder = services::encoder(&settings)?;
    let loaded = load(options.bot.as_deref())?;
    let bundle = &loaded.bundle;
    let store = settings.store();
    if let Some(path) = store.url.expose().strip_prefix("sqlite:")
        && !fs::exists(path)?
    {
        bail!("there is no database {path}; name the server's folder with --data or its database with --store");
    }
    let store = Store::open(&store).await?;
    let since = Timestamp::now()
        .as_millisecond()
        .saturating_sub(i64::from(options.days) * DAY_MS);
    let turns = store.recent_turns(&TenantId::default(), since, MOST_TURNS).await;
    store.close().await;
    let mut turns = turns?;
    turns.retain(|turn| turn.bot.name == bundle.bot_ref.name);
    let said = suggest::unanswered(&turns, SURE.max(threshold_of(bundle, &encoder)?));
    let proposals = suggest::propose(&said, bundle);
    let effect = if proposals.is_empty() {
        None
    } else {
        Some(effect(bundle, &proposals, &encoder).await?)
    };
    if let Some(path) = &options.write {
        fs::write(path, as_yaml(&proposals)?).with_context(|| format!("{} can't be written", path.display()))?;
    }
    let suggestions = Suggestions {
        turns: turns.len(),
        unanswered: said.len(),
        proposals: proposals.iter().map(Group::of).collect(),
        effect,
    };
    if options.json {
        say(format_args!("{}", serde_json::to_string(&suggestions)?));
    } else {
        suggestions.print();
        if let Some(path) = &options.write {
            say(format_args!(
                "\nWritten to {}: review it and put what is right into intents/",
                path.display()
            ));
        }
    }
    Ok(())
}

/// Loads a bundle folder, or the demo bot by its name or if none is named.
fn load(bot: Option<&str>) -> Result<Loaded> {
    let demo = bots::demo()?;
    match bot {
        Some(folder) if folder != demo.bundle.bot_ref.name.as_str() || fs::exists(folder)? => {
            check::load(folder.as_ref())
        }
        _ => Ok(demo),
    }
}

/// Below which confidence the bot does not act.
fn threshold_of(bundle: &Bundle, encoder: &Encoder) -> Result<f32, Unavailable> {
    if let Some(set) = bundle.bot.thresholds.out_of_scope {
        return Ok(set);
    }
    let set = TrainingSet::of(&bundle.intents);
    let classifier = IntentClassifier::train(&set, encoder, &mut SentenceVectors::default())?;
    Ok(classifier.threshold())
}

/// Trains the bot with the additions and compares.
async fn effect(bundle: &Bundle, proposals: &[Proposal], encoder: &Encoder) -> Result<Effect> {
    let changed = suggest::with_examples(bundle, proposals);
    let threshold = threshold_of(bundle, encoder)?;
    let mut vectors = SentenceVectors::default();
    let before = cross_validate(&TrainingSet::of(&bundle.intents), encoder, &mut vectors)?;
    let mut after = cross_validate(&TrainingSet::of(&changed.intents), encoder, &mut vectors)?;
    let said: Vec<&Unanswered> = proposals.iter().flat_map(|proposal| &proposal.examples).collect();
    let times = |example: &str| {
        said.iter()
            .find(|utterance| utterance.text == example)
            .map(|utterance| utterance.times)
    };
    let acted_on = after
        .iter()
        .filter(|example| example.is_right() && example.confidence >= threshold);
    let answered = acted_on.filter_map(|example| times(&example.example)).sum();
    // Only what both bots have is compared.
    after.retain(|example| times(&example.example).is_none());
    // The articles of both are the same.
    let knowledge: SharedKnowledge = Arc::new(Embedded::default());
    let failing_before = failing(bundle, encoder, &knowledge).await?;
    let failing_after = failing(&changed, encoder, &knowledge).await?;
    let only =
        |some: &[String], others: &[String]| some.iter().filter(|name| !others.contains(name)).cloned().collect();
    Ok(Effect {
        accuracy_before: ExamplesReport::of(&before, threshold).accuracy,
        accuracy_after: ExamplesReport::of(&after, threshold).accuracy,
        answered,
        proposed: said.iter().map(|utterance| utterance.times).sum(),
        tests_fixed: only(&failing_before, &failing_after),
        tests_broken: only(&failing_after, &failing_before),
    })
}

/// Runs the bot's conversation tests; gives the names of those that fail.
async fn failing(bundle: &Bundle, encoder: &Encoder, knowledge: &SharedKnowledge) -> Result<Vec<String>> {
    let runner = Runner::new(bundle, encoder.clone(), Arc::clone(knowledge)).await?;
    let mut failing = Vec::new();
    for test in &bundle.tests {
        if !runner.run(test).await?.is_empty() {
            failing.push(test.name.clone());
        }
    }
    Ok(failing)
}

/// Writes the proposals as a file of intents. JSON texts are YAML texts, whatever a customer wrote.
fn as_yaml(proposals: &[Proposal]) -> Result<String> {
    let mut yaml = String::from(
        "# Proposed from what customers said. Nothing reads this file until it is in a bot's intents/ folder.\n",
    );
    yaml.push_str(
        "# Known intents: move the examples to theirs. New ones: choose a title and what is to be done,\n# and say the same in the bot's other languages.\nintents:\n",
    );
    let intents: BTreeMap<String, Intent> = proposals
        .iter()
        .map(|p| (p.intent.clone(), suggest::intent(p)))
        .collect();
    for (name, intent) in &intents {
        yaml.push_str(&format!("  {}:\n    title:\n", serde_json::to_string(name)?));
        for (language, title) in intent.title.iter() {
            yaml.push_str(&format!("      {language}: {}\n", serde_json::to_string(title)?));
        }
        yaml.push_str("    answer: true\n    examples:\n");
        for (language, examples) in intent.examples.iter() {
            yaml.push_str(&format!("      {language}:\n"));
            for example in examples {
                yaml.push_str(&format!("        - {}\n", serde_json::to_string(example)?));
            }
        }
    }
    Ok(yaml)
}

impl Group {
    fn of(proposal: &Proposal) -> Self {
        Self {
            intent: proposal.intent.clone(),
            new: proposal.is_new,
            nearest: proposal.nearest.clone(),
            similarity: proposal.similarity,
            times: proposal.times,
            examples: proposal.examples.iter().map(|example| example.text.clone()).collect(),
        }
    }
}

impl Suggestions {
    fn print(&self) {
        say(format_args!(
            "{} turns read; {} different utterances were not understood",
            self.turns, self.unanswered
        ));
        for group in &self.proposals {
            let Group {
                intent,
                nearest,
                similarity,
                times,
                ..
            } = group;
            if group.new {
                say(format_args!(
                    "\nnew intent {intent}, asked {times} times (nearest: {nearest}, {similarity:.2}):"
                ));
            } else {
                say(format_args!(
                    "\nmore examples for {intent}, asked {times} times (similarity {similarity:.2}):"
                ));
            }
            for example in group.examples.iter().take(SHOWN) {
                say(format_args!("  - {example}"));
            }
            if group.examples.len() > SHOWN {
                say(format_args!("  and {} more", group.examples.len() - SHOWN));
            }
        }
        let Some(effect) = &self.effect else {
            say(format_args!("nothing is said often enough to propose"));
            return;
        };
        say(format_args!(
            "\nWith all of it: {} of {} such turns acted on; own examples recognised {:.1} % (now {:.1} %); {} tests fixed, {} broken",
            effect.answered,
            effect.proposed,
            100.0 * effect.accuracy_after,
            100.0 * effect.accuracy_before,
            effect.tests_fixed.len(),
            effect.tests_broken.len()
        ));
        for (what, names) in [("fixed", &effect.tests_fixed), ("broken", &effect.tests_broken)] {
            names.iter().for_each(|name| say(format_args!("  {what}: {name}")));
        }
    }
}
