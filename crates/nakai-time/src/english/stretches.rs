//! Stretches of days: "next week", "June 2016", "the third quarter of 2016", "the 90s", "the last 3 weeks of this year".

use super::{
    tokens::{Parsed, Text},
    words::Class,
};
use crate::{
    Modifier,
    expression::{Day, Month, Nth, Part, Stretch, Unit, Year},
    length::Length,
};

impl Text<'_> {
    /// A stretch of days. The longest that can be read here.
    pub(super) fn stretch(&self, at: usize) -> Parsed<Stretch> {
        let found = [self.part_of_stretch(at), self.whole_stretch(at)];
        found.into_iter().flatten().max_by_key(|(_, end)| *end)
    }

    fn whole_stretch(&self, at: usize) -> Parsed<Stretch> {
        let found = [
            self.counted_stretch(at),
            self.half_of_month(at),
            self.week_of(at),
            self.rest(at),
            self.to_date(at),
            self.turned_stretch(at),
            self.rolling(at),
            self.stretch_of_months(at),
            self.quarter(at),
            self.season(at),
            self.decade(at),
            self.fiscal_year(at),
            self.week_number(at),
            self.lasting(at),
            if self.class(at) == Class::Key {
                self.festival(at)
            } else {
                None
            },
        ];
        found.into_iter().flatten().max_by_key(|(_, end)| *end)
    }

    /// "early next week", "the end of June", "later this year", "mid-March".
    fn part_of_stretch(&self, at: usize) -> Parsed<Stretch> {
        let month_end = |part| {
            let of = Box::new(relative(Unit::Month, 0));
            Some((Stretch::Part(part, of), at + 1))
        };
        match self.word(at) {
            "eom" => return month_end(Modifier::End),
            "bom" => return month_end(Modifier::Start),
            "eoy" => {
                let of = Box::new(relative(Unit::Year, 0));
                return Some((Stretch::Part(Modifier::End, of), at + 1));
            }
            _ => {}
        }
        let (part, start) = self.part(at)?;
        let start = self.skip(start, &["around", "about"]);
        let the = self.any(start, &["the"]) && matches!(self.class(start + 1), Class::Turn(_));
        let start = if the { start + 1 } else { start };
        let comparative = self.any(at, &["earlier", "later"]);
        let inner = self
            .whole_stretch(start)
            .filter(|(stretch, _)| !matches!(stretch, Stretch::Rolling { .. }));
        let (of, end) = inner.or_else(|| {
            // "end of month", "the end of the year".
            let unit = self.skip(start, &["the"]);
            match self.class(unit) {
                Class::Unit(unit_found @ (Unit::Week | Unit::Month | Unit::Year | Unit::Quarter), false)
                    if self.any(unit - 1, &["of", "the"]) =>
                {
                    Some((relative(unit_found, 0), unit + 1))
                }
                _ => None,
            }
        })?;
        if comparative && let Stretch::Relative { offset: 0, .. } = of {
            let over = part == Modifier::Start;
            return Some((Stretch::Half { over, of: Box::new(of) }, end));
        }
        if matches!(of, Stretch::Around { .. } | Stretch::Between(..) | Stretch::For(..)) {
            return None;
        }
        Some((Stretch::Part(part, Box::new(of)), end))
    }

    /// "early", "the end of", "middle of the".
    pub(super) fn part(&self, at: usize) -> Parsed<Part> {
        let (part, end) = match self.word(at) {
            "early" | "earlier" => (Modifier::Start, at + 1),
            "late" | "later" => (Modifier::End, at + 1),
            "mid" => (Modifier::Mid, self.skip(at + 1, &["-"])),
            "beginning" | "begining" | "start" => (Modifier::Start, self.seq(at + 1, &["of"])?),
            "middle" => (Modifier::Mid, self.seq(at + 1, &["of"])?),
            "end" | "ending" => (Modifier::End, self.seq(at + 1, &["of"])?),
            _ => return None,
        };
        let in_the = self.phrase(end, &[&["in", "the"], &["in"]]);
        Some((part, in_the.unwrap_or(end)))
    }

    /// "this week", "next month", "the weekend", "the week after next", "the same year".
    pub(super) fn turned_stretch(&self, at: usize) -> Parsed<Stretch> {
        if self.any(at, &["same", "that"]) {
            return match self.class(at + 1) {
                Class::Unit(unit @ (Unit::Week | Unit::Weekend | Unit::Month | Unit::Year), false) => {
                    Some((Stretch::Same(unit), at + 2))
                }
                _ => None,
            };
        }
        if let Class::Turn(turn) = self.class(at) {
            let start = self.skip(at + 1, &["calendar"]);
            if let Class::Month(month) = self.class(start) {
                if self.any(at, &["current"]) || self.any(start, &["apr"]) && !self.surely_month(start) {
                    return None;
                }
                if self.any(start, &["may"]) && self.is_word(start + 1) && !self.joins(start + 1) {
                    return None;
                }
                let year = Year::Relative(turn);
                let month = Month::Named(month);
                return Some((Stretch::Month { year, month }, start + 1));
            }
            let (unit, end) = self.large_unit(start)?;
            return Some((relative(unit, turn), end));
        }
        let article = self.any(at, &["the", "my"]);
        let start = if article { at + 1 } else { at };
        if let Class::Turn(turn) = self.class(start)
            && self.any(at, &["the"])
            && let Some((unit @ (Unit::Decade | Unit::Century), end)) = self.large_unit(start + 1)
        {
            return Some((relative(unit, turn), end));
        }
        let (unit, end) = self.large_unit(start)?;
        if article && let Some(after) = self.phrase(end, &[&["after", "the", "next"], &["after", "next"]]) {
            return Some((relative(unit, 2), after));
        }
        if article && let Some(after) = self.seq(end, &["before", "last"]) {
            return Some((relative(unit, -2), after));
        }
        if unit == Unit::Year && self.digits(end).is_some() {
            return None;
        }
        let alone = matches!(unit, Unit::Weekend) || article && !matches!(unit, Unit::Decade | Unit::Century);
        (alone && !self.any(end, &["end", "ends", "to"])).then_some((relative(unit, 0), end))
    }

    /// Whether a word joins an expression of time to others.
    fn joins(&self, at: usize) -> bool {
        self.any(
            at,
            &[
                "to", "till", "until", "through", "and", "or", "of", "for", "in", "at", "on", "with", "from", "is",
                "was", "by",
            ],
        )
    }

    /// A unit of a week or more, in the singular.
    fn large_unit(&self, at: usize) -> Parsed<Unit> {
        if let Some((Unit::Weekend, end)) = self.unit(at).filter(|(_, end)| *end > at + 1) {
            return Some((Unit::Weekend, end));
        }
        match self.class(at) {
            Class::Unit(unit, false) if unit >= Unit::Weekend => Some((unit, at + 1)),
            _ => None,
        }
    }

    /// "next 3 days", "the past 2 decades", "2 upcoming months", "past few days".
    fn rolling(&self, at: usize) -> Parsed<Stretch> {
        let (by, end) = self.rolling_length(at)?;
        if by.has_clock() {
            return None;
        }
        let decades = by.single().is_some_and(|(_, unit)| unit >= Unit::Decade);
        (decades || !self.any(at, &["the"])).then_some((Stretch::Rolling { by, within: false }, end))
    }

    /// The length of "next 3 hours" or "5 past years"; negative for the past.
    pub(super) fn rolling_length(&self, at: usize) -> Parsed<Length> {
        let start = self.skip(at, &["the"]);
        if let Class::Turn(turn) = self.class(start) {
            if turn == 0 || self.is_verb(start) {
                return None;
            }
            // "last minute".
            if let Class::Unit(unit, false) = self.class(start + 1)
                && unit <= Unit::Hour
            {
                return Some((signed(Length::new(1.0, unit), turn), start + 2));
            }
            let (mut by, mut end) = self.length(start + 1)?;
            // "the last 3 months and 2 days ago ..." is not one length.
            if by.0.len() > 1 && self.any(end, &["ago", "later"]) {
                (by, end) = self.single_length(start + 1)?;
            }
            let half_hour = self.any(start + 1, &["half"]) && by.has_clock();
            let counted =
                !self.any(start + 1, &["all", "full", "whole", "half", "a", "an"]) || by.0.len() > 1 || half_hour;
            return (counted || self.any(start + 2, &["few", "couple"])).then(|| (signed(by, turn), end));
        }
        let (count, end) = self.amount(start)?;
        let Class::Turn(turn @ (1 | -1)) = self.class(end) else {
            return None;
        };
        let (unit, after) = self.unit(end + 1)?;
        let singular = matches!(self.class(after - 1), Class::Unit(_, false));
        // "only 3 next week" has no three weeks.
        if singular && count > 1.0 && self.any(end, &["next", "last", "past"]) {
            return None;
        }
        Some((signed(Length::new(count, unit), turn), after))
    }

    /// "will last three weeks".
    fn is_verb(&self, at: usize) -> bool {
        const BEFORE: &[&str] = &[
            "will", "can", "could", "may", "would", "should", "must", "might", "to", "ll", "not", "does", "did",
        ];
        self.any(at, &["last"]) && at > 0 && self.any(at - 1, BEFORE)
    }

    /// "the third week of May", "last 3 weeks of this year", "the first ten days of last year".
    pub(super) fn counted_stretch(&self, at: usize) -> Parsed<Stretch> {
        let start = self.skip(at, &["the"]);
        let (nth, end) = self.nth(start)?;
        let (count, end) = match self.count(end) {
            Some((count, after)) if matches!(nth, Nth::First(1) | Nth::Last(1)) => (Some(count), after),
            _ => (None, end),
        };
        let (unit, end) = self.unit(end)?;
        if unit < Unit::Day || (count.is_none() && matches!(unit, Unit::Day | Unit::Quarter)) {
            return None;
        }
        let of = self.skip(end, &["of", "in"]);
        // "of the year 2016".
        let the = self.skip(of, &["the"]);
        let numbered = |(stretch, _): &(Stretch, usize)| matches!(stretch, Stretch::Year(_));
        let (stretch, after) = self
            .stretch_of_months(the)
            .filter(numbered)
            .or_else(|| self.stretch_of_months(of))?;
        if unit == Unit::Month && matches!(stretch, Stretch::Month { .. }) {
            return None;
        }
        if of == end && !matches!(stretch, Stretch::Relative { .. }) {
            return None;
        }
        Some((
            Stretch::Nth {
                nth,
                count,
                unit,
                of: Box::new(stretch),
            },
            after,
        ))
    }

    /// "the first half of December", "second half of next month".
    fn half_of_month(&self, at: usize) -> Parsed<Stretch> {
        let start = self.skip(at, &["the"]);
        if !self.any(start + 1, &["half"]) {
            return None;
        }
        let part = match self.nth(start)? {
            (Nth::First(1), _) => Modifier::Start,
            (Nth::First(2) | Nth::Last(1), _) => Modifier::End,
            _ => return None,
        };
        let of = self.seq(start + 1, &["half", "of"])?;
        let (of, end) = self.stretch_of_months(of)?;
        let month = matches!(of, Stretch::Month { .. } | Stretch::Relative { unit: Unit::Month, .. });
        let half = Stretch::Part(part, Box::new(of));
        month.then(|| (Stretch::Ends(Box::new(half)), end))
    }

    /// "the week of November 30th", "w/c Feb 4", "the weekend of Halloween", "Halloween weekend 2021".
    fn week_of(&self, at: usize) -> Parsed<Stretch> {
        let start = self.skip(at, &["the"]);
        if let Some(date) = self.seq(start, &["w", "/", "c"]) {
            return self.week_around(date, Unit::Week);
        }
        if let Some((unit, end)) = self.large_unit(start) {
            let date = match self.word(end) {
                "of" => end + 1,
                "commencing" | "beginning" | "starting" | "that" if unit == Unit::Week => self.skip(end + 1, &["on"]),
                _ => return None,
            };
            return self.week_around(date, unit);
        }
        let (holiday, end) = self.holiday(at)?;
        let (unit, end) = self.large_unit(end)?;
        let (year, end) = self
            .full_year(self.skip(end, &["of", "in"]))
            .map_or((Year::Unsaid, end), |(year, after)| (year, after));
        let day = Box::new(Day::Holiday {
            holiday,
            year,
            turn: None,
        });
        (unit == Unit::Weekend).then_some((Stretch::Around { unit, day }, end))
    }

    fn week_around(&self, at: usize, unit: Unit) -> Parsed<Stretch> {
        let found = [
            self.calendar_date(at, true),
            self.said_holiday(at),
            self.bare_day(at).filter(|_| unit == Unit::Week),
            self.relative_day(at).filter(|_| unit == Unit::Week),
        ];
        let (day, end) = found.into_iter().flatten().max_by_key(|(_, end)| *end)?;
        let day = Box::new(day);
        Some((Stretch::Around { unit, day }, end))
    }

    /// "rest of the week".
    fn rest(&self, at: usize) -> Parsed<Stretch> {
        if !self.any(at, &["rest", "remainder", "remaining", "balance"]) {
            return None;
        }
        let start = self.skip(self.skip(at + 1, &["of"]), &["the", "this", "my", "current"]);
        match self.class(start) {
            Class::Unit(unit @ (Unit::Week | Unit::Month | Unit::Year | Unit::Quarter | Unit::Decade), false) => {
                Some((Stretch::Rest(unit), start + 1))
            }
            _ => None,
        }
    }

    /// "year to date".
    fn to_date(&self, at: usize) -> Parsed<Stretch> {
        match self.word(at) {
            "ytd" => return Some((Stretch::ToDate(Unit::Year), at + 1)),
            "mtd" => return Some((Stretch::ToDate(Unit::Month), at + 1)),
            _ => {}
        }
        let Class::Unit(unit @ (Unit::Month | Unit::Year | Unit::Week), false) = self.class(at) else {
            return None;
        };
        let end = self
            .seq(at + 1, &["to", "date"])
            .or_else(|| self.seq(at + 1, &["-", "to", "-", "date"]))?;
        Some((Stretch::ToDate(unit), end))
    }

    /// "within 9 months", "for 3 days from today", "a week starting tomorrow", "less than 3 days after tomorrow".
    fn lasting(&self, at: usize) -> Parsed<Stretch> {
        // "from 18th Dec for 10 days", "Dec 18 for 10 days".
        let from = self.seq(at, &["from"]);
        let dated = matches!(self.class(at), Class::Month(_) | Class::Weekday(..) | Class::Ordinal(_))
            || self.digits(at).is_some();
        if (from.is_some() || dated)
            && self.soon(at, &["for"])
            && let Some((day, end)) = self.day(from.unwrap_or(at))
            && (from.is_some() || matches!(day, Day::Calendar { .. }))
            && let Some((by, end)) = self.seq(end, &["for"]).and_then(|start| self.length(start))
            && !by.has_clock()
            // Nights are a stay from a day on, and are asked for by themselves.
            && (from.is_some() || !matches!(self.class(end - 1), Class::Part(..)))
        {
            return Some((Stretch::For(Box::new(day), by), end));
        }
        let within = self.any(at, &["within"]);
        let less = self.phrase(at, &[&["less", "than"], &["at", "most"]]);
        let for_ = self.any(at, &["for"]);
        let start = less.unwrap_or(if within || for_ { at + 1 } else { at });
        let start = if within {
            self.skip(self.skip(start, &["the"]), &["next", "coming", "upcoming", "following"])
        } else {
            start
        };
        let (by, end) = match self.length(start) {
            Some(found) => found,
            // "within the next day and 5 hours".
            None if within => return None,
            None => return None,
        };
        if by.has_clock() {
            return None;
        }
        let comma = self.skip(end, &[","]);
        let from = match self.word(comma) {
            "starting" | "beginning" | "commencing" if !for_ => Some(self.skip(comma + 1, &["from", "on"])),
            // Nights are a stay, and not a distance.
            "from" if for_ || less.is_some() || matches!(self.class(comma - 1), Class::Part(..)) => Some(comma + 1),
            "after" | "of" | "before" if less.is_some() || within => Some(end + 1),
            _ => None,
        };
        if let Some(from) = from
            && let Some((day, after)) = self
                .day(from)
                .filter(|_| !self.any(from, &["now"]))
                .filter(|(day, _)| !within || *day == Day::Relative(0))
        {
            let before = self.any(comma, &["before"]);
            let by = if before { by.negated() } else { by };
            return Some((Stretch::For(Box::new(day), by), after));
        }
        if within && from.is_none() {
            return Some((Stretch::Rolling { by, within: true }, end));
        }
        let after = self.seq(end, &["in", "the", "future"])?;
        (at == start).then_some((Stretch::Rolling { by, within: false }, after))
    }
}

fn relative(unit: Unit, offset: i64) -> Stretch {
    Stretch::Relative { unit, offset }
}

fn signed(by: Length, turn: i64) -> Length {
    if turn < 0 { by.negated() } else { by }
}
