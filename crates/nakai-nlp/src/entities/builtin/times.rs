use std::collections::BTreeMap;

use nakai_bundle::model::{BuiltinEntity, TimeConvention, TimePreference};
use nakai_time::{Convention, Expressions, Preference, Reference, Resolved, TimeKind, TimeValue};
use nakai_types::{EntityValue, Interval, Language};

use super::{Circumstances, Found, FoundValue, Part, Wanted};

/// Appends days, times of day, lengths of time and what comes again. Where entities prefer the past and others the future, each gets its
/// own reading of the same stretch.
pub(super) fn find(
    wanted: &[Wanted],
    text: &str,
    language: Language,
    circumstances: &Circumstances,
    found: &mut Vec<Found<'_>>,
) {
    if !wanted.iter().any(|wanted| is_time(wanted.entity)) {
        return;
    }
    let expressions = Expressions::of(text, language);
    if expressions.is_empty() {
        return;
    }
    let mut parts_at: BTreeMap<(usize, usize), Vec<Part>> = BTreeMap::new();
    for (preferred, preference) in [
        (TimePreference::Future, Preference::Future),
        (TimePreference::Past, Preference::Past),
    ] {
        let wanted: Vec<&Wanted> = wanted
            .iter()
            .filter(|wanted| wanted.preference == preferred && is_time(wanted.entity))
            .collect();
        if wanted.is_empty() {
            continue;
        }
        let reference = Reference {
            now: circumstances.now,
            preference,
            convention: match circumstances.convention {
                TimeConvention::Recognizers => Convention::Recognizers,
                TimeConvention::Duckling => Convention::Duckling,
            },
            zone: Some(circumstances.zone.clone()),
        };
        for mention in expressions.at(&reference) {
            let parts = time_parts(&wanted, &mention.readings);
            parts_at
                .entry((mention.range.start, mention.range.end))
                .or_default()
                .extend(parts);
        }
    }
    found.extend(parts_at.into_iter().filter_map(|((start, end), parts)| {
        Some(Found {
            range: start..end,
            entity: parts.first()?.entity,
            value: FoundValue::Known(parts),
        })
    }));
}

const fn is_time(entity: BuiltinEntity) -> bool {
    matches!(
        entity,
        BuiltinEntity::Date
            | BuiltinEntity::Time
            | BuiltinEntity::DateTime
            | BuiltinEntity::DateRange
            | BuiltinEntity::TimeRange
            | BuiltinEntity::DateTimeRange
            | BuiltinEntity::Duration
            | BuiltinEntity::Recurrence
    )
}

/// What each wanted entity gets of an expression of time.
fn time_parts(wanted: &[&Wanted], readings: &[TimeValue]) -> Vec<Part> {
    let whole = |wanted: &&Wanted| {
        let values: Vec<EntityValue> = readings
            .iter()
            .filter(|reading| kind_of(reading.kind) == wanted.entity)
            .filter_map(value)
            .collect();
        Part::new(wanted.number, values)
    };
    let parts: Vec<Part> = wanted.iter().filter_map(whole).collect();
    if !parts.is_empty() {
        return parts;
    }
    let pieces = |wanted: &&Wanted| {
        let number = wanted.number;
        let of_reading: Vec<Vec<EntityValue>> = readings.iter().map(|reading| pieces(reading, wanted.entity)).collect();
        // Where there are two (from the third to the fifth), each is an entity of its own.
        let most = of_reading.iter().map(Vec::len).max().unwrap_or_default();
        let nth = move |n: usize| {
            let values = of_reading.iter().filter_map(|pieces| pieces.get(n).cloned()).collect();
            Part::new(number, values)
        };
        (0..most).filter_map(nth).collect::<Vec<_>>()
    };
    wanted.iter().flat_map(pieces).collect()
}

const fn kind_of(kind: TimeKind) -> BuiltinEntity {
    match kind {
        TimeKind::Date => BuiltinEntity::Date,
        TimeKind::Time => BuiltinEntity::Time,
        TimeKind::DateTime => BuiltinEntity::DateTime,
        TimeKind::DateRange => BuiltinEntity::DateRange,
        TimeKind::TimeRange => BuiltinEntity::TimeRange,
        TimeKind::DateTimeRange => BuiltinEntity::DateTimeRange,
        TimeKind::Duration => BuiltinEntity::Duration,
        TimeKind::Set => BuiltinEntity::Recurrence,
    }
}

/// The value of a reading as a whole; `None` for a point that no calendar has.
fn value(reading: &TimeValue) -> Option<EntityValue> {
    match &reading.resolved {
        Resolved::Point(point) => Some(EntityValue::Text(iso(point))),
        Resolved::Range { start, end } => Some(EntityValue::Interval(Interval {
            start: start.as_deref().map(iso),
            end: end.as_deref().map(iso),
        })),
        Resolved::Seconds(_) | Resolved::Unresolved => Some(EntityValue::Text(reading.timex.clone())),
    }
}

/// What of a reading is a date or a time, if that is what is wanted.
fn pieces(reading: &TimeValue, wanted: BuiltinEntity) -> Vec<EntityValue> {
    let points: Vec<&str> = match &reading.resolved {
        Resolved::Point(point) => vec![point],
        // A range that was said by its ends, `(2026-11-23,2026-11-25,P2D)`, and not by a name such as "next week".
        Resolved::Range { start, end } if reading.timex.starts_with('(') => {
            start.as_deref().into_iter().chain(end.as_deref()).collect()
        }
        // A part of a day, `2026-11-23TMO`.
        Resolved::Range { .. } => part_of_day(&reading.timex).into_iter().collect(),
        Resolved::Seconds(_) | Resolved::Unresolved => Vec::new(),
    };
    let mut pieces: Vec<EntityValue> = Vec::new();
    for point in points {
        let (date, time) = match point.split_once(' ') {
            Some((date, time)) => (Some(date), Some(time)),
            None if point.contains(':') => (None, Some(point)),
            None => (Some(point), None),
        };
        let piece = match wanted {
            BuiltinEntity::Date => date.map(iso),
            BuiltinEntity::Time => time.map(iso),
            _ => None,
        };
        let piece = piece.map(EntityValue::Text);
        pieces.extend(piece.filter(|piece| pieces.last() != Some(piece)));
    }
    pieces
}

/// The day of a morning, an evening or a night.
fn part_of_day(timex: &str) -> Option<&str> {
    let (day, _) = timex.split_once('T')?;
    day.parse::<jiff::civil::Date>().ok().map(|_| day)
}

/// `2026-11-23 15:00:00` as ISO 8601 writes it, without seconds that nobody said.
fn iso(point: &str) -> String {
    let point = point.replacen(' ', "T", 1);
    match point.strip_suffix(":00") {
        Some(minutes) if minutes.contains(':') => minutes.to_owned(),
        _ => point,
    }
}
