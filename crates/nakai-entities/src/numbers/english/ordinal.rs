use super::{
    Reader,
    cardinal::LARGEST,
    words::{Place, Word},
};
use crate::numbers::{Anchor, Place as At, digits};

/// Ordinals that are counted from where one is or from the end, the longer first.
const RELATIVE: &[(&str, Anchor, i64)] = &[
    ("the one before the last one", Anchor::End, -1),
    ("the one before the last", Anchor::End, -1),
    ("one before the last one", Anchor::End, -1),
    ("one before the last", Anchor::End, -1),
    ("the last but one", Anchor::End, -1),
    ("last but one", Anchor::End, -1),
    ("the second to last", Anchor::End, -1),
    ("second to last", Anchor::End, -1),
    ("the third to last", Anchor::End, -2),
    ("third to last", Anchor::End, -2),
    ("next to last", Anchor::End, -1),
    ("antepenultimate", Anchor::End, -2),
    ("penultimate", Anchor::End, -1),
    ("previous one", Anchor::Current, -1),
    ("current one", Anchor::Current, 0),
    ("next one", Anchor::Current, 1),
    ("previous", Anchor::Current, -1),
    ("current", Anchor::Current, 0),
    ("next", Anchor::Current, 1),
    ("last", Anchor::End, 0),
];

/// The ordinals of a text, in order.
pub(crate) fn ordinals(reader: &Reader<'_>) -> Vec<At> {
    let mut found = Vec::new();
    let mut index = 0;
    let mut next_relative = 0;
    while index < reader.tokens.len() {
        // Such a phrase has one of its words among its first six.
        while next_relative < reader.tokens.len()
            && (next_relative < index || reader.word(next_relative) != Some(Word::Relative))
        {
            next_relative += 1;
        }
        let near = next_relative < reader.tokens.len() && next_relative < index + 6;
        let relative = RELATIVE
            .iter()
            .filter(|_| near)
            .find_map(|(words, anchor, offset)| Some((reader.phrase(index, words)?, *anchor, *offset)));
        let absolute = || {
            let (next, value) = reader
                .ordinal_digits(index)
                .or_else(|| reader.ordinal_words(index, false))?;
            Some((next, Anchor::Start, whole(value)?))
        };
        match relative.or_else(absolute) {
            Some((next, anchor, offset)) => {
                found.push(At {
                    start: reader.start(index),
                    end: reader.end(next),
                    anchor,
                    offset,
                });
                index = next;
            }
            None => index += 1,
        }
    }
    found
}

/// An ordinal as an integer, if it fits.
fn whole(value: f64) -> Option<i64> {
    #[expect(clippy::cast_possible_truncation, reason = "checked to fit")]
    (value.fract() == 0.0 && value.abs() < 1e15).then_some(value as i64)
}

impl Reader<'_> {
    /// `25th`, `1,234th`.
    fn ordinal_digits(&self, index: usize) -> Option<(usize, f64)> {
        let literal = self.literal(index)?;
        if literal.value.fract() != 0.0 || self.text.before(self.start(index)).is_alphanumeric() {
            return None;
        }
        let suffix = index + 1;
        let close = self.start(suffix) == literal.end;
        let known = ["st", "nd", "rd", "th"].iter().any(|ending| self.is(suffix, ending));
        (close && known).then_some((suffix + 1, literal.value))
    }

    /// `twenty-one trillion and three hundred twenty second`; in the plural only for fractions.
    pub(super) fn ordinal_words(&self, index: usize, plural: bool) -> Option<(usize, f64)> {
        let accepted = |(end, value): (usize, f64)| (plural || !self.is_plural(end - 1)).then_some((end, value));
        if let Some(value) = self.scale_ordinal(index) {
            return accepted((index + 1, value));
        }
        let mut total = 0.0;
        let mut next = index;
        let mut last_scale = f64::INFINITY;
        loop {
            let start = if next > index { self.skip_and(next) } else { next };
            if let Some((end, value)) = self.last_ordinal(start) {
                return accepted((end, total + value));
            }
            let (mut at, mut segment) = self.small_words(start)?;
            if self.word(at) == Some(Word::Hundred) {
                at += 1;
                segment *= 100.0;
                let rest = self.skip_and(at);
                if let Some((end, value)) = self.last_ordinal(rest) {
                    return accepted((end, total + segment + value));
                }
                if let Some((end, value)) = self.small_words(rest)
                    && self.word(rest) != Some(Word::A)
                {
                    segment += value;
                    at = end;
                }
            }
            let mut scale = 1.0;
            while let Some(Word::Scale(factor)) = self.word(at)
                && scale < LARGEST
            {
                scale *= factor;
                at += 1;
            }
            if let Some(value) = self.scale_ordinal(at) {
                return accepted((at + 1, digits::round(total + segment * scale * value)));
            }
            if scale == 1.0 || scale >= last_scale {
                return None;
            }
            total += segment * scale;
            last_scale = scale;
            next = at;
        }
    }

    fn scale_ordinal(&self, index: usize) -> Option<f64> {
        match self.word(index)? {
            Word::Ordinal {
                place: Place::Scale,
                value,
                ..
            } => Some(value),
            _ => None,
        }
    }

    /// The token after an `and`.
    pub(super) fn skip_and(&self, index: usize) -> usize {
        index + usize::from(self.word(index) == Some(Word::And))
    }

    fn is_plural(&self, index: usize) -> bool {
        matches!(self.word(index), Some(Word::Ordinal { plural: true, .. }))
    }

    /// The last words of an ordinal below a hundred: `fifth`, `twenty-fifth`.
    fn last_ordinal(&self, index: usize) -> Option<(usize, f64)> {
        match self.word(index)? {
            Word::Ordinal { value, place, .. } if place != Place::Scale => Some((index + 1, value)),
            Word::Ten(ten) => {
                let unit = if matches!(self.symbol(index + 1), Some('-' | '—' | '‐')) {
                    index + 2
                } else {
                    index + 1
                };
                match self.word(unit)? {
                    Word::Ordinal {
                        value,
                        place: Place::Unit,
                        ..
                    } => Some((unit + 1, f64::from(ten) + value)),
                    _ => None,
                }
            }
            _ => None,
        }
    }
}
