//! Days and times of day as people say them, from ISO 8601 as entities have them. What is neither stays as it is.

use jiff::civil::{Date, Time};
use minijinja::{State, Value};
use nakai_types::Language;

/// The filter `date`: `2026-11-26` is 11月26日(木) or `Thursday 26 November`; with the year if it is not this one. Of a time on a day,
/// only the day is said.
pub(crate) fn date_filter(state: &State<'_, '_>, value: Value) -> Value {
    let Some((text, language)) = text_of(state, &value) else {
        return value;
    };
    let day = text.split_once('T').map_or(text, |(day, _)| day);
    let this_year = state
        .lookup("now")
        .and_then(|now| now.get_attr("year").ok())
        .and_then(|year| i16::try_from(year).ok());
    day.parse()
        .map_or_else(|_| value.clone(), |day| Value::from(date(day, this_year, language)))
}

/// The filter `time`: `15:30` is 15時30分 or `3:30 pm`. Of a time on a day, only the time is said.
pub(crate) fn time_filter(state: &State<'_, '_>, value: Value) -> Value {
    let Some((text, language)) = text_of(state, &value) else {
        return value;
    };
    let hour = text.split_once('T').map_or(text, |(_, hour)| hour);
    parse_time(hour).map_or_else(|| value.clone(), |hour| Value::from(time(hour, language)))
}

/// A value of ISO 8601 as people say it: a day, a time of day, or both; `None` for anything else.
pub(crate) fn moment(text: &str, language: Language) -> Option<String> {
    let Some((day, hour)) = text.split_once('T') else {
        let day = || Some(date(text.parse().ok()?, None, language));
        let hour = || Some(time(parse_time(text)?, language));
        return day().or_else(hour);
    };
    let (day, hour) = (
        date(day.parse().ok()?, None, language),
        time(parse_time(hour)?, language),
    );
    Some(match language {
        Language::Ja => format!("{day}{hour}"),
        Language::En => format!("{day}, {hour}"),
    })
}

fn text_of<'v>(state: &State<'_, '_>, value: &'v Value) -> Option<(&'v str, Language)> {
    let language = state.lookup("language")?;
    let language = Language::ALL
        .into_iter()
        .find(|known| Some(known.code()) == language.as_str())?;
    Some((value.as_str()?, language))
}

/// Reads `15:30`, and nothing that only resembles it.
fn parse_time(text: &str) -> Option<Time> {
    if text.as_bytes().get(2) == Some(&b':') {
        text.parse().ok()
    } else {
        None
    }
}

fn date(day: Date, this_year: Option<i16>, language: Language) -> String {
    const WEEKDAYS_JA: [&str; 7] = ["月", "火", "水", "木", "金", "土", "日"];
    const WEEKDAYS_EN: [&str; 7] = [
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
    ];
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let weekday = usize::try_from(day.weekday().to_monday_zero_offset()).unwrap_or_default() % 7;
    let other_year = this_year.is_some_and(|year| year != day.year());
    match language {
        Language::Ja => {
            let year = if other_year {
                format!("{}年", day.year())
            } else {
                String::new()
            };
            format!("{year}{}月{}日({})", day.month(), day.day(), WEEKDAYS_JA[weekday])
        }
        Language::En => {
            let year = if other_year {
                format!(" {}", day.year())
            } else {
                String::new()
            };
            let month = usize::try_from(day.month() - 1).unwrap_or_default() % 12;
            format!("{} {} {}{year}", WEEKDAYS_EN[weekday], day.day(), MONTHS[month])
        }
    }
}

fn time(hour: Time, language: Language) -> String {
    let (hours, minutes) = (hour.hour(), hour.minute());
    match language {
        Language::Ja if minutes == 0 => format!("{hours}時"),
        Language::Ja => format!("{hours}時{minutes}分"),
        Language::En => {
            let half = if hours < 12 { "am" } else { "pm" };
            let hours = (hours + 11) % 12 + 1;
            if minutes == 0 {
                format!("{hours} {half}")
            } else {
                format!("{hours}:{minutes:02} {half}")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_times_are_said_as_people_say_them() {
        for (value, ja, en) in [
            ("2026-11-26", "11月26日(木)", "Thursday 26 November"),
            ("2026-11-01", "11月1日(日)", "Sunday 1 November"),
            ("15:00", "15時", "3 pm"),
            ("00:05", "0時5分", "12:05 am"),
            ("12:30", "12時30分", "12:30 pm"),
            ("06:30:00", "6時30分", "6:30 am"),
            (
                "2026-11-26T18:30",
                "11月26日(木)18時30分",
                "Thursday 26 November, 6:30 pm",
            ),
        ] {
            assert_eq!(moment(value, Language::Ja).as_deref(), Some(ja), "{value}");
            assert_eq!(moment(value, Language::En).as_deref(), Some(en), "{value}");
        }
    }

    #[test]
    fn what_is_no_day_and_no_time_is_left_alone() {
        for value in [
            "",
            "T",
            "204815",
            "1530",
            "R-204815",
            "next week",
            "XXXX-11-26",
            "2026-13-01",
            "P3D",
        ] {
            assert_eq!(moment(value, Language::Ja), None, "{value}");
        }
    }
}
