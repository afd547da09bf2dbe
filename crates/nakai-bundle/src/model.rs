//! What a bundle says: one file of types per file kind of the bundle folder.
//!
//! The doc comments here are what authors read: the JSON Schema and the reference page are generated from them.

mod bot;
mod builtin_entity;
mod entities;
mod flows;
mod generation;
mod intents;
mod knowledge;
mod localised;
mod prompts;
mod replies;
mod tests;
mod tools;

pub use bot::{BotFile, FallbackPolicy, HandoverPolicy, KnowledgePolicy, Thresholds};
pub use builtin_entity::{BuiltinEntity, TimeConvention, TimePreference};
pub use entities::{EntitiesFile, EntityDefinition};
pub use flows::{
    AskStep, CallStep, Flow, FlowsFile, HandoverStep, HttpMethod, SlotDefinition, SlotType, Step, WhenStep,
};
pub use generation::{AnswerSource, Auto, BrokenAnswer, GenerationPolicy, GroundingPolicy, ModelChoice, Unsupported};
pub use intents::{AnswerFrom, Control, Intent, IntentAction, IntentsFile};
pub use knowledge::{Article, ArticleFrontMatter};
pub use localised::Localised;
pub use prompts::{PROMPT_VARIABLES, Prompt};
pub use replies::{RepliesFile, ReplyDefinition};
pub use tests::{Expectation, TestCase, TestTurn, TestsFile};
pub use tools::{HttpTool, McpServer, ToolsFile};
