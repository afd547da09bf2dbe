//! Expressions of time in English text.
//!
//! A text is read once into tokens ([`tokens`], with the lexicon of [`words`]); then the rules of the grammar are tried at each token in
//! turn, and the longest reading wins. No rule looks further ahead than an expression can be long, so that reading takes linear time:
//! [`numbers`], [`lengths`], [`clocks`], [`clock_distances`], [`zones`], [`hours`], [`dates`], [`days`], [`shifts`], [`neighbours`],
//! [`holidays`], [`months`], [`periods`] and [`stretches`] are the parts; [`moments`], [`ranges`], [`bounds`], [`windows`] and [`sets`] put
//! them together.

mod bounds;
mod clock_distances;
mod clocks;
mod dates;
mod days;
mod holidays;
mod hours;
mod lengths;
mod moments;
mod months;
mod neighbours;
mod numbers;
mod periods;
mod ranges;
mod sets;
mod shared;
mod shifts;
mod stretches;
#[cfg(test)]
mod tests;
mod tokens;
mod windows;
mod words;
mod zones;

use crate::{
    Modifier, Said,
    expression::{Day, DayPart, Expression, Stretch, Unit},
    length::Length,
};
use tokens::{Parsed, Text};
use words::Class;

/// Every expression, in the order of the text.
pub(crate) fn expressions(text: &str) -> Vec<Said> {
    let text = Text::new(text);
    let mut found = Vec::new();
    if !text.has_time() {
        return found;
    }
    let mut at = 0;
    while at < text.len() {
        if text.can_start(at)
            && let Some((expression, end)) = text.expression(at)
            && end > at
        {
            let zone = text.zone_of(at, end).filter(|_| expression.has_clock());
            let next = zone.map_or(end, |(_, after)| after);
            found.push(Said {
                range: text.bytes(at, end),
                expression,
                zone: zone.map(|(zone, after)| (zone, text.bytes(at, after))),
            });
            at = next;
        } else {
            at += 1;
        }
    }
    found
}

impl Text<'_> {
    /// The longest expression that starts here.
    fn expression(&self, at: usize) -> Parsed<Expression> {
        let stretch = self
            .stretch(at)
            .map(|(stretch, end)| (Expression::Stretch(stretch), end));
        let length = self
            .length(at)
            .map(|(length, end)| (Expression::Length(length), end))
            .filter(|_| !self.inside_number(at));
        let found = [
            self.set(at),
            self.window(at),
            self.bounded(at),
            self.day_with_bounded_time(at),
            self.compared_length(at),
            self.approximate(at),
            self.range(at),
            self.counted_day_part(at),
            self.present(at),
            self.end_of_day(at),
            self.later(at),
            self.moment(at),
            stretch,
            length,
            self.new_time(at),
        ];
        // Of equally long readings the first one counts.
        let (expression, end) = found
            .into_iter()
            .flatten()
            .reduce(|best, next| if next.1 > best.1 { next } else { best })?;
        match self.suffix(end) {
            Some((by, after)) if can_be_bounded(&expression) => Some((bounds::bounded(by, expression), after)),
            _ => Some((expression, end)),
        }
    }

    /// "now", "at the moment", "as soon as possible".
    fn present(&self, at: usize) -> Parsed<Expression> {
        const PRESENT: &[&[&str]] = &[
            &["right", "now"],
            &["just", "now"],
            &["now"],
            &["at", "the", "present", "time"],
            &["at", "the", "present", "moment"],
            &["at", "the", "moment"],
            &["at", "this", "moment"],
            &["at", "this", "time"],
            &["at", "present"],
        ];
        if let Some(end) = self.phrase(at, PRESENT) {
            return Some((Expression::Now, end));
        }
        let soon = self.phrase(at, &[&["as", "soon", "as", "possible"], &["asap"]])?;
        Some((Expression::Vague("FUTURE_REF"), soon))
    }

    /// "end of day", "the end of this Sunday", "later today", "rest of the day".
    fn end_of_day(&self, at: usize) -> Parsed<Expression> {
        if self.any(at, &["eod"]) {
            return Some((Expression::EndOfDay(Day::Relative(0)), at + 1));
        }
        if self.any(at, &["rest", "remainder", "remaining"]) {
            let start = self.skip(self.skip(at + 1, &["of"]), &["the", "my", "this", "current"]);
            let end = self.phrase(start, &[&["day"], &["today"]])?;
            return Some((Expression::RestOfDay, end));
        }
        let (part, start) = self.part(at)?;
        let half = self.any(at, &["early", "earlier", "late", "later"]);
        let day = self
            .day(start)
            .filter(|(day, _)| matches!(day, Day::Relative(_) | Day::Weekday { .. } | Day::Calendar { .. }))
            .or_else(|| {
                let day = self.skip(start, &["the"]);
                let end = self.seq(day, &["day"]).filter(|_| self.any(day - 1, &["of", "the"]))?;
                Some((Day::Relative(0), end))
            });
        let (day, end) = day?;
        if half {
            return matches!(day, Day::Relative(_)).then_some((Expression::HalfOf(day, part), end));
        }
        (part == Modifier::End).then_some((Expression::EndOfDay(day), end))
    }

    /// "in 5 minutes", "2 hours ago", "within 5 hours", "next 5 hrs", "today in an hour".
    fn later(&self, at: usize) -> Parsed<Expression> {
        if self.class(at) == Class::Relative(0) && self.any(at + 1, &["in"]) {
            return self
                .later(at + 1)
                .filter(|(what, _)| matches!(what, Expression::Later(_)));
        }
        if self.any(at, &["in", "within"]) {
            let within = self.any(at, &["within"]);
            let start = self.skip(at + 1, &["about", "around"]);
            let start = self.seq(start, &["less", "than"]).unwrap_or(start);
            let start = if within {
                self.skip(self.skip(start, &["the"]), &["next", "coming", "following", "upcoming"])
            } else {
                start
            };
            let (by, end) = self.length(start).or_else(|| self.length_from_day(start))?;
            if !by.has_clock() {
                return None;
            }
            let expression = if within {
                Expression::Rolling { by, within }
            } else {
                Expression::Later(by)
            };
            return Some((expression, end));
        }
        if let Some((by, end)) = self
            .rolling_length(at)
            .filter(|(by, _)| by.has_clock() && !self.any(at, &["the"]))
        {
            return Some((Expression::Rolling { by, within: false }, end));
        }
        let (by, end) = self.length(at).filter(|(by, _)| by.has_clock())?;
        if let Some(after) = self.phrase(end, &[&["ago"], &["back"], &["earlier"]]) {
            return Some((Expression::Later(by.negated()), after));
        }
        if let Some(after) = self.phrase(end, &[&["from", "now"], &["later"], &["hence"]]) {
            return Some((Expression::Later(by), after));
        }
        let after = self.phrase(end, &[&["in", "the", "future"]])?;
        Some((Expression::Rolling { by, within: true }, after))
    }

    /// "day and 5 hours", after "the next".
    fn length_from_day(&self, at: usize) -> Parsed<Length> {
        let next = self.seq(at, &["day", "and"])?;
        let (mut by, end) = self.length(next)?;
        by.0.insert(0, (1.0, Unit::Day));
        Some((by, end))
    }

    /// "change the appointment to 4".
    fn new_time(&self, at: usize) -> Parsed<Expression> {
        if at < 2 || !self.any(at - 1, &["to"]) || !self.any(at - 2, &["meeting", "appointment", "conference", "call"])
        {
            return None;
        }
        let (said, end) = self.clock(at)?;
        (said.bare && self.ends(end) && !said.dotted && said.clock.minute.is_none())
            .then_some((Expression::Clock(said.clock), end))
    }
}

/// Whether "or later" can follow.
const fn can_be_bounded(expression: &Expression) -> bool {
    matches!(
        expression,
        Expression::Day(_)
            | Expression::Stretch(Stretch::Year(_) | Stretch::Month { .. } | Stretch::Relative { .. })
            | Expression::Clock(_)
            | Expression::Moment(..)
            | Expression::DayPart(DayPart::Morning, _)
    )
}
