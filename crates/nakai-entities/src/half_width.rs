//! One width for the characters that Japanese keyboards write in two.

use std::{borrow::Cow, ops::Range};

/// A text in which Latin letters, digits, marks and spaces are half-width, with the way back to the text as it was typed.
#[derive(Debug)]
pub(crate) struct HalfWidth<'t> {
    text: Cow<'t, str>,
    /// By byte of `text` and for its end: the byte of the original text. Empty if nothing had to be changed.
    origins: Vec<usize>,
}

impl<'t> HalfWidth<'t> {
    /// Copies only if there is anything to fold.
    pub(crate) fn of(original: &'t str) -> Self {
        if original.chars().all(|c| half(c, None, None) == c && !is_long_mark(c)) {
            return Self {
                text: Cow::Borrowed(original),
                origins: Vec::new(),
            };
        }
        let mut text = String::with_capacity(original.len());
        let mut origins = Vec::with_capacity(original.len() + 1);
        let mut characters = original.char_indices().peekable();
        let mut before = None;
        while let Some((at, c)) = characters.next() {
            let folded = half(c, before, characters.peek().map(|(_, next)| *next));
            text.push(folded);
            origins.resize(text.len(), at);
            before = Some(folded);
        }
        origins.push(original.len());
        Self {
            text: Cow::Owned(text),
            origins,
        }
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// The range of the original text that a range of this one stands for.
    pub(crate) fn original(&self, range: Range<usize>) -> Range<usize> {
        let origin = |at: usize| self.origins.get(at).copied().unwrap_or(at);
        origin(range.start)..origin(range.end)
    }
}

/// The half-width form of a character between its neighbours. The mark of a long vowel is a hyphen between two digits only.
fn half(c: char, before: Option<char>, after: Option<char>) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{3000}' | '\u{a0}' => ' ',
        '‐' | '‑' | '‒' | '–' | '−' => '-',
        _ if is_long_mark(c) && before.is_some_and(is_digit) && after.is_some_and(is_digit) => '-',
        _ => c,
    }
}

const fn is_long_mark(c: char) -> bool {
    matches!(c, 'ー' | '—' | '―' | 'ｰ')
}

const fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '０'..='９')
}

/// Says whether a character is written in Japanese text only: kana, Han characters and their marks.
pub(crate) const fn is_japanese(c: char) -> bool {
    matches!(c, 'ぁ'..='ヿ' | 'ㇰ'..='ㇿ' | '々' | '〆' | '〇' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
        && c != '・'
}

/// Says whether a character belongs to a word of a script that writes spaces, or to a number.
pub(crate) fn is_word_character(c: char) -> bool {
    if c.is_ascii() {
        c.is_ascii_alphanumeric()
    } else {
        c.is_alphanumeric() && !is_japanese(c)
    }
}

/// The character that ends at a byte.
pub(crate) fn before(text: &str, at: usize) -> Option<char> {
    text.get(..at)?.chars().next_back()
}

/// The character that starts at a byte.
pub(crate) fn after(text: &str, at: usize) -> Option<char> {
    text.get(at..)?.chars().next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_range_leads_back_to_what_was_typed() {
        let text = "電話は０９０ー１２３４です";
        let half = HalfWidth::of(text);
        assert_eq!(half.as_str(), "電話は090-1234です");
        let at = half.as_str().find("090-1234").unwrap();
        assert_eq!(&text[half.original(at..at + 8)], "０９０ー１２３４");
        assert_eq!(HalfWidth::of("コーヒー").as_str(), "コーヒー");
    }
}
