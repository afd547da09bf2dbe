use std::fmt;

use serde::Serialize;

use super::{Difference, Word};
use crate::share::share;

/// How many words are right.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct WordScore {
    /// The harmonic mean of precision and recall.
    pub f1: f64,
    /// The share of our words that are words of the treebank.
    pub precision: f64,
    /// The share of the words of the treebank that are ours.
    pub recall: f64,
    /// Words that both have.
    pub right: usize,
    /// Words of ours.
    pub found: usize,
    /// Words of the treebank.
    pub expected: usize,
}

impl WordScore {
    /// Counts the words of a sentence, both in the order of the text.
    pub(super) fn add(&mut self, expected: &[std::ops::Range<usize>], found: &[Word]) {
        self.expected += expected.len();
        self.found += found.len();
        let place = |range: &std::ops::Range<usize>| (range.start, range.end);
        let is_right = |word: &&Word| expected.binary_search_by_key(&place(&word.range), place).is_ok();
        self.right += found.iter().filter(is_right).count();
    }

    pub(super) fn precision(&self) -> f64 {
        share(self.right, self.found)
    }

    pub(super) fn recall(&self) -> f64 {
        share(self.right, self.expected)
    }

    pub(super) fn f1(&self) -> f64 {
        share(2 * self.right, self.found + self.expected)
    }

    /// Fills in the shares.
    pub(super) fn finished(self) -> Self {
        Self {
            f1: self.f1(),
            precision: self.precision(),
            recall: self.recall(),
            ..self
        }
    }
}

/// How well Japanese was cut into words. Shares are 0 to 1.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SegmentReport {
    /// Of short units.
    pub f1: f64,
    /// Of short units.
    pub precision: f64,
    /// Of short units.
    pub recall: f64,
    /// IPADIC's words, made short units.
    pub short_units: WordScore,
    /// IPADIC's words as they are.
    pub ipadic: WordScore,
    /// Sentences of the treebank.
    pub sentences: usize,
    /// Their characters.
    pub characters: usize,
    /// CPU time of cutting one sentence, µs.
    pub cpu_us_per_sentence: f64,
    /// The most frequent kinds of differences that are left.
    pub differences: Vec<Difference>,
}

impl fmt::Display for SegmentReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} sentences, {} characters; {:.1} µs of CPU time a sentence\n",
            self.sentences, self.characters, self.cpu_us_per_sentence
        )?;
        writeln!(
            f,
            "a word is right if it begins and ends where one of the treebank does\n"
        )?;
        writeln!(
            f,
            "{:<18}{:>8}{:>11}{:>8}{:>8}{:>8}{:>10}",
            "", "F1", "precision", "recall", "right", "ours", "treebank"
        )?;
        for (name, score) in [("IPADIC's words", self.ipadic), ("as short units", self.short_units)] {
            let WordScore {
                f1, precision, recall, ..
            } = score;
            let (right, found, expected) = (score.right, score.found, score.expected);
            writeln!(
                f,
                "{name:<18}{f1:>8.4}{precision:>11.4}{recall:>8.4}{right:>8}{found:>8}{expected:>10}"
            )?;
        }
        writeln!(
            f,
            "\nthe most frequent differences of short units: our parts of speech → those of the treebank"
        )?;
        for difference in &self.differences {
            writeln!(
                f,
                "{:>6}  {} → {}",
                difference.count, difference.ours, difference.theirs
            )?;
            writeln!(f, "{:>8}{}", "", difference.examples.join(",  "))?;
        }
        Ok(())
    }
}
