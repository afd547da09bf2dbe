//! Makes a classifier of a bot's examples: models trained with all of them, and their calibration from models that were each trained
//! without some.

use super::{
    TrainingSet,
    calibration::{Calibration, Evidence, ForNone, HeldOut, NONE_SHARE, best},
    corpus::{Corpus, Rarities},
    features::{Feature, extract},
    meaning::{Fit, MeaningModel, Scores, SentenceVector},
    model::{Example, LinearModel},
    parallel::in_parallel,
    social::clauses,
    stored::Trained,
    vocabulary::Vector,
};
use crate::{Folded, text::Normalised};

/// Into how many parts the examples are divided; models are calibrated on a part that they were not trained with.
const PARTS: usize = 3;
/// From how many examples on one part is enough to calibrate on.
const MANY: usize = 3000;
/// How many predictions a calibration is fitted to, at most.
const MAX_PREDICTIONS: usize = 2000;
/// From which confidence on the wording alone may decide; the lowest is taken that costs no more than [`TOLERATED`].
const SURE: [f32; 10] = [0.7, 0.75, 0.8, 0.85, 0.88, 0.9, 0.92, 0.94, 0.96, 0.98];
/// The share of predictions that may be wrong only because the meaning was not asked.
const TOLERATED: f32 = 0.001;
/// From which confidence on the wording alone may decide where there are too few predictions to tell.
const SURE_BY_DEFAULT: f32 = 0.93;
const FEW_PREDICTIONS: usize = 100;
/// Below which confidence of the best intent an utterance has none of them, where there are too few predictions to tell.
const THRESHOLD_BY_DEFAULT: f32 = 0.3;
/// How much worse it is to refuse what would be answered rightly than to answer what has no intent: a customer who was not asked for
/// something can say so, one who is refused must find other words.
const COST_OF_REFUSING: f64 = 2.5;
/// The lowest threshold is taken that wins so much of what the best one does: near the best little is won, and chance decides.
const ENOUGH: f64 = 0.8;
/// Between what thresholds are chosen.
const LOWEST_THRESHOLD: f32 = 0.05;
const HIGHEST_THRESHOLD: f32 = 0.6;

/// A training set that is ready to be trained on.
pub(super) struct Training {
    /// The examples as models read them.
    texts: Vec<String>,
    material: Material,
}

/// A training set in the models' terms.
struct Material {
    corpus: Corpus,
    /// By example: its class, and which of that class's examples it is. Classes are the intents, and none of them if there are examples
    /// of that.
    labels: Vec<(usize, usize)>,
    intents: usize,
    classes: usize,
}

/// What a model by wording says of a held-out example: a margin for each class, and the share of its features that are unknown.
struct Worded {
    margins: Vec<f32>,
    unknown: f32,
}

/// A part of the examples, without which models are trained.
struct Part {
    /// By example: its class, unless it belongs to the part.
    classes: Vec<Option<usize>>,
    /// By class: whether any example of it is left.
    known: Vec<bool>,
    /// The examples that are predicted.
    held: Vec<usize>,
}

impl Training {
    pub(super) fn on(set: &TrainingSet) -> Self {
        let mut texts = Vec::new();
        let mut labels = Vec::new();
        let of_none = std::iter::once(&set.out_of_scope).filter(|examples| !examples.is_empty());
        let by_class = set.intents.iter().map(|intent| &intent.examples).chain(of_none);
        for (class, examples) in by_class.enumerate() {
            for (which, example) in examples.iter().enumerate() {
                labels.push((class, which));
                texts.push(Folded::of(&Normalised::of(example)).as_str().to_owned());
            }
        }
        let material = Material {
            corpus: Corpus::of(texts.iter().map(|text| features(text))),
            labels,
            intents: set.intents.len(),
            classes: set.intents.len() + usize::from(!set.out_of_scope.is_empty()),
        };
        Self { texts, material }
    }

    /// The texts whose vectors [`Self::train`] wants; none if nothing can be learnt from them.
    pub(super) fn texts(&self) -> Vec<&str> {
        if self.material.corpus.rows() == 0 {
            return Vec::new();
        }
        self.texts.iter().map(String::as_str).collect()
    }

    /// Trains, by the wording alone if there are no vectors.
    pub(super) fn train(&self, vectors: &[SentenceVector]) -> Trained {
        self.material.trained(vectors)
    }
}

/// The confidence below which refusing costs less than answering, if the assumed share of utterances has none of the intents.
fn threshold(predictions: &[HeldOut], calibration: &Calibration) -> f32 {
    let (known, none): (Vec<_>, Vec<_>) = predictions.iter().partition(|prediction| prediction.intent.is_some());
    if known.len() < FEW_PREDICTIONS || none.is_empty() {
        return THRESHOLD_BY_DEFAULT;
    }
    let best = |prediction: &&HeldOut| best(&calibration.probabilities(&prediction.evidence));
    // What is lost or won by refusing each prediction instead of answering it.
    let (of_known, of_none) = (
        COST_OF_REFUSING * (1.0 - NONE_SHARE) / known.len() as f64,
        NONE_SHARE / none.len() as f64,
    );
    let lost = known.iter().map(|prediction| {
        let (intent, confidence) = best(prediction);
        (
            confidence,
            if prediction.intent == Some(intent) {
                of_known
            } else {
                0.0
            },
        )
    });
    let won = none.iter().map(|prediction| (best(prediction).1, -of_none));
    let mut changes: Vec<(f32, f64)> = lost.chain(won).collect();
    changes.sort_by(|a, b| a.0.total_cmp(&b.0));
    let sums = changes.iter().scan(0.0, |sum: &mut f64, (confidence, change)| {
        *sum += change;
        Some((*sum, *confidence))
    });
    let least = sums.clone().map(|(sum, _)| sum).fold(0.0, f64::min);
    let threshold = sums
        .filter(|(sum, _)| *sum < 0.0)
        .find(|(sum, _)| *sum <= ENOUGH * least)
        .map_or(0.0, |(_, confidence)| confidence);
    // Refuses what is as improbable as the last that should be.
    threshold.next_up().clamp(LOWEST_THRESHOLD, HIGHEST_THRESHOLD)
}

/// The features of a folded example, clause by clause as those of an utterance.
fn features(example: &str) -> Vec<Feature> {
    let mut features = Vec::new();
    clauses(example).for_each(|clause| extract(clause, &mut features));
    features
}

/// From which confidence on the wording alone decides as well as both together.
fn sure_from(alone: &[HeldOut], both: &[HeldOut], by_wording: &Calibration, by_both: &Calibration) -> f32 {
    if alone.len() < FEW_PREDICTIONS {
        return SURE_BY_DEFAULT;
    }
    let outcome = |calibration: &Calibration, prediction: &HeldOut| {
        let (best, confidence) = best(&calibration.probabilities(&prediction.evidence));
        (confidence, prediction.intent == Some(best))
    };
    let outcomes: Vec<_> = alone
        .iter()
        .zip(both)
        .map(|(alone, both)| (outcome(by_wording, alone), outcome(by_both, both).1))
        .collect();
    let costs = |sure: &f32| {
        let decided = outcomes.iter().filter(|((confidence, _), _)| confidence >= sure);
        let lost: i32 = decided
            .map(|((_, alone), both)| i32::from(*both) - i32::from(*alone))
            .sum();
        lost as f32 > TOLERATED * outcomes.len() as f32
    };
    // Below a confidence that costs too much none is sound, whatever chance says.
    let from = SURE.iter().rposition(costs).map_or(0, |costs| costs + 1);
    SURE.get(from).copied().unwrap_or(f32::INFINITY)
}

impl Material {
    fn trained(&self, vectors: &[SentenceVector]) -> Trained {
        let parts = self.parts();
        let all: Vec<usize> = (0..self.labels.len()).collect();
        let mut worded: Vec<Option<(LinearModel, Rarities)>> = Vec::new();
        let mut held: Vec<Vec<Worded>> = Vec::new();
        // The model of all examples and those of the parts have nothing to do with each other.
        for done in in_parallel(parts.len() + 1, |piece| match piece.checked_sub(1) {
            None => (Some(self.train(&all)), Vec::new()),
            Some(part) => (None, self.worded(&parts[part])),
        }) {
            worded.push(done.0);
            held.push(done.1);
        }
        held.remove(0);
        let (model, rarities) = worded.swap_remove(0).unwrap_or_else(|| self.train(&all));
        let (meaning, scores) = if vectors.is_empty() {
            (MeaningModel::default(), parts.iter().map(|_| Vec::new()).collect())
        } else {
            self.meaning(&parts, vectors)
        };
        let alone = self.predictions(&parts, &held, None);
        let by_wording = Calibration::fit(&alone, false);
        let (by_both, sure, threshold) = if meaning.is_empty() {
            (by_wording, 0.0, threshold(&alone, &by_wording))
        } else {
            let both = self.predictions(&parts, &held, Some(&scores));
            let by_both = Calibration::fit(&both, true);
            let sure = sure_from(&alone, &both, &by_wording, &by_both);
            (by_both, sure, threshold(&both, &by_both))
        };
        Trained {
            intents: self.intents,
            vocabulary: self.corpus.vocabulary(&rarities),
            model,
            meaning,
            by_wording,
            by_both,
            sure,
            threshold,
        }
    }

    /// Trains on some of the examples by their wording; gives the model with how much each feature counts in it.
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
        let model = LinearModel::train(&examples, self.corpus.rows(), self.classes, |row| {
            self.corpus.is_word_row(row)
        });
        (model, rarities)
    }

    /// Divides the examples. Each part also takes some intents altogether, so that their examples are utterances with none of the
    /// intents that the models without the part know.
    fn parts(&self) -> Vec<Part> {
        let parts = if self.labels.len() > MANY { 1 } else { PARTS };
        let part = |part: usize| {
            let unknown_intent = |class: usize| self.intents > 2 && class < self.intents && class % (2 * PARTS) == part;
            let class = |&(class, which): &(usize, usize)| {
                let held = unknown_intent(class) || (which + class) % PARTS == part;
                (!held).then_some(class)
            };
            let classes: Vec<Option<usize>> = self.labels.iter().map(class).collect();
            let mut known = vec![false; self.classes];
            classes.iter().flatten().for_each(|class| known[*class] = true);
            let held: Vec<usize> = (0..classes.len())
                .filter(|example| classes[*example].is_none())
                .collect();
            let step = held.len().div_ceil(MAX_PREDICTIONS / parts).max(1);
            Part {
                classes,
                known,
                held: held.into_iter().step_by(step).collect(),
            }
        };
        let parts = (0..parts).map(part);
        parts.filter(|part| part.known.contains(&true)).collect()
    }

    /// Predicts the examples of a part by their wording.
    fn worded(&self, part: &Part) -> Vec<Worded> {
        let kept: Vec<usize> = (0..self.labels.len())
            .filter(|example| part.classes[*example].is_some())
            .collect();
        let (model, rarities) = self.train(&kept);
        let worded = |example: &usize| {
            let vector = self.corpus.vector(*example, &rarities);
            Worded {
                margins: model.margins(&vector.entries),
                unknown: vector.unknown,
            }
        };
        part.held.iter().map(worded).collect()
    }

    /// Trains on the meaning of the examples, and predicts those of each part by it.
    fn meaning(&self, parts: &[Part], vectors: &[SentenceVector]) -> (MeaningModel, Vec<Vec<Scores>>) {
        let classes: Vec<usize> = self.labels.iter().map(|(class, _)| *class).collect();
        let without = |example: usize| {
            (0..).zip(parts).fold(0, |bits, (number, part)| {
                bits | u8::from(part.classes[example].is_none()) << number
            })
        };
        let without: Vec<u8> = (0..classes.len()).map(without).collect();
        let fit = Fit::new(vectors, &classes, &without);
        let mut meaning = MeaningModel::default();
        let mut scores = Vec::new();
        for done in in_parallel(parts.len() + 1, |piece| match piece.checked_sub(1) {
            None => (Some(fit.all(&classes, self.classes)), Vec::new()),
            Some(part) => {
                let Part { classes, held, .. } = &parts[part];
                (None, fit.held_out(part, classes, self.classes, held))
            }
        }) {
            match done {
                (Some(model), _) => meaning = model,
                (None, part) => scores.push(part),
            }
        }
        (meaning, scores)
    }

    /// What the models say of the examples that they were trained without; by the wording alone if there are no scores.
    fn predictions(&self, parts: &[Part], worded: &[Vec<Worded>], scores: Option<&[Vec<Scores>]>) -> Vec<HeldOut> {
        let mut predictions = Vec::new();
        for (number, (part, worded)) in parts.iter().zip(worded).enumerate() {
            for (which, (example, worded)) in part.held.iter().zip(worded).enumerate() {
                let scores = scores.and_then(|scores| scores.get(number)?.get(which));
                let mut evidence = evidence(&worded.margins, worded.unknown, scores, self.intents);
                for (said, known) in evidence.intents.iter_mut().zip(&part.known) {
                    if !known {
                        *said = None;
                    }
                }
                let class = self.labels[*example].0;
                predictions.push(HeldOut {
                    evidence,
                    intent: (class < self.intents && part.known[class]).then_some(class),
                });
            }
        }
        predictions
    }
}

/// What the models say of an utterance. They know so many intents, and perhaps none of them as one more class.
pub(super) fn evidence(margins: &[f32], unknown: f32, scores: Option<&Scores>, intents: usize) -> Evidence {
    // What chance alone would say of each class: a bot of one intent is no surer of it for having no other.
    let chance = 1.0 / margins.len().max(1) as f32;
    let said = |class: usize| {
        let score = scores.and_then(|scores| scores.by_class.get(class));
        margins
            .get(class)
            .map(|margin| [*margin, score.map_or(0.0, |score| score - chance)])
    };
    Evidence {
        intents: (0..intents).map(said).collect(),
        none: ForNone {
            unknown,
            distance: scores.map_or(0.0, |scores| scores.distance),
            like_none: said(intents).unwrap_or_default(),
        },
    }
}
