//! What a bot understands, by capability.

use anyhow::Result;
use nakai_encoder::Encoder;
use nakai_evaluation::{behaviour, read};
use nakai_nlp::intents::{IntentClassifier, SentenceVectors, TrainingSet};

use crate::{cli::BenchBehaviour, serve::bots};

pub(super) fn run(options: &BenchBehaviour) -> Result<()> {
    let cases = if options.files.is_empty() {
        behaviour::shipped()?
    } else {
        let mut cases = Vec::new();
        for file in &options.files {
            cases.append(&mut behaviour::read_cases(&file.to_string_lossy(), &read(file)?)?);
        }
        cases
    };
    let bundle = bots::load(options.bot.as_ref())?.bundle;
    let classifier = IntentClassifier::train(
        &TrainingSet::of(&bundle.intents),
        &Encoder::shipped(),
        &mut SentenceVectors::default(),
    )?;
    let threshold = bundle
        .bot
        .thresholds
        .out_of_scope
        .unwrap_or_else(|| classifier.threshold());
    let names = bundle.intents.keys().map(String::as_str);
    let mut report = behaviour::evaluate(&classifier, names, threshold, &cases)?;
    report.lists_failures = options.failures;
    super::print(&report, options.json)
}
