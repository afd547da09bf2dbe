//! Figures of a list of predictions.

use std::collections::BTreeMap;

use serde::Serialize;

use super::prediction::Prediction;
use crate::share::share;

/// How many equal bins of confidence the calibration error has.
const BINS: usize = 10;

/// What is answered, and how much of that is wrong, if everything from a threshold on is answered.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Point {
    /// The least confidence that is answered.
    pub threshold: f64,
    /// The share of all utterances that is answered.
    pub answered: f64,
    /// The share of the answered ones whose intent is wrong; an answered utterance without intent is wrong.
    pub error: f64,
}

/// What a threshold is worth, and what it costs.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Trade {
    /// The confidence below which utterances are refused.
    pub threshold: f64,
    /// Of the utterances with an intent, the share that is answered with the right one.
    pub in_scope_accuracy: f64,
    /// Of the utterances without, the share that is refused; nothing if there are none.
    pub oos_recall: Option<f64>,
}

/// Expected calibration error (Guo et al. 2017): how far the confidence of the best intent is from how often it is right, by ten equal
/// bins of confidence, weighted by their size. The best intent of an utterance without any is never right.
pub(super) fn calibration_error<'p>(predictions: impl Iterator<Item = &'p Prediction>) -> f64 {
    let mut bins = [(0.0_f64, 0.0_f64); BINS];
    let mut total = 0;
    for prediction in predictions {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a confidence is 0 to 1"
        )]
        let bin = ((prediction.confidence * BINS as f64) as usize).min(BINS - 1);
        bins[bin].0 += prediction.confidence;
        bins[bin].1 += f64::from(u8::from(prediction.hit()));
        total += 1;
    }
    let distance: f64 = bins.iter().map(|(confidence, hits)| (confidence - hits).abs()).sum();
    distance / f64::from(total.max(1))
}

/// The mean over the intents of the harmonic mean of precision and recall, where the most probable intent counts, however improbable.
/// Of utterances with an intent; the intents are those that any of them has or got.
pub(super) fn macro_f1(predictions: &[Prediction]) -> f64 {
    #[derive(Default)]
    struct Counts {
        hits: usize,
        predicted: usize,
        wanted: usize,
    }
    let mut intents: BTreeMap<&str, Counts> = BTreeMap::new();
    for prediction in predictions.iter().filter(|prediction| prediction.in_scope()) {
        if let Some(best) = &prediction.best {
            intents.entry(best).or_default().predicted += 1;
        }
        if let Some(wanted) = prediction.counted_as() {
            let counts = intents.entry(wanted).or_default();
            counts.wanted += 1;
            counts.hits += usize::from(prediction.hit());
        }
    }
    let sum: f64 = intents
        .values()
        .map(|c| share(2 * c.hits, c.predicted + c.wanted))
        .sum();
    #[expect(clippy::cast_precision_loss, reason = "a count of intents")]
    let count = intents.len().max(1) as f64;
    sum / count
}

/// What would be answered, and how wrong, at thresholds 0, 0.1, ... 0.9.
pub(super) fn risk_coverage(predictions: &[Prediction]) -> Vec<Point> {
    let point = |tenth: u8| {
        let threshold = f64::from(tenth) / 10.0;
        let answered = predictions
            .iter()
            .filter(|p| p.best.is_some() && p.confidence >= threshold);
        let (count, wrong) = answered.fold((0, 0), |(count, wrong), p| (count + 1, wrong + usize::from(!p.hit())));
        Point {
            threshold,
            answered: share(count, predictions.len()),
            error: share(wrong, count),
        }
    };
    (0..10).map(point).collect()
}

/// In scope against out of scope, by threshold in twentieths.
pub(super) fn trades(predictions: &[Prediction]) -> Vec<Trade> {
    let (known, none): (Vec<_>, Vec<_>) = predictions.iter().partition(|p| p.in_scope());
    let trade = |step: u32| {
        let threshold = f64::from(step) / 20.0;
        let right = known.iter().filter(|p| p.hit() && p.confidence >= threshold).count();
        let refused = none.iter().filter(|p| p.confidence < threshold).count();
        Trade {
            threshold,
            in_scope_accuracy: share(right, known.len()),
            oos_recall: (!none.is_empty()).then(|| share(refused, none.len())),
        }
    };
    (0..20).map(trade).collect()
}

/// The area under the curve of error over share answered (AURC): the mean error of the surest 1, 2, 3, ... of all utterances. Equally
/// sure ones are answered together.
pub(super) fn area_under_risk_coverage(predictions: &[Prediction]) -> f64 {
    let mut sorted: Vec<&Prediction> = predictions.iter().collect();
    sorted.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    let (mut count, mut wrong, mut area) = (0, 0, 0.0);
    for equals in sorted.chunk_by(|a, b| a.confidence == b.confidence) {
        count += equals.len();
        wrong += equals.iter().filter(|p| !p.hit()).count();
        area += share(wrong, count) * share(equals.len(), sorted.len());
    }
    area
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `wanted`, `got`, confidence; `-` is no intent.
    fn prediction((wanted, got, confidence): (&str, &str, f64)) -> Prediction {
        Prediction {
            truth: wanted.split('+').filter(|w| *w != "-").map(str::to_owned).collect(),
            best: (got != "-").then(|| got.into()),
            confidence,
            refused: confidence < 0.5,
            encoder_asked: false,
        }
    }

    fn predictions() -> Vec<Prediction> {
        [
            ("a", "a", 0.95),
            ("a", "a", 0.92),
            ("a", "b", 0.55),
            ("b", "b", 0.45),
            ("-", "a", 0.52),
            ("-", "-", 0.0),
        ]
        .map(prediction)
        .to_vec()
    }

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-9
    }

    #[test]
    fn calibration_error_weighs_the_bins_by_their_size() {
        // Bins: 0.0 (0 of 1 right, 0.0), 0.4 (1 of 1, 0.45), 0.5 (0 of 2, 0.55 + 0.52), 0.9 (2 of 2, 0.95 + 0.92).
        let expected = (0.0 + 0.55 + 1.07 + 0.13) / 6.0;
        assert!(close(calibration_error(predictions().iter()), expected));
        assert!(close(calibration_error([].iter()), 0.0));
        let sure = [("a", "a", 1.0), ("a", "b", 1.0)].map(prediction);
        assert!(close(calibration_error(sure.iter()), 0.5), "full confidence has a bin");
    }

    #[test]
    fn macro_f1_is_the_mean_over_intents_not_over_rows() {
        // a: precision 2/2, recall 2/3, F1 0.8. b: precision 1/2, recall 1/1, F1 2/3.
        assert!(close(macro_f1(&predictions()), (0.8 + 2.0 / 3.0) / 2.0));
        // An intent that is wanted and never got counts as 0, and so does one that is got and never wanted.
        let two = [("a", "c", 0.9), ("b", "b", 0.9)].map(prediction);
        assert!(close(macro_f1(&two), 1.0 / 3.0));
        let several = [("a+b", "b", 0.9), ("a+b", "c", 0.9)].map(prediction);
        assert!(close(macro_f1(&several), 1.0 / 3.0), "b is hit, a missed, c wrong");
    }

    #[test]
    fn what_is_answered_from_a_threshold_on_may_be_wrong() {
        let points = risk_coverage(&predictions());
        let at = |tenth: usize| (points[tenth].answered, points[tenth].error);
        assert_eq!(at(0), (5.0 / 6.0, 2.0 / 5.0));
        assert_eq!(at(5), (4.0 / 6.0, 2.0 / 4.0));
        assert_eq!(at(9), (2.0 / 6.0, 0.0));
    }

    #[test]
    fn a_threshold_trades_answers_for_refusals() {
        let rows = [("a", "a", 0.9), ("a", "a", 0.3), ("-", "a", 0.4), ("-", "b", 0.1)].map(prediction);
        let at = |threshold: f64| {
            let trade = trades(&rows)
                .into_iter()
                .find(|trade| close(trade.threshold, threshold))
                .unwrap();
            (trade.in_scope_accuracy, trade.oos_recall.unwrap())
        };
        assert_eq!([at(0.0), at(0.35), at(0.5)], [(1.0, 0.0), (0.5, 0.5), (0.5, 1.0)]);
        assert_eq!(trades(&rows[..2])[0].oos_recall, None);
    }

    #[test]
    fn the_area_is_the_mean_error_of_the_surest() {
        // Right, right, wrong, wrong, right, wrong: errors 0, 0, 1/3, 2/4, 2/5, 3/6.
        let expected = (1.0 / 3.0 + 0.5 + 0.4 + 0.5) / 6.0;
        assert!(close(area_under_risk_coverage(&predictions()), expected));
        let equals = [("a", "b", 0.7), ("a", "a", 0.7)].map(prediction);
        assert!(
            close(area_under_risk_coverage(&equals), 0.5),
            "their order does not matter"
        );
    }
}
