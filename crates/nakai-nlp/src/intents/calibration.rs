//! Turns margins into probabilities that mean something.
//!
//! An utterance has one of the bot's intents or none of them. The odds of intent *i* are `exp(sharpness * margin_i)`, those of none
//! are `exp(none + none_if_unknown * unknown)`, where `unknown` is the share of its features that no training example has. The three
//! numbers are fitted, as a logistic regression, to predictions for examples that the model at hand was not trained with; examples
//! of intents that it was not trained with at all show what "none of them" looks like.

/// What the fit starts from and, where a bot has few examples, stays near to.
const PRIOR: [f64; 3] = [4.0, 0.0, 2.0];
/// How strongly the fit holds to the prior, by parameter: the inverse of its variance.
const PRIOR_STRENGTH: [f64; 3] = [0.5, 0.5, 0.5];
/// The share of utterances with none of the bot's intents that is assumed; training sets do not tell it.
const NONE_SHARE: f64 = 0.1;
const ITERATIONS: usize = 25;

/// A prediction for an example that the model was not trained with.
pub(super) struct HeldOut {
    /// By intent; `None` for an intent that this model does not know.
    pub(super) margins: Vec<Option<f32>>,
    /// The share of the example's features that were not in training.
    pub(super) unknown: f32,
    /// The example's intent, unless the model does not know it.
    pub(super) intent: Option<usize>,
}

/// The way from margins to probabilities.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Calibration {
    pub(super) sharpness: f32,
    pub(super) none: f32,
    pub(super) none_if_unknown: f32,
}

impl Calibration {
    /// Fits the three numbers by Newton's method; the likelihood has one maximum.
    pub(super) fn fit(predictions: &[HeldOut]) -> Self {
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
        let mut parameters = PRIOR;
        let mut loss = f64::INFINITY;
        let mut step = [0.0; 3];
        for _ in 0..ITERATIONS {
            let slope = Slope::of(&parameters, predictions, none_weight);
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
        let [sharpness, none, none_if_unknown] = parameters.map(|parameter| parameter as f32);
        Self {
            sharpness: sharpness.max(0.1),
            none,
            none_if_unknown,
        }
    }

    /// Turns margins into probabilities in place. They add up to one less the probability of none.
    pub(super) fn apply(&self, margins: &mut [f32], unknown: f32) {
        let none = self.none + self.none_if_unknown * unknown;
        let highest = margins
            .iter()
            .map(|margin| self.sharpness * margin)
            .fold(none, f32::max);
        let mut total = (none - highest).exp();
        for margin in margins.iter_mut() {
            *margin = (self.sharpness * *margin - highest).exp();
            total += *margin;
        }
        for odds in margins {
            *odds /= total;
        }
    }
}

/// The negative log-likelihood of all predictions and the prior, with its first and second derivatives.
struct Slope {
    loss: f64,
    gradient: [f64; 3],
    curvature: [[f64; 3]; 3],
}

impl Slope {
    fn of(parameters: &[f64; 3], predictions: &[HeldOut], none_weight: f64) -> Self {
        let mut slope = Self {
            loss: 0.0,
            gradient: [0.0; 3],
            curvature: [[0.0; 3]; 3],
        };
        for (i, strength) in PRIOR_STRENGTH.iter().enumerate() {
            let off = parameters[i] - PRIOR[i];
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

    fn add(&mut self, parameters: &[f64; 3], prediction: &HeldOut, weight: f64) {
        let unknown = f64::from(prediction.unknown);
        let none = parameters[1] + parameters[2] * unknown;
        let margins = || prediction.margins.iter().flatten().map(|margin| f64::from(*margin));
        let highest = margins().map(|margin| parameters[0] * margin).fold(none, f64::max);
        // Moments of the margin under the present probabilities, none of them counted as margin 0.
        let none_odds = (none - highest).exp();
        let (mut total, mut first, mut second) = (none_odds, 0.0, 0.0);
        for margin in margins() {
            let odds = (parameters[0] * margin - highest).exp();
            total += odds;
            first += odds * margin;
            second += odds * margin * margin;
        }
        let (mean, square, p_none) = (first / total, second / total, none_odds / total);
        let target = prediction
            .intent
            .and_then(|intent| prediction.margins.get(intent).copied().flatten())
            .map(f64::from);
        let logit = target.map_or(none, |margin| parameters[0] * margin);
        self.loss += weight * (highest + total.ln() - logit);
        let is_none = if target.is_none() { 1.0 } else { 0.0 };
        let off_none = p_none - is_none;
        for (gradient, part) in
            self.gradient
                .iter_mut()
                .zip([mean - target.unwrap_or_default(), off_none, off_none * unknown])
        {
            *gradient += weight * part;
        }
        let (spread, cross, chance) = (square - mean * mean, -mean * p_none, p_none * (1.0 - p_none));
        let curvature = [
            [spread, cross, cross * unknown],
            [cross, chance, chance * unknown],
            [cross * unknown, chance * unknown, chance * unknown * unknown],
        ];
        for (row, parts) in self.curvature.iter_mut().zip(curvature) {
            for (sum, part) in row.iter_mut().zip(parts) {
                *sum += weight * part;
            }
        }
    }
}

/// Solves `matrix * x = vector` for a positive definite matrix by Cramer's rule.
fn solve(matrix: [[f64; 3]; 3], vector: [f64; 3]) -> [f64; 3] {
    let determinant = |m: [[f64; 3]; 3]| {
        m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1]) - m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0])
            + m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0])
    };
    let whole = determinant(matrix);
    std::array::from_fn(|column| {
        let mut replaced = matrix;
        for (row, value) in replaced.iter_mut().zip(vector) {
            row[column] = value;
        }
        determinant(replaced) / whole
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Predictions of a model that knows two intents, and is right in `share` of ten cases.
    fn predictions(right: usize, nones: usize) -> Vec<HeldOut> {
        let known = (0..10).map(|n| {
            let margins = if n < right {
                vec![Some(0.5), Some(-0.5)]
            } else {
                vec![Some(-0.5), Some(0.5)]
            };
            HeldOut {
                margins,
                unknown: 0.1,
                intent: Some(0),
            }
        });
        let none = (0..nones).map(|_| HeldOut {
            margins: vec![None, Some(-0.9)],
            unknown: 0.8,
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
            let mut margins = [0.5, -0.5];
            Calibration::fit(&predictions(right, 2)).apply(&mut margins, 0.1);
            let expected = right as f32 / 10.0;
            assert!(
                (margins[0] - expected).abs() < 0.08,
                "right in {expected}, said {}",
                margins[0]
            );
        }
    }

    #[test]
    fn what_looks_like_none_of_the_intents_is_improbable() {
        let calibration = Calibration::fit(&predictions(9, 5));
        let (mut clear, mut strange) = ([0.5, -0.5], [-0.9, -0.9]);
        calibration.apply(&mut clear, 0.1);
        calibration.apply(&mut strange, 0.8);
        assert!(clear[0] > 0.8, "{clear:?}");
        assert!(strange.iter().all(|p| *p < 0.2), "{strange:?}");
    }

    #[test]
    fn without_predictions_the_prior_holds() {
        assert_eq!(
            Calibration::fit(&[]),
            Calibration {
                sharpness: 4.0,
                none: 0.0,
                none_if_unknown: 2.0
            }
        );
    }
}
