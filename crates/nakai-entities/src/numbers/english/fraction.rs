use super::{
    Part, Reader,
    cardinal::LARGEST,
    words::{Place, Word},
};
use crate::numbers::{NumberKind, digits};

/// A fraction has no more words than this; it keeps the search for its noun short.
const MOST_WORDS: usize = 24;

impl Reader<'_> {
    /// A fraction in words that starts here: `two thirds`, `three and a half million`, `half a dozen`, `quarter million`.
    pub(super) fn fraction(&self, index: usize) -> Option<Part> {
        let bare = self.bare(index);
        if bare.is_some() {
            return bare;
        }
        let noun = self.noun(index)?;
        let (whole, part) = self.split(index, noun)?;
        let mut next = noun + 1;
        let mut trailing = 1.0;
        while let Some(Word::Scale(scale)) = self.word(next)
            && trailing < LARGEST
        {
            trailing *= scale;
            next += 1;
        }
        if self.word(next) == Some(Word::Dozen) {
            trailing *= 12.0;
            next += 1;
        }
        // `three million and a half` is half a million more.
        let value = match whole {
            Some(whole) if whole.scale >= 1e6 && trailing == 1.0 => whole.value + part * whole.scale,
            Some(whole) if whole.scale >= 1e6 => whole.value + part * trailing,
            Some(whole) => (whole.value + part) * trailing,
            None => part * trailing,
        };
        Some(Part {
            next,
            value,
            kind: NumberKind::Fraction,
            scale: 1.0,
        })
    }

    /// `half`, `half a million`, `half dozen`, `quarter million`.
    fn bare(&self, index: usize) -> Option<Part> {
        let (value, alone) = match self.word(index)? {
            Word::Half => (0.5, true),
            Word::Quarter => (0.25, self.colloquial),
            _ => return None,
        };
        let after = if self.word(index + 1) == Some(Word::A) {
            index + 2
        } else {
            index + 1
        };
        let (next, factor, kind) = match self.word(after) {
            Some(Word::Dozen) => (after + 1, 12.0, NumberKind::Integer),
            Some(Word::Hundred) => (after + 1, 100.0, NumberKind::Fraction),
            Some(Word::Scale(scale)) => (after + 1, scale, NumberKind::Fraction),
            _ if alone => (index + 1, 1.0, NumberKind::Fraction),
            _ => return None,
        };
        Some(Part {
            next,
            value: value * factor,
            kind,
            scale: 1.0,
        })
    }

    /// The token of the noun of a fraction whose words start here.
    fn noun(&self, index: usize) -> Option<usize> {
        if !matches!(
            self.word(index),
            Some(Word::Unit(_) | Word::Teen(_) | Word::Ten(_) | Word::A)
        ) && self.literal(index).is_none()
        {
            return None;
        }
        for at in index + 1..index + MOST_WORDS {
            if matches!(self.symbol(at), Some('-' | '—')) {
                continue;
            }
            match self.word(at) {
                Some(Word::Ordinal { plural, place, value }) => {
                    // `a second` is a time, `a twenty-second` a part.
                    let after_ten = (index..at)
                        .rev()
                        .take(2)
                        .any(|at| matches!(self.word(at), Some(Word::Ten(_))));
                    let is_fraction = plural || value > 2.0 || place != Place::Unit || after_ten;
                    return is_fraction.then_some(at);
                }
                Some(Word::Half | Word::Halves | Word::Quarter | Word::Quarters) => return Some(at),
                Some(
                    Word::Unit(_) | Word::Teen(_) | Word::Ten(_) | Word::Hundred | Word::Scale(_) | Word::A | Word::And,
                ) => {}
                _ if self.literal(at).is_some() => {}
                _ => return None,
            }
        }
        None
    }

    /// Splits the words before and in the noun into a whole number, if there is one, and a fraction below or above one.
    fn split(&self, index: usize, noun: usize) -> Option<(Option<Part>, f64)> {
        let (singular, simple) = match self.word(noun)? {
            Word::Half => (true, Some(2.0)),
            Word::Halves => (false, Some(2.0)),
            Word::Quarter => (true, Some(4.0)),
            Word::Quarters => (false, Some(4.0)),
            Word::Ordinal {
                plural,
                place: Place::Scale,
                value,
            } => (!plural, Some(value)),
            Word::Ordinal { plural, .. } => (!plural, None),
            _ => return None,
        };
        // The denominator is as long as it can be (`thirty fifths`), or a single scale (`hundredths`).
        let simple = simple.and_then(|denominator| self.over(index, noun, denominator, singular));
        simple.or_else(|| {
            (index + 1..=noun).find_map(|start| {
                let hyphen = start
                    .checked_sub(1)
                    .is_some_and(|at| matches!(self.symbol(at), Some('-' | '—')));
                if hyphen && start < noun {
                    let joined = start
                        .checked_sub(2)
                        .is_some_and(|at| matches!(self.word(at), Some(Word::Ten(_))));
                    if joined && matches!(self.word(start), Some(Word::Unit(_))) {
                        return None;
                    }
                }
                let (next, denominator) = self.ordinal_words(start, true)?;
                (next == noun + 1)
                    .then(|| self.over(index, start, denominator, singular))
                    .flatten()
            })
        })
    }

    /// The numerator before a denominator, with the whole number before it.
    fn over(
        &self,
        index: usize,
        denominator_start: usize,
        denominator: f64,
        singular: bool,
    ) -> Option<(Option<Part>, f64)> {
        let end = if denominator_start > index + 1 && matches!(self.symbol(denominator_start - 1), Some('-' | '—')) {
            denominator_start - 1
        } else {
            denominator_start
        };
        if end <= index || denominator == 0.0 {
            return None;
        }
        if singular {
            let one = matches!(self.word(end - 1), Some(Word::A | Word::Unit(1)));
            if !one {
                return None;
            }
            let part = 1.0 / denominator;
            if end - 1 == index {
                return Some((None, part));
            }
            let before = if self.word(end - 2) == Some(Word::And) {
                end - 2
            } else {
                end - 1
            };
            let whole = self.within(index, before)?;
            return Some((Some(whole), part));
        }
        let last_and = (index..end).rev().find(|at| self.word(*at) == Some(Word::And));
        if let Some(and) = last_and
            && let Some(numerator) = self.in_words(and + 1, end)
            && numerator.value < denominator
            && let Some(whole) = self.within(index, and)
        {
            return Some((Some(whole), divided(numerator.value, denominator)));
        }
        if let Some(numerator) = self.in_words(index, end) {
            return Some((None, divided(numerator.value, denominator)));
        }
        // A whole number straight before a numerator: `three two thirds`.
        let whole = self.cardinal(index).filter(|whole| whole.next < end)?;
        let numerator = self.in_words(whole.next, end)?;
        Some((Some(whole), divided(numerator.value, denominator)))
    }

    /// A numerator: words alone, because `100 millionths` is a count of things.
    fn in_words(&self, start: usize, end: usize) -> Option<Part> {
        if start + 1 == end && self.word(start) == Some(Word::A) {
            return Some(Part {
                next: end,
                value: 1.0,
                kind: NumberKind::Integer,
                scale: 1.0,
            });
        }
        if (start..end).any(|at| self.literal(at).is_some()) {
            return None;
        }
        self.within(start, end)
    }

    /// The number that these tokens are, whatever follows them.
    fn within(&self, start: usize, end: usize) -> Option<Part> {
        let cut = Reader {
            text: self.text,
            tokens: self.tokens.get(start..end)?.to_vec(),
            colloquial: false,
            with_units: self.with_units,
        };
        let part = cut.cardinal(0).filter(|part| part.next == end - start)?;
        Some(Part { next: end, ..part })
    }

    /// `1/2`, `10 1/2`. A longer chain of numbers with slashes is a date or a path.
    pub(super) fn slashed(&self, index: usize) -> Option<Part> {
        let fraction = |index: usize| {
            let numerator = self.literal(index).filter(|literal| literal.plain)?;
            let denominator = self.literal(index + 2).filter(|literal| literal.plain)?;
            let slash = matches!(self.symbol(index + 1), Some('/' | '⁄'));
            let close = self.start(index + 1) == numerator.end && self.start(index + 2) == numerator.end + 1;
            let chained = self.text.at(denominator.end) == '/' || self.text.at(denominator.end).is_alphabetic();
            (slash && close && !chained && denominator.value != 0.0)
                .then(|| (index + 3, divided(numerator.value, denominator.value)))
        };
        let part = |next: usize, value: f64| Part {
            next,
            value,
            kind: NumberKind::Fraction,
            scale: 1.0,
        };
        let start = self.start(index);
        let before = self.text.before(start);
        let signed = before == '-' && self.text.before(start.saturating_sub(1)).is_alphanumeric();
        if before == '/' || signed {
            return None;
        }
        if let Some((next, value)) = fraction(index) {
            return Some(part(next, value));
        }
        let whole = self.literal(index).filter(|literal| literal.plain)?;
        let (next, value) = fraction(index + 1)?;
        (self.text.at(whole.end) == ' ').then(|| part(next, whole.value + value))
    }

    /// `one over twenty`, `two out of three`, `2 in 5`: a part of a whole, so never more than one. With `in` also the numerator.
    pub(super) fn part_of(&self, index: usize) -> Option<(Part, Option<(usize, f64)>)> {
        let side = |index: usize| {
            if let Some(literal) = self.literal(index)
                && literal.plain
                && !matches!(self.word(index + 1), Some(Word::Hundred | Word::Scale(_)))
            {
                return (!self.text.at(literal.end).is_alphabetic()).then_some((index + 1, literal.value));
            }
            let part = self.cardinal(index).filter(|part| part.kind == NumberKind::Integer)?;
            Some((part.next, part.value))
        };
        let (next, numerator) = side(index)?;
        let over = self
            .phrase(next, "over")
            .or_else(|| self.phrase(next, "out of"))
            .map(|at| (at, false))
            .or_else(|| self.phrase(next, "in").map(|at| (at, true)))?;
        let (denominator_start, ambiguous) = over;
        if self.word(denominator_start) == Some(Word::A) {
            return None;
        }
        let (end, denominator) = side(denominator_start)?;
        let is_year = self.colloquial
            && ambiguous
            && (1800.0..2200.0).contains(&denominator)
            && self.literal(denominator_start).is_some();
        if numerator >= denominator || denominator == 0.0 || is_year {
            return None;
        }
        let part = Part {
            next: end,
            value: numerator / denominator,
            kind: NumberKind::Fraction,
            scale: 1.0,
        };
        Some((part, ambiguous.then_some((next, numerator))))
    }
}

fn divided(numerator: f64, denominator: f64) -> f64 {
    let value = numerator / denominator;
    // A division that comes out even must not show the traces of binary arithmetic.
    if value.fract() == 0.0 {
        digits::round(value)
    } else {
        value
    }
}
