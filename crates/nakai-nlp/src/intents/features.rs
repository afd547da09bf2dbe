//! What the model sees of a text: words, pairs of words and pieces of words, as 64-bit hashes.
//!
//! - Scripts that write spaces: words, pairs of neighbours, and runs of two to four characters within a word, its edges included.
//! - Japanese script: runs of one to three characters, and words with pairs of neighbours, in their dictionary forms.
//!
//! Digits are all one digit: `2 nights` and `3 nights` want the same. The hash is part of what a model was trained with, so it
//! must not depend on the machine or the run.

use std::cell::RefCell;

use nakai_morph::{Dictionary, Morpheme, Workspace};

use crate::folded::{is_japanese, is_word_character};

/// The longest run of characters that is a feature, in Japanese script and within a word of other scripts.
const JAPANESE_RUN: usize = 3;
const WORD_RUN: usize = 4;

/// Stands for the edge of a word or of a Japanese stretch in a run of characters. No text has it: normalisation keeps no controls
/// that it would have to be told from.
const EDGE: char = '\u{1}';

/// One feature: the hash of what it is, with its [`Block`] in the lowest two bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Feature(u64);

/// The kinds of features. Each kind has the same say in a text, however many features of it the text has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Block {
    /// Words and pairs of words.
    Words,
    /// Runs of characters within a word.
    WordRuns,
    /// Runs of Japanese characters.
    JapaneseRuns,
    /// Japanese words and pairs of words.
    JapaneseWords,
}

impl Block {
    pub(super) const COUNT: usize = 4;
}

impl Feature {
    const fn new(hash: u64, block: Block) -> Self {
        Self(hash << 2 | block as u64)
    }

    /// The number as which a feature is stored.
    pub(super) const fn to_bits(self) -> u64 {
        self.0
    }

    pub(super) const fn from_bits(bits: u64) -> Self {
        Self(bits)
    }

    pub(super) const fn block(self) -> Block {
        match self.0 & 3 {
            0 => Block::Words,
            1 => Block::WordRuns,
            2 => Block::JapaneseRuns,
            _ => Block::JapaneseWords,
        }
    }
}

/// Appends the features of a clause, in the order of the text, repeated as often as they occur.
///
/// `clause` is folded (see [`Folded`](crate::Folded)). Takes time linear in its length.
pub(super) fn extract(clause: &str, features: &mut Vec<Feature>) {
    let mut rest = clause;
    let mut previous_word = None;
    while let Some(c) = rest.chars().next() {
        let digits = prefix(rest, |c| c.is_ascii_digit());
        let japanese = rest
            .get(digits..)
            .and_then(|after| after.chars().next())
            .is_some_and(is_japanese);
        let length = if japanese {
            let length = prefix(rest, |c| is_japanese(c) || c.is_ascii_digit());
            character_runs::<JAPANESE_RUN>(&rest[..length], 1, Block::JapaneseRuns, features);
            japanese_words(&rest[..length], features);
            previous_word = None;
            length
        } else if is_word_character(c) {
            let length = word_length(rest);
            let word = &rest[..length];
            let hash = word.chars().map(fold_digit).fold(WORD_SEED, mix);
            features.push(Feature::new(hash, Block::Words));
            if let Some(previous) = previous_word {
                features.push(Feature::new(combine(previous, hash), Block::Words));
            }
            previous_word = Some(hash);
            character_runs::<WORD_RUN>(word, 2, Block::WordRuns, features);
            length
        } else {
            if is_pictograph(c) {
                features.push(Feature::new(mix(WORD_SEED, c), Block::Words));
            }
            c.len_utf8()
        };
        rest = &rest[length..];
    }
}

thread_local! {
    /// What the analysis needs room for, so that it is made once a thread.
    static ROOM: RefCell<(Workspace, Vec<Morpheme>)> = RefCell::default();
}

/// Appends the words of a Japanese stretch and the pairs of its neighbours, in their dictionary forms: 変更し and 変更する are the same.
fn japanese_words(text: &str, features: &mut Vec<Feature>) {
    let dictionary = Dictionary::ipadic();
    ROOM.with_borrow_mut(|(workspace, morphemes)| {
        morphemes.clear();
        dictionary.analyse(text, workspace, morphemes);
        let mut previous = None;
        for morpheme in &*morphemes {
            let base = dictionary.base(morpheme, text);
            let hash = base.chars().map(fold_digit).fold(JAPANESE_SEED, mix);
            features.push(Feature::new(hash, Block::JapaneseWords));
            if let Some(previous) = previous {
                features.push(Feature::new(combine(previous, hash), Block::JapaneseWords));
            }
            previous = Some(hash);
        }
    });
}

/// Appends every run of `shortest` to `LONGEST` characters, the edges of the text counted as characters.
fn character_runs<const LONGEST: usize>(text: &str, shortest: usize, block: Block, features: &mut Vec<Feature>) {
    // `ending[n]` is the hash of the last n + 1 characters.
    let mut ending = [0; LONGEST];
    ending[0] = mix(RUN_SEED, EDGE);
    let mut read = 1;
    for c in text.chars().map(fold_digit).chain([EDGE]) {
        for n in (1..LONGEST).rev() {
            ending[n] = mix(ending[n - 1], c);
        }
        ending[0] = mix(RUN_SEED, c);
        read = LONGEST.min(read + 1);
        // An edge alone says nothing.
        let from = if c == EDGE { shortest.max(2) } else { shortest };
        features.extend(
            ending
                .iter()
                .take(read)
                .skip(from - 1)
                .map(|hash| Feature::new(*hash, block)),
        );
    }
}

/// The length of the longest beginning of `text` whose characters all satisfy `belongs`.
fn prefix(text: &str, belongs: impl Fn(char) -> bool) -> usize {
    text.find(|c| !belongs(c)).unwrap_or(text.len())
}

/// The length of the word with which `text` begins; an apostrophe between letters belongs to it.
fn word_length(text: &str) -> usize {
    let mut end = 0;
    for (at, c) in text.char_indices() {
        if is_word_character(c) {
            end = at + c.len_utf8();
        } else if c != '\'' || end != at {
            break;
        }
    }
    end
}

/// Says whether a character is a picture that means something by itself, such as an emoji.
const fn is_pictograph(c: char) -> bool {
    matches!(c, '\u{2190}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}')
}

const fn fold_digit(c: char) -> char {
    if c.is_ascii_digit() { '0' } else { c }
}

const WORD_SEED: u64 = 0x243f_6a88_85a3_08d3;
const RUN_SEED: u64 = 0x1319_8a2e_0370_7344;
const JAPANESE_SEED: u64 = 0xa409_3822_299f_31d0;
const MULTIPLIER: u64 = 0x9e37_79b9_7f4a_7c15;

fn mix(hash: u64, c: char) -> u64 {
    combine(hash, u64::from(u32::from(c)))
}

const fn combine(hash: u64, other: u64) -> u64 {
    let product = (hash.rotate_left(5) ^ other).wrapping_mul(MULTIPLIER);
    product ^ product >> 29
}

#[cfg(test)]
mod tests {
    use super::*;

    fn features(text: &str) -> Vec<Feature> {
        let mut features = Vec::new();
        extract(text, &mut features);
        features
    }

    fn blocks(text: &str) -> [usize; Block::COUNT] {
        let mut counts = [0; Block::COUNT];
        for feature in features(text) {
            counts[feature.block() as usize] += 1;
        }
        counts
    }

    #[test]
    fn each_script_has_its_features() {
        // Two words and their pair; `_hi_` has 3 + 2 + 1 runs, `_bob_` 4 + 3 + 2.
        assert_eq!(blocks("hi bob"), [3, 6 + 9, 0, 0]);
        // `_予約_`: 2 + 3 + 2, and the word.
        assert_eq!(blocks("予約"), [0, 0, 7, 1]);
        assert_eq!(blocks("2人")[..3], blocks("予約")[..3]);
        // A word inside Japanese is a word.
        assert_eq!(blocks("のwifiは")[0], 1);
        assert_eq!(blocks("👍"), [1, 0, 0, 0]);
        // `_don't_` is one word of one letter more than `_dont_`.
        assert_eq!(blocks("don't"), [1, blocks("dont")[1] + 3, 0, 0]);
        assert_eq!(blocks(" !? 、"), [0, 0, 0, 0]);
    }

    #[test]
    fn digits_are_one_digit_and_hashes_never_change() {
        assert_eq!(features("2 nights"), features("3 nights"));
        assert_eq!(features("1泊"), features("7泊"));
        assert_ne!(features("予約"), features("約予"));
        // A model that was trained by another build must mean the same.
        assert_eq!(features("a")[0], Feature::new(combine(WORD_SEED, 97), Block::Words));
    }
}
