use std::collections::BTreeMap;

use nakai_types::BotRef;

use crate::model::{Article, BotFile, EntityDefinition, Flow, Intent, ReplyDefinition, TestCase};

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
    /// All conversation tests, in the order of their files.
    pub tests: Vec<TestCase>,
}
