//! Dates in figures: 2021/03/25, 5/3, 22/04, 2010.1.29.

use super::grammar::{Found, Grammar};
use crate::expression::{Expression, Month, Year};

/// A number of a date, as it stands.
#[derive(Clone, Copy)]
struct Part {
    value: i16,
    figures: usize,
}

impl Grammar<'_> {
    /// A date in figures.
    pub(super) fn figures_date(&self, at: usize) -> Found<Expression> {
        let (first, end) = self.date_part(at)?;
        let separator = self.text.get(end).filter(|c| matches!(c, '/' | '-' | '.'))?;
        let (second, end) = self.date_part(end + 1)?;
        let third = self
            .text
            .get(end)
            .filter(|c| *c == separator || *c == ',')
            .and_then(|_| self.date_part(end + 1))
            .filter(|(_, end)| self.ends(*end));
        if let Some((third, end)) = third {
            let (year, month, day) = year_month_day(first, second, third, separator)?;
            return Some(self.around_day(Year::Exact(year), Month::Named(month), day, end));
        }
        if !self.ends(end) || first.figures > 2 || second.figures > 2 || first.value > 31 {
            return None;
        }
        let (month, day) = month_day(first.value, second.value)?;
        let found = self.around_day(Year::Unsaid, Month::Named(month), day, end);
        // 4-22 and 7.6 are dates only where nothing else is likely.
        let sure = match separator {
            '/' => true,
            _ if found.1 > end => true,
            '-' => {
                self.text
                    .any(
                        self.text.spaces(end),
                        &["に戻", "に帰", "に着", "に出", "に予約", "に宿泊", "から", "まで"],
                    )
                    .is_some()
                    && day > 12
            }
            _ => false,
        };
        sure.then_some(found)
    }

    fn date_part(&self, at: usize) -> Found<Part> {
        self.text.get(at).filter(char::is_ascii_digit)?;
        let (numeral, end) = self.numeral(at)?;
        let value = i16::try_from(numeral.value).ok()?;
        (numeral.figures <= 4 && numeral.figures != 3).then_some((
            Part {
                value,
                figures: numeral.figures,
            },
            end,
        ))
    }

    /// Whether no more of a number or a code follows.
    fn ends(&self, end: usize) -> bool {
        match self.text.get(end) {
            Some(c) if c.is_ascii_alphanumeric() => false,
            Some('/' | '.' | ':' | '%') => false,
            // A range of dates, or a code.
            Some('-') => self.text.get(end + 1).is_some_and(|c| c.is_ascii_digit()) && self.dashes_are_a_range(end),
            _ => true,
        }
    }

    /// Whether the dash here stands between two dates with slashes or dots.
    fn dashes_are_a_range(&self, dash: usize) -> bool {
        let slash = |from: usize, to: usize| (from..to).any(|at| self.text.get(at) == Some('/'));
        slash(dash.saturating_sub(4), dash) && slash(dash + 1, dash + 5)
    }
}

/// Which of three numbers is the year, the month and the day.
fn year_month_day(first: Part, second: Part, third: Part, separator: char) -> Option<(i16, i8, i8)> {
    if first.figures == 4 {
        let (month, day) = checked(second.value, third.value)?;
        return Some((first.value, month, day));
    }
    if third.figures == 4 {
        let (month, day) = month_day(first.value, second.value)?;
        return Some((third.value, month, day));
    }
    // Addresses are written with dashes too: 1-2-3.
    if first.figures > 2 || second.figures > 2 || (separator != '/' && third.figures < 2 && first.figures < 2) {
        return None;
    }
    // 21/04/16 and 15-9-18 start with the year, 3-7-27 and 9-18-15 with the month.
    let (year, (month, day)) = match checked(second.value, third.value) {
        Some(found) if first.figures == 2 => (first.value, found),
        _ => (third.value, month_day(first.value, second.value)?),
    };
    Some((year + if year < 50 { 2000 } else { 1900 }, month, day))
}

/// A month and a day, in either order where only one is possible.
fn month_day(first: i16, second: i16) -> Option<(i8, i8)> {
    checked(first, second).or_else(|| checked(second, first))
}

fn checked(month: i16, day: i16) -> Option<(i8, i8)> {
    let possible = (1..=12).contains(&month) && (1..=31).contains(&day);
    Some((i8::try_from(month).ok()?, i8::try_from(day).ok()?)).filter(|_| possible)
}
