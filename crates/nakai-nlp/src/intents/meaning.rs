//! Separates intents by what utterances mean: kernel ridge regression on the vectors of a sentence encoder.
//!
//! An utterance is as near to an example as `exp(SHARPNESS * (cosine - 1))`. The score of an intent is a weighted sum of how near the
//! utterance is to some examples, the landmarks, fitted by least squares to be 1 for the intent's examples and 0 for all others. With
//! few examples each is a landmark; with many, evenly chosen ones stand for the rest (Nyström's method; Smola and Schölkopf, "Sparse
//! Greedy Matrix Approximation for Machine Learning", 2000). Least squares have a closed form, so the models of all held-out parts
//! come from one pass over the examples (see [`fit`]).

mod fit;
mod vectors;

pub(super) use fit::Fit;
pub(super) use vectors::SentenceVector;
pub use vectors::SentenceVectors;

/// How fast nearness falls with the angle.
const SHARPNESS: f32 = 2.0;

/// A score per intent of what an utterance means.
#[derive(Debug, Default, Clone, PartialEq)]
pub(super) struct MeaningModel {
    pub(super) landmarks: Vec<SentenceVector>,
    /// A row per landmark, a number per class.
    pub(super) weights: Vec<f32>,
    /// By class.
    pub(super) bias: Vec<f32>,
}

/// What a model says of an utterance.
#[derive(Debug, Default, Clone, PartialEq)]
pub(super) struct Scores {
    /// About 1 for a class that the utterance has, 0 for the others.
    pub(super) by_class: Vec<f32>,
    /// How far the nearest landmark is: one less the cosine.
    pub(super) distance: f32,
}

impl MeaningModel {
    /// Says whether there is anything to compare with.
    pub(super) const fn is_empty(&self) -> bool {
        self.landmarks.is_empty()
    }

    pub(super) fn scores(&self, vector: &SentenceVector) -> Scores {
        let mut by_class = self.bias.clone();
        let mut nearest = -1.0_f32;
        for (landmark, weights) in self
            .landmarks
            .iter()
            .zip(self.weights.chunks_exact(self.bias.len().max(1)))
        {
            let cosine = landmark.cosine(vector);
            nearest = nearest.max(cosine);
            let nearness = nearness(cosine);
            for (score, weight) in by_class.iter_mut().zip(weights) {
                *score += nearness * weight;
            }
        }
        Scores {
            by_class,
            distance: 1.0 - nearest,
        }
    }
}

fn nearness(cosine: f32) -> f32 {
    (SHARPNESS * (cosine - 1.0)).exp()
}
