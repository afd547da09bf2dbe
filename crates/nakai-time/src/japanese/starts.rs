//! Where an expression may start: by the first two characters of all words of time, so that a text without any costs next to nothing.

use std::sync::LazyLock;

use super::{
    clocks, holidays,
    numerals::is_numeral,
    relative, sets,
    words::{self, OTHER_WORDS},
};

/// A first character with the second ones of the words that start with it.
struct Start {
    first: char,
    /// Whether it is a word by itself.
    alone: bool,
    second: String,
}

/// Sorted by the first character.
static STARTS: LazyLock<Vec<Start>> = LazyLock::new(|| {
    let mut words: Vec<&str> = words::all().collect();
    words.extend(holidays::all());
    words.extend(clocks::all());
    words.extend(relative::all());
    words.extend(sets::all());
    words.extend(OTHER_WORDS);
    words.sort_unstable();
    let mut starts: Vec<Start> = Vec::new();
    for word in words {
        let mut chars = word.chars();
        let Some(first) = chars.next() else { continue };
        if starts.last().is_none_or(|start| start.first != first) {
            starts.push(Start {
                first,
                alone: false,
                second: String::new(),
            });
        }
        if let Some(start) = starts.last_mut() {
            match chars.next() {
                Some(second) => start.second.push(second),
                None => start.alone = true,
            }
        }
    }
    starts
});

/// Characters that follow a number of an expression of time.
const AFTER_NUMBERS: &str = "年月日時分秒週泊かヶケカヵ箇個営世半四 :/-.~,・つ回が日両昨夕クQ間";

/// Whether an expression may start with these two characters, folded as [`super::text`] folds them.
pub(super) fn may_start(first: char, second: Option<char>) -> bool {
    if is_numeral(first) && second.is_some_and(|c| is_numeral(c) || AFTER_NUMBERS.contains(c)) {
        return true;
    }
    // Letters of eras: R7.5.3.
    if matches!(first, 'R' | 'H' | 'S' | 'T' | 'M') && second.is_some_and(|c| c.is_ascii_digit()) {
        return true;
    }
    if matches!(first, '数' | '半') {
        return second.is_some_and(|c| AFTER_NUMBERS.contains(c));
    }
    let Ok(found) = STARTS.binary_search_by_key(&first, |start| start.first) else {
        return false;
    };
    let start = &STARTS[found];
    start.alone || second.is_some_and(|c| start.second.contains(c))
}
