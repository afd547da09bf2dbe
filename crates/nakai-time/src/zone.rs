//! Time zones that are said with a time: "8:00 GMT", "9 am PST", "15:00 UTC+2".

use jiff::{
    civil::{Date, DateTime, Time},
    tz::{Offset, TimeZone},
};

use crate::{Resolved, TimeValue, timex};

/// A time zone as it was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Zone {
    /// So many minutes east of Greenwich.
    Minutes(i16),
    /// One of the IANA database, where summer time is not told by its name: "5pm ET".
    Named(&'static str),
}

/// Abbreviations that people write with times, in hours and minutes from Greenwich; of those that several countries have, the one that
/// most customers mean. Words that are also others ("west", "eat") are left out.
const OFFSETS: &[(&str, i16, i16)] = &[
    ("acdt", 10, 30),
    ("acst", 9, 30),
    ("adt", -3, 0),
    ("aedt", 11, 0),
    ("aest", 10, 0),
    ("akdt", -8, 0),
    ("akst", -9, 0),
    ("awst", 8, 0),
    ("brt", -3, 0),
    ("bst", 1, 0),
    ("cdt", -5, 0),
    ("cest", 2, 0),
    ("cet", 1, 0),
    ("cst", -6, 0),
    ("edt", -4, 0),
    ("eest", 3, 0),
    ("eet", 2, 0),
    ("est", -5, 0),
    ("gmt", 0, 0),
    ("gst", 4, 0),
    ("hkt", 8, 0),
    ("hst", -10, 0),
    ("ist", 5, 30),
    ("jst", 9, 0),
    ("kst", 9, 0),
    ("mdt", -6, 0),
    ("msk", 3, 0),
    ("mst", -7, 0),
    ("ndt", -2, -30),
    ("nzdt", 13, 0),
    ("nzst", 12, 0),
    ("pdt", -7, 0),
    ("pht", 8, 0),
    ("pkt", 5, 0),
    ("pst", -8, 0),
    ("sast", 2, 0),
    ("sgt", 8, 0),
    ("utc", 0, 0),
    ("wib", 7, 0),
];

/// Abbreviations that go with summer time; in capital letters only.
const PLACES: &[(&str, &str)] = &[
    ("ET", "America/New_York"),
    ("CT", "America/Chicago"),
    ("MT", "America/Denver"),
    ("PT", "America/Los_Angeles"),
];

impl Zone {
    /// The zone of an abbreviation, as it is written and in lower case.
    pub(crate) fn abbreviated(written: &str, lower: &str) -> Option<Self> {
        if !(2..=4).contains(&lower.len()) {
            return None;
        }
        if let Some((_, name)) = PLACES.iter().find(|(place, _)| *place == written) {
            return Some(Self::Named(name));
        }
        let found = OFFSETS.binary_search_by(|(name, ..)| (*name).cmp(lower)).ok()?;
        let (_, hours, minutes) = OFFSETS.get(found)?;
        Some(Self::Minutes(hours * 60 + minutes))
    }

    /// The zone, if there is such a one.
    pub(crate) fn get(self) -> Option<TimeZone> {
        match self {
            Self::Minutes(minutes) => {
                let offset = Offset::from_seconds(i32::from(minutes) * 60).ok()?;
                Some(TimeZone::fixed(offset))
            }
            Self::Named(name) => TimeZone::get(name).ok(),
        }
    }
}

/// A reading whose times were said in one time zone, in another one. What has no time of day stays as it is.
pub(crate) fn carried(reading: TimeValue, from: &TimeZone, to: &TimeZone, now: DateTime) -> TimeValue {
    // The day on which times without a date are said.
    let today = in_zone(now, to, from).map_or(now.date(), DateTime::date);
    let point = |point: String| carried_point(&point, from, to, today).unwrap_or(point);
    let resolved = match reading.resolved {
        Resolved::Point(at) => Resolved::Point(point(at)),
        Resolved::Range { start, end } => Resolved::Range {
            start: start.map(point),
            end: end.map(point),
        },
        other => other,
    };
    TimeValue { resolved, ..reading }
}

/// `15:00:00` or `2026-11-23 15:00:00` in another time zone.
fn carried_point(point: &str, from: &TimeZone, to: &TimeZone, today: Date) -> Option<String> {
    match point.split_once(' ') {
        Some((date, time)) => {
            let moment = date.parse::<Date>().ok()?.to_datetime(time.parse().ok()?);
            in_zone(moment, from, to).map(timex::moment_value)
        }
        None => {
            let time: Time = point.contains(':').then(|| point.parse().ok())??;
            let moment = in_zone(today.to_datetime(time), from, to)?;
            Some(timex::time_value(moment.time()))
        }
    }
}

fn in_zone(moment: DateTime, from: &TimeZone, to: &TimeZone) -> Option<DateTime> {
    Some(to.to_datetime(from.to_timestamp(moment).ok()?))
}

#[cfg(test)]
mod tests {
    use super::OFFSETS;

    #[test]
    fn abbreviations_are_in_the_order_in_which_they_are_looked_up() {
        assert!(OFFSETS.windows(2).all(|pair| pair[0].0 < pair[1].0));
    }
}
