//! Times of day by their distance from others: "half past 3", "10 to 9", "2 hours after 3pm".

use jiff::civil::{Date, Time};

use super::{
    clocks::Said,
    tokens::{Parsed, Text},
};
use crate::expression::{Clock, Unit};

impl Text<'_> {
    /// "half past 8pm", "three minutes to eight", "10 past 9".
    pub(super) fn relative_time(&self, at: usize) -> Parsed<Said> {
        let (minutes, end, unit) = self.some_minutes(at)?;
        let back = match self.word(end) {
            "past" => false,
            "after" if unit || self.named_time(end + 1).is_some() || self.has_meridiem(end + 1) => false,
            "to" if at > 0 && self.any(at - 1, &["at"]) && matches!(minutes, 5 | 10 | 20 | 25) => true,
            "to" | "before" | "of" | "till" if unit || self.named_time(end + 1).is_some() => true,
            _ => return None,
        };
        let (hour, end) = self.named_time(end + 1).or_else(|| self.plain_time(end + 1))?;
        // "10 minutes to one hour".
        if back && hour.bare && !self.glued(end) && self.unit(end).is_some() {
            return None;
        }
        let base = i16::from(hour.clock.hour) * 60 + i16::from(hour.clock.minute.unwrap_or_default());
        let total = if back { base - minutes } else { base + minutes };
        let total = if total < 60 && hour.clock.ambiguous {
            total + 720
        } else {
            total
        };
        let total = total.rem_euclid(1440);
        let clock = Clock {
            hour: i8::try_from(total / 60).unwrap_or_default(),
            minute: i8::try_from(total % 60).ok(),
            ..hour.clock
        };
        Some((
            Said {
                clock,
                bare: false,
                dotted: false,
            },
            end,
        ))
    }

    /// "2 hours after 3pm", "an hour and a half before noon".
    pub(super) fn distant_time(&self, at: usize) -> Parsed<Said> {
        if !self.soon(at, &["before", "after"]) {
            return None;
        }
        let (by, end) = self.length(at)?;
        let back = match self.word(end) {
            "before" => true,
            "after" => false,
            _ => return None,
        };
        if by.0.iter().any(|(_, unit)| *unit > Unit::Hour) {
            return None;
        }
        let (said, end) = self.named_time(end + 1).or_else(|| self.plain_time(end + 1))?;
        if said.clock.ambiguous || said.bare {
            return None;
        }
        let by = if back { by.negated() } else { by };
        let base = Time::new(said.clock.hour % 24, said.clock.minute.unwrap_or_default(), 0, 0).ok()?;
        let time = by.after(Date::constant(2000, 1, 1).to_datetime(base)).time();
        let whole = said.clock.minute.is_none() && time.minute() == 0;
        let clock = Clock {
            hour: time.hour(),
            minute: (!whole).then_some(time.minute()),
            ..said.clock
        };
        Some((Said { clock, ..said }, end))
    }

    fn has_meridiem(&self, at: usize) -> bool {
        self.plain_time(at).is_some_and(|(said, _)| !said.clock.ambiguous)
    }

    /// Minutes before or after an hour, and whether they were named so.
    fn some_minutes(&self, at: usize) -> Option<(i16, usize, bool)> {
        let start = self.skip(at, &["a", "one"]);
        match self.word(start) {
            "half" => return Some((30, start + 1, true)),
            "quarter" => return Some((15, start + 1, true)),
            "quarters" | "three" if self.any(start + 1, &["quarters"]) => return Some((45, start + 2, true)),
            _ => {}
        }
        let (minutes, end) = match self.digits(at) {
            Some((value, 1..=2)) => (value, at + 1),
            Some(_) => return None,
            None => self.small_words(at)?,
        };
        let named = self.any(end, &["minutes", "minute", "min", "mins"]);
        let minutes = i16::try_from(minutes).ok().filter(|minutes| *minutes < 60)?;
        Some((minutes, if named { end + 1 } else { end }, named))
    }
}
