use std::collections::HashMap;

use crate::terms::PassageTerms;

/// Which passages have which terms, and how strongly.
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
#[derive(Debug, Default)]
pub(crate) struct PostingsBuilder {
    numbers: HashMap<u64, u32>,
    postings: Vec<Vec<(u32, u8)>>,
}

impl PostingsBuilder {
    /// Adds the terms of a passage, and gives the number that each has for now. Passages come in the order of their numbers.
    pub(crate) fn add(&mut self, passage: u32, terms: &PassageTerms) -> Vec<u32> {
        let add = |(key, strength): (&u64, &u8)| {
            let fresh = u32::try_from(self.numbers.len()).unwrap_or(u32::MAX);
            let number = *self.numbers.entry(*key).or_insert(fresh);
            if number == fresh {
                self.postings.push(Vec::new());
            }
            if let Some(postings) = self.postings.get_mut(number as usize) {
                postings.push((passage, *strength));
            }
            number
        };
        terms.keys.iter().zip(&terms.strengths).map(add).collect()
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
