//! Which of a bot's intents an utterance has, and how sure that is.
//!
//! Parts that know nothing of each other, so that each can be replaced alone: `features` turns text into hashed features and `model`
//! separates intents by them (the wording), `meaning` separates intents by the vectors of a sentence encoder, `calibration` turns what
//! both say into probabilities, `confidence` makes the best one's as high as it is often right. [`IntentClassifier`] puts them together
//! as a cascade, `training` makes one of a bot's examples, [`ModelCache`] keeps it on disk, `reading` reads what is written by its
//! sound, `spelling` what is mistyped, `negation` finds what is not wanted, `social` keeps greetings from winning over what follows
//! them, and `several` tells wishes apart.
//!
//! One model serves both languages of a bot. Features come from the script, not from the detected language, so a mixed utterance
//! (`late check out できますか`), a wrong detection or a brand that both languages use (`wi-fi`) cost nothing; and since Japanese and
//! English share few features, one model is as exact as two and as quick to train.

mod cache;
mod calibration;
mod classifier;
mod confidence;
mod contradictions;
mod corpus;
mod features;
mod meaning;
mod model;
mod negation;
mod parallel;
mod reading;
mod several;
mod social;
mod spelling;
mod stored;
mod training;
mod training_set;
mod vocabulary;

pub use cache::ModelCache;
pub use classifier::{IntentClassifier, Ranking};
pub use contradictions::{Contradiction, HeldOutExample, contradictions, cross_validate};
pub use meaning::SentenceVectors;
pub use training_set::{TrainingIntent, TrainingSet};
