use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{EntityValue, Screened};

/// How a turn ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// A scripted reply.
    Reply,
    /// A step of a flow.
    Flow,
    /// An answer from knowledge or from a model.
    Answer,
    /// An answer from the cache.
    Cached,
    /// Not understood: the bot asked again, offered choices or offered a human.
    Fallback,
    /// Handed over to a human.
    Handover,
    /// Refused by a guardrail.
    Refused,
    /// Something that the answer needs can't be reached.
    Unavailable,
}

impl Outcome {
    /// All outcomes.
    pub const ALL: [Self; 8] = [
        Self::Reply,
        Self::Flow,
        Self::Answer,
        Self::Cached,
        Self::Fallback,
        Self::Handover,
        Self::Refused,
        Self::Unavailable,
    ];

    /// The name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Reply => "reply",
            Self::Flow => "flow",
            Self::Answer => "answer",
            Self::Cached => "cached",
            Self::Fallback => "fallback",
            Self::Handover => "handover",
            Self::Refused => "refused",
            Self::Unavailable => "unavailable",
        }
    }
}

/// Something that the customer may say next, offered as a button.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Choice(pub Screened);

/// Where an answer was taken from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Citation {
    /// The article's title.
    pub title: String,
    /// Its link, if it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The passage that was used.
    pub passage: String,
}

/// A hand-over to a human: the bot says nothing more in the conversation until the human gives it back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Handover {
    /// Why, as a stable word: `requested`, `complaint`, `not_understood`, or the word a flow's step gives.
    pub reason: String,
    /// What the human should know, in the customer's language: intents met, the flow, what was said last.
    pub summary: Screened,
    /// The slots known so far.
    pub slots: BTreeMap<String, EntityValue>,
}

/// What the customer is told, with placeholders not yet restored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reply {
    /// The words of the reply.
    pub text: Screened,
    /// How the turn ended.
    pub outcome: Outcome,
    /// What the customer may say next.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<Choice>,
    /// Sources of an answer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub citations: Vec<Citation>,
    /// Present when this turn handed the conversation over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handover: Option<Handover>,
}
