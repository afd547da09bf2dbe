//! A text as the rules of Japanese read it: one character a place, full and half width folded together.

/// Characters of a text with the places they came from.
pub(super) struct Text {
    chars: Vec<char>,
    /// The byte at which each character starts, and the length of the text.
    offsets: Vec<usize>,
}

impl Text {
    pub(super) fn new(text: &str) -> Self {
        let mut chars = Vec::with_capacity(text.len() / 2);
        let mut offsets = Vec::with_capacity(text.len() / 2 + 1);
        for (offset, c) in text.char_indices() {
            chars.push(fold(c));
            offsets.push(offset);
        }
        offsets.push(text.len());
        Self { chars, offsets }
    }

    pub(super) fn len(&self) -> usize {
        self.chars.len()
    }

    /// The byte at which a character starts.
    pub(super) fn offset(&self, at: usize) -> usize {
        self.offsets.get(at).or(self.offsets.last()).copied().unwrap_or(0)
    }

    pub(super) fn get(&self, at: usize) -> Option<char> {
        self.chars.get(at).copied()
    }

    /// The character before a place.
    pub(super) fn before(&self, at: usize) -> Option<char> {
        self.get(at.checked_sub(1)?)
    }

    /// Where a word that starts here ends.
    pub(super) fn word(&self, at: usize, word: &str) -> Option<usize> {
        let mut end = at;
        for c in word.chars() {
            if self.get(end) != Some(c) {
                return None;
            }
            end += 1;
        }
        Some(end)
    }

    /// Where the longest of some words that starts here ends.
    pub(super) fn any(&self, at: usize, words: &[&str]) -> Option<usize> {
        words.iter().filter_map(|word| self.word(at, word)).max()
    }

    /// The entry of the longest word of a table that starts here, and where that ends.
    pub(super) fn lookup<T: Copy>(&self, at: usize, table: &[(&str, T)]) -> Option<(T, usize)> {
        let mut best: Option<(T, usize)> = None;
        for (word, entry) in table {
            if let Some(end) = self.word(at, word)
                && best.is_none_or(|(_, longest)| end > longest)
            {
                best = Some((*entry, end));
            }
        }
        best
    }

    /// The place after one of some words, or this place.
    pub(super) fn skip(&self, at: usize, words: &[&str]) -> usize {
        self.any(at, words).unwrap_or(at)
    }

    /// The place after at most two spaces.
    pub(super) fn spaces(&self, at: usize) -> usize {
        (at..at + 2).find(|at| self.get(*at) != Some(' ')).unwrap_or(at + 2)
    }
}

/// Half width for full width, one sign for the variants of another.
pub(super) const fn fold(c: char) -> char {
    match c {
        '！'..='～' => match char::from_u32(c as u32 - 0xfee0) {
            Some(half) => half,
            None => c,
        },
        '\u{3000}' => ' ',
        '、' => ',',
        '〜' | '∼' => '~',
        '‐' | '‑' | '–' | '—' | '−' => '-',
        other => other,
    }
}

/// A kanji: such a character next to a short word mostly makes it part of another.
pub(super) fn is_kanji(c: char) -> bool {
    matches!(c, '一'..='鿿' | '々')
}

/// A katakana letter: names end in them.
pub(super) const fn is_katakana(c: char) -> bool {
    matches!(c, 'ァ'..='ヺ' | 'ー')
}

/// A hiragana letter.
pub(super) const fn is_hiragana(c: char) -> bool {
    matches!(c, 'ぁ'..='ん')
}
