//! Periods with a name or a number of their own: "Q3 2016", "the 90s", "next winter", "fiscal year 2018", "week 23".

use super::{
    numbers::short_year,
    tokens::{Parsed, Text},
    words::Class,
};
use crate::expression::{Nth, Stretch, Year};

impl Text<'_> {
    /// "Q3 2016", "2017-q1", "the third quarter of 2016", "next year's first quarter", "H1".
    pub(super) fn quarter(&self, at: usize) -> Parsed<Stretch> {
        let (year, start) = match self.year_before_quarter(at) {
            Some((year, end)) => (Some(year), end),
            None => (None, at),
        };
        let ((first, count), end) = self.months_by_number(start, year.is_some())?;
        let (year, end) = match year {
            Some(year) => (year, end),
            None => self.year_after_quarter(end).unwrap_or((Year::Unsaid, end)),
        };
        Some((Stretch::Months { year, first, count }, end))
    }

    fn year_before_quarter(&self, at: usize) -> Parsed<Year> {
        let (year, end) = self
            .full_year(at)
            .filter(|_| self.digits(at).is_some())
            .or_else(|| self.turned_year(at))?;
        let end = self.seq(end, &["'", "s"]).unwrap_or(end);
        Some((year, self.skip(end, &["-", "'", ","])))
    }

    fn year_after_quarter(&self, at: usize) -> Parsed<Year> {
        let start = if matches!(self.sign(at), Some(',' | '-' | '/')) {
            at + 1
        } else {
            at
        };
        let of = self.skip(start, &["of", "in"]);
        if let Some(found) = self.full_year(of) {
            return Some(found);
        }
        if let Some(found) = self.turned_year(of) {
            return Some(found);
        }
        if let Some(end) = self.seq(of, &["the", "year"]).filter(|_| of > start) {
            return Some((Year::Unsaid, end));
        }
        // "Q4 '18".
        self.any_year(of).filter(|_| self.sign(of) == Some('\''))
    }

    /// The first month and how many: "Q3", "third quarter", "second half".
    fn months_by_number(&self, at: usize, year: bool) -> Parsed<(i8, i8)> {
        let quarter = self.any(at, &["q"]);
        if (quarter || self.any(at, &["h"])) && self.glued(at + 1) && (!self.glued(at) || year) {
            let (number, 1) = self.digits(at + 1)? else {
                return None;
            };
            return numbered(number, quarter).map(|months| (months, at + 2));
        }
        let start = self.skip(at, &["the"]);
        let (nth, end) = self.nth(start)?;
        let end = self.skip(end, &["-"]);
        let (quarter, end) = match self.word(end) {
            "quarter" | "qtr" => (true, end + 1),
            "half" if self.any(end + 1, &["of"]) && self.year_after_quarter(end + 1).is_some() => (false, end + 1),
            _ => return None,
        };
        let number = match nth {
            Nth::First(number) => number.into(),
            Nth::Last(1) if self.year_after_quarter(end).is_some() => {
                if quarter {
                    4
                } else {
                    2
                }
            }
            Nth::Last(_) => return None,
        };
        numbered(number, quarter).map(|months| (months, end))
    }

    /// "summer", "the spring of 1978", "next winter".
    pub(super) fn season(&self, at: usize) -> Parsed<Stretch> {
        let (year, start) = match self.class(at) {
            Class::Turn(turn) => (Year::Relative(turn), at + 1),
            _ => (Year::Unsaid, at),
        };
        let named = self.skip(start, &["the"]);
        let Class::Season(season) = self.class(named) else {
            return None;
        };
        let end = named + 1;
        // "fall" and "spring" are verbs as well.
        let doubtful = self.any(named, &["fall", "spring"]) && year == Year::Unsaid;
        let of = self.skip(end, &["of", "in", ","]);
        if let Some((found, after)) = self.full_year(of).or_else(|| self.turned_year(of)) {
            return Some((Stretch::Season { year: found, season }, after));
        }
        let before = named > 0
            && self.any(
                named - 1,
                &[
                    "in", "the", "this", "mid", "-", "last", "next", "during", "by", "late", "early",
                ],
            );
        // "over the summer": the article belongs to it only with a year.
        let article = named > start && year == Year::Unsaid;
        (!article && (!doubtful || before)).then_some((Stretch::Season { year, season }, end))
    }

    /// "the 1970s", "90 s", "the '40s", "the nineteen seventies", "15th century".
    pub(super) fn decade(&self, at: usize) -> Parsed<Stretch> {
        let start = self.skip(self.skip(at, &["the"]), &["'"]);
        if let Some((value, digits)) = self.digits(start) {
            let s = self.skip(start + 1, &["'"]);
            let plural = self.word(s) == "s" && value % 10 == 0 && !self.inside_number(start);
            if plural && digits == 4 {
                return Some((Stretch::Decade(i16::try_from(value).ok()?), s + 1));
            }
            if plural && digits == 2 {
                return Some((Stretch::ShortDecade(i16::try_from(value).ok()?), s + 1));
            }
        }
        let the = self.any(at, &["the"]);
        if let Class::Decade(decade) = self.class(start) {
            return the.then_some((Stretch::ShortDecade(decade), start + 1));
        }
        if let Some((ordinal, end)) = self.ordinal(start)
            && self.any(end, &["century"])
        {
            return Some((Stretch::Century(i16::try_from(ordinal).ok()?), end + 1));
        }
        let (century, end) = match self.class(start) {
            Class::Cardinal(2) if self.any(start + 1, &["thousand"]) => (20, self.skip(start + 2, &["and"])),
            Class::Cardinal(century @ 10..=19) => (i16::try_from(century).ok()?, start + 1),
            Class::Tens(20) => (20, start + 1),
            _ => return None,
        };
        let end = self.skip(end, &["-"]);
        let Class::Decade(decade) = self.class(end) else {
            return None;
        };
        Some((Stretch::Decade(century * 100 + decade), end + 1))
    }

    /// "this fiscal year", "school year 2008", "sy18".
    pub(super) fn fiscal_year(&self, at: usize) -> Parsed<Stretch> {
        let (turn, start) = match self.class(at) {
            Class::Turn(turn) => (Some(turn), at + 1),
            _ => (None, at),
        };
        let mark = match self.word(start) {
            "fiscal" | "fy" => "FY",
            "school" | "sy" => "SY",
            _ => return None,
        };
        if self.any(start, &["fy", "sy"]) {
            let year = match self.digits(start + 1)? {
                (value, 2) => short_year(value),
                (value, 4) => Year::Exact(i16::try_from(value).ok()?),
                _ => return None,
            };
            return Some((Stretch::Fiscal { mark, year }, start + 2));
        }
        let end = self.seq(start + 1, &["year"])?;
        if let Some(turn) = turn {
            let year = Year::Relative(turn);
            return Some((Stretch::Fiscal { mark, year }, end));
        }
        let (year, end) = self.any_year(end).unwrap_or((Year::Unsaid, end));
        Some((Stretch::Fiscal { mark, year }, end))
    }

    /// "week 23", "week 23 of 2018".
    pub(super) fn week_number(&self, at: usize) -> Parsed<Stretch> {
        if !self.any(at, &["week"]) {
            return None;
        }
        let (number, end) = self.count(at + 1)?;
        let week = i8::try_from(number).ok().filter(|week| (1..=53).contains(week))?;
        let of = self.skip(end, &["of", "in", ","]);
        let (year, end) = self
            .full_year(of)
            .or_else(|| self.turned_year(of))
            .unwrap_or((Year::Unsaid, end));
        Some((Stretch::WeekNumber { year, week }, end))
    }
}

fn numbered(number: i64, quarter: bool) -> Option<(i8, i8)> {
    let number = i8::try_from(number).ok()?;
    match (quarter, number) {
        (true, 1..=4) => Some((number * 3 - 2, 3)),
        (false, 1..=2) => Some((number * 6 - 5, 6)),
        _ => None,
    }
}
