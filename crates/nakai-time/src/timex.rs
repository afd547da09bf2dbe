//! How TIMEX3 writes days, times and stretches.

use std::fmt::Write as _;

use jiff::civil::{Date, DateTime, Time, Weekday};

use crate::expression::{Clock, DayPart, Season};

/// `2016-11-07`.
pub(crate) fn date(date: Date) -> String {
    format!("{:04}-{:02}-{:02}", date.year(), date.month(), date.day())
}

/// `2016-11-07`, `XXXX-11-07`, `XXXX-XX-07`.
pub(crate) fn partial(year: &str, month: Option<i8>, day: Option<i8>) -> String {
    let mut timex = String::from(year);
    for part in [month, day] {
        let _ = match part {
            Some(part) => write!(timex, "-{part:02}"),
            None => write!(timex, "-XX"),
        };
    }
    timex
}

/// `2016-W45`.
pub(crate) fn week((year, week): (i16, i8)) -> String {
    format!("{year:04}-W{week:02}")
}

/// `XXXX-WXX-5`.
pub(crate) fn weekday(weekday: Weekday) -> String {
    format!("XXXX-WXX-{}", weekday.to_monday_one_offset())
}

/// `T15`, `T15:30`, `T15:30:00`.
pub(crate) fn clock(clock: Clock) -> String {
    let mut timex = format!("T{:02}", clock.hour);
    if let Some(minute) = clock.minute {
        let _ = write!(timex, ":{minute:02}");
    }
    if let Some(second) = clock.second {
        let _ = write!(timex, ":{second:02}");
    }
    timex
}

/// `2016-11-07T15:30:00`.
pub(crate) fn moment(moment: DateTime) -> String {
    format!("{}T{}", date(moment.date()), time_value(moment.time()))
}

/// `15:30:00`.
pub(crate) fn time_value(time: Time) -> String {
    format!("{:02}:{:02}:{:02}", time.hour(), time.minute(), time.second())
}

/// `2016-11-07 15:30:00`.
pub(crate) fn moment_value(moment: DateTime) -> String {
    format!("{} {}", date(moment.date()), time_value(moment.time()))
}

/// `TMO`.
pub(crate) const fn day_part(part: DayPart) -> &'static str {
    match part {
        DayPart::Morning => "TMO",
        DayPart::Midday => "TMI",
        DayPart::Afternoon => "TAF",
        DayPart::Evening => "TEV",
        DayPart::Night => "TNI",
        DayPart::Daytime => "TDT",
        DayPart::Nighttime => "TNT",
        DayPart::Breakfast => "TMEB",
        DayPart::Lunch => "TMEL",
        DayPart::Dinner => "TMED",
        DayPart::BusinessHours => "TBH",
    }
}

/// `SP`.
pub(crate) const fn season(season: Season) -> &'static str {
    match season {
        Season::Spring => "SP",
        Season::Summer => "SU",
        Season::Fall => "FA",
        Season::Winter => "WI",
    }
}

/// `(2016-11-07,2016-11-09,P2D)`.
pub(crate) fn range(start: &str, end: &str, length: &str) -> String {
    format!("({start},{end},{length})")
}

/// The length of a stretch of whole days: `P2D`.
pub(crate) fn days(days: i64) -> String {
    format!("P{days}D")
}

/// The length from a time to another: `PT1H30M`.
pub(crate) fn clock_length(seconds: i64) -> String {
    let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let mut timex = String::from("PT");
    for (amount, mark) in [(hours, 'H'), (minutes, 'M'), (rest, 'S')] {
        if amount != 0 {
            let _ = write!(timex, "{amount}{mark}");
        }
    }
    if timex.len() == 2 {
        timex.push_str("0S");
    }
    timex
}
