//! Finds the names of people, places, organisations and buildings.
//!
//! Rules and lists of our own, no trained model. In Japanese they start from the parts of speech of the dictionary; in English from
//! capital letters and from the words around a name.
//!
//! ```
//! use nakai_entities::names::{self, NameKind};
//! use nakai_types::Language;
//!
//! let text = "田中太郎と申します。渋谷から行きます。";
//! let names: Vec<(&str, NameKind)> = names::find(text, Language::Ja)
//!     .into_iter()
//!     .map(|mention| (&text[mention.range], mention.readings[0].kind))
//!     .collect();
//! assert_eq!(names, [("田中太郎", NameKind::Person), ("渋谷", NameKind::Place)]);
//! ```

mod english;
mod japanese;
mod lists;

use std::ops::Range;

use nakai_types::Language;

use crate::Mention;

/// What a name names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum NameKind {
    /// A person, without title or honorific.
    Person,
    /// A country, region, town, mountain, river, ...; an address up to its number.
    Place,
    /// A company, an authority, a party, a club.
    Organisation,
    /// A building or site: a station, a hotel, a school.
    Facility,
}

/// A name.
#[derive(Debug, Clone, PartialEq)]
pub struct Name {
    /// What it names.
    pub kind: NameKind,
    /// The name as it was written.
    pub value: String,
    /// How sure it is, from 0 to 1: an honorific, a title or a cue like "my name is" makes it surer than a list does.
    pub score: f64,
}

/// A name at a place.
struct Found {
    range: Range<usize>,
    kind: NameKind,
    score: f64,
}

/// Finds the names of a text in the order in which they start; none overlaps with another. Takes time linear in the text.
#[must_use]
pub fn find(text: &str, language: Language) -> Vec<Mention<Name>> {
    let found = match language {
        Language::Ja => japanese::find(text),
        Language::En => english::find(text),
    };
    let name = |found: Found| {
        let value = text.get(found.range.clone())?.to_owned();
        Some(Mention {
            range: found.range,
            readings: vec![Name {
                kind: found.kind,
                value,
                score: found.score,
            }],
        })
    };
    found.into_iter().filter_map(name).collect()
}

#[cfg(test)]
mod tests;
