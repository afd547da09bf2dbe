//! How good a bot's examples are, from what classifiers of the others say of each (cross-validation).

use std::{collections::BTreeMap, sync::Arc};

use nakai_nlp::intents::{Contradiction, HeldOutExample};

use crate::share::share;

/// Below this cosine to the nearest other example of its intent an example stands alone: nothing there says the same.
const ALONE: f32 = 0.3;
/// How many equal bins of confidence the calibration error has.
const BINS: usize = 10;

/// What cross-validation says of a bot's examples.
#[derive(Debug, Clone, PartialEq)]
pub struct ExamplesReport {
    /// How many examples there are.
    pub examples: usize,
    /// The share of examples whose intent is the most probable, however improbable.
    pub accuracy: f64,
    /// The mean distance of confidence from how often it is right (expected calibration error, ten bins).
    pub calibration_error: f64,
    /// The share of examples that the bot would act on, being sure enough by its threshold.
    pub coverage: f64,
    /// The share of these that it would take for another intent.
    pub error: f64,
    /// Each intent, the worst recognised first.
    pub intents: Vec<IntentExamples>,
    /// Examples that are surely taken for another intent, the surest first.
    pub contradictions: Vec<Contradiction>,
    /// Examples that stand alone in their intent, the loneliest first.
    pub alone: Vec<LoneExample>,
}

/// How well the examples of one intent are recognised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IntentExamples {
    /// The intent.
    pub name: Arc<str>,
    /// How many examples it has.
    pub examples: usize,
    /// How many of them are recognised.
    pub right: usize,
    /// What the others are taken for and how many of them, the most frequent first.
    pub taken_for: Vec<(Arc<str>, usize)>,
}

/// An example that means something else than all others of its intent.
#[derive(Debug, Clone, PartialEq)]
pub struct LoneExample {
    /// Its intent.
    pub intent: Arc<str>,
    /// The example, as written.
    pub example: String,
    /// The cosine of the nearest other example.
    pub nearest: f32,
}

impl ExamplesReport {
    /// Sums up what was said of each example; what is less sure than `threshold` is not acted on.
    pub fn of(examples: &[HeldOutExample], threshold: f32) -> Self {
        let count = |keep: &dyn Fn(&HeldOutExample) -> bool| examples.iter().filter(|example| keep(example)).count();
        let answered = count(&|example| example.taken_for.is_some() && example.confidence >= threshold);
        let wrong =
            count(&|example| example.taken_for.is_some() && example.confidence >= threshold && !example.is_right());
        let mut contradictions: Vec<Contradiction> =
            examples.iter().filter_map(HeldOutExample::contradiction).collect();
        contradictions.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
        let lone = |example: &HeldOutExample| {
            let nearest = example.nearest.filter(|nearest| *nearest < ALONE)?;
            Some(LoneExample {
                intent: Arc::clone(&example.intent),
                example: example.example.clone(),
                nearest,
            })
        };
        let mut alone: Vec<LoneExample> = examples.iter().filter_map(lone).collect();
        alone.sort_by(|a, b| a.nearest.total_cmp(&b.nearest));
        Self {
            examples: examples.len(),
            accuracy: share(count(&HeldOutExample::is_right), examples.len()),
            calibration_error: calibration_error(examples),
            coverage: share(answered, examples.len()),
            error: share(wrong, answered),
            intents: by_intent(examples),
            contradictions,
            alone,
        }
    }
}

/// Of an intent: its examples, how many are right, and what the others are taken for.
type Counts = (usize, usize, BTreeMap<Arc<str>, usize>);

fn by_intent(examples: &[HeldOutExample]) -> Vec<IntentExamples> {
    let mut counts: BTreeMap<Arc<str>, Counts> = BTreeMap::new();
    for example in examples {
        let (all, right, others) = counts.entry(Arc::clone(&example.intent)).or_default();
        *all += 1;
        *right += usize::from(example.is_right());
        if let Some(other) = example.taken_for.as_ref().filter(|_| !example.is_right()) {
            *others.entry(Arc::clone(other)).or_default() += 1;
        }
    }
    let intent = |(name, (examples, right, others)): (Arc<str>, Counts)| {
        let mut taken_for: Vec<(Arc<str>, usize)> = others.into_iter().collect();
        taken_for.sort_by(|(_, a), (_, b)| b.cmp(a));
        IntentExamples {
            name,
            examples,
            right,
            taken_for,
        }
    };
    let mut intents: Vec<IntentExamples> = counts.into_iter().map(intent).collect();
    intents.sort_by(|a, b| share(a.right, a.examples).total_cmp(&share(b.right, b.examples)));
    intents
}

fn calibration_error(examples: &[HeldOutExample]) -> f64 {
    let mut bins = [0.0_f64; BINS];
    for example in examples {
        let confidence = f64::from(example.confidence);
        let bin = ((confidence * BINS as f64) as usize).min(BINS - 1);
        bins[bin] += confidence - f64::from(u8::from(example.is_right()));
    }
    bins.iter().map(|distance| distance.abs()).sum::<f64>() / examples.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example(intent: &str, taken_for: &str, confidence: f32, nearest: f32) -> HeldOutExample {
        HeldOutExample {
            intent: intent.into(),
            example: format!("{intent} {confidence}"),
            taken_for: (taken_for != "-").then(|| taken_for.into()),
            confidence,
            nearest: Some(nearest),
            neighbour: Some("neighbour".into()),
        }
    }

    #[test]
    fn figures_follow_from_the_examples() {
        let examples = [
            example("a", "a", 0.95, 0.7),
            example("a", "b", 0.85, 0.1),
            example("a", "b", 0.35, 0.5),
            example("b", "b", 0.75, 0.2),
        ];
        let report = ExamplesReport::of(&examples, 0.4);
        assert_eq!((report.accuracy, report.coverage, report.error), (0.5, 0.75, 1.0 / 3.0));
        assert!(
            (report.calibration_error - (0.05 + 0.85 + 0.35 + 0.25) / 4.0).abs() < 1e-6,
            "{report:?}"
        );
        assert_eq!((&*report.intents[0].name, report.intents[0].right), ("a", 1));
        assert_eq!(report.intents[0].taken_for, [("b".into(), 2)]);
        let contradicting: Vec<f32> = report.contradictions.iter().map(|c| c.confidence).collect();
        assert_eq!(contradicting, [0.85]);
        let alone: Vec<f32> = report.alone.iter().map(|lone| lone.nearest).collect();
        assert_eq!(alone, [0.1, 0.2]);
        assert_eq!(ExamplesReport::of(&[], 0.4).intents, []);
    }
}
