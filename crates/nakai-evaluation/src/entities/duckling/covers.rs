use std::ops::Range;

use nakai_types::Language;

/// Words around an expression that change nothing of its value.
const ENGLISH: &[&str] = &[
    "a",
    "about",
    "an",
    "approximately",
    "around",
    "at",
    "by",
    "circa",
    "during",
    "exactly",
    "for",
    "from",
    "in",
    "of",
    "on",
    "please",
    "roughly",
    "sharp",
    "sometime",
    "sometimes",
    "that",
    "the",
    "to",
    "with",
];
const JAPANESE: &[&str] = &[
    "に", "で", "の", "は", "を", "が", "へ", "も", "と", "頃", "ごろ", "ころ",
];

/// Says whether a part of a text is all of it, spaces, punctuation, prepositions and particles aside.
pub(super) fn covers(range: &Range<usize>, text: &str, language: Language) -> bool {
    let (Some(before), Some(after)) = (text.get(..range.start), text.get(range.end..)) else {
        return false;
    };
    let words = match language {
        Language::En => ENGLISH,
        Language::Ja => JAPANESE,
    };
    let is_slight = |rest: &str| {
        rest.split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .all(|word| words.contains(&word.to_lowercase().as_str()))
    };
    is_slight(before) && is_slight(after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn particles_and_punctuation_do_not_count() {
        for (text, part, language, all) in [
            ("On the 5th, please!", "5th", Language::En, true),
            ("3pm approximately", "3pm", Language::En, true),
            ("until the 5th", "5th", Language::En, false),
            ("15時20分に", "15時20分", Language::Ja, true),
            ("15時20分までに", "15時20分", Language::Ja, false),
            ("6月、", "6月", Language::Ja, true),
        ] {
            let start = text.find(part).unwrap();
            assert_eq!(covers(&(start..start + part.len()), text, language), all, "{text}");
        }
        assert!(!covers(&(1..2), "月", Language::Ja), "not at a boundary of characters");
    }
}
