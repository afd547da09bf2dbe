//! The words of an English text.

use std::ops::Range;

use crate::half_width::is_word_character;

/// A word, with the dot of an abbreviation and without the `'s` of a possessor.
#[derive(Debug, Clone)]
pub(super) struct Word<'t> {
    pub(super) range: Range<usize>,
    pub(super) text: &'t str,
    pub(super) lower: String,
    /// What stands between the word before and this one.
    pub(super) gap: &'t str,
    /// It starts with a capital letter.
    pub(super) capital: bool,
    /// A sentence or a line starts with it.
    pub(super) starts: bool,
}

impl Word<'_> {
    /// All its letters are capitals, and there are several.
    pub(super) fn shouts(&self) -> bool {
        self.text.chars().filter(|c| c.is_alphabetic()).count() > 1 && !self.text.chars().any(char::is_lowercase)
    }

    pub(super) fn is_number(&self) -> bool {
        self.text.starts_with(|c: char| c.is_numeric())
    }
}

/// Abbreviations that are written with a dot.
const ABBREVIATIONS: [&str; 22] = [
    "mr", "mrs", "ms", "dr", "prof", "st", "inc", "ltd", "co", "corp", "jr", "sr", "mt", "ft", "gen", "col", "sgt",
    "capt", "lt", "rev", "no", "bros",
];

pub(super) fn words(text: &str) -> Vec<Word<'_>> {
    let mut words: Vec<Word<'_>> = Vec::new();
    let mut at = 0;
    while let Some(start) = text
        .get(at..)
        .and_then(|rest| rest.find(is_word_character))
        .map(|offset| at + offset)
    {
        let end = end(text, start);
        let whole = text.get(start..end).unwrap_or_default();
        let name = ["'s", "’s", "'S"]
            .iter()
            .find_map(|possessive| whole.strip_suffix(possessive))
            .unwrap_or(whole);
        let end_of_name = start + name.len();
        let gap = text
            .get(words.last().map_or(0, |word| word.range.end)..start)
            .unwrap_or_default();
        let starts = words.is_empty()
            || gap.contains(['\n', '!', '?', ':', ';', '"', '“', '。', '？', '！'])
            || gap.starts_with('.');
        words.push(Word {
            range: start..end_of_name,
            text: name,
            lower: name.to_lowercase(),
            gap,
            capital: name.starts_with(char::is_uppercase),
            starts,
        });
        at = end;
    }
    words
}

/// Where the word ends that starts at a byte.
fn end(text: &str, start: usize) -> usize {
    let rest = text.get(start..).unwrap_or_default();
    let mut end = 0;
    let mut characters = rest.char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        let next = characters.peek().map(|(_, next)| *next);
        let joins = matches!(c, '\'' | '’' | '-' | '&' | '.') && next.is_some_and(is_word_character);
        let mark = is_mark(c) && end > 0;
        if !(is_word_character(c) || joins || mark) {
            break;
        }
        // A dot within a word is one of an abbreviation, U.S.: else a sentence ends there.
        if c == '.' {
            let part = rest.get(..at).and_then(|word| word.rsplit('.').next());
            if part.is_none_or(|part| part.chars().count() != 1) {
                break;
            }
        }
        end = at + c.len_utf8();
    }
    let word = rest.get(..end).unwrap_or_default();
    let dotted = rest.get(end..).is_some_and(|rest| rest.starts_with('.'));
    let initial = word.chars().count() == 1 && word.chars().all(char::is_uppercase) && word != "I";
    let abbreviated = initial || word.contains('.') || ABBREVIATIONS.contains(&word.to_lowercase().as_str());
    start + end + usize::from(dotted && abbreviated)
}

/// A mark that belongs to the letter before it.
const fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}
