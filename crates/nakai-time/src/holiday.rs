//! Holidays, as rules for the day on which they fall in a year.

mod hebrew;
mod lunar;

use icu_calendar::{Date as CalendarDate, Iso, cal::Hijri};
use jiff::civil::{Date, Weekday};

use crate::calendar;

/// On which day of a year a holiday falls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Holiday {
    /// A day of a month.
    Fixed(i8, i8),
    /// The n-th weekday of a month (from its end when negative).
    Weekday {
        /// The month.
        month: i8,
        /// Which of its weekdays.
        nth: i8,
        /// Which weekday.
        weekday: Weekday,
    },
    /// Days after the n-th weekday of a month.
    AfterWeekday {
        /// The month.
        month: i8,
        /// Which of its weekdays.
        nth: i8,
        /// Which weekday.
        weekday: Weekday,
        /// How many days after it.
        days: i8,
    },
    /// The last weekday before (or on) a day of a month.
    LastBefore {
        /// The month.
        month: i8,
        /// The last possible day.
        day: i8,
        /// Which weekday.
        weekday: Weekday,
    },
    /// The equinox of March or September in Japan.
    Equinox(i8),
    /// The day from Monday to Friday that is nearest to a day of a month.
    Nearest(i8, i8),
    /// Days after Easter Sunday.
    Easter(i16),
    /// Days after the Easter Sunday of the eastern churches.
    OrthodoxEaster(i16),
    /// A day of a month of the Islamic calendar, as Umm al-Qura in Mecca has it.
    Islamic(i8, i8),
    /// The last Friday before a day of the Islamic calendar.
    FridayBefore(i8, i8),
    /// The day on whose evening a day of the Hebrew calendar begins. Months count from Nisan.
    Hebrew(i8, i8),
    /// The same, moved by days where it would fall on certain weekdays.
    HebrewMoved(i8, i8, &'static [(Weekday, i8)]),
    /// A tithi of a Hindu month at an hour, and days after it.
    Hindu {
        /// The month; Chaitra is 0.
        month: i8,
        /// From 1 after the new moon to 30 at the next one.
        tithi: i8,
        /// At which hour it must have been reached.
        hour: i8,
        /// Days after it.
        days: i8,
    },
    /// Days after the sun enters a sign among the stars (Aries is 0).
    Sun(i8, i8),
    /// The first day of the Chinese calendar.
    ChineseNewYear,
    /// A day of a month, or the day before if that is a Sunday.
    NotSunday(i8, i8),
    /// A day that comes every 365 days, by one of its dates.
    EachYearOf365(i16, i8, i8),
    /// A day of every year by a table of years from a first one: month and day in each.
    Table(i16, &'static [(i8, i8)]),
}

impl Holiday {
    /// The day in a year; `None` where the year has none.
    pub(crate) fn in_year(self, year: i16) -> Option<Date> {
        match self {
            Self::Fixed(month, day) => calendar::day(year, month, day),
            Self::Weekday { month, nth, weekday } => calendar::nth_weekday(year, month, nth, weekday),
            Self::AfterWeekday {
                month,
                nth,
                weekday,
                days,
            } => calendar::nth_weekday(year, month, nth, weekday).map(|date| calendar::add_days(date, days.into())),
            Self::LastBefore { month, day, weekday } => {
                let last = calendar::day(year, month, day)?;
                let back = i64::from(last.weekday().since(weekday));
                Some(calendar::add_days(last, -back))
            }
            Self::Equinox(month) => calendar::day(year, month, equinox(year, month)),
            Self::Nearest(month, day) => {
                let date = calendar::day(year, month, day)?;
                Some(match date.weekday() {
                    Weekday::Saturday => calendar::add_days(date, -1),
                    Weekday::Sunday => calendar::add_days(date, 1),
                    _ => date,
                })
            }
            Self::Easter(days) => calendar::easter(year).map(|date| calendar::add_days(date, days.into())),
            Self::OrthodoxEaster(days) => orthodox_easter(year).map(|date| calendar::add_days(date, days.into())),
            Self::Islamic(month, day) => islamic(year, month, day),
            Self::FridayBefore(month, day) => {
                let before = calendar::add_days(islamic(year, month, day)?, -1);
                let back = i64::from(before.weekday().since(Weekday::Friday));
                Some(calendar::add_days(before, -back))
            }
            Self::Hebrew(month, day) => hebrew::in_year(year, month, day).map(|date| calendar::add_days(date, -1)),
            Self::HebrewMoved(month, day, moves) => {
                let date = hebrew::in_year(year, month, day)?;
                let moved = moves.iter().find(|(weekday, _)| *weekday == date.weekday());
                let days = moved.map_or(0, |(_, days)| i64::from(*days));
                Some(calendar::add_days(date, days - 1))
            }
            Self::Hindu {
                month,
                tithi,
                hour,
                days,
            } => lunar::hindu(year, month, tithi, hour).map(|date| calendar::add_days(date, days.into())),
            Self::Sun(sign, days) => lunar::solar(year, sign).map(|date| calendar::add_days(date, days.into())),
            Self::ChineseNewYear => lunar::chinese_new_year(year),
            Self::NotSunday(month, day) => {
                let date = calendar::day(year, month, day)?;
                let sunday = date.weekday() == Weekday::Sunday;
                Some(calendar::add_days(date, -i64::from(sunday)))
            }
            Self::EachYearOf365(known, month, day) => {
                let years = i64::from(year) - i64::from(known);
                Some(calendar::add_days(calendar::day(known, month, day)?, years * 365))
            }
            Self::Table(first, days) => {
                let (month, day) = *days.get(usize::try_from(year.checked_sub(first)?).ok()?)?;
                calendar::day(year, month, day)
            }
        }
    }

    /// As TIMEX3 writes it in a year that is written `year`; `date` is the day in the year that is meant.
    pub(crate) fn timex(self, year: &str, date: Option<Date>) -> String {
        match (self, date) {
            (Self::Weekday { month, nth, weekday }, _) if nth > 0 => {
                format!("{year}-{month:02}-WXX-{}-{nth}", weekday.to_monday_one_offset())
            }
            (_, Some(date)) => format!("{year}-{:02}-{:02}", date.month(), date.day()),
            (_, None) => format!("{year}-XX-XX"),
        }
    }
}

/// The day of an equinox, by the approximation of the Japanese almanac for 1980 to 2099.
fn equinox(year: i16, month: i8) -> i8 {
    let years = f64::from(year) - 1980.0;
    let start = if month == 3 { 20.8431 } else { 23.2488 };
    #[expect(
        clippy::cast_possible_truncation,
        reason = "clamped to days that March and September have"
    )]
    let day = (start + 0.242_194 * years - (years / 4.0).floor()).clamp(1.0, 30.0) as i8;
    day
}

/// Easter of the Julian calendar (Meeus), as a day of the Gregorian one.
fn orthodox_easter(year: i16) -> Option<Date> {
    let y = i64::from(year);
    let (a, b, c) = (y % 4, y % 7, y % 19);
    let d = (19 * c + 15) % 30;
    let e = (2 * a + 4 * b - d + 34) % 7;
    let n = d + e + 114;
    let julian = calendar::day(year, i8::try_from(n / 31).ok()?, i8::try_from(n % 31 + 1).ok()?)?;
    Some(calendar::add_days(julian, y / 100 - y / 400 - 2))
}

/// The first day of a year that is such a day of the Islamic calendar.
fn islamic(year: i16, month: i8, day: i8) -> Option<Date> {
    let calendar = Hijri::new_umm_al_qura();
    let (month, day) = (u8::try_from(month).ok()?, u8::try_from(day).ok()?);
    let start = CalendarDate::try_new_iso(year.into(), 1, 1).ok()?.to_calendar(calendar);
    let first = start.year().extended_year();
    (first..first + 2)
        .filter_map(|islamic_year| {
            let date = CalendarDate::try_new_hijri_with_calendar(islamic_year, month, day, calendar).ok()?;
            let date = date.to_calendar(Iso);
            calendar::day(
                i16::try_from(date.year().extended_year()).ok()?,
                i8::try_from(date.month().ordinal).ok()?,
                i8::try_from(date.day_of_month().0).ok()?,
            )
        })
        .find(|date| date.year() == year)
}

#[cfg(test)]
mod tests {
    use super::Holiday;

    #[test]
    fn the_islamic_calendar_is_that_of_umm_al_qura() {
        for (month, day, expected) in [
            (9, 1, "2024-03-11"),
            (10, 1, "2025-03-30"),
            (12, 10, "2023-06-28"),
            (1, 1, "2026-06-16"),
        ] {
            let expected: jiff::civil::Date = expected.parse().unwrap();
            assert_eq!(Holiday::Islamic(month, day).in_year(expected.year()), Some(expected));
        }
    }
}
