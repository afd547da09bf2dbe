//! How often the best intent is right where the models say that it is so probable, given that the utterance has any.
//!
//! Beta calibration (Kull, Silva Filho and Flach, "Beta calibration: a well-founded and easily implemented improvement on logistic
//! calibration for binary classifiers", 2017): the logarithm of the odds is a weighted sum of `ln p`, `-ln(1 - p)` and one. Where
//! examples are labelled by taste no probability is near to one, and improbable intents are right more often than they say; a weighted
//! sum of evidence can't tell, this curve can.

use super::calibration::solve;

const COUNT: usize = 3;
/// Leaves every probability as it is; what the fit starts from and, where a bot has few examples, stays near to.
const IDENTITY: [f64; COUNT] = [1.0, 1.0, 0.0];
/// How strongly the fit holds to that: the inverse of its variance.
const STRENGTH: f64 = 2.0;
/// The least of the two slopes: what is more probable is never less sure.
const LEAST_SLOPE: f64 = 0.1;
/// Nothing is surer than this, and nothing less sure than the rest of one.
const SUREST: f64 = 1.0 - 1e-6;
const ITERATIONS: usize = 30;

/// The best intent of an utterance whose intent is known.
#[derive(Debug, Clone, Copy)]
pub(super) struct Outcome {
    /// How probable the models say it is, of all intents.
    pub(super) probability: f32,
    pub(super) is_right: bool,
}

/// The way from how probable the best intent is said to be to how often it is right. Never falls.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Confidence(pub(super) [f32; COUNT]);

impl Confidence {
    /// Fits the curve by Newton's method; the likelihood has one maximum.
    pub(super) fn fit(outcomes: &[Outcome]) -> Self {
        let mut parameters = IDENTITY;
        let mut loss = f64::INFINITY;
        let mut step = [0.0; COUNT];
        for _ in 0..ITERATIONS {
            let (new_loss, gradient, curvature) = slope(&parameters, outcomes);
            if new_loss > loss + 1e-9 {
                // Overshot: back half the way.
                step = step.map(|s| s / 2.0);
                parameters = std::array::from_fn(|i| parameters[i] + step[i]);
                continue;
            }
            loss = new_loss;
            step = solve(curvature, gradient);
            parameters = std::array::from_fn(|i| parameters[i] - step[i]);
            if step.iter().all(|s| s.abs() < 1e-4) {
                break;
            }
        }
        let [low, high, offset] = parameters;
        Self([low.max(LEAST_SLOPE), high.max(LEAST_SLOPE), offset].map(|parameter| parameter as f32))
    }

    /// How often the best intent is right that is said to be so probable, 0 to 1.
    pub(super) fn of(&self, probability: f32) -> f32 {
        let weights = self.0.map(f64::from);
        logistic(dot(&weights, &seen(probability))) as f32
    }
}

/// What the weights are multiplied with.
fn seen(probability: f32) -> [f64; COUNT] {
    let probability = f64::from(probability).clamp(1.0 - SUREST, SUREST);
    [probability.ln(), -(1.0 - probability).ln(), 1.0]
}

fn dot(a: &[f64; COUNT], b: &[f64; COUNT]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn logistic(odds: f64) -> f64 {
    1.0 / (1.0 + (-odds).exp())
}

/// The negative log-likelihood of the outcomes and the prior, with its first and second derivatives.
fn slope(parameters: &[f64; COUNT], outcomes: &[Outcome]) -> (f64, [f64; COUNT], [[f64; COUNT]; COUNT]) {
    let mut loss = 0.0;
    let mut gradient = [0.0; COUNT];
    let mut curvature = [[0.0; COUNT]; COUNT];
    for (i, (parameter, identity)) in parameters.iter().zip(IDENTITY).enumerate() {
        let off = parameter - identity;
        loss += 0.5 * STRENGTH * off * off;
        gradient[i] += STRENGTH * off;
        curvature[i][i] += STRENGTH;
    }
    for outcome in outcomes {
        let seen = seen(outcome.probability);
        let odds = dot(parameters, &seen);
        let right = f64::from(u8::from(outcome.is_right));
        let probability = logistic(odds);
        // `ln(1 + exp(odds))`, which never overflows.
        let softplus = odds.max(0.0) + (-odds.abs()).exp().ln_1p();
        loss += softplus - right * odds;
        for (i, row) in curvature.iter_mut().enumerate() {
            gradient[i] += (probability - right) * seen[i];
            for (sum, other) in row.iter_mut().zip(seen) {
                *sum += probability * (1.0 - probability) * seen[i] * other;
            }
        }
    }
    (loss, gradient, curvature)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Outcomes of which so many in ten are right at each probability.
    fn outcomes(shares: &[(f32, usize)]) -> Vec<Outcome> {
        let of = |(probability, right): &(f32, usize)| {
            let (probability, right) = (*probability, *right);
            (0..200).map(move |n| Outcome {
                probability,
                is_right: n % 10 < right,
            })
        };
        shares.iter().flat_map(of).collect()
    }

    #[test]
    fn confidence_becomes_the_share_that_is_right() {
        // The surest are right in nine of ten cases only, the least sure more often than they say.
        let shares = [(0.2, 3), (0.5, 6), (0.8, 7), (0.99, 9)];
        let confidence = Confidence::fit(&outcomes(&shares));
        for (probability, right) in shares {
            let found = confidence.of(probability);
            let expected = right as f32 / 10.0;
            assert!((found - expected).abs() < 0.06, "{probability}: {found} for {expected}");
        }
    }

    #[test]
    fn what_is_more_probable_is_never_less_sure() {
        for shares in [
            &[][..],
            &[(0.1, 9), (0.9, 1)],
            &[(0.5, 0)],
            &[(0.9, 10)],
            &[(0.0, 10), (1.0, 0)],
        ] {
            let confidence = Confidence::fit(&outcomes(shares));
            let curve: Vec<f32> = (0..=100).map(|percent| confidence.of(percent as f32 / 100.0)).collect();
            assert!(curve.is_sorted(), "{shares:?}: {curve:?}");
            assert!(curve.iter().all(|c| (0.0..=1.0).contains(c)), "{shares:?}: {curve:?}");
        }
    }

    #[test]
    fn without_outcomes_nothing_changes() {
        let confidence = Confidence::fit(&[]);
        for percent in [1, 30, 50, 99] {
            let probability = percent as f32 / 100.0;
            assert!((confidence.of(probability) - probability).abs() < 1e-3);
        }
    }
}
