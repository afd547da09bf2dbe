//! What a bot's examples say of each other: each is asked of a classifier that was trained without it.

use std::sync::Arc;

use nakai_encoder::{Encoder, Unavailable};

use super::{IntentClassifier, SentenceVectors, TrainingIntent, TrainingSet, meaning::SentenceVector};
use crate::{Folded, text::Normalised};

/// Into how many parts the examples are divided.
const PARTS: usize = 5;
/// From which confidence on in another intent an example contradicts that intent's.
const SURE: f32 = 0.6;

/// The most probable intent and how probable it is, if anything is known.
type Answer = Option<(Arc<str>, f32)>;

/// An example that looks like an example of another intent, so that one of the two is in the wrong place.
#[derive(Debug, Clone, PartialEq)]
pub struct Contradiction {
    /// The intent of which it is an example.
    pub intent: Arc<str>,
    /// The example, as written.
    pub example: String,
    /// The intent for which it is taken.
    pub looks_like: Arc<str>,
    /// The example of that intent that means nearly the same.
    pub neighbour: String,
    /// How sure the classifier is of that, 0.6 to 1.
    pub confidence: f32,
}

/// What a classifier of the other examples says of an example.
#[derive(Debug, Clone, PartialEq)]
pub struct HeldOutExample {
    /// The intent of which it is an example.
    pub intent: Arc<str>,
    /// The example, as written.
    pub example: String,
    /// The most probable intent; `None` if nothing of the example is known.
    pub taken_for: Option<Arc<str>>,
    /// How probable that is, 0 to 1.
    pub confidence: f32,
    /// The cosine of the nearest other example of its own intent by meaning; `None` if it is the only one.
    pub nearest: Option<f32>,
    /// The nearest example of the intent for which it is taken.
    pub neighbour: Option<String>,
}

impl HeldOutExample {
    /// Whether its own intent is the most probable.
    pub fn is_right(&self) -> bool {
        self.taken_for.as_ref() == Some(&self.intent)
    }

    /// The contradiction that it is, if it is one.
    pub fn contradiction(&self) -> Option<Contradiction> {
        let looks_like = self.taken_for.clone().filter(|other| *other != self.intent)?;
        (self.confidence >= SURE).then(|| Contradiction {
            intent: Arc::clone(&self.intent),
            example: self.example.clone(),
            looks_like,
            neighbour: self.neighbour.clone().unwrap_or_default(),
            confidence: self.confidence,
        })
    }
}

/// Finds the examples that are surely taken for another intent where the classifier does not know them, the surest first.
///
/// # Errors
/// If the encoder is elsewhere and can't be had.
pub fn contradictions(set: &TrainingSet, encoder: &Encoder) -> Result<Vec<Contradiction>, Unavailable> {
    let held_out = cross_validate(set, encoder, &mut SentenceVectors::default())?;
    let mut found: Vec<Contradiction> = held_out.iter().filter_map(HeldOutExample::contradiction).collect();
    found.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    Ok(found)
}

/// Asks each example of a classifier that was trained, with the encoder, without it and a fifth of the others. Gives them in the order of the set; the same
/// set always gives the same answers. What `vectors` knows is not encoded again, and all examples are known there afterwards.
///
/// # Errors
/// If the encoder is elsewhere and can't be had.
pub fn cross_validate(
    set: &TrainingSet,
    encoder: &Encoder,
    vectors: &mut SentenceVectors,
) -> Result<Vec<HeldOutExample>, Unavailable> {
    let examples: Vec<(usize, &str)> = (set.intents.iter().enumerate())
        .flat_map(|(intent, of)| of.examples.iter().map(move |example| (intent, example.as_str())))
        .collect();
    let encoded = encode(set, &examples, encoder, vectors)?;
    let mut answers: Vec<Answer> = vec![None; examples.len()];
    for part in 0..PARTS {
        // A training forgets the vectors of what it has no use for.
        let classifier = IntentClassifier::train(&without(set, part), encoder, &mut vectors.clone())?;
        for ((_, example), answer) in examples.iter().zip(&mut answers).skip(part).step_by(PARTS) {
            let normalised = Normalised::of(example);
            let ranking = classifier.classify(&Folded::of(&normalised), 0.0);
            *answer = ranking
                .intents
                .into_iter()
                .next()
                .map(|best| (best.name, best.confidence));
        }
    }
    let held_out = |(number, (&(intent, example), answer)): (usize, (&(usize, &str), Answer))| {
        let nearest_of = |wanted: usize| {
            let others = (0..examples.len()).filter(|other| *other != number && examples[*other].0 == wanted);
            others
                .map(|other| (other, encoded[number].cosine(&encoded[other])))
                .max_by(|(_, a), (_, b)| a.total_cmp(b))
        };
        let (taken_for, confidence) = answer.unzip();
        let other = taken_for
            .as_ref()
            .and_then(|name| set.intents.iter().position(|of| of.name == *name));
        HeldOutExample {
            intent: Arc::clone(&set.intents[intent].name),
            example: example.to_owned(),
            taken_for,
            confidence: confidence.unwrap_or_default(),
            nearest: nearest_of(intent).map(|(_, cosine)| cosine),
            neighbour: other
                .and_then(nearest_of)
                .map(|(other, _)| examples[other].1.to_owned()),
        }
    };
    Ok(examples.iter().zip(answers).enumerate().map(held_out).collect())
}

/// Gives the vectors of the examples, and leaves those of all that trainings on the set need in `vectors`.
fn encode(
    set: &TrainingSet,
    examples: &[(usize, &str)],
    encoder: &Encoder,
    vectors: &mut SentenceVectors,
) -> Result<Vec<SentenceVector>, Unavailable> {
    let texts = examples
        .iter()
        .map(|(_, text)| *text)
        .chain(set.out_of_scope.iter().map(String::as_str));
    let folded: Vec<String> = texts
        .map(|text| Folded::of(&Normalised::of(text)).as_str().to_owned())
        .collect();
    let mut encoded = vectors.encode(&folded.iter().map(String::as_str).collect::<Vec<_>>(), encoder)?;
    encoded.truncate(examples.len());
    Ok(encoded)
}

/// The set without every fifth of its examples, counted over all intents.
fn without(set: &TrainingSet, part: usize) -> TrainingSet {
    let mut number = 0;
    let intent = |intent: &TrainingIntent| {
        let mut kept = |_: &&String| {
            number += 1;
            (number - 1) % PARTS != part
        };
        TrainingIntent {
            examples: intent
                .examples
                .iter()
                .filter(|example| kept(example))
                .cloned()
                .collect(),
            ..intent.clone()
        }
    };
    TrainingSet {
        intents: set.intents.iter().map(intent).collect(),
        out_of_scope: set.out_of_scope.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set() -> TrainingSet {
        let intent = |name: &str, examples: &[&str]| TrainingIntent {
            name: name.into(),
            social: false,
            examples: examples.iter().map(ToString::to_string).collect(),
        };
        let wifi = [
            "what is the wifi password",
            "tell me the wifi password",
            "wifi password please",
            "is there wifi in the room",
            "how do i connect to the wifi",
            "the wifi code please",
        ];
        let parking = [
            "where can i park my car",
            "is there a car park",
            "do you have parking",
            "can i park the car at the hotel",
            "how much is parking",
            "is the parking free",
            "i need the wifi password",
        ];
        TrainingSet {
            intents: vec![intent("wifi", &wifi), intent("parking", &parking)],
            out_of_scope: Vec::new(),
        }
    }

    #[test]
    fn an_example_in_the_wrong_place_is_found_with_its_neighbour() {
        let found = contradictions(&set(), &Encoder::shipped()).unwrap();
        let found: Vec<_> = found
            .iter()
            .map(|c| (&*c.intent, &*c.example, &*c.looks_like))
            .collect();
        assert_eq!(found, [("parking", "i need the wifi password", "wifi")]);
        assert!(
            contradictions(&set(), &Encoder::shipped()).unwrap()[0]
                .neighbour
                .contains("password")
        );
    }

    #[test]
    fn every_example_is_held_out_once() {
        let set = set();
        let kept: usize = (0..PARTS)
            .map(|part| {
                without(&set, part)
                    .intents
                    .iter()
                    .map(|i| i.examples.len())
                    .sum::<usize>()
            })
            .sum();
        assert_eq!(kept, 13 * (PARTS - 1));
        let mut vectors = SentenceVectors::default();
        let encoder = &Encoder::shipped();
        let held_out = cross_validate(&set, encoder, &mut vectors).unwrap();
        assert_eq!((held_out.len(), vectors.len()), (13, 13));
        assert_eq!(held_out, cross_validate(&set, encoder, &mut vectors).unwrap());
    }

    #[test]
    fn no_set_is_too_small() {
        let empty = TrainingSet {
            intents: Vec::new(),
            out_of_scope: Vec::new(),
        };
        assert_eq!(contradictions(&empty, &Encoder::shipped()).unwrap(), []);
        let mut one = set();
        one.intents.truncate(1);
        one.intents[0].examples.truncate(1);
        let held_out = cross_validate(&one, &Encoder::shipped(), &mut SentenceVectors::default()).unwrap();
        assert_eq!(held_out[0].nearest, None);
    }
}
