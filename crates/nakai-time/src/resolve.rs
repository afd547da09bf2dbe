//! What an expression means at a reference: its readings.
//!
//! An expression has up to two readings in time, the last and the next such thing before and after the reference, and each of them up
//! to two in the half of the day. [`readings`] gives them all, those of the first half of the day first, and in each half the preferred
//! turn first. [`duckling`] has what is different by Duckling's convention.

mod between;
mod clocks;
mod counted;
mod days;
mod duckling;
mod stretches;

use jiff::civil::{Date, DateTime, Time};

use crate::{
    Convention, Modifier, Preference, Reference, Resolved, TimeKind, TimeValue, calendar,
    expression::{Clock, Day, DayPart, Expression, Instant, Part, Stretch, Unit},
    length::Length,
    timex,
};

/// Whether the last or the next of what recurs is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Turn {
    /// The last.
    Past,
    /// The next.
    Future,
}

/// A day with how it was said. No day if the calendar does not have it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Dated {
    pub(crate) timex: String,
    pub(crate) date: Option<Date>,
}

/// A stretch of days with how it was said; the end is excluded. Nothing if it isn't known where it starts.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Stretched {
    pub(crate) timex: String,
    pub(crate) span: Option<(Date, Date)>,
    pub(crate) part: Option<Part>,
}

/// All readings of an expression; never empty, without repetition.
pub(crate) fn readings(expression: &Expression, reference: &Reference) -> Vec<TimeValue> {
    let turns = match reference.preference {
        // Who reports what was means the last one, whatever weekday they say.
        Preference::Future
            if expression
                .day()
                .is_none_or(|day| !days::is_surely_past(day, reference.now)) =>
        {
            [Turn::Future, Turn::Past]
        }
        Preference::Future => [Turn::Past, Turn::Future],
        Preference::Past => [Turn::Past, Turn::Future],
    };
    let mut readings: Vec<TimeValue> = Vec::new();
    let mut variants = variants(expression);
    if reference.convention == Convention::Duckling {
        duckling::order(&mut variants, reference.now);
    }
    for variant in variants {
        for turn in turns {
            let value = value(&variant, reference, turn);
            if !readings.contains(&value) {
                readings.push(value);
            }
        }
    }
    readings
}

/// The expression with its times of day in either half of the day.
fn variants(expression: &Expression) -> Vec<Expression> {
    match expression {
        Expression::Clock(clock) => clocks::halves(*clock).into_iter().map(Expression::Clock).collect(),
        Expression::Moment(day, clock) => clocks::halves(*clock)
            .into_iter()
            .map(|clock| Expression::Moment(day.clone(), clock))
            .collect(),
        Expression::Clocks(from, to) => clocks::ranges(*from, *to)
            .into_iter()
            .map(|(from, to)| Expression::Clocks(from, to))
            .collect(),
        Expression::Moments(day, from, to) => clocks::ranges_in_day(*from, *to)
            .into_iter()
            .map(|(from, to)| Expression::Moments(day.clone(), from, to))
            .collect(),
        Expression::From(day, clock, length) => clocks::halves(*clock)
            .into_iter()
            .map(|clock| Expression::From(day.clone(), clock, length.clone()))
            .collect(),
        Expression::Bounded { by, part, what } => variants(what)
            .into_iter()
            .map(|what| Expression::Bounded {
                by: *by,
                part: *part,
                what: Box::new(what),
            })
            .collect(),
        other => vec![other.clone()],
    }
}

/// One reading.
fn value(expression: &Expression, reference: &Reference, turn: Turn) -> TimeValue {
    let now = reference.now;
    if reference.convention == Convention::Duckling
        && let Some(value) = duckling::value(expression, now, turn)
    {
        return value;
    }
    match expression {
        Expression::Day(day) => date_value(&days::day(day, now, turn)),
        Expression::Stretch(stretch) => stretch_value(stretch, now, turn),
        Expression::Now => plain(TimeKind::DateTime, "PRESENT_REF".to_owned(), point(now)),
        Expression::Vague(timex) => plain(TimeKind::DateTime, String::from(*timex), point(now)),
        Expression::Clock(clock) => plain(
            TimeKind::Time,
            timex::clock(*clock),
            Resolved::Point(timex::time_value(clocks::time(*clock))),
        ),
        Expression::DayPart(part, of) => {
            let (start, end) = clocks::part_hours(*part, *of);
            part_value(*part, *of, times(start, end))
        }
        Expression::Clocks(from, to) => {
            let (start, end) = (clocks::time(*from), clocks::time(*to));
            let length = timex::clock_length(clocks::seconds_between(start, end));
            let timex = timex::range(&timex::clock(*from), &timex::clock(*to), &length);
            plain(TimeKind::TimeRange, timex, times(start, end))
        }
        Expression::Moment(day, clock) => {
            let day = days::day(day, now, turn);
            let timex = day.timex.clone() + &timex::clock(*clock);
            let moment = day.date.map(|date| clocks::on(date, *clock));
            plain(TimeKind::DateTime, timex, moment.map_or(Resolved::Unresolved, point))
        }
        Expression::EndOfDay(day) => {
            let day = days::day(day, now, turn);
            let moment = day.date.map(|date| date.at(23, 59, 59, 0));
            plain(
                TimeKind::DateTime,
                day.timex + "T23:59:59",
                moment.map_or(Resolved::Unresolved, point),
            )
        }
        Expression::RestOfDay => {
            let end = now.date().at(23, 59, 59, 0);
            let length = format!("PT{}S", now.duration_until(end).as_secs());
            let timex = timex::range(&timex::moment(now), &timex::moment(end), &length);
            plain(TimeKind::DateTimeRange, timex, moments(now, end))
        }
        Expression::Later(by) if by.has_clock() => {
            let moment = by.after(now);
            plain(TimeKind::DateTime, timex::moment(moment), point(moment))
        }
        Expression::Later(by) => date_value(&days::exact(by.after(now).date())),
        Expression::Rolling { by, .. } => {
            let other = by.after(now);
            let (start, end) = if by.is_negative() { (other, now) } else { (now, other) };
            let timex = timex::range(&timex::moment(start), &timex::moment(end), &by.timex());
            plain(TimeKind::DateTimeRange, timex, moments(start, end))
        }
        Expression::PartOf(day, part, of) => {
            let day = days::day(day, now, turn);
            let (start, end) = clocks::part_hours(*part, *of);
            let span = day.date.map(|date| (date.to_datetime(start), date.to_datetime(end)));
            part_of_value(&day, *part, *of, span)
        }
        Expression::ByClock(unit, offset) => {
            let minute = if *unit == Unit::Hour { 0 } else { now.minute() };
            let length = Length::new(1.0, *unit);
            let start = now.date().at(now.hour(), minute, 0, 0);
            let start =
                crate::calendar::add_seconds(start, length.seconds() * f64::from(i32::try_from(*offset).unwrap_or(0)));
            let end = length.after(start);
            let timex = timex::range(&timex::moment(start), &timex::moment(end), &length.timex());
            plain(TimeKind::DateTimeRange, timex, moments(start, end))
        }
        Expression::HalfOf(day, part) => half_of_day(&days::day(day, now, turn), *part),
        Expression::Moments(day, from, to) => moments_value(&days::day(day, now, turn), *from, *to),
        Expression::Span(from, to) => span_value(from, to, now, turn),
        Expression::From(day, clock, length) => from_value(day.as_ref(), *clock, length, now, turn),
        Expression::Length(length) => plain(TimeKind::Duration, length.timex(), Resolved::Seconds(length.seconds())),
        Expression::Set(timex) => plain(TimeKind::Set, timex.clone(), Resolved::Unresolved),
        Expression::Bounded { by, part, what } => bounded(*by, *part, what, reference, turn),
    }
}

fn plain(kind: TimeKind, timex: String, resolved: Resolved) -> TimeValue {
    TimeValue {
        kind,
        timex,
        resolved,
        modifier: None,
        part: None,
    }
}

fn point(moment: DateTime) -> Resolved {
    Resolved::Point(timex::moment_value(moment))
}

fn times(start: Time, end: Time) -> Resolved {
    Resolved::Range {
        start: Some(timex::time_value(start)),
        end: Some(timex::time_value(end)),
    }
}

fn moments(start: DateTime, end: DateTime) -> Resolved {
    Resolved::Range {
        start: Some(timex::moment_value(start)),
        end: Some(timex::moment_value(end)),
    }
}

fn part_value(part: DayPart, of: Option<Part>, resolved: Resolved) -> TimeValue {
    TimeValue {
        modifier: of,
        ..plain(TimeKind::TimeRange, timex::day_part(part).to_owned(), resolved)
    }
}

fn part_of_value(day: &Dated, part: DayPart, of: Option<Part>, span: Option<(DateTime, DateTime)>) -> TimeValue {
    TimeValue {
        modifier: of,
        ..plain(
            TimeKind::DateTimeRange,
            day.timex.clone() + timex::day_part(part),
            span.map_or(Resolved::Unresolved, |(start, end)| moments(start, end)),
        )
    }
}

fn date_value(day: &Dated) -> TimeValue {
    let resolved = day
        .date
        .map_or(Resolved::Unresolved, |date| Resolved::Point(timex::date(date)));
    plain(TimeKind::Date, day.timex.clone(), resolved)
}

fn stretch_value(stretch: &Stretch, now: DateTime, turn: Turn) -> TimeValue {
    stretched_value(stretches::stretch(stretch, now, turn))
}

fn stretched_value(stretched: Stretched) -> TimeValue {
    let resolved = stretched
        .span
        .map_or(Resolved::Unresolved, |(start, end)| Resolved::Range {
            start: Some(timex::date(start)),
            end: Some(timex::date(end)),
        });
    TimeValue {
        modifier: stretched.part,
        ..plain(TimeKind::DateRange, stretched.timex, resolved)
    }
}

fn half_of_day(day: &Dated, part: Part) -> TimeValue {
    let span = day.date.map(|date| {
        let noon = date.at(12, 0, 0, 0);
        match part {
            Modifier::Start => moments(date.at(0, 0, 0, 0), noon),
            Modifier::Mid => moments(date.at(10, 0, 0, 0), date.at(14, 0, 0, 0)),
            _ => moments(noon, calendar::add_days(date, 1).at(0, 0, 0, 0)),
        }
    });
    TimeValue {
        modifier: Some(part),
        ..plain(
            TimeKind::DateTimeRange,
            day.timex.clone(),
            span.unwrap_or(Resolved::Unresolved),
        )
    }
}

fn moments_value(day: &Dated, from: Clock, to: Clock) -> TimeValue {
    let (start, end) = (clocks::time(from), clocks::time(to));
    let length = timex::clock_length(clocks::seconds_between(start, end));
    // 25時 is said of the day before.
    let counts_on = from.hour >= 24 || to.hour >= 24;
    let overnight = end <= start && !counts_on;
    let end_timex = if overnight {
        days::next_day_timex(day)
    } else {
        day.timex.clone()
    };
    let timex = timex::range(
        &(day.timex.clone() + &timex::clock(from)),
        &(end_timex + &timex::clock(to)),
        &length,
    );
    let span = day.date.map(|date| {
        let end_date = calendar::add_days(date, i64::from(overnight));
        moments(clocks::on(date, from), clocks::on(end_date, to))
    });
    plain(TimeKind::DateTimeRange, timex, span.unwrap_or(Resolved::Unresolved))
}

fn span_value(from: &Instant, to: &Instant, now: DateTime, turn: Turn) -> TimeValue {
    let instant = |instant: &Instant| match instant {
        Instant::Now => (String::from("PRESENT_REF"), Some(now)),
        Instant::Later(by) => {
            let moment = by.after(now);
            (timex::moment(moment), Some(moment))
        }
        Instant::At(day, clock) | Instant::Next(day, clock) => {
            let turn = if matches!(instant, Instant::Next(..)) {
                Turn::Future
            } else {
                turn
            };
            let day = days::day(day, now, turn);
            (
                day.timex + &timex::clock(*clock),
                day.date.map(|date| clocks::on(date, *clock)),
            )
        }
    };
    let ((from, start), (to, end)) = (instant(from), instant(to));
    let (Some(start), Some(end)) = (start, end) else {
        return plain(
            TimeKind::DateTimeRange,
            timex::range(&from, &to, "PXD"),
            Resolved::Unresolved,
        );
    };
    let seconds = start.duration_until(end).as_secs();
    let timex = timex::range(&from, &to, &timex::clock_length(seconds));
    plain(TimeKind::DateTimeRange, timex, moments(start, end))
}

fn from_value(day: Option<&Day>, clock: Clock, length: &Length, now: DateTime, turn: Turn) -> TimeValue {
    let Some(day) = day else {
        let start = clocks::time(clock);
        let end = length.after(now.date().to_datetime(start)).time();
        let end_timex = format!("T{}", timex::time_value(end));
        let timex = timex::range(&timex::clock(clock), &end_timex, &length.timex());
        return plain(TimeKind::TimeRange, timex, times(start, end));
    };
    let day = days::day(day, now, turn);
    let start = day.date.map(|date| clocks::on(date, clock));
    let Some(start) = start else {
        return plain(
            TimeKind::DateTimeRange,
            day.timex + &timex::clock(clock),
            Resolved::Unresolved,
        );
    };
    let end = length.after(start);
    let end_day = if end.date() == start.date() {
        day.timex.clone()
    } else {
        days::next_day_timex(&day)
    };
    let timex = timex::range(
        &(day.timex + &timex::clock(clock)),
        &format!("{end_day}T{}", timex::time_value(end.time())),
        &length.timex(),
    );
    plain(TimeKind::DateTimeRange, timex, moments(start, end))
}

/// A bound of what it names: "before May" ends where May starts, "after May" starts where it ends.
fn bounded(by: Modifier, part: Option<Part>, what: &Expression, reference: &Reference, turn: Turn) -> TimeValue {
    let inner = value(what, reference, turn);
    if matches!(
        by,
        Modifier::Less | Modifier::More | Modifier::Approximate | Modifier::Unanchored
    ) {
        return TimeValue {
            modifier: Some(by),
            ..inner
        };
    }
    let kind = match inner.kind {
        TimeKind::Date | TimeKind::DateRange => TimeKind::DateRange,
        TimeKind::Time | TimeKind::TimeRange => TimeKind::TimeRange,
        other => match other {
            TimeKind::Duration | TimeKind::Set => other,
            _ => TimeKind::DateTimeRange,
        },
    };
    let named = inner
        .modifier
        .filter(|_| matches!(what, Expression::Stretch(Stretch::Part(..))));
    let (start, end) = match inner.resolved {
        Resolved::Point(point) => (Some(point.clone()), Some(point)),
        Resolved::Range { start, end } => (start, end),
        other => {
            return TimeValue {
                kind,
                modifier: Some(by),
                part,
                timex: inner.timex,
                resolved: other,
            };
        }
    };
    let resolved = match (by, part) {
        (Modifier::Before | Modifier::Until, Some(Modifier::End)) | (Modifier::Until, None) => {
            Resolved::Range { start: None, end }
        }
        (Modifier::Before | Modifier::Until, Some(Modifier::Mid)) => Resolved::Range {
            start: None,
            end: middle(start.as_deref(), end.as_deref()),
        },
        (Modifier::Before | Modifier::Until, _) => Resolved::Range {
            start: None,
            end: start,
        },
        (_, Some(Modifier::Mid)) => Resolved::Range {
            start: middle(start.as_deref(), end.as_deref()),
            end: None,
        },
        (Modifier::After, None) | (_, Some(Modifier::End)) => Resolved::Range { start: end, end: None },
        _ => Resolved::Range { start, end: None },
    };
    TimeValue {
        kind,
        modifier: Some(by),
        part: part.or(named),
        timex: inner.timex,
        resolved,
    }
}

/// The day in the middle of a stretch of days.
fn middle(start: Option<&str>, end: Option<&str>) -> Option<String> {
    let (start, end): (Date, Date) = (start?.parse().ok()?, end?.parse().ok()?);
    Some(timex::date(stretches::middle(start, end)))
}
