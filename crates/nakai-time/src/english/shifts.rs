//! Days by their distance from others: "two weeks from now", "3 Fridays ago", "in 3 weeks", "2 weeks before Christmas".

use jiff::civil::Weekday;

use super::{
    tokens::{Parsed, Text},
    words::Class,
};
use crate::{
    expression::{Day, Month, Unit, Year},
    length::Length,
};

impl Text<'_> {
    /// "two Sundays from now", "2 Thursdays ago".
    pub(super) fn weekdays_away(&self, at: usize) -> Parsed<Day> {
        let (count, end) = self.count(at)?;
        let Class::Weekday(weekday, _) = self.class(end) else {
            return None;
        };
        if let Some(after) = self.phrase(end + 1, &[&["from", "now"], &["later"], &["hence"]]) {
            return Some((Day::Weekdays { weekday, count }, after));
        }
        let after = self.phrase(end + 1, &[&["ago"], &["back"]])?;
        Some((Day::Weekdays { weekday, count: -count }, after))
    }

    /// "two weeks from now", "3 days ago", "in 3 weeks", "2 weeks before Christmas", each with a weekday.
    pub(super) fn shifted_day(&self, at: usize) -> Parsed<Day> {
        let (first, start) = match self.class(at) {
            Class::Weekday(weekday, false) => (Some(weekday), self.skip(at + 1, &[","])),
            _ => (None, at),
        };
        let (from, by, end) = self.shift(start)?;
        let last = self.skip(end, &["on"]);
        let (to, end) = match self.class(last) {
            Class::Weekday(weekday, false) if last > end && first.is_none() => (Some(weekday), last + 1),
            _ => (first, end),
        };
        let day = match (from, to) {
            (Origin::Now, None) => Day::Away(by),
            (Origin::Now, to) => shifted(Day::Relative(0), by, to),
            (Origin::Day(from), to) => shifted(from, by, to),
        };
        Some((day, end))
    }

    fn shift(&self, at: usize) -> Option<(Origin, Length, usize)> {
        if self.any(at, &["in", "after"]) {
            let about = self.skip(at + 1, &["about", "around"]);
            let (by, end) = self.length(about)?;
            // "in 4 weeks' time".
            let end = self
                .seq(end, &["'", "time"])
                .or_else(|| self.seq(end, &["time"]))
                .unwrap_or(end);
            if by.has_clock() || self.any(at, &["after"]) {
                return None;
            }
            if let Some(since) = self.phrase(end, &[&["since"], &["from"], &["after"]])
                && let Some((Year::Exact(year), end)) = self.full_year(since)
            {
                return Some((Origin::Day(new_year(year)), by, end));
            }
            return Some((Origin::Now, by, end));
        }
        let (by, end) = self.length(at)?;
        if by.has_clock() {
            return None;
        }
        let earlier = self.seq(end, &["earlier"]).filter(|after| self.ends(*after));
        if let Some(after) = self.phrase(end, &[&["ago"], &["back"]]).or(earlier) {
            return Some((Origin::Now, by.negated(), after));
        }
        const LATER: &[&[&str]] = &[&["from", "now"], &["later"], &["from", "the", "present"], &["hence"]];
        if let Some(after) = self.phrase(end, LATER) {
            return Some((Origin::Now, by, after));
        }
        let back = match self.word(end) {
            "from" if matches!(self.class(end - 1), Class::Part(..)) => return None,
            "from" | "after" | "since" => false,
            "before" => true,
            _ => return None,
        };
        let base = self.skip(end + 1, &["the"]);
        let found = [
            self.relative_day(end + 1),
            self.calendar_date(base, true),
            self.said_holiday(base),
            self.weekday(base),
        ];
        let (from, after) = found.into_iter().flatten().max_by_key(|(_, end)| *end)?;
        let by = if back { by.negated() } else { by };
        Some((Origin::Day(from), by, after))
    }

    /// "in 3 years", "six years hence".
    pub(super) fn years_away(&self, at: usize) -> Parsed<Year> {
        let in_ = self.any(at, &["in"]);
        let (length, end) = self.length(if in_ { at + 1 } else { at })?;
        let (amount, Unit::Year) = length.single()? else {
            return None;
        };
        #[expect(clippy::cast_possible_truncation, reason = "years that people count are few")]
        let years = Year::Relative(amount.clamp(0.0, 999.0) as i64);
        if in_ {
            return Some((years, end));
        }
        Some((years, self.phrase(end, &[&["hence"], &["from", "now"]])?))
    }
}

/// From where a distance is counted.
enum Origin {
    Now,
    Day(Day),
}

fn shifted(from: Day, by: Length, to: Option<Weekday>) -> Day {
    let from = Box::new(from);
    Day::Shifted { from, by, to }
}

const fn new_year(year: i16) -> Day {
    Day::Calendar {
        year: Year::Exact(year),
        month: Month::Named(1),
        day: 1,
    }
}
