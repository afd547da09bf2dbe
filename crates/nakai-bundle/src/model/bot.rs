use std::collections::BTreeMap;

use nakai_types::{BotName, Language};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{GenerationPolicy, Localised, TimeConvention};

/// `bot.yaml`: who the bot is and how careful it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BotFile {
    /// The bot's name in URLs, logs and metrics: `a-z`, `0-9`, `-`, `_`.
    #[schemars(with = "String")]
    pub name: BotName,
    /// The name that people see.
    pub title: Localised<String>,
    /// The languages it speaks, the default one first.
    #[schemars(with = "Vec<LanguageCode>")]
    pub languages: Vec<Language>,
    /// The IANA time zone in which the team works, for example `Asia/Tokyo`.
    #[serde(default = "utc")]
    pub timezone: String,
    /// What is taken for granted of times that people don't agree on.
    #[serde(default, skip_serializing_if = "TimeConvention::is_default")]
    pub time_convention: TimeConvention,
    /// When the bot is sure enough to act.
    #[serde(default)]
    pub thresholds: Thresholds,
    /// What it does when it does not understand.
    #[serde(default)]
    pub fallback: FallbackPolicy,
    /// How it hands over to a human.
    #[serde(default)]
    pub handover: HandoverPolicy,
    /// How language models take part in its answers.
    #[serde(default)]
    pub generation: GenerationPolicy,
    /// Words that carry no meaning for this bot, beyond the built-in stop lists.
    #[serde(default)]
    pub stop_words: Localised<Vec<String>>,
    /// How articles are searched.
    #[serde(default)]
    pub knowledge: KnowledgePolicy,
    /// Values that templates and conditions see as `bot.NAME`, such as opening hours or a telephone number.
    #[serde(default)]
    pub facts: BTreeMap<String, String>,
}

fn utc() -> String {
    "UTC".into()
}

/// A language code in the schema.
#[derive(JsonSchema)]
#[serde(rename_all = "lowercase")]
#[expect(dead_code, reason = "only its schema is used")]
enum LanguageCode {
    Ja,
    En,
}

/// When the bot is sure enough to act. Probabilities, 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Thresholds {
    /// Below this confidence of the best intent the utterance is out of scope. Left out: chosen in training;
    /// `nakai bot train` shows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.0, max = 1.0))]
    pub out_of_scope: Option<f32>,
    /// An intent must be at least this sure to interrupt a flow that waits for an answer.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub digression: f32,
    /// A passage must answer the question with at least this probability to be given as an answer.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub passage: f32,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            out_of_scope: None,
            digression: 0.6,
            passage: 0.4,
        }
    }
}

/// How articles are searched.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct KnowledgePolicy {
    /// Groups of words that mean the same to this bot, for example `[Wi-Fi, 無線LAN, インターネット]`. A question with one of them also
    /// finds passages with the others.
    pub synonyms: Vec<Vec<String>>,
}

/// What the bot does when it does not understand, rung by rung: asks again, offers choices, offers a human.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct FallbackPolicy {
    /// How often in a row it asks the customer to say it in other words.
    pub ask_again: u32,
    /// How often in a row it then offers choices.
    pub offer_choices: u32,
    /// Reply that asks again.
    pub ask_again_reply: String,
    /// Reply over the choices.
    pub offer_choices_reply: String,
    /// Reply that offers a human.
    pub offer_human_reply: String,
    /// Intents to offer as choices when none is near; the likeliest ones come first.
    pub choices: Vec<String>,
}

impl Default for FallbackPolicy {
    fn default() -> Self {
        Self {
            ask_again: 1,
            offer_choices: 1,
            ask_again_reply: "fallback_ask_again".into(),
            offer_choices_reply: "fallback_choices".into(),
            offer_human_reply: "fallback_human".into(),
            choices: Vec::new(),
        }
    }
}

/// How the bot hands over to a human.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct HandoverPolicy {
    /// Reply that tells the customer that a human takes over.
    pub reply: String,
    /// Reply outside the hours, if hours are set; it says when somebody is there.
    pub closed_reply: Option<String>,
    /// Reply while a human has the conversation and the customer writes on.
    pub waiting_reply: String,
    /// When humans are there, in the bot's time zone, for example `09:00-18:00`. Left out: always.
    pub hours: Option<String>,
}

impl Default for HandoverPolicy {
    fn default() -> Self {
        Self {
            reply: "handover".into(),
            closed_reply: None,
            waiting_reply: "handover_waiting".into(),
            hours: None,
        }
    }
}
