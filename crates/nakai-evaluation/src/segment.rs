//! How well Japanese is cut into words, on a treebank of Universal Dependencies.
//!
//! Words are compared by their places: one is right if it begins and ends where a word of the treebank does. IPADIC's words are other
//! words than the short units of the treebank, so two scores are given: of IPADIC's words as they are, and as `short_units` makes short
//! units of them.

mod conllu;
mod differences;
mod report;
mod short_units;

use std::ops::Range;

use nakai_morph::{Dictionary, Workspace};

use self::{conllu::Sentence, differences::Differences};
pub use self::{
    differences::Difference,
    report::{SegmentReport, WordScore},
};
use crate::{Unusable, cost};

/// A word of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Word {
    /// Where it stands, in bytes of its sentence.
    range: Range<usize>,
    /// Its part of speech as IPADIC has it.
    categories: [&'static str; 4],
}

/// Cuts the sentences of a treebank in CoNLL-U and compares. `name` is what errors call the file.
///
/// # Errors
/// The first line that is not CoNLL-U, or that there are no sentences.
pub fn evaluate(name: &str, treebank: &str) -> Result<SegmentReport, Unusable> {
    let sentences = conllu::read(name, treebank)?;
    if sentences.is_empty() {
        return Err(Unusable::file(name, "no sentences; expected a treebank in CoNLL-U"));
    }
    let mut analyser = Analyser::default();
    let (mut plain, mut short) = (WordScore::default(), WordScore::default());
    let mut differences = Differences::default();
    for sentence in &sentences {
        let words = analyser.words(&sentence.text);
        plain.add(&sentence.words, &words);
        let words = short_units::of(words, &sentence.text);
        short.add(&sentence.words, &words);
        differences.add(sentence, &words);
    }
    let characters: usize = sentences.iter().map(|sentence| sentence.text.chars().count()).sum();
    let cpu = cost::cpu_of_one(|| {
        for sentence in &sentences {
            analyser.words(&sentence.text);
        }
    });
    Ok(SegmentReport {
        f1: short.f1(),
        precision: short.precision(),
        recall: short.recall(),
        short_units: short.finished(),
        ipadic: plain.finished(),
        sentences: sentences.len(),
        characters,
        cpu_us_per_sentence: cost::micros_of_each(cpu, sentences.len()),
        differences: differences.largest(),
    })
}

struct Analyser {
    dictionary: &'static Dictionary,
    workspace: Workspace,
    morphemes: Vec<nakai_morph::Morpheme>,
}

impl Default for Analyser {
    fn default() -> Self {
        Self {
            dictionary: Dictionary::ipadic(),
            workspace: Workspace::default(),
            morphemes: Vec::new(),
        }
    }
}

impl Analyser {
    /// The words of a sentence. Spaces are no words.
    fn words(&mut self, sentence: &str) -> Vec<Word> {
        self.morphemes.clear();
        self.dictionary
            .analyse(sentence, &mut self.workspace, &mut self.morphemes);
        let word = |morpheme: &nakai_morph::Morpheme| Word {
            range: morpheme.range(),
            categories: morpheme.part_of_speech().categories(),
        };
        let words = self.morphemes.iter().map(word);
        words
            .filter(|word| !sentence.get(word.range.clone()).unwrap_or_default().trim().is_empty())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_compared_by_their_places() {
        let treebank = "# text = 部屋を予約したい\n1\t部屋\n2\tを\n3\t予約\n4\tしたい\n\n";
        let report = evaluate("a.conllu", treebank).unwrap();
        // Ours: 部屋 | を | 予約 | し | たい.
        assert_eq!(
            (report.ipadic.expected, report.ipadic.found, report.ipadic.right),
            (4, 5, 3)
        );
        assert!((report.ipadic.precision - 0.6).abs() < 1e-9);
        assert!((report.ipadic.recall - 0.75).abs() < 1e-9);
        assert!((report.ipadic.f1 - 2.0 / 3.0).abs() < 1e-9);
        assert_eq!((report.sentences, report.characters), (1, 8));
    }

    #[test]
    fn an_empty_file_is_refused() {
        let error = evaluate("a.conllu", "\n").unwrap_err().to_string();
        assert_eq!(error, "a.conllu: no sentences; expected a treebank in CoNLL-U");
    }
}
