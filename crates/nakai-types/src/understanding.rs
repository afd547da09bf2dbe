//! What was understood of an utterance, before screening ([`Analysis`]) and after it ([`Understanding`]).

use std::{fmt, sync::Arc};

use serde::{Deserialize, Serialize};

use crate::{Language, ModelCall, Screened, Span};

/// An intent with how sure the classifier is of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct IntentScore {
    /// The intent's name in the bundle.
    pub name: Arc<str>,
    /// Calibrated probability, 0 to 1.
    pub confidence: f32,
}

/// The normalised value of an entity.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum EntityValue {
    /// A whole number.
    Integer(i64),
    /// Any other number.
    Number(f64),
    /// A canonical text: the value that synonyms stand for, what a pattern matched after normalisation, a date or time in ISO 8601
    /// (`2026-11-23`, `15:00`, `2026-11-23T15:00`), a duration or recurrence in TIMEX3 (`P3D`).
    Text(String),
    /// An amount of something: money, a length.
    Quantity(Quantity),
    /// From something to something, both of the same kind.
    Interval(Interval),
}

/// An amount with its unit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quantity {
    /// How much.
    pub amount: f64,
    /// Of what: an ISO 4217 code for money (`JPY`), the name of the unit for the rest (`kilogram`).
    pub unit: String,
}

/// A stretch between two values, written as each alone would be. An end that is not known is left out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Interval {
    /// Where it begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<String>,
    /// Where it ends, excluded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<String>,
}

impl fmt::Display for EntityValue {
    /// The value as one text: `5000 JPY`, `2026-11-23/2026-11-25` (ISO 8601's way to write an interval).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Integer(integer) => integer.fmt(f),
            Self::Number(number) => number.fmt(f),
            Self::Text(text) => f.write_str(text),
            Self::Quantity(quantity) => write!(f, "{} {}", quantity.amount, quantity.unit),
            Self::Interval(Interval { start, end }) => {
                let side = |side: &Option<String>| side.as_deref().unwrap_or("..").to_owned();
                write!(f, "{}/{}", side(start), side(end))
            }
        }
    }
}

/// An entity as analysis found it. Its value may hold personal data, so it can't be serialised: see [`UnderstoodEntity`].
#[derive(Debug, Clone, PartialEq)]
pub struct Entity {
    /// The entity's name in the bundle.
    pub kind: Arc<str>,
    /// Where it stands in what the customer typed.
    pub span: Span,
    /// Its normalised value.
    pub value: EntityValue,
    /// What else it may mean, the likelier first: last Friday where the value is the next.
    pub alternatives: Vec<EntityValue>,
}

/// What the NLP service says of one utterance. Comes before screening: neither stored nor logged, which is why it has no `Serialize`.
#[derive(Debug, Clone, PartialEq)]
pub struct Analysis {
    /// The language in which to answer.
    pub language: Language,
    /// Whether the utterance has whole words of another language too.
    pub mixed: bool,
    /// Intents, the most probable first, at most five; empty if the bot has none.
    pub intents: Vec<IntentScore>,
    /// Whether the best intent is too improbable to act on.
    pub out_of_scope: bool,
    /// Further intents, of other clauses than the best one, in the order in which they are said.
    pub also: Vec<IntentScore>,
    /// Entities in the order of their spans.
    pub entities: Vec<Entity>,
    /// What models were asked for it, as where vectors come from a provider.
    pub models: Vec<ModelCall>,
}

/// An entity whose personal data are placeholders.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UnderstoodEntity {
    /// The entity's name in the bundle.
    #[serde(rename = "type")]
    pub kind: Arc<str>,
    /// Where it stands in what the customer typed (not in the screened text).
    pub span: Span,
    /// What was typed there, screened.
    pub text: Screened,
    /// Its normalised value; the placeholder where the value is a personal datum.
    pub value: EntityValue,
    /// What else it may mean, the likelier first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alternatives: Vec<EntityValue>,
}

/// What was understood, screened: what dialogue, store, log and replay see.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Understanding {
    /// The language in which to answer.
    pub language: Language,
    /// Whether the utterance has whole words of another language too.
    pub mixed: bool,
    /// Intents, the most probable first.
    pub intents: Vec<IntentScore>,
    /// Whether the best intent is too improbable to act on.
    pub out_of_scope: bool,
    /// Further intents, of other clauses than the best one, in the order in which they are said.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<IntentScore>,
    /// Entities in the order of their spans.
    pub entities: Vec<UnderstoodEntity>,
}

impl Understanding {
    /// The best intent, unless the utterance is out of scope.
    pub fn intent(&self) -> Option<&IntentScore> {
        self.intents.first().filter(|_| !self.out_of_scope)
    }
}

/// One word of an utterance. Comes before screening, so it has no `Serialize`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// The word as typed.
    pub surface: String,
    /// Where it stands in what the customer typed.
    pub span: Span,
    /// Part of speech: IPADIC's first category in Japanese (`名詞`, `動詞`, ...), `word` or `number` in other scripts.
    pub part_of_speech: String,
    /// Dictionary form, lower-cased in English.
    pub base: String,
    /// Reading in katakana; empty where there is none.
    pub reading: String,
    /// Whether it is on the stop list.
    pub stop: bool,
}

/// The words of an utterance and its language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenView {
    /// The language in which the utterance was read.
    pub language: Language,
    /// Its words in order; punctuation and white space are none.
    pub tokens: Vec<Token>,
}
