//! Stretches that are said by their ends.

use jiff::civil::DateTime;

use super::{
    Dated, Stretched, Turn, days,
    stretches::{known, middle, months_between, stretch, unknown},
};
use crate::{
    Modifier, calendar,
    expression::{Bound, Stretch, Unit},
    timex,
};

/// What an end of a stretch is counted in.
#[derive(PartialEq, Eq, PartialOrd, Ord, Clone, Copy)]
enum Grain {
    Day,
    Week,
    Month,
    Year,
}

fn grain(bound: &Bound) -> Grain {
    let Bound::Stretch(stretch, part) = bound else {
        return Grain::Day;
    };
    let grain = stretch_grain(stretch);
    if part.is_some() { grain.min(Grain::Month) } else { grain }
}

fn stretch_grain(stretch: &Stretch) -> Grain {
    match stretch {
        Stretch::Year(_) | Stretch::Decade(_) | Stretch::Century(_) => Grain::Year,
        Stretch::Month { .. } | Stretch::Months { .. } => Grain::Month,
        Stretch::WeekNumber { .. } => Grain::Week,
        Stretch::Relative { unit, .. } => match unit {
            Unit::Year | Unit::Decade | Unit::Century => Grain::Year,
            Unit::Month | Unit::Quarter => Grain::Month,
            Unit::Week => Grain::Week,
            _ => Grain::Day,
        },
        Stretch::Part(_, of) => stretch_grain(of).min(Grain::Month),
        _ => Grain::Day,
    }
}

fn bound(bound: &Bound, now: DateTime, turn: Turn) -> Dated {
    match bound {
        Bound::Day(day) => days::day(day, now, turn),
        Bound::Now => days::exact(now.date()),
        Bound::Stretch(of, part) => {
            let whole = stretch(of, now, turn);
            let date = whole.span.map(|(start, end)| match part {
                Some(Modifier::Mid) => middle(start, end),
                Some(Modifier::End) => end,
                _ => start,
            });
            let Some(date) = date else {
                return Dated {
                    timex: whole.timex,
                    date: None,
                };
            };
            let open = whole.timex.starts_with("XXXX") || whole.timex.starts_with("(XXXX");
            let timex = if open {
                timex::partial("XXXX", Some(date.month()), Some(date.day()))
            } else {
                timex::date(date)
            };
            Dated {
                timex,
                date: Some(date),
            }
        }
    }
}

pub(super) fn between(from: &Bound, to: &Bound, now: DateTime, turn: Turn) -> Stretched {
    let (mut start, mut end) = (bound(from, now, turn), bound(to, now, turn));
    let grain = grain(from).min(grain(to)).min(match (from, to) {
        // Weeks against months can only be counted in days.
        (Bound::Stretch(..), Bound::Stretch(..)) => Grain::Year,
        _ => Grain::Day,
    });
    if *to == Bound::Now {
        let known = bound(from, now, Turn::Past).date;
        start = known.map_or(start, days::exact);
    } else if end.date < start.date {
        match turn {
            Turn::Future => start = bound(from, now, Turn::Past),
            Turn::Past => end = bound(to, now, Turn::Future),
        }
    }
    // Both recur: the end is the first after the start.
    if start.timex.starts_with("XXXX-")
        && end.timex.starts_with("XXXX-")
        && let (Some(first), Some(last)) = (start.date, end.date)
        && calendar::days_between(first, last) > 366
    {
        end = bound(to, first.to_datetime(jiff::civil::Time::midnight()), Turn::Future);
    }
    let (Some(first), Some(last)) = (start.date, end.date) else {
        return unknown(timex::range(&start.timex, &end.timex, "PXD"));
    };
    let days = calendar::days_between(first, last);
    let length = match grain {
        Grain::Year => format!("P{}Y", last.year() - first.year()),
        Grain::Month => format!("P{}M", months_between(first, last)),
        Grain::Week => format!("P{}W", days / 7),
        Grain::Day => timex::days(days),
    };
    known(timex::range(&start.timex, &end.timex, &length), Some((first, last)))
}
