//! From one point to another.

use super::{
    clocks::hour_of,
    grammar::{Found, Grammar},
    lengths::exactly,
    sides::dates_of_range,
    text::is_kanji,
};
use crate::{
    Modifier,
    expression::{Bound, Clock, Day, Expression, Instant, Month, Stretch, Unit, Year},
    length::Length,
};

/// Words between the ends of a range.
const TO: &[&str] = &["から", "より", "~", "-", "―", "→", "以降"];

/// Words that follow a range and are part of it.
const RANGE_ENDS: &[&str] = &[
    "まで",
    "にまで",
    "の間",
    "までの間",
    "にかけて",
    "にわたって",
    "いっぱい",
    "以前",
    "までにかけて",
];

impl Grammar<'_> {
    /// A range whose first end was read.
    pub(super) fn range(&self, from: &Expression, end: usize) -> Found<Expression> {
        let start = self.text.any(self.text.spaces(end), TO)?;
        let joined = self.text.before(start);
        let right = self.text.spaces(start);
        let (mut to, mut end) = self.point(right).or_else(|| self.bare_day(from, right))?;
        // まで leaves open whether the end is included; these words include it.
        let month = matches!(to, Expression::Stretch(_)) && self.text.any(end, &["いっぱい", "にかけて"]).is_some();
        if joined == Some('降') || month {
            to = through(to);
        }
        // 以降 is between the ends of a range only before another bound.
        if joined == Some('降') && self.text.any(end, &["以前", "まで", "いっぱい", "にかけて"]).is_none()
        {
            return None;
        }
        to = exactly(&to).clone();
        let from = exactly(from);
        let bare_months = is_bare_month(from) && is_bare_month(&to);
        // Whether the end says its half of the day, and does not just count to 24.
        let half = self.clock(self.text.spaces(start)).is_some_and(|(said, _)| said.half);
        let expression = self.joined(from, to, half)?;
        end = match self.text.any(end, RANGE_ENDS) {
            // Of months 間 goes on with the sentence.
            Some(_) if bare_months && self.text.word(end, "までの間").is_some() => end + 2,
            Some(after) => after,
            None => end,
        };
        Some((expression, end))
    }

    /// The day of 12/24〜26.
    fn bare_day(&self, from: &Expression, at: usize) -> Found<Expression> {
        let Expression::Day(Day::Calendar {
            year,
            month,
            day: first,
        }) = from
        else {
            return None;
        };
        let (day, end) = self.small(at, 1, 31)?;
        let ends = self
            .text
            .get(end)
            .is_none_or(|c| !c.is_ascii_alphanumeric() && !is_kanji(c) && c != ':');
        (ends && day > *first && matches!(self.text.before(at), Some('~' | '-'))).then_some((
            Expression::Day(Day::Calendar {
                year: *year,
                month: *month,
                day,
            }),
            end,
        ))
    }

    /// The range between two points.
    fn joined(&self, from: &Expression, to: Expression, half: bool) -> Option<Expression> {
        let expression = match (from.clone(), to) {
            (Expression::Clock(from), Expression::Clock(to)) => {
                let (from, to) = halves(from, to, half);
                Expression::Clocks(from, to)
            }
            (Expression::Moment(day, from), Expression::Clock(to)) => {
                let (from, to) = halves(from, to, half);
                Expression::Moments(day, from, to)
            }
            (Expression::Clock(from), Expression::Moment(day, to)) => Expression::Span(
                Instant::At(Day::Relative(0), certain(from)),
                Instant::At(day, certain(to)),
            ),
            (Expression::Moment(first, from), Expression::Moment(last, to)) => {
                let (first, last) = days_of_range(first, last);
                Expression::Span(Instant::Next(first, certain(from)), Instant::Next(last, certain(to)))
            }
            (Expression::Now, Expression::Moment(day, to)) => {
                Expression::Span(Instant::Now, Instant::At(day, certain(to)))
            }
            (Expression::Now, to @ (Expression::Day(_) | Expression::Stretch(_))) => {
                Expression::Stretch(Stretch::Between(Box::new(Bound::Now), Box::new(last_bound(to)?)))
            }
            (
                from @ (Expression::Day(_) | Expression::Stretch(_)),
                to @ (Expression::Day(_) | Expression::Stretch(_)),
            ) => {
                let (from, to) = dates_of_range(from, to);
                Expression::Stretch(Stretch::Between(
                    Box::new(first_bound(from)?),
                    Box::new(last_bound(to)?),
                ))
            }
            _ => return None,
        };
        Some(expression)
    }

    /// 10〜15時, 夜8〜9時.
    pub(super) fn hour_range(&self, at: usize) -> Found<Expression> {
        let (half, start) = self.halves(at);
        let (hour, end) = self.small(start, 0, 24)?;
        let (said, end) = self.clock_in(half, self.text.any(end, &["~", "-", "、", ","])?)?;
        let (from, to) = halves(hour_of(half, hour), said.clock, said.half);
        let range = Expression::Clocks(from, to);
        Some((range, self.text.skip(end, &["まで", "の間"])))
    }

    /// 24〜26日 of a month, or 3〜4日, which is a length where nothing says that days of a month are meant.
    pub(super) fn days_or_length(&self, at: usize) -> Found<Expression> {
        let (first, end) = self.small(at, 1, 31)?;
        let start = self.text.any(end, &["~", "-", ","])?;
        let (amount, unit, end) = self.last_of_amounts(start)?;
        let days = unit == Unit::Day && self.text.before(end) == Some('日');
        if days && self.text.any(end, &["に", "の", "まで", "は"]).is_some() {
            let (last, _) = self.small(start, 1, 31)?;
            return Some((days_of_month(Year::Unsaid, Month::Unsaid, first, last), end));
        }
        (f64::from(first) < amount).then(|| {
            let by = Length::new(amount, unit);
            self.distance(&by, end).unwrap_or((Expression::Length(by), end))
        })
    }
}

/// The time in the half of the day as it was said.
const fn certain(clock: Clock) -> Clock {
    Clock {
        ambiguous: false,
        ..clock
    }
}

/// The halves of the day that the ends of a range leave open.
fn halves(from: Clock, to: Clock, half: bool) -> (Clock, Clock) {
    // 5時から18時 counts to 24, so that 5 is in the morning; 11時から4時 starts before noon.
    let counts_to_24 = !half && !to.ambiguous && to.hour > 12 && from.ambiguous && from.hour < 12;
    let over_noon = from.ambiguous
        && to.ambiguous
        && from.hour != 12
        && to.hour != 12
        && from.hour >= to.hour
        && moment(from) >= moment(to);
    if counts_to_24 || over_noon {
        (certain(from), to)
    } else {
        (from, to)
    }
}

fn moment(clock: Clock) -> (i8, i8, i8) {
    (
        clock.hour,
        clock.minute.unwrap_or_default(),
        clock.second.unwrap_or_default(),
    )
}

/// An end that is included.
fn through(to: Expression) -> Expression {
    match to {
        Expression::Stretch(of @ (Stretch::Year(_) | Stretch::Month { .. } | Stretch::Relative { .. })) => {
            Expression::Stretch(Stretch::Part(Modifier::End, Box::new(of)))
        }
        Expression::Day(
            day @ Day::Calendar {
                year: Year::Exact(_), ..
            },
        ) => Expression::Day(Day::Shifted {
            from: Box::new(day),
            by: Length::new(1.0, Unit::Day),
            to: None,
        }),
        other => other,
    }
}

/// From a day of a month to another.
pub(super) fn days_of_month(year: Year, month: Month, first: i8, last: i8) -> Expression {
    let day = |day| Expression::Day(Day::Calendar { year, month, day });
    let (from, to) = dates_of_range(day(first), day(last));
    let bounds = first_bound(from).zip(last_bound(to));
    bounds.map_or_else(
        || day(first),
        |(from, to)| Expression::Stretch(Stretch::Between(Box::new(from), Box::new(to))),
    )
}

fn is_bare_month(expression: &Expression) -> bool {
    matches!(
        expression,
        Expression::Stretch(Stretch::Month {
            year: Year::LastOrNext,
            month: Month::Named(_)
        })
    )
}

fn first_bound(from: Expression) -> Option<Bound> {
    match from {
        Expression::Day(day) => Some(Bound::Day(day)),
        Expression::Stretch(Stretch::Part(Modifier::Start, of)) => Some(Bound::Stretch(*of, None)),
        Expression::Stretch(
            Stretch::Between(..) | Stretch::Rolling { .. } | Stretch::For(..) | Stretch::Season { .. },
        ) => None,
        Expression::Stretch(stretch) => Some(Bound::Stretch(stretch, None)),
        _ => None,
    }
}

fn last_bound(to: Expression) -> Option<Bound> {
    match to {
        Expression::Stretch(Stretch::Part(Modifier::End, of)) => Some(Bound::Stretch(*of, Some(Modifier::End))),
        other => first_bound(other),
    }
}

/// The ends of a range of days; what is left unsaid of one end is taken from the other.
fn days_of_range(first: Day, last: Day) -> (Day, Day) {
    match dates_of_range(Expression::Day(first.clone()), Expression::Day(last.clone())) {
        (Expression::Day(first), Expression::Day(last)) => (first, last),
        _ => (first, last),
    }
}
