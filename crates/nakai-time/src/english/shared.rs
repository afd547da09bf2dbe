//! What the ends of a range share: the year, or the week.

use crate::expression::{Day, Expression, Month::Named, Stretch, Week, Year};

/// Gives what has no year (or no week) the one that the other end of a range has.
pub(super) fn share_context(from: &mut Expression, to: &mut Expression) {
    if let (Some((year, month)), Some(first_month)) = (year_and_month(to), unsaid_month(from)) {
        let year = match year {
            Year::Exact(year) if first_month > month => Year::Exact(year - 1),
            year => year,
        };
        set_year(from, year);
    }
    if let (
        Expression::Day(Day::Weekday {
            week: week @ Week::Relative(_),
            ..
        }),
        Expression::Day(Day::Weekday {
            week: other @ Week::Unsaid,
            ..
        }),
    ) = (&*from, &mut *to)
    {
        *other = *week;
    }
}

/// The exact year of a day or month.
fn year_and_month(expression: &Expression) -> Option<(Year, i8)> {
    match expression {
        Expression::Day(Day::Calendar {
            year: year @ Year::Exact(_),
            month: Named(month),
            ..
        })
        | Expression::Stretch(Stretch::Month {
            year: year @ Year::Exact(_),
            month: Named(month),
        }) => Some((*year, *month)),
        _ => None,
    }
}

/// The month of what has no year.
fn unsaid_month(expression: &Expression) -> Option<i8> {
    match expression {
        Expression::Day(Day::Calendar {
            year: Year::Unsaid | Year::OfWeekday(_),
            month: Named(month),
            ..
        })
        | Expression::Stretch(Stretch::Month {
            year: Year::Unsaid,
            month: Named(month),
        }) => Some(*month),
        _ => None,
    }
}

fn set_year(expression: &mut Expression, said: Year) {
    if let Expression::Day(Day::Calendar { year, .. }) | Expression::Stretch(Stretch::Month { year, .. }) = expression {
        *year = said;
    }
}
