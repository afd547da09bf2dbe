//! What either end of a range of days leaves to the other: the month, the year, the week.

use crate::{
    expression::{Day, Expression, Month, Nth, Stretch, Unit, Week, Year},
    length::Length,
};

pub(super) fn dates_of_range(from: Expression, to: Expression) -> (Expression, Expression) {
    let to = later_date(&from, to);
    let from = earlier_date(from, &to);
    (from, to)
}

/// The year and the month of what an expression names, as far as they are said.
fn said(expression: &Expression) -> (Year, Month) {
    match expression {
        Expression::Stretch(Stretch::Month {
            year: Year::LastOrNext,
            month,
        }) => (Year::Unsaid, *month),
        Expression::Stretch(Stretch::Months {
            year: Year::LastOrNext, ..
        }) => (Year::Unsaid, Month::Unsaid),
        // The weekday of one end tells nothing of the other.
        Expression::Day(Day::Calendar {
            year: Year::OfWeekday(_),
            month,
            ..
        }) => (Year::Unsaid, *month),
        Expression::Day(Day::Calendar { year, month, .. }) | Expression::Stretch(Stretch::Month { year, month }) => {
            (*year, *month)
        }
        Expression::Stretch(Stretch::Year(year) | Stretch::Months { year, .. }) => (*year, Month::Unsaid),
        Expression::Stretch(Stretch::Relative {
            unit: Unit::Month,
            offset,
        }) => (Year::Unsaid, Month::Relative(*offset)),
        Expression::Stretch(Stretch::Part(_, of)) => said(&Expression::Stretch(of.as_ref().clone())),
        Expression::Day(Day::NthWeekday { of, .. }) => said(&Expression::Stretch(of.as_ref().clone())),
        _ => (Year::Unsaid, Month::Unsaid),
    }
}

/// The end of a range with what its start says for both.
fn later_date(from: &Expression, to: Expression) -> Expression {
    let (year, month) = said(from);
    match to {
        Expression::Day(Day::Calendar {
            year: Year::Unsaid | Year::OfWeekday(_),
            month: Month::Unsaid,
            day,
        }) => {
            let start = match from {
                Expression::Day(Day::Calendar { day, .. }) => *day,
                _ => 1,
            };
            // 25日から3日 ends in the next month.
            let (year, month) = match month {
                Month::Named(month) if start > day => (
                    if month == 12 { next_year(year) } else { year },
                    Month::Named(month % 12 + 1),
                ),
                Month::Relative(months) if start > day => (year, Month::Relative(months + 1)),
                month => (year, month),
            };
            Expression::Day(Day::Calendar { year, month, day })
        }
        Expression::Day(Day::Calendar {
            year: Year::Unsaid | Year::OfWeekday(_),
            month: Month::Named(named),
            day,
        }) => Expression::Day(Day::Calendar {
            year: year_of_end(year, month, named),
            month: Month::Named(named),
            day,
        }),
        Expression::Stretch(Stretch::Month {
            year: Year::LastOrNext,
            month: Month::Named(named),
        }) if year != Year::Unsaid => Expression::Stretch(Stretch::Month {
            year: year_of_end(year, month, named),
            month: Month::Named(named),
        }),
        Expression::Stretch(Stretch::Months {
            year: Year::LastOrNext,
            first,
            count,
        }) if year != Year::Unsaid => Expression::Stretch(Stretch::Months { year, first, count }),
        Expression::Stretch(Stretch::Part(part, of)) => match later_date(from, Expression::Stretch(*of.clone())) {
            Expression::Stretch(of) => Expression::Stretch(Stretch::Part(part, Box::new(of))),
            _ => Expression::Stretch(Stretch::Part(part, of)),
        },
        Expression::Day(Day::Weekday {
            weekday,
            week: Week::Unsaid,
        }) if let Expression::Day(Day::Weekday {
            weekday: first,
            week: Week::Relative(weeks),
        }) = from =>
        {
            let later = i64::from(weekday.to_monday_zero_offset() < first.to_monday_zero_offset());
            Expression::Day(Day::Weekday {
                weekday,
                week: Week::Relative(weeks + later),
            })
        }
        other => other,
    }
}

/// The year in which a range ends that starts in a year and month, by the month in which it ends.
fn year_of_end(year: Year, month: Month, end: i8) -> Year {
    match month {
        Month::Named(start) if start > end => next_year(year),
        _ => year,
    }
}

const fn next_year(year: Year) -> Year {
    match year {
        Year::Exact(year) => Year::Exact(year + 1),
        Year::Relative(years) => Year::Relative(years + 1),
        other => other,
    }
}

const fn year_before(year: Year) -> Year {
    match year {
        Year::Exact(year) => Year::Exact(year - 1),
        Year::Relative(years) => Year::Relative(years - 1),
        other => other,
    }
}

/// The start of a range with the year that only its end says.
fn earlier_date(from: Expression, to: &Expression) -> Expression {
    let (year, end_month) = said(to);
    if year == Year::Unsaid {
        return from;
    }
    let year_for = |month: i8| match end_month {
        Month::Named(end) if month <= end => year,
        _ => year_before(year),
    };
    match from {
        Expression::Day(Day::Calendar {
            year: Year::Unsaid | Year::OfWeekday(_),
            month: Month::Named(month),
            day,
        }) => Expression::Day(Day::Calendar {
            year: year_for(month),
            month: Month::Named(month),
            day,
        }),
        Expression::Stretch(Stretch::Month {
            year: Year::LastOrNext,
            month: Month::Named(month),
        }) => Expression::Stretch(Stretch::Month {
            year: year_for(month),
            month: Month::Named(month),
        }),
        Expression::Day(Day::NthWeekday { nth, weekday, of }) => match *of {
            Stretch::Month {
                year: Year::Unsaid,
                month: Month::Named(month),
            } => known_weekday(nth, weekday, year_for(month), month),
            of => Expression::Day(Day::NthWeekday {
                nth,
                weekday,
                of: Box::new(of),
            }),
        },
        other => other,
    }
}

/// A weekday of a month of a year, as the day that it is.
fn known_weekday(nth: Nth, weekday: jiff::civil::Weekday, year: Year, month: i8) -> Expression {
    let day = Day::NthWeekday {
        nth,
        weekday,
        of: Box::new(Stretch::Month {
            year,
            month: Month::Named(month),
        }),
    };
    Expression::Day(Day::Shifted {
        from: Box::new(day),
        by: Length(Vec::new()),
        to: None,
    })
}
