//! Where a text stands in time, and by whose convention it is read.

use jiff::{civil::DateTime, tz::TimeZone};

/// Where a text stands in time.
#[derive(Debug, Clone, PartialEq)]
pub struct Reference {
    /// The local time at which the text was written.
    pub now: DateTime,
    /// Which of a past and a future reading comes first.
    pub preference: Preference,
    /// What is taken for granted where people don't agree.
    pub convention: Convention,
    /// The time zone of `now`. Times said in another one ("8:00 GMT") are given in it; without it they stay as they were said.
    pub zone: Option<TimeZone>,
}

impl Reference {
    /// A local time in no known time zone, with the usual convention.
    #[must_use]
    pub const fn new(now: DateTime, preference: Preference) -> Self {
        Self {
            now,
            preference,
            convention: Convention::Recognizers,
            zone: None,
        }
    }
}

/// Which of a past and a future reading of an expression such as "Friday" is preferred.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Preference {
    /// The next one: what people who book and order mean.
    #[default]
    Future,
    /// The last one: what people who report mean.
    Past,
}

/// What is taken for granted where people don't agree: from when to when an evening is, how long the end of a month, how exact "7 days
/// ago".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Convention {
    /// That of Microsoft's Recognizers-Text: an evening is from 16:00 to 20:00, the end of a month its second half, "7 days ago" a day,
    /// "the next 3 months" start tomorrow.
    #[default]
    Recognizers,
    /// That of Facebook's Duckling: an evening is from 18:00 to 24:00, the end of a month its last third, "7 days ago" an hour, "the next
    /// 3 months" are whole months, a weekend starts on Friday at 18:00, and seasons are those of the northern sky.
    Duckling,
}
