//! Times of day in one half of the day or the other.

use jiff::civil::{Date, DateTime, Time};

use crate::{
    Modifier, calendar,
    expression::{Clock, DayPart, Part},
};

/// The clock time; midnight for 24 o'clock.
pub(super) fn time(clock: Clock) -> Time {
    Time::new(
        clock.hour.rem_euclid(24),
        clock.minute.unwrap_or_default(),
        clock.second.unwrap_or_default(),
        0,
    )
    .unwrap_or(Time::midnight())
}

/// The time on a day; 24 o'clock is on the next.
pub(super) fn on(date: Date, clock: Clock) -> DateTime {
    calendar::add_days(date, i64::from(clock.hour / 24)).to_datetime(time(clock))
}

/// The times that may be meant, the one as it was said first.
pub(super) fn halves(clock: Clock) -> Vec<Clock> {
    if !clock.ambiguous {
        return vec![clock];
    }
    vec![certain(clock, clock.hour), certain(clock, other_half(clock.hour))]
}

const fn other_half(hour: i8) -> i8 {
    if hour >= 12 { hour - 12 } else { hour + 12 }
}

const fn certain(clock: Clock, hour: i8) -> Clock {
    Clock {
        hour,
        ambiguous: false,
        ..clock
    }
}

/// The pairs of times that may be meant by "from one to the other".
pub(super) fn ranges(from: Clock, to: Clock) -> Vec<(Clock, Clock)> {
    let before = |a: Clock, b: Clock| time(a) < time(b);
    let morning = |clock: Clock| certain(clock, clock.hour % 12);
    let later = |clock: Clock| certain(clock, clock.hour % 12 + 12);
    match (from.ambiguous, to.ambiguous) {
        (false, false) => vec![(from, to)],
        // "5 to 6 pm" is in the afternoon, "9 to 3 pm" starts in the morning.
        (true, false) => {
            let choices = [later(from), certain(from, from.hour), morning(from)];
            let start = choices.into_iter().find(|from| before(*from, to));
            vec![(start.unwrap_or(later(from)), to)]
        }
        (false, true) => {
            let choices = [certain(to, to.hour), morning(to), later(to)];
            let end = choices.into_iter().find(|to| before(from, *to));
            vec![(from, end.unwrap_or(morning(to)))]
        }
        (true, true) if before(morning(from), morning(to)) => {
            vec![(morning(from), morning(to)), (later(from), later(to))]
        }
        (true, true) => vec![(morning(from), later(to)), (later(from), morning(to))],
    }
}

/// The same of one day: with minutes, a range is not meant to go on through the night.
pub(super) fn ranges_in_day(from: Clock, to: Clock) -> Vec<(Clock, Clock)> {
    let mut ranges = ranges(from, to);
    if (from.minute.is_some() || to.minute.is_some()) && ranges.iter().any(|(from, to)| time(*from) < time(*to)) {
        ranges.retain(|(from, to)| time(*from) < time(*to));
    }
    ranges
}

/// From a time to the next occurrence of another.
pub(super) fn seconds_between(start: Time, end: Time) -> i64 {
    let seconds = start.duration_until(end).as_secs();
    if seconds <= 0 { seconds + 86_400 } else { seconds }
}

/// When a part of a day starts and ends. Its early half has two hours less at its end, its late half at its start.
pub(super) fn part_hours(part: DayPart, of: Option<Part>) -> (Time, Time) {
    let (start, end) = match part {
        DayPart::Morning | DayPart::Breakfast => (8, 12),
        DayPart::Midday | DayPart::Lunch => (11, 13),
        DayPart::Afternoon => (12, 16),
        DayPart::Evening | DayPart::Dinner => (16, 20),
        DayPart::Night => (20, 24),
        DayPart::Daytime | DayPart::BusinessHours => (8, 18),
        DayPart::Nighttime => (0, 8),
    };
    let (start, end) = match of {
        Some(Modifier::Start) => (start, start + 2),
        Some(Modifier::End) => (start + 2, end),
        _ => (start, end),
    };
    let hour = |hour: i8| Time::new(hour, 0, 0, 0).unwrap_or(Time::constant(23, 59, 59, 0));
    (hour(start), hour(end))
}
