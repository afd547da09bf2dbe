use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{
    domain::Domain,
    example,
    report::{Kind, Ledger, Place},
    view::View,
};

/// The training data of a project.
#[derive(Debug, Default)]
pub(super) struct Nlu {
    /// Utterances by intent, without annotations. A retrieval intent is `faq/ask_hours`.
    pub(super) examples: BTreeMap<String, Vec<String>>,
    /// Values by entity with the words for each, as annotations teach them.
    pub(super) values: BTreeMap<String, BTreeMap<String, BTreeSet<String>>>,
    /// Words by the value that they stand for. Rasa does not say of which entity.
    pub(super) synonyms: BTreeMap<String, Vec<String>>,
    /// The same the other way round, words in lower case.
    value_by_word: BTreeMap<String, String>,
    /// Lookup tables by name.
    pub(super) lookups: BTreeMap<String, Vec<String>>,
    /// Regular expressions by name.
    pub(super) regexes: BTreeMap<String, Vec<(String, Place)>>,
}

impl Nlu {
    pub(super) fn read(views: &[View<'_>], ledger: &mut Ledger) -> Self {
        let mut nlu = Self::default();
        for view in views {
            for item in view.get("nlu").map(View::items).unwrap_or_default() {
                nlu.read_item(item, ledger);
            }
        }
        nlu
    }

    fn read_item(&mut self, item: View<'_>, ledger: &mut Ledger) {
        let place = item.place();
        let named = |key| item.get_text(key).filter(|name: &String| !name.trim().is_empty());
        if let Some(name) = named("intent") {
            ledger.declare(Kind::Intent, &name, &place);
            for (text, place) in example_texts(item) {
                self.read_example(&name, &text, &place, ledger);
            }
        } else if let Some(value) = named("synonym") {
            ledger.declare(Kind::Synonym, &value, &place);
            let words: Vec<_> = example_texts(item).into_iter().map(|(text, _)| text).collect();
            for word in &words {
                self.value_by_word
                    .entry(word.to_lowercase())
                    .or_insert_with(|| value.clone());
            }
            self.synonyms.entry(value).or_default().extend(words);
        } else if let Some(name) = named("lookup") {
            ledger.declare(Kind::Lookup, &name, &place);
            self.lookups
                .entry(name)
                .or_default()
                .extend(example_texts(item).into_iter().map(|(text, _)| text));
        } else if let Some(name) = named("regex") {
            ledger.declare(Kind::Regex, &name, &place);
            self.regexes.entry(name).or_default().extend(example_texts(item));
        }
    }

    fn read_example(&mut self, intent: &str, annotated: &str, place: &Place, ledger: &mut Ledger) {
        let example = example::parse(annotated);
        if example.unreadable > 0 {
            ledger.lost(
                place.clone(),
                "an entity annotation can't be read and stays in the example",
                "mend it by hand",
            );
        }
        for annotation in example.annotations {
            for (what, name) in [("role", &annotation.role), ("group", &annotation.group)] {
                if let Some(name) = name {
                    ledger.lost(
                        place.clone(),
                        format!("{what} `{name}` of entity `{}` is not carried over", annotation.entity),
                        "ask for each of them in a slot of its own",
                    );
                }
            }
            ledger.declare(Kind::Entity, &annotation.entity, place);
            let value = annotation.value.unwrap_or_else(|| annotation.words.clone());
            self.values
                .entry(annotation.entity)
                .or_default()
                .entry(value)
                .or_default()
                .insert(annotation.words);
        }
        let examples = self.examples.entry(intent.to_owned()).or_default();
        if !example.text.is_empty() {
            examples.push(example.text);
        }
    }

    /// A button that gives an entity by its payload, `/inform{"city": "Rome"}`, sends its title: that is one of the value's words now.
    pub(super) fn learn_from_buttons(&mut self, domain: &Domain, ledger: &mut Ledger) {
        let variations = domain.responses.values().flat_map(|response| &response.variations);
        for button in variations.flat_map(|variation| &variation.buttons) {
            let json = button
                .payload
                .as_deref()
                .and_then(|payload| payload.find('{').map(|at| &payload[at..]))
                .unwrap_or_default();
            let Ok(Value::Object(values)) = serde_json::from_str(json) else {
                continue;
            };
            for (entity, value) in values {
                ledger.declare(Kind::Entity, &entity, &button.place);
                let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                let what = format!(
                    "the title of button `{}` is a word for `{value}` of entity `{entity}`",
                    button.title
                );
                ledger.changed(button.place.clone(), what, "");
                self.values
                    .entry(entity)
                    .or_default()
                    .entry(value)
                    .or_default()
                    .insert(button.title.clone());
            }
        }
    }

    /// The value that words stand for.
    pub(super) fn canonical(&self, words: &str) -> Option<&str> {
        self.value_by_word.get(&words.to_lowercase()).map(String::as_str)
    }
}

/// The items of `examples:`, each with its place: a block of dashes, a list of texts, or a list of maps with `text`.
fn example_texts(item: View<'_>) -> Vec<(String, Place)> {
    let Some(examples) = item.get("examples") else {
        return Vec::new();
    };
    if let Some(block) = examples.text() {
        return placed(&block, &examples.place());
    }
    let mut found = Vec::new();
    for example in examples.items() {
        let text = if example.is_nested() {
            example.get("text")
        } else {
            Some(example)
        };
        if let Some((text, place)) = text.and_then(|view| Some((view.text()?, view.place()))) {
            found.extend(placed(&text, &place));
        }
    }
    found
}

/// A block begins on the line below its `|`.
fn placed(block: &str, place: &Place) -> Vec<(String, Place)> {
    let offset = usize::from(block.contains('\n'));
    example::block_items(block)
        .into_iter()
        .map(|(line, text)| (text, place.below(line * offset + offset)))
        .collect()
}
