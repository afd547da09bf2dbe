//! Numbers, ordinals, percentages and ranges of numbers in Japanese and English text.
//!
//! Each is found by a function of its own, which says all of that kind; [`find`] brings them together.

mod digits;
mod english;
mod folded;
mod japanese;
mod written;

use nakai_types::Language;

pub use self::written::written;
pub(crate) use self::{
    digits::round, english::Reader as EnglishReader, folded::Folded, japanese::Reader as JapaneseReader,
};
use crate::Mention;

/// How a number is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberKind {
    /// `5`, `five`, `5.00`, `1.2b`.
    Integer,
    /// `2.5`, `two point five`.
    Decimal,
    /// `1/2`, `two thirds`, `three and a half`.
    Fraction,
    /// `1.2e3`, `2^10`.
    Power,
}

/// From where an ordinal counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// The first is 1.
    Start,
    /// What one is at is 0, the next is 1, the previous is -1.
    Current,
    /// The last is 0, the one before it is -1.
    End,
}

/// An end of a range.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bound {
    /// The number.
    pub value: f64,
    /// Whether it belongs to the range.
    pub included: bool,
}

impl Bound {
    /// Whether any number lies between this, as the lower end, and the higher one.
    fn can_reach(self, high: Self) -> bool {
        self.value < high.value || (self.value == high.value && self.included && high.included)
    }
}

/// What a mention of a number means.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum NumberValue {
    /// A number. [`written`] gives its digits.
    Number {
        /// Its value.
        value: f64,
        /// How it is written.
        kind: NumberKind,
    },
    /// A place in an order.
    Ordinal {
        /// From where it counts.
        anchor: Anchor,
        /// How far.
        offset: i64,
    },
    /// Hundredths.
    Percentage {
        /// In hundredths (`20%` is 20); none where only the word is there.
        value: Option<f64>,
    },
    /// The numbers between two bounds, one of which may be open.
    Range {
        /// Its lower end.
        low: Option<Bound>,
        /// Its upper end.
        high: Option<Bound>,
    },
}

/// An ordinal with its place in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    start: usize,
    end: usize,
    anchor: Anchor,
    offset: i64,
}

/// A percentage with its place in characters.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Percentage {
    start: usize,
    end: usize,
    value: Option<f64>,
}

/// A range with its place in characters.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Interval {
    start: usize,
    end: usize,
    low: Option<Bound>,
    high: Option<Bound>,
}

/// Finds every number, ordinal, percentage and range, in order. Of those that overlap the longest is taken, so that `more than 5%`
/// is one mention; of equally long ones the more telling.
///
/// Also says what is a number only when people speak: `a pair`, `one twenty two`, `nil`.
pub fn find(text: &str, language: Language) -> Vec<Mention<NumberValue>> {
    let folded = Folded::new(text);
    let found = match language {
        Language::En => {
            let reader = english::Reader::new(&folded, true);
            if reader.is_empty() {
                return Vec::new();
            }
            let numbers = reader.cardinals();
            let places = english::ordinals(&reader);
            let mut found = ranges_of(&folded, english::ranges(&reader, &numbers, &places));
            found.extend(percentages_of(&folded, english::percentages(&reader, &numbers)));
            found.extend(ordinals_of(&folded, places));
            found.extend(numbers_of(&folded, &numbers));
            found
        }
        Language::Ja => {
            let reader = japanese::Reader::new(&folded);
            let numbers = reader.numbers();
            let mut found = ranges_of(&folded, japanese::ranges(&reader, &numbers, true));
            found.extend(percentages_of(&folded, japanese::percentages(&reader, &numbers)));
            found.extend(ordinals_of(&folded, japanese::ordinals(&reader)));
            found.extend(numbers_of(&folded, &reader.alone(numbers)));
            found
        }
    };
    without_overlaps(found)
}

/// Of mentions that overlap keeps the first and longest. A range is dropped that ends in the midst of a percentage (`more than 50` of
/// `more than 50%`).
fn without_overlaps(mut found: Vec<Mention<NumberValue>>) -> Vec<Mention<NumberValue>> {
    let kind = |mention: &Mention<NumberValue>| mention.readings.first().copied();
    let percentages: Vec<_> = found
        .iter()
        .filter(|mention| matches!(kind(mention), Some(NumberValue::Percentage { .. })))
        .map(|mention| mention.range.clone())
        .collect();
    found.retain(|mention| {
        let end = mention.range.end;
        let next = percentages.partition_point(|percentage| percentage.end <= end);
        let cut = percentages.get(next).is_some_and(|percentage| percentage.start < end);
        !(cut && matches!(kind(mention), Some(NumberValue::Range { .. })))
    });
    found.sort_by_key(|mention| (mention.range.start, usize::MAX - mention.range.end));
    let mut end = 0;
    found.retain(|mention| {
        let free = mention.range.start >= end;
        if free {
            end = mention.range.end;
        }
        free
    });
    found
}

/// Finds numbers, in order.
pub fn cardinals(text: &str, language: Language) -> Vec<Mention<NumberValue>> {
    let folded = Folded::new(text);
    let found = match language {
        Language::En => english::Reader::new(&folded, false).cardinals(),
        Language::Ja => japanese::Reader::new(&folded).cardinals(),
    };
    numbers_of(&folded, &found)
}

/// Finds ordinals, in order.
pub fn ordinals(text: &str, language: Language) -> Vec<Mention<NumberValue>> {
    let folded = Folded::new(text);
    match language {
        Language::En => ordinals_of(&folded, english::ordinals(&english::Reader::new(&folded, false))),
        Language::Ja => ordinals_of(&folded, japanese::ordinals(&japanese::Reader::new(&folded))),
    }
}

/// Finds percentages, in order.
pub fn percentages(text: &str, language: Language) -> Vec<Mention<NumberValue>> {
    let folded = Folded::new(text);
    let found = match language {
        Language::En => {
            let reader = english::Reader::new(&folded, false);
            english::percentages(&reader, &reader.cardinals())
        }
        Language::Ja => {
            let reader = japanese::Reader::new(&folded);
            japanese::percentages(&reader, &reader.numbers())
        }
    };
    percentages_of(&folded, found)
}

/// Finds ranges of numbers, in order.
pub fn ranges(text: &str, language: Language) -> Vec<Mention<NumberValue>> {
    let folded = Folded::new(text);
    let found = match language {
        Language::En => {
            let reader = english::Reader::new(&folded, false);
            english::ranges(&reader, &reader.cardinals(), &english::ordinals(&reader))
        }
        Language::Ja => {
            let reader = japanese::Reader::new(&folded);
            japanese::ranges(&reader, &reader.numbers(), false)
        }
    };
    ranges_of(&folded, found)
}

fn mention(folded: &Folded, start: usize, end: usize, value: NumberValue) -> Mention<NumberValue> {
    Mention {
        range: folded.bytes(start..end),
        readings: vec![value],
    }
}

fn numbers_of(folded: &Folded, found: &[english::Found]) -> Vec<Mention<NumberValue>> {
    let to_mention = |number: &english::Found| {
        let value = NumberValue::Number {
            value: number.value,
            kind: number.kind,
        };
        mention(folded, number.start, number.end, value)
    };
    found.iter().map(to_mention).collect()
}

fn ordinals_of(folded: &Folded, found: Vec<Place>) -> Vec<Mention<NumberValue>> {
    let to_mention = |place: Place| {
        let value = NumberValue::Ordinal {
            anchor: place.anchor,
            offset: place.offset,
        };
        mention(folded, place.start, place.end, value)
    };
    found.into_iter().map(to_mention).collect()
}

fn percentages_of(folded: &Folded, found: Vec<Percentage>) -> Vec<Mention<NumberValue>> {
    let to_mention = |percentage: Percentage| {
        mention(
            folded,
            percentage.start,
            percentage.end,
            NumberValue::Percentage {
                value: percentage.value,
            },
        )
    };
    found.into_iter().map(to_mention).collect()
}

fn ranges_of(folded: &Folded, found: Vec<Interval>) -> Vec<Mention<NumberValue>> {
    let to_mention = |range: Interval| {
        let value = NumberValue::Range {
            low: range.low,
            high: range.high,
        };
        mention(folded, range.start, range.end, value)
    };
    found.into_iter().map(to_mention).collect()
}

#[cfg(test)]
mod tests;
