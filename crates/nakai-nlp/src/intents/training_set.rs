use std::{collections::BTreeMap, sync::Arc};

use nakai_bundle::model::Intent;

/// What a bot's customers say, by intent: all that training depends on. Equal sets give equal classifiers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrainingSet {
    /// The intents, in the order of their names.
    pub intents: Vec<TrainingIntent>,
    /// What customers say that none of the intents is meant for, as far as anyone collected it.
    pub out_of_scope: Vec<String>,
}

/// One intent and what customers say when they have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrainingIntent {
    /// Its name in the bundle.
    pub name: Arc<str>,
    /// Whether it is small talk that does not count beside anything else.
    pub social: bool,
    /// Examples, as written, of all languages.
    pub examples: Vec<String>,
}

impl TrainingSet {
    /// Takes the examples of a bundle's intents.
    pub fn of(intents: &BTreeMap<String, Intent>) -> Self {
        let intent = |(name, intent): (&String, &Intent)| TrainingIntent {
            name: name.as_str().into(),
            social: intent.social,
            examples: intent
                .examples
                .iter()
                .flat_map(|(_, examples)| examples.iter().cloned())
                .collect(),
        };
        Self {
            intents: intents.iter().map(intent).collect(),
            out_of_scope: Vec::new(),
        }
    }
}
