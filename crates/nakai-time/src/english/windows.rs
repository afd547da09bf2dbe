//! Windows between two bounds: "after 3pm but before 5pm", "no earlier than 9:30 and no later than 11:00 on Thursday".

use super::tokens::{Parsed, Text};
use crate::{
    Modifier,
    expression::{Day, Expression},
};

/// First words of what leads to the second bound.
const NEAR_ENDS: &[&str] = &[
    "before", "until", "till", "til", "by", "no", "not", "earlier", "prior", "up",
];

impl Text<'_> {
    /// From one bound to another, of times of day.
    pub(super) fn window(&self, at: usize) -> Parsed<Expression> {
        if !self.soon(at, NEAR_ENDS) {
            return None;
        }
        let (Modifier::After | Modifier::Since, start) = self.lead(at)? else {
            return None;
        };
        let (from, end) = self.clock_in_part(start).filter(|(said, _)| !said.bare)?;
        let comma = self.skip(end, &[","]);
        let joint = self.skip(comma, &["but", "and"]);
        if joint == end {
            return None;
        }
        let (Modifier::Before | Modifier::Until, start) = self.lead(joint)? else {
            return None;
        };
        let (to, end) = self.moment(start)?;
        let window = match to {
            Expression::Clock(to) => Expression::Clocks(from.clock, to),
            Expression::Moment(day @ (Day::Calendar { .. } | Day::Relative(_) | Day::Weekday { .. }), to) => {
                Expression::Moments(day, from.clock, to)
            }
            _ => return None,
        };
        Some((window, end))
    }
}
