use std::{borrow::Cow, sync::Arc};

use nakai_encoder::{Asked, Encoder, Unavailable};
use nakai_types::IntentScore;

use super::{
    SentenceVectors, TrainingSet,
    features::{Feature, extract},
    meaning::SentenceVector,
    negation::{Spoken, denial, has_cue, instead},
    reading::Reading,
    several::wishes,
    social::{Segment, SocialPhrases, clauses, is_slight},
    spelling::Spelling,
    stored::Trained,
    training::{Training, evidence},
};
use crate::{Folded, folded::is_japanese};

/// How many intents a ranking has at most.
const RANKED: usize = 5;
/// In utterances of more clauses than this only the phrases that a bot knows are told from what is wanted, so that a long text costs
/// no more than its length.
const MAX_CLAUSES: usize = 8;
/// How sure a clause must be of another intent to count as a wish of its own.
const SEVERAL: f32 = 0.6;

/// Recognises the intents of one bot. Never changes once it is trained.
///
/// A cascade: the wording (hashed n-grams and a linear model) decides alone where it is sure, in some ten microseconds; where it is not,
/// the meaning (a sentence encoder and a kernel model) is asked too, and both decide together. How sure is sure enough was found in
/// training: there, what the wording alone decides is not worse than what both decide.
pub struct IntentClassifier {
    /// By intent.
    names: Vec<Arc<str>>,
    social: Vec<bool>,
    phrases: SocialPhrases,
    spelling: Spelling,
    reading: Reading,
    spoken: Spoken,
    trained: Trained,
    encoder: Option<Encoder>,
}

/// The intents of an utterance.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranking {
    /// The most probable first, at most five. Empty if the bot has no intents or has never seen any part of the utterance.
    pub intents: Vec<IntentScore>,
    /// Whether the best one is too improbable to act on.
    pub out_of_scope: bool,
    /// Further intents, of other clauses of the utterance, each sure by itself, in the order in which they are said.
    pub also: Vec<IntentScore>,
    /// Whether the encoder was asked, because the wording alone was not sure.
    pub encoder_asked: bool,
    /// What an encoder elsewhere was asked.
    pub asked: Asked,
    /// Whether the utterance is Japanese in Latin letters (`yoyaku wo henkou shitai`), as far as the bot's examples tell.
    pub romaji: bool,
}

/// What is wanted of an utterance.
struct Wanted<'t> {
    text: Cow<'t, str>,
    /// The intents that it says it has not.
    denied: Vec<usize>,
}

/// How probable each intent is. They add up to one less the probability of no intent at all.
#[derive(Default)]
struct Distribution {
    by_intent: Vec<f32>,
    encoder_asked: bool,
}

impl Distribution {
    /// The most probable intent and its probability; the first of equals.
    fn best(&self) -> Option<(usize, f32)> {
        self.by_intent
            .iter()
            .copied()
            .enumerate()
            .rev()
            .max_by(|(_, a), (_, b)| a.total_cmp(b))
    }
}

impl IntentClassifier {
    /// Trains on a bot's examples with an encoder. Takes a second for a bot with some thousand examples and the encoder that is part of
    /// the program; the same set always gives the same classifier on the same machine. What `vectors` has from an earlier training is
    /// not encoded again, and what this training needs is there afterwards: a bot of which few examples changed is trained in a fraction
    /// of the time, to the same classifier.
    ///
    /// # Errors
    /// If the encoder is elsewhere and can't be had; `vectors` has what it gave before that.
    pub fn train(set: &TrainingSet, encoder: &Encoder, vectors: &mut SentenceVectors) -> Result<Self, Unavailable> {
        let training = Training::on(set);
        let vectors = vectors.encode(&training.texts(), encoder)?;
        Ok(Self::new(set, training.train(&vectors), Some(encoder)))
    }

    /// Trains on the wording of a bot's examples alone.
    pub fn train_on_wording(set: &TrainingSet) -> Self {
        Self::new(set, Training::on(set).train(&[]), None)
    }

    /// Takes what was trained on `set`.
    fn new(set: &TrainingSet, trained: Trained, encoder: Option<&Encoder>) -> Self {
        let social_examples = set
            .intents
            .iter()
            .filter(|intent| intent.social)
            .flat_map(|intent| &intent.examples);
        Self {
            names: set.intents.iter().map(|intent| Arc::clone(&intent.name)).collect(),
            social: set.intents.iter().map(|intent| intent.social).collect(),
            phrases: SocialPhrases::new(social_examples.map(String::as_str)),
            spelling: Spelling::new(set, encoder),
            reading: Reading::new(set),
            spoken: Spoken::new(set),
            encoder: encoder.filter(|_| !trained.meaning.is_empty()).cloned(),
            trained,
        }
    }

    /// The confidence below which an utterance is out of scope, chosen in training: where, for examples that the models had not seen,
    /// refusing costs less than answering.
    pub const fn threshold(&self) -> f32 {
        self.trained.threshold
    }

    pub(super) fn to_bytes(&self) -> Vec<u8> {
        self.trained.to_bytes()
    }

    /// Reads what [`Self::to_bytes`] wrote of a classifier of the same training set and encoder; `None` if it can't be used.
    pub(super) fn from_bytes(set: &TrainingSet, encoder: Option<&Encoder>, bytes: &[u8]) -> Option<Self> {
        Some(Self::new(set, Trained::from_bytes(bytes, set.intents.len())?, encoder))
    }

    /// Ranks the bot's intents for an utterance, which is out of scope if none reaches `threshold`.
    ///
    /// Social intents count only if the utterance has nothing else: a greeting before a question is no reason to answer the
    /// greeting.
    pub fn classify(&self, utterance: &Folded<'_>, threshold: f32) -> Ranking {
        let read = self.reading.read(utterance.as_str(), &self.spelling);
        let romaji = read.is_some() && !utterance.as_str().contains(is_japanese);
        let utterance = self.spelling.read(read.as_deref().unwrap_or(utterance.as_str()));
        let mut asked = Asked::default();
        let Wanted {
            text: utterance,
            denied,
        } = self.wanted(&utterance, threshold, &mut asked);
        let segments = self.phrases.segments(&utterance);
        let mut features = Vec::with_capacity(4 * utterance.len().min(4096));
        let mut ends = Vec::with_capacity(segments.len());
        for segment in &segments {
            extract(segment.text, &mut features);
            ends.push(features.len());
        }
        let mut distribution = self
            .beside_social(&segments, &features, &ends, threshold, &mut asked)
            .unwrap_or_else(|| self.distribution(features, &utterance, &mut asked));
        for intent in denied {
            if let Some(probability) = distribution.by_intent.get_mut(intent) {
                *probability = 0.0;
            }
        }
        let mut ranking = self.ranking(distribution, threshold);
        ranking.also = self.further(&segments, &ranking, threshold, &mut asked);
        ranking.asked = asked;
        ranking.romaji = romaji;
        ranking
    }

    /// Takes out of an utterance what it says is not wanted.
    fn wanted<'t>(&self, utterance: &'t str, threshold: f32, asked: &mut Asked) -> Wanted<'t> {
        if !has_cue(utterance) {
            return Wanted {
                text: utterance.into(),
                denied: Vec::new(),
            };
        }
        let mut wanted = Vec::new();
        let mut denied = Vec::new();
        let mut changed = false;
        for clause in clauses(utterance).take(MAX_CLAUSES + 1) {
            let left = instead(clause).unwrap_or(clause);
            let (length, intent) = self.denied(left, threshold, asked).unzip();
            let left = left.get(length.unwrap_or(0)..).unwrap_or_default().trim();
            changed |= left.len() < clause.len();
            denied.extend(intent);
            if !left.is_empty() {
                wanted.push(left);
            }
        }
        // Longer texts than that want so much that a denial would not tell.
        if !changed || clauses(utterance).nth(MAX_CLAUSES).is_some() {
            return Wanted {
                text: utterance.into(),
                denied: Vec::new(),
            };
        }
        if wanted.is_empty() {
            return Wanted {
                text: utterance.into(),
                denied,
            };
        }
        Wanted {
            text: wanted.join(", ").into(),
            denied: Vec::new(),
        }
    }

    /// How much of a clause denies an intent, in bytes from its beginning, and which.
    fn denied(&self, clause: &str, threshold: f32, asked: &mut Asked) -> Option<(usize, usize)> {
        let denial = denial(clause)?;
        let text = clause.get(..denial.end)?;
        let mut features = Vec::new();
        extract(text, &mut features);
        let (intent, confidence) = self.distribution(features, text, asked).best()?;
        (confidence >= threshold && self.spoken.is_denied(intent, &denial)).then_some((denial.end, intent))
    }

    /// How probable each intent is for what is wanted beside small talk; `None` if there is only one of the two, or too little to
    /// want anything.
    fn beside_social(
        &self,
        segments: &[Segment<'_>],
        features: &[Feature],
        ends: &[usize],
        threshold: f32,
        asked: &mut Asked,
    ) -> Option<Distribution> {
        if segments.len() < 2 || !self.social.contains(&true) {
            return None;
        }
        let mut wanted = Vec::with_capacity(features.len());
        let mut text = String::new();
        let mut slight = true;
        let mut start = 0;
        for (segment, end) in segments.iter().zip(ends) {
            let own = &features[start..*end];
            start = *end;
            if !segment.social && (segments.len() > MAX_CLAUSES || !self.is_social(own, threshold)) {
                slight &= wanted.is_empty() && is_slight(segment.text);
                wanted.extend_from_slice(own);
                if !text.is_empty() {
                    text.push_str(", ");
                }
                text.push_str(segment.text);
            }
        }
        if wanted.is_empty() || wanted.len() == features.len() {
            return None;
        }
        let mut distribution = self.distribution(wanted, &text, asked);
        for (probability, social) in distribution.by_intent.iter_mut().zip(&self.social) {
            if *social {
                *probability = 0.0;
            }
        }
        let nothing = distribution.best().is_none_or(|(_, best)| best < threshold);
        if slight && nothing { None } else { Some(distribution) }
    }

    /// Says whether a clause alone is small talk by its wording, although the bot does not know the phrase.
    fn is_social(&self, clause: &[Feature], threshold: f32) -> bool {
        let (_, distribution) = self.by_wording(clause.to_vec());
        let best = distribution.and_then(|distribution| distribution.best());
        best.is_some_and(|(intent, best)| self.social[intent] && best >= threshold)
    }

    /// The intents of clauses that want something else than what the whole utterance was taken for.
    fn further(
        &self,
        segments: &[Segment<'_>],
        whole: &Ranking,
        threshold: f32,
        asked: &mut Asked,
    ) -> Vec<IntentScore> {
        let Some(best) = whole.intents.first().filter(|_| !whole.out_of_scope) else {
            return Vec::new();
        };
        let said = segments
            .iter()
            .filter(|segment| !segment.social)
            .map(|segment| segment.text);
        let wishes = wishes(said);
        if wishes.len() < 2 {
            return Vec::new();
        }
        let mut found: Vec<IntentScore> = Vec::new();
        for wish in wishes {
            let mut features = Vec::new();
            extract(wish, &mut features);
            let own = self.distribution(features, wish, asked).best();
            let sure =
                own.filter(|(intent, confidence)| !self.social[*intent] && *confidence >= SEVERAL.max(threshold));
            if let Some((intent, confidence)) = sure {
                let name = &self.names[intent];
                if !found.iter().any(|other| other.name == *name) {
                    found.push(IntentScore {
                        name: Arc::clone(name),
                        confidence,
                    });
                }
            }
        }
        // Clauses of which none is what the whole is are its grounds and circumstances.
        if found.iter().any(|score| score.name == best.name) {
            found.retain(|score| score.name != best.name);
            found
        } else {
            Vec::new()
        }
    }

    /// How probable each intent is by the wording alone, with what a further judge needs of it; `None` if the model knows none of the
    /// features.
    fn by_wording(&self, mut features: Vec<Feature>) -> ((Vec<f32>, f32), Option<Distribution>) {
        features.sort_unstable();
        features.dedup();
        let vector = self.trained.vocabulary.vector(&features);
        let margins = self.trained.model.margins(&vector.entries);
        let known = !vector.entries.is_empty();
        let distribution = known.then(|| {
            let evidence = evidence(&margins, vector.unknown, None, self.trained.intents);
            Distribution {
                by_intent: self.trained.by_wording.probabilities(&evidence),
                encoder_asked: false,
            }
        });
        ((margins, vector.unknown), distribution)
    }

    /// How probable each intent is; nothing if nobody knows anything of the text. If the encoder can't be had, the wording decides,
    /// sure or not.
    fn distribution(&self, features: Vec<Feature>, text: &str, asked: &mut Asked) -> Distribution {
        let nothing_said = features.is_empty();
        let ((margins, unknown), by_wording) = self.by_wording(features);
        let sure = by_wording
            .as_ref()
            .and_then(Distribution::best)
            .is_some_and(|(_, best)| best >= self.trained.sure);
        let encoder = self.encoder.as_ref().filter(|_| !sure && !nothing_said);
        match encoder.map(|encoder| encoder.encode(spoken(text), asked)) {
            Some(Ok(vector)) => {
                let scores = self.trained.meaning.scores(&SentenceVector::new(&vector));
                let evidence = evidence(&margins, unknown, Some(&scores), self.trained.intents);
                Distribution {
                    by_intent: self.trained.by_both.probabilities(&evidence),
                    encoder_asked: true,
                }
            }
            Some(Err(_)) | None => by_wording.unwrap_or_default(),
        }
    }

    fn ranking(&self, distribution: Distribution, threshold: f32) -> Ranking {
        let encoder_asked = distribution.encoder_asked;
        let mut numbered: Vec<(usize, f32)> = distribution.by_intent.into_iter().enumerate().collect();
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
        Ranking {
            intents,
            out_of_scope,
            also: Vec::new(),
            encoder_asked,
            asked: Asked::default(),
            romaji: false,
        }
    }
}

/// What the encoder reads of a text: its beginning, which is all that counts there.
fn spoken(text: &str) -> &str {
    const LONGEST: usize = 4096;
    &text[..text.floor_char_boundary(LONGEST)]
}

#[cfg(test)]
mod tests;
