//! From a time to another: "5 to 7 pm", "between 10 and 11:30", "for 3 hours from 10 am".

use super::{
    clocks::{self, Said},
    tokens::{Parsed, Text},
};
use crate::length::Length;

const TO: &[&str] = &[
    "to", "till", "til", "until", "untill", "through", "thru", "-", "–", "—", "~",
];

impl Text<'_> {
    /// Whether a word or sign is here that stands between the ends of a range.
    pub(super) fn range_sign(&self, at: usize, between: bool) -> bool {
        self.any(at, TO) || (between && self.any(at, &["and"]))
    }

    /// From a time to another: "5 to 7 pm", "between 10 and 11:30", "from 3 in the morning until 5pm".
    pub(super) fn clock_range(&self, at: usize) -> Parsed<(Said, Said)> {
        let between = self.any(at, &["between"]);
        let start = if between || self.any(at, &["from"]) { at + 1 } else { at };
        let (from, end) = self.clock_in_part(self.skip(start, &["the"]))?;
        let end = self.after_zone(end);
        if !self.range_sign(end, between) {
            return None;
        }
        let next = self.skip(end + 1, &["about", "around"]);
        let (to, after) = self.clock(next)?;
        // Only those whose part follows the range are left for the pieces.
        let four = |at: usize| self.digits(at).is_some_and(|(_, digits)| digits == 4);
        let long = |at: usize| self.digits(at).is_some_and(|(_, digits)| digits >= 3);
        let zero = |at: usize| self.word(at).starts_with('0');
        if (from.bare && long(start)) || (to.bare && long(next)) {
            let military = four(start) && four(next) && (zero(start) || zero(next)) && start > at;
            if !military {
                return None;
            }
            let said = |said: Said| Said { bare: false, ..said };
            return (!self.glued_number(after)).then(|| ((said(from), said(to)), after));
        }
        let spoken = |said: Said, at: usize| said.clock.minute.is_some() && self.is_word(at);
        if start > at && spoken(from, start) && spoken(to, next) {
            let said = |said: Said| Said { bare: false, ..said };
            return Some(((said(from), said(to)), after));
        }
        if from.dotted || to.dotted && !from.bare {
            return None;
        }
        if self.glued_number(after) || self.unit(after).is_some_and(|_| to.bare) {
            return None;
        }
        Some(((from, to), after))
    }

    pub(super) fn glued_number(&self, at: usize) -> bool {
        self.glued(at)
            && (self.digits(at).is_some()
                || matches!(self.sign(at), Some('-' | '/' | '.' | '%'))
                    && self.glued(at + 1)
                    && self.digits(at + 1).is_some())
    }

    /// A time with its part of the day: "3 in the morning".
    pub(super) fn clock_in_part(&self, at: usize) -> Parsed<Said> {
        let (said, end) = self.clock(at)?;
        if self.any(end, &["in", "at"])
            && let Some((part, after)) = self.day_part(end)
        {
            let clock = clocks::in_part(said.clock, part.part);
            return Some((
                Said {
                    clock,
                    bare: false,
                    dotted: false,
                },
                after,
            ));
        }
        Some((said, end))
    }

    /// "for 3 hours from 10 am", "from 9:30am for 7 hours".
    pub(super) fn clock_and_length(&self, at: usize) -> Parsed<(Said, Length)> {
        if self.any(at, &["for"]) {
            let (length, end) = self.length(at + 1)?;
            let next = self.seq(self.skip(end, &[","]), &["from"])?;
            let (said, end) = self.clock_in_part(next).filter(|(said, _)| !said.bare)?;
            return Some(((said, length), end));
        }
        let start = self.seq(at, &["from"])?;
        let (said, end) = self.clock_in_part(start).filter(|(said, _)| !said.bare)?;
        let (length, end) = self.length(self.seq(end, &["for"])?)?;
        Some(((said, length), end))
    }
}
