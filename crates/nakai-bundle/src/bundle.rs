use std::collections::BTreeMap;

use nakai_types::BotRef;

use crate::model::{
    Article, BotFile, BuiltinEntity, EntityDefinition, Flow, Intent, Prompt, ReplyDefinition, TestCase, TimePreference,
    ToolsFile,
};

/// A whole bot: every file of its folder, merged and checked.
///
/// Immutable; two bundles with the same version have the same content. Names point to things that exist, every expression and
/// template parses, every intent has exactly one action: what serves a customer relies on that.
#[derive(Debug, Clone, PartialEq)]
pub struct Bundle {
    /// Its name and the SHA-256 of its content.
    pub bot_ref: BotRef,
    /// `bot.yaml`.
    pub bot: BotFile,
    /// All intents, by name.
    pub intents: BTreeMap<String, Intent>,
    /// All entities, by name.
    pub entities: BTreeMap<String, EntityDefinition>,
    /// All flows, by name.
    pub flows: BTreeMap<String, Flow>,
    /// All replies, by name.
    pub replies: BTreeMap<String, ReplyDefinition>,
    /// All articles, by path and language.
    pub articles: Vec<Article>,
    /// All prompts, by name.
    pub prompts: Vec<Prompt>,
    /// `tools.yaml`.
    pub tools: ToolsFile,
    /// All conversation tests, in the order of their files.
    pub tests: Vec<TestCase>,
}

impl Bundle {
    /// The built-in entities that the bot makes use of, by the name that each has in it: those that `entities.yaml` names, and those
    /// that flows ask for without a line there.
    pub fn builtin_entities(&self) -> BTreeMap<&str, (BuiltinEntity, TimePreference)> {
        let asked = self
            .flows
            .values()
            .flat_map(|flow| flow.slots.values())
            .filter_map(|slot| slot.entity.as_deref())
            .filter(|name| !self.entities.contains_key(*name))
            .filter_map(|name| Some((name, (BuiltinEntity::named(name)?, TimePreference::default()))));
        self.entities
            .iter()
            .filter_map(|(name, entity)| Some((name.as_str(), (entity.builtin?, entity.prefer))))
            .chain(asked)
            .collect()
    }
}
