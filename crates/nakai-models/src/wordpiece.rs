//! Cuts texts into the pieces of words of BERT's vocabulary (Wu et al. 2016): words apart, of each the longest pieces from its beginning.

use std::collections::HashMap;

use unicode_normalization::{UnicodeNormalization as _, char::is_combining_mark};

/// Of a longer text only the beginning is read, in characters.
const MAX_CHARS: usize = 2048;
/// Of a longer word nothing is known.
const MAX_WORD: usize = 100;
/// What begins a piece that does not begin a word.
const INNER: &str = "##";

pub(crate) struct WordPieces {
    numbers: HashMap<Box<str>, u32>,
    unknown: u32,
    begin: u32,
    end: u32,
}

impl WordPieces {
    /// Of a vocabulary with one piece a line. None if it lacks a special piece.
    pub(crate) fn new(vocabulary: &str) -> Option<Self> {
        let numbers: HashMap<Box<str>, u32> = vocabulary.lines().map(Box::from).zip(0..).collect();
        let number = |piece: &str| numbers.get(piece).copied();
        let (unknown, begin, end) = (number("[UNK]")?, number("[CLS]")?, number("[SEP]")?);
        Some(Self {
            numbers,
            unknown,
            begin,
            end,
        })
    }

    /// The first pieces of a text, at most `most` with those for its beginning and its end. Empty without any word.
    pub(crate) fn cut(&self, text: &str, most: usize) -> Vec<u32> {
        let mut pieces = vec![self.begin];
        for word in words(text) {
            if pieces.len() >= most {
                break;
            }
            self.cut_word(&word, &mut pieces);
        }
        if pieces.len() == 1 {
            return Vec::new();
        }
        pieces.truncate(most.saturating_sub(1));
        pieces.push(self.end);
        pieces
    }

    fn cut_word(&self, word: &str, pieces: &mut Vec<u32>) {
        let before = pieces.len();
        let edges: Vec<usize> = word.char_indices().map(|(at, _)| at).chain([word.len()]).collect();
        let mut start = 0;
        let mut inner = String::new();
        while start + 1 < edges.len() {
            let longest = (start + 1..edges.len()).rev().find_map(|end| {
                let text = &word[edges[start]..edges[end]];
                let number = if start == 0 {
                    self.numbers.get(text)
                } else {
                    inner.clear();
                    inner.push_str(INNER);
                    inner.push_str(text);
                    self.numbers.get(inner.as_str())
                };
                number.map(|number| (*number, end))
            });
            match longest.filter(|_| edges.len() <= MAX_WORD + 1) {
                Some((number, end)) => {
                    pieces.push(number);
                    start = end;
                }
                None => {
                    pieces.truncate(before);
                    pieces.push(self.unknown);
                    return;
                }
            }
        }
    }
}

/// The words of a text in lower case and without accents; punctuation and Han characters are words of their own.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let plain = text.chars().take(MAX_CHARS).nfd().filter(|c| !is_combining_mark(*c));
    for c in plain.take(MAX_CHARS).flat_map(char::to_lowercase) {
        let alone = is_punctuation(c) || is_han(c);
        if (alone || c.is_whitespace()) && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if alone {
            words.push(c.to_string());
        } else if !c.is_whitespace()
            && !c.is_control()
            && !matches!(c, '\u{fffd}' | '\u{200b}'..='\u{200f}' | '\u{feff}')
        {
            word.push(c);
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// All of ASCII that is neither letter nor digit, and what Unicode calls punctuation in the scripts that matter here.
const fn is_punctuation(c: char) -> bool {
    c.is_ascii_punctuation()
        || matches!(c, '¡' | '§' | '«' | '¶' | '·' | '»' | '¿' | '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205e}')
        || matches!(c, '\u{3001}'..='\u{3003}' | '\u{3008}'..='\u{3011}' | '\u{3014}'..='\u{301f}' | '・')
        || matches!(c, '\u{ff01}'..='\u{ff03}' | '\u{ff05}'..='\u{ff0a}' | '\u{ff0c}'..='\u{ff0f}' | '\u{ff1a}' | '\u{ff1b}')
        || matches!(c, '\u{ff1f}' | '\u{ff20}' | '\u{ff3b}'..='\u{ff3d}' | '\u{ff3f}' | '\u{ff5b}' | '\u{ff5d}' | '\u{ff5f}'..='\u{ff65}')
}

const fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{2fa1f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_become_their_longest_pieces() {
        let pieces = WordPieces::new("[UNK]\n[CLS]\n[SEP]\ncafe\nun\n##lock\n##ed\n!\n東").unwrap();
        for (text, expected) in [
            ("Café!", &[1, 3, 7, 2][..]),
            ("unlocked", &[1, 4, 5, 6, 2]),
            ("unlockable un", &[1, 0, 4, 2]),
            ("東un", &[1, 8, 4, 2]),
            ("un un un un un un", &[1, 4, 4, 4, 4, 2]),
            (" \n", &[]),
            ("", &[]),
        ] {
            assert_eq!(pieces.cut(text, 6), expected, "{text}");
        }
        assert!(WordPieces::new("cafe\n[UNK]").is_none());
    }

    #[test]
    fn long_texts_cost_no_more_than_their_beginning() {
        let pieces = WordPieces::new("[UNK]\n[CLS]\n[SEP]\na\n##a").unwrap();
        for unit in ["a", "\u{301}", "👍", "a ", "!"] {
            assert!(pieces.cut(&unit.repeat(1_000_000 / unit.len()), 256).len() <= 256);
        }
    }
}
