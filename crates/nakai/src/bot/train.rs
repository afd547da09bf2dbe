//! Trains a bot and says how good its examples are.

mod page;

use std::{fs, path::Path, time::Instant};

use anyhow::{Context, Result};
use nakai_bundle::Bundle;
use nakai_encoder::Encoder;
use nakai_evaluation::examples::ExamplesReport;
use nakai_nlp::intents::{IntentClassifier, SentenceVectors, TrainingSet, cross_validate};
use nakai_types::Language;

use super::check;
use crate::output::say;

/// With fewer examples than this in a language an intent is hard to tell from others there.
const TOO_FEW: usize = 10;
/// How many lines of each kind the terminal shows; the page shows all.
const SHOWN: usize = 10;

/// An intent with too few examples in a language.
struct Few {
    intent: String,
    language: Language,
    examples: usize,
}

/// Trains a bot, asks each example of a classifier that does not know it, and says what that shows; at length in a page, if one is named.
pub(super) fn run(folder: &Path, page: Option<&Path>, encoder: &Encoder) -> Result<()> {
    let bundle = check::load(folder)?.bundle;
    let set = TrainingSet::of(&bundle.intents);
    let mut vectors = SentenceVectors::default();
    let started = Instant::now();
    let classifier = IntentClassifier::train(&set, encoder, &mut vectors)?;
    let milliseconds = started.elapsed().as_secs_f64() * 1000.0;
    let threshold = bundle
        .bot
        .thresholds
        .out_of_scope
        .unwrap_or_else(|| classifier.threshold());
    let report = ExamplesReport::of(&cross_validate(&set, encoder, &mut vectors)?, threshold);
    let few = few(&bundle);
    say(format_args!(
        "trained on {} examples of {} intents in {milliseconds:.0} ms",
        report.examples,
        bundle.intents.len()
    ));
    say(format_args!(
        "an utterance is out of scope below a confidence of {threshold:.2} ({})",
        if bundle.bot.thresholds.out_of_scope.is_some() {
            "set in bot.yaml"
        } else {
            "chosen in training"
        }
    ));
    summary(&report, threshold, &few);
    if let Some(path) = page {
        let html = page::write(bundle.bot_ref.name.as_str(), &report, threshold, &few);
        fs::write(path, html).with_context(|| format!("{} can't be written", path.display()))?;
        say(format_args!("\nAll of it is in {}", path.display()));
    }
    Ok(())
}

/// Finds the intents with too few examples in a language of the bot.
fn few(bundle: &Bundle) -> Vec<Few> {
    let mut few = Vec::new();
    for (name, intent) in &bundle.intents {
        for language in &bundle.bot.languages {
            let examples = intent.examples.get(*language).map_or(0, Vec::len);
            if examples < TOO_FEW {
                few.push(Few {
                    intent: name.clone(),
                    language: *language,
                    examples,
                });
            }
        }
    }
    few
}

fn summary(report: &ExamplesReport, threshold: f32, few: &[Few]) {
    say(format_args!(
        "{:.1} % of the examples are recognised by classifiers that do not know them; calibration error {:.3}",
        100.0 * report.accuracy,
        report.calibration_error
    ));
    say(format_args!(
        "{:.1} % are sure enough to act on (from {threshold} on), {:.1} % of these are taken for another intent",
        100.0 * report.coverage,
        100.0 * report.error
    ));
    let weak = report.intents.iter().filter(|intent| intent.right < intent.examples);
    list(
        "weakest intents",
        weak.map(|intent| {
            let others: Vec<String> = intent
                .taken_for
                .iter()
                .take(3)
                .map(|(name, count)| format!("{name} ({count})"))
                .collect();
            format!(
                "{}: {} of {} recognised, others taken for {}",
                intent.name,
                intent.right,
                intent.examples,
                others.join(", ")
            )
        }),
    );
    list(
        "examples that contradict others",
        report.contradictions.iter().map(|c| {
            format!(
                "{}: \"{}\" is taken for {} ({:.2}), like \"{}\"; move it, or say it more clearly",
                c.intent, c.example, c.looks_like, c.confidence, c.neighbour
            )
        }),
    );
    list(
        "intents with too few examples",
        few.iter().map(|few| {
            format!(
                "{}: {} in {}, {TOO_FEW} are a beginning",
                few.intent, few.examples, few.language
            )
        }),
    );
    list(
        "examples that stand alone",
        report.alone.iter().map(|lone| {
            format!(
                "{}: \"{}\"; give {} more like it, or take it out",
                lone.intent, lone.example, lone.intent
            )
        }),
    );
}

/// Prints the first lines of a list, if there are any.
fn list(title: &str, lines: impl Iterator<Item = String>) {
    let lines: Vec<String> = lines.collect();
    if lines.is_empty() {
        return;
    }
    say(format_args!("\n{title}:"));
    for line in lines.iter().take(SHOWN) {
        say(format_args!("  {line}"));
    }
    if lines.len() > SHOWN {
        say(format_args!(
            "  and {} more (--report FILE.html has all)",
            lines.len() - SHOWN
        ));
    }
}
