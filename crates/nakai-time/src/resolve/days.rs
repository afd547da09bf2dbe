//! Which day is meant.

use jiff::civil::{Date, DateTime, Weekday};

use super::{Dated, Turn, stretches};
use crate::{
    calendar,
    expression::{Day, Month, Nth, Stretch, Unit, Week, Year},
    length::Length,
    timex,
};

/// A day that is known.
pub(super) fn exact(date: Date) -> Dated {
    Dated {
        timex: timex::date(date),
        date: Some(date),
    }
}

/// The last or next such day.
pub(super) fn day(day: &Day, now: DateTime, turn: Turn) -> Dated {
    let today = now.date();
    match day {
        Day::Calendar { year, month, day } => calendar_day(*year, *month, *day, today, turn),
        Day::Relative(days) => exact(calendar::add_days(today, *days)),
        Day::Away(by) => exact(by.after_date(today)),
        Day::Weekday { weekday, week } => weekday_of(*weekday, *week, today, turn),
        Day::WeekdayOn { weekday, day } => Dated {
            timex: timex::weekday(*weekday),
            date: weekday_on(*weekday, *day, today, turn),
        },
        Day::WithWeekday { day, weekday } => match this_month(*weekday, *day, today) {
            Some(date) => exact(date),
            None => self::day(
                &Day::WeekdayOn {
                    weekday: *weekday,
                    day: *day,
                },
                now,
                turn,
            ),
        },
        Day::WeekdayThe { day } => {
            let date = calendar::day(today.year(), today.month(), *day);
            let timex = timex::partial(&format!("{:04}", today.year()), Some(today.month()), Some(*day));
            Dated { timex, date }
        }
        Day::NthWeekday { nth, weekday, of } => nth_weekday(*nth, *weekday, of, now, turn),
        Day::Nth { nth, of } => {
            let date = stretches::stretch(of, now, turn)
                .span
                .and_then(|span| nth_day(*nth, span));
            date.map_or_else(
                || Dated {
                    timex: String::from("XXXX-XX-XX"),
                    date: None,
                },
                exact,
            )
        }
        Day::InWeek { weekday, of } => in_week(*weekday, of, now, turn),
        Day::Shifted { from, by, to } => {
            let from = self::day(from, now, Turn::Future);
            let date = from.date.map(|date| {
                let shifted = by.after_date(date);
                to.map_or(shifted, |weekday| moved_to(shifted, weekday, by))
            });
            date.map_or(from, exact)
        }
        Day::Nearest { nth, weekday, to } => {
            let to = self::day(to, now, turn);
            let date = to.date.map(|date| nearest(*nth, *weekday, date));
            date.map_or(to, exact)
        }
        Day::Beside { weekday, after, of } => {
            let of = self::day(of, now, turn);
            let beside = |date| {
                if *after {
                    on_weekday(calendar::add_days(date, 1), *weekday)
                } else {
                    calendar::add_days(on_weekday(date, *weekday), -7)
                }
            };
            of.date.map(beside).map_or(of, exact)
        }
        Day::Weekdays { weekday, count } => exact(some_weekdays(*weekday, *count, today)),
        Day::Holiday {
            holiday,
            year,
            turn: to,
        } => holiday_day(*holiday, *year, *to, today, turn),
    }
}

/// Whether a day was said with a weekday that the last one has and the next one has not: "Sunday, Feb 10" of this year, when that is over.
pub(super) fn is_surely_past(day: &Day, now: DateTime) -> bool {
    let Day::Calendar {
        year: Year::OfWeekday(weekday),
        ..
    } = day
    else {
        return false;
    };
    let falls_on = |turn| self::day(day, now, turn).date.map(Date::weekday);
    falls_on(Turn::Past) == Some(*weekday) && falls_on(Turn::Future) != Some(*weekday)
}

/// The day after, as TIMEX3 writes it.
pub(super) fn next_day_timex(day: &Dated) -> String {
    let Some(next) = day.date.map(|date| calendar::add_days(date, 1)) else {
        return day.timex.clone();
    };
    if day.timex.starts_with("XXXX-WXX-") {
        timex::weekday(next.weekday())
    } else if day.timex.starts_with("XXXX-XX-") {
        timex::partial("XXXX", None, Some(next.day()))
    } else if day.timex.starts_with("XXXX") {
        timex::partial("XXXX", Some(next.month()), Some(next.day()))
    } else {
        timex::date(next)
    }
}

/// How TIMEX3 writes a year, and which are meant.
pub(super) fn year_of(year: Year, today: Date, turn: Turn) -> (String, Option<i16>) {
    let exact = |year: i16| (format!("{year:04}"), Some(year));
    match year {
        Year::Unsaid | Year::OfWeekday(_) | Year::LastOrNext => (String::from("XXXX"), None),
        Year::Exact(year) => exact(year),
        Year::Short(short) => {
            let century = if turn == Turn::Past { 1900 } else { 2000 };
            (format!("XX{short:02}"), Some(century + short))
        }
        Year::Relative(years) => exact(calendar::add_years(today, years).year()),
        Year::Turned(years) => (String::from("XXXX"), Some(calendar::add_years(today, years).year())),
    }
}

fn calendar_day(year: Year, month: Month, day: i8, today: Date, turn: Turn) -> Dated {
    let (year_timex, known) = year_of(year, today, turn);
    match month {
        Month::Named(month) => {
            let date = match known {
                Some(year) => calendar::day(year, month, day),
                None => in_some_year(today, turn, |year| calendar::day(year, month, day)),
            };
            Dated {
                timex: timex::partial(&year_timex, Some(month), Some(day)),
                date,
            }
        }
        Month::Relative(months) => {
            let first = calendar::first_of_month(today.year(), i64::from(today.month()).saturating_add(months));
            Dated {
                timex: timex::partial(&format!("{:04}", first.year()), Some(first.month()), Some(day)),
                date: calendar::day(first.year(), first.month(), day),
            }
        }
        Month::Unsaid => {
            let of_month = |months: i64| {
                let first = calendar::first_of_month(today.year(), i64::from(today.month()) + months);
                calendar::day(first.year(), first.month(), day)
            };
            let date = match turn {
                Turn::Future => (0..3).filter_map(of_month).find(|date| *date >= today),
                Turn::Past => (-2..=0).rev().filter_map(of_month).find(|date| *date < today),
            };
            Dated {
                timex: timex::partial("XXXX", None, Some(day)),
                date,
            }
        }
    }
}

/// The last such day before today, or the next from today on. Days that not all years have are found up to eight years away.
pub(super) fn in_some_year(today: Date, turn: Turn, of_year: impl Fn(i16) -> Option<Date>) -> Option<Date> {
    let year = today.year();
    match turn {
        Turn::Future => (0..9)
            .filter_map(|years| of_year(year + years))
            .find(|date| *date >= today),
        Turn::Past => (0..9)
            .filter_map(|years| of_year(year - years))
            .find(|date| *date < today),
    }
}

fn weekday_of(weekday: Weekday, week: Week, today: Date, turn: Turn) -> Dated {
    let this = calendar::weekday_in_week(today, weekday);
    match week {
        Week::Relative(weeks) => exact(calendar::add_days(this, weeks.saturating_mul(7))),
        Week::Coming => exact(calendar::add_days(this, if this > today { 0 } else { 7 })),
        Week::Past => exact(calendar::add_days(this, if this < today { 0 } else { -7 })),
        Week::Unsaid => {
            let days = match turn {
                Turn::Future if this < today => 7,
                Turn::Past if this >= today => -7,
                _ => 0,
            };
            Dated {
                timex: timex::weekday(weekday),
                date: Some(calendar::add_days(this, days)),
            }
        }
    }
}

/// The day of this month, if it is that weekday.
fn this_month(weekday: Weekday, day: i8, today: Date) -> Option<Date> {
    calendar::day(today.year(), today.month(), day).filter(|date| date.weekday() == weekday)
}

fn weekday_on(weekday: Weekday, day: i8, today: Date, turn: Turn) -> Option<Date> {
    let of_month = |months: i64| {
        let first = calendar::first_of_month(today.year(), i64::from(today.month()) + months);
        calendar::day(first.year(), first.month(), day).filter(|date| date.weekday() == weekday)
    };
    match turn {
        Turn::Future => (0..60).filter_map(of_month).find(|date| *date >= today),
        Turn::Past => (-60..=0).rev().filter_map(of_month).find(|date| *date < today),
    }
}

/// The weekday on a day or after it.
fn on_weekday(date: Date, weekday: Weekday) -> Date {
    calendar::add_days(date, i64::from(weekday.since(date.weekday())))
}

/// The weekday that someone means by a day "on Tuesday" that is not one: in its week (from Sunday) where weeks or days were counted, or
/// else the next one.
fn moved_to(date: Date, weekday: Weekday, by: &Length) -> Date {
    if by.0.iter().any(|(_, unit)| *unit >= Unit::Month) {
        return on_weekday(date, weekday);
    }
    let sunday = calendar::add_days(date, -i64::from(date.weekday().to_sunday_zero_offset()));
    calendar::add_days(sunday, i64::from(weekday.to_sunday_zero_offset()))
}

/// The n-th nearest such weekday to a day: weekdays are a week apart, so that they lie on both sides of the day in turn.
fn nearest(nth: i16, weekday: Weekday, to: Date) -> Date {
    let next = i64::from(weekday.since(to.weekday()));
    // From the nearest on, the others are 7, -7, 14, -14 ... days from it, or the other way round.
    let first = if next > 3 { next - 7 } else { next };
    let rank = i64::from(nth) - 1;
    let weeks = (rank + 1) / 2;
    let ahead = (rank % 2 == 1) == (first <= 0);
    calendar::add_days(to, first + 7 * if ahead { weeks } else { -weeks })
}

fn some_weekdays(weekday: Weekday, count: i64, today: Date) -> Date {
    let this = calendar::weekday_in_week(today, weekday);
    let started = if count > 0 { this > today } else { this < today };
    let weeks = count - if started { count.signum() } else { 0 };
    calendar::add_days(this, weeks.saturating_mul(7))
}

fn nth_day(nth: Nth, (start, end): (Date, Date)) -> Option<Date> {
    let date = match nth {
        Nth::First(n) => calendar::add_days(start, i64::from(n) - 1),
        Nth::Last(n) => calendar::add_days(end, -i64::from(n)),
    };
    (date >= start && date < end).then_some(date)
}

/// The n-th weekday from the start of a stretch, or from its end.
fn nth_in(nth: Nth, weekday: Weekday, (start, end): (Date, Date)) -> Option<Date> {
    let first = on_weekday(start, weekday);
    let last = calendar::add_days(end, -1);
    let last = calendar::add_days(last, -i64::from(last.weekday().since(weekday)));
    let date = match nth {
        Nth::First(n) => calendar::add_days(first, (i64::from(n) - 1) * 7),
        Nth::Last(n) => calendar::add_days(last, (1 - i64::from(n)) * 7),
    };
    (date >= start && date < end).then_some(date)
}

fn nth_weekday(nth: Nth, weekday: Weekday, of: &Stretch, now: DateTime, turn: Turn) -> Dated {
    let today = now.date();
    let resolve = |stretch: &Stretch| {
        let span = stretches::stretch(stretch, now, turn).span?;
        nth_in(nth, weekday, span)
    };
    let date = match of {
        // The weekday itself must be over or to come, not its month.
        Stretch::Month {
            year: Year::Unsaid,
            month,
        } => in_some_year(today, turn, |year| {
            resolve(&Stretch::Month {
                year: Year::Exact(year),
                month: *month,
            })
        }),
        other => resolve(other),
    };
    let number = weekday.to_monday_one_offset();
    let count = match (nth, date) {
        (Nth::First(n), _) => n,
        (Nth::Last(_), Some(date)) => i16::from((date.day() - 1) / 7 + 1),
        (Nth::Last(n), None) => n,
    };
    let timex = match (of, date) {
        (Stretch::Month { .. } | Stretch::Relative { .. }, Some(date)) => {
            let year = match of {
                Stretch::Month {
                    year: Year::Exact(year),
                    ..
                } => format!("{year:04}"),
                _ => String::from("XXXX"),
            };
            format!("{year}-{:02}-WXX-{number}-#{count}", date.month())
        }
        (_, Some(date)) => timex::date(date),
        _ => format!("XXXX-WXX-{number}-#{count}"),
    };
    Dated { timex, date }
}

fn in_week(weekday: Weekday, of: &Stretch, now: DateTime, turn: Turn) -> Dated {
    let resolve = |of: &Stretch| {
        let (start, _) = stretches::stretch(of, now, turn).span?;
        Some(calendar::weekday_in_week(start, weekday))
    };
    if let Stretch::Nth {
        nth,
        unit: Unit::Week,
        of: month,
        ..
    } = of
        && let Stretch::Month { .. } = month.as_ref()
    {
        return nth_weekday(*nth, weekday, month, now, turn);
    }
    resolve(of).map_or_else(
        || Dated {
            timex: timex::weekday(weekday),
            date: None,
        },
        exact,
    )
}

fn holiday_day(holiday: crate::holiday::Holiday, year: Year, to: Option<i64>, today: Date, turn: Turn) -> Dated {
    let (year_timex, known) = year_of(year, today, turn);
    if let Some(year) = known {
        let date = holiday.in_year(year);
        return Dated {
            timex: holiday.timex(&year_timex, date),
            date,
        };
    }
    let in_turn = |turn| in_some_year(today, turn, |year| holiday.in_year(year));
    match to {
        Some(0) => {
            let date = holiday.in_year(today.year());
            Dated {
                timex: holiday.timex(&format!("{:04}", today.year()), date),
                date,
            }
        }
        Some(count) => {
            let date = in_turn(if count > 0 { Turn::Future } else { Turn::Past });
            let date = date.and_then(|date| {
                let further = i16::try_from(count - count.signum()).ok()?;
                if further == 0 {
                    Some(date)
                } else {
                    holiday.in_year(date.year() + further)
                }
            });
            date.map_or_else(
                || Dated {
                    timex: holiday.timex("XXXX", None),
                    date: None,
                },
                exact,
            )
        }
        None => Dated {
            timex: holiday.timex("XXXX", holiday.in_year(today.year())),
            date: in_turn(turn),
        },
    }
}
