//! What is done to a customer's text before anything else reads it.

use nakai_types::Language;

/// Makes control characters harmless: C0 and C1 controls (except tab and line ends) and the characters that turn the direction of text
/// become white space of the same number of bytes.
///
/// White space and not nothing, because phone numbers copied from address books are wrapped in such characters; of the same number of
/// bytes, because offsets in the answer count the bytes of what was typed. With the overrides gone here, no reply, log or console can
/// show text in another order than it has.
pub(crate) fn defuse(text: String) -> String {
    if !text.chars().any(is_harmful) {
        text
    } else {
        text.chars()
            .map(|c| if is_harmful(c) { space_like(c) } else { c })
            .collect()
    }
}

const fn is_harmful(c: char) -> bool {
    matches!(c,
        '\0'..='\x08' | '\x0b' | '\x0c' | '\x0e'..='\x1f' | '\x7f' | '\u{80}'..='\u{9f}'
        | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// White space with as many UTF-8 bytes as `c`.
const fn space_like(c: char) -> char {
    match c.len_utf8() {
        1 => ' ',
        2 => '\u{a0}',
        _ => '\u{2009}',
    }
}

/// Guesses the language of a text from its script alone, to apologise in it when nothing better is known.
pub(crate) fn language_of_script(text: &str) -> Language {
    let japanese = |c: char| matches!(c, '\u{3040}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}' | '\u{ff66}'..='\u{ff9f}');
    if text.chars().any(japanese) {
        Language::Ja
    } else {
        Language::En
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn controls_and_overrides_become_white_space_and_the_rest_stays() {
        assert_eq!(defuse("a\0b\u{85}c\u{202e}d\te\nf".into()), "a b\u{a0}c\u{2009}d\te\nf");
    }

    #[test]
    fn the_script_gives_the_language_of_the_apology() {
        assert_eq!(language_of_script("Wi-Fiは？"), Language::Ja);
        assert_eq!(language_of_script("Is there Wi-Fi?"), Language::En);
    }

    proptest! {
        #[test]
        fn every_character_keeps_its_place(text in any::<String>()) {
            let defused = defuse(text.clone());
            prop_assert!(!defused.chars().any(is_harmful));
            let places = |t: &str| t.char_indices().map(|(at, _)| at).collect::<Vec<_>>();
            prop_assert_eq!(places(&defused), places(&text));
        }
    }
}
