//! Finds dates, times, durations and recurrences in Japanese and English text, with what they mean at a reference time.
//!
//! A grammar of each language (`english`, `japanese`) turns text into expressions that say what was said and no more
//! (`expression`, `length`, `holiday`, `zone`); what they mean at a reference is the same in all languages (`resolve`, with the
//! arithmetic of `calendar` and the notation of `timex`).

mod calendar;
mod english;
mod expression;
mod holiday;
mod japanese;
mod length;
mod reference;
mod resolve;
mod timex;
mod zone;

use std::ops::Range;

use nakai_entities::Mention;
use nakai_types::Language;

pub use self::reference::{Convention, Preference, Reference};
use self::{expression::Expression, zone::Zone};

/// The kinds of expressions of time, by the names of TIMEX3-based tools.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TimeKind {
    /// A day or a larger point, `2026-11-23`.
    Date,
    /// A time of day, `15:00:00`.
    Time,
    /// A time on a day.
    DateTime,
    /// From a day to another, the end excluded.
    DateRange,
    /// From a time of day to another.
    TimeRange,
    /// From a time on a day to another.
    DateTimeRange,
    /// A length of time.
    Duration,
    /// A recurrence: every Monday.
    Set,
}

/// What an expression of time stands for.
#[derive(Debug, Clone, PartialEq)]
pub enum Resolved {
    /// A point: `2026-11-23`, `15:00:00` or `2026-11-23 15:00:00`.
    Point(String),
    /// A stretch, half open; an end that is `None` is unknown.
    Range {
        /// The first moment, written as a point.
        start: Option<String>,
        /// The moment after the last.
        end: Option<String>,
    },
    /// A length in seconds.
    Seconds(f64),
    /// Nothing that a clock could show (a recurrence).
    Unresolved,
}

/// How an expression bounds what it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Modifier {
    /// `before`, `until` excluded.
    Before,
    /// `after`.
    After,
    /// `since`, `from ... on`.
    Since,
    /// `until`, `by`.
    Until,
    /// `around`.
    Approximate,
    /// `early`, `beginning of`.
    Start,
    /// `mid`.
    Mid,
    /// `late`, `end of`.
    End,
    /// `less than`.
    Less,
    /// `more than`.
    More,
    /// `the same month that ...`: the expression alone does not say which one.
    Unanchored,
}

/// One reading of an expression of time.
#[derive(Debug, Clone, PartialEq)]
pub struct TimeValue {
    /// What kind it is.
    pub kind: TimeKind,
    /// What was said, as TIMEX3 writes it (`XXXX-WXX-5`, `PT3H`): independent of the reference, and in the time zone that was said.
    pub timex: String,
    /// What that means at the reference.
    pub resolved: Resolved,
    /// How it is bounded.
    pub modifier: Option<Modifier>,
    /// The part of what it names from which a bound counts: the end, in "before the end of May".
    pub part: Option<Modifier>,
}

/// The expressions of time of a text as they were said, held against no time yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Expressions(Vec<Said>);

/// An expression of time as it was said.
#[derive(Debug, Clone, PartialEq)]
struct Said {
    /// Where, in bytes, without its time zone.
    range: Range<usize>,
    expression: Expression,
    /// The time zone of its times, if one was said, and where it is with that.
    zone: Option<(Zone, Range<usize>)>,
}

impl Expressions {
    /// Reads all expressions of time of a text. Takes time linear in its length.
    #[must_use]
    pub fn of(text: &str, language: Language) -> Self {
        Self(match language {
            Language::En => english::expressions(text),
            Language::Ja => japanese::expressions(text),
        })
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What they mean at a reference, in the order of the text, without overlap.
    ///
    /// Of the readings those of the earlier half of the day come first ("at 5"), and of each half the preferred of the past and the
    /// future one.
    #[must_use]
    pub fn at(&self, reference: &Reference) -> Vec<Mention<TimeValue>> {
        self.0
            .iter()
            .map(|said| {
                let mut range = said.range.clone();
                let mut readings = resolve::readings(&said.expression, reference);
                if let (Some((zone, whole)), Some(own)) = (&said.zone, &reference.zone)
                    && let Some(zone) = zone.get()
                {
                    range = whole.clone();
                    readings = readings
                        .into_iter()
                        .map(|reading| zone::carried(reading, &zone, own, reference.now))
                        .collect();
                }
                Mention { range, readings }
            })
            .collect()
    }
}

/// Finds all expressions of time of a text and what they mean: [`Expressions::of`] it [at](Expressions::at) the reference.
pub fn find(text: &str, language: Language, reference: &Reference) -> Vec<Mention<TimeValue>> {
    Expressions::of(text, language).at(reference)
}
