//! The things that a bot recognises in what customers say: its own lists of words and its patterns.
//!
//! [`EntityFinder`] is compiled once when a bot is installed. `lists` finds words of synonym and look-up lists, `patterns` finds what
//! regular expressions match, and overlaps are settled here: the longer wins, among equals the entity whose name comes first.

mod lists;
mod patterns;

use std::{collections::BTreeMap, ops::Range, sync::Arc};

use nakai_bundle::model::EntityDefinition;
use nakai_types::{Entity, EntityValue};

use self::{lists::Lists, patterns::Patterns};
use crate::{Folded, text::Normalised};

/// Finds the entities of one bot.
#[derive(Debug)]
pub struct EntityFinder {
    /// Sorted, so that a lower number is an earlier name.
    names: Vec<Arc<str>>,
    lists: Lists,
    patterns: Patterns,
}

/// An entity definition that can't be compiled.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidEntity {
    /// A pattern is no regular expression, or one that needs too much memory.
    #[error("pattern {number} of the entity `{entity}` can't be used: {reason}")]
    Pattern {
        /// The entity.
        entity: String,
        /// Which of its patterns, from 1.
        number: usize,
        /// What is wrong with it.
        reason: String,
    },
    /// The lists are too large.
    #[error("the lists of entities can't be used: {0}")]
    Lists(String),
}

/// What was found of an entity.
#[derive(Debug, Clone, PartialEq)]
struct Found<'v> {
    /// Where, in the folded text.
    range: Range<usize>,
    /// The number of the entity.
    entity: usize,
    value: FoundValue<'v>,
}

/// The value of what was found, borrowed until it is known to win.
#[derive(Debug, Clone, Copy, PartialEq)]
enum FoundValue<'v> {
    /// The value that a list gives the word.
    Listed(&'v Arc<str>),
    /// What a pattern matched.
    Matched(&'v str),
}

impl EntityFinder {
    /// Compiles a bot's entities.
    pub fn new(entities: &BTreeMap<String, EntityDefinition>) -> Result<Self, InvalidEntity> {
        Ok(Self {
            names: entities.keys().map(|name| name.as_str().into()).collect(),
            lists: Lists::new(entities)?,
            patterns: Patterns::new(entities)?,
        })
    }

    /// Finds the entities of a text, in the order of their spans, which do not overlap. `folded` is the same text without case.
    pub fn find(&self, text: &Normalised<'_>, folded: &Folded<'_>) -> Vec<Entity> {
        let mut found = Vec::new();
        self.lists.find(folded.as_str(), &mut found);
        self.patterns.find(folded.as_str(), &mut found);
        let mut entities: Vec<Entity> = Vec::with_capacity(found.len());
        for found in settle(found) {
            let span = text.original(found.range);
            // Two words may be in one typed character (`㍿` is four): it can't be both.
            if entities.last().is_none_or(|last| last.span.end <= span.start) {
                let value = match found.value {
                    FoundValue::Listed(value) => value.as_ref().to_owned(),
                    FoundValue::Matched(text) => text.to_owned(),
                };
                entities.push(Entity {
                    kind: Arc::clone(&self.names[found.entity]),
                    span,
                    value: EntityValue::Text(value),
                });
            }
        }
        entities
    }
}

/// Keeps what does not overlap anything longer, in the order of the text.
fn settle(mut found: Vec<Found<'_>>) -> Vec<Found<'_>> {
    if found.len() > 1 {
        found.sort_by_key(|f| (usize::MAX - f.range.len(), f.entity, f.range.start));
        let mut kept: BTreeMap<usize, Found<'_>> = BTreeMap::new();
        for candidate in found {
            let before = kept.range(..candidate.range.end).next_back();
            if before.is_none_or(|(_, before)| before.range.end <= candidate.range.start) {
                kept.insert(candidate.range.start, candidate);
            }
        }
        found = kept.into_values().collect();
    }
    found
}

#[cfg(test)]
mod tests;
