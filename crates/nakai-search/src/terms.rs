use std::collections::HashMap;

use crate::{
    Passage,
    analyse::{Analyser, Kind},
    sentences::sentences,
};

/// How much a term in the title, in the heading and in the text counts.
const FIELD_WEIGHTS: [f32; 3] = [1.5, 1.2, 1.0];
/// The frequency at which a word of a passage of mean length counts half of the most that it can (BM25's `k1`).
const WORD_HALF: f32 = 0.8;
/// The same for a run of characters.
const RUN_HALF: f32 = 1.2;
/// How far the length of a passage counts against it (BM25's `b`).
const LENGTH: f32 = 0.5;

/// The terms of one passage: BM25F (Robertson et al. 2004) as far as it depends neither on the question nor on other passages than
/// through their mean length.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct PassageTerms {
    /// Ascending.
    pub(crate) keys: Vec<u64>,
    /// Of each term: the saturated frequency in the passage, 0 to 1 as 0 to 255.
    pub(crate) strengths: Vec<u8>,
    /// Sentence `s` has the terms `sentence_starts[s]..sentence_starts[s + 1]` of `sentence_terms`.
    pub(crate) sentence_starts: Vec<u32>,
    /// Places in `keys`; in each sentence ascending, each once.
    pub(crate) sentence_terms: Vec<u32>,
}

impl PassageTerms {
    /// Analyses a passage. `mean_length` is that of all passages, in characters.
    pub(crate) fn of(passage: &Passage, mean_length: f32, analyser: &mut Analyser) -> Self {
        let [in_title, in_heading, in_text] = FIELD_WEIGHTS;
        let mut frequencies: HashMap<u64, (Kind, f32)> = HashMap::new();
        for (weight, text) in [(in_title, &passage.title), (in_heading, &passage.heading)] {
            analyser.analyse(text, |term| {
                frequencies.entry(term.key()).or_insert((term.kind, 0.0)).1 += weight;
            });
        }
        let mut by_sentence = Vec::new();
        for sentence in sentences(&passage.text) {
            let mut keys = Vec::new();
            analyser.analyse(sentence, |term| {
                frequencies.entry(term.key()).or_insert((term.kind, 0.0)).1 += in_text;
                keys.push(term.key());
            });
            keys.sort_unstable();
            keys.dedup();
            by_sentence.push(keys);
        }
        let relative_length = length(passage) / mean_length.max(1.0);
        let mut strengths: Vec<(u64, u8)> = frequencies
            .into_iter()
            .map(|(key, (kind, frequency))| (key, strength(kind, frequency, relative_length)))
            .collect();
        strengths.sort_unstable();
        let (keys, strengths): (Vec<u64>, Vec<u8>) = strengths.into_iter().unzip();
        let mut terms = Self {
            keys,
            strengths,
            sentence_starts: vec![0],
            sentence_terms: Vec::new(),
        };
        for sentence in by_sentence {
            let places = sentence.iter().filter_map(|key| terms.keys.binary_search(key).ok());
            terms
                .sentence_terms
                .extend(places.filter_map(|place| u32::try_from(place).ok()));
            terms
                .sentence_starts
                .push(u32::try_from(terms.sentence_terms.len()).unwrap_or(u32::MAX));
        }
        terms
    }

    /// The sentences, each with the places of its terms.
    pub(crate) fn sentences(&self) -> impl Iterator<Item = &[u32]> {
        self.sentence_starts.windows(2).map(|bounds| match bounds {
            [start, end] => self
                .sentence_terms
                .get(*start as usize..*end as usize)
                .unwrap_or_default(),
            _ => &[],
        })
    }
}

/// How strongly a passage has a term that it has so often. Never 0.
fn strength(kind: Kind, frequency: f32, relative_length: f32) -> u8 {
    let half = if kind.is_run() { RUN_HALF } else { WORD_HALF };
    let saturated = frequency / (frequency + half * (1.0 - LENGTH + LENGTH * relative_length));
    (saturated * 255.0).round().clamp(1.0, 255.0) as u8
}

/// The length of a passage for scoring, in characters.
fn length(passage: &Passage) -> f32 {
    [&passage.title, &passage.heading, &passage.text]
        .into_iter()
        .map(|text| text.chars().count())
        .sum::<usize>() as f32
}

/// The mean length of passages, in characters.
pub(crate) fn mean_length<P: std::borrow::Borrow<Passage>>(passages: impl Iterator<Item = P>) -> f32 {
    let add = |(sum, count), passage: P| (sum + length(passage.borrow()), count + 1);
    let (sum, count) = passages.fold((0.0, 0_usize), add);
    sum / count.max(1) as f32
}
