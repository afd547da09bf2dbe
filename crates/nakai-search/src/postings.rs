use std::collections::HashMap;

use crate::analyse::Kind;

/// Where a term counts from, as it stands in the passage.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Field {
    Title,
    Heading,
    Body,
}

/// How much a term in a field counts, compared with one in the body.
const FIELD_WEIGHTS: [f32; 3] = [1.5, 1.2, 1.0];
/// The frequency at which a word of a passage of mean length counts half of the most that it can (BM25's `k1`).
const WORD_HALF: f32 = 0.8;
/// The same for a run of characters.
const RUN_HALF: f32 = 1.2;
/// How far the length of a passage counts against it (BM25's `b`).
const LENGTH: f32 = 0.5;

/// Which passages have which terms, and how strongly: BM25F (Robertson et al. 2004) as far as it does not depend on the question.
///
/// Terms are numbered in the order of their keys. The postings of term `t` are `starts[t]..starts[t + 1]`, in the order of passages.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Postings {
    pub(crate) keys: Vec<u64>,
    pub(crate) starts: Vec<u32>,
    pub(crate) passages: Vec<u32>,
    /// The saturated frequency in the passage, 0 to 1 as 0 to 255.
    pub(crate) strengths: Vec<u8>,
}

impl Postings {
    /// The number of a term, if any passage has it.
    pub(crate) fn find(&self, key: u64) -> Option<u32> {
        self.keys.binary_search(&key).ok().and_then(|at| u32::try_from(at).ok())
    }

    /// How much memory they take, in bytes.
    pub(crate) fn size(&self) -> usize {
        size_of::<u64>() * self.keys.len()
            + size_of::<u32>() * (self.starts.len() + self.passages.len())
            + self.strengths.len()
    }

    /// The passages that have a term, with its strength in each.
    pub(crate) fn of(&self, term: u32) -> (&[u32], &[u8]) {
        let at = term as usize;
        let range = match self.starts.get(at..at + 2) {
            Some([start, end]) => *start as usize..*end as usize,
            _ => 0..0,
        };
        (
            self.passages.get(range.clone()).unwrap_or_default(),
            self.strengths.get(range).unwrap_or_default(),
        )
    }
}

/// Collects the postings of one passage after the other.
pub(crate) struct PostingsBuilder {
    numbers: HashMap<u64, u32>,
    postings: Vec<Vec<(u32, u8)>>,
    /// Of the passage in work: the weighted frequency of each term.
    frequencies: HashMap<u32, (Kind, f32)>,
}

impl PostingsBuilder {
    pub(crate) fn new() -> Self {
        Self {
            numbers: HashMap::new(),
            postings: Vec::new(),
            frequencies: HashMap::new(),
        }
    }

    /// Counts a term of the passage in work and gives the number that it has for now.
    pub(crate) fn count(&mut self, key: u64, kind: Kind, field: Field) -> u32 {
        let fresh = u32::try_from(self.numbers.len()).unwrap_or(u32::MAX);
        let number = *self.numbers.entry(key).or_insert(fresh);
        if number == fresh {
            self.postings.push(Vec::new());
        }
        self.frequencies.entry(number).or_insert((kind, 0.0)).1 += FIELD_WEIGHTS[field as usize];
        number
    }

    /// Ends the passage in work. `length` is its length, divided by the mean length of all.
    pub(crate) fn finish(&mut self, passage: u32, length: f32) {
        for (number, (kind, frequency)) in self.frequencies.drain() {
            let half = if kind.is_run() { RUN_HALF } else { WORD_HALF };
            let saturated = frequency / (frequency + half * (1.0 - LENGTH + LENGTH * length));
            let strength = (saturated * 255.0).round().clamp(1.0, 255.0) as u8;
            if let Some(postings) = self.postings.get_mut(number as usize) {
                postings.push((passage, strength));
            }
        }
    }

    /// The postings of all passages, and for each number given so far that under which the term is found now.
    pub(crate) fn build(self) -> (Postings, Vec<u32>) {
        let mut keys: Vec<(u64, u32)> = self.numbers.into_iter().collect();
        keys.sort_unstable();
        let mut renumbered = vec![0; keys.len()];
        let mut built = Postings {
            starts: vec![0],
            ..Postings::default()
        };
        for (now, (key, number)) in (0_u32..).zip(keys) {
            renumbered[number as usize] = now;
            built.keys.push(key);
            for (passage, strength) in &self.postings[number as usize] {
                built.passages.push(*passage);
                built.strengths.push(*strength);
            }
            built
                .starts
                .push(u32::try_from(built.passages.len()).unwrap_or(u32::MAX));
        }
        (built, renumbered)
    }
}
