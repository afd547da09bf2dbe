use jiff::{
    ToSpan,
    civil::{Date, DateTime, Weekday},
};
use nakai_time::{Modifier, Preference, Reference, Resolved, TimeKind, TimeValue};
use nakai_types::Language;
use serde_json::{Map, Value, json};

use super::Recognised;

pub(super) fn recognise(
    model: &str,
    language: Language,
    input: &str,
    reference: Option<DateTime>,
) -> Option<Vec<Recognised>> {
    if model != "DateTimeModel" {
        return None;
    }
    let now = reference.unwrap_or(DateTime::constant(2016, 11, 7, 0, 0, 0, 0));
    // The specifications list the past reading before the future one.
    let reference = Reference::new(now, Preference::Past);
    let found = nakai_time::find(input, language, &reference);
    let recognised = found.into_iter().filter_map(|mention| {
        let kind = kind(mention.readings.first()?.kind);
        Some(Recognised {
            range: mention.range,
            type_name: format!("datetimeV2.{kind}"),
            resolution: json!({ "values": mention.readings.iter().map(resolution).collect::<Vec<_>>() }),
        })
    });
    Some(recognised.collect())
}

const fn kind(kind: TimeKind) -> &'static str {
    match kind {
        TimeKind::Date => "date",
        TimeKind::Time => "time",
        TimeKind::DateTime => "datetime",
        TimeKind::DateRange => "daterange",
        TimeKind::TimeRange => "timerange",
        TimeKind::DateTimeRange => "datetimerange",
        TimeKind::Duration => "duration",
        TimeKind::Set => "set",
    }
}

fn resolution(reading: &TimeValue) -> Value {
    let mut values = Map::new();
    let mut set = |name: &str, value: Option<&str>| {
        if let Some(value) = value {
            values.insert(name.to_owned(), Value::from(value));
        }
    };
    let name = kind(reading.kind);
    // An approximate point counts as a range.
    let approximate = reading.modifier == Some(Modifier::Approximate) && !name.ends_with("range");
    set("timex", Some(&reading.timex));
    set(
        "type",
        Some(&if approximate {
            format!("{name}range")
        } else {
            name.to_owned()
        }),
    );
    set("Mod", modifier(reading).as_deref());
    set("sourceEntity", source(reading));
    match &reading.resolved {
        Resolved::Point(point) => set("value", Some(point)),
        Resolved::Range { start, end } => {
            set("list", business_days(reading).as_deref());
            set("start", start.as_deref());
            set("end", end.as_deref());
        }
        Resolved::Seconds(seconds) => set("value", Some(&seconds.to_string())),
        Resolved::Unresolved => set("value", Some("not resolved")),
    }
    Value::Object(values)
}

/// `before`, `before-end`, `start`.
fn modifier(reading: &TimeValue) -> Option<String> {
    let name = |modifier: Modifier| match modifier {
        Modifier::Before => "before",
        Modifier::After => "after",
        Modifier::Since => "since",
        Modifier::Until => "until",
        Modifier::Approximate => "approx",
        Modifier::Start => "start",
        Modifier::Mid => "mid",
        Modifier::End => "end",
        Modifier::Less => "less",
        Modifier::More => "more",
        Modifier::Unanchored => "ref_undef",
    };
    let whole = name(reading.modifier?);
    Some(match reading.part {
        Some(part) => format!("{whole}-{}", name(part)),
        None => whole.to_owned(),
    })
}

/// What a bound was made of: a point (a day, a time) or a range.
fn source(reading: &TimeValue) -> Option<&'static str> {
    match reading.modifier? {
        Modifier::Before | Modifier::After | Modifier::Since | Modifier::Until => {}
        _ => return None,
    }
    let timex = &reading.timex;
    let weekday = timex.contains("-WXX-");
    let day = timex.splitn(3, '-').count() == 3 && !timex.contains("-W");
    let time = timex
        .split_once('T')
        .is_some_and(|(_, time)| time.starts_with(|c: char| c.is_ascii_digit()));
    let point = !timex.starts_with('(') && (weekday || day || time);
    Some(if point { "datetimepoint" } else { "datetimerange" })
}

/// The days of a range of business days; their number is the length of the range.
fn business_days(reading: &TimeValue) -> Option<String> {
    let Resolved::Range { start: Some(start), .. } = &reading.resolved else {
        return None;
    };
    let (_, length) = reading.timex.rsplit_once(",P")?;
    let count: usize = length.strip_suffix("BD)")?.parse().ok()?;
    let start: Date = start.parse().ok()?;
    let days = start
        .series(1.day())
        .filter(|day| !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday))
        .take(count);
    Some(days.map(|day| day.to_string()).collect::<Vec<_>>().join(","))
}
