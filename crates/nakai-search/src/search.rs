use std::{fmt, ops::Range, sync::Arc};

use nakai_encoder::SentenceEncoder;

use crate::{
    Filter, Passage, Words,
    answer::answer,
    postings::Postings,
    question::{Question, QuestionTerms},
    rank::{self, Evidence},
    synonyms::PreparedSynonyms,
    vectors::{Encoded, Vectors},
};

/// How many passages that words find, and that vectors find, are looked at more closely.
const CANDIDATES: usize = 40;
/// How much a term of the sentence before counts, compared with one in the sentence.
const SENTENCE_BEFORE: f32 = 0.5;

/// What passages are found by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// By words and characters alone.
    Text,
    /// By the closeness of vectors alone.
    Vector,
    /// By both.
    Fused,
}

/// A passage that was found.
#[derive(Clone)]
pub struct Hit<'i> {
    /// The passage.
    pub passage: &'i Passage,
    /// By what hits are ordered; comparable between hits of one mode.
    pub score: f32,
    /// What speaks for it by words alone.
    pub text_score: f32,
    /// What speaks for it by vectors alone.
    pub vector_score: f32,
    /// Its place by words alone, from 0; `None` if they did not find it or were not used.
    pub text_rank: Option<usize>,
    /// Its place by vectors alone, from 0; `None` if they did not find it or were not used.
    pub vector_rank: Option<usize>,
    /// The probability that it answers the question, 0 to 1.
    pub confidence: f32,
    number: u32,
    asked: Arc<Asked<'i>>,
}

/// What hits came from: a question that was analysed, with the index that was asked.
struct Asked<'i> {
    index: &'i SearchIndex,
    question: Arc<Question>,
    encoded: Option<Encoded>,
}

/// A question to an index, analysed once to be searched in several ways.
pub struct Search<'i, 'q> {
    index: &'i SearchIndex,
    text: &'q str,
    words: Words,
    question: Arc<Question>,
}

impl<'i> Search<'i, '_> {
    /// The question's words that say something.
    pub const fn words(&self) -> &Words {
        &self.words
    }

    /// Finds the best `k` passages, the best first; fewer if nothing speaks for more. The same question always finds the same, and of
    /// passages with the same score the one whose id sorts first comes first.
    pub fn find(&self, filter: &Filter<'_>, mode: Mode, k: usize) -> Vec<Hit<'i>> {
        let encoded = (mode != Mode::Text).then(|| Encoded::new(self.index.encoder.as_ref(), self.text));
        self.index.find(Arc::clone(&self.question), encoded, filter, mode, k)
    }
}

impl Hit<'_> {
    /// Where the sentences stand in its text that answer, in bytes: at most three, unless a list is among them. Looked up when it is
    /// asked for: of many hits few are shown.
    pub fn answer(&self) -> Range<usize> {
        let Asked {
            index,
            question,
            encoded,
        } = &*self.asked;
        index.answer(self.number as usize, question, encoded.as_ref())
    }

    /// The question's words that it has, in any form; function words are left out, and width and capitals folded.
    pub fn matched(&self) -> Vec<String> {
        self.asked.index.matched(self.number, &self.asked.question)
    }
}

impl fmt::Debug for Hit<'_> {
    /// Tells nothing of the question.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hit")
            .field("passage", self.passage)
            .field("score", &self.score)
            .field("text_score", &self.text_score)
            .field("vector_score", &self.vector_score)
            .field("text_rank", &self.text_rank)
            .field("vector_rank", &self.vector_rank)
            .field("confidence", &self.confidence)
            .finish_non_exhaustive()
    }
}

/// Passages, ready to be searched. It never changes; a change makes a new one (see [`crate::IndexBuilder::reuse`]).
pub struct SearchIndex {
    pub(crate) encoder: Arc<dyn SentenceEncoder>,
    /// In the order of their ids.
    pub(crate) passages: Vec<Passage>,
    pub(crate) synonyms: PreparedSynonyms,
    pub(crate) postings: Postings,
    /// Passage `p` has the sentences `sentence_starts[p]..sentence_starts[p + 1]`.
    pub(crate) sentence_starts: Vec<u32>,
    /// Sentence `s` has the terms `term_starts[s]..term_starts[s + 1]` of `sentence_terms`, sorted, each once.
    pub(crate) term_starts: Vec<u32>,
    pub(crate) sentence_terms: Vec<u32>,
    pub(crate) vectors: Vectors,
}

/// How many passages words, and vectors, must find for the best `k`: one more than asked for at least, so that the best has a rival to be
/// sure against.
pub(crate) fn wanted(k: usize) -> usize {
    CANDIDATES.max(k.saturating_add(1))
}

/// A passage in closer look.
struct Candidate {
    number: u32,
    evidence: Evidence,
    text_rank: Option<usize>,
    vector_rank: Option<usize>,
}

impl SearchIndex {
    /// The passages, in the order of their ids.
    pub fn passages(&self) -> &[Passage] {
        &self.passages
    }

    /// How much memory the index takes, in bytes, without what the encoder takes.
    pub fn size(&self) -> usize {
        let texts = |passage: &Passage| {
            [&passage.id, &passage.title, &passage.heading, &passage.text]
                .map(String::len)
                .iter()
                .sum::<usize>()
        };
        self.passages
            .iter()
            .map(|passage| size_of::<Passage>() + texts(passage))
            .sum::<usize>()
            + self.postings.size()
            + self.vectors.size()
            + size_of::<u32>() * (self.sentence_starts.len() + self.term_starts.len() + self.sentence_terms.len())
    }

    /// Analyses a question.
    pub fn ask<'q>(&self, question: &'q str) -> Search<'_, 'q> {
        let terms = QuestionTerms::of(question);
        Search {
            index: self,
            text: question,
            question: Arc::new(Question::new(&terms, &self.synonyms, &self.postings, self)),
            words: terms.telling,
        }
    }

    /// Finds the best `k` passages for a question: see [`Search::find`].
    pub fn search(&self, question: &str, filter: &Filter<'_>, mode: Mode, k: usize) -> Vec<Hit<'_>> {
        self.ask(question).find(filter, mode, k)
    }

    /// Finds the best passages for a question that was weighed for this index.
    pub(crate) fn find(
        &self,
        asked: Arc<Question>,
        encoded: Option<Encoded>,
        filter: &Filter<'_>,
        mode: Mode,
        k: usize,
    ) -> Vec<Hit<'_>> {
        let wanted = wanted(k);
        let admitted: Vec<u32> = (0..)
            .zip(&self.passages)
            .filter_map(|(number, passage)| filter.admits(passage).then_some(number))
            .collect();
        let mut found: Vec<u32> = Vec::new();

        let mut coverage = Vec::new();
        if mode != Mode::Vector {
            coverage = self.coverage(&asked);
            let scores = admitted
                .iter()
                .filter_map(|number| Some((*number, *coverage.get(*number as usize)?)));
            found = rank::best(scores, wanted);
        }
        if let Some(encoded) = &encoded {
            // The vectors of whole passages find; those of windows, which are many more, only decide between what was found.
            let scores = admitted
                .iter()
                .map(|number| (*number, self.vectors.whole(encoded, *number as usize)));
            found.extend(rank::best(scores, wanted));
        }
        found.sort_unstable();
        found.dedup();

        let mut candidates: Vec<Candidate> = found
            .into_iter()
            .map(|number| {
                let passage = number as usize;
                let mut evidence = Evidence::default();
                if mode != Mode::Vector {
                    evidence.coverage = coverage.get(passage).copied().unwrap_or_default();
                    evidence.sentence = self.best_sentence(passage, &asked);
                }
                if let Some(encoded) = &encoded {
                    evidence.whole = self.vectors.whole(encoded, passage);
                    evidence.window = self.vectors.closest(encoded, passage);
                }
                Candidate {
                    number,
                    evidence,
                    text_rank: None,
                    vector_rank: None,
                }
            })
            .collect();
        if mode != Mode::Vector {
            rank_by(&mut candidates, Mode::Text, |candidate, rank| {
                candidate.text_rank = Some(rank);
            });
        }
        if mode != Mode::Text {
            rank_by(&mut candidates, Mode::Vector, |candidate, rank| {
                candidate.vector_rank = Some(rank);
            });
        }
        if mode == Mode::Fused {
            rank_by(&mut candidates, mode, |_, _| {});
        }
        let asked = Asked {
            index: self,
            question: asked,
            encoded,
        };
        self.hits(&candidates, asked, mode, k)
    }

    /// Of each passage: the share of the question's terms that it has.
    fn coverage(&self, asked: &Question) -> Vec<f32> {
        let mut scores = vec![0.0; self.passages.len()];
        let add = |scores: &mut [f32], term: u32, weight: f32| {
            let weight = weight / f32::from(u8::MAX) / asked.ideal;
            let (passages, strengths) = self.postings.of(term);
            for (passage, strength) in passages.iter().zip(strengths) {
                if let Some(score) = scores.get_mut(*passage as usize) {
                    *score += weight * f32::from(*strength);
                }
            }
        };
        for term in &asked.terms {
            add(&mut scores, term.term, term.weight);
        }
        for alternative in &asked.alternatives {
            // A passage that has both words gets no more than for the better one.
            let sum = |terms: &[(u32, f32)]| {
                let mut sums = vec![0.0; self.passages.len()];
                for (term, weight) in terms {
                    add(&mut sums, *term, *weight);
                }
                sums
            };
            for ((score, own), other) in scores
                .iter_mut()
                .zip(sum(&alternative.own))
                .zip(sum(&alternative.other))
            {
                *score += (other - own).max(0.0);
            }
        }
        scores
    }

    /// The share of the question's terms that the best sentence of a passage has.
    fn best_sentence(&self, passage: usize, asked: &Question) -> f32 {
        let mut best = 0.0_f32;
        self.each_sentence(passage, asked, |share| best = best.max(share));
        best
    }

    /// Tells of each sentence of a passage which share of the question's terms it has.
    fn each_sentence(&self, passage: usize, asked: &Question, mut tell: impl FnMut(f32)) {
        let Some([first, end]) = self.sentence_starts.get(passage..passage + 2) else {
            return;
        };
        let mut before = vec![false; asked.weights.len()];
        for sentence in *first as usize..*end as usize {
            let terms = match self.term_starts.get(sentence..sentence + 2) {
                Some([start, end]) => self
                    .sentence_terms
                    .get(*start as usize..*end as usize)
                    .unwrap_or_default(),
                _ => &[],
            };
            let mut terms = terms.iter().peekable();
            let mut share = 0.0;
            for ((term, weight), before) in asked.weights.iter().zip(&mut before) {
                while terms.next_if(|other| *other < term).is_some() {}
                let here = terms.peek() == Some(&term);
                share += match (here, *before) {
                    (true, _) => *weight,
                    (false, true) => SENTENCE_BEFORE * weight,
                    (false, false) => 0.0,
                };
                *before = here;
            }
            tell(share / asked.ideal);
        }
    }

    /// Where the sentences of a passage stand that answer.
    fn answer(&self, passage: usize, asked: &Question, encoded: Option<&Encoded>) -> Range<usize> {
        let mut scores = Vec::new();
        self.each_sentence(passage, asked, |sentence| {
            scores.push(Evidence {
                sentence,
                ..Evidence::default()
            });
        });
        if let Some(encoded) = encoded {
            // The first windows are single sentences.
            for (evidence, cosine) in scores.iter_mut().zip(self.vectors.windows(encoded, passage)) {
                evidence.window = cosine.max(0.0);
            }
        }
        let scores: Vec<f32> = scores.iter().map(|evidence| evidence.score(Mode::Fused)).collect();
        let text = self.passages.get(passage).map_or("", |passage| &passage.text);
        answer(text, &scores)
    }

    fn hits<'i>(&'i self, candidates: &[Candidate], asked: Asked<'i>, mode: Mode, k: usize) -> Vec<Hit<'i>> {
        let asked = Arc::new(asked);
        let score = |at: usize| {
            candidates
                .get(at)
                .map_or(0.0, |candidate| candidate.evidence.score(mode))
        };
        let hit = |(at, candidate): (usize, &Candidate)| {
            Some(Hit {
                passage: self.passages.get(candidate.number as usize)?,
                score: score(at),
                text_score: candidate.evidence.score(Mode::Text),
                vector_score: candidate.evidence.score(Mode::Vector),
                text_rank: candidate.text_rank,
                vector_rank: candidate.vector_rank,
                confidence: rank::confidence(mode, score(at), score(usize::from(at == 0))),
                number: candidate.number,
                asked: Arc::clone(&asked),
            })
        };
        candidates.iter().enumerate().take(k).filter_map(hit).collect()
    }

    /// The question's words that a passage has.
    fn matched(&self, passage: u32, asked: &Question) -> Vec<String> {
        let has = |term: u32| self.postings.of(term).0.binary_search(&passage).is_ok();
        let words = asked
            .terms
            .iter()
            .filter_map(|term| Some((term.term, term.text.as_ref()?)));
        let mut matched: Vec<String> = words
            .filter(|(term, _)| has(*term))
            .map(|(_, text)| text.clone())
            .collect();
        matched.sort_unstable();
        matched
    }
}

/// Sorts candidates by their score, and then by number, and tells each that has a score its place.
fn rank_by(candidates: &mut [Candidate], mode: Mode, mut place: impl FnMut(&mut Candidate, usize)) {
    candidates.sort_by(|a, b| {
        let by_score = b.evidence.score(mode).total_cmp(&a.evidence.score(mode));
        by_score.then(a.number.cmp(&b.number))
    });
    for (rank, candidate) in candidates.iter_mut().enumerate() {
        if candidate.evidence.score(mode) > 0.0 {
            place(candidate, rank);
        }
    }
}
