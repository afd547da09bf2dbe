/// Text with full-width ASCII folded to ASCII, so that one set of patterns reads `０９０－１２３４` and `090-1234` alike, and the way
/// back to the bytes that were typed.
pub(crate) struct Folded {
    pub(crate) text: String,
    /// For each byte of `text`, the byte of the original at which its character starts; one more for the end.
    origin: Vec<usize>,
}

impl Folded {
    pub(crate) fn of(original: &str) -> Self {
        let mut text = String::with_capacity(original.len());
        let mut origin = Vec::with_capacity(original.len() + 1);
        for (at, c) in original.char_indices() {
            let folded = fold(c);
            text.push(folded);
            origin.resize(text.len(), at);
        }
        origin.push(original.len());
        Self { text, origin }
    }

    /// Gives the byte of the original at which the folded byte `at` starts.
    pub(crate) fn original(&self, at: usize) -> usize {
        self.origin.get(at).copied().unwrap_or(0)
    }
}

/// Folds the full-width forms of ASCII (U+FF01 to U+FF5E), the ideographic space, and the dashes that people type in numbers.
fn fold(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{3000}' | '\u{a0}' => ' ',
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{ff70}' | '\u{30fc}' | '\u{2500}' => '-',
        _ => c,
    }
}
