//! Dates of the calendar: "12/31/2016", "May 5th, 2016", "2019/sep/01".

use super::{
    numbers::short_year,
    tokens::{Parsed, Text},
    words::Class,
};
use crate::expression::{Day, Month, Year};

impl Text<'_> {
    /// A date. Where `led` is set ("on 4-22", "Friday 7.6") month and day may be joined by a sign that decimals and ranges have too.
    pub(super) fn calendar_date(&self, at: usize, led: bool) -> Parsed<Day> {
        let numeric = self.digits(at).and_then(|_| self.numeric_date(at, led));
        [numeric, self.month_first(at), self.day_first(at), self.year_first(at)]
            .into_iter()
            .flatten()
            .max_by_key(|(_, end)| *end)
    }

    /// Whether digits here go on from something that is no date: `123-12-1234`, `$12`, `6 1/4`.
    pub(super) fn inside_number(&self, at: usize) -> bool {
        if at == 0 {
            return false;
        }
        if !self.glued(at) {
            return false;
        }
        match self.sign(at - 1) {
            Some('$' | '£' | '€' | '¥' | '#' | ':' | '+') => true,
            // `10/1-11/7` and `10-1-2018-10-7-2018` are ranges of dates.
            Some('-' | '~') if at > 3 && self.ends_date(at - 1) => false,
            // ISO 8601 writes a stroke between moments.
            Some('/') if at > 5 && self.sign(at - 3) == Some(':') => false,
            Some('-' | '/' | '.' | ',' | '\'' | '~') => at > 1 && self.glued(at - 1) && self.digits(at - 2).is_some(),
            Some(_) => false,
            None => true,
        }
    }

    /// Whether a date in digits can end before a sign.
    fn ends_date(&self, at: usize) -> bool {
        let full = self
            .digits(at - 1)
            .is_some_and(|(value, digits)| digits == 4 && (1900..2100).contains(&value));
        match self.sign(at - 2) {
            Some('/') => self.digits(at - 3).is_some(),
            Some('-') => full && at > 4 && self.sign(at - 4) == Some('-'),
            _ => false,
        }
    }

    fn goes_on(&self, at: usize) -> bool {
        let sign = matches!(self.sign(at), Some('-' | '/' | '.' | ':'));
        (self.glued(at) && self.digits(at).is_some())
            || (self.glued(at) && sign && self.glued(at + 1) && self.digits(at + 1).is_some())
            || self.sign(at) == Some('%')
    }

    fn numeric_date(&self, at: usize, led: bool) -> Parsed<Day> {
        let (first, digits) = self.digits(at)?;
        let joined = |at: usize| {
            let sign = self.sign(at).filter(|_| self.glued(at) && self.glued(at + 1))?;
            matches!(sign, '/' | '-' | '.').then_some(sign)
        };
        if digits == 8 && !(self.glued(at + 1) && self.is_word(at + 1)) {
            let year = i16::try_from(first / 10_000).ok()?;
            let (month, day) = (first / 100 % 100, first % 100);
            let inside = self.inside_number(at) && self.digits(at.wrapping_sub(2)).is_some();
            let valid = (1900..2100).contains(&year) && valid(month, day) && !inside && !self.goes_on(at + 1);
            return valid.then(|| (calendar(Year::Exact(year), month, day), at + 1));
        }
        if digits == 4 {
            return self.iso_date(at, first);
        }
        if digits > 2 || self.inside_number(at) {
            return None;
        }
        let sign = joined(at + 1)?;
        let (second, second_digits) = self.digits(at + 2).filter(|(_, digits)| *digits <= 2)?;
        let (month, day) = if first <= 12 && second <= 31 {
            (first, second)
        } else {
            (second, first)
        };
        if !valid(month, day) {
            return None;
        }
        let year_sign = self.sign(at + 3).filter(|_| self.glued(at + 3) && self.glued(at + 4));
        if year_sign == Some(sign) || (year_sign == Some(',') && sign == '/') {
            let year = match self.digits(at + 4) {
                Some((value, 4)) => Year::Exact(i16::try_from(value).ok()?),
                Some((value, 2)) => short_year(value),
                _ => return None,
            };
            // In `10/1-11/7` the sign between the dates is no part of one.
            let range = sign == '-' && self.sign(at + 5) == Some('/');
            if !self.goes_on_number(at + 5) && !range {
                return Some((calendar(year, month, day), at + 5));
            }
        }
        let after = at + 3;
        let alone = match sign {
            '/' => !(self.after_number(at) || (first, second) == (24, 7)),
            _ => led && !(sign == '.' && second_digits == 1 && first > 12),
        };
        // `5/1-5/7` is a range of two dates.
        let range = sign == '/' && matches!(self.sign(after), Some('-' | '~'));
        (alone && (range || !self.goes_on(after))).then(|| (calendar(Year::Unsaid, month, day), after))
    }

    /// Whether digits follow that make the number before longer.
    fn goes_on_number(&self, at: usize) -> bool {
        self.glued(at) && (self.digits(at).is_some() || self.sign(at) == Some('%'))
    }

    /// Whether a number stands before, so that `1/4` is a fraction.
    fn after_number(&self, at: usize) -> bool {
        at > 0 && self.digits(at - 1).is_some() && !self.glued(at)
    }

    /// `2016-10-16`, `2016/10/16`, `2016 10 16`.
    fn iso_date(&self, at: usize, year: i64) -> Parsed<Day> {
        if self.inside_number(at) {
            return None;
        }
        let year = i16::try_from(year).ok().filter(|year| (1000..3000).contains(year))?;
        let spaced = !self.glued(at + 1) && !self.glued(at + 2);
        if spaced
            && let (Some((month, 2)), Some((day, 2))) = (self.digits(at + 1), self.digits(at + 2))
            && !self.goes_on(at + 3)
        {
            return valid(month, day).then(|| (calendar(Year::Exact(year), month, day), at + 3));
        }
        let sign = self.sign(at + 1).filter(|sign| matches!(sign, '-' | '/' | '.'))?;
        if self.sign(at + 3) != Some(sign) || !(2..5).all(|offset| self.glued(at + offset)) {
            return None;
        }
        let (month, _) = self.digits(at + 2).filter(|(_, digits)| *digits <= 2)?;
        let (day, _) = self.digits(at + 4).filter(|(_, digits)| *digits <= 2)?;
        let ok = valid(month, day) && !self.goes_on_number(at + 5);
        ok.then(|| (calendar(Year::Exact(year), month, day), at + 5))
    }

    fn month(&self, at: usize) -> Parsed<i8> {
        let Class::Month(month) = self.class(at) else {
            return None;
        };
        let dot = self.sign(at + 1) == Some('.')
            && self.glued(at + 1)
            && self.word(at).len() <= 4
            && (self.is_word(at + 2) || self.digits(at + 2).is_some() || self.sign(at + 2) == Some(','));
        Some((month, if dot { at + 2 } else { at + 1 }))
    }

    /// A year after a date, with what may stand between.
    fn trailing_year(&self, at: usize) -> Parsed<Year> {
        let start = if matches!(self.sign(at), Some(',' | '-' | '/' | '.')) {
            at + 1
        } else {
            at
        };
        let joined = start > at && self.sign(at) != Some(',') && self.glued(start);
        if matches!(self.sign(at), Some('-' | '/')) && !joined {
            return None;
        }
        let of = self.skip(start, &["of", "in"]);
        let short = joined || of > start || self.sign(of) == Some('\'');
        let found = if short { self.any_year(of) } else { self.full_year(of) };
        if let Some((year, end)) = found {
            let short_number = matches!(self.digits(end - 1), Some((_, 2)));
            // "May 5, 10:30" and "May 5, 11 am" have no year.
            let time = self.sign(end) == Some(':')
                || self.sign(end) == Some('.') && self.glued(end + 1) && self.digits(end + 1).is_some()
                || short_number
                    && (self.any(end, &["am", "pm", "a", "p", "oclock", "h"]) || self.sign(end) == Some('/'));
            let plausible = match year {
                Year::Exact(year) => (1000..3000).contains(&year),
                _ => true,
            };
            // "to 2018-10-7" goes on with a date.
            let date = self.digits(end - 1).is_some()
                && matches!(self.sign(end), Some('-' | '/'))
                && self.glued(end)
                && self.digits(end + 1).is_some()
                && !joined;
            if !time && plausible && !date {
                return Some((year, end));
            }
        }
        self.turned_year(of)
    }

    /// "next year", "of last year".
    pub(super) fn turned_year(&self, at: usize) -> Parsed<Year> {
        let start = self.skip(self.skip(at, &["of", "in"]), &["the"]);
        let Class::Turn(turn) = self.class(start) else {
            return None;
        };
        let unit = self.skip(start + 1, &["calendar"]);
        self.any(unit, &["year", "yr"])
            .then_some((Year::Relative(turn), unit + 1))
    }

    /// "January 12, 2016", "Oct/2", "September the twenty-first", "September-2020-23".
    fn month_first(&self, at: usize) -> Parsed<Day> {
        let (month, after) = self.month(at)?;
        let mut start = after;
        if matches!(self.sign(start), Some('-' | '/' | ',' | '.')) {
            start += 1;
        }
        let start = self.skip(start, &["the"]);
        if let Some((Year::Exact(year), end)) = self.full_year(start).filter(|_| self.digits(start).is_some())
            && self.sign(end) == Some('-')
            && start > after
            && let Some((day, end)) = self.day_number(end + 1)
        {
            return Some((dated(Year::Exact(year), month, day), end));
        }
        let (day, end) = self.day_number(start)?;
        let digits = self.digits(start).is_some() && end == start + 1;
        // "May 5:30" has a time, "April 2017" a year, and "Jan 3 pm" another time.
        let time = self.sign(end) == Some(':') && self.glued(end)
            || self.any(end, &["oclock"])
            || self.sign(end) == Some('\'')
            || (self.glued(end) && self.is_word(end))
            || (self.any(end, &["a", "p"]) && self.glued(end));
        if digits && time {
            return None;
        }
        if !digits && self.spells_year(start) {
            return None;
        }
        // "June-August 1992" and "Feb 28 - 3/1" are ranges; "Dec-2018" is a month.
        if let Some((year, after)) = self.trailing_year(end) {
            return Some((dated(year, month, day), after));
        }
        Some((dated(Year::Unsaid, month, day), end))
    }

    /// Whether words that could be a day start a year: "August two thousand and fifteen", "June nineteen ninety nine".
    fn spells_year(&self, at: usize) -> bool {
        let day_words = self.small_words(at).map_or(at, |(_, end)| end);
        self.year_words(at)
            .is_some_and(|(year, end)| end > day_words && year >= 1500 && self.year_words(day_words).is_none())
    }

    /// "15 June 2016", "22 of Jan", "second of Aug", "28-nov", "23-2020-September".
    fn day_first(&self, at: usize) -> Parsed<Day> {
        if self.inside_number(at) {
            return None;
        }
        let (day, after) = self.day_number(at)?;
        let words = self.digits(at).is_none();
        let ordinal = self.ordinal(at).is_some();
        let mut start = after;
        let sign = matches!(self.sign(start), Some('-' | '/' | ',' | '.'));
        if sign {
            start += 1;
        }
        if sign
            && let Some((year, end)) = self.full_year(start).filter(|_| self.digits(start).is_some())
            && self.sign(end) == Some('-')
            && let Some((month, end)) = self.month(end + 1)
        {
            return Some((dated(year, month, day), end));
        }
        start = self.skip(start, &["day"]);
        let of = self.skip(start, &["of"]);
        let start = self.skip(of, &["the"]);
        let (month, end) = self.month(start)?;
        let linked = of > after;
        if month == 5 && words && !ordinal && !linked && self.full_year(end).is_none() {
            return None;
        }
        // "10, December" is no date, "5, Jan" neither.
        if self.sign(after) == Some(',') && !ordinal {
            return None;
        }
        if let Some((year, after)) = self.trailing_year(end) {
            return Some((dated(year, month, day), after));
        }
        // "14th April 15".
        if let Some((value, 2)) = self.digits(end)
            && self.ends(end + 1)
            && self.sign(end + 1) != Some('-')
        {
            return Some((dated(short_year(value), month, day), end + 1));
        }
        Some((dated(Year::Unsaid, month, day), start + 1))
    }

    /// "2019/sep/01", "2020/23/Sep", "2014 December 3".
    fn year_first(&self, at: usize) -> Parsed<Day> {
        if self.inside_number(at) {
            return None;
        }
        let (year, end) = self.full_year(at).filter(|_| self.digits(at).is_some())?;
        let next = if matches!(self.sign(end), Some('-' | '/' | ',')) {
            end + 1
        } else {
            end
        };
        if let Some((month, after)) = self.month(next) {
            let next = if matches!(self.sign(after), Some('-' | '/' | ',')) {
                after + 1
            } else {
                after
            };
            let (day, end) = self.day_number(next)?;
            let time = self.sign(end) == Some(':') || self.any(end, &["am", "pm"]);
            return (!time).then_some((dated(year, month, day), end));
        }
        if next == end {
            return None;
        }
        let (day, after) = self.day_number(next)?;
        let next = if matches!(self.sign(after), Some('-' | '/')) {
            after + 1
        } else {
            return None;
        };
        let (month, end) = self.month(next)?;
        Some((dated(year, month, day), end))
    }
}

fn valid(month: i64, day: i64) -> bool {
    (1..=12).contains(&month) && (1..=31).contains(&day)
}

fn calendar(year: Year, month: i64, day: i64) -> Day {
    dated(year, i8::try_from(month).unwrap_or(1), i8::try_from(day).unwrap_or(1))
}

const fn dated(year: Year, month: i8, day: i8) -> Day {
    Day::Calendar {
        year,
        month: Month::Named(month),
        day,
    }
}
