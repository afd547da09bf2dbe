use std::{
    collections::{BTreeMap, HashSet},
    sync::Arc,
};

use nakai_bundle::model::EntityDefinition;
use nakai_entities::lookup::Lookup;
use nakai_morph::{Dictionary, Workspace};

use super::{Found, FoundValue};
use crate::{
    folded::{Folded, is_japanese, is_word_character},
    text::Normalised,
};

/// All words of all synonym and look-up lists, also where they are mistyped.
#[derive(Debug)]
pub(super) struct Lists {
    words: Lookup,
    /// By entry of the look-up: the number of its entity and the value that its words stand for.
    entries: Vec<(usize, Arc<str>)>,
    /// The words of all lists that have spaces around them, in small letters: none of them is another one mistyped.
    listed: HashSet<String>,
}

impl Lists {
    pub(super) fn new(entities: &BTreeMap<String, EntityDefinition>) -> Self {
        let mut entries = Vec::new();
        let mut words: Vec<(&str, Vec<&str>)> = Vec::new();
        for (number, definition) in entities.values().enumerate() {
            let synonyms = definition.values.iter().map(|(value, synonyms)| {
                let synonyms = synonyms.iter().flat_map(|(_, synonyms)| synonyms);
                (value.as_str(), synonyms.map(String::as_str).collect())
            });
            let names = definition
                .lookup
                .iter()
                .map(|name| (name.as_str(), vec![name.as_str()]));
            for (value, synonyms) in synonyms.chain(names) {
                entries.push((number, value.into()));
                words.push((value, synonyms));
            }
        }
        let normal = |word: &str| Folded::of(&Normalised::of(word)).as_str().to_owned();
        let words: Vec<(&str, Vec<String>)> = words
            .into_iter()
            .map(|(value, words)| (value, words.into_iter().map(normal).collect()))
            .collect();
        let listed = words.iter().flat_map(|(_, words)| words);
        Self {
            listed: listed.flat_map(|word| spaced(word)).map(str::to_owned).collect(),
            words: Lookup::new(words),
            entries,
        }
    }

    /// Appends every word that is found, also those inside of others: only settling knows which of them stay.
    pub(super) fn find<'v>(&'v self, text: &str, found: &mut Vec<Found<'v>>) {
        if self.entries.is_empty() {
            return;
        }
        for mention in self.words.find(text, |stretch| self.is_ordinary(stretch)) {
            for listed in mention.readings {
                if let Some((entity, value)) = self.entries.get(listed.entry) {
                    found.push(Found {
                        range: mention.range.clone(),
                        entity: *entity,
                        value: FoundValue::Listed(value),
                    });
                }
            }
        }
    }

    /// Says whether a stretch of text in small letters and hiragana means what it says: all its words are known.
    fn is_ordinary(&self, stretch: &str) -> bool {
        if stretch.contains(is_japanese) {
            let katakana: String = stretch.chars().map(katakana).collect();
            return consists_of_words(stretch) || consists_of_words(&katakana);
        }
        let known = |word: &str| self.listed.contains(word) || nakai_encoder::shipped().knows_word(word);
        spaced(stretch).all(known)
    }
}

/// The words of a text that writes spaces.
fn spaced(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c| !is_word_character(c)).filter(|word| !word.is_empty())
}

fn katakana(c: char) -> char {
    match c {
        'ぁ'..='ゖ' => char::from_u32(u32::from(c) + 0x60).unwrap_or(c),
        _ => c,
    }
}

/// Says whether a Japanese text is one word of the dictionary, or several of two characters and more. Single characters prove nothing:
/// almost every kana is some particle.
fn consists_of_words(text: &str) -> bool {
    let mut morphemes = Vec::new();
    let dictionary = Dictionary::ipadic();
    dictionary.analyse(text, &mut Workspace::default(), &mut morphemes);
    let long = |at: std::ops::Range<usize>| text.get(at).is_some_and(|word| word.chars().nth(1).is_some());
    let single = morphemes.len() == 1;
    morphemes
        .iter()
        .all(|morpheme| dictionary.knows(morpheme) && (single || long(morpheme.range())))
}
