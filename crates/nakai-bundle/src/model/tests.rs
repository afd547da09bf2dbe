use std::collections::BTreeMap;

use nakai_types::{Language, Outcome};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// `tests/*.yaml`: conversations and what must come back.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TestsFile {
    /// The tests, run in order, each in a conversation of its own.
    pub tests: Vec<TestCase>,
}

/// One conversation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TestCase {
    /// What it shows, in a sentence.
    pub name: String,
    /// The language that the caller asks for; left out: detected.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub language: Option<Language>,
    /// When the conversation takes place, RFC 3339; left out: 2026-01-15 12:00 in the bot's time zone.
    #[serde(default)]
    pub now: Option<String>,
    /// What the customer says, turn by turn, and what must come back.
    pub turns: Vec<TestTurn>,
}

/// One utterance and what must come back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TestTurn {
    /// What the customer says.
    pub customer: String,
    /// What must come back. What is left out is not compared.
    #[serde(default)]
    pub expect: Expectation,
}

/// What must come back. What is left out is not compared.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Expectation {
    /// The best intent; `none` for out of scope.
    pub intent: Option<String>,
    /// How the turn ends.
    #[schemars(with = "Option<String>")]
    pub outcome: Option<Outcome>,
    /// The language of the reply.
    #[schemars(with = "Option<String>")]
    pub language: Option<Language>,
    /// The reply is a wording of this reply.
    pub reply: Option<String>,
    /// The reply has each of these texts.
    pub contains: Vec<String>,
    /// The reply has none of these texts.
    pub lacks: Vec<String>,
    /// Entities that are found, by name, with their values as text.
    pub entities: BTreeMap<String, String>,
    /// Slots that are filled after the turn, with their values as text.
    pub slots: BTreeMap<String, String>,
    /// The reason of the hand-over.
    pub handover: Option<String>,
    /// The path of an article that the answer cites.
    pub cites: Option<String>,
}
