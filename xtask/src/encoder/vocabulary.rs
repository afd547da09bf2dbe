//! The pieces of words that the encoder knows, read from a SentencePiece model, and which of them Japanese and English need.

use std::collections::{BTreeMap, HashMap, HashSet};

use anyhow::{Context as _, ensure};

/// The mark of the beginning of a word in pieces.
const WORD: char = '▁';
/// Numbers of more digits than this are put together of shorter ones.
const DIGITS: usize = 3;

pub(super) struct Piece {
    /// Its place in the published table.
    pub(super) number: usize,
    pub(super) text: String,
    pub(super) score: f32,
}

pub(super) struct Vocabulary {
    pieces: Vec<(String, f32)>,
}

impl Vocabulary {
    /// Reads the pieces of a model: a protocol buffer whose field 1 repeats messages of a text (field 1) and a score (field 2).
    pub(super) fn read(model: &[u8]) -> anyhow::Result<Self> {
        let mut pieces = Vec::new();
        let mut rest = model;
        while let Some((field, value)) = next_field(&mut rest)? {
            if field == 1 {
                let mut fields = BTreeMap::new();
                let mut rest = value;
                while let Some((field, value)) = next_field(&mut rest)? {
                    fields.insert(field, value);
                }
                let text = std::str::from_utf8(fields.get(&1).context("a piece without text")?)?;
                let score = match fields.get(&2) {
                    Some(score) => f32::from_le_bytes((*score).try_into()?),
                    None => 0.0,
                };
                pieces.push((text.to_owned(), score));
            }
        }
        ensure!(pieces.len() == 128_000, "the model has {} pieces", pieces.len());
        Ok(Self { pieces })
    }

    /// The pieces to keep, in the order of the model; the first three are "unknown", "begin" and "end".
    ///
    /// Texts come in lower case. Of Latin pieces those stay of which English words are made, of Han characters those of JIS X 0208.
    pub(super) fn kept(&self, words: &str) -> Vec<Piece> {
        let words: HashSet<String> = words
            .lines()
            .map(|word| word.trim().trim_end_matches("'s").to_lowercase())
            .filter(|word| word.bytes().all(|byte| byte.is_ascii_lowercase()))
            .collect();
        let used = self.used_by(&words);
        let is_kept = |(number, (text, _)): (usize, &(String, f32))| {
            let bare = text.trim_start_matches(WORD);
            let all = |test: fn(char) -> bool| bare.chars().all(test);
            number < 3
                || bare.is_empty()
                || if all(|c| c.is_ascii_alphabetic()) {
                    all(|c| c.is_ascii_lowercase())
                        && (used.contains(&number) || bare.len() <= 2 || (text != bare && words.contains(bare)))
                } else if all(|c| c.is_ascii_digit() || c.is_ascii_punctuation()) {
                    bare.len() <= DIGITS
                } else {
                    all(|c| is_japanese(c) || c.is_ascii_digit() || c.is_ascii_punctuation())
                        || (bare.chars().count() == 1 && !all(char::is_alphabetic))
                }
        };
        let kept = self.pieces.iter().enumerate().filter(|piece| is_kept(*piece));
        kept.map(|(number, (text, score))| Piece {
            number,
            text: text.clone(),
            score: *score,
        })
        .collect()
    }

    /// The pieces of which words are made.
    fn used_by(&self, words: &HashSet<String>) -> HashSet<usize> {
        let numbers: HashMap<&str, usize> = self
            .pieces
            .iter()
            .enumerate()
            .skip(3)
            .map(|(number, (text, _))| (text.as_str(), number))
            .collect();
        words
            .iter()
            .flat_map(|word| {
                let word = format!("{WORD}{word}");
                self.cut(&word, &numbers)
            })
            .collect()
    }

    /// The most probable pieces of a word.
    fn cut(&self, word: &str, numbers: &HashMap<&str, usize>) -> Vec<usize> {
        let edges: Vec<usize> = word.char_indices().map(|(at, _)| at).chain([word.len()]).collect();
        let mut best: Vec<Option<(f32, usize, usize)>> = vec![None; edges.len()];
        best[0] = Some((0.0, 0, 0));
        for start in 0..edges.len() {
            let Some((score, _, _)) = best[start] else { continue };
            for end in start + 1..edges.len() {
                if let Some(number) = numbers.get(&word[edges[start]..edges[end]]) {
                    let score = score + self.pieces[*number].1;
                    if best[end].is_none_or(|(other, _, _)| score > other) {
                        best[end] = Some((score, start, *number));
                    }
                }
            }
        }
        let mut cut = Vec::new();
        let mut end = edges.len() - 1;
        while let Some((_, start, number)) = best[end].filter(|_| end > 0) {
            cut.push(number);
            end = start;
        }
        cut
    }
}

/// Kana, Japanese punctuation and the Han characters of JIS X 0208.
fn is_japanese(c: char) -> bool {
    match c {
        '\u{3000}'..='\u{30ff}' | '\u{ff00}'..='\u{ffef}' => true,
        '\u{4e00}'..='\u{9fff}' => !encoding_rs::SHIFT_JIS.encode(c.encode_utf8(&mut [0; 4])).2,
        _ => false,
    }
}

/// Takes the next field of a protocol buffer: its number and the bytes of its value (none of a number of variable length).
fn next_field<'m>(rest: &mut &'m [u8]) -> anyhow::Result<Option<(u64, &'m [u8])>> {
    if rest.is_empty() {
        return Ok(None);
    }
    let tag = number(rest)?;
    let length = match tag & 7 {
        0 => {
            number(rest)?;
            0
        }
        1 => 8,
        2 => usize::try_from(number(rest)?)?,
        _ => 4,
    };
    let (value, after) = rest.split_at_checked(length).context("the model ends early")?;
    *rest = after;
    Ok(Some((tag >> 3, value)))
}

/// Takes a number of variable length.
fn number(rest: &mut &[u8]) -> anyhow::Result<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let (byte, after) = rest.split_first().context("the model ends early")?;
        *rest = after;
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            break;
        }
    }
    Ok(number)
}
