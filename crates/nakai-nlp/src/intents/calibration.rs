//! Turns what the models say into probabilities that mean something.
//!
//! An utterance has one of the bot's intents or none of them. The odds of intent *i* are `exp(wording * margin_i + meaning * score_i)`,
//! those of none are `exp` of a weighted sum of what speaks for it: how much of the utterance is unknown, how far it is from every
//! example, and how much it is like the examples of none, if a bot has any. The weights are fitted, as a logistic regression, to
//! predictions for examples that the models at hand were not trained with; examples of intents that they were not trained with at
//! all show what "none of them" looks like. How sure the best intent is, if it is any, comes last, from how often it is right
//! among the same predictions (see [`Confidence`]).

use super::confidence::{Confidence, Outcome};

/// How many weights there are.
const COUNT: usize = 7;
/// What a weight is multiplied with stands in this order: the margin and the score of an intent, then what speaks for none.
const INTENT: usize = 2;
/// What the fit starts from and, where a bot has few examples, stays near to; by wording alone, and together with meaning.
const PRIORS: [[f64; COUNT]; 2] = [
    [4.0, 0.0, 0.0, 2.0, 0.0, 2.0, 0.0],
    [2.5, 5.0, -1.5, 1.0, 3.0, 2.0, 3.0],
];
/// How strongly the fit holds to the prior, by weight: the inverse of its variance.
const PRIOR_STRENGTH: [f64; COUNT] = [0.5, 0.2, 0.5, 0.5, 0.2, 0.5, 0.2];
/// The share of utterances with none of the bot's intents that is assumed; training sets do not tell it.
pub(super) const NONE_SHARE: f64 = 0.05;
const ITERATIONS: usize = 40;

/// What models say of an utterance.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Evidence {
    /// By intent: the margin by its wording, the score by its meaning. `None` for an intent that the models do not know.
    pub(super) intents: Vec<Option<[f32; INTENT]>>,
    pub(super) none: ForNone,
}

/// What speaks for none of the intents.
#[derive(Debug, Default, Clone, Copy, PartialEq)]
pub(super) struct ForNone {
    /// The share of the utterance's features that were not in training.
    pub(super) unknown: f32,
    /// How far the nearest example is in meaning.
    pub(super) distance: f32,
    /// Margin and score of the examples of none; zeros if there are no such examples.
    pub(super) like_none: [f32; INTENT],
}

impl ForNone {
    const fn weighed(&self) -> [f32; COUNT - INTENT] {
        [1.0, self.unknown, self.distance, self.like_none[0], self.like_none[1]]
    }
}

/// A prediction for an example that the models were not trained with.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct HeldOut {
    pub(super) evidence: Evidence,
    /// The example's intent, unless the models do not know it.
    pub(super) intent: Option<usize>,
}

/// The way from what models say to probabilities.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Calibration {
    pub(super) weights: [f32; COUNT],
    pub(super) confidence: Confidence,
}

impl Calibration {
    /// Fits the weights by Newton's method; the likelihood has one maximum. Then fits how sure the best intent is. `with_meaning` says
    /// whether there are scores.
    pub(super) fn fit(predictions: &[HeldOut], with_meaning: bool) -> Self {
        let prior = &PRIORS[usize::from(with_meaning)];
        let nones = predictions
            .iter()
            .filter(|prediction| prediction.intent.is_none())
            .count() as f64;
        let known = predictions.len() as f64 - nones;
        let none_weight = if nones > 0.0 {
            (known * NONE_SHARE / (1.0 - NONE_SHARE) / nones).min(1.0)
        } else {
            0.0
        };
        let mut parameters = *prior;
        let mut loss = f64::INFINITY;
        let mut step = [0.0; COUNT];
        for _ in 0..ITERATIONS {
            let slope = Slope::of(&parameters, prior, predictions, none_weight);
            if slope.loss > loss + 1e-9 {
                // Overshot: back half the way.
                step = step.map(|s| s / 2.0);
                parameters = std::array::from_fn(|i| parameters[i] + step[i]);
                continue;
            }
            loss = slope.loss;
            step = solve(slope.curvature, slope.gradient);
            parameters = std::array::from_fn(|i| parameters[i] - step[i]);
            if step.iter().all(|s| s.abs() < 1e-4) {
                break;
            }
        }
        let mut weights = parameters.map(|parameter| parameter as f32);
        weights[0] = weights[0].max(0.1);
        weights[1] = weights[1].max(0.0);
        let outcome = |prediction: &HeldOut| {
            let intent = prediction.intent?;
            let probabilities = said(&weights, &prediction.evidence);
            let (best, probability) = best(&probabilities);
            Some(Outcome {
                probability: probability / any(&probabilities),
                is_right: intent == best,
            })
        };
        let outcomes: Vec<Outcome> = predictions.iter().filter_map(outcome).collect();
        Self {
            weights,
            confidence: Confidence::fit(&outcomes),
        }
    }

    /// How probable each intent is. They add up to no more than one less the probability of none.
    pub(super) fn probabilities(&self, evidence: &Evidence) -> Vec<f32> {
        let mut probabilities = said(&self.weights, evidence);
        let (first, probability) = best(&probabilities);
        let any = any(&probabilities);
        let confidence = any * self.confidence.of(probability / any);
        // What the best one has not is shared by the others as before, but none of them overtakes it.
        let others = (any - confidence) / (any - probability).max(f32::EPSILON);
        for (intent, probability) in probabilities.iter_mut().enumerate() {
            *probability = if intent == first {
                confidence
            } else {
                (*probability * others).min(confidence)
            };
        }
        probabilities
    }
}

/// How probable it is that an utterance has any of the intents.
fn any(probabilities: &[f32]) -> f32 {
    probabilities.iter().sum::<f32>().clamp(f32::MIN_POSITIVE, 1.0)
}

/// The most probable intent, the first of equals, and its probability.
pub(super) fn best(probabilities: &[f32]) -> (usize, f32) {
    let better = |best: (usize, f32), next: (usize, f32)| if next.1 > best.1 { next } else { best };
    probabilities.iter().copied().enumerate().fold((0, 0.0), better)
}

/// How probable each intent is by a weighted sum of the evidence. They add up to one less the probability of none.
fn said(weights: &[f32; COUNT], evidence: &Evidence) -> Vec<f32> {
    let [wording, meaning, for_none @ ..] = *weights;
    let none: f32 = for_none
        .iter()
        .zip(evidence.none.weighed())
        .map(|(weight, x)| weight * x)
        .sum();
    let odds = |intent: &Option<[f32; INTENT]>| {
        intent.map_or(f32::NEG_INFINITY, |[margin, score]| wording * margin + meaning * score)
    };
    let mut probabilities: Vec<f32> = evidence.intents.iter().map(odds).collect();
    let highest = probabilities.iter().copied().fold(none, f32::max);
    let mut total = (none - highest).exp();
    for odds in &mut probabilities {
        *odds = (*odds - highest).exp();
        total += *odds;
    }
    probabilities.iter_mut().for_each(|odds| *odds /= total);
    probabilities
}

/// The negative log-likelihood of all predictions and the prior, with its first and second derivatives.
struct Slope {
    loss: f64,
    gradient: [f64; COUNT],
    curvature: [[f64; COUNT]; COUNT],
}

impl Slope {
    fn of(parameters: &[f64; COUNT], prior: &[f64; COUNT], predictions: &[HeldOut], none_weight: f64) -> Self {
        let mut slope = Self {
            loss: 0.0,
            gradient: [0.0; COUNT],
            curvature: [[0.0; COUNT]; COUNT],
        };
        for (i, strength) in PRIOR_STRENGTH.iter().enumerate() {
            let off = parameters[i] - prior[i];
            slope.loss += 0.5 * strength * off * off;
            slope.gradient[i] += strength * off;
            slope.curvature[i][i] += strength;
        }
        for prediction in predictions {
            let weight = if prediction.intent.is_none() { none_weight } else { 1.0 };
            slope.add(parameters, prediction, weight);
        }
        slope
    }

    /// Adds one prediction. The logit of each outcome is linear in the weights, so the derivatives are the moments of what they are
    /// multiplied with under the present probabilities.
    fn add(&mut self, parameters: &[f64; COUNT], prediction: &HeldOut, weight: f64) {
        let [wording, meaning, for_none @ ..] = *parameters;
        let weighed = prediction.evidence.none.weighed().map(f64::from);
        let none: f64 = for_none.iter().zip(weighed).map(|(weight, x)| weight * x).sum();
        let known = || {
            prediction
                .evidence
                .intents
                .iter()
                .flatten()
                .map(|said| said.map(f64::from))
        };
        let logit = |[margin, score]: [f64; INTENT]| wording * margin + meaning * score;
        let highest = known().map(logit).fold(none, f64::max);
        let p_none = (none - highest).exp();
        let mut total = p_none;
        let mut first = [0.0; INTENT];
        let mut second = [0.0; 3];
        for said in known() {
            let odds = (logit(said) - highest).exp();
            let [margin, score] = said;
            total += odds;
            first[0] += odds * margin;
            first[1] += odds * score;
            second[0] += odds * margin * margin;
            second[1] += odds * margin * score;
            second[2] += odds * score * score;
        }
        let p_none = p_none / total;
        let mut mean = [0.0; COUNT];
        for (mean, first) in mean.iter_mut().zip(first) {
            *mean = first / total;
        }
        for (mean, x) in mean[INTENT..].iter_mut().zip(weighed) {
            *mean = p_none * x;
        }
        let target = prediction
            .intent
            .and_then(|intent| prediction.evidence.intents.get(intent).copied().flatten())
            .map(|said| said.map(f64::from));
        self.loss += weight * (highest + total.ln() - target.map_or(none, logit));
        let mut truth = [0.0; COUNT];
        match target {
            Some(said) => truth[..INTENT].copy_from_slice(&said),
            None => truth[INTENT..].copy_from_slice(&weighed),
        }
        for (i, row) in self.curvature.iter_mut().enumerate() {
            self.gradient[i] += weight * (mean[i] - truth[i]);
            for (j, sum) in row.iter_mut().enumerate() {
                let product = match (i < INTENT, j < INTENT) {
                    (true, true) => second[i + j] / total,
                    (false, false) => p_none * weighed[i - INTENT] * weighed[j - INTENT],
                    _ => 0.0,
                };
                *sum += weight * (product - mean[i] * mean[j]);
            }
        }
    }
}

/// Solves `matrix * x = vector` for a positive definite matrix by elimination.
pub(super) fn solve<const N: usize>(mut matrix: [[f64; N]; N], mut vector: [f64; N]) -> [f64; N] {
    for pivot in 0..N {
        for row in pivot + 1..N {
            let factor = matrix[row][pivot] / matrix[pivot][pivot];
            let above = matrix[pivot];
            matrix[row]
                .iter_mut()
                .zip(above)
                .for_each(|(number, above)| *number -= factor * above);
            vector[row] -= factor * vector[pivot];
        }
    }
    for row in (0..N).rev() {
        let known: f64 = (row + 1..N).map(|column| matrix[row][column] * vector[column]).sum();
        vector[row] = (vector[row] - known) / matrix[row][row];
    }
    vector
}

#[cfg(test)]
mod tests {
    use super::*;

    fn evidence(margins: [Option<f32>; 2], unknown: f32) -> Evidence {
        Evidence {
            intents: margins.map(|margin| margin.map(|margin| [margin, 0.0])).to_vec(),
            none: ForNone {
                unknown,
                ..ForNone::default()
            },
        }
    }

    /// Predictions of a model that knows two intents, and is right in `share` of ten cases.
    fn predictions(right: usize, nones: usize) -> Vec<HeldOut> {
        let known = (0..10).map(|n| {
            let margins = if n < right {
                [Some(0.5), Some(-0.5)]
            } else {
                [Some(-0.5), Some(0.5)]
            };
            HeldOut {
                evidence: evidence(margins, 0.1),
                intent: Some(0),
            }
        });
        let none = (0..nones).map(|_| HeldOut {
            evidence: evidence([None, Some(-0.9)], 0.8),
            intent: None,
        });
        (0..20)
            .flat_map(|_| known.clone().collect::<Vec<_>>())
            .chain((0..20).flat_map(|_| none.clone().collect::<Vec<_>>()))
            .collect()
    }

    #[test]
    fn confidence_is_the_share_of_right_answers() {
        for right in [7, 9] {
            let calibration = Calibration::fit(&predictions(right, 2), false);
            let found = calibration.probabilities(&evidence([Some(0.5), Some(-0.5)], 0.1))[0];
            let expected = right as f32 / 10.0;
            assert!((found - expected).abs() < 0.08, "right in {expected}, said {found}");
        }
    }

    #[test]
    fn what_looks_like_none_of_the_intents_is_improbable() {
        let calibration = Calibration::fit(&predictions(9, 5), false);
        let clear = calibration.probabilities(&evidence([Some(0.5), Some(-0.5)], 0.1));
        let strange = calibration.probabilities(&evidence([Some(-0.9), Some(-0.9)], 0.8));
        assert!(clear[0] > 0.8, "{clear:?}");
        assert!(strange.iter().all(|p| *p < 0.2), "{strange:?}");
    }

    #[test]
    fn meaning_decides_where_it_is_the_better_judge() {
        // The wording is right in half of the cases, the meaning always.
        let predictions: Vec<HeldOut> = (0..100)
            .map(|n| {
                let margin = if n % 2 == 0 { 0.5 } else { -0.5 };
                HeldOut {
                    evidence: Evidence {
                        intents: vec![Some([margin, 0.8]), Some([-margin, 0.1])],
                        none: ForNone::default(),
                    },
                    intent: Some(0),
                }
            })
            .collect();
        let calibration = Calibration::fit(&predictions, true);
        let [wording, meaning, ..] = calibration.weights;
        assert!(wording < 1.5 && meaning > 6.0, "{calibration:?}");
    }

    #[test]
    fn without_predictions_the_prior_holds() {
        for with_meaning in [false, true] {
            let prior = PRIORS[usize::from(with_meaning)].map(|weight| weight as f32);
            assert_eq!(Calibration::fit(&[], with_meaning).weights, prior);
        }
    }

    #[test]
    fn the_best_intent_stays_the_best() {
        // Right in three cases of ten, however sure.
        let calibration = Calibration::fit(&predictions(3, 0), false);
        for margins in [[0.5, -0.5], [0.5, 0.4], [0.5, 0.5], [-0.2, 0.3]] {
            let probabilities = calibration.probabilities(&evidence(margins.map(Some), 0.1));
            let raw = said(&calibration.weights, &evidence(margins.map(Some), 0.1));
            let (first, confidence) = best(&raw);
            assert!(
                probabilities.iter().all(|p| *p <= probabilities[first]),
                "{probabilities:?}"
            );
            assert!(
                probabilities.iter().sum::<f32>() <= 1.0 + 1e-6,
                "{confidence}: {probabilities:?}"
            );
        }
    }
}
