//! Finds identifiers that follow a pattern: phone numbers, addresses of the internet, postal codes, numbers of orders.
//!
//! [`find`] reads both languages; the language only decides what a phone number without a country can be.
//!
//! ```
//! use nakai_entities::sequences::{self, SequenceKind};
//! use nakai_types::Language;
//!
//! let mentions = sequences::find("電話は０９０-１２３４-５６７８です。", Language::Ja);
//! let phone = &mentions[0].readings[0];
//! assert_eq!(phone.kind, SequenceKind::Phone);
//! assert_eq!(phone.canonical.as_deref(), Some("+819012345678"));
//! ```

mod phone;
mod phone_score;
mod postal;
mod references;
mod web;

use std::{cmp::Ordering, ops::Range};

use nakai_types::Language;

use crate::{Mention, half_width::HalfWidth};

/// What an identifier is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SequenceKind {
    /// An e-mail address.
    Email,
    /// An address of a page, with or without `https://`.
    Url,
    /// A globally unique identifier (RFC 9562).
    Guid,
    /// An address of a machine, version 6.
    Ipv6,
    /// An address of a machine, version 4.
    Ipv4,
    /// The number of an order, a booking, a ticket, an account, ...
    Reference,
    /// A postal code of Japan, the United States or the United Kingdom.
    PostalCode,
    /// A phone number.
    Phone,
    /// A word after `#`.
    Hashtag,
    /// A name after `@`.
    Mention,
    /// A text in quotation marks, with them.
    Quoted,
}

/// An identifier.
#[derive(Debug, Clone, PartialEq)]
pub struct Sequence {
    /// What it is.
    pub kind: SequenceKind,
    /// The text with half-width characters; of an address of a machine, without leading zeros.
    pub value: String,
    /// The one form for the many ways to write it: E.164 for a phone number whose country is clear (extension left out), `123-4567` for a
    /// Japanese postal code, lower case for e-mail, upper case without spaces for a number of an order.
    pub canonical: Option<String>,
    /// How sure it is, from 0 to 1. What was found below 0.5 is seldom worth more than a question.
    pub score: f64,
}

/// What is less sure gives way to anything that holds it.
const SURE: f64 = 0.5;

/// A sequence in a half-width text.
struct Found {
    range: Range<usize>,
    sequence: Sequence,
}

/// Finds the sequences of a text, in the order in which they start. Those of different kinds in one place are readings of one mention;
/// only quotations hold others. Takes time linear in the text.
#[must_use]
pub fn find(text: &str, language: Language) -> Vec<Mention<Sequence>> {
    let half = HalfWidth::of(text);
    let mut found = Vec::new();
    web::find(half.as_str(), &mut found);
    references::find(half.as_str(), &mut found);
    postal::find(half.as_str(), &mut found);
    phone::find(half.as_str(), language, &mut found);
    let mut mentions = settle(found);
    for mention in &mut mentions {
        mention.range = half.original(mention.range.clone());
    }
    mentions
}

/// Makes readings of one mention of what stands in one place, and drops what overlaps with something of an earlier kind.
fn settle(mut found: Vec<Found>) -> Vec<Mention<Sequence>> {
    let quoted = |found: &Found| found.sequence.kind == SequenceKind::Quoted;
    found.sort_by(|a, b| {
        let place = (a.range.start, b.range.end).cmp(&(b.range.start, a.range.end));
        quoted(a)
            .cmp(&quoted(b))
            .then(place)
            .then(a.sequence.kind.cmp(&b.sequence.kind))
    });
    let mut mentions: Vec<Mention<Sequence>> = Vec::with_capacity(found.len());
    for Found { range, sequence } in found {
        let first = mentions
            .last()
            .and_then(|last| last.readings.iter().map(|reading| reading.kind).min());
        let last = mentions.last_mut().filter(|last| {
            let quoted = |kind| kind == SequenceKind::Quoted;
            range.start < last.range.end && first.is_some_and(quoted) == quoted(sequence.kind)
        });
        match last {
            Some(last) if last.range == range => {
                if last.readings.iter().all(|reading| reading.kind != sequence.kind) {
                    last.readings.push(sequence);
                }
            }
            Some(last) if sequence.score >= SURE && first.is_some_and(|first| sequence.kind < first) => {
                last.range = range;
                last.readings = vec![sequence];
            }
            Some(_) => {}
            None => mentions.push(Mention {
                range,
                readings: vec![sequence],
            }),
        }
    }
    for mention in &mut mentions {
        let by_score = |a: &Sequence, b: &Sequence| b.score.partial_cmp(&a.score).unwrap_or(Ordering::Equal);
        mention.readings.sort_by(by_score);
    }
    mentions.sort_by_key(|mention| mention.range.start);
    mentions
}

#[cfg(test)]
mod tests;
