//! Numbers, ordinals and years in digits and words.

use super::{
    tokens::{Parsed, Text},
    words::Class,
};
use crate::expression::Year;

impl Text<'_> {
    /// A number below a hundred in words: "twenty-one", "seven".
    pub(super) fn small_words(&self, at: usize) -> Parsed<i64> {
        match self.class(at) {
            Class::Cardinal(value) => Some((value, at + 1)),
            Class::Tens(tens) => {
                let unit = if self.sign(at + 1) == Some('-') { at + 2 } else { at + 1 };
                match self.class(unit) {
                    Class::Cardinal(value @ 1..=9) => Some((tens + value, unit + 1)),
                    _ => Some((tens, at + 1)),
                }
            }
            _ => None,
        }
    }

    /// A whole number in words up to some thousands: "two hundred and sixty seven".
    pub(super) fn number_words(&self, at: usize) -> Parsed<i64> {
        let (first, mut end) = self.small_words(at)?;
        let mut value = first;
        let mut total = 0;
        for _ in 0..3 {
            let Class::Power(power) = self.class(end) else {
                break;
            };
            value *= power;
            end += 1;
            if power == 1000 {
                total += value;
                value = 0;
            }
            let next = self.skip(end, &["and"]);
            if let Some((more, after)) = self.small_words(next) {
                value += more;
                end = after;
            }
        }
        Some((total + value, end))
    }

    /// A number in digits (also with a decimal part) or words.
    pub(super) fn amount(&self, at: usize) -> Parsed<f64> {
        let Some((whole, digits)) = self.digits(at) else {
            let (value, end) = self.number_words(at)?;
            #[expect(clippy::cast_precision_loss, reason = "numbers in words are small")]
            return Some((value as f64, end));
        };
        if digits > 9 {
            return None;
        }
        let has_decimals = self.sign(at + 1) == Some('.') && self.glued(at + 1) && self.glued(at + 2);
        if let Some((decimals, places)) = self.digits(at + 2).filter(|(_, places)| has_decimals && *places < 7) {
            let value = format!("{whole}.{decimals:0width$}", width = usize::from(places)).parse();
            return value.ok().map(|value| (value, at + 3));
        }
        #[expect(clippy::cast_precision_loss, reason = "nine digits at most")]
        Some((whole as f64, at + 1))
    }

    /// A whole number that is small enough to count days and weeks with.
    pub(super) fn count(&self, at: usize) -> Parsed<i64> {
        if let Some((value, digits)) = self.digits(at) {
            return (digits <= 4).then_some((value, at + 1));
        }
        self.number_words(at)
    }

    /// "27th", "second", "twenty-first".
    pub(super) fn ordinal(&self, at: usize) -> Parsed<i64> {
        if let Some((value, digits)) = self.digits(at) {
            let suffix = self.any(at + 1, &["st", "nd", "rd", "th"]);
            return (suffix && digits <= 3 && self.glued(at + 1)).then_some((value, at + 2));
        }
        match self.class(at) {
            Class::Ordinal(value) => Some((value, at + 1)),
            Class::Tens(tens) => {
                let unit = if self.sign(at + 1) == Some('-') { at + 2 } else { at + 1 };
                match self.class(unit) {
                    Class::Ordinal(value @ 1..=9) => Some((tens + value, unit + 1)),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// The day of a month: an ordinal, digits, or a number in words.
    pub(super) fn day_number(&self, at: usize) -> Parsed<i8> {
        let (value, end) = self.ordinal(at).or_else(|| match self.digits(at) {
            Some((value, 1..=2)) => Some((value, at + 1)),
            Some(_) => None,
            None => self.small_words(at),
        })?;
        let day = i8::try_from(value).ok().filter(|day| (1..=31).contains(day))?;
        Some((day, end))
    }

    /// A year of four digits, or in words.
    pub(super) fn full_year(&self, at: usize) -> Parsed<Year> {
        if let Some((value, 4)) = self.digits(at) {
            let year = i16::try_from(value).ok().filter(|year| (1000..=2999).contains(year))?;
            return Some((Year::Exact(year), at + 1));
        }
        let (year, end) = self.year_words(at)?;
        Some((Year::Exact(i16::try_from(year).ok()?), end))
    }

    /// "nineteen eighty six", "seventeen hundred thirty three", "two thousand and fifteen".
    pub(super) fn year_words(&self, at: usize) -> Parsed<i64> {
        let century = match self.class(at) {
            Class::Cardinal(value) => value,
            Class::Tens(20) => 20,
            _ => return None,
        };
        if let Class::Power(1000) = self.class(at + 1) {
            let thousand = century * 1000;
            if !(1..=2).contains(&century) {
                return None;
            }
            let rest = self.skip(at + 2, &["and"]);
            return Some(match self.small_words(rest) {
                Some((value, end)) => (thousand + value, end),
                None => (thousand, at + 2),
            });
        }
        if !(10..=20).contains(&century) {
            return None;
        }
        if let Class::Power(100) = self.class(at + 1) {
            let rest = self.skip(at + 2, &["and"]);
            return Some(match self.small_words(rest) {
                Some((value, end)) => (century * 100 + value, end),
                None => (century * 100, at + 2),
            });
        }
        let rest = if self.sign(at + 1) == Some('-') { at + 2 } else { at + 1 };
        if self.any(rest, &["oh", "o"]) {
            let (value, end) = self.small_words(rest + 1)?;
            return (1..=9).contains(&value).then_some((century * 100 + value, end));
        }
        let (value, end) = self.small_words(rest)?;
        (value >= 10).then_some((century * 100 + value, end))
    }

    /// A year of four digits, or of two after an apostrophe.
    pub(super) fn any_year(&self, at: usize) -> Parsed<Year> {
        if let Some(found) = self.full_year(at) {
            return Some(found);
        }
        let digits = if self.sign(at) == Some('\'') { at + 1 } else { at };
        match self.digits(digits) {
            Some((value, 2)) => Some((short_year(value), digits + 1)),
            _ => None,
        }
    }
}

/// The year of two digits: from 40 on in the 20th century, below 30 in the 21st, and between in either.
pub(super) fn short_year(value: i64) -> Year {
    let value = i16::try_from(value.rem_euclid(100)).unwrap_or_default();
    match value {
        ..30 => Year::Exact(2000 + value),
        30..40 => Year::Short(value),
        _ => Year::Exact(1900 + value),
    }
}
