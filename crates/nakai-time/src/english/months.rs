//! Months and years: "June 2016", "2015-3", "the month of March", "year 2008", "nineteen twenty eight".

use super::{
    numbers::short_year,
    tokens::{Parsed, Text},
    words::Class,
};
use crate::expression::{Month, Stretch, Unit, Year};

impl Text<'_> {
    /// A month or a year: "June 2016", "2015-3", "the month of March", "October", "2018", "next year".
    pub(super) fn stretch_of_months(&self, at: usize) -> Parsed<Stretch> {
        let found = [
            self.said_month(at),
            self.numeric_month(at),
            self.said_year(at),
            self.unit_of_months(at),
        ];
        found.into_iter().flatten().max_by_key(|(_, end)| *end)
    }

    fn unit_of_months(&self, at: usize) -> Parsed<Stretch> {
        let (stretch, end) = self.turned_stretch(at)?;
        let months = matches!(
            stretch,
            Stretch::Month { .. }
                | Stretch::Relative {
                    unit: Unit::Month | Unit::Year | Unit::Quarter | Unit::Decade,
                    ..
                }
        );
        months.then_some((stretch, end))
    }

    fn said_month(&self, at: usize) -> Parsed<Stretch> {
        let start = self
            .phrase(at, &[&["the", "month", "of"], &["month", "of"]])
            .unwrap_or(at);
        let start = match self.class(start) {
            Class::Turn(0) if start > at => return None,
            _ => start,
        };
        if let Class::Month(month) = self.class(start) {
            if !self.surely_month(start) {
                return None;
            }
            let month = Month::Named(month);
            let end = start + 1;
            let dot = if self.sign(end) == Some('.') && self.glued(end) {
                end + 1
            } else {
                end
            };
            let year = match self.sign(dot) {
                Some(',' | '-' | '/') => dot + 1,
                _ => self.skip(dot, &["of", "in"]),
            };
            let linked = year > dot;
            if let Some((found, after)) = self.year_of_month(year, linked)
                && !self.goes_on_as_time(after)
            {
                return Some((Stretch::Month { year: found, month }, after));
            }
            if let Some((found, after)) = self.turned_year(end) {
                return Some((Stretch::Month { year: found, month }, after));
            }
            if let Some((year, after)) = self.years_away(end) {
                return Some((Stretch::Month { year, month }, after));
            }
            if let Some(after) = self.seq(end, &["after", "next"]) {
                let year = Year::Relative(1);
                return Some((Stretch::Month { year, month }, after));
            }
            let year = Year::Unsaid;
            return Some((Stretch::Month { year, month }, end));
        }
        // "2016 November", "2016, nov".
        let (year, end) = self
            .full_year(start)
            .filter(|_| self.digits(start).is_some() && !self.inside_number(start))?;
        let next = if matches!(self.sign(end), Some(',' | '-' | '/')) {
            end + 1
        } else {
            end
        };
        let Class::Month(month) = self.class(next) else {
            return None;
        };
        // "2015 - May 5th" and "2014 - May 2018" are ranges.
        let sign = next > end && !self.glued(next);
        if sign && (self.day_number(next + 1).is_some() || self.full_year(next + 1).is_some()) {
            return None;
        }
        let month = Month::Named(month);
        Some((Stretch::Month { year, month }, next + 1))
    }

    fn goes_on_as_time(&self, at: usize) -> bool {
        (self.sign(at) == Some(':') && self.glued(at)) || self.any(at, &["am", "pm"])
    }

    /// The year of a month: four digits, words, or two digits that cannot be a day.
    fn year_of_month(&self, at: usize, linked: bool) -> Parsed<Year> {
        if let Some(found) = self.full_year(at) {
            return Some(found);
        }
        if self.sign(at) == Some('\'') {
            return self.any_year(at);
        }
        let (value, digits) = self.digits(at)?;
        let year = digits == 2 && (value > 31 || linked && self.any(at - 1, &["of", "in"]));
        (year && !self.glued(at + 1)).then(|| (short_year(value), at + 1))
    }

    /// "may", "march", "mar" and "apr" are other words as well.
    pub(super) fn surely_month(&self, at: usize) -> bool {
        if self.glued(at) && matches!(self.sign(at.wrapping_sub(1)), Some('$' | '#' | '@')) {
            return false;
        }
        if !matches!(self.word(at), "may" | "march" | "mar" | "apr") {
            return true;
        }
        // Of the interest rate nothing is a month but what is led by a preposition.
        if self.any(at, &["apr"]) {
            let led = at > 0
                && self.any(
                    at - 1,
                    &[
                        "in", "of", "this", "next", "last", "since", "until", "from", "before", "after", "by", "for",
                    ],
                );
            let year = self.full_year(self.skip(at + 1, &[",", "-", "/", "."])).is_some();
            return led || year || self.written(at) == "Apr" || self.len() == 1;
        }
        const BEFORE: &[&str] = &[
            "in",
            "of",
            "this",
            "next",
            "last",
            "since",
            "until",
            "till",
            "from",
            "before",
            "after",
            "by",
            "during",
            "early",
            "mid",
            "late",
            "for",
            "every",
            "each",
            "through",
            "to",
            "between",
            "and",
            "or",
            "past",
            "coming",
            "the",
            "following",
            "around",
            "late",
            "previous",
            "-",
            "is",
            "starting",
            "beginning",
            "thru",
            "about",
        ];
        let before = at > 0 && self.any(at - 1, BEFORE);
        let range = self.any(at + 1, &["to", "through", "-", "until", "till", "and"])
            && matches!(self.class(at + 2), Class::Month(_));
        let year = self.full_year(self.skip(at + 1, &[",", "of", "-", "/"])).is_some();
        let alone = self.len() == 1;
        let capital = !self.written(at).starts_with('m');
        let last = self.ends(at + 1)
            && at > 0
            && !self.any(at - 1, &["a", "we", "they", "i", "you", "protest", "long", "you"]);
        let marched = self.word(at) == "march" && (capital || last);
        let verb = self.word(at) == "may"
            && self.is_word(at + 1)
            && self.any(at.wrapping_sub(1), &["and", "or", "this", "the", "to", "that"]);
        (before && !verb || range || year || alone || marched || self.turned_year(at + 1).is_some())
            && !self.any(at + 1, &["not", "be", "have", "i", "we"])
    }

    /// "2015-3", "3/2015", "2016 - 11", "12-2015".
    fn numeric_month(&self, at: usize) -> Parsed<Stretch> {
        let (first, digits) = self.digits(at)?;
        if self.inside_number(at) || (at > 0 && matches!(self.sign(at - 1), Some('-' | '/' | '.')) && self.glued(at)) {
            return None;
        }
        let sign = self.sign(at + 1).filter(|sign| matches!(sign, '-' | '/' | '.'))?;
        let (second, second_digits) = self.digits(at + 2)?;
        if sign == '.' && !(self.glued(at + 1) && self.glued(at + 2)) {
            return None;
        }
        let (year, month) = match (digits, second_digits) {
            (4, 1..=2) => (first, second),
            (1..=2, 4) if sign != '.' => (second, first),
            _ => return None,
        };
        let goes_on = self.glued(at + 3)
            && (self.is_word(at + 3)
                || matches!(self.sign(at + 3), Some('-' | '/' | '.' | ':')) && self.digits(at + 4).is_some());
        let year = i16::try_from(year).ok().filter(|year| (1500..2200).contains(year))?;
        let month = i8::try_from(month).ok().filter(|month| (1..=12).contains(month))?;
        let goes_on = goes_on || self.sign(at + 3) == Some('-') && self.digits(at + 4).is_some();
        (!goes_on).then_some((
            Stretch::Month {
                year: Year::Exact(year),
                month: Month::Named(month),
            },
            at + 3,
        ))
    }

    /// "2018", "year 2008", "nineteen twenty eight", "two thousand and twenty".
    fn said_year(&self, at: usize) -> Parsed<Stretch> {
        let start = self.skip(at, &["year"]);
        let named = start > at;
        if named {
            if let Some((value, digits @ 2..=4)) = self.digits(start)
                && !self.goes_on_as_time(start + 1)
                && !(self.glued(start + 1) && self.is_word(start + 1))
            {
                let year = match digits {
                    2 => short_year(value),
                    _ => Year::Exact(i16::try_from(value).ok()?),
                };
                return Some((Stretch::Year(year), start + 1));
            }
            let (value, end) = self
                .year_words(start)
                .or_else(|| self.number_words(start).filter(|(value, _)| *value >= 100))?;
            return Some((Stretch::Year(Year::Exact(i16::try_from(value).ok()?)), end));
        }
        if let Some((value, 4)) = self.digits(at) {
            let year = i16::try_from(value).ok().filter(|year| (1500..2100).contains(year))?;
            let end = at + 1;
            let glued_before = self.glued(at)
                && !matches!(
                    self.sign(at.wrapping_sub(1)),
                    Some('(' | '~' | '=' | '<' | '>' | '"' | '\'' | '–' | '—' | ',')
                );
            let hyphen = self.glued(at)
                && self.sign(at.wrapping_sub(1)) == Some('-')
                && matches!(self.digits(at.wrapping_sub(2)), Some((value, 4)) if (1500..2100).contains(&value))
                && !matches!(self.sign(at.wrapping_sub(3)), Some('-'));
            let hyphen = hyphen || self.glued(at) && self.any(at.wrapping_sub(2), &["mid", "pre", "post"]);
            let next = self
                .sign(end)
                .filter(|_| self.glued(end) && self.glued(end + 1) && self.digits(end + 1).is_some());
            let number = match next {
                Some('-' | '~') => !matches!(self.digits(end + 1), Some((value, 4)) if (1500..2100).contains(&value)),
                Some(_) => true,
                None => false,
            };
            let number = number
                || next.is_some()
                    && self.glued(end + 2)
                    && matches!(self.sign(end + 2), Some('-' | '/'))
                    && self.digits(end + 3).is_some();
            let unit = matches!(self.sign(end), Some('%' | '$' | '€')) || self.glued(end) && self.is_word(end);
            let spaced_number =
                matches!(self.sign(end), Some('-' | '/')) && self.digits(end + 1).is_some_and(|(_, digits)| digits < 4);
            let currency = at > 0 && matches!(self.sign(at - 1), Some('$' | '€' | '£' | '¥' | '+' | '#'));
            if (glued_before && !hyphen) || number || unit || currency || spaced_number {
                return None;
            }
            return Some((Stretch::Year(Year::Exact(year)), end));
        }
        let (year, end) = self.year_words(at)?;
        let plausible = (1500..2100).contains(&year) && !matches!(self.class(end), Class::Unit(..) | Class::Power(_));
        let before = at > 0
            && self.any(
                at - 1,
                &[
                    "in", "of", "since", "before", "after", "from", "until", "till", "to", "and", "by", "year",
                    "through", "during", "the", "between",
                ],
            );
        (plausible && before).then_some((Stretch::Year(Year::Exact(i16::try_from(year).ok()?)), end))
    }
}
