//! Which days a stretch has.

use jiff::civil::{Date, DateTime, Weekday};

use super::{Dated, Stretched, Turn, between, counted, days};
use crate::{
    Modifier, calendar,
    expression::{Day, Month, Part, Stretch, Unit, Year},
    length::Length,
    timex,
};

type Span = (Date, Date);

/// The last or next such stretch.
pub(super) fn stretch(stretch: &Stretch, now: DateTime, turn: Turn) -> Stretched {
    let today = now.date();
    match stretch {
        Stretch::Year(year) => whole_year(*year, today, turn),
        Stretch::Month { year, month } => whole_month(*year, *month, today, turn),
        Stretch::Relative { unit, offset } => relative(*unit, *offset, today),
        Stretch::Same(unit) => {
            let timex = match unit {
                Unit::Year => "XXXX",
                Unit::Month => "XXXX-XX",
                Unit::Weekend => "XXXX-WXX-WE",
                _ => "XXXX-WXX",
            };
            Stretched {
                timex: String::from(timex),
                part: Some(Modifier::Unanchored),
                ..relative(*unit, 0, today)
            }
        }
        Stretch::WeekNumber { year, week } => week_number(*year, *week, today, turn),
        Stretch::Around { unit, day } => around(*unit, &days::day(day, now, turn)),
        Stretch::Months { year, first, count } => months(*year, *first, *count, today, turn),
        Stretch::Season { year, season } => unknown(match year {
            Year::Unsaid => String::from(timex::season(*season)),
            year => days::year_of(*year, today, turn).0 + "-" + timex::season(*season),
        }),
        Stretch::Festival { holiday, days, year } => {
            let first = Day::Holiday {
                holiday: *holiday,
                year: *year,
                turn: None,
            };
            let first = days::day(&first, now, turn);
            let end = |date| calendar::add_days(date, *days);
            first.date.map_or_else(
                || unknown(first.timex.clone()),
                |date| by_ends(date, end(date), &timex::days(*days)),
            )
        }
        Stretch::Fiscal { mark, year } => unknown(String::from(*mark) + &days::year_of(*year, today, turn).0),
        Stretch::Decade(year) => years(i64::from(*year), 10),
        Stretch::ShortDecade(year) => short_decade(*year, turn),
        Stretch::Century(century) => years((i64::from(*century) - 1) * 100, 100),
        Stretch::Nth { nth, count, unit, of } => counted::nth_in(*nth, *count, *unit, of, now, turn),
        Stretch::Rolling { by, within } => rolling(by, *within, now),
        Stretch::Rest(unit) => {
            let last = relative(*unit, 0, today)
                .span
                .map_or(today, |(_, end)| calendar::add_days(end, -1));
            let days = calendar::days_between(today, last) + i64::from(!matches!(unit, Unit::Week | Unit::Weekend));
            by_ends(today, last, &timex::days(days))
        }
        Stretch::ToDate(unit) => {
            let whole = relative(*unit, 0, today);
            known(whole.timex, whole.span.map(|(start, _)| (start, today)))
        }
        Stretch::Half { over, of } => {
            let whole = self::stretch(of, now, turn);
            let part = if *over { Modifier::Start } else { Modifier::End };
            let span = part_of(part, of, whole.span).map(|(start, end)| {
                if *over {
                    (start, end.min(today))
                } else {
                    (start.max(today), end)
                }
            });
            known(whole.timex, span)
        }
        Stretch::Between(from, to) => between::between(from, to, now, turn),
        Stretch::For(day, length) => {
            let start = days::day(day, now, Turn::Future);
            start.date.map_or_else(
                || unknown(start.timex.clone()),
                |date| {
                    let other = length.after_date(date);
                    by_ends(date.min(other), date.max(other), &length.timex())
                },
            )
        }
        Stretch::Ends(of) => {
            let span = self::stretch(of, now, turn).span;
            span.map_or_else(
                || unknown(String::from("XXXX")),
                |(start, end)| by_ends(start, end, &timex::days(calendar::days_between(start, end))),
            )
        }
        Stretch::Part(part, of) => {
            let whole = self::stretch(of, now, turn);
            Stretched {
                span: part_of(*part, of, whole.span),
                part: Some(*part),
                timex: whole.timex,
            }
        }
    }
}

/// The day in the middle.
pub(super) fn middle(start: Date, end: Date) -> Date {
    calendar::add_days(start, calendar::days_between(start, end) / 2)
}

pub(super) const fn known(timex: String, span: Option<Span>) -> Stretched {
    Stretched {
        timex,
        span,
        part: None,
    }
}

pub(super) const fn unknown(timex: String) -> Stretched {
    known(timex, None)
}

pub(super) fn by_ends(start: Date, end: Date, length: &str) -> Stretched {
    known(
        timex::range(&timex::date(start), &timex::date(end), length),
        Some((start, end)),
    )
}

fn year_span(year: i64) -> Option<Span> {
    let first = |year: i64| calendar::day(i16::try_from(year).ok()?, 1, 1);
    Some((first(year)?, first(year + 1)?))
}

/// Years by their ends.
fn years(first: i64, count: i64) -> Stretched {
    let start = |year: i64| year_span(year).map(|(start, _)| start);
    let (Some(start), Some(end)) = (start(first), start(first + count)) else {
        return unknown(String::from("XXXX"));
    };
    by_ends(start, end, &format!("P{count}Y"))
}

fn short_decade(year: i16, turn: Turn) -> Stretched {
    let century = if turn == Turn::Past { 1900 } else { 2000 };
    let timex = timex::range(
        &format!("XX{year:02}-01-01"),
        &format!("XX{:02}-01-01", (year + 10) % 100),
        "P10Y",
    );
    known(timex, years(i64::from(century + year), 10).span)
}

fn whole_year(year: Year, today: Date, turn: Turn) -> Stretched {
    let (timex, year) = days::year_of(year, today, turn);
    known(timex, year_span(i64::from(year.unwrap_or_else(|| today.year()))))
}

fn month_span(year: i16, month: i8, count: i8) -> Span {
    let month = i64::from(month);
    (
        calendar::first_of_month(year, month),
        calendar::first_of_month(year, month + i64::from(count)),
    )
}

/// The year of a stretch that starts in a month: that of the last or next one, where the one of today is both.
fn year_of_month(month: i8, today: Date, turn: Turn) -> i16 {
    match turn {
        Turn::Future if month < today.month() => today.year() + 1,
        Turn::Past if month > today.month() => today.year() - 1,
        _ => today.year(),
    }
}

fn whole_month(year: Year, month: Month, today: Date, turn: Turn) -> Stretched {
    let Month::Named(month) = month else {
        let offset = if let Month::Relative(offset) = month { offset } else { 0 };
        let (_, year) = days::year_of(year, today, turn);
        let first = calendar::first_of_month(
            year.unwrap_or_else(|| today.year()),
            i64::from(today.month()).saturating_add(offset),
        );
        let timex = format!("{:04}-{:02}", first.year(), first.month());
        return known(timex, Some((first, calendar::add_months(first, 1))));
    };
    let this_is_next = year == Year::LastOrNext && turn == Turn::Past && month == today.month();
    let (timex, year) = days::year_of(year, today, turn);
    let year = year.unwrap_or_else(|| year_of_month(month, today, turn) - i16::from(this_is_next));
    known(format!("{timex}-{month:02}"), Some(month_span(year, month, 1)))
}

fn relative(unit: Unit, offset: i64, today: Date) -> Stretched {
    match unit {
        Unit::Year => whole_year(Year::Relative(offset), today, Turn::Future),
        Unit::Month => whole_month(Year::Unsaid, Month::Relative(offset), today, Turn::Future),
        Unit::Week => {
            let start = calendar::add_days(calendar::monday(today), offset.saturating_mul(7));
            known(
                timex::week(calendar::iso_week(start)),
                Some((start, calendar::add_days(start, 7))),
            )
        }
        Unit::Weekend => {
            let monday = calendar::add_days(calendar::monday(today), offset.saturating_mul(7));
            let (start, end) = (calendar::add_days(monday, 5), calendar::add_days(monday, 7));
            known(timex::week(calendar::iso_week(monday)) + "-WE", Some((start, end)))
        }
        Unit::Fortnight => {
            let start = calendar::add_days(calendar::monday(today), offset.saturating_mul(14));
            by_ends(start, calendar::add_days(start, 14), "P2W")
        }
        Unit::Quarter => {
            let first = calendar::first_of_month(today.year(), i64::from((today.month() - 1) / 3 * 3 + 1));
            let start = calendar::add_months(first, offset.saturating_mul(3));
            by_ends(start, calendar::add_months(start, 3), "P3M")
        }
        Unit::Decade => years((i64::from(today.year()) / 10 + offset) * 10, 10),
        Unit::Century => years((i64::from(today.year()) / 100 + offset) * 100, 100),
        Unit::Day | Unit::BusinessDay | Unit::Hour | Unit::Minute | Unit::Second => {
            let day = calendar::add_days(today, offset);
            known(timex::date(day), Some((day, calendar::add_days(day, 1))))
        }
    }
}

fn week_number(year: Year, week: i8, today: Date, turn: Turn) -> Stretched {
    let (_, year) = days::year_of(year, today, turn);
    let year = year.unwrap_or_else(|| today.year());
    let start = first_week_of_year(year).map(|first| calendar::add_days(first, (i64::from(week) - 1) * 7));
    known(
        timex::week((year, week)),
        start.map(|start| (start, calendar::add_days(start, 7))),
    )
}

/// The Monday of the week that has the year's first Thursday.
fn first_week_of_year(year: i16) -> Option<Date> {
    Some(calendar::monday(calendar::day(year, 1, 4)?))
}

fn around(unit: Unit, day: &Dated) -> Stretched {
    let Some(date) = day.date else {
        return unknown(day.timex.clone());
    };
    match unit {
        Unit::Weekend => weekend_of(date),
        Unit::Week => known(
            day.timex.clone(),
            Some((calendar::monday(date), calendar::add_days(calendar::monday(date), 7))),
        ),
        other => known(day.timex.clone(), relative(other, 0, date).span),
    }
}

/// The weekend that a holiday belongs to, made longer by it.
fn weekend_of(date: Date) -> Stretched {
    let monday = calendar::monday(date);
    let (start, end) = match date.weekday() {
        Weekday::Monday => (calendar::add_days(date, -2), calendar::add_days(date, 1)),
        Weekday::Tuesday => (calendar::add_days(date, -3), calendar::add_days(date, -1)),
        Weekday::Thursday | Weekday::Friday => (date, calendar::add_days(monday, 7)),
        _ => (calendar::add_days(monday, 5), calendar::add_days(monday, 7)),
    };
    known(timex::week(calendar::iso_week(start)) + "-WE", Some((start, end)))
}

fn months(said: Year, first: i8, count: i8, today: Date, turn: Turn) -> Stretched {
    let (year_timex, year) = days::year_of(said, today, turn);
    let of_year = |year: i16| month_span(year, first, count);
    let span = match (year, turn) {
        (Some(year), _) => of_year(year),
        (None, Turn::Future) if of_year(today.year()).0 < today => of_year(today.year() + 1),
        (None, Turn::Past) if of_year(today.year()).0 >= today => of_year(today.year() - 1),
        _ => of_year(today.year()),
    };
    if said == Year::LastOrNext {
        // Written as those of this year, whichever are meant.
        let (start, end) = of_year(today.year());
        let timex = timex::range(&timex::date(start), &timex::date(end), &format!("P{count}M"));
        return known(timex, Some(span));
    }
    let end_year = if first + count > 12 && year.is_some() {
        format!("{:04}", span.1.year())
    } else {
        year_timex.clone()
    };
    let timex = timex::range(
        &format!("{year_timex}-{first:02}-01"),
        &format!("{end_year}-{:02}-01", span.1.month()),
        &format!("P{count}M"),
    );
    known(timex, Some(span))
}

fn rolling(by: &Length, within: bool, now: DateTime) -> Stretched {
    let today = now.date();
    let back = by.is_negative();
    if let Some((amount, unit @ (Unit::Quarter | Unit::Decade | Unit::Century))) = by.single() {
        return whole_units(amount, unit, today);
    }
    if let Some((_, Unit::BusinessDay)) = by.single()
        && !back
    {
        let last = by.after_date(today);
        let end = if within { last } else { calendar::add_days(last, 1) };
        return by_ends(calendar::add_days(today, 1), end, &by.timex());
    }
    let (start, end) = match (back, within) {
        (true, _) => (by.after_date(today), today),
        (false, true) => (today, by.after_date(today)),
        (false, false) => {
            let tomorrow = calendar::add_days(today, 1);
            (tomorrow, by.after_date(tomorrow))
        }
    };
    by_ends(start, end, &by.timex())
}

/// Quarters and decades are counted whole: from the start of the next, or up to the start of this one.
fn whole_units(amount: f64, unit: Unit, today: Date) -> Stretched {
    let back = amount < 0.0;
    let this = relative(unit, i64::from(!back), today);
    let Some((start, _)) = this.span else {
        return this;
    };
    let length = Length::new(amount, unit);
    let other = length.after_date(start);
    let (start, end) = if back { (other, start) } else { (start, other) };
    by_ends(start, end, &length.timex())
}

/// The early, middle or late part of a stretch.
fn part_of(part: Part, of: &Stretch, span: Option<Span>) -> Option<Span> {
    let (start, end) = span?;
    let days = calendar::days_between(start, end);
    let (from, to) = match days {
        ..=7 => (
            match part {
                Modifier::Start => start,
                Modifier::Mid => calendar::add_days(start, 1),
                _ => calendar::add_days(start, 3),
            },
            match part {
                Modifier::Start => calendar::add_days(start, 3),
                Modifier::Mid => calendar::add_days(start, 5),
                _ => end,
            },
        ),
        8..=31 => match part {
            Modifier::Start => (start, calendar::add_days(start, 15)),
            Modifier::Mid => (calendar::add_days(start, 9), calendar::add_days(start, 20)),
            _ => (calendar::add_days(start, 15), end),
        },
        _ => {
            let months = months_between(start, end);
            // A year by its number is cut into thirds, any other into halves.
            let thirds = matches!(of, Stretch::Year(Year::Exact(_)));
            match part {
                Modifier::Start => (start, calendar::add_months(start, months / if thirds { 3 } else { 2 })),
                Modifier::Mid => (
                    calendar::add_months(start, months / if thirds { 3 } else { 4 }),
                    calendar::add_months(end, -(months / if thirds { 3 } else { 4 })),
                ),
                _ => (calendar::add_months(end, -(months / if thirds { 3 } else { 2 })), end),
            }
        }
    };
    Some((from, to))
}

pub(super) fn months_between(start: Date, end: Date) -> i64 {
    (i64::from(end.year()) - i64::from(start.year())) * 12 + i64::from(end.month()) - i64::from(start.month())
}
