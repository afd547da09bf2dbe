use std::collections::{BTreeMap, BTreeSet};

use regex::{Regex, RegexBuilder};

use super::{context::Context, names::title, report::Kind};
use crate::model::EntityDefinition;

/// The entities of the bundle by Rasa's name.
#[derive(Debug, Default)]
pub(super) struct Entities {
    pub(super) definitions: BTreeMap<String, EntityDefinition>,
    /// Entities of which annotated examples show some values, and nothing says that these are all.
    open: BTreeSet<String>,
}

impl Entities {
    /// Whether the definition has all values that customers may say.
    pub(super) fn is_complete(&self, entity: &str) -> bool {
        self.definitions.contains_key(entity) && !self.open.contains(entity)
    }

    pub(super) fn convert(declared: &[String], context: &mut Context<'_>) -> Self {
        let mut entities = Self::default();
        let mut used_synonyms = BTreeSet::new();
        let nlu = context.nlu;
        let named_only = nlu.lookups.keys().filter(|name| !declared.contains(name));
        for name in declared.iter().chain(named_only) {
            let mut definition = EntityDefinition {
                title: context.localised(title(name)),
                ..EntityDefinition::default()
            };
            let values = Words::of(name, context, &mut used_synonyms);
            let has_synonyms = values.has_synonyms;
            definition.values = values
                .by_value
                .into_iter()
                .map(|(value, words)| (value, context.localised(words)))
                .collect();
            if let Some(lookup) = nlu.lookups.get(name) {
                context.ledger.carry(Kind::Lookup, name);
                if !declared.contains(name) {
                    let place = context.ledger.place(Kind::Lookup, name);
                    context.ledger.changed(
                        place,
                        format!("lookup table `{name}` is an entity of its own now"),
                        "remove it if nothing needs it",
                    );
                }
                let new: BTreeSet<_> = lookup
                    .iter()
                    .filter(|word| !values.seen.contains_key(&word.to_lowercase()))
                    .cloned()
                    .collect();
                definition.lookup = new.into_iter().collect();
            }
            definition.patterns = patterns(name, context);
            if definition.values.is_empty() && definition.lookup.is_empty() && definition.patterns.is_empty() {
                context.ledger.lose(
                    Kind::Entity,
                    name,
                    "has no values in examples, lookup tables or regular expressions",
                    built_in(name),
                );
                continue;
            }
            if definition.lookup.is_empty() && definition.patterns.is_empty() && !has_synonyms {
                entities.open.insert(name.clone());
            }
            if declared.contains(name) {
                context.ledger.carry(Kind::Entity, name);
            }
            entities.definitions.insert(name.clone(), definition);
        }
        report_unused(declared, &used_synonyms, context);
        entities
    }
}

/// Values with their words, no word for two values.
#[derive(Debug, Default)]
struct Words {
    by_value: BTreeMap<String, Vec<String>>,
    seen: BTreeMap<String, String>,
    has_synonyms: bool,
}

impl Words {
    fn of(entity: &str, context: &mut Context<'_>, used_synonyms: &mut BTreeSet<String>) -> Self {
        let nlu = context.nlu;
        let mut words = Self::default();
        for (value, others) in nlu.values.get(entity).into_iter().flatten() {
            let canonical = nlu.canonical(value).unwrap_or(value).to_owned();
            for word in std::iter::once(&canonical).chain(std::iter::once(value)).chain(others) {
                words.add(entity, &canonical, word, context);
            }
        }
        let lookup: BTreeSet<&String> = nlu.lookups.get(entity).into_iter().flatten().collect();
        for (value, others) in &nlu.synonyms {
            let is_ours = words.by_value.contains_key(value)
                || lookup.contains(value)
                || others.iter().any(|word| lookup.contains(word));
            if is_ours {
                used_synonyms.insert(value.clone());
                words.has_synonyms = true;
                for word in std::iter::once(value).chain(others) {
                    words.add(entity, value, word, context);
                }
            }
        }
        words
    }

    fn add(&mut self, entity: &str, value: &str, word: &str, context: &mut Context<'_>) {
        let word = word.trim();
        if word.is_empty() {
            return;
        }
        match self.seen.get(&word.to_lowercase()) {
            None => {
                self.seen.insert(word.to_lowercase(), value.to_owned());
                self.by_value.entry(value.to_owned()).or_default().push(word.to_owned());
            }
            Some(other) if other != value => {
                let place = context.ledger.place(Kind::Entity, entity);
                context.ledger.lost(
                    place,
                    format!("`{word}` stands for `{value}` of entity `{entity}` too, but a word has one value; it stays with `{other}`"),
                    "choose one of them",
                );
            }
            Some(_) => {}
        }
    }
}

/// Memory that one compiled pattern may take in a bundle, in bytes.
const PATTERN_SIZE_LIMIT: usize = 1 << 20;

/// Whether a pattern finds an empty match, alone or beside some character.
fn finds_nothing(regex: &Regex) -> bool {
    ["", "a", "0", " ", "-", "あ"]
        .iter()
        .any(|text| regex.find_iter(text).any(|found| found.is_empty()))
}

fn patterns(entity: &str, context: &mut Context<'_>) -> Vec<String> {
    let nlu = context.nlu;
    let Some(regexes) = nlu.regexes.get(entity) else {
        return Vec::new();
    };
    let mut patterns = Vec::new();
    for (regex, place) in regexes {
        // Patterns see lower-case text.
        let pattern = if regex.chars().any(char::is_uppercase) {
            format!("(?i){regex}")
        } else {
            regex.clone()
        };
        match RegexBuilder::new(&pattern).size_limit(PATTERN_SIZE_LIMIT).build() {
            Ok(built) if finds_nothing(&built) => context.ledger.lost(
                place.clone(),
                format!("the pattern `{regex}` of entity `{entity}` is not carried over, as it fits the empty text"),
                "ask for at least one character: `+` in place of `*`",
            ),
            Ok(_) if !patterns.contains(&pattern) => patterns.push(pattern),
            Ok(_) => {}
            Err(_) => context.ledger.lost(
                place.clone(),
                format!(
                    "the pattern `{regex}` of entity `{entity}` is not carried over, as Rust's `regex` can't read it"
                ),
                "write it without look-around and back-references",
            ),
        }
    }
    if patterns.is_empty() {
        context
            .ledger
            .lose(Kind::Regex, entity, "has no pattern that can be used", "");
    } else {
        context.ledger.carry(Kind::Regex, entity);
    }
    patterns
}

/// What takes the place of the entities of Duckling and spaCy.
fn built_in(entity: &str) -> &'static str {
    match entity {
        "time" | "DATE" | "date" | "number" | "CARDINAL" | "email" | "phone-number" | "url" | "amount-of-money"
        | "duration" => "use the built-in entity for it",
        _ => "add `values`, `patterns` or a `lookup` to it in `entities.yaml`",
    }
}

fn report_unused(declared: &[String], used_synonyms: &BTreeSet<String>, context: &mut Context<'_>) {
    let nlu = context.nlu;
    let is_choice = |value: &String| context.domain.slots.values().any(|slot| slot.values.contains(value));
    for value in nlu.synonyms.keys() {
        if used_synonyms.contains(value) || is_choice(value) {
            context.ledger.carry(Kind::Synonym, value);
        } else {
            context.ledger.lose(
                Kind::Synonym,
                value,
                "belongs to no entity, as no example or lookup table has it",
                "add it to an entity's `values`",
            );
        }
    }
    for name in nlu.regexes.keys().filter(|name| !declared.contains(name)) {
        if !nlu.lookups.contains_key(name) {
            context.ledger.lose(
                Kind::Regex,
                name,
                "is no entity; it only helped to tell intents apart",
                "make it an entity with `patterns` if you need its value",
            );
        }
    }
}
