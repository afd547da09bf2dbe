//! Ranges by their ends: "from May to July 2016", "4 to 22 this month", "next week between Wednesday and Friday".

use super::{
    shared,
    tokens::{Parsed, Text},
    words::Class,
};
use crate::expression::{Bound, Day, Expression, Instant, Month, Stretch, Unit, Week, Year};

/// How many tokens the first end of a range may have.
const LONGEST_END: usize = 16;

impl Text<'_> {
    /// A range of any kind.
    pub(super) fn range(&self, at: usize) -> Parsed<Expression> {
        // Most expressions are none: the ends of a range are not far from what stands between them.
        if !(at + 1..at + LONGEST_END).any(|sign| self.range_sign(sign, true)) {
            return None;
        }
        let found = [
            self.numbers_of_month(at),
            self.month_and_numbers(at),
            self.weekdays_of_week(at),
            self.general_range(at),
        ];
        found.into_iter().flatten().max_by_key(|(_, end)| *end)
    }

    /// "from 4 to 22 this month", "1-8 September", "from 02 to April 07".
    fn numbers_of_month(&self, at: usize) -> Parsed<Expression> {
        let between = self.any(at, &["between"]);
        let start = if between || self.any(at, &["from"]) { at + 1 } else { at };
        let start = self.skip(start, &["the"]);
        if self.inside_number(start) {
            return None;
        }
        let (first, end) = self.day_number(start)?;
        if !self.range_sign(end, between) {
            return None;
        }
        let next = self.skip(end + 1, &["the"]);
        if let Class::Month(month) = self.class(next)
            && start > at
        {
            let day = self.skip(next + 1, &["."]);
            let (last, end) = self.day_number(day)?;
            let (year, end) = self.year_of_range(end);
            return Some((days(year, Month::Named(month), first, last), end));
        }
        let (last, end) = self.day_number(next)?;
        if let Some((offset, end)) = self.turned_month(self.skip(end, &["of", "in"])) {
            return Some((days(Year::Unsaid, Month::Relative(offset), first, last), end));
        }
        let of = self.skip(end, &["of", "in", "-"]);
        let Class::Month(month) = self.class(of) else {
            return None;
        };
        let (year, end) = self.year_of_range(of + 1);
        Some((days(year, Month::Named(month), first, last), end))
    }

    fn year_of_range(&self, at: usize) -> (Year, usize) {
        let start = self.skip(at, &[",", "of", "in"]);
        match self.full_year(start).or_else(|| self.turned_year(at)) {
            Some((year, end)) => (year, end),
            None => (Year::Unsaid, at),
        }
    }

    /// "November 19 to 20", "November between 19 and 20", "Aug 27th - 29th".
    fn month_and_numbers(&self, at: usize) -> Parsed<Expression> {
        let lead = self.any(at, &["between", "from"]);
        let month_at = if lead { at + 1 } else { at };
        let Class::Month(month) = self.class(month_at) else {
            return None;
        };
        let mut start = month_at + 1;
        if self.sign(start) == Some('.') && self.glued(start) {
            start += 1;
        }
        let inner = self.any(start, &["between", "from"]);
        let between = self.any(at, &["between"]) || self.any(start, &["between"]);
        let start = self.skip(if inner { start + 1 } else { start }, &["the"]);
        let (first, end) = self.day_number(start)?;
        if !self.range_sign(end, between) {
            return None;
        }
        let next = self.skip(end + 1, &["the"]);
        let (last, end) = self.day_number(next)?;
        let other = matches!(self.class(self.skip(end, &["of", "-"])), Class::Month(_))
            || matches!(self.sign(end), Some(':' | '/'))
            || self.any(end, &["am", "pm", "oclock", "h"])
            || self.glued(end) && self.is_word(end);
        if other {
            return None;
        }
        let (year, end) = self.year_of_range(end);
        Some((days(year, Month::Named(month), first, last), end))
    }

    /// "next week between Wednesday and Friday".
    fn weekdays_of_week(&self, at: usize) -> Parsed<Expression> {
        let Class::Turn(turn) = self.class(at) else {
            return None;
        };
        if !self.any(at + 1, &["week"]) {
            return None;
        }
        let between = self.any(at + 2, &["between"]);
        let start = self.skip(at + 2, &["between", "from", ","]);
        let Class::Weekday(first, false) = self.class(start) else {
            return None;
        };
        if !self.range_sign(start + 1, between) {
            return None;
        }
        let Class::Weekday(last, false) = self.class(start + 2) else {
            return None;
        };
        let day = |weekday| {
            let week = Week::Relative(turn);
            Box::new(Bound::Day(Day::Weekday { weekday, week }))
        };
        Some((Expression::Stretch(Stretch::Between(day(first), day(last))), start + 3))
    }

    fn general_range(&self, at: usize) -> Parsed<Expression> {
        let between = self.any(at, &["between"]);
        let lead = between || self.any(at, &["from"]);
        let start = if lead { at + 1 } else { self.skip(at, &["in"]) };
        let (mut from, end) = self.end_of_range(start)?;
        // ISO 8601 writes a stroke between moments.
        let stroke = self.sign(end) == Some('/') && matches!(from, Expression::Moment(..));
        if !(stroke || self.range_sign(end, between)) {
            return None;
        }
        let sign = self.sign(end).is_some();
        let (mut to, mut after) = if self.any(end, &["to", "till", "until"]) && self.any(end + 1, &["date"]) {
            (Expression::Now, end + 2)
        } else {
            self.end_of_range(end + 1)?
        };
        if start > at && !lead && !(is_year(&from) && is_year(&to)) {
            return None;
        }
        if sign && !lead && !(self.dates(&from) && self.dates(&to)) {
            return None;
        }
        // "Monday to Friday from 9 to 5": what follows the second day is no part of the range.
        if bound(to.clone()).is_none()
            && matches!(from, Expression::Day(_) | Expression::Stretch(_))
            && let Some((day, plain)) = self.day(end + 1)
        {
            (to, after) = (Expression::Day(day), plain);
        }
        // "this Friday-Jun-15" is one day.
        if sign && self.moment(start).is_some_and(|(_, whole)| whole > end) {
            return None;
        }
        shared::share_context(&mut from, &mut to);
        Some((joined(from, to)?, after))
    }

    /// Whether a mere hyphen can join it to another.
    fn dates(&self, expression: &Expression) -> bool {
        match expression {
            Expression::Day(Day::Holiday { .. }) => false,
            Expression::Stretch(Stretch::Relative { .. }) => false,
            Expression::Day(_) | Expression::Stretch(_) | Expression::Moment(..) => true,
            _ => false,
        }
    }

    fn end_of_range(&self, at: usize) -> Parsed<Expression> {
        if self.any(at, &["now"]) {
            return Some((Expression::Now, at + 1));
        }
        let start = self.skip(at, &["the"]);
        let stretch = self.stretch(start).or_else(|| self.stretch(at));
        let stretch = stretch.map(|(stretch, end)| (Expression::Stretch(stretch), end));
        let found = [self.moment(at), stretch, self.later(at)];
        found.into_iter().flatten().max_by_key(|(_, end)| *end)
    }
}

const fn is_year(expression: &Expression) -> bool {
    matches!(expression, Expression::Stretch(Stretch::Year(_)))
}

fn days(year: Year, month: Month, first: i8, last: i8) -> Expression {
    let day = |day| Box::new(Bound::Day(Day::Calendar { year, month, day }));
    Expression::Stretch(Stretch::Between(day(first), day(last)))
}

fn joined(from: Expression, to: Expression) -> Option<Expression> {
    match (from, to) {
        (Expression::Moment(day, from), Expression::Clock(to)) => Some(Expression::Moments(day, from, to)),
        (Expression::Moment(day, from), Expression::Moment(other, to)) => {
            Some(Expression::Span(Instant::At(day, from), Instant::At(other, to)))
        }
        (Expression::Now, Expression::Later(by)) => Some(Expression::Span(Instant::Now, Instant::Later(by))),
        (Expression::Now, Expression::Moment(day, clock)) => {
            Some(Expression::Span(Instant::Now, Instant::At(day, clock)))
        }
        (from, to) => Some(Expression::Stretch(Stretch::Between(
            Box::new(bound(from)?),
            Box::new(bound(to)?),
        ))),
    }
}

fn bound(expression: Expression) -> Option<Bound> {
    match expression {
        Expression::Now => Some(Bound::Now),
        Expression::Day(day) => Some(Bound::Day(day)),
        Expression::Stretch(Stretch::Part(part, of)) => Some(Bound::Stretch(*of, Some(part))),
        Expression::Stretch(
            Stretch::Between(..) | Stretch::Rolling { .. } | Stretch::Season { .. } | Stretch::Fiscal { .. },
        ) => None,
        Expression::Stretch(Stretch::Relative { unit: Unit::Day, .. }) => None,
        Expression::Stretch(stretch) => Some(Bound::Stretch(stretch, None)),
        _ => None,
    }
}
