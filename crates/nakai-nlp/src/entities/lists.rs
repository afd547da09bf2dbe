use std::{collections::BTreeMap, sync::Arc};

use aho_corasick::AhoCorasick;
use nakai_bundle::model::EntityDefinition;

use super::{Found, FoundValue, InvalidEntity};
use crate::{
    folded::{Folded, is_word_boundary},
    text::Normalised,
};

/// All words of all synonym and look-up lists, found in one pass over the text.
#[derive(Debug)]
pub(super) struct Lists {
    words: Option<AhoCorasick>,
    /// By word: the number of its entity and the value that it stands for.
    values: Vec<(usize, Arc<str>)>,
}

impl Lists {
    pub(super) fn new(entities: &BTreeMap<String, EntityDefinition>) -> Result<Self, InvalidEntity> {
        let mut words = Vec::new();
        let mut values = Vec::new();
        let mut add = |entity: usize, word: &str, value: &Arc<str>| {
            let word = Folded::of(&Normalised::of(word.trim())).as_str().to_owned();
            if !word.is_empty() {
                words.push(word);
                values.push((entity, Arc::clone(value)));
            }
        };
        for (number, definition) in entities.values().enumerate() {
            for (value, synonyms) in &definition.values {
                let value = value.as_str().into();
                for synonym in synonyms.iter().flat_map(|(_, synonyms)| synonyms) {
                    add(number, synonym, &value);
                }
            }
            for name in &definition.lookup {
                add(number, name, &name.as_str().into());
            }
        }
        let automaton = || AhoCorasick::new(&words).map_err(|error| InvalidEntity::Lists(error.to_string()));
        Ok(Self {
            words: if words.is_empty() { None } else { Some(automaton()?) },
            values,
        })
    }

    /// Appends every word that is found, also those inside of others: only settling knows which of them stay. A word must not be
    /// part of a longer word or number, except in Japanese.
    pub(super) fn find<'v>(&'v self, text: &'v str, found: &mut Vec<Found<'v>>) {
        let Some(words) = &self.words else { return };
        for word in words.find_overlapping_iter(text) {
            if is_word_boundary(text, word.start()) && is_word_boundary(text, word.end()) {
                let (entity, value) = &self.values[word.pattern().as_usize()];
                found.push(Found {
                    range: word.range(),
                    entity: *entity,
                    value: FoundValue::Listed(value),
                });
            }
        }
    }
}
