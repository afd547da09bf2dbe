//! Times of day and parts of days: "half past 3", "8:30 p.m.", "in the early morning".

use super::{
    tokens::{Parsed, Text},
    words::Class,
};
use crate::{
    Modifier,
    expression::{Clock, DayPart, Part},
};

/// A time of day with how sure it is that it is one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Said {
    pub(super) clock: Clock,
    /// Whether it is a mere number, which is a time only in company.
    pub(super) bare: bool,
    /// Whether it was written with a dot, as decimals are.
    pub(super) dotted: bool,
}

/// A part of a day as it was said.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct SaidPart {
    pub(super) part: DayPart,
    /// Early or late in it.
    pub(super) of: Option<Part>,
    /// "mornings".
    pub(super) plural: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Meridiem {
    Am,
    Pm,
    Either,
}

impl Text<'_> {
    /// A time of day.
    pub(super) fn clock(&self, at: usize) -> Parsed<Said> {
        let (said, end) = self
            .named_time(at)
            .or_else(|| self.relative_time(at))
            .or_else(|| self.distant_time(at))
            .or_else(|| self.plain_time(at))?;
        // "8 GMT".
        let zoned = said.bare && !said.dotted && self.zone(end).is_some();
        Some((
            Said {
                bare: said.bare && !zoned,
                ..said
            },
            end,
        ))
    }

    /// "noon", "12 noon", "midnight", "mid-morning".
    pub(super) fn named_time(&self, at: usize) -> Parsed<Said> {
        let sure = |hour: i8, end: usize| {
            let said = said(hour, None);
            let clock = Clock {
                ambiguous: false,
                ..said.clock
            };
            Some((Said { clock, ..said }, end))
        };
        let twelve = self.digits(at).is_some_and(|(value, _)| value == 12) || self.any(at, &["twelve"]);
        let name = if twelve { at + 1 } else { at };
        match self.word(name) {
            "noon" | "noonish" | "midday" => return sure(12, name + 1),
            "midnight" => return sure(0, name + 1),
            "midmorning" => return sure(10, name + 1),
            "midafternoon" => return sure(14, name + 1),
            "mid" => {}
            _ => return None,
        }
        let rest = self.skip(name + 1, &["-"]);
        match self.word(rest) {
            "morning" => sure(10, rest + 1),
            "afternoon" => sure(14, rest + 1),
            "day" => sure(12, rest + 1),
            "night" => sure(0, rest + 1),
            _ => None,
        }
    }

    /// "8:30 p.m.", "17h30", "seven thirty", "7 o'clock", "5".
    pub(super) fn plain_time(&self, at: usize) -> Parsed<Said> {
        let (mut said, end) = self.written_time(at).or_else(|| self.spoken_time(at))?;
        let ish = match self.word(end) {
            "ish" => end + 1,
            "-" if self.any(end + 1, &["ish"]) => end + 2,
            _ => end,
        };
        if ish > end {
            said.bare = false;
        }
        let oclock = self.oclock(ish);
        if oclock > ish {
            said.bare = false;
        }
        let Some((meridiem, after)) = self.meridiem(oclock) else {
            return (said.clock.hour <= 24).then_some((said, oclock));
        };
        let clock = &mut said.clock;
        if clock.hour > 12 && meridiem != Meridiem::Pm {
            return (clock.hour <= 24).then_some((said, oclock));
        }
        clock.hour = match meridiem {
            Meridiem::Am => clock.hour % 12,
            Meridiem::Pm if clock.hour < 12 => clock.hour + 12,
            Meridiem::Pm | Meridiem::Either => clock.hour,
        };
        clock.ambiguous = meridiem == Meridiem::Either;
        said.bare = false;
        said.dotted = false;
        (clock.hour <= 24).then_some((said, after))
    }

    /// The token after "o'clock".
    fn oclock(&self, at: usize) -> usize {
        if self.any(at, &["oclock"]) {
            return at + 1;
        }
        self.seq(at, &["o", "'", "clock"])
            .or_else(|| self.seq(at, &["o", "clock"]))
            .unwrap_or(at)
    }

    /// In digits.
    fn written_time(&self, at: usize) -> Parsed<Said> {
        let start = if self.word(at) == "t" && self.glued(at + 1) {
            at + 1
        } else {
            at
        };
        let (value, digits) = self.digits(start)?;
        if start > at && self.sign(start + 1) != Some(':') {
            return None;
        }
        let two = |at: usize| match self.digits(at) {
            Some((value @ 0..60, 2)) if self.glued(at) => i8::try_from(value).ok(),
            _ => None,
        };
        let joined = self.glued(start + 1);
        if digits <= 2 && value <= 24 && joined && self.sign(start + 1) == Some(':') {
            let minute = two(start + 2)?;
            let hour = i8::try_from(value).ok()?;
            let second = if self.sign(start + 3) == Some(':') {
                two(start + 4)
            } else {
                None
            };
            let clock = Clock {
                // ISO 8601 counts to 24.
                ambiguous: start == at && hour > 0 && hour <= 12,
                ..clock(hour, Some(minute), second)
            };
            let end = if second.is_some() { start + 5 } else { start + 3 };
            if self.sign(end) == Some(':') && self.glued(end + 1) {
                return None;
            }
            return Some((
                Said {
                    clock,
                    bare: false,
                    dotted: false,
                },
                end,
            ));
        }
        if digits <= 2 && value <= 24 && joined && self.sign(start + 1) == Some('.') {
            if let Some(minute) = two(start + 2)
                && !(self.sign(start + 3) == Some('.') && self.glued(start + 4))
                && !self.any(start + 3, &["%"])
            {
                let clock = clock(i8::try_from(value).ok()?, Some(minute), None);
                return Some((
                    Said {
                        clock,
                        bare: true,
                        dotted: true,
                    },
                    start + 3,
                ));
            }
            if self.glued(start + 2) && self.digits(start + 2).is_some() {
                return None;
            }
        }
        if digits <= 2
            && value <= 24
            && joined
            && self.word(start + 1) == "h"
            && let Some(minute) = two(start + 2)
        {
            let hour = i8::try_from(value).ok()?;
            let said = Said {
                clock: Clock {
                    ambiguous: false,
                    ..clock(hour, Some(minute), None)
                },
                bare: false,
                dotted: false,
            };
            return Some((said, start + 3));
        }
        // "at 15h": by itself a length.
        let hour = i8::try_from(value).ok().filter(|hour| digits <= 2 && *hour <= 24);
        if let Some(hour) = hour.filter(|_| joined && self.word(start + 1) == "h" && !self.glued(start + 2)) {
            let clock = Clock {
                ambiguous: false,
                ..clock(hour, None, None)
            };
            let said = Said {
                clock,
                bare: true,
                dotted: false,
            };
            return Some((said, start + 2));
        }
        // "at 3 15".
        if digits <= 2
            && at > 0
            && self.any(at - 1, &["at"])
            && !self.glued(start + 1)
            && let Some((minute @ 10..60, 2)) = self.digits(start + 1)
            && self.ends(start + 2)
        {
            let hour = i8::try_from(value).ok().filter(|hour| *hour <= 24)?;
            let clock = clock(hour, i8::try_from(minute).ok(), None);
            let said = Said {
                clock,
                bare: false,
                dotted: false,
            };
            return Some((said, start + 2));
        }
        if (3..=4).contains(&digits) {
            let (hour, minute) = (value / 100, value % 100);
            let valid = hour <= 24 && minute < 60;
            let hour = i8::try_from(hour).ok().filter(|_| valid)?;
            // "0800 hours".
            let led = self.word(start).starts_with('0') || at > 0 && self.any(at - 1, &["at"]);
            let glued = self.word(start + 1) == "h" && self.glued(start + 1);
            let military = digits == 4 && (led && self.any(start + 1, &["hours", "hrs"]) || glued);
            let clock = clock(hour, i8::try_from(minute).ok(), None);
            let said = Said {
                clock: Clock {
                    ambiguous: clock.ambiguous && !military,
                    ..clock
                },
                bare: !military,
                dotted: false,
            };
            return Some((said, if military { start + 2 } else { start + 1 }));
        }
        let hour = i8::try_from(value).ok().filter(|hour| *hour <= 24 && digits <= 2)?;
        Some((
            Said {
                bare: true,
                ..said(hour, None)
            },
            start + 1,
        ))
    }

    /// In words: "seven", "seven thirty", "ten oh five".
    fn spoken_time(&self, at: usize) -> Parsed<Said> {
        let (hour, end) = match self.class(at) {
            Class::Cardinal(hour @ 0..=12) => (hour, at + 1),
            Class::Cardinal(_) | Class::Tens(20) => self.small_words(at).filter(|(hour, _)| *hour <= 24)?,
            _ => return None,
        };
        let hour = i8::try_from(hour).ok()?;
        let minutes = if self.sign(end) == Some('-') { end + 1 } else { end };
        let minutes = if self.any(minutes, &["oh", "o", "ou", "zero"]) {
            self.small_words(minutes + 1).filter(|(value, _)| *value < 10)
        } else {
            let digits = match self.digits(minutes) {
                Some((value @ 10..60, 2)) if hour <= 12 => Some((value, minutes + 1)),
                _ => None,
            };
            self.small_words(minutes)
                .filter(|(value, _)| (1..60).contains(value) && hour > 0)
                .or(digits)
        };
        let Some((minute, after)) = minutes else {
            return Some((
                Said {
                    bare: true,
                    ..said(hour, None)
                },
                end,
            ));
        };
        let minute = i8::try_from(minute).ok()?;
        Some((
            Said {
                bare: true,
                ..said(hour, Some(minute))
            },
            after,
        ))
    }

    /// "am" and "p.m." as the part of a day.
    pub(super) fn half_of_day(&self, at: usize) -> Parsed<DayPart> {
        let (meridiem, end) = self.meridiem(at).filter(|_| !self.any(at, &["in"]))?;
        match meridiem {
            // "today a" has no such part.
            Meridiem::Am if end > at + 1 || self.any(at, &["am"]) => Some((DayPart::Morning, end)),
            Meridiem::Pm if end > at + 1 || self.any(at, &["pm"]) => Some((DayPart::Afternoon, end)),
            _ => None,
        }
    }

    fn meridiem(&self, at: usize) -> Parsed<Meridiem> {
        let goes_on = self.glued(at + 1) && (self.is_word(at + 1) || self.digits(at + 1).is_some());
        match self.word(at) {
            "am" | "pm" | "ampm" if goes_on => return None,
            "am" => return Some((Meridiem::Am, at + 1)),
            "pm" => return Some((Meridiem::Pm, at + 1)),
            "ampm" => return Some((Meridiem::Either, at + 1)),
            "in" if self.word(at + 1) == "the" && self.any(at + 2, &["am", "pm"]) => {
                let meridiem = if self.any(at + 2, &["am"]) {
                    Meridiem::Am
                } else {
                    Meridiem::Pm
                };
                return Some((meridiem, at + 3));
            }
            _ => {}
        }
        let meridiem = match self.word(at) {
            "a" => Meridiem::Am,
            "p" => Meridiem::Pm,
            _ => return None,
        };
        let dotted = self.sign(at + 1) == Some('.');
        let m = if dotted { at + 2 } else { at + 1 };
        if self.word(m) == "m" {
            let close = dotted && self.sign(m + 1) == Some('.') && self.glued(m + 1);
            return Some((meridiem, if close { m + 2 } else { m + 1 }));
        }
        // `9p`, `9:00a`.
        (self.glued(at) && !(self.glued(at + 1) && self.is_word(at + 1))).then_some((meridiem, at + 1))
    }

    /// A part of a day, with the words that lead to it: "in the early morning".
    pub(super) fn day_part(&self, at: usize) -> Parsed<SaidPart> {
        let (early, start) = self.early(at);
        if early.is_some()
            && let Some(inner) = self.seq(start, &["in", "the"]).or_else(|| self.seq(start, &["in"]))
        {
            let (found, end) = self.bare_part(inner)?;
            return Some((SaidPart { of: early, ..found }, end));
        }
        if early.is_some() {
            let (found, end) = self.bare_part(self.skip(start, &["-", "this"]))?;
            return Some((SaidPart { of: early, ..found }, end));
        }
        let lead = match self.word(at) {
            "in" | "during" | "at" | "by" | "over" => self.skip(at + 1, &["the"]),
            "the" => at + 1,
            _ => at,
        };
        let (early, start) = self.early(lead);
        if early.is_some() && self.any(at, &["in"]) && lead == at + 1 {
            return None;
        }
        let start = if early.is_some() {
            self.skip(start, &["-"])
        } else {
            start
        };
        let start = self
            .phrase(start, &[&["hours", "of", "the"], &["hours", "of"]])
            .unwrap_or(start);
        let (found, end) = self.bare_part(start)?;
        Some((SaidPart { of: early, ..found }, end))
    }

    fn early(&self, at: usize) -> (Option<Part>, usize) {
        match self.word(at) {
            "early" | "earlier" => (Some(Modifier::Start), at + 1),
            "late" | "later" => (Some(Modifier::End), at + 1),
            _ => (None, at),
        }
    }

    /// Whether a meal is meant as a time: "at lunch", "tomorrow lunch".
    fn leads_meal(&self, at: usize) -> bool {
        at > 0
            && (self.any(
                at - 1,
                &["at", "during", "before", "after", "by", "around", "until", "till"],
            ) || matches!(self.class(at - 1), Class::Relative(_) | Class::Weekday(..)))
    }

    fn bare_part(&self, at: usize) -> Parsed<SaidPart> {
        let found = |part: DayPart, plural: bool, end: usize| Some((SaidPart { part, of: None, plural }, end));
        let next = self.skip(at + 1, &["-"]);
        if self.any(at, &["night", "day"]) && self.any(next, &["time"]) {
            let part = if self.any(at, &["day"]) {
                DayPart::Daytime
            } else {
                DayPart::Nighttime
            };
            return found(part, false, next + 1);
        }
        if self.any(at, &["business"]) && self.any(next, &["hour", "hours"]) {
            return found(DayPart::BusinessHours, false, next + 1);
        }
        match self.class(at) {
            Class::Part(DayPart::Lunch | DayPart::Dinner | DayPart::Breakfast, _)
                if !self.word(at).ends_with("time") && !self.leads_meal(at) =>
            {
                None
            }
            Class::Part(part, plural) => found(part, plural, at + 1),
            _ => None,
        }
    }
}

const fn clock(hour: i8, minute: Option<i8>, second: Option<i8>) -> Clock {
    Clock {
        hour,
        minute,
        second,
        ambiguous: hour > 0 && hour <= 12,
    }
}

const fn said(hour: i8, minute: Option<i8>) -> Said {
    Said {
        clock: clock(hour, minute, None),
        bare: false,
        dotted: false,
    }
}

/// A time in the half of the day that a part of it says.
pub(super) const fn in_part(clock: Clock, part: DayPart) -> Clock {
    let hour = match part {
        DayPart::Morning | DayPart::Breakfast | DayPart::Daytime if clock.hour == 12 => 0,
        DayPart::Afternoon | DayPart::Evening | DayPart::Dinner | DayPart::Lunch | DayPart::Midday
            if clock.hour < 12 =>
        {
            match part {
                DayPart::Lunch | DayPart::Midday if clock.hour >= 10 => clock.hour,
                _ => clock.hour + 12,
            }
        }
        DayPart::Night if clock.hour == 12 => 0,
        DayPart::Night if clock.hour < 12 && clock.ambiguous => clock.hour + 12,
        _ => clock.hour,
    };
    if !clock.ambiguous {
        return clock;
    }
    Clock {
        hour,
        ambiguous: false,
        ..clock
    }
}
