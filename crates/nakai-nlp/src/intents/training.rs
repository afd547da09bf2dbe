//! Makes a classifier of a bot's examples: a model trained with all of them, and its calibration from models that were each trained
//! without some.

use super::{
    TrainingSet,
    calibration::{Calibration, HeldOut},
    corpus::{Corpus, Rarities},
    features::{Feature, extract},
    model::{Example, LinearModel},
    social::clauses,
    stored::Trained,
    vocabulary::Vector,
};
use crate::{Folded, text::Normalised};

/// Into how many parts the examples are divided; a model is calibrated on a part that it was not trained with.
const PARTS: usize = 3;
/// From how many examples on one part is enough to calibrate on.
const MANY: usize = 3000;
/// How many predictions a calibration is fitted to, at most.
const MAX_PREDICTIONS: usize = 2000;

/// A training set in the model's terms.
struct Material {
    corpus: Corpus,
    /// By example: its intent, and which of that intent's examples it is.
    labels: Vec<(usize, usize)>,
    intents: usize,
}

pub(super) fn train(set: &TrainingSet) -> Trained {
    let mut labels = Vec::new();
    let mut examples = Vec::new();
    for (number, intent) in set.intents.iter().enumerate() {
        for (which, example) in intent.examples.iter().enumerate() {
            labels.push((number, which));
            examples.push(features(example));
        }
    }
    let material = Material {
        corpus: Corpus::of(examples.into_iter()),
        labels,
        intents: set.intents.len(),
    };
    let all: Vec<usize> = (0..material.labels.len()).collect();
    // Calibrating takes about as long as training: a bot is ready in half the time if both go on at once.
    let ((model, rarities), calibration) = std::thread::scope(|scope| {
        let calibration = scope.spawn(|| Calibration::fit(&material.predictions()));
        let trained = material.train(&all);
        (
            trained,
            calibration
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
        )
    });
    Trained {
        vocabulary: material.corpus.vocabulary(&rarities),
        model,
        calibration,
    }
}

/// The features of an example, clause by clause as those of an utterance.
fn features(example: &str) -> Vec<Feature> {
    let normalised = Normalised::of(example);
    let mut features = Vec::new();
    clauses(Folded::of(&normalised).as_str()).for_each(|clause| extract(clause, &mut features));
    features
}

impl Material {
    /// Trains on some of the examples; gives the model with how much each feature counts in it.
    fn train(&self, subset: &[usize]) -> (LinearModel, Rarities) {
        let rarities = self.corpus.rarities(subset);
        let vectors: Vec<Vector> = subset
            .iter()
            .map(|example| self.corpus.vector(*example, &rarities))
            .collect();
        let examples: Vec<Example<'_>> = subset
            .iter()
            .zip(&vectors)
            .map(|(example, vector)| Example {
                entries: &vector.entries,
                intent: self.labels[*example].0,
            })
            .collect();
        let model = LinearModel::train(&examples, self.corpus.rows(), self.intents, |row| {
            self.corpus.is_word_row(row)
        });
        (model, rarities)
    }

    /// Predicts examples with models that were trained without them. Each model also goes without some intents altogether, so that
    /// their examples are utterances with none of the intents that it knows.
    fn predictions(&self) -> Vec<HeldOut> {
        let parts = if self.labels.len() > MANY { 1 } else { PARTS };
        let mut predictions = Vec::new();
        for part in 0..parts {
            let unknown_intent = |intent: usize| self.intents > 2 && intent % (2 * PARTS) == part;
            let held_out = |example: usize| {
                let (intent, which) = self.labels[example];
                unknown_intent(intent) || (which + intent) % PARTS == part
            };
            let (held, kept): (Vec<usize>, Vec<usize>) = (0..self.labels.len()).partition(|example| held_out(*example));
            if kept.is_empty() {
                continue;
            }
            let (model, rarities) = self.train(&kept);
            let mut known = vec![false; self.intents];
            for example in kept {
                known[self.labels[example].0] = true;
            }
            let step = held.len().div_ceil(MAX_PREDICTIONS / parts).max(1);
            predictions.extend(held.into_iter().step_by(step).map(|example| {
                let vector = self.corpus.vector(example, &rarities);
                let margins = model.margins(&vector.entries);
                let intent = self.labels[example].0;
                HeldOut {
                    margins: margins
                        .into_iter()
                        .zip(&known)
                        .map(|(margin, known)| known.then_some(margin))
                        .collect(),
                    unknown: vector.unknown,
                    intent: known[intent].then_some(intent),
                }
            }));
        }
        predictions
    }
}
