//! Lengths of time: "an hour and a half", "2 years 1 month 21 days".

use super::{
    tokens::{Parsed, Text},
    words::Class,
};
use crate::{
    expression::{DayPart, Unit},
    length::Length,
};

/// How many parts a length may have.
const MOST_PARTS: usize = 8;

impl Text<'_> {
    /// A unit of time as a length counts it.
    pub(super) fn unit(&self, at: usize) -> Parsed<Unit> {
        if self.any(at, &["business", "working", "work"]) && self.any(at + 1, &["day", "days"]) {
            return Some((Unit::BusinessDay, at + 2));
        }
        if self.any(at, &["week"]) && self.any(at + 1, &["end", "ends"]) {
            return Some((Unit::Weekend, at + 2));
        }
        if self.any(at, &["week"]) && self.sign(at + 1) == Some('-') && self.any(at + 2, &["end", "ends"]) {
            return Some((Unit::Weekend, at + 3));
        }
        match self.class(at) {
            Class::Unit(unit, _) => Some((unit, at + 1)),
            Class::Part(DayPart::Night, _) => Some((Unit::Day, at + 1)),
            // "second" is an ordinal as well.
            Class::Ordinal(2) if self.word(at) == "second" => Some((Unit::Second, at + 1)),
            _ => None,
        }
    }

    /// A unit of one letter that stands directly after digits: `10d`, `2w`.
    fn short_unit(&self, at: usize, digits: bool) -> Parsed<Unit> {
        let unit = match self.word(at) {
            // "3D Secure" and "the 4s" are names.
            "d" if self.digits(at - 1).is_some_and(|(value, _)| value <= 3) => return None,
            "s" if at < 2 || !self.any(at - 2, &["for", "in", "after", "within", "last", "every"]) => return None,
            "d" => Unit::Day,
            "w" => Unit::Week,
            "y" => Unit::Year,
            "m" => Unit::Minute,
            "s" => Unit::Second,
            "'" if self.glued(at) => Unit::Minute,
            "\"" if self.glued(at) => Unit::Second,
            _ => return None,
        };
        let apart = matches!(unit, Unit::Minute) && self.word(at) == "m";
        (digits && (self.glued(at) || apart) && !self.glued(at + 1)).then_some((unit, at + 1))
    }

    /// A length of one or several parts.
    pub(super) fn length(&self, at: usize) -> Parsed<Length> {
        let (first, mut end) = self.one_length(at)?;
        let mut parts = vec![first];
        while parts.len() < MOST_PARTS {
            let comma = self.skip(end, &[","]);
            let next = self.skip(comma, &["and"]);
            let Some(((amount, unit), after)) = self.one_length(next) else {
                break;
            };
            // Two lengths in a row are one only where the second goes on in other units.
            if parts.iter().any(|(_, known)| *known == unit) || self.starts_other_phrase(after, comma > end) {
                break;
            }
            parts.push((amount, unit));
            end = after;
        }
        if parts.len() == 1
            && let Some((minutes, after)) = self.bare_minutes(end, parts[0].1)
        {
            parts.push((minutes, Unit::Minute));
            end = after;
        }
        parts.sort_by_key(|(_, unit)| std::cmp::Reverse(*unit));
        Some((Length(parts), end))
    }

    /// A length of one part.
    pub(super) fn single_length(&self, at: usize) -> Parsed<Length> {
        let ((amount, unit), end) = self.one_length(at)?;
        Some((Length::new(amount, unit), end))
    }

    /// Whether the length that ends here belongs to what follows: "..., and 2 days ago".
    fn starts_other_phrase(&self, at: usize, comma: bool) -> bool {
        comma && self.any(at, &["from"])
    }

    /// "1 hour thirty", "1 hour and thirty".
    fn bare_minutes(&self, at: usize, unit: Unit) -> Parsed<f64> {
        if unit != Unit::Hour {
            return None;
        }
        let (minutes, end) = self.small_words(self.skip(at, &["and"]))?;
        let stands_alone = self.ends(end);
        #[expect(clippy::cast_precision_loss, reason = "below a hundred")]
        ((10..60).contains(&minutes) && stands_alone).then_some((minutes as f64, end))
    }

    fn one_length(&self, at: usize) -> Parsed<(f64, Unit)> {
        self.whole_length(at)
            .or_else(|| self.fraction_of_unit(at))
            .or_else(|| self.vague_length(at))
            .or_else(|| self.counted_length(at))
    }

    /// "all day", "full week".
    fn whole_length(&self, at: usize) -> Parsed<(f64, Unit)> {
        if !self.any(at, &["all", "full", "whole"]) {
            return None;
        }
        let unit = self.skip(at + 1, &["-"]);
        match self.class(unit) {
            Class::Unit(
                found @ (Unit::Day | Unit::Week | Unit::Month | Unit::Year | Unit::Quarter | Unit::Weekend),
                false,
            ) => Some(((1.0, found), unit + 1)),
            _ => None,
        }
    }

    /// "half an hour", "a quarter of an hour", "three quarters of an hour", "1/2 h".
    fn fraction_of_unit(&self, at: usize) -> Parsed<(f64, Unit)> {
        let start = if self.any(at, &["a"]) && self.any(at + 1, &["half", "quarter"]) {
            at + 1
        } else {
            at
        };
        let (amount, end) = if self.any(start, &["half"]) {
            (0.5, start + 1)
        } else if self.any(start, &["quarter"]) && self.any(start + 1, &["of"]) {
            (0.25, start + 1)
        } else if self.any(start, &["three"]) && self.any(start + 1, &["quarters", "quarter"]) {
            (0.75, start + 2)
        } else if self.sign(start + 1) == Some('/') && self.glued(start + 1) {
            let (Some((top, 1)), Some((bottom @ 2..=9, 1))) = (self.digits(start), self.digits(start + 2)) else {
                return None;
            };
            #[expect(clippy::cast_precision_loss, reason = "one digit each")]
            (top as f64 / bottom as f64, start + 3)
        } else {
            return None;
        };
        let end = self.skip(self.skip(end, &["-", "of"]), &["a", "an"]);
        let (unit, after) = self.unit(end)?;
        Some(((amount, unit), after))
    }

    /// "a few minutes", "several days", "a couple of hours".
    fn vague_length(&self, at: usize) -> Parsed<(f64, Unit)> {
        let start = if self.any(at, &["a"]) { at + 1 } else { at };
        let (amount, end) = match self.word(start) {
            "few" | "several" | "some" => (3.0, start + 1),
            "couple" => (2.0, self.skip(start + 1, &["of"])),
            "pair" => (2.0, self.seq(start + 1, &["of"])?),
            _ => return None,
        };
        let (unit, after) = self.unit(self.skip(end, &["more"]))?;
        let plural = !matches!(self.class(after - 1), Class::Unit(_, false));
        (plural || self.any(start, &["couple", "few"])).then_some(((amount, unit), after))
    }

    /// "3 hours", "an hour and a half", "two and a half hours".
    fn counted_length(&self, at: usize) -> Parsed<(f64, Unit)> {
        let digits = self.digits(at).is_some();
        let (mut amount, mut end) = if self.any(at, &["a", "an", "another"]) {
            (1.0, at + 1)
        } else {
            // "0800 hours" is a time.
            let zeros = self.word(at).len() == 4 && self.word(at).starts_with('0');
            let (amount, end) = self.amount(at).filter(|_| !zeros)?;
            self.and_units(amount, end)
        };
        if let Some((fraction, after)) = self.and_fraction(end) {
            amount += fraction;
            end = self.skip(self.skip(after, &["of"]), &["a", "an"]);
        }
        end = self.skip(end, &["-"]);
        end = self.skip(end, &["more", "additional", "extra", "less", "fewer"]);
        let (unit, mut end) = self.unit(end).or_else(|| self.short_unit(end, digits))?;
        let article = self.any(at, &["a", "an"]);
        if article && matches!(self.class(end - 1), Class::Unit(_, true)) {
            return None;
        }
        if article && (self.word(at + 1) == "second" || matches!(self.class(at + 1), Class::Part(..))) {
            return None;
        }
        if let Some((fraction, after)) = self.and_fraction(end) {
            amount += fraction;
            end = after;
        }
        Some(((amount, unit), end))
    }

    /// "twenty and four".
    fn and_units(&self, amount: f64, end: usize) -> (f64, usize) {
        let tens = matches!(self.class(end - 1), Class::Tens(_));
        if tens
            && self.any(end, &["and"])
            && let Class::Cardinal(units @ 1..=9) = self.class(end + 1)
            && self.unit(end + 2).is_some()
        {
            #[expect(clippy::cast_precision_loss, reason = "one digit")]
            return (amount + units as f64, end + 2);
        }
        (amount, end)
    }

    /// "and a half", "and three quarters".
    fn and_fraction(&self, at: usize) -> Parsed<f64> {
        let start = self.seq(at, &["and"])?;
        if self.seq(start, &["1", "/", "2"]).is_some() && self.glued(start + 1) {
            return Some((0.5, start + 3));
        }
        let start = self.skip(start, &["a", "an", "one"]);
        match self.word(start) {
            "half" => Some((0.5, start + 1)),
            "quarter" => Some((0.25, start + 1)),
            "two" | "three" if self.any(start + 1, &["quarter", "quarters"]) => {
                let fraction = if self.any(start, &["two"]) { 0.5 } else { 0.75 };
                Some((fraction, start + 2))
            }
            _ => None,
        }
    }
}
