//! Units counted in a stretch: "the third week of May", "the last 3 weeks of this year".

use jiff::civil::{Date, DateTime, Weekday};

use super::{
    Stretched, Turn,
    stretches::{by_ends, known, months_between, stretch, unknown},
};
use crate::{
    calendar,
    expression::{Nth, Stretch, Unit},
    length::Length,
    timex,
};

/// Weeks of a month or a year count from the one that has its first Thursday.
fn first_week(start: Date) -> Date {
    let monday = calendar::monday(start);
    if start.weekday().to_monday_zero_offset() > 3 {
        calendar::add_days(monday, 7)
    } else {
        monday
    }
}

fn first_saturday(start: Date) -> Date {
    calendar::add_days(start, i64::from(Weekday::Saturday.since(start.weekday())))
}

pub(super) fn nth_in(nth: Nth, count: Option<i64>, unit: Unit, of: &Stretch, now: DateTime, turn: Turn) -> Stretched {
    let whole = stretch(of, now, turn);
    let Some((start, end)) = whole.span else {
        return unknown(whole.timex);
    };
    let at = |index: i64| -> Date {
        match unit {
            Unit::Week => calendar::add_days(first_week(start), index * 7),
            Unit::Weekend => calendar::add_days(first_saturday(start), index * 7),
            Unit::Month => calendar::add_months(start, index),
            Unit::Quarter => calendar::add_months(start, index * 3),
            Unit::Year => calendar::add_years(start, index),
            Unit::Decade => calendar::add_years(start, index * 10),
            _ => calendar::add_days(start, index),
        }
    };
    // How many there are: of weeks, those that have their Thursday in the stretch.
    let total = match unit {
        Unit::Week => calendar::days_between(first_week(start), first_week(end)) / 7,
        Unit::Weekend => calendar::days_between(first_saturday(start), first_saturday(end)) / 7,
        Unit::Month | Unit::Quarter | Unit::Year | Unit::Decade => {
            let months = months_between(start, end);
            months
                / match unit {
                    Unit::Quarter => 3,
                    Unit::Year => 12,
                    Unit::Decade => 120,
                    _ => 1,
                }
        }
        _ => calendar::days_between(start, end),
    };
    let size = count.unwrap_or(1);
    let index = match nth {
        Nth::First(n) => i64::from(n) - 1,
        Nth::Last(n) => total - i64::from(n) - size + 1,
    };
    let first = at(index);
    let after = match unit {
        Unit::Weekend => calendar::add_days(first, 2),
        _ => at(index + size),
    };
    #[expect(clippy::cast_precision_loss, reason = "counts that people say are small")]
    let length = |amount: i64| Length::new(amount as f64, unit).timex();
    if let Some(count) = count {
        return by_ends(first, after, &length(count));
    }
    let last = matches!(nth, Nth::Last(1));
    match unit {
        Unit::Week => {
            let in_month = matches!(of, Stretch::Month { .. } | Stretch::Relative { unit: Unit::Month, .. });
            let timex = if in_month && last {
                whole.timex + "-W05"
            } else if in_month {
                format!("{}-W{:02}", whole.timex, index + 1)
            } else {
                timex::week(calendar::iso_week(first))
            };
            known(timex, Some((first, after)))
        }
        Unit::Weekend => known(timex::week(calendar::iso_week(first)) + "-WE", Some((first, after))),
        Unit::Month => known(
            format!("{:04}-{:02}", first.year(), first.month()),
            Some((first, after)),
        ),
        _ => by_ends(first, after, &length(1)),
    }
}
