//! How well, how fast and how honestly intents are recognised, on labelled utterances.
//!
//! [`evaluate`] trains on some utterances, asks others and makes a [`NluReport`]. `split` says which are which, `metrics` has the
//! figures, `classify` is all that knows the classifier.

mod classify;
mod metrics;
mod prediction;
mod report;
mod split;

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use nakai_encoder::{Encoder, Unavailable};

use self::{classify::Trained, prediction::Prediction};
pub use self::{
    metrics::{Point, Trade},
    report::NluReport,
};
use crate::{Unusable, cost, labelled::Labelled, noise::Noise};

/// How utterances are trained on and asked.
#[derive(Clone)]
pub struct NluOptions {
    /// The label of utterances that have no intent: examples of that in training, to be refused in the test.
    pub oos: Option<String>,
    /// Utterances that have none of the intents, whatever their labels say: asked, each once, never trained on.
    pub outside: Vec<Labelled>,
    /// Trains on so many utterances of each intent, drawn at random; on all if there is none. Examples without intent are all kept.
    pub shots: Option<usize>,
    /// What all that is random depends on.
    pub seed: u64,
    /// Into how many parts the utterances are cut if there is no test: each is asked once, of a classifier of the others.
    pub folds: usize,
    /// What is done to the utterances that are asked, and to which share of their characters.
    pub noise: Option<(Noise, f64)>,
    /// The confidence below which an utterance is refused; if there is none, what each training chooses, or nothing is refused where every
    /// utterance has an intent.
    pub threshold: Option<f32>,
    /// What is asked where the wording alone is not sure; if there is none, the wording decides alone.
    pub encoder: Option<Encoder>,
}

impl Default for NluOptions {
    fn default() -> Self {
        Self {
            oos: None,
            outside: Vec::new(),
            shots: None,
            seed: 0,
            folds: 5,
            noise: None,
            threshold: None,
            encoder: Some(Encoder::shipped()),
        }
    }
}

/// Why there is no report.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NluError {
    /// A file can't be used.
    #[error(transparent)]
    Unusable(#[from] Unusable),
    /// The encoder can't be had.
    #[error(transparent)]
    Encoder(#[from] Unavailable),
}

/// Trains on `train` and asks `test`; without a test, each part of `train` is asked of a classifier of the others.
///
/// # Errors
/// If there is nothing to train on or nothing to ask, or a label can't be right, or the encoder can't be had.
pub fn evaluate(train: &[Labelled], test: Option<&[Labelled]>, options: &NluOptions) -> Result<NluReport, NluError> {
    check(train, test, options)?;
    let mut trial = Trial::new(options);
    let unlabelled = |row: &Labelled| Labelled {
        intents: Vec::new(),
        ..row.clone()
    };
    let outside: Vec<Labelled> = options.outside.iter().map(unlabelled).collect();
    match test {
        Some(test) => trial.run(
            &train.iter().collect::<Vec<_>>(),
            &test.iter().chain(&outside).collect::<Vec<_>>(),
        )?,
        None => {
            let part_of = split::folds(train, options.folds, options.seed);
            for part in 0..options.folds {
                let rows = |asked: bool| {
                    let own = train
                        .iter()
                        .zip(&part_of)
                        .filter(move |(_, own)| (**own == part) == asked);
                    own.map(|(row, _)| row).collect::<Vec<_>>()
                };
                let asked = outside.iter().skip(part).step_by(options.folds);
                trial.run(&rows(false), &rows(true).into_iter().chain(asked).collect::<Vec<_>>())?;
            }
        }
    }
    Ok(trial.report())
}

/// Finds what would make the figures meaningless.
fn check(train: &[Labelled], test: Option<&[Labelled]>, options: &NluOptions) -> Result<(), Unusable> {
    let oos = options.oos.as_deref();
    let intents: BTreeSet<&str> = labels(train).filter(|label| Some(*label) != oos).collect();
    let name = |rows: &[Labelled], otherwise: &str| rows.first().map_or(otherwise.to_owned(), |row| row.file.clone());
    let training = name(train, "the training set");
    if intents.is_empty() {
        return Err(Unusable::file(
            &training,
            "nothing to train on; expected utterances that have an intent",
        ));
    }
    if let Some(oos) = oos
        && !labels(train)
            .chain(test.into_iter().flat_map(labels))
            .any(|label| label == oos)
    {
        let problem = format!("no utterance is labelled `{oos}`; expected the label of those without intent");
        return Err(Unusable::file(&training, problem));
    }
    let Some(test) = test else {
        if options.folds < 2 || train.len() < options.folds {
            let problem = format!(
                "{} utterances; expected at least 2 parts and an utterance for each of {}",
                train.len(),
                options.folds
            );
            return Err(Unusable::file(&training, problem));
        }
        return Ok(());
    };
    let Some(first) = test.first() else {
        return Err(Unusable::file("the test", "no utterances to ask"));
    };
    let known = |label: &str| intents.contains(label) || Some(label) == oos;
    if labels(test).next().is_some() && !labels(test).any(known) {
        let problem = format!(
            "no label of the test is one of the {} that were trained, such as `{}`; the first is `{}`",
            intents.len(),
            intents.first().unwrap_or(&""),
            labels(test).next().unwrap_or_default(),
        );
        return Err(Unusable::line(&first.file, first.line, problem));
    }
    Ok(())
}

fn labels(rows: &[Labelled]) -> impl Iterator<Item = &str> {
    rows.iter().flat_map(|row| &row.intents).map(String::as_str)
}

/// What came of all trainings so far.
struct Trial<'o> {
    options: &'o NluOptions,
    predictions: Vec<Prediction>,
    trainings: u32,
    training_rows: usize,
    intents: BTreeSet<String>,
    /// Labels of the test of which there was no example.
    unknown: BTreeMap<String, usize>,
    training_cpu: Duration,
    asking_cpu: Duration,
    /// The sum of those in force.
    thresholds: f32,
}

impl<'o> Trial<'o> {
    const fn new(options: &'o NluOptions) -> Self {
        Self {
            options,
            predictions: Vec::new(),
            trainings: 0,
            training_rows: 0,
            intents: BTreeSet::new(),
            unknown: BTreeMap::new(),
            training_cpu: Duration::ZERO,
            asking_cpu: Duration::ZERO,
            thresholds: 0.0,
        }
    }

    fn run(&mut self, train: &[&Labelled], test: &[&Labelled]) -> Result<(), Unavailable> {
        let options = self.options;
        let is_oos = |row: &Labelled| row.intents.is_empty() || row.intents.first() == options.oos.as_ref();
        let train = match options.shots {
            Some(shots) => split::few(train, shots, options.seed, is_oos),
            None => train.to_vec(),
        };
        let set = classify::training_set(&train, is_oos);
        let known: BTreeSet<&str> = set.intents.iter().map(|intent| &*intent.name).collect();
        let before = cost::cpu();
        let trained = Trained::on(
            &set,
            train.iter().any(|row| row.intents.len() > 1),
            options.encoder.as_ref(),
        )?;
        self.training_cpu += cost::cpu().saturating_sub(before);
        self.trainings += 1;
        // Where every utterance has an intent there is nothing to refuse.
        let refuses = options.oos.is_some() || test.iter().any(|row| is_oos(row));
        let chosen = || if refuses { trained.threshold() } else { 0.0 };
        let threshold = options.threshold.unwrap_or_else(chosen);
        self.thresholds += threshold;
        self.training_rows += train.len();

        let texts: Vec<String> = test.iter().map(|row| options.noisy(&row.text)).collect();
        let mut answers = Vec::new();
        self.asking_cpu += cost::cpu_of_one(|| {
            answers = texts.iter().map(|text| trained.ask(text, threshold)).collect();
        });
        for (row, answer) in test.iter().zip(answers) {
            let truth = if is_oos(row) { Vec::new() } else { row.intents.clone() };
            for label in truth.iter().filter(|label| !known.contains(label.as_str())) {
                *self.unknown.entry(label.clone()).or_default() += 1;
            }
            self.predictions.push(Prediction { truth, ..answer });
        }
        self.intents.extend(known.into_iter().map(str::to_owned));
        Ok(())
    }

    fn report(self) -> NluReport {
        NluReport::of(self)
    }
}

impl NluOptions {
    fn noisy(&self, text: &str) -> String {
        match self.noise {
            Some((noise, rate)) => noise.apply(text, rate, self.seed),
            None => text.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests;
