//! The classifier as a bot has it.

use std::collections::BTreeMap;

use nakai_encoder::{Encoder, Unavailable};
use nakai_nlp::{
    Folded,
    intents::{IntentClassifier, SentenceVectors, TrainingIntent, TrainingSet},
    text::Normalised,
};

use super::prediction::Prediction;
use crate::labelled::Labelled;

/// Makes a training set of labelled utterances. An utterance of several intents is an example of each.
pub(super) fn training_set(rows: &[&Labelled], is_oos: impl Fn(&Labelled) -> bool) -> TrainingSet {
    let mut intents: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for row in rows.iter().filter(|row| !is_oos(row)) {
        for intent in &row.intents {
            intents.entry(intent).or_default().push(row.text.clone());
        }
    }
    let intent = |(name, examples): (&str, Vec<String>)| TrainingIntent {
        name: name.into(),
        social: false,
        examples,
    };
    TrainingSet {
        intents: intents.into_iter().map(intent).collect(),
        out_of_scope: rows
            .iter()
            .filter(|row| is_oos(row))
            .map(|row| row.text.clone())
            .collect(),
    }
}

/// A classifier that was trained.
pub(super) struct Trained {
    classifier: IntentClassifier,
    /// Whether utterances may have several intents.
    several: bool,
}

impl Trained {
    /// Trains with an encoder, or on the wording alone without one.
    ///
    /// # Errors
    /// If the encoder is elsewhere and can't be had.
    pub(super) fn on(set: &TrainingSet, several: bool, encoder: Option<&Encoder>) -> Result<Self, Unavailable> {
        let classifier = match encoder {
            Some(encoder) => IntentClassifier::train(set, encoder, &mut SentenceVectors::default())?,
            None => IntentClassifier::train_on_wording(set),
        };
        Ok(Self { classifier, several })
    }

    /// Below which confidence this classifier refuses if nobody says otherwise.
    pub(super) const fn threshold(&self) -> f32 {
        self.classifier.threshold()
    }

    /// Does all that the program does with an utterance to know its intent. What it should be is left empty.
    ///
    /// The classifier shares its probability among the intents that an utterance has. Where that may be several, how sure it is that the
    /// best is one of them is how sure it is that there is any.
    pub(super) fn ask(&self, text: &str, threshold: f32) -> Prediction {
        let normalised = Normalised::of(text);
        let ranking = self.classifier.classify(&Folded::of(&normalised), threshold);
        let best = ranking.intents.first();
        let counted = if self.several { ranking.intents.len() } else { 1 };
        let confidence: f32 = ranking
            .intents
            .iter()
            .take(counted)
            .map(|intent| intent.confidence)
            .sum();
        Prediction {
            truth: Vec::new(),
            best: best.map(|best| best.name.clone()),
            confidence: f64::from(confidence.min(1.0)),
            encoder_asked: ranking.encoder_asked,
            refused: if self.several {
                confidence < threshold
            } else {
                ranking.out_of_scope
            },
        }
    }
}
