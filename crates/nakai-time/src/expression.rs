//! What an expression of time says, independent of the language it was said in and of when it was said.
//!
//! The grammars of the languages ([`crate::english`], [`crate::japanese`]) turn text into an [`Expression`]; [`crate::resolve`] turns an
//! expression and a reference into the readings that callers see. What was left unsaid stays unsaid here: "Friday" is a weekday of no
//! week, "5 o'clock" may be in the morning or in the afternoon, "April 22" has no year.

use jiff::civil::Weekday;

use crate::{Modifier, holiday::Holiday, length::Length};

/// A year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Year {
    /// None was said.
    #[default]
    Unsaid,
    /// With its century.
    Exact(i16),
    /// Two digits that could be in two centuries: `35` is 1935 and 2035.
    Short(i16),
    /// So many years from this one: last year is -1.
    Relative(i64),
    /// None was said, but the weekday of a date, which is that of one year or another: "Sunday, Feb 10".
    OfWeekday(Weekday),
    /// None was said of a month, and this month counts as the next, so that the last one is a year ago. A quarter is written with the
    /// year of today.
    LastOrNext,
    /// The same, of a date that is written without a year all the same: "this 5/12" is `XXXX-05-12`.
    Turned(i64),
}

/// A month of a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Month {
    /// January is 1.
    Named(i8),
    /// So many months from this one: next month is 1.
    Relative(i64),
    /// None was said: "the 18th".
    Unsaid,
}

/// In which week a weekday is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Week {
    /// None was said: the last or the next one.
    Unsaid,
    /// So many weeks from this one: next Friday is in week 1.
    Relative(i64),
    /// The first such day after today.
    Coming,
    /// The last such day before today.
    Past,
}

/// Which of several: the third, or the last but one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Nth {
    /// Counted from the start; the first is 1.
    First(i16),
    /// Counted from the end; the last is 1.
    Last(i16),
}

/// A day.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Day {
    /// A day of the calendar: `XXXX-04-22`, `XXXX-XX-18`.
    Calendar {
        /// Its year.
        year: Year,
        /// Its month.
        month: Month,
        /// The day of the month.
        day: i8,
    },
    /// So many days from today.
    Relative(i64),
    /// Some time from now, or before now when negative: "7 days ago".
    Away(Length),
    /// A weekday.
    Weekday {
        /// Which.
        weekday: Weekday,
        /// Of which week.
        week: Week,
    },
    /// The last or next weekday on a day of the month: "Mon 13th".
    WeekdayOn {
        /// Which weekday.
        weekday: Weekday,
        /// The day of the month.
        day: i8,
    },
    /// The same, but the day of this month if that has the weekday: 21日の月曜日.
    WithWeekday {
        /// The day of the month.
        day: i8,
        /// Its weekday.
        weekday: Weekday,
    },
    /// A weekday that the day of the month of this month has: "Friday the 26th".
    WeekdayThe {
        /// The day of the month.
        day: i8,
    },
    /// A weekday of a month (or year), counted: "the first Monday of next month".
    NthWeekday {
        /// Which.
        nth: Nth,
        /// Of what weekday.
        weekday: Weekday,
        /// In which stretch.
        of: Box<Stretch>,
    },
    /// A day of a stretch, counted: "the last day of October".
    Nth {
        /// Which.
        nth: Nth,
        /// In which stretch.
        of: Box<Stretch>,
    },
    /// A weekday in a stretch of a week: "Friday of the first week of October", written `XXXX-10-WXX-5-#1`.
    InWeek {
        /// Which weekday.
        weekday: Weekday,
        /// The week.
        of: Box<Stretch>,
    },
    /// A day some time after (or before) another: "two weeks after Christmas".
    Shifted {
        /// The other day.
        from: Box<Day>,
        /// How much later; negative for earlier.
        by: Length,
        /// Moved on to this weekday: "two months from today on Tuesday".
        to: Option<Weekday>,
    },
    /// The weekday that is nearest to another day, or the next nearest: "the second closest Monday to May 5th".
    Nearest {
        /// Which, from 1.
        nth: i16,
        /// Of what weekday.
        weekday: Weekday,
        /// The other day.
        to: Box<Day>,
    },
    /// The last weekday before another day, or the first after it: "the Monday before Christmas".
    Beside {
        /// Which weekday.
        weekday: Weekday,
        /// Whether it is after the other day.
        after: bool,
        /// The other day.
        of: Box<Day>,
    },
    /// Some such weekdays from today: "3 Fridays from now".
    Weekdays {
        /// Which.
        weekday: Weekday,
        /// How many; negative for the past.
        count: i64,
    },
    /// A holiday.
    Holiday {
        /// Which.
        holiday: Holiday,
        /// Of which year.
        year: Year,
        /// "next Christmas" is 1, "last Easter" is -1: the next or last one from today.
        turn: Option<i64>,
    },
}

/// Units in which stretches are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Unit {
    /// A second.
    Second,
    /// A minute.
    Minute,
    /// An hour.
    Hour,
    /// A day.
    Day,
    /// A day from Monday to Friday.
    BusinessDay,
    /// Saturday and Sunday.
    Weekend,
    /// A week from Monday.
    Week,
    /// Two weeks.
    Fortnight,
    /// A month.
    Month,
    /// Three months.
    Quarter,
    /// A year.
    Year,
    /// Ten years.
    Decade,
    /// A hundred years.
    Century,
}

/// A season, as TIMEX3 writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Season {
    /// `SP`.
    Spring,
    /// `SU`.
    Summer,
    /// `FA`.
    Fall,
    /// `WI`.
    Winter,
}

/// A part of a stretch.
pub(crate) type Part = Modifier;

/// A stretch of days.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Stretch {
    /// A year.
    Year(Year),
    /// A month.
    Month {
        /// Of which year.
        year: Year,
        /// Which.
        month: Month,
    },
    /// A week, month, weekend, quarter, ... so many from this one.
    Relative {
        /// Of what.
        unit: Unit,
        /// How many from this one.
        offset: i64,
    },
    /// "the same month": this one, though it isn't known which.
    Same(Unit),
    /// A week by its number in the year.
    WeekNumber {
        /// Of which year.
        year: Year,
        /// From 1.
        week: i8,
    },
    /// The week (or weekend, month, ...) that has a day.
    Around {
        /// Of what unit.
        unit: Unit,
        /// The day.
        day: Box<Day>,
    },
    /// Months of a year: a quarter or a half.
    Months {
        /// Of which year.
        year: Year,
        /// The first month.
        first: i8,
        /// How many.
        count: i8,
    },
    /// A season.
    Season {
        /// Of which year.
        year: Year,
        /// Which.
        season: Season,
    },
    /// A festival of several days.
    Festival {
        /// Its first day.
        holiday: Holiday,
        /// How many days it has.
        days: i64,
        /// Of which year.
        year: Year,
    },
    /// A school year or fiscal year, whose start isn't known; `SY` or `FY`.
    Fiscal {
        /// How TIMEX3 marks it.
        mark: &'static str,
        /// Which year.
        year: Year,
    },
    /// Ten years from a year: `1990`.
    Decade(i16),
    /// Ten years of any century: `90`.
    ShortDecade(i16),
    /// The 15th century is 15.
    Century(i16),
    /// Some units in another stretch, counted: "the third week of May", "the last 3 weeks of this year".
    Nth {
        /// Which.
        nth: Nth,
        /// How many, if a number was said.
        count: Option<i64>,
        /// Of what unit.
        unit: Unit,
        /// In which stretch.
        of: Box<Stretch>,
    },
    /// From now on for a while (negative: up to now): "the next 3 days", "within 9 months".
    Rolling {
        /// How long.
        by: Length,
        /// Whether it starts today, and not tomorrow: "within".
        within: bool,
    },
    /// What is left of this week, month, year.
    Rest(Unit),
    /// This year (or month, ...) until today.
    ToDate(Unit),
    /// "earlier this year" and "later this week": up to now, or from now on.
    Half {
        /// Whether what is over is meant.
        over: bool,
        /// Of what.
        of: Box<Stretch>,
    },
    /// From a point to another.
    Between(Box<Bound>, Box<Bound>),
    /// From a day on for a while: "3 days starting next Monday".
    For(Box<Day>, Length),
    /// The start, the middle or the end of another.
    Part(Part, Box<Stretch>),
    /// Another, written by its first day and the day after its last: 月の前半.
    Ends(Box<Stretch>),
}

/// An end of a stretch that is said by its ends.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Bound {
    /// A day.
    Day(Day),
    /// The start of a stretch; or of its middle, or its end.
    Stretch(Stretch, Option<Part>),
    /// The present.
    Now,
}

/// A time of day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Clock {
    /// From 0 to 24.
    pub(crate) hour: i8,
    /// If it was said.
    pub(crate) minute: Option<i8>,
    /// If it was said.
    pub(crate) second: Option<i8>,
    /// Whether the same time in the other half of the day may be meant.
    pub(crate) ambiguous: bool,
}

/// A part of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DayPart {
    /// `TMO`, from 8 to 12.
    Morning,
    /// `TMI`, from 11 to 13.
    Midday,
    /// `TAF`, from 12 to 16.
    Afternoon,
    /// `TEV`, from 16 to 20.
    Evening,
    /// `TNI`, from 20 on.
    Night,
    /// `TDT`, from 8 to 18.
    Daytime,
    /// `TNT`, until 8.
    Nighttime,
    /// `TMEB`, from 8 to 12.
    Breakfast,
    /// `TMEL`, from 11 to 13.
    Lunch,
    /// `TMED`, from 16 to 20.
    Dinner,
    /// `TBH`, from 8 to 18.
    BusinessHours,
}

/// An expression of time.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Expression {
    /// A day.
    Day(Day),
    /// A stretch of days.
    Stretch(Stretch),
    /// The present.
    Now,
    /// About the present, as TIMEX3 names it: `FUTURE_REF` of "as soon as possible".
    Vague(&'static str),
    /// A time of day.
    Clock(Clock),
    /// A part of any day.
    DayPart(DayPart, Option<Part>),
    /// From a time of day to another.
    Clocks(Clock, Clock),
    /// A time on a day.
    Moment(Day, Clock),
    /// The last second of a day.
    EndOfDay(Day),
    /// From now to the last second of today.
    RestOfDay,
    /// So long after now; negative for before.
    Later(Length),
    /// From now on for so long (negative: up to now), to the second.
    Rolling {
        /// How long.
        by: Length,
        /// Whether it was said as a limit ("within 3 hours") and not as so many hours to come.
        within: bool,
    },
    /// A part of a day of the calendar.
    PartOf(Day, DayPart, Option<Part>),
    /// An hour or a minute by the clock, so many from the one that it is.
    ByClock(Unit, i64),
    /// The first or second half of a day.
    HalfOf(Day, Part),
    /// From a time on a day to a time on the same day.
    Moments(Day, Clock, Clock),
    /// From a time on a day to a time on another, or from or to the present.
    Span(Instant, Instant),
    /// For so long from a time of day, or from a time on a day.
    From(Option<Day>, Clock, Length),
    /// A length of time.
    Length(Length),
    /// A recurrence, as TIMEX3 writes it.
    Set(String),
    /// One of these bounded: "before May".
    Bounded {
        /// How.
        by: Modifier,
        /// Of which part: "before the end of May".
        part: Option<Part>,
        /// What.
        what: Box<Expression>,
    },
}

impl Expression {
    /// The day that it is on, if it says one.
    pub(crate) fn day(&self) -> Option<&Day> {
        match self {
            Self::Day(day) | Self::Moment(day, _) | Self::PartOf(day, ..) | Self::Moments(day, ..) => Some(day),
            Self::Bounded { what, .. } => what.day(),
            _ => None,
        }
    }

    /// Whether it says a time of day, which is one of some time zone.
    pub(crate) fn has_clock(&self) -> bool {
        match self {
            Self::Clock(_)
            | Self::Clocks(..)
            | Self::Moment(..)
            | Self::Moments(..)
            | Self::Span(..)
            | Self::From(..) => true,
            Self::Bounded { what, .. } => what.has_clock(),
            _ => false,
        }
    }
}

/// A point in time as an end of a span.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Instant {
    /// The present.
    Now,
    /// So long after now.
    Later(Length),
    /// A time on a day.
    At(Day, Clock),
    /// A time on the next such day, even where the last one could be meant.
    Next(Day, Clock),
}
