use std::ops::Range;

/// A text as characters of half width, one for each of its own, with where each stands in the text.
///
/// Case is kept, because `10M` and `10m` differ; who compares words brings them to lower case.
#[derive(Debug)]
pub(crate) struct Folded {
    chars: Vec<char>,
    /// Byte offsets, one more than there are characters.
    offsets: Vec<usize>,
}

impl Folded {
    pub(crate) fn new(text: &str) -> Self {
        let mut chars = Vec::with_capacity(text.len());
        let mut offsets = Vec::with_capacity(text.len() + 1);
        for (offset, c) in text.char_indices() {
            chars.push(half_width(c));
            offsets.push(offset);
        }
        offsets.push(text.len());
        Self { chars, offsets }
    }

    /// How many characters there are.
    pub(crate) fn len(&self) -> usize {
        self.chars.len()
    }

    pub(crate) fn chars(&self) -> &[char] {
        &self.chars
    }

    /// The character at a place; a NUL outside of the text, which belongs to no word.
    pub(crate) fn at(&self, index: usize) -> char {
        self.chars.get(index).copied().unwrap_or('\0')
    }

    /// The character before a place; a NUL at the start.
    pub(crate) fn before(&self, index: usize) -> char {
        index.checked_sub(1).map_or('\0', |index| self.at(index))
    }

    /// Where white space that starts here ends.
    pub(crate) fn skip_spaces(&self, mut index: usize) -> usize {
        while self.at(index).is_whitespace() {
            index += 1;
        }
        index
    }

    /// Where white space that ends here starts.
    pub(crate) fn skip_spaces_back(&self, mut index: usize) -> usize {
        while self.before(index).is_whitespace() {
            index -= 1;
        }
        index
    }

    /// Where a word that starts here ends, if it is this one. The word must be in lower case and half width.
    pub(crate) fn starts_with(&self, index: usize, word: &str) -> Option<usize> {
        let mut end = index;
        for c in word.chars() {
            if self.at(end) != c && !self.at(end).to_lowercase().eq([c]) {
                return None;
            }
            end += 1;
        }
        Some(end)
    }

    /// Where a word that ends here starts, if it is this one.
    pub(crate) fn ends_with(&self, index: usize, word: &str) -> Option<usize> {
        let start = index.checked_sub(word.chars().count())?;
        self.starts_with(start, word).map(|_| start)
    }

    /// A range of characters as one of bytes.
    pub(crate) fn bytes(&self, chars: Range<usize>) -> Range<usize> {
        let byte = |index: usize| {
            let last = self.offsets.last().copied().unwrap_or(0);
            self.offsets.get(index).copied().unwrap_or(last)
        };
        byte(chars.start)..byte(chars.end)
    }
}

fn half_width(c: char) -> char {
    match c {
        '！'..='～' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '−' => '-',
        other => other,
    }
}
