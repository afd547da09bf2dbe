//! The words that carry what a sentence says: dictionary forms in Japanese, stems in English.

mod words;

use std::collections::BTreeSet;

use nakai_morph::{Dictionary, Workspace};
use rust_stemmers::{Algorithm, Stemmer};
use unicode_normalization::UnicodeNormalization;

use self::words::IRREGULAR;
pub(crate) use self::words::{is_empty, is_empty_japanese};
use crate::japanese::{self, nominal};

/// The words of a sentence.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Terms {
    /// What it is about.
    pub(crate) words: BTreeSet<String>,
    /// Of those, names: words in capitals or katakana and proper nouns.
    pub(crate) names: BTreeSet<String>,
    /// Latin words in their order, as they stand, to join those that are also written as one.
    pub(crate) latin: Vec<String>,
}

/// Finds the words of sentences, one after the other.
pub(crate) struct TermFinder {
    dictionary: &'static Dictionary,
    stemmer: Stemmer,
}

impl TermFinder {
    pub(crate) fn new() -> Self {
        Self {
            dictionary: Dictionary::ipadic(),
            stemmer: Stemmer::create(Algorithm::English),
        }
    }

    /// Finds the words of a sentence that went through [`fold`].
    pub(crate) fn terms(&self, folded: &str) -> Terms {
        let mut terms = Terms::default();
        self.latin(folded, &mut terms);
        if is_japanese(folded) {
            self.japanese(folded, &mut terms);
        }
        terms
    }

    /// The clauses of a Japanese sentence that went through [`fold`].
    pub(crate) fn japanese_clauses(&self, folded: &str) -> Vec<japanese::Clause> {
        let (mut workspace, mut morphemes) = (Workspace::default(), Vec::new());
        self.dictionary.analyse(folded, &mut workspace, &mut morphemes);
        japanese::clauses(folded, self.dictionary, &morphemes)
    }

    /// The stem of a lower-case Latin word.
    pub(crate) fn stem(&self, word: &str) -> String {
        let joined = word.replace('-', "");
        let plain = joined.split('\'').next().unwrap_or_default();
        let plain = IRREGULAR
            .iter()
            .find(|(form, _)| *form == plain)
            .map_or(plain, |(_, verb)| verb);
        if plain.is_ascii() && plain.len() <= 40 {
            self.stemmer.stem(plain).into_owned()
        } else {
            plain.to_owned()
        }
    }

    fn latin(&self, folded: &str, terms: &mut Terms) {
        let is_inner = |c: char| c.is_alphanumeric() && !is_japanese_character(c);
        let mut first = true;
        for word in folded.split(|c: char| !(is_inner(c) || matches!(c, '-' | '\''))) {
            let word = word.trim_matches(['-', '\'']);
            if !word.chars().next().is_some_and(char::is_alphabetic) {
                continue;
            }
            let is_name = !first && word.chars().next().is_some_and(char::is_uppercase);
            first = false;
            let lower = word.to_lowercase();
            // A hyphen makes one word of two: `check-out`, `Wi-Fi`.
            let joined = lower.replace('-', "");
            let plain = joined.split('\'').next().unwrap_or_default();
            if plain.is_empty() || is_empty(plain) {
                terms.latin.push(plain.to_owned());
                continue;
            }
            let stem = self.stem(plain);
            if is_name {
                terms.names.insert(stem.clone());
            }
            terms.latin.push(plain.to_owned());
            terms.words.insert(stem);
        }
    }

    fn japanese(&self, folded: &str, terms: &mut Terms) {
        let (mut workspace, mut morphemes) = (Workspace::default(), Vec::new());
        self.dictionary.analyse(folded, &mut workspace, &mut morphemes);
        let mut before = "";
        for morpheme in &morphemes {
            let prefix = std::mem::take(&mut before);
            let Some(surface) = folded.get(morpheme.range()) else {
                continue;
            };
            if !surface.chars().any(is_japanese_character) {
                continue;
            }
            let base = self.dictionary.base(morpheme, folded).into_owned();
            let part = morpheme.part_of_speech();
            if part.major() == "接頭詞" {
                before = surface;
            }
            let carries = match (part.major(), part.minor()) {
                ("名詞", "非自立" | "特殊" | "代名詞" | "接続詞的" | "動詞非自立的" | "数") => {
                    false
                }
                ("名詞", _) => true,
                ("動詞" | "形容詞", "自立") | ("副詞", "一般") => true,
                _ => false,
            };
            if !carries || is_empty_japanese(&base) {
                continue;
            }
            let katakana = surface.chars().count() > 2 && surface.chars().all(|c| matches!(c, 'ァ'..='ヺ' | 'ー'));
            if part.minor() == "固有名詞" || (katakana && part.major() == "名詞") {
                terms.names.insert(base.clone());
            }
            let word = match (part.major(), prefix) {
                // 未使用 is not 使用.
                (_, "未" | "非" | "無" | "不") => format!("{prefix}{base}"),
                ("動詞", _) | ("名詞", "") => nominal(&base),
                _ => base,
            };
            terms.words.insert(word);
        }
    }
}

/// Writes a text in one way: NFKC, straight quotes, without marks such as `[1]`.
pub(crate) fn fold(text: &str) -> String {
    let mut folded: String = text
        .nfkc()
        .map(|c| match c {
            '’' | '‘' => '\'',
            '‐' | '‑' | '–' | '—' => '-',
            '*' | '#' | '`' | '_' => ' ',
            c => c,
        })
        .collect();
    while let Some(open) = folded.find('[') {
        let Some(close) = folded[open..].find(']') else { break };
        let mark = &folded[open + 1..open + close];
        if mark.is_empty()
            || !mark
                .bytes()
                .all(|byte| byte.is_ascii_digit() || matches!(byte, b',' | b' '))
        {
            break;
        }
        folded.replace_range(open..=open + close, "");
    }
    folded
}

pub(crate) const fn is_japanese_character(c: char) -> bool {
    matches!(c, 'ぁ'..='ゖ' | 'ァ'..='ヺ' | 'ー' | '々' | '一'..='鿿')
}

pub(crate) fn is_japanese(text: &str) -> bool {
    text.chars().any(is_japanese_character)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_stems_and_dictionary_forms() {
        let finder = TermFinder::new();
        let words = |text: &str| finder.terms(&fold(text)).words.into_iter().collect::<Vec<_>>();
        assert_eq!(
            words("Towels are provided in the check-out room. [1]"),
            ["checkout", "provid", "room", "towel"]
        );
        assert_eq!(
            words("大浴場は清掃のため閉めております。[2]"),
            ["浴場", "清掃", "閉める"]
        );
        let names = finder.terms(&fold("Take the bus to Kyoto Station")).names;
        assert!(names.contains("kyoto"), "{names:?}");
    }

    #[test]
    fn a_placeholder_is_no_mark() {
        assert_eq!(fold("[email_1] and [12]"), "[email 1] and [12]");
        assert_eq!(fold("so [1, 2]."), "so .");
    }
}
