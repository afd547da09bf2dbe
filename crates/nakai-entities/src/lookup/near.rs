//! Words that are mistyped.
//!
//! If two words are within some edits of each other, their beginnings become the same when at most as many characters are left out of
//! each (Garbe's SymSpell). So the beginnings of all words are kept in a table under each way to leave characters out, and a text is
//! asked for at each place where a word can start; what is found is compared character for character.

use std::{
    collections::HashMap,
    hash::{BuildHasherDefault, Hasher},
    ops::Range,
};

use super::fold::{Folded, is_han};
use crate::half_width::{is_japanese, is_word_character};

/// How a length of words is searched.
struct Depth {
    /// Of the words, in characters.
    shortest: usize,
    longest: usize,
    /// How many characters may be wrong.
    edits: usize,
    /// How many characters of a word are its beginning.
    beginning: usize,
}

/// A word longer than this is found as it is only: comparing takes time.
const LONGEST: usize = 64;

const DEPTHS: [Depth; 2] = [
    Depth {
        shortest: 5,
        longest: 8,
        edits: 1,
        beginning: 5,
    },
    Depth {
        shortest: 9,
        longest: LONGEST,
        edits: 2,
        beginning: 7,
    },
];

/// The numbers of words by what is left of their beginning, as a hash.
type Table = HashMap<u64, Vec<usize>, BuildHasherDefault<KeyHasher>>;

/// The table of beginnings.
#[derive(Debug)]
pub(super) struct Near {
    /// By depth and by what is left of a beginning: the numbers of the words.
    tables: [Table; DEPTHS.len()],
    /// Folded, by number; empty for a word that is not searched for.
    words: Vec<Vec<char>>,
}

impl Near {
    pub(super) fn new(words: &[String]) -> Self {
        let mut near = Self {
            tables: [Table::default(), Table::default()],
            words: Vec::with_capacity(words.len()),
        };
        for (number, word) in words.iter().enumerate() {
            let word: Vec<char> = word.chars().collect();
            for (depth, table) in DEPTHS.iter().zip(&mut near.tables) {
                if (depth.shortest..=depth.longest).contains(&word.len()) {
                    let beginning = word.get(..depth.beginning).unwrap_or(&word);
                    each_key(beginning, depth.edits, |key| {
                        let numbers = table.entry(key).or_default();
                        if numbers.last() != Some(&number) {
                            numbers.push(number);
                        }
                    });
                }
            }
            near.words.push(word);
        }
        near
    }

    /// The numbers of the words that stand mistyped in a text, with their places in characters and how many are wrong.
    pub(super) fn find(
        &self,
        text: &Folded,
        is_ordinary: impl Fn(Range<usize>) -> bool,
    ) -> Vec<(usize, Range<usize>, usize)> {
        let mut found = Vec::new();
        if self.tables.iter().all(Table::is_empty) {
            return found;
        }
        let characters = text.characters();
        let boundary = |at: usize| is_edge(characters, at);
        let mut candidates = Vec::new();
        for start in (0..characters.len()).filter(|at| boundary(*at)) {
            let rest = characters.get(start..).unwrap_or_default();
            if rest.first().is_none_or(|c| !c.is_alphanumeric() && !is_japanese(*c)) {
                continue;
            }
            candidates.clear();
            for (depth, table) in DEPTHS.iter().zip(&self.tables).filter(|(_, table)| !table.is_empty()) {
                let beginning = rest.get(..depth.beginning).unwrap_or(rest);
                each_key(beginning, depth.edits, |key| {
                    let numbers = table.get(&key).into_iter().flatten();
                    candidates.extend(numbers.map(|number| (*number, depth.edits)));
                });
            }
            candidates.sort_unstable();
            candidates.dedup();
            for (number, edits) in candidates.iter().copied() {
                let word = self.words.get(number).map_or(&[][..], Vec::as_slice);
                let Some((length, distance)) = nearest(word, rest, edits, |length| boundary(start + length)) else {
                    continue;
                };
                let range = start..start + length;
                if distance > 0 && !is_ordinary(range.clone()) {
                    found.push((number, range, distance));
                }
            }
        }
        found
    }
}

/// Says whether a word can start or end before a character: no word of a script that writes spaces is cut there, and no long vowel.
fn is_edge(characters: &[char], at: usize) -> bool {
    let (Some(before), Some(after)) = (
        at.checked_sub(1).and_then(|before| characters.get(before)),
        characters.get(at),
    ) else {
        return true;
    };
    !(is_word_character(*before) && is_word_character(*after)) && *after != 'ー'
}

/// Tells what is left of a beginning when up to `edits` characters are left out, as hashes.
fn each_key(beginning: &[char], edits: usize, mut tell: impl FnMut(u64)) {
    tell(hash(beginning, usize::MAX, usize::MAX));
    for first in 0..beginning.len() {
        tell(hash(beginning, first, usize::MAX));
        if edits > 1 {
            (first + 1..beginning.len()).for_each(|second| tell(hash(beginning, first, second)));
        }
    }
}

/// Passes a key of a table through: it is a hash already.
#[derive(Default)]
struct KeyHasher(u64);

impl Hasher for KeyHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, key: u64) {
        // Of FNV's product the low bits, by which a table finds its bucket, depend on few characters' bits.
        self.0 = key ^ key >> 32;
    }
}

/// FNV-1a of the characters but two.
fn hash(characters: &[char], first: usize, second: usize) -> u64 {
    let kept = characters
        .iter()
        .enumerate()
        .filter(|(at, _)| *at != first && *at != second);
    kept.fold(0xcbf2_9ce4_8422_2325_u64, |hash, (_, c)| {
        (hash ^ u64::from(u32::from(*c))).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// Says whether more characters of a word than may be wrong do not occur in a text at all.
fn too_different(word: &[char], text: &[char], edits: usize) -> bool {
    word.iter().filter(|c| !text.contains(c)).nth(edits).is_some()
}

/// The length of the beginning of `text` that is nearest to a word, and how many characters are wrong in it (optimal string alignment);
/// `None` if more than `edits` are, or one that must be right. Of equally near ones, the one that is as long as the word.
fn nearest(word: &[char], text: &[char], edits: usize, ends: impl Fn(usize) -> bool) -> Option<(usize, usize)> {
    let text = text.get(..word.len() + edits).unwrap_or(text);
    let too_many = edits + 1;
    // Most words that share the table's key with a text are something else after it.
    if too_different(word, text, edits) {
        return None;
    }
    let edit = |c: char| {
        if is_han(c) || c.is_numeric() || c == ' ' && edits < 2 {
            too_many
        } else {
            1
        }
    };
    let mut earlier = vec![too_many; text.len() + 1];
    let mut row: Vec<usize> = Vec::with_capacity(text.len() + 1);
    row.push(0);
    for c in text {
        row.push((row.last().copied().unwrap_or_default() + edit(*c)).min(too_many));
    }
    let at = |row: &[usize], position: usize| row.get(position).copied().unwrap_or(too_many);
    let mut before = None;
    for (line, c) in word.iter().enumerate() {
        let mut next = Vec::with_capacity(text.len() + 1);
        next.push((at(&row, 0) + edit(*c)).min(too_many));
        let mut previous = None;
        for (column, t) in text.iter().enumerate() {
            let changed = if c == t { 0 } else { edit(*c).max(edit(*t)) };
            let mut cost = (at(&row, column) + changed)
                .min(at(&row, column + 1) + edit(*c))
                .min(at(&next, column) + edit(*t));
            if line > 0 && before == Some(*t) && previous == Some(*c) && c != t {
                cost = cost.min(at(&earlier, column - 1) + edit(*c).max(edit(*t)));
            }
            next.push(cost.min(too_many));
            previous = Some(*t);
        }
        before = Some(*c);
        earlier = std::mem::replace(&mut row, next);
        // A swap reaches back two rows.
        if row.iter().chain(&earlier).all(|cost| *cost > edits) {
            return None;
        }
    }
    let lengths = (1..row.len()).filter(|length| at(&row, *length) <= edits && ends(*length));
    let best = lengths.min_by_key(|length| (at(&row, *length), length.abs_diff(word.len())))?;
    Some((best, at(&row, best)))
}
