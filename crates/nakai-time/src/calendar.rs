//! Arithmetic of the calendar. Nothing here fails: where a date would leave the calendar it stays as it is.

use jiff::{
    SignedDuration, Span,
    civil::{Date, DateTime, Weekday},
};

/// The day some days later.
pub(crate) fn add_days(date: Date, days: i64) -> Date {
    Span::new()
        .try_days(days)
        .ok()
        .and_then(|span| date.checked_add(span).ok())
        .unwrap_or(date)
}

/// The same day of a month some months later, or that month's last.
pub(crate) fn add_months(date: Date, months: i64) -> Date {
    Span::new()
        .try_months(months)
        .ok()
        .and_then(|span| date.checked_add(span).ok())
        .unwrap_or(date)
}

/// The same day of a year some years later.
pub(crate) fn add_years(date: Date, years: i64) -> Date {
    add_months(date, years.saturating_mul(12))
}

/// The moment some seconds later.
pub(crate) fn add_seconds(moment: DateTime, seconds: f64) -> DateTime {
    if !seconds.is_finite() || seconds.abs() > 1e12 {
        return moment;
    }
    SignedDuration::try_from_secs_f64(seconds)
        .ok()
        .and_then(|duration| moment.checked_add(duration).ok())
        .unwrap_or(moment)
}

/// A day, if the calendar has it.
pub(crate) fn day(year: i16, month: i8, day: i8) -> Option<Date> {
    Date::new(year, month, day).ok()
}

/// The first of a month; months before January and after December count on into other years.
pub(crate) fn first_of_month(year: i16, month: i64) -> Date {
    let year = i64::from(year).saturating_add((month - 1).div_euclid(12));
    let month = (month - 1).rem_euclid(12) + 1;
    let year = i16::try_from(year.clamp(1, 9999)).unwrap_or(1);
    day(year, i8::try_from(month).unwrap_or(1), 1).unwrap_or(Date::ZERO)
}

/// The Monday of a day's week.
pub(crate) fn monday(date: Date) -> Date {
    add_days(date, -i64::from(date.weekday().to_monday_zero_offset()))
}

/// A weekday of a day's week; weeks start on Monday.
pub(crate) fn weekday_in_week(date: Date, weekday: Weekday) -> Date {
    add_days(monday(date), i64::from(weekday.to_monday_zero_offset()))
}

/// The number of an ISO week and the year it counts in.
pub(crate) fn iso_week(date: Date) -> (i16, i8) {
    let week = date.iso_week_date();
    (week.year(), week.week())
}

/// The n-th weekday of a month, counted from its end when `n` is negative.
pub(crate) fn nth_weekday(year: i16, month: i8, n: i8, weekday: Weekday) -> Option<Date> {
    day(year, month, 1)?.nth_weekday_of_month(n, weekday).ok()
}

/// Days from one day to another.
pub(crate) fn days_between(start: Date, end: Date) -> i64 {
    start.duration_until(end).as_hours() / 24
}

/// Easter Sunday of a year of the Gregorian calendar (the anonymous algorithm).
pub(crate) fn easter(year: i16) -> Option<Date> {
    let y = i32::from(year);
    let (a, b, c) = (y % 19, y / 100, y % 100);
    let (d, e, f) = (b / 4, b % 4, (b + 8) / 25);
    let g = (b - f + 1) / 3;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let n = h + l - 7 * m + 114;
    day(year, i8::try_from(n / 31).ok()?, i8::try_from(n % 31 + 1).ok()?)
}
