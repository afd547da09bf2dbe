//! The kinds of expressions, and which of them wins.

use super::{
    numerals::is_numeral,
    text::{Text, is_kanji},
};
use crate::expression::Expression;

/// What a rule found, and where that ends.
pub(super) type Found<T> = Option<(T, usize)>;

/// The rules over one text.
pub(super) struct Grammar<'a> {
    pub(super) text: &'a Text,
}

/// The longer of two; the first of two equally long ones.
pub(super) fn longest<T>(a: Found<T>, b: Found<T>) -> Found<T> {
    match (a, b) {
        (Some(a), Some(b)) => Some(if b.1 > a.1 { b } else { a }),
        (a, b) => a.or(b),
    }
}

impl<'a> Grammar<'a> {
    pub(super) const fn new(text: &'a Text) -> Self {
        Self { text }
    }

    /// The longest expression that starts here.
    pub(super) fn expression(&self, at: usize) -> Found<Expression> {
        if self.continues(at) {
            return None;
        }
        // Only words for "soon" start with these, and できます is common.
        if matches!(self.text.get(at), Some('で' | 'な')) {
            return self.now(at);
        }
        let mut best = self.set(at);
        let distance = self
            .relative_length(at)
            .map(|(what, end)| self.bounded_distance(what, end));
        best = longest(best, distance);
        best = longest(best, self.bounded(at));
        best = longest(best, self.days_or_length(at));
        best = longest(best, self.hour_range(at));
        longest(best, self.length_expression(at))
    }

    /// Whether the character here goes on with a number, a code or a name that started before.
    fn continues(&self, at: usize) -> bool {
        let (Some(here), Some(before)) = (self.text.get(at), self.text.before(at)) else {
            return false;
        };
        if here.is_ascii_alphanumeric() {
            return before.is_ascii_alphanumeric()
                || matches!(before, '-' | '.' | '/' | ':' | '+' | '#' | ',')
                    && self
                        .text
                        .before(at - 1)
                        .is_none_or(|c| c.is_ascii_alphanumeric() || before == '#' || before == '+')
                || matches!(before, '#' | '+');
        }
        // 人数分 is no few minutes.
        if here == '数' {
            return is_kanji(before) && !is_numeral(before);
        }
        is_numeral(here) && (is_numeral(before) || before == '第' || before == '数')
    }
}
