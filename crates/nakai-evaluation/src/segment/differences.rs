//! Where our words and those of the treebank differ, by kind.

use std::{collections::BTreeMap, ops::Range};

use serde::Serialize;

use super::{Sentence, Word};

/// How many kinds are listed.
const LISTED: usize = 25;

/// A kind of place at which words differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// How often it occurs.
    pub count: usize,
    /// Our parts of speech, of IPADIC.
    pub ours: String,
    /// Those of the treebank.
    pub theirs: String,
    /// Our words and theirs, the most frequent ones first.
    pub examples: Vec<String>,
}

/// All differences, by the parts of speech of both sides.
#[derive(Default)]
pub(super) struct Differences(BTreeMap<(String, String), BTreeMap<String, usize>>);

impl Differences {
    /// Adds every shortest stretch of a sentence on which both sides agree at its ends and not within.
    pub(super) fn add(&mut self, sentence: &Sentence, ours: &[Word]) {
        let ends = |ranges: &[Range<usize>]| ranges.iter().map(|range| range.end).collect::<Vec<_>>();
        let our_ranges: Vec<Range<usize>> = ours.iter().map(|word| word.range.clone()).collect();
        let (our_ends, their_ends) = (ends(&our_ranges), ends(&sentence.words));
        let (mut our_start, mut their_start) = (0, 0);
        for (our, end) in our_ends.iter().enumerate() {
            let Ok(their) = their_ends.binary_search(end) else {
                continue;
            };
            let (own, other) = (our_start..our + 1, their_start..their + 1);
            (our_start, their_start) = (our + 1, their + 1);
            if our_ranges[own.clone()] == sentence.words[other.clone()] {
                continue;
            }
            let minor = |word: &Word| match word.categories {
                [major, "*", ..] => major.to_owned(),
                [major, minor, ..] => format!("{major}-{minor}"),
            };
            let parts: Vec<String> = ours[own.clone()].iter().map(minor).collect();
            let kind = (parts.join(" "), sentence.parts[other.clone()].join(" "));
            let words = |ranges: &[Range<usize>]| {
                let words = ranges.iter().filter_map(|range| sentence.text.get(range.clone()));
                words.collect::<Vec<_>>().join("|")
            };
            let example = format!("{} → {}", words(&our_ranges[own]), words(&sentence.words[other]));
            *self.0.entry(kind).or_default().entry(example).or_default() += 1;
        }
    }

    /// The most frequent kinds.
    pub(super) fn largest(self) -> Vec<Difference> {
        let difference = |((ours, theirs), examples): ((String, String), BTreeMap<String, usize>)| {
            let count = examples.values().sum();
            let mut examples: Vec<(String, usize)> = examples.into_iter().collect();
            examples.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
            let examples = examples.into_iter().take(3).map(|(example, _)| example).collect();
            Difference {
                count,
                ours,
                theirs,
                examples,
            }
        };
        let mut all: Vec<Difference> = self.0.into_iter().map(difference).collect();
        all.sort_by_key(|difference| std::cmp::Reverse(difference.count));
        all.truncate(LISTED);
        all
    }
}
