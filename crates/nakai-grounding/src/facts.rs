//! Numbers and times: what must agree to the letter, however it is written.

mod side;

use std::ops::Range;

use jiff::civil::date;
use nakai_entities::numbers::{self, NumberValue};
use nakai_time::{Preference, Reference, Resolved, TimeKind};
use nakai_types::Language;

pub(crate) use self::side::Side;
use crate::terms::{is_empty, is_japanese};

/// Something that a sentence states exactly.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Fact {
    /// Where it stands in the sentence, in bytes.
    pub(crate) at: usize,
    /// Which side of it is meant.
    pub(crate) side: Side,
    /// The words from it up to the next fact, in Japanese from the one before up to it: what is counted, in which unit, and when.
    pub(crate) counted: Vec<String>,
    /// Whether it is what something is counted by, as in `20 cents a minute`.
    pub(crate) is_rate: bool,
    /// Whether it is written with digits, rather than as `in the afternoon`.
    pub(crate) in_digits: bool,
    /// What it can mean; several where the text leaves it open, such as the half of the day.
    readings: Vec<Value>,
}

#[derive(Debug, Clone, PartialEq)]
enum Value {
    /// A moment as the clock or calendar shows it.
    Moment(String),
    /// A length of time in seconds.
    Seconds(i64),
    Number(f64),
    /// A place in an order.
    Place(i64),
}

impl Fact {
    /// Whether both can mean the same.
    pub(crate) fn agrees(&self, other: &Self) -> bool {
        self.readings.iter().any(|reading| other.readings.contains(reading))
    }
}

/// Finds all facts of a folded sentence.
pub(crate) fn facts(folded: &str) -> Vec<Fact> {
    if !folded.chars().any(may_begin_a_number) && is_japanese(folded) {
        return Vec::new();
    }
    let language = if is_japanese(folded) {
        Language::Ja
    } else {
        Language::En
    };
    let reference = Reference::new(date(2026, 1, 1).at(0, 0, 0, 0), Preference::Future);
    let mut facts = Vec::new();
    let mut timed = Vec::new();
    for mention in nakai_time::find(folded, language, &reference) {
        let exact = folded[mention.range.clone()].chars().any(|c| c.is_ascii_digit()) || language == Language::En;
        if !exact {
            continue;
        }
        let mut ends: Vec<Vec<Value>> = vec![Vec::new(), Vec::new()];
        // A clock with a colon is one of 24 hours unless a half of the day is said, which leaves one reading.
        let written = &folded[mention.range.clone()];
        let read = if written.contains(':') {
            1
        } else {
            mention.readings.len()
        };
        for reading in mention.readings.iter().take(read) {
            match (&reading.kind, &reading.resolved) {
                (TimeKind::Set | TimeKind::Date | TimeKind::DateRange, _) => {}
                (_, Resolved::Point(point)) => ends[0].push(Value::Moment(clock(point))),
                (_, Resolved::Range { start, end }) => {
                    ends[0].extend(start.iter().map(|point| Value::Moment(clock(point))));
                    ends[1].extend(end.iter().map(|point| Value::Moment(clock(point))));
                }
                #[expect(
                    clippy::cast_possible_truncation,
                    reason = "no stretch of time that anyone writes is that long"
                )]
                (_, Resolved::Seconds(seconds)) => ends[0].push(Value::Seconds(seconds.round() as i64)),
                (_, Resolved::Unresolved) => {}
            }
        }
        // Minutes without an hour are a length of time.
        if language == Language::Ja && !written.contains('時') && !written.contains(':') {
            let minutes: Vec<Value> = ends[0].iter().filter_map(minutes_past_midnight).collect();
            ends[0].extend(minutes);
        }
        let found = ends.into_iter().filter(|readings| !readings.is_empty());
        let before = facts.len();
        let at = mention.range.start;
        // A stretch is from its beginning and until its end, whatever stands before it.
        let sides = match found.clone().count() {
            2 => [Side::From, Side::Until],
            _ => [Side::of(folded, &mention.range); 2],
        };
        let (in_digits, lower) = (written.chars().any(|c| c.is_ascii_digit()), written.to_lowercase());
        let mut rates = ["a ", "an ", "per ", "each ", "every "].iter();
        let is_rate = rates.any(|word| lower.starts_with(word));
        facts.extend(found.zip(sides).map(|(readings, side)| Fact {
            at,
            side,
            counted: Vec::new(),
            is_rate,
            in_digits,
            readings,
        }));
        if facts.len() > before {
            timed.push(mention.range);
        }
    }
    for mention in numbers::cardinals(folded, language) {
        if timed
            .iter()
            .any(|range| range.start < mention.range.end && mention.range.start < range.end)
        {
            continue;
        }
        // "One" is an article as often as a number.
        let written = &folded[mention.range.clone()];
        let vague = !written.chars().any(|c| c.is_ascii_digit()) && is_one(&mention.readings);
        let mut readings: Vec<Value> = mention.readings.iter().filter_map(number).collect();
        // "Between 2 and 6 pm": the first is a time as well.
        if timed
            .iter()
            .any(|time| is_joined(folded, mention.range.end, time.start))
        {
            let hours: Vec<Value> = readings.iter().flat_map(hours).collect();
            readings.extend(hours);
        }
        if !vague && !readings.is_empty() {
            let (at, side) = (mention.range.start, Side::of(folded, &mention.range));
            facts.push(Fact {
                at,
                side,
                counted: Vec::new(),
                is_rate: false,
                in_digits: written.chars().any(|c| c.is_ascii_digit()),
                readings,
            });
        }
    }
    if language == Language::En {
        facts.extend(places(folded, &timed));
    }
    facts.extend(measures(folded, &timed));
    count(folded, language, &mut facts);
    facts
}

/// Numbers to which a unit in Latin letters is joined, which are no numbers to who reads words: `23kg`, `20GB`.
fn measures(folded: &str, timed: &[Range<usize>]) -> Vec<Fact> {
    let mut facts = Vec::new();
    let is_inner = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',');
    let mut at = 0;
    while let Some(begin) = folded[at..].find(|c: char| c.is_ascii_digit()).map(|found| at + found) {
        let end = folded[begin..]
            .find(|c| !is_inner(c))
            .map_or(folded.len(), |found| begin + found);
        at = end;
        let unit: String = folded[end..].chars().take_while(char::is_ascii_alphabetic).collect();
        let joined = !folded[..begin].ends_with(|c: char| c.is_ascii_alphanumeric() || c == '-');
        let other = ["", "st", "nd", "rd", "th", "s", "am", "pm", "a", "p"].contains(&unit.to_lowercase().as_str());
        let known = timed.iter().any(|range| range.contains(&begin));
        let Ok(value) = folded[begin..end].replace(',', "").parse::<f64>() else {
            continue;
        };
        if joined && !other && !known {
            facts.push(Fact {
                at: begin,
                side: Side::of(folded, &(begin..end)),
                counted: Vec::new(),
                is_rate: false,
                in_digits: true,
                readings: vec![Value::Number(value)],
            });
        }
    }
    facts
}

/// The places in an order that a text names, such as `the second largest`; the first is what it would be without.
fn places(folded: &str, timed: &[Range<usize>]) -> Vec<Fact> {
    let mentions = numbers::ordinals(folded, Language::En).into_iter();
    mentions
        .filter(|mention| {
            let mut timed = timed.iter();
            !timed.any(|range| range.start < mention.range.end && mention.range.start < range.end)
        })
        .filter_map(|mention| {
            let place = mention.readings.iter().find_map(|reading| match reading {
                NumberValue::Ordinal { offset, .. } if *offset > 1 => Some(Value::Place(*offset)),
                _ => None,
            });
            place.map(|place| Fact {
                at: mention.range.start,
                side: Side::Itself,
                counted: Vec::new(),
                is_rate: false,
                in_digits: false,
                readings: vec![place],
            })
        })
        .collect()
}

/// Gives each fact the words between it and the next one, or, in Japanese, between the one before and it.
fn count(folded: &str, language: Language, facts: &mut [Fact]) {
    let mut places: Vec<usize> = facts.iter().map(|fact| fact.at).collect();
    places.sort_unstable();
    for fact in facts {
        let at = fact.at;
        fact.counted = if language == Language::Ja {
            let begin = places
                .iter()
                .rev()
                .find(|place| **place < at)
                .copied()
                .unwrap_or_default();
            // Not the counter of the one before: `2個目の手荷物は5,000円`.
            let between = folded[begin..at].trim_start_matches(|c: char| begin > 0 && !matches!(c, 'ぁ'..='ゖ' | '、'));
            let words = between.split(|c: char| !matches!(c, '一'..='鿿' | 'ァ'..='ヺ' | 'ー' | 'A'..='Z' | 'a'..='z'));
            words
                .filter(|word| !word.is_empty())
                .filter(|word| begin == 0 || word.chars().count() > 1)
                .map(str::to_owned)
                .collect()
        } else {
            let next = places
                .iter()
                .find(|place| **place > at)
                .copied()
                .unwrap_or(folded.len());
            let phrase = folded[at..next].split([';', '?', '!']).next().unwrap_or_default();
            let words = phrase.split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase);
            let carries = |word: &String| word.starts_with(char::is_alphabetic) && !is_empty(word);
            words.filter(carries).collect()
        };
    }
}

/// The time of day of a moment if it has one.
fn clock(point: &str) -> String {
    let clock = point.split_once([' ', 'T']).map_or(point, |(_, clock)| clock);
    if clock == "24:00:00" {
        "00:00:00".into()
    } else {
        clock.into()
    }
}

fn minutes_past_midnight(value: &Value) -> Option<Value> {
    let Value::Moment(moment) = value else { return None };
    let minutes: i64 = moment.strip_prefix("00:")?.get(..2)?.parse().ok()?;
    Some(Value::Seconds(minutes * 60))
}

/// Whether a time follows a number in a range or a list of two.
fn is_joined(text: &str, end: usize, start: usize) -> bool {
    text.get(end..start)
        .is_some_and(|between| matches!(between.trim(), "and" | "to" | "-" | "or"))
}

/// The hours of the day that a number may stand for.
fn hours(value: &Value) -> Vec<Value> {
    match value {
        Value::Number(hour) if (1.0..=12.0).contains(hour) && hour.fract() == 0.0 => [*hour, hour + 12.0]
            .map(|hour| Value::Moment(format!("{hour:02}:00:00")))
            .into(),
        _ => Vec::new(),
    }
}

fn number(value: &NumberValue) -> Option<Value> {
    match value {
        NumberValue::Number { value, .. } => Some(Value::Number(*value)),
        _ => None,
    }
}

fn is_one(readings: &[NumberValue]) -> bool {
    matches!(readings.first(), Some(NumberValue::Number { value, .. }) if (*value - 1.0).abs() < f64::EPSILON)
}

fn may_begin_a_number(c: char) -> bool {
    c.is_ascii_digit() || "〇一二三四五六七八九十百千万".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terms::fold;

    fn agree(a: &str, b: &str) -> bool {
        let (a, b) = (facts(&fold(a)), facts(&fold(b)));
        assert!(!a.is_empty() && !b.is_empty(), "{a:?} {b:?}");
        a.iter().all(|fact| b.iter().any(|other| fact.agrees(other)))
    }

    #[test]
    fn the_same_in_other_words_agrees() {
        for (a, b) in [
            ("until 10 am", "until 10:00"),
            ("from 3 p.m.", "15時から"),
            ("3,300 yen", "3300円"),
            ("9時半まで", "until 9:30"),
            ("2 hours", "120 minutes"),
            ("two guests", "2名"),
            ("午後3時", "15:00"),
            ("45分で", "for 45 minutes"),
            ("between 2 and 6 pm", "14時から18時まで"),
            ("4名様まで一緒に", "4名様までご一緒に"),
            ("23kgまで", "up to 23 kg"),
            ("20GBの通信", "20 GB of data"),
        ] {
            assert!(agree(a, b), "{a} / {b}: {:?} {:?}", facts(&fold(a)), facts(&fold(b)));
        }
    }

    #[test]
    fn another_number_does_not_agree() {
        for (a, b) in [
            ("until 11 am", "until 10:00"),
            ("3,000 yen", "3,300円"),
            ("45 minutes", "45 yen"),
            ("9kgの手荷物", "8kgの手荷物"),
            ("22時", "10:00"),
        ] {
            assert!(!agree(a, b), "{a} / {b}: {:?} {:?}", facts(&fold(a)), facts(&fold(b)));
        }
    }
}
