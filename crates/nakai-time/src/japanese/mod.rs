//! Expressions of time in Japanese text.
//!
//! Japanese is written without spaces, so the rules read it character by character ([`text`]): wherever a word or a number of time may
//! start, each kind of expression is tried ([`grammar`]), and the longest that fits is taken. Every rule looks at a bounded number of
//! characters, so that the time taken is linear in the length of the text.

mod bounds;
mod clocks;
mod dates;
mod days;
mod grammar;
mod holidays;
mod lengths;
mod months;
mod numerals;
mod points;
mod ranges;
mod relative;
mod sets;
mod sides;
mod starts;
mod stretches;
#[cfg(test)]
mod tests;
mod text;
mod words;
mod zones;

use crate::Said;
use grammar::Grammar;
use starts::may_start;
use text::{Text, fold};

/// Every expression, in the order of the text.
pub(crate) fn expressions(written: &str) -> Vec<Said> {
    if !may_have_any(written) {
        return Vec::new();
    }
    let text = Text::new(written);
    let grammar = Grammar::new(&text);
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(first) = text.get(at) {
        let expression = if may_start(first, text.get(at + 1)) {
            grammar.expression(at)
        } else {
            None
        };
        match expression {
            Some((expression, end)) if end > at => {
                let range = text.offset(at)..text.offset(end);
                let zone = zones::zone_of(written, &range).filter(|_| expression.has_clock());
                found.push(Said {
                    range,
                    expression,
                    zone,
                });
                at = end;
            }
            _ => at += 1,
        }
    }
    found
}

/// Whether an expression may start anywhere in a text.
fn may_have_any(text: &str) -> bool {
    let mut chars = text.chars().map(fold).peekable();
    while let Some(first) = chars.next() {
        if may_start(first, chars.peek().copied()) {
            return true;
        }
    }
    false
}
