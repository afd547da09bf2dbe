//! Amounts of money, temperatures, ages and measures in Japanese and English text, with the canonical names of their units.

mod bounded;
mod currencies;
mod english;
mod japanese;
mod lexicon;
mod measures;

use std::{cmp::Reverse, ops::Range};

use nakai_types::Language;

pub use self::bounded::{Amount, BoundedQuantity, find_bounded};
use crate::{Mention, numbers::Folded};

/// What a unit measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dimension {
    /// How old someone is.
    Age,
    /// Money.
    Currency,
    /// Warmth. Degrees without a scale too.
    Temperature,
    /// An angle.
    Angle,
    /// A length or distance.
    Length,
    /// An area.
    Area,
    /// A volume.
    Volume,
    /// A speed.
    Speed,
    /// A weight.
    Weight,
    /// An amount of data.
    Information,
}

/// A unit of measure or a currency.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Unit {
    /// Its canonical English name (`Japanese yen`, `Square meter`; temperatures `C`, `F`, `Degree`).
    pub name: &'static str,
    /// What it measures.
    pub dimension: Dimension,
    /// How many of the base unit it is: metre, square metre, litre, metre per second, gram, bit, degree of angle and year; of a part of a
    /// currency, how many of the whole (a cent is 0.01). 0 where it is not a matter of a factor (temperatures).
    pub factor: f64,
    /// The ISO 4217 code of a currency.
    pub iso_code: Option<&'static str>,
    /// For a part of a currency, the kinds of currency it is a part of; empty for any.
    part_of: Option<&'static str>,
}

impl Unit {
    /// What all currencies of its kind are called: `dollar`.
    fn kind(&self) -> String {
        self.name.rsplit(' ').next().unwrap_or_default().to_lowercase()
    }

    /// Whether this is a part of another currency (cents of dollars).
    fn is_part_of(&self, whole: &Self) -> bool {
        let kind = whole.kind();
        self.part_of.is_some_and(|kinds| {
            whole.part_of.is_none() && (kinds.is_empty() || kinds.split(' ').any(|part| part == kind))
        })
    }
}

/// A number of units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quantity {
    /// How many; none where a unit stands without a number.
    pub value: Option<f64>,
    /// Of what.
    pub unit: Unit,
    /// Of how many amounts it is said to be made: 2 for `5 feet and 2 inches`.
    pub parts: usize,
}

/// A quantity that was found, with its place in characters.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Item {
    start: usize,
    end: usize,
    value: Option<f64>,
    unit: Unit,
    parts: usize,
}

/// Finds every quantity, in order, and units that stand without a number. What a text leaves open has several readings: `200 pounds` is
/// a weight or money. Of those that overlap the longest is taken.
pub fn find(text: &str, language: Language) -> Vec<Mention<Quantity>> {
    let folded = Folded::new(text);
    let items = match language {
        Language::En => english::items(&folded),
        Language::Ja => japanese::items(&folded),
    };
    mentions(&folded, items)
}

/// What is meant sooner where a text leaves it open.
fn rank(dimension: Dimension) -> u8 {
    match dimension {
        Dimension::Age | Dimension::Temperature => 0,
        Dimension::Angle => 2,
        Dimension::Currency => 3,
        _ => 1,
    }
}

fn mentions(folded: &Folded, items: Vec<Item>) -> Vec<Mention<Quantity>> {
    let found = items.into_iter().map(|item| {
        let quantity = Quantity {
            value: item.value,
            unit: item.unit,
            parts: item.parts,
        };
        (item.start..item.end, item.unit.dimension, quantity)
    });
    readings(folded, found.collect())
}

/// What was found at ranges of the folded text, in order: the first and longest where several overlap, and all readings of the same words,
/// the likeliest kind of quantity first.
fn readings<Q>(folded: &Folded, mut found: Vec<(Range<usize>, Dimension, Q)>) -> Vec<Mention<Q>> {
    found.sort_by_key(|(range, dimension, _)| (range.start, Reverse(range.end), rank(*dimension)));
    let mut mentions: Vec<(Range<usize>, Vec<Q>)> = Vec::new();
    for (range, _, quantity) in found {
        match mentions.last_mut() {
            Some((last, readings)) if *last == range => readings.push(quantity),
            Some((last, _)) if range.start < last.end => {}
            _ => mentions.push((range, vec![quantity])),
        }
    }
    let mention = |(range, readings)| Mention {
        range: folded.bytes(range),
        readings,
    };
    mentions.into_iter().map(mention).collect()
}

#[cfg(test)]
mod tests;
