//! What Duckling takes for granted, where that is something else ([`Convention::Duckling`](crate::Convention)).

#[cfg(test)]
mod tests;

use jiff::civil::{Date, DateTime, Time};

use super::{
    Turn, clocks, date_value, days, moments, part_of_value, part_value, plain, point, stretched_value,
    stretches::{by_ends, known, months_between, stretch},
    times,
};
use crate::{
    Modifier, TimeKind, TimeValue, calendar,
    expression::{Day, DayPart, Expression, Part, Season, Stretch, Unit, Year},
    holiday::Holiday,
    length::Length,
    timex,
};

const RAMADAN: Holiday = Holiday::Islamic(9, 1);

/// A reading; `None` for what is read alike.
pub(super) fn value(expression: &Expression, now: DateTime, turn: Turn) -> Option<TimeValue> {
    match expression {
        Expression::DayPart(part, of) => {
            let (start, end) = part_hours(*part, *of)?;
            Some(part_value(*part, *of, times(time(start), time(end))))
        }
        Expression::PartOf(day, part, of) => {
            let (start, end) = part_hours(*part, *of)?;
            let day = days::day(day, now, turn);
            let at = |date: Date, hour: i8| {
                let date = calendar::add_days(date, i64::from(hour / 24));
                date.to_datetime(time(hour))
            };
            let span = day.date.map(|date| (at(date, start), at(date, end)));
            Some(part_of_value(&day, *part, *of, span))
        }
        Expression::Later(by) | Expression::Day(Day::Away(by)) => away(by, now),
        Expression::Rolling { by, within: false } => {
            let (start, end) = whole_units(by, now)?;
            let timex = timex::range(&timex::moment(start), &timex::moment(end), &by.timex());
            Some(plain(TimeKind::DateTimeRange, timex, moments(start, end)))
        }
        // Ramadan is a month.
        Expression::Day(day @ Day::Holiday { holiday: RAMADAN, .. }) => {
            let first = days::day(day, now, turn);
            let start = first.date?;
            let feast = |year: i16| Holiday::Islamic(10, 1).in_year(year).filter(|end| *end > start);
            let end = feast(start.year()).or_else(|| feast(start.year() + 1))?;
            Some(stretched_value(known(first.timex, Some((start, end)))))
        }
        // "this Christmas" is the next one, if it is over this year.
        Expression::Day(Day::Holiday {
            holiday,
            year: year @ Year::Unsaid,
            turn: Some(0),
        }) => {
            let next = Day::Holiday {
                holiday: *holiday,
                year: *year,
                turn: None,
            };
            Some(date_value(&days::day(&next, now, Turn::Future)))
        }
        Expression::Stretch(of) => stretch_value(of, now, turn),
        _ => None,
    }
}

/// Puts the time of day that comes next before the one in the other half of the day.
pub(super) fn order(variants: &mut [Expression], now: DateTime) {
    if let [Expression::Clock(first), Expression::Clock(second)] = variants {
        let passed = |clock| clocks::time(clock) < now.time();
        if passed(*first) && !passed(*second) {
            variants.reverse();
        }
    }
}

fn stretch_value(of: &Stretch, now: DateTime, turn: Turn) -> Option<TimeValue> {
    match of {
        Stretch::Part(part, whole) => {
            let mut whole = stretch(whole, now, turn);
            whole.span = Some(part_of(*part, whole.span?)?);
            whole.part = Some(*part);
            Some(stretched_value(whole))
        }
        Stretch::Rolling { by, within: false } => {
            let (start, end) = whole_units(by, now)?;
            Some(stretched_value(by_ends(start.date(), end.date(), &by.timex())))
        }
        Stretch::Rolling { by, within: true } => {
            let end = later(by, now)?.0;
            let timex = timex::range(&timex::moment(now), &timex::moment(end), &by.timex());
            Some(plain(TimeKind::DateTimeRange, timex, moments(now, end)))
        }
        Stretch::Season { year, season } => {
            let span = season_span(*season, *year, now.date(), turn)?;
            let year = match year {
                Year::Unsaid => String::new(),
                year => days::year_of(*year, now.date(), turn).0 + "-",
            };
            Some(stretched_value(known(year + timex::season(*season), Some(span))))
        }
        Stretch::Relative {
            unit: Unit::Weekend, ..
        }
        | Stretch::Around {
            unit: Unit::Weekend, ..
        }
        | Stretch::Nth {
            unit: Unit::Weekend,
            count: None,
            ..
        } => {
            let weekend = stretch(of, now, turn);
            let (start, end) = weekend.span?;
            let start = calendar::add_days(start, -1).to_datetime(time(18));
            let resolved = moments(start, end.to_datetime(Time::midnight()));
            Some(plain(TimeKind::DateTimeRange, weekend.timex, resolved))
        }
        _ => None,
    }
}

/// When a part of a day starts and ends.
const fn part_hours(part: DayPart, of: Option<Part>) -> Option<(i8, i8)> {
    Some(match (part, of) {
        (DayPart::Morning, Some(Modifier::Start)) => (0, 9),
        (DayPart::Morning, _) => (0, 12),
        (DayPart::Afternoon, _) => (12, 19),
        (DayPart::Evening | DayPart::Night, Some(Modifier::End)) => (21, 24),
        (DayPart::Evening | DayPart::Night, _) => (18, 24),
        (DayPart::Lunch, _) => (12, 14),
        _ => return None,
    })
}

fn time(hour: i8) -> Time {
    Time::new(hour % 24, 0, 0, 0).unwrap_or(Time::midnight())
}

/// The start, middle or end of a stretch: days of a week, thirds of a month, months of a year.
fn part_of(part: Part, (start, end): (Date, Date)) -> Option<(Date, Date)> {
    let span = |from: i64, to: i64| Some((calendar::add_days(start, from), calendar::add_days(start, to)));
    let days = calendar::days_between(start, end);
    match (days, part) {
        (7, Modifier::Start) => span(0, 3),
        (7, Modifier::End) => span(4, 7),
        (28..=31, Modifier::Start) => span(0, 10),
        (28..=31, Modifier::Mid) => span(10, 20),
        (28..=31, Modifier::End) => span(20, days),
        (_, Modifier::Start) if months_between(start, end) == 12 => Some((start, calendar::add_months(start, 3))),
        (_, Modifier::End) if months_between(start, end) == 12 => Some((calendar::add_months(end, -4), end)),
        _ => None,
    }
}

/// The moment so long from now, with the unit below that of the length, to which it is exact.
fn later(by: &Length, now: DateTime) -> Option<(DateTime, Unit)> {
    let (_, unit) = by.single()?;
    let grain = match unit {
        Unit::Day | Unit::Fortnight => Unit::Hour,
        Unit::Week | Unit::Month | Unit::Quarter => Unit::Day,
        Unit::Year => Unit::Month,
        _ => return None,
    };
    Some((start_of(grain, by.after(now))?, grain))
}

/// A time by its distance from now.
fn away(by: &Length, now: DateTime) -> Option<TimeValue> {
    let (start, grain) = later(by, now)?;
    match grain {
        Unit::Hour => {
            let timex = timex::date(start.date()) + &format!("T{:02}", start.hour());
            Some(plain(TimeKind::DateTime, timex, point(start)))
        }
        Unit::Month => {
            let date = start.date();
            let timex = format!("{:04}-{:02}", date.year(), date.month());
            let span = Some((date, calendar::add_months(date, 1)));
            Some(stretched_value(known(timex, span)))
        }
        _ => None,
    }
}

/// So many whole units of the calendar or the clock, the next or the last ones.
fn whole_units(by: &Length, now: DateTime) -> Option<(DateTime, DateTime)> {
    let (_, unit) = by.single()?;
    let this = start_of(unit, now)?;
    if by.is_negative() {
        return Some((by.after(this), this));
    }
    let next = Length::new(1.0, unit).after(this);
    Some((next, by.after(next)))
}

/// The start of the hour, day, month ... in which a moment is; `None` for units that the calendar does not have.
fn start_of(unit: Unit, moment: DateTime) -> Option<DateTime> {
    let date = moment.date();
    let (hour, minute, second) = (moment.hour(), moment.minute(), moment.second());
    let midnight = |date: Date| date.to_datetime(Time::midnight());
    Some(match unit {
        Unit::Second => date.at(hour, minute, second, 0),
        Unit::Minute => date.at(hour, minute, 0, 0),
        Unit::Hour => date.at(hour, 0, 0, 0),
        Unit::Day => midnight(date),
        Unit::Week => midnight(calendar::monday(date)),
        Unit::Month => midnight(date.first_of_month()),
        Unit::Quarter => {
            let month = i64::from((date.month() - 1) / 3 * 3 + 1);
            midnight(calendar::first_of_month(date.year(), month))
        }
        Unit::Year => midnight(date.first_of_year()),
        Unit::BusinessDay | Unit::Weekend | Unit::Fortnight | Unit::Decade | Unit::Century => return None,
    })
}

/// A season of the northern sky: the one that is or comes next, or so many before or after it.
fn season_span(season: Season, year: Year, today: Date, turn: Turn) -> Option<(Date, Date)> {
    let in_year = |year: i16| -> Option<(Date, Date)> {
        let (start, end) = match season {
            Season::Spring => ((3, 20), (6, 21)),
            Season::Summer => ((6, 21), (9, 23)),
            Season::Fall => ((9, 23), (12, 21)),
            Season::Winter => ((12, 21), (3, 20)),
        };
        let end_year = year + i16::from(season == Season::Winter);
        Some((
            calendar::day(year, start.0, start.1)?,
            calendar::day(end_year, end.0, end.1)?,
        ))
    };
    let year_of_today = today.year();
    let mut near = (year_of_today - 1..=year_of_today + 1).filter_map(in_year);
    match year {
        Year::Exact(year) => in_year(year),
        Year::Unsaid if turn == Turn::Past => near.rfind(|(_, end)| *end <= today),
        Year::Unsaid | Year::Relative(0) => near.find(|(_, end)| *end > today),
        Year::Relative(1) => near.find(|(start, _)| *start > today),
        Year::Relative(-1) => near.rfind(|(_, end)| *end <= today),
        _ => None,
    }
}
