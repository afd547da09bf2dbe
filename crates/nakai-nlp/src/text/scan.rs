//! Finds the words of every script that writes spaces, and what must stay in one piece in any text: ids, addresses, numbers.

use std::ops::Range;

/// What a scanned word is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Letters, perhaps with digits: `don't`, `check-in`, `R-204815`.
    Word,
    /// Digits and what is written between them: `3`, `10,000`, `2026-11-23`, `090-1234-5678`.
    Number,
    /// An e-mail address or a URL.
    Address,
}

/// A word of a script other than the Japanese ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Scanned {
    pub(super) range: Range<usize>,
    pub(super) kind: Kind,
}

/// Walks over the words of a normalised text that are not written in Japanese script.
pub(super) struct Scan<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Scan<'t> {
    pub(super) const fn of(text: &'t str) -> Self {
        Self { text, at: 0 }
    }
}

impl Iterator for Scan<'_> {
    type Item = Scanned;

    fn next(&mut self) -> Option<Scanned> {
        let rest = self.text.get(self.at..)?;
        let skipped = rest.find(is_word)?;
        let start = self.at + skipped;
        let rest = rest.get(skipped..)?;
        let (length, kind) = match address(rest) {
            Some(length) => (length, Kind::Address),
            None => word(rest),
        };
        self.at = start + length;
        Some(Scanned {
            range: start..self.at,
            kind,
        })
    }
}

/// Says whether a character is written in Japanese text only: kana, Han characters and their iteration mark.
pub(super) const fn is_japanese(c: char) -> bool {
    is_kana(c) || is_han(c)
}

/// Says whether a character is hiragana or katakana, the long-vowel mark included.
pub(super) const fn is_kana(c: char) -> bool {
    matches!(c, 'ぁ'..='ゖ' | 'ゝ'..='ヺ' | 'ー'..='ヿ' | 'ㇰ'..='ㇿ') && c != '\u{30a0}'
}

/// Says whether a character is a Han character.
pub(super) const fn is_han(c: char) -> bool {
    matches!(c, '々' | '〆' | '〇' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// Says whether a character is part of a word that this module finds. Those of the block of Japanese punctuation are not, although
/// Unicode takes some for letters.
fn is_word(c: char) -> bool {
    match c {
        '\0'..='\x7f' => c.is_ascii_alphanumeric(),
        '\u{3000}'..='\u{303f}' => false,
        _ => c.is_alphanumeric() && !is_japanese(c),
    }
}

/// The length and kind of the word with which `text` begins.
fn word(text: &str) -> (usize, Kind) {
    let mut kind = Kind::Number;
    let mut last = ' ';
    let mut chars = text.char_indices().peekable();
    let mut end = 0;
    while let Some((at, c)) = chars.next() {
        if !is_word(c) {
            let joins = chars.peek().is_some_and(|(_, next)| joins(last, c, *next));
            if !joins {
                break;
            }
        } else {
            end = at + c.len_utf8();
            if !c.is_ascii_digit() {
                kind = Kind::Word;
            }
        }
        last = c;
    }
    (end, kind)
}

/// Says whether a mark between two characters makes one word of what they belong to.
fn joins(before: char, mark: char, after: char) -> bool {
    if !is_word(before) || !is_word(after) {
        return false;
    }
    match mark {
        '-' | '_' | '.' => true,
        '\'' => !before.is_ascii_digit() && !after.is_ascii_digit(),
        ',' | ':' | '/' => before.is_ascii_digit() && after.is_ascii_digit(),
        _ => false,
    }
}

/// The longest local part and the longest domain of an e-mail address (RFC 5321, section 4.5.3.1).
const LOCAL_PART: usize = 64;
const DOMAIN: usize = 255;

/// The length of the URL or e-mail address with which `text` begins.
fn address(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let starts_with = |prefix: &[u8]| {
        bytes
            .get(..prefix.len())
            .is_some_and(|b| b.eq_ignore_ascii_case(prefix))
    };
    if starts_with(b"http://") || starts_with(b"https://") || starts_with(b"www.") {
        let length = bytes
            .iter()
            .take_while(|b| b.is_ascii_graphic() && !b"<>\"{}|\\^`".contains(b))
            .count();
        return trimmed(bytes, length, b".,;:!?'()[]");
    }
    let local = bytes.iter().take(LOCAL_PART + 1).take_while(|b| is_local(**b)).count();
    if local > LOCAL_PART || bytes.get(local) != Some(&b'@') {
        return None;
    }
    let domain = bytes.get(local + 1..)?;
    let length = domain
        .iter()
        .take(DOMAIN)
        .take_while(|b| b.is_ascii_alphanumeric() || b".-".contains(b))
        .count();
    let length = trimmed(domain, length, b".-")?;
    let dotted = domain.first() != Some(&b'.') && domain.get(..length).is_some_and(|d| d.contains(&b'.'));
    dotted.then_some(local + 1 + length)
}

const fn is_local(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'%' | b'+' | b'-')
}

/// A length without the marks at the end that belong to the sentence; `None` if nothing is left.
fn trimmed(bytes: &[u8], length: usize, marks: &[u8]) -> Option<usize> {
    bytes
        .get(..length)?
        .iter()
        .rposition(|b| !marks.contains(b))
        .map(|last| last + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_belongs_together_stays_in_one_piece() {
        for (text, words) in [
            ("Hello, how are you?", &["Hello", "how", "are", "you"][..]),
            ("I'm sure you don't.", &["I'm", "sure", "you", "don't"]),
            ("the guests' check-in time", &["the", "guests", "check-in", "time"]),
            ("E1042 と R-204815。", &["E1042", "R-204815"]),
            (
                "mail taro.yamada+x@example.co.jp.",
                &["mail", "taro.yamada+x@example.co.jp"],
            ),
            ("(https://example.jp/a?b=c#d)を見て", &["https://example.jp/a?b=c#d"]),
            ("www.example.com!", &["www.example.com"]),
            (
                "10,000円を10:30に、2026-11-23 and/or 24/7",
                &["10,000", "10:30", "2026-11-23", "and", "or", "24/7"],
            ),
            ("a@b and @home", &["a", "b", "and", "home"]),
            ("Wi-Fiは使えますか", &["Wi-Fi"]),
            ("3.5 -5 5- -", &["3.5", "5", "5"]),
            ("안녕하세요 café naïve", &["안녕하세요", "café", "naïve"]),
            ("寿司", &[]),
        ] {
            let found: Vec<&str> = Scan::of(text).filter_map(|w| text.get(w.range)).collect();
            assert_eq!(found, words, "{text}");
        }
    }

    #[test]
    fn kinds_tell_words_numbers_and_addresses() {
        let kinds: Vec<Kind> = Scan::of("room 12 10:30 R-2 a@example.jp http://x.jp")
            .map(|w| w.kind)
            .collect();
        assert_eq!(
            kinds,
            [
                Kind::Word,
                Kind::Number,
                Kind::Number,
                Kind::Word,
                Kind::Address,
                Kind::Address
            ]
        );
    }
}
