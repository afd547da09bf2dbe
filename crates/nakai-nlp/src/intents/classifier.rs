use std::sync::Arc;

use nakai_types::IntentScore;

use super::{
    TrainingSet,
    features::{Feature, extract},
    social::{Segment, SocialPhrases, is_slight},
    stored::Trained,
    training,
};
use crate::Folded;

/// How many intents a ranking has at most.
const RANKED: usize = 5;
/// In utterances of more clauses than this only the phrases that a bot knows are told from what is wanted, so that a long text costs
/// no more than its length.
const MAX_CLAUSES: usize = 8;

/// Recognises the intents of one bot. Never changes once it is trained.
pub struct IntentClassifier {
    /// By intent.
    names: Vec<Arc<str>>,
    social: Vec<bool>,
    phrases: SocialPhrases,
    trained: Trained,
}

/// The intents of an utterance.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranking {
    /// The most probable first, at most five. Empty if the bot has no intents or has never seen any part of the utterance.
    pub intents: Vec<IntentScore>,
    /// Whether the best one is too improbable to act on.
    pub out_of_scope: bool,
}

/// How probable each intent is. They add up to one less the probability of no intent at all.
struct Distribution(Vec<f32>);

impl Distribution {
    /// The most probable intent and its probability; the first of equals.
    fn best(&self) -> Option<(usize, f32)> {
        self.0
            .iter()
            .copied()
            .enumerate()
            .rev()
            .max_by(|(_, a), (_, b)| a.total_cmp(b))
    }
}

impl IntentClassifier {
    /// Trains on a bot's examples. Takes some ten milliseconds for a usual bot, seconds for a hundred intents with a hundred
    /// examples each; the same set always gives the same classifier.
    pub fn train(set: &TrainingSet) -> Self {
        Self::new(set, training::train(set))
    }

    /// Takes what was trained on `set`.
    fn new(set: &TrainingSet, trained: Trained) -> Self {
        let social_examples = set
            .intents
            .iter()
            .filter(|intent| intent.social)
            .flat_map(|intent| &intent.examples);
        Self {
            names: set.intents.iter().map(|intent| Arc::clone(&intent.name)).collect(),
            social: set.intents.iter().map(|intent| intent.social).collect(),
            phrases: SocialPhrases::new(social_examples.map(String::as_str)),
            trained,
        }
    }

    pub(super) fn to_bytes(&self) -> Vec<u8> {
        self.trained.to_bytes()
    }

    /// Reads what [`Self::to_bytes`] wrote of a classifier of the same training set; `None` if it can't be used.
    pub(super) fn from_bytes(set: &TrainingSet, bytes: &[u8]) -> Option<Self> {
        Some(Self::new(set, Trained::from_bytes(bytes, set.intents.len())?))
    }

    /// Ranks the bot's intents for an utterance, which is out of scope if none reaches `threshold`.
    ///
    /// Social intents count only if the utterance has nothing else: a greeting before a question is no reason to answer the
    /// greeting.
    pub fn classify(&self, utterance: &Folded<'_>, threshold: f32) -> Ranking {
        let segments = self.phrases.segments(utterance.as_str());
        let mut features = Vec::with_capacity(4 * utterance.as_str().len().min(4096));
        let mut ends = Vec::with_capacity(segments.len());
        for segment in &segments {
            extract(segment.text, &mut features);
            ends.push(features.len());
        }
        let beside_social = self.beside_social(&segments, &features, &ends, threshold);
        self.ranking(beside_social.unwrap_or_else(|| self.distribution(features)), threshold)
    }

    /// How probable each intent is for what is wanted beside small talk; `None` if there is only one of the two, or too little to
    /// want anything.
    fn beside_social(
        &self,
        segments: &[Segment<'_>],
        features: &[Feature],
        ends: &[usize],
        threshold: f32,
    ) -> Option<Distribution> {
        if segments.len() < 2 || !self.social.contains(&true) {
            return None;
        }
        let mut wanted = Vec::with_capacity(features.len());
        let mut slight = true;
        let mut start = 0;
        for (segment, end) in segments.iter().zip(ends) {
            let own = &features[start..*end];
            start = *end;
            if !segment.social && (segments.len() > MAX_CLAUSES || !self.is_social(own, threshold)) {
                slight &= wanted.is_empty() && is_slight(segment.text);
                wanted.extend_from_slice(own);
            }
        }
        if wanted.is_empty() || wanted.len() == features.len() {
            return None;
        }
        let mut distribution = self.distribution(wanted);
        for (probability, social) in distribution.0.iter_mut().zip(&self.social) {
            if *social {
                *probability = 0.0;
            }
        }
        let nothing = distribution.best().is_none_or(|(_, best)| best < threshold);
        if slight && nothing { None } else { Some(distribution) }
    }

    /// Says whether a clause alone is small talk, although the bot does not know the phrase.
    fn is_social(&self, clause: &[Feature], threshold: f32) -> bool {
        self.distribution(clause.to_vec())
            .best()
            .is_some_and(|(intent, best)| self.social[intent] && best >= threshold)
    }

    /// How probable each intent is; nothing if the model knows none of the features.
    fn distribution(&self, mut features: Vec<Feature>) -> Distribution {
        features.sort_unstable();
        features.dedup();
        let vector = self.trained.vocabulary.vector(&features);
        if vector.entries.is_empty() {
            return Distribution(Vec::new());
        }
        let mut margins = self.trained.model.margins(&vector.entries);
        self.trained.calibration.apply(&mut margins, vector.unknown);
        Distribution(margins)
    }

    fn ranking(&self, distribution: Distribution, threshold: f32) -> Ranking {
        let mut numbered: Vec<(usize, f32)> = distribution.0.into_iter().enumerate().collect();
        let descending = |a: &(usize, f32), b: &(usize, f32)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
        if numbered.len() > RANKED {
            numbered.select_nth_unstable_by(RANKED, descending);
            numbered.truncate(RANKED);
        }
        numbered.sort_unstable_by(descending);
        let score = |(intent, confidence): (usize, f32)| IntentScore {
            name: Arc::clone(&self.names[intent]),
            confidence,
        };
        let intents: Vec<IntentScore> = numbered.into_iter().map(score).collect();
        let out_of_scope = intents.first().is_none_or(|best| best.confidence < threshold);
        Ranking { intents, out_of_scope }
    }
}

#[cfg(test)]
mod tests;
