use std::borrow::Cow;

use crate::text::Normalised;

/// A normalised text without regard to case: what intents and entities are recognised in.
///
/// Byte for byte as long as the [`Normalised`] text, so a range in one is the same range in the other: the few letters whose lower
/// case takes another number of bytes (`İ`) stay as they are.
pub struct Folded<'n>(Cow<'n, str>);

impl<'n> Folded<'n> {
    /// Folds the case of a normalised text. Copies only if there is anything to fold.
    pub fn of(text: &'n Normalised<'_>) -> Self {
        let text = text.as_str();
        let folds = |c: char| {
            if c.is_ascii() {
                c.is_ascii_uppercase()
            } else {
                lower_case(c) != c
            }
        };
        if !text.chars().any(folds) {
            return Self(Cow::Borrowed(text));
        }
        Self(Cow::Owned(text.chars().map(lower_case).collect()))
    }

    /// The folded text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn lower_case(c: char) -> char {
    let mut lower = c.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(only), None) if only.len_utf8() == c.len_utf8() => only,
        _ => c,
    }
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

/// Says whether a text may be cut at a byte without cutting a word or number of a script that writes spaces. Japanese has no such
/// words: there every character boundary will do.
pub(crate) fn is_word_boundary(text: &str, at: usize) -> bool {
    let before = text.get(..at).and_then(|before| before.chars().next_back());
    let after = text.get(at..).and_then(|after| after.chars().next());
    !(before.is_some_and(is_word_character) && after.is_some_and(is_word_character))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_keeps_every_byte_where_it_was() {
        for text in ["Hello İstanbul", "ÀÉ ẞ K Ω", "Wi-Fiは", "already small"] {
            let normalised = Normalised::of(text);
            let folded = Folded::of(&normalised);
            let starts = |text: &str| text.char_indices().map(|(at, _)| at).collect::<Vec<_>>();
            assert_eq!(starts(folded.as_str()), starts(normalised.as_str()), "{text}");
        }
        assert_eq!(Folded::of(&Normalised::of("Wi-FiはÀ")).as_str(), "wi-fiはà");
    }
}
