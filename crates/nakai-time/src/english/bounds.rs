//! Bounds: "before May", "2012 or later", "no later than Friday", "more than 2 hours".

use super::{
    tokens::{Parsed, Text},
    words::Class,
};
use crate::{
    Modifier,
    expression::{Day, DayPart, Expression, Stretch},
};

/// What leads to what it bounds; the longer phrases first.
const LEADS: &[(&[&str], Modifier)] = &[
    (&["later", "than", "or", "at"], Modifier::Since),
    (&["later", "than", "or", "in"], Modifier::Since),
    (&["later", "than", "or", "on"], Modifier::Since),
    (&["on", "or", "later", "than"], Modifier::Since),
    (&["in", "or", "later", "than"], Modifier::Since),
    (&["at", "or", "later", "than"], Modifier::Since),
    (&["after", "or", "equal", "to"], Modifier::Since),
    (&["greater", "than", "or", "equal", "to"], Modifier::Since),
    (&["earlier", "than", "or", "on"], Modifier::Until),
    (&["earlier", "than", "or", "in"], Modifier::Until),
    (&["earlier", "than", "or", "at"], Modifier::Until),
    (&["on", "or", "earlier", "than"], Modifier::Until),
    (&["in", "or", "earlier", "than"], Modifier::Until),
    (&["at", "or", "earlier", "than"], Modifier::Until),
    (&["before", "or", "equal", "to"], Modifier::Until),
    (&["less", "than", "or", "equal", "to"], Modifier::Until),
    (&["no", "earlier", "than"], Modifier::Since),
    (&["not", "earlier", "than"], Modifier::Since),
    (&["no", "sooner", "than"], Modifier::Since),
    (&["not", "before"], Modifier::Since),
    (&["on", "or", "after"], Modifier::Since),
    (&["at", "or", "after"], Modifier::Since),
    (&["in", "or", "after"], Modifier::Since),
    (&["after", "or", "on"], Modifier::Since),
    (&["after", "or", "in"], Modifier::Since),
    (&["after", "or", "at"], Modifier::Since),
    (&["as", "early", "as"], Modifier::Since),
    (&["any", "time", "from"], Modifier::Since),
    (&["any", "time", "since"], Modifier::Since),
    (&["anytime", "from"], Modifier::Since),
    (&["starting", "from"], Modifier::Since),
    (&["starting", "on"], Modifier::Since),
    (&["starting"], Modifier::Since),
    (&["beginning", "from"], Modifier::Since),
    (&["beginning", "on"], Modifier::Since),
    (&["beginning"], Modifier::Since),
    (&["since"], Modifier::Since),
    (&["on", "or", "before"], Modifier::Until),
    (&["at", "or", "before"], Modifier::Until),
    (&["in", "or", "before"], Modifier::Until),
    (&["before", "or", "on"], Modifier::Until),
    (&["before", "or", "in"], Modifier::Until),
    (&["before", "or", "at"], Modifier::Until),
    (&["as", "late", "as"], Modifier::Until),
    (&["through"], Modifier::Until),
    (&["thru"], Modifier::Until),
    (&["no", "later", "than"], Modifier::Before),
    (&["not", "later", "than"], Modifier::Before),
    (&["earlier", "than"], Modifier::Before),
    (&["sooner", "than"], Modifier::Before),
    (&["prior", "to"], Modifier::Before),
    (&["in", "advance", "of"], Modifier::Before),
    (&["up", "to"], Modifier::Before),
    (&["before"], Modifier::Before),
    (&["by"], Modifier::Before),
    (&["until"], Modifier::Before),
    (&["till"], Modifier::Before),
    (&["til"], Modifier::Before),
    (&["later", "than"], Modifier::After),
    (&["greater", "than"], Modifier::After),
    (&["after"], Modifier::After),
];

const SUFFIXES: &[(&[&str], Modifier)] = &[
    (&["or", "later"], Modifier::Since),
    (&["and", "later"], Modifier::Since),
    (&["or", "after"], Modifier::Since),
    (&["and", "after"], Modifier::Since),
    (&["or", "newer"], Modifier::Since),
    (&["and", "newer"], Modifier::Since),
    (&["or", "above"], Modifier::Since),
    (&["or", "greater"], Modifier::Since),
    (&["and", "beyond"], Modifier::Since),
    (&["onwards"], Modifier::Since),
    (&["onward"], Modifier::Since),
    (&["or", "earlier"], Modifier::Until),
    (&["and", "earlier"], Modifier::Until),
    (&["or", "before"], Modifier::Until),
    (&["and", "before"], Modifier::Until),
    (&["or", "older"], Modifier::Until),
    (&["or", "below"], Modifier::Until),
];

impl Text<'_> {
    /// The token after the words of a bound, and how they bound.
    pub(super) fn lead(&self, at: usize) -> Parsed<Modifier> {
        if let Some(sign @ ('<' | '>' | '=')) = self.sign(at) {
            if self.glued(at) && at > 0 {
                return None;
            }
            let equal = self.sign(at + 1) == Some('=');
            return match (sign, equal) {
                ('>', true) => Some((Modifier::Since, at + 2)),
                ('>', false) => Some((Modifier::After, at + 1)),
                ('<', true) => Some((Modifier::Until, at + 2)),
                ('<', false) => Some((Modifier::Before, at + 1)),
                _ => None,
            };
        }
        if self.class(at) != Class::Lead {
            return None;
        }
        LEADS
            .iter()
            .find_map(|(words, modifier)| self.seq(at, words).map(|end| (*modifier, end)))
    }

    /// "before May", "by the end of this month", "after 4pm tomorrow", "before lunch".
    pub(super) fn bounded(&self, at: usize) -> Parsed<Expression> {
        if self.sign(at) == Some('=') && !self.glued(at) {
            let (stretch, end) = self.stretch(at + 1)?;
            return Some((Expression::Stretch(stretch), end));
        }
        let (by, start) = self.lead(at)?;
        let (what, end) = self.operand(start)?;
        let season = match &what {
            Expression::Stretch(Stretch::Part(_, of)) => matches!(**of, Stretch::Season { .. }),
            Expression::Stretch(of) => matches!(of, Stretch::Season { .. }),
            _ => false,
        };
        (!season || !self.any(at, &["by"])).then(|| (bounded(by, what), end))
    }

    /// What can be bounded: a day, a time, a stretch or a part of a day.
    pub(super) fn operand(&self, at: usize) -> Parsed<Expression> {
        let the = self.skip(at, &["the"]);
        let stretch = self.stretch(the).or_else(|| self.stretch(at)).filter(|(stretch, _)| {
            !matches!(
                stretch,
                Stretch::Rolling { .. } | Stretch::Between(..) | Stretch::Rest(_)
            )
        });
        let stretch = stretch.map(|(stretch, end)| (Expression::Stretch(stretch), end));
        let meal = self.day_part(at).and_then(|(part, end)| {
            let meal = matches!(part.part, DayPart::Lunch | DayPart::Dinner | DayPart::Breakfast);
            meal.then_some((Expression::DayPart(part.part, part.of), end))
        });
        let moment = self.moment(at).filter(|(what, _)| {
            !matches!(
                what,
                Expression::Clocks(..) | Expression::Moments(..) | Expression::From(..) | Expression::Set(_)
            )
        });
        let after_article = if the > at && moment.is_none() {
            self.moment(the)
        } else {
            None
        };
        let found = [moment, after_article, stretch, meal];
        found.into_iter().flatten().max_by_key(|(_, end)| *end)
    }

    /// "today before 4pm", "1/1/2015 after 2:00".
    pub(super) fn day_with_bounded_time(&self, at: usize) -> Parsed<Expression> {
        let (day, end) = self.day(at).filter(|(day, _)| !matches!(day, Day::Holiday { .. }))?;
        let (by, start) = self.lead(self.skip(end, &[","]))?;
        let (said, end) = self.clock_in_part(start).filter(|(said, _)| !said.bare)?;
        Some((bounded(by, Expression::Moment(day, said.clock)), end))
    }

    /// "or later" after an expression.
    pub(super) fn suffix(&self, at: usize) -> Parsed<Modifier> {
        SUFFIXES
            .iter()
            .find_map(|(words, modifier)| self.seq(at, words).map(|end| (*modifier, end)))
            .filter(|(_, end)| !self.any(*end, &["than", "the", "that"]) && self.operand(*end).is_none())
    }

    /// "more than 2 hours", "less than 30 minutes", "more than 2 weeks before today".
    pub(super) fn compared_length(&self, at: usize) -> Parsed<Expression> {
        let more = self.phrase(
            at,
            &[
                &["more", "than"],
                &["greater", "than"],
                &["longer", "than"],
                &["over"],
                &["at", "least"],
            ],
        );
        let less = self.phrase(
            at,
            &[&["less", "than"], &["shorter", "than"], &["under"], &["at", "most"]],
        );
        let start = more.or(less)?;
        let length = self.length(start)?;
        if more.is_some()
            && let Some((day, end)) = self.day(start).filter(|(_, end)| *end > length.1)
            && let Day::Shifted { by, .. } | Day::Away(by) = &day
        {
            let by = if by.is_negative() {
                Modifier::Before
            } else {
                Modifier::After
            };
            return Some((bounded(by, Expression::Day(day)), end));
        }
        let by = if more.is_some() { Modifier::More } else { Modifier::Less };
        let (length, end) = length;
        let what = Box::new(Expression::Length(length));
        Some((Expression::Bounded { by, part: None, what }, end))
    }

    /// "1030": a time only after "around".
    fn four_digits(&self, at: usize) -> Parsed<Expression> {
        let long = self.digits(at).is_some_and(|(_, digits)| digits == 4);
        let (said, end) = self.clock(at).filter(|_| long && self.ends(at + 1))?;
        Some((Expression::Clock(said.clock), end))
    }

    /// "circa 5 in the morning", "around 4pm".
    pub(super) fn approximate(&self, at: usize) -> Parsed<Expression> {
        if !self.any(at, &["around", "circa", "approximately"]) {
            return None;
        }
        let (what, end) = self.moment(at + 1).or_else(|| self.four_digits(at + 1))?;
        let by = Modifier::Approximate;
        let what = Box::new(what);
        Some((Expression::Bounded { by, part: None, what }, end))
    }
}

/// An expression bounded; of a part of a stretch the whole, with the part.
pub(super) fn bounded(by: Modifier, what: Expression) -> Expression {
    match what {
        Expression::Stretch(Stretch::Part(part, of)) => Expression::Bounded {
            by,
            part: Some(part),
            what: Box::new(Expression::Stretch(*of)),
        },
        what => Expression::Bounded {
            by,
            part: None,
            what: Box::new(what),
        },
    }
}
