//! The Hebrew calendar, by its arithmetic rules.

use jiff::civil::Date;

use crate::calendar;

/// Days from the start of the Hebrew calendar to 1 January 1970.
const EPOCH: i64 = 2_092_590;

/// A day of the Hebrew calendar that falls in a year of ours; months count from Nisan, and Tishri is the seventh.
///
/// Adar, the twelfth month, stands for the second Adar of a leap year.
pub(super) fn in_year(year: i16, month: i8, day: i8) -> Option<Date> {
    let first = i64::from(year) + 3760;
    let start = calendar::day(1970, 1, 1)?;
    (first..=first + 1)
        .map(|hebrew| calendar::add_days(start, days(hebrew, month, day) - EPOCH))
        .find(|date| date.year() == year)
}

const fn is_leap(year: i64) -> bool {
    (7 * year + 1).rem_euclid(19) < 7
}

/// The day on which a year starts (1 Tishri), counted from the start of the calendar.
fn new_year(year: i64) -> i64 {
    let months = (235 * year - 234).div_euclid(19);
    let parts = 12_084 + 13_753 * months;
    let day = 29 * months + parts.div_euclid(25_920);
    // The year does not start on a Sunday, Wednesday or Friday.
    if (3 * (day + 1)).rem_euclid(7) < 3 {
        day + 1
    } else {
        day
    }
}

/// The same, with the year before neither too long nor the one after too short.
fn delayed_new_year(year: i64) -> i64 {
    let (before, this, after) = (new_year(year - 1), new_year(year), new_year(year + 1));
    if after - this == 356 {
        this + 2
    } else if this - before == 382 {
        this + 1
    } else {
        this
    }
}

fn length_of_month(year: i64, month: i64) -> i64 {
    let days = delayed_new_year(year + 1) - delayed_new_year(year);
    match month {
        2 | 4 | 6 | 10 | 13 => 29,
        8 if days % 10 != 5 => 29,
        9 if days % 10 == 3 => 29,
        12 if !is_leap(year) => 29,
        _ => 30,
    }
}

/// A day of a year, counted from the start of the calendar.
fn days(year: i64, month: i8, day: i8) -> i64 {
    let last = if is_leap(year) { 13 } else { 12 };
    let month = if month == 12 { last } else { i64::from(month) };
    let before: i64 = if month >= 7 {
        (7..month).map(|month| length_of_month(year, month)).sum()
    } else {
        (7..=last)
            .chain(1..month)
            .map(|month| length_of_month(year, month))
            .sum()
    };
    delayed_new_year(year) + before + i64::from(day) - 1
}

#[cfg(test)]
mod tests {
    use super::in_year;

    #[test]
    fn days_fall_where_they_are_known_to() {
        for (year, month, day, expected) in [
            (2018, 7, 1, "2018-09-10"),
            (2018, 7, 10, "2018-09-19"),
            (2016, 1, 15, "2016-04-23"),
            (2013, 12, 14, "2013-02-24"),
            (2014, 12, 14, "2014-03-16"),
            (2017, 9, 25, "2017-12-13"),
        ] {
            assert_eq!(in_year(year, month, day), Some(expected.parse().unwrap()), "{year}");
        }
    }
}
