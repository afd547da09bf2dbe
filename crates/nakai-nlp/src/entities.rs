//! The things that a bot recognises in what customers say: its own lists of words and its patterns.
//!
//! [`EntityFinder`] is compiled once when a bot is installed. `lists` finds words of synonym and look-up lists, `patterns` finds what
//! regular expressions match, `builtin` what Nakai knows by itself, and overlaps are settled here: the longer wins, among equals the
//! entity whose name comes first.

mod builtin;
mod lists;
mod patterns;

use std::{collections::BTreeMap, ops::Range, sync::Arc};

use nakai_bundle::model::{BuiltinEntity, EntityDefinition, TimePreference};
use nakai_types::{Entity, EntityValue};

pub use self::builtin::Circumstances;
use self::{builtin::Builtins, lists::Lists, patterns::Patterns};
use crate::{Folded, text::Normalised};

/// Finds the entities of one bot.
#[derive(Debug)]
pub struct EntityFinder {
    /// By number: the bot's own, sorted, then the built-in ones that it does not name.
    names: Vec<Arc<str>>,
    lists: Lists,
    patterns: Patterns,
    builtins: Builtins,
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
#[derive(Debug, Clone, PartialEq)]
enum FoundValue<'v> {
    /// The value that a list gives the word.
    Listed(&'v Arc<str>),
    /// What a pattern matched.
    Matched(&'v str),
    /// What a built-in recogniser says, of one entity or of several.
    Known(Vec<Part>),
}

/// What one entity gets of a stretch of text.
#[derive(Debug, Clone, PartialEq)]
struct Part {
    /// The number of the entity.
    entity: usize,
    value: EntityValue,
    alternatives: Vec<EntityValue>,
}

impl Part {
    /// The first of the values is the one that is meant; `None` without any.
    fn new(entity: usize, values: Vec<EntityValue>) -> Option<Self> {
        let mut values = values.into_iter();
        let value = values.next()?;
        let mut alternatives: Vec<EntityValue> = Vec::new();
        for other in values {
            if other != value && !alternatives.contains(&other) {
                alternatives.push(other);
            }
        }
        Some(Self {
            entity,
            value,
            alternatives,
        })
    }
}

impl EntityFinder {
    /// Compiles a bot's entities.
    pub fn new(
        entities: &BTreeMap<String, EntityDefinition>,
        builtin: &BTreeMap<&str, (BuiltinEntity, TimePreference)>,
    ) -> Result<Self, InvalidEntity> {
        // The bot's own come first, in the order in which lists and patterns number them.
        let mut names: Vec<Arc<str>> = entities.keys().map(|name| name.as_str().into()).collect();
        let asked = builtin.keys().filter(|name| !entities.contains_key(**name));
        names.extend(asked.map(|name| Arc::from(*name)));
        let builtins = Builtins::new(builtin, |name| names.iter().position(|known| **known == *name));
        Ok(Self {
            lists: Lists::new(entities),
            patterns: Patterns::new(entities)?,
            builtins,
            names,
        })
    }

    /// Finds the entities of a text, in the order of their spans. Those of different stretches do not overlap; a stretch may be several
    /// entities at once, a date and a time. `folded` is the same text without case.
    pub fn find(&self, text: &Normalised<'_>, folded: &Folded<'_>, circumstances: &Circumstances) -> Vec<Entity> {
        let mut found = Vec::new();
        self.lists.find(text.as_str(), &mut found);
        self.patterns.find(folded.as_str(), &mut found);
        self.builtins.find(text.as_str(), circumstances, &mut found);
        let mut entities: Vec<Entity> = Vec::with_capacity(found.len());
        for found in settle(found) {
            let span = text.original(found.range);
            // Two words may be in one typed character (`㍿` is four): it can't be both.
            if entities.last().is_none_or(|last| last.span.end <= span.start) {
                let text = |text: &str| Part::new(found.entity, vec![EntityValue::Text(text.to_owned())]);
                let parts = match found.value {
                    FoundValue::Listed(value) => text(value).into_iter().collect(),
                    FoundValue::Matched(matched) => text(matched).into_iter().collect(),
                    FoundValue::Known(parts) => parts,
                };
                entities.extend(parts.into_iter().map(|part| Entity {
                    kind: Arc::clone(&self.names[part.entity]),
                    span,
                    value: part.value,
                    alternatives: part.alternatives,
                }));
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
