//! Weekdays by the days that they are near to: "the closest Monday to May 5th", "the Monday before Christmas".

use super::{
    tokens::{Parsed, Text},
    words::Class,
};
use crate::expression::Day;

impl Text<'_> {
    /// "the closest Monday to May 5th", "the second nearest Friday to Christmas".
    pub(super) fn nearest_weekday(&self, at: usize) -> Parsed<Day> {
        let start = self.skip(at, &["the"]);
        if !(start..start + 3).any(|at| self.any(at, &["closest", "nearest"])) {
            return None;
        }
        let (nth, start) = match self.ordinal(start) {
            Some((nth, end)) => (i16::try_from(nth).ok()?, end),
            None => (1, start),
        };
        if !self.any(start, &["closest", "nearest"]) {
            return None;
        }
        let Class::Weekday(weekday, false) = self.class(start + 1) else {
            return None;
        };
        let (to, end) = self.neighbour(self.seq(start + 2, &["to"])?)?;
        let to = Box::new(to);
        Some((Day::Nearest { nth, weekday, to }, end))
    }

    /// "the Monday before Christmas", "the Friday after January 1st".
    pub(super) fn weekday_beside(&self, at: usize) -> Parsed<Day> {
        let start = self.seq(at, &["the"])?;
        let Class::Weekday(weekday, false) = self.class(start) else {
            return None;
        };
        let after = match self.word(start + 1) {
            "before" => false,
            "after" | "following" => true,
            _ => return None,
        };
        let (of, end) = self.neighbour(start + 2)?;
        let of = Box::new(of);
        Some((Day::Beside { weekday, after, of }, end))
    }

    /// The day that another one is near to.
    fn neighbour(&self, at: usize) -> Parsed<Day> {
        let day = self.skip(at, &["the"]);
        let found = [
            self.relative_day(at),
            self.calendar_date(day, true),
            self.said_holiday(day),
            self.bare_day(day).filter(|_| self.ordinal(day).is_some()),
        ];
        found.into_iter().flatten().max_by_key(|(_, end)| *end)
    }
}
