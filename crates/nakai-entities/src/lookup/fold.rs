//! One way of writing for the many.

use std::ops::Range;

use crate::half_width::is_japanese;

/// A text in small letters, half-width Latin and hiragana, character for character with the way back.
#[derive(Debug)]
pub(super) struct Folded {
    text: String,
    characters: Vec<char>,
    /// By character and for the end: its first byte in `text`.
    bytes: Vec<usize>,
    /// By character and for the end: the first byte in the original text of what it stands for.
    origins: Vec<usize>,
}

/// The endings of verbs and nouns that are written or left out after a Han character. No particle is among them.
const OKURIGANA: &str = "しみりきぎいえけげせぜちれめべびらわき";

impl Folded {
    pub(super) fn of(original: &str) -> Self {
        let mut folded = Self::empty(original.len());
        let mut characters = original.char_indices().peekable();
        while let Some((at, c)) = characters.next() {
            let mut c = fold(c);
            // The voicing marks of half-width kana are characters of their own.
            if let Some(mark) = characters.next_if(|(_, mark)| matches!(mark, 'ﾞ' | 'ﾟ' | '\u{3099}' | '\u{309a}'))
            {
                c = voiced(c, matches!(mark.1, 'ﾟ' | '\u{309a}'));
            }
            folded.push(c, at);
        }
        folded.end(original.len())
    }

    fn empty(length: usize) -> Self {
        Self {
            text: String::with_capacity(length),
            characters: Vec::new(),
            bytes: Vec::new(),
            origins: Vec::new(),
        }
    }

    fn push(&mut self, c: char, origin: usize) {
        self.bytes.push(self.text.len());
        self.origins.push(origin);
        self.characters.push(c);
        self.text.push(c);
    }

    fn end(mut self, origin: usize) -> Self {
        self.bytes.push(self.text.len());
        self.origins.push(origin);
        self
    }

    /// The text without the hiragana after Han characters that are left out at times, up to two in a row.
    pub(super) fn without_okurigana(&self) -> Self {
        let mut skeleton = Self::empty(self.text.len());
        let mut dropped = usize::MAX;
        for (c, origin) in self.characters.iter().zip(&self.origins) {
            if dropped < 2 && OKURIGANA.contains(*c) {
                dropped += 1;
                continue;
            }
            dropped = if is_han(*c) { 0 } else { usize::MAX };
            skeleton.push(*c, *origin);
        }
        skeleton.end(self.origins.last().copied().unwrap_or_default())
    }

    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    pub(super) fn characters(&self) -> &[char] {
        &self.characters
    }

    pub(super) fn slice(&self, range: Range<usize>) -> Option<&str> {
        self.text
            .get(*self.bytes.get(range.start)?..*self.bytes.get(range.end)?)
    }

    /// The byte of the original text at which a character starts.
    pub(super) fn origin(&self, position: usize) -> usize {
        self.origins
            .get(position)
            .or(self.origins.last())
            .copied()
            .unwrap_or_default()
    }

    /// The character that starts at a byte of the original text, or the next.
    pub(super) fn position(&self, origin: usize) -> usize {
        self.origins.partition_point(|start| *start < origin)
    }

    /// The character that starts at a byte of the folded text, or the next.
    pub(super) fn position_of_byte(&self, byte: usize) -> usize {
        self.bytes.partition_point(|start| *start < byte)
    }

    /// The range of the original text, without white space at its end.
    pub(super) fn original(&self, original: &str, range: Range<usize>) -> Range<usize> {
        let (start, end) = (self.origin(range.start), self.origin(range.end));
        let text = original.get(start..end).unwrap_or_default();
        start..start + text.trim_end().len()
    }
}

/// One character for the ways to write it.
fn fold(c: char) -> char {
    match c {
        'ァ'..='ヶ' => char::from_u32(u32::from(c) - 0x60).unwrap_or(c),
        '〜' | '～' => 'ー',
        '\u{ff01}'..='\u{ff5e}' => lower(char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c)),
        '\u{3000}' | '\u{a0}' | '\t' | '\n' | '\r' => ' ',
        'ｦ' => 'を',
        'ｧ'..='ﾝ' => half_width_kana(c),
        '‐' | '‑' | '–' | '−' => '-',
        '’' => '\'',
        _ => lower(c),
    }
}

fn lower(c: char) -> char {
    let mut lower = c.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(only), None) => only,
        _ => c,
    }
}

fn half_width_kana(c: char) -> char {
    const KANA: &str = "ぁぃぅぇぉゃゅょっーあいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめもやゆよらりるれろわん";
    let number = u32::from(c).saturating_sub(u32::from('ｧ'));
    usize::try_from(number)
        .ok()
        .and_then(|number| KANA.chars().nth(number))
        .unwrap_or(c)
}

/// The kana with a voicing mark: the next one in Unicode's order.
fn voiced(c: char, half: bool) -> char {
    let next = match (c, half) {
        ('う', false) => return 'ゔ',
        ('か'..='ち' | 'つ' | 'て' | 'と' | 'は'..='ほ', false) => 1,
        ('は'..='ほ', true) => 2,
        _ => return c,
    };
    char::from_u32(u32::from(c) + next).unwrap_or(c)
}

pub(super) const fn is_han(c: char) -> bool {
    is_japanese(c) && !matches!(c, 'ぁ'..='ヿ' | 'ㇰ'..='ㇿ')
}

/// A word without the mark of a long vowel at its end, if enough is left of it.
pub(super) fn without_long_end(word: &str) -> &str {
    match word.strip_suffix('ー') {
        Some(rest) if rest.chars().count() > 2 => rest,
        _ => word,
    }
}

/// The end of a word with the mark of a long vowel that follows it.
pub(super) fn with_long_end(text: &str, end: usize) -> usize {
    let long = text.get(end..).is_some_and(|rest| rest.starts_with('ー'));
    end + if long { 'ー'.len_utf8() } else { 0 }
}

/// Says whether a word without okurigana is still one: it has two Han characters at least.
pub(super) fn is_skeleton(word: &str) -> bool {
    word.chars().filter(|c| is_han(*c)).count() > 1
}
