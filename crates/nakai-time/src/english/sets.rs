//! Recurrences: "every two weeks", "Mondays at 9am", "3pm every day", "quarterly".

use super::{
    clocks,
    tokens::{Parsed, Text},
    words::Class,
};
use crate::{
    expression::{Clock, Day, DayPart, Expression, Month, Unit},
    length::Length,
    timex,
};

impl Text<'_> {
    /// A recurrence.
    pub(super) fn set(&self, at: usize) -> Parsed<Expression> {
        let found = [
            self.every(at),
            self.weekdays(at),
            self.adverb(at),
            self.once(at),
            self.time_first(at),
            self.part_first(at),
        ];
        let (timex, end) = found.into_iter().flatten().max_by_key(|(_, end)| *end)?;
        Some((Expression::Set(timex), end))
    }

    /// "every day at 7", "each two days", "every Sunday", "any weekend".
    fn every(&self, at: usize) -> Parsed<String> {
        if !self.any(at, &["every", "each", "any"]) {
            return None;
        }
        let any = self.any(at, &["any"]);
        if any {
            let Class::Unit(unit @ (Unit::Weekend | Unit::Month | Unit::Year | Unit::Week), false) = self.class(at + 1)
            else {
                return None;
            };
            return Some((Length::new(1.0, unit).timex(), at + 2));
        }
        let (count, start) = if self.any(at + 1, &["other"]) {
            (2.0, at + 2)
        } else if let Some((nth, end)) = self.ordinal(at + 1)
            && matches!(self.class(end), Class::Unit(..))
        {
            #[expect(clippy::cast_precision_loss, reason = "an ordinal that people say")]
            (nth as f64, end)
        } else if let Some((count, end)) = self.amount(at + 1) {
            (count, end)
        } else {
            (1.0, at + 1)
        };
        match self.class(start) {
            Class::Weekday(..) if self.any(at + 1, &["other"]) => {
                return Some((Length::new(count, Unit::Week).timex(), start + 1));
            }
            Class::Weekday(weekday, _) if count < 2.0 => {
                return Some(self.with_time(timex::weekday(weekday), start + 1));
            }
            Class::Part(part, _) => return Some(self.part_with_time(part, start + 1)),
            Class::Season(season) => return Some((timex::season(season).to_owned(), start + 1)),
            Class::Month(month) if self.calendar_date(start, true).is_none() => {
                return Some((format!("XXXX-{month:02}"), start + 1));
            }
            _ => {}
        }
        if let Some((unit, end)) = self.unit(start).filter(|_| !self.any(start, &["second"])) {
            if unit == Unit::Day
                && count < 2.0
                && let Some((clock, after)) = self.set_time(end)
            {
                return Some((timex::clock(clock), after));
            }
            return Some((Length::new(count, unit).timex(), end));
        }
        if let Some((holiday, end)) = self.holiday(start) {
            return Some((holiday.timex("XXXX", holiday.in_year(2000)), end));
        }
        // "each 4/15".
        let (day, end) = self.calendar_date(at + 1, true)?;
        let Day::Calendar {
            month: Month::Named(month),
            day,
            ..
        } = day
        else {
            return None;
        };
        Some((timex::partial("XXXX", Some(month), Some(day)), end))
    }

    /// "at 7:13 p.m.".
    fn set_time(&self, at: usize) -> Parsed<Clock> {
        let start = self.skip(self.skip(at, &[","]), &["at", "@", "around"]);
        let (said, end) = self.clock_in_part(start)?;
        (start > at || !said.bare).then_some((said.clock, end))
    }

    fn with_time(&self, timex: String, at: usize) -> (String, usize) {
        if let Some((clock, end)) = self.set_time(at) {
            return (timex + &timex::clock(clock), end);
        }
        if let Class::Part(part, _) = self.class(at) {
            let (_, end) = self.part_with_time(part, at + 1);
            return (timex + timex::day_part(part), end);
        }
        (timex, at)
    }

    fn part_with_time(&self, part: DayPart, at: usize) -> (String, usize) {
        match self.set_time(at) {
            Some((clock, end)) => (timex::clock(clocks::in_part(clock, part)), end),
            None => (timex::day_part(part).to_owned(), at),
        }
    }

    /// "on Mondays", "Tuesdays at 9am", "Friday mornings".
    fn weekdays(&self, at: usize) -> Parsed<String> {
        let on = self.any(at, &["on"]);
        let start = if on { at + 1 } else { at };
        match self.class(start) {
            Class::Weekday(weekday, true) => Some(self.with_time(timex::weekday(weekday), start + 1)),
            Class::Weekday(weekday, false) if !on => {
                let Class::Part(part, true) = self.class(start + 1) else {
                    return None;
                };
                Some((timex::weekday(weekday) + timex::day_part(part), start + 2))
            }
            Class::Part(part, true) if on => Some(self.part_with_time(part, start + 1)),
            _ => None,
        }
    }

    /// "mornings at 9".
    fn part_first(&self, at: usize) -> Parsed<String> {
        let Class::Part(part, true) = self.class(at) else {
            return None;
        };
        let (timex, end) = self.part_with_time(part, at + 1);
        (end > at + 1).then_some((timex, end))
    }

    /// "daily", "semi-annually".
    fn adverb(&self, at: usize) -> Parsed<String> {
        let prefix = match self.word(at) {
            "semi" | "bi" => Some(self.skip(at + 1, &["-"])),
            _ => None,
        };
        let start = prefix.unwrap_or(at);
        let (count, unit) = match self.word(start) {
            "daily" | "everyday" | "nightly" => (1.0, Unit::Day),
            "weekly" => (1.0, Unit::Week),
            "biweekly" | "fortnightly" => (2.0, Unit::Week),
            "monthly" => (1.0, Unit::Month),
            "bimonthly" => (2.0, Unit::Month),
            "quarterly" => (3.0, Unit::Month),
            "yearly" | "annually" | "annual" => (1.0, Unit::Year),
            "hourly" => (1.0, Unit::Hour),
            "semiannual" | "semiannually" | "biannual" | "biannually" => (0.5, Unit::Year),
            _ => return None,
        };
        let count = match self.word(at) {
            "semi" => count / 2.0,
            "bi" if unit == Unit::Year => 0.5,
            "bi" => count * 2.0,
            _ => count,
        };
        if unit == Unit::Day
            && let Some((clock, end)) = self.set_time(start + 1)
        {
            return Some((timex::clock(clock), end));
        }
        Some((Length::new(count, unit).timex(), start + 1))
    }

    /// "once a week".
    fn once(&self, at: usize) -> Parsed<String> {
        if !self.any(at, &["once", "twice"]) || !self.any(at + 1, &["a", "an", "per", "each", "every"]) {
            return None;
        }
        let Class::Unit(unit, false) = self.class(at + 2) else {
            return None;
        };
        Some((Length::new(1.0, unit).timex(), at + 3))
    }

    /// "3pm every day", "9am every Sunday", "9am on Mondays".
    fn time_first(&self, at: usize) -> Parsed<String> {
        let (said, end) = self.clock_in_part(at).filter(|(said, _)| !said.bare)?;
        let clock = timex::clock(said.clock);
        let start = self.skip(end, &["on"]);
        if let Class::Weekday(weekday, true) = self.class(start) {
            return Some((timex::weekday(weekday) + &clock, start + 1));
        }
        if self.any(end, &["daily", "everyday"]) {
            return Some((clock, end + 1));
        }
        if !self.any(end, &["every", "each"]) {
            return None;
        }
        match self.class(end + 1) {
            Class::Weekday(weekday, _) => Some((timex::weekday(weekday) + &clock, end + 2)),
            Class::Unit(Unit::Day, false) => Some((clock, end + 2)),
            _ => None,
        }
    }
}
