//! A turn with its evidence, as `GET /api/v1/turns/{id}` shows it.
//!
//! The server sends the stored [`TurnRecord`](nakai_types::TurnRecord) as it is; these types describe its JSON and read it back in
//! clients. A test holds both together.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{BotVersion, CitationView, IntentView, LanguageCode, UsageView, Value, chat::OutcomeName};

/// Everything that is kept of a turn. Personal data are placeholders such as `[email_1]`.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Turn {
    /// The turn.
    #[schema(format = "uuid")]
    pub turn: String,
    /// Whose data this is.
    pub tenant: String,
    /// The conversation it belongs to.
    #[schema(format = "uuid")]
    pub conversation: String,
    /// Which turn of the conversation, from 1.
    pub sequence: u64,
    /// The version that answered.
    pub bot: BotVersion<'static>,
    /// When the request arrived, milliseconds since 1970-01-01 UTC.
    pub started_ms: i64,
    /// Who asked, as a pseudonym.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// The id of the key with which the caller came; `local` for a direct caller on the same machine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Where the request came in.
    pub channel: String,
    /// What the customer said.
    pub utterance: String,
    /// What was understood of it.
    pub understanding: TurnUnderstanding,
    /// Why this was the answer, in the order of the decisions.
    pub decisions: Vec<Decision>,
    /// What was answered.
    pub reply: TurnReply,
    /// What it cost.
    pub usage: UsageView,
    /// The models that were asked, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub models: Vec<TurnModelCall>,
    /// Time per step, in order.
    pub steps: Vec<StepTime>,
    /// What the caller attached to the request.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub metadata: BTreeMap<String, String>,
}

/// One call of a model.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TurnModelCall {
    /// The model by its full name, for example `openai/gpt-5-mini`.
    pub model: String,
    /// What it was asked for: `answer`, `summary`, `intent`, `embedding`.
    pub purpose: String,
    /// Tokens read, those from the provider's cache included.
    pub input_tokens: u64,
    /// Of those, tokens from the provider's cache.
    pub cached_input_tokens: u64,
    /// Tokens written, those the model said to itself included.
    pub output_tokens: u64,
    /// Of those, tokens the model said to itself.
    pub reasoning_tokens: u64,
    /// Money, in millionths of a US dollar.
    pub cost_micros: u64,
    /// Whether the tokens are our own count because the provider sent none.
    pub estimated: bool,
    /// Microseconds until the answer was whole, or the call had failed.
    pub micros: u64,
    /// Microseconds until the first piece of the answer, where it came in pieces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_token_micros: Option<u64>,
    /// Why it gave no whole answer: the code of the provider's error.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
}

/// What was understood.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TurnUnderstanding {
    /// The language of the answer.
    pub language: LanguageCode,
    /// Whether the utterance has whole words of another language too.
    pub mixed: bool,
    /// Intents, the most probable first.
    pub intents: Vec<IntentView<'static>>,
    /// Whether the best intent was too improbable to act on.
    pub out_of_scope: bool,
    /// Further intents, of other clauses than the best one, in the order in which they are said; left out without any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<IntentView<'static>>,
    /// Entities in the order in which they were typed.
    pub entities: Vec<TurnEntity>,
}

/// An entity.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TurnEntity {
    /// The entity's name in the bundle.
    #[serde(rename = "type")]
    pub kind: String,
    /// Where it stands in what the customer typed.
    pub span: TurnSpan,
    /// What was typed there, screened.
    pub text: String,
    /// Its normalised value.
    pub value: Value,
}

/// A half-open range of UTF-8 bytes.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TurnSpan {
    /// The first byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

/// One decision.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// Which rule.
    pub rule: String,
    /// What it was about.
    pub subject: String,
    /// A word more where it helps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

/// What was answered.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TurnReply {
    /// The words of the reply.
    pub text: String,
    /// How the turn ended.
    #[schema(value_type = OutcomeName)]
    pub outcome: String,
    /// What the customer was offered to say next.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<String>,
    /// Sources of an answer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub citations: Vec<CitationView<'static>>,
    /// Present when this turn handed the conversation over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handover: Option<TurnHandover>,
}

/// A hand-over to a human.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TurnHandover {
    /// Why.
    pub reason: String,
    /// What the human should know.
    pub summary: String,
    /// The slots known then.
    pub slots: BTreeMap<String, Value>,
}

/// How long one step took.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StepTime {
    /// The step.
    pub step: String,
    /// Microseconds.
    pub micros: u64,
}

/// Answer of `GET /api/v1/conversations/{id}/turns`.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct TurnList {
    /// Turns in order.
    pub turns: Vec<Turn>,
    /// The `after` of the next page; `null` at the end.
    pub next_after: Option<u64>,
}

#[cfg(test)]
mod tests {
    use nakai_types::{
        BotName, BotRef, Choice, Citation, ConversationId, EntityValue, Handover, IntentScore, Language, ModelCall,
        Outcome, Reply, Screened, Span, TenantId, TurnId, TurnRecord, Understanding, UnderstoodEntity, Usage, Version,
    };

    use super::*;

    fn full_record() -> TurnRecord {
        TurnRecord {
            turn: TurnId::new(),
            tenant: TenantId::default(),
            conversation: ConversationId::new(),
            sequence: 3,
            bot: BotRef {
                name: BotName::new("ryokan").unwrap(),
                version: Version::from_digest([7; 32]),
            },
            started_ms: 1_768_446_000_000,
            user: Some("0123456789abcdef".into()),
            key: Some("bootstrap".into()),
            channel: "chat".into(),
            utterance: Screened::ours("[email_1]"),
            understanding: Understanding {
                language: Language::Ja,
                mixed: true,
                intents: vec![IntentScore {
                    name: "booking".into(),
                    confidence: 0.5,
                }],
                out_of_scope: false,
                also: vec![IntentScore {
                    name: "parking".into(),
                    confidence: 0.75,
                }],
                entities: vec![UnderstoodEntity {
                    kind: "room".into(),
                    span: Span::new(1, 2),
                    text: Screened::ours("a"),
                    value: EntityValue::Text("twin".into()),
                    alternatives: Vec::new(),
                }],
            },
            decisions: vec![nakai_types::Decision {
                rule: "intent".into(),
                subject: "booking".into(),
                detail: Some(Screened::ours("x")),
            }],
            reply: Reply {
                text: Screened::ours("はい"),
                outcome: Outcome::Handover,
                choices: vec![Choice(Screened::ours("a"))],
                citations: vec![Citation {
                    title: "t".into(),
                    url: Some("https://example.com".into()),
                    passage: "p".into(),
                }],
                handover: Some(Handover {
                    reason: "requested".into(),
                    summary: Screened::ours("s"),
                    slots: BTreeMap::from([("rate".into(), EntityValue::Number(2.5))]),
                }),
            },
            usage: Usage {
                input_tokens: 1,
                output_tokens: 2,
                cost_micros: 3,
            },
            models: vec![ModelCall {
                model: "openai/gpt-5-mini".into(),
                purpose: "answer".into(),
                input_tokens: 1,
                cached_input_tokens: 2,
                output_tokens: 3,
                reasoning_tokens: 4,
                cost_micros: 5,
                estimated: true,
                micros: 6,
                first_token_micros: Some(7),
                failure: Some("provider_stream_cut".into()),
            }],
            steps: vec![nakai_types::StepTime {
                step: "load".into(),
                micros: 9,
            }],
            metadata: BTreeMap::from([("page".into(), Screened::ours("top"))]),
        }
    }

    #[test]
    fn the_stored_record_reads_as_a_turn_and_back_without_loss() {
        let stored = serde_json::to_value(full_record()).unwrap();
        let turn: Turn = serde_json::from_value(stored.clone()).unwrap();
        assert_eq!(serde_json::to_value(turn).unwrap(), stored);
    }

    #[test]
    fn a_bare_record_reads_too() {
        let mut record = full_record();
        record.user = None;
        record.key = None;
        record.metadata.clear();
        record.decisions[0].detail = None;
        record.reply.handover = None;
        record.reply.choices.clear();
        record.reply.citations.clear();
        let stored = serde_json::to_value(record).unwrap();
        let turn: Turn = serde_json::from_value(stored.clone()).unwrap();
        assert_eq!(serde_json::to_value(turn).unwrap(), stored);
    }
}
