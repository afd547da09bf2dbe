//! Search in passages that another engine keeps: that one finds candidates, and they are ordered here as an index in memory would.

use std::{collections::HashMap, sync::Arc};

use nakai_encoder::SentenceEncoder;

use crate::{
    AnalysedPassage, Filter, Hit, Mode, Passage, SearchIndex, Synonyms, Words,
    analyse::Analyser,
    postings::Postings,
    question::{Frequencies, Question, QuestionTerms},
    search::wanted,
    synonyms::PreparedSynonyms,
    vectors::{Encoded, Vectors},
};

/// How many passages there are, and how many have each term that a question looks up.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Statistics {
    /// All passages that are searched together, whatever a filter admits.
    pub passages: usize,
    /// By key, how many passages have the term; none where it is missing.
    pub having: HashMap<u64, usize>,
}

impl Frequencies for Statistics {
    fn passages(&self) -> usize {
        self.passages
    }

    fn having(&self, key: u64) -> usize {
        self.having.get(&key).copied().unwrap_or_default()
    }
}

/// A question to passages that another engine keeps.
///
/// That engine is asked twice: how many passages have each of [`Self::keys`], and which passages have most of what [`Self::weights`] count,
/// and which are closest to [`Self::vector`]. [`Candidates`] orders what it found.
pub struct Lookup {
    question: QuestionTerms,
    encoder: Arc<dyn SentenceEncoder>,
    encoded: Encoded,
    synonyms: Arc<PreparedSynonyms>,
    keys: Vec<u64>,
}

impl Synonyms {
    /// Analyses the synonyms, for many questions.
    pub fn prepare(self) -> PreparedSynonyms {
        Analyser::with(|analyser| self.prepared(analyser))
    }
}

impl Lookup {
    /// Analyses and encodes a question.
    pub fn new(question: &str, encoder: Arc<dyn SentenceEncoder>, synonyms: Arc<PreparedSynonyms>) -> Self {
        let encoded = Encoded::new(encoder.as_ref(), question);
        let question = QuestionTerms::of(question);
        Self {
            encoded,
            encoder,
            keys: question.keys(&synonyms),
            question,
            synonyms,
        }
    }

    /// The question's words that say something.
    pub const fn words(&self) -> &Words {
        &self.question.telling
    }

    /// How many passages to find by words, and as many by the vector, so that the best `k` are those that an index in memory finds.
    pub fn candidates(k: usize) -> usize {
        wanted(k)
    }

    /// The keys of the terms that the question looks up, ascending, each once.
    pub fn keys(&self) -> &[u64] {
        &self.keys
    }

    /// The question's vector; `None` if the encoder knows nothing of it, so that it has no direction.
    pub fn vector(&self) -> Option<Vec<f32>> {
        Some(self.encoded.vector()).filter(|vector| vector.iter().any(|x| *x != 0.0))
    }

    /// What a passage gets that is full of a term, by key, the weightiest first. Terms that count nothing are left out.
    pub fn weights(&self, statistics: &Statistics) -> Vec<(u64, f32)> {
        let question = self.weighed(&self.postings(&[]), statistics);
        let key = |(term, weight): &(u32, f32)| Some((*self.keys.get(*term as usize)?, *weight));
        let mut weights: Vec<(u64, f32)> = question.weights.iter().filter_map(key).collect();
        weights.retain(|(_, weight)| *weight > 0.0);
        weights.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        weights
    }

    fn weighed(&self, postings: &Postings, statistics: &Statistics) -> Question {
        Question::new(&self.question, &self.synonyms, postings, statistics)
    }

    /// Which of the candidates have which of the question's terms. The number of a term is its place in `keys`.
    fn postings(&self, found: &[(Passage, AnalysedPassage)]) -> Postings {
        let mut postings = Postings {
            keys: self.keys.clone(),
            starts: vec![0],
            ..Postings::default()
        };
        for key in &self.keys {
            for (number, (_, analysed)) in (0_u32..).zip(found) {
                if let Ok(at) = analysed.terms.keys.binary_search(key)
                    && let Some(strength) = analysed.terms.strengths.get(at)
                {
                    postings.passages.push(number);
                    postings.strengths.push(*strength);
                }
            }
            let end = u32::try_from(postings.passages.len()).unwrap_or(u32::MAX);
            postings.starts.push(end);
        }
        postings
    }
}

/// Passages that another engine found for a question.
pub struct Candidates {
    index: SearchIndex,
    question: Arc<Question>,
    encoded: Encoded,
}

impl Candidates {
    /// Takes the candidates, in any order; of those with the same id, one counts. `statistics` are those of all passages.
    pub fn new(lookup: &Lookup, statistics: &Statistics, mut found: Vec<(Passage, AnalysedPassage)>) -> Self {
        found.sort_by(|(a, _), (b, _)| a.id.cmp(&b.id));
        found.dedup_by(|(a, _), (b, _)| a.id == b.id);
        let postings = lookup.postings(&found);
        let question = lookup.weighed(&postings, statistics);
        let mut index = SearchIndex {
            encoder: Arc::clone(&lookup.encoder),
            passages: Vec::with_capacity(found.len()),
            synonyms: PreparedSynonyms::default(),
            postings,
            sentence_starts: vec![0],
            term_starts: vec![0],
            sentence_terms: Vec::new(),
            vectors: Vectors::new(lookup.encoder.dimension()),
        };
        for (passage, analysed) in found {
            index.push_sentences(&lookup.keys, &analysed);
            index.vectors.take(&analysed.vectors, 0);
            index.vectors.finish();
            index.passages.push(passage);
        }
        Self {
            index,
            question: Arc::new(question),
            encoded: lookup.encoded.clone(),
        }
    }

    /// The best `k`, the best first, as [`SearchIndex::search`] orders them.
    pub fn search(&self, mode: Mode, k: usize) -> Vec<Hit<'_>> {
        let encoded = (mode != Mode::Text).then(|| self.encoded.clone());
        self.index
            .find(Arc::clone(&self.question), encoded, &Filter::default(), mode, k)
    }
}

impl SearchIndex {
    /// Appends the sentences of a passage as far as a question can see them: of their terms those with `keys`.
    fn push_sentences(&mut self, keys: &[u64], analysed: &AnalysedPassage) {
        let number = |key: &u64| keys.binary_search(key).ok().and_then(|at| u32::try_from(at).ok());
        let numbers: Vec<Option<u32>> = analysed.terms.keys.iter().map(number).collect();
        for places in analysed.terms.sentences() {
            // Keys and numbers ascend together, so the terms of a sentence stay in order.
            let asked = places.iter().filter_map(|place| *numbers.get(*place as usize)?);
            self.sentence_terms.extend(asked);
            let end = u32::try_from(self.sentence_terms.len()).unwrap_or(u32::MAX);
            self.term_starts.push(end);
        }
        let end = u32::try_from(self.term_starts.len() - 1).unwrap_or(u32::MAX);
        self.sentence_starts.push(end);
    }
}
