//! Lengths of time: `PT1H30M`.

use std::fmt::Write as _;

use jiff::civil::{Date, DateTime, Weekday};

use crate::{calendar, expression::Unit};

/// A length of time as it was said: amounts of units, the largest first.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Length(pub(crate) Vec<(f64, Unit)>);

impl Length {
    /// So many of one unit.
    pub(crate) fn new(amount: f64, unit: Unit) -> Self {
        Self(vec![(amount, unit)])
    }

    /// The same, backwards.
    pub(crate) fn negated(&self) -> Self {
        Self(self.0.iter().map(|(amount, unit)| (-amount, *unit)).collect())
    }

    /// Whether it goes backwards.
    pub(crate) fn is_negative(&self) -> bool {
        self.0.iter().any(|(amount, _)| *amount < 0.0)
    }

    /// Whether it has hours, minutes or seconds.
    pub(crate) fn has_clock(&self) -> bool {
        self.0.iter().any(|(_, unit)| *unit <= Unit::Hour)
    }

    /// The only amount and unit.
    pub(crate) fn single(&self) -> Option<(f64, Unit)> {
        match self.0.as_slice() {
            [one] => Some(*one),
            _ => None,
        }
    }

    /// In seconds, where a month has 30 days and a year 365.
    pub(crate) fn seconds(&self) -> f64 {
        self.0.iter().map(|(amount, unit)| amount * seconds(*unit)).sum()
    }

    /// As TIMEX3 writes it; direction is not written.
    pub(crate) fn timex(&self) -> String {
        let mut timex = String::from("P");
        let mut clock = false;
        for (amount, unit) in &self.0 {
            if *unit <= Unit::Hour && !clock {
                timex.push('T');
                clock = true;
            }
            let (factor, mark) = mark(*unit);
            let _ = write!(timex, "{}{mark}", amount.abs() * factor);
        }
        timex
    }

    /// The moment so much later.
    pub(crate) fn after(&self, moment: DateTime) -> DateTime {
        self.0.iter().fold(moment, |moment, (amount, unit)| {
            if *unit <= Unit::Hour {
                return calendar::add_seconds(moment, amount * seconds(*unit));
            }
            let (date, rest) = add(moment.date(), *amount, *unit);
            calendar::add_seconds(date.to_datetime(moment.time()), rest)
        })
    }

    /// The day so much later.
    pub(crate) fn after_date(&self, date: Date) -> Date {
        self.after(date.to_datetime(jiff::civil::Time::midnight())).date()
    }
}

/// Adds units of days and more. The second value is what is left over, in seconds.
fn add(date: Date, amount: f64, unit: Unit) -> (Date, f64) {
    let amount = amount.clamp(-1e6, 1e6);
    // The clamp keeps the whole part far within the range of the integers.
    #[expect(clippy::cast_possible_truncation, reason = "clamped above")]
    let whole = amount.trunc() as i64;
    let rest = (amount - amount.trunc()) * seconds(unit);
    let date = match unit {
        Unit::Week | Unit::Weekend => calendar::add_days(date, whole * 7),
        Unit::Fortnight => calendar::add_days(date, whole * 14),
        Unit::Month => calendar::add_months(date, whole),
        Unit::Quarter => calendar::add_months(date, whole * 3),
        Unit::Year => calendar::add_years(date, whole),
        Unit::Decade => calendar::add_years(date, whole * 10),
        Unit::Century => calendar::add_years(date, whole * 100),
        Unit::BusinessDay => add_business_days(date, whole.clamp(-10_000, 10_000)),
        Unit::Day | Unit::Hour | Unit::Minute | Unit::Second => calendar::add_days(date, whole),
    };
    (date, rest)
}

/// Whether people work on a day.
pub(crate) fn is_business_day(date: Date) -> bool {
    !matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday)
}

fn add_business_days(date: Date, count: i64) -> Date {
    let mut date = date;
    for _ in 0..count.abs() {
        date = calendar::add_days(date, count.signum());
        while !is_business_day(date) && date > Date::MIN && date < Date::MAX {
            date = calendar::add_days(date, count.signum());
        }
    }
    date
}

const fn seconds(unit: Unit) -> f64 {
    const DAY: f64 = 86_400.0;
    match unit {
        Unit::Second => 1.0,
        Unit::Minute => 60.0,
        Unit::Hour => 3600.0,
        Unit::Day | Unit::BusinessDay => DAY,
        Unit::Weekend => 2.0 * DAY,
        Unit::Week => 7.0 * DAY,
        Unit::Fortnight => 14.0 * DAY,
        Unit::Month => 30.0 * DAY,
        Unit::Quarter => 90.0 * DAY,
        Unit::Year => 365.0 * DAY,
        Unit::Decade => 3650.0 * DAY,
        Unit::Century => 36_500.0 * DAY,
    }
}

/// How many of what mark of TIMEX3 a unit is.
const fn mark(unit: Unit) -> (f64, &'static str) {
    match unit {
        Unit::Second => (1.0, "S"),
        Unit::Minute | Unit::Month => (1.0, "M"),
        Unit::Hour => (1.0, "H"),
        Unit::Day => (1.0, "D"),
        Unit::BusinessDay => (1.0, "BD"),
        Unit::Weekend => (1.0, "WE"),
        Unit::Week => (1.0, "W"),
        Unit::Fortnight => (2.0, "W"),
        Unit::Quarter => (3.0, "M"),
        Unit::Year => (1.0, "Y"),
        Unit::Decade => (10.0, "Y"),
        Unit::Century => (100.0, "Y"),
    }
}
