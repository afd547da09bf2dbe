//! Points and stretches of time: `(datetime (2013, 2, 12, 15, 0, 0) Hour)`, `(datetimeInterval (…) Day)`, `(datetimeOpenInterval After …)`.

use std::ops::Range;

use jiff::{
    Span, ToSpan,
    civil::{Date, DateTime, Time, date},
    tz::{Offset, TimeZone},
};
use nakai_time::{Convention, Preference, Reference, Resolved, TimeKind, TimeValue};
use nakai_types::Language;

use super::{Expression, Found};

/// The time at which Duckling's corpora are said.
const NOW: DateTime = date(2013, 2, 12).at(4, 30, 0, 0);

/// The time zone in which they are said.
const ZONE: Offset = jiff::tz::offset(-2);

/// A stretch of time; an end that is `None` is open.
type Stretch = (Option<DateTime>, Option<DateTime>);

/// What an expression must stand for.
enum Expected {
    /// The day, month, ... that begins then.
    Whole(DateTime, Span),
    /// The moment, or the hour, minute, ... that begins then.
    Moment(DateTime, Span),
    /// A stretch, its end excluded, and its last unit.
    Interval(DateTime, DateTime, Span),
    /// From the unit that begins then, or from its end.
    After(DateTime, Span),
    Before(DateTime),
}

/// The preferred reading of everything in a text that has to do with time.
pub(super) fn mentions(text: &str, language: Language, convention: Convention) -> Vec<(Range<usize>, TimeValue)> {
    let reference = Reference {
        convention,
        zone: Some(TimeZone::fixed(ZONE)),
        ..Reference::new(NOW, Preference::Future)
    };
    let mentions = nakai_time::find(text, language, &reference).into_iter();
    mentions
        .filter_map(|mention| Some((mention.range, mention.readings.into_iter().next()?)))
        .collect()
}

pub(super) fn find(
    text: &str,
    language: Language,
    convention: Convention,
    expected: Option<&Expression>,
) -> Vec<Found> {
    let expected = expected.and_then(of_expression);
    let times = mentions(text, language, convention).into_iter();
    let times = times.filter(|(_, value)| !matches!(value.kind, TimeKind::Duration | TimeKind::Set));
    let found = times.map(|(range, value)| Found {
        range,
        equal: match (&expected, stretch(&value.resolved)) {
            (Some(expected), Some(found)) => expected.is(found),
            _ => false,
        },
        value: format!("{:?}", value.resolved).into(),
    });
    found.collect()
}

impl Expected {
    fn is(&self, (start, end): Stretch) -> bool {
        let later = |time: Option<DateTime>, unit: &Span| time.and_then(|time| time.checked_add(*unit).ok());
        match self {
            Self::Whole(point, unit) => start == Some(*point) && end == later(start, unit),
            Self::Moment(point, unit) => start == Some(*point) && (end.is_none() || end == later(start, unit)),
            // Duckling excludes what is named last, Recognizers-Text excludes it or not by how it is named.
            Self::Interval(from, to, unit) => start == Some(*from) && [end, later(end, unit)].contains(&Some(*to)),
            // Duckling writes what begins after a year as it writes the year.
            Self::After(bound, unit) => {
                let bound = Some(*bound);
                end.is_none() && (start == bound || start == later(bound, unit))
            }
            Self::Before(bound) => (start, end) == (None, Some(*bound)),
        }
    }
}

fn of_expression(expression: &Expression) -> Option<Expected> {
    let [function, parts @ ..] = expression.parts() else {
        return None;
    };
    match (function.name()?, parts) {
        ("datetime" | "datetimeHoliday", [time, grain, ..]) => {
            let (time, unit) = (of_tuple(time)?, unit(grain.name()?)?);
            Some(match grain.name()? {
                "Day" | "Week" | "Month" | "Quarter" | "Year" => Expected::Whole(time, unit),
                _ => Expected::Moment(time, unit),
            })
        }
        ("datetimeInterval" | "datetimeIntervalHoliday", [ends, grain, ..]) => {
            let [from, to] = ends.parts() else { return None };
            Some(Expected::Interval(of_tuple(from)?, of_tuple(to)?, unit(grain.name()?)?))
        }
        ("datetimeOpenInterval", [direction, bound, grain, ..]) => match direction.name()? {
            "After" => Some(Expected::After(of_tuple(bound)?, unit(grain.name()?)?)),
            "Before" => Some(Expected::Before(of_tuple(bound)?)),
            _ => None,
        },
        _ => None,
    }
}

/// Reads `(2013, 2, 12, 15, 0, 0)`.
fn of_tuple(tuple: &Expression) -> Option<DateTime> {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "out of range numbers saturate and are no dates"
    )]
    let field = |part: &Expression| part.number().map(|number| number as i16);
    let fields: Vec<i16> = tuple.parts().iter().map_while(field).collect();
    let [year, month, day, hour, minute, second] = fields.as_slice() else {
        return None;
    };
    let small = |field: &i16| i8::try_from(*field).ok();
    let date = Date::new(*year, small(month)?, small(day)?).ok()?;
    let time = Time::new(small(hour)?, small(minute)?, small(second)?, 0).ok()?;
    Some(date.to_datetime(time))
}

fn unit(grain: &str) -> Option<Span> {
    Some(match grain {
        "Year" => 1.year(),
        "Quarter" => 3.months(),
        "Month" => 1.month(),
        "Week" => 1.week(),
        "Day" => 1.day(),
        "Hour" => 1.hour(),
        "Minute" => 1.minute(),
        "Second" | "NoGrain" => 1.second(),
        _ => return None,
    })
}

/// The stretch of time that was found: of a day its length, of a moment nothing. A time of day is the next one.
fn stretch(resolved: &Resolved) -> Option<Stretch> {
    match resolved {
        Resolved::Point(point) => match point.parse::<Date>() {
            Ok(date) if !point.contains(':') => {
                let start = date.to_datetime(Time::midnight());
                Some((Some(start), start.checked_add(1.day()).ok()))
            }
            _ => moment(point, NOW).map(|moment| (Some(moment), None)),
        },
        Resolved::Range { start, end } => {
            let from = start.as_deref().and_then(|start| moment(start, NOW));
            let to = end.as_deref().and_then(|end| moment(end, from.unwrap_or(NOW)));
            (from.is_some() || to.is_some()).then_some((from, to))
        }
        Resolved::Seconds(_) | Resolved::Unresolved => None,
    }
}

/// Reads a day, a moment, or a time of day, which is the next one from `now` on.
fn moment(written: &str, now: DateTime) -> Option<DateTime> {
    if written.contains('-') {
        let date = written.get(..10)?.parse::<Date>().ok()?;
        return match written.get(11..) {
            Some(time) => Some(date.to_datetime(time.parse().ok()?)),
            None => Some(date.to_datetime(Time::midnight())),
        };
    }
    let today = now.date().to_datetime(written.parse::<Time>().ok()?);
    if today < now {
        today.checked_add(1.day()).ok()
    } else {
        Some(today)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entities::duckling::expression::parse;

    fn point(written: &str) -> Resolved {
        Resolved::Point(written.into())
    }

    fn range(start: &str, end: &str) -> Resolved {
        let part = |written: &str| (!written.is_empty()).then(|| written.to_owned());
        Resolved::Range {
            start: part(start),
            end: part(end),
        }
    }

    #[test]
    fn equal_times_are_written_differently() {
        for (expected, found, equal) in [
            ("(datetime (2013, 2, 12, 0, 0, 0) Day)", point("2013-02-12"), true),
            ("(datetime (2013, 2, 12, 0, 0, 0) Day)", point("2013-02-13"), false),
            (
                "(datetime (2013, 2, 12, 0, 0, 0) Day)",
                point("2013-02-12 00:00:00"),
                false,
            ),
            (
                "(datetimeHoliday (2013, 12, 25, 0, 0, 0) Day \"Christmas\")",
                point("2013-12-25"),
                true,
            ),
            (
                "(datetime (2013, 6, 1, 0, 0, 0) Month)",
                range("2013-06-01", "2013-07-01"),
                true,
            ),
            ("(datetime (2013, 6, 1, 0, 0, 0) Month)", point("2013-06-01"), false),
            ("(datetime (2013, 2, 12, 15, 0, 0) Hour)", point("15:00:00"), true),
            ("(datetime (2013, 2, 13, 3, 0, 0) Hour)", point("03:00:00"), true),
            (
                "(datetime (2013, 2, 12, 15, 20, 0) Minute)",
                point("2013-02-12 15:20:00"),
                true,
            ),
            ("(datetime (2013, 2, 12, 15, 20, 0) Minute)", point("2013-02-12"), false),
            (
                "(datetimeInterval ((2013, 3, 25, 0, 0, 0), (2013, 3, 31, 0, 0, 0)) Day)",
                range("2013-03-25", "2013-03-31"),
                true,
            ),
            (
                "(datetimeInterval ((2013, 3, 25, 0, 0, 0), (2013, 3, 31, 0, 0, 0)) Day)",
                range("2013-03-25", "2013-03-30"),
                true,
            ),
            (
                "(datetimeInterval ((2013, 3, 25, 0, 0, 0), (2013, 3, 31, 0, 0, 0)) Day)",
                range("2013-03-25", "2013-03-29"),
                false,
            ),
            (
                "(datetimeInterval ((2013, 2, 12, 18, 0, 0), (2013, 2, 13, 0, 0, 0)) Hour)",
                range("18:00:00", "00:00:00"),
                true,
            ),
            (
                "(datetimeOpenInterval After (2013, 2, 12, 4, 30, 0) Second)",
                range("2013-02-12 04:30:00", ""),
                true,
            ),
            (
                "(datetime (2013, 2, 12, 4, 29, 0) Minute)",
                range("2013-02-12 04:29:00", "2013-02-12 04:30:00"),
                true,
            ),
            (
                "(datetime (2013, 2, 12, 4, 29, 0) Minute)",
                range("2013-02-12 04:29:00", "2013-02-12 04:31:00"),
                false,
            ),
            (
                "(datetimeOpenInterval After (2020, 1, 1, 0, 0, 0) Year)",
                range("2021-01-01", ""),
                true,
            ),
            (
                "(datetimeOpenInterval After (2020, 1, 1, 0, 0, 0) Year)",
                range("2022-01-01", ""),
                false,
            ),
            (
                "(datetimeOpenInterval Before (2014, 1, 1, 0, 0, 0) Year)",
                range("", "2014-01-01"),
                true,
            ),
            (
                "(datetimeOpenInterval Before (2014, 1, 1, 0, 0, 0) Year)",
                range("2014-01-01", ""),
                false,
            ),
        ] {
            let expected_value = of_expression(&parse(expected).unwrap()).unwrap();
            let stretch = stretch(&found).unwrap();
            assert_eq!(expected_value.is(stretch), equal, "{expected} {found:?}");
        }
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for broken in [
            "(datetime (2013, 2, 30, 0, 0, 0) Day)",
            "(datetime (2013, 2) Day)",
            "(datetime 5 Day)",
            "7",
        ] {
            assert!(of_expression(&parse(broken).unwrap()).is_none(), "{broken}");
        }
        for broken in ["", "2013-02", "2013-02-30", "25:00:00", "あ-いう"] {
            assert!(moment(broken, NOW).is_none(), "{broken}");
        }
    }
}
