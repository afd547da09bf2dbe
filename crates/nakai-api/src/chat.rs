use std::{borrow::Cow, collections::BTreeMap};

use nakai_types::{ConversationId, EntityValue, IntentScore, Language, Outcome, TurnId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Body of `POST /chat`. Only `text` is needed. Unknown fields are refused, so that a misspelt one is noticed.
///
/// Has no `Debug` and no `Serialize`: it holds what a customer typed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChatRequest<'a> {
    /// What the customer says. Control characters and bidirectional overrides are read as white space.
    #[serde(borrow)]
    #[schema(value_type = String, min_length = 1, max_length = 8000, example = "チェックインは何時からですか")]
    pub text: Cow<'a, str>,
    /// The conversation to go on with, as an earlier reply gave it. Left out: a new one.
    #[serde(borrow, default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    pub conversation_id: Option<Cow<'a, str>>,
    /// The bot that a new conversation is with. Left out: the default bot.
    #[serde(borrow, default)]
    #[schema(value_type = Option<String>, pattern = "^[a-z0-9][a-z0-9_-]{0,63}$")]
    pub bot: Option<Cow<'a, str>>,
    /// Who the customer is, in the caller's own words. Kept as a pseudonym only.
    #[serde(borrow, default)]
    #[schema(value_type = Option<String>, max_length = 256)]
    pub user: Option<Cow<'a, str>>,
    /// The language to answer in, as a BCP 47 tag of Japanese or English. Left out: detected.
    #[serde(borrow, default)]
    #[schema(value_type = Option<String>, pattern = "^([jJ][aA]|[eE][nN])([-_].*)?$", example = "ja")]
    pub language: Option<Cow<'a, str>>,
    /// Anything that the caller wants to find again with the turn: at most 16 texts. Screened like the text itself.
    #[serde(borrow, default)]
    #[schema(value_type = Option<BTreeMap<String, String>>)]
    pub metadata: Option<BTreeMap<Cow<'a, str>, Cow<'a, str>>>,
}

/// Answer of `POST /chat`.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct ChatResponse<'a> {
    /// The words to show to the customer.
    #[schema(value_type = String)]
    pub reply: Cow<'a, str>,
    /// The conversation, to be sent with the customer's next message.
    #[schema(value_type = String, format = "uuid")]
    pub conversation_id: ConversationId,
    /// The turn, for questions about it later.
    #[schema(value_type = String, format = "uuid")]
    pub turn_id: TurnId,
    /// The language of the reply.
    #[schema(value_type = LanguageCode)]
    pub language: Language,
    /// How the turn ended.
    #[schema(value_type = OutcomeName)]
    pub outcome: Outcome,
    /// What the customer wants; `null` if the utterance is out of the bot's scope.
    pub intent: Option<IntentView<'a>>,
    /// What the customer wants too, in other clauses, in the order in which they are said; left out if nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<IntentView<'a>>,
    /// Things that were recognised, in the order in which they were typed.
    pub entities: Vec<EntityView<'a>>,
    /// What the customer may say next, to be offered as buttons.
    #[schema(value_type = Vec<String>)]
    pub choices: Vec<Cow<'a, str>>,
    /// Where an answer was taken from.
    pub citations: Vec<CitationView<'a>>,
    /// Present when this turn handed the conversation over to a human.
    pub handover: Option<HandoverView<'a>>,
    /// The bot version that answered.
    pub bot: BotVersion<'a>,
    /// What the turn cost.
    pub usage: UsageView,
}

/// An intent with how sure the classifier is of it.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct IntentView<'a> {
    /// The intent's name in the bundle.
    #[schema(value_type = String)]
    pub name: Cow<'a, str>,
    /// Calibrated probability.
    #[schema(minimum = 0, maximum = 1)]
    pub confidence: f32,
}

impl<'a> From<&'a IntentScore> for IntentView<'a> {
    fn from(intent: &'a IntentScore) -> Self {
        Self {
            name: Cow::Borrowed(&*intent.name),
            confidence: intent.confidence,
        }
    }
}

/// A thing that was recognised in what the customer typed.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct EntityView<'a> {
    /// The entity's name in the bundle.
    #[serde(rename = "type")]
    #[schema(value_type = String)]
    pub kind: Cow<'a, str>,
    /// What was typed.
    #[schema(value_type = String)]
    pub text: Cow<'a, str>,
    /// The first UTF-8 byte of it in what was typed.
    pub start: usize,
    /// One past its last byte.
    pub end: usize,
    /// Its normalised value.
    #[schema(value_type = Value)]
    pub value: EntityValue,
    /// What else it may mean, the likelier first; left out if nothing else.
    #[serde(default, skip_serializing_if = "<[EntityValue]>::is_empty")]
    #[schema(value_type = Vec<Value>)]
    pub alternatives: Cow<'a, [EntityValue]>,
}

/// A passage that an answer was taken from.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct CitationView<'a> {
    /// The article's title.
    #[schema(value_type = String)]
    pub title: Cow<'a, str>,
    /// Its link, if it has one.
    #[schema(value_type = Option<String>)]
    pub url: Option<Cow<'a, str>>,
    /// The passage that was used.
    #[schema(value_type = String)]
    pub passage: Cow<'a, str>,
}

/// A hand-over to a human: the bot says nothing more in the conversation.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct HandoverView<'a> {
    /// Why, as a stable word.
    #[schema(value_type = String)]
    pub reason: Cow<'a, str>,
    /// What the human should know, in the customer's language.
    #[schema(value_type = String)]
    pub summary: Cow<'a, str>,
    /// What the customer has told so far.
    #[schema(value_type = BTreeMap<String, Value>)]
    pub slots: BTreeMap<Cow<'a, str>, EntityValue>,
}

/// One version of one bot.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct BotVersion<'a> {
    /// The bot's name.
    #[schema(value_type = String)]
    pub name: Cow<'a, str>,
    /// The SHA-256 of its bundle.
    #[schema(value_type = String, pattern = "^sha256:[0-9a-f]{64}$")]
    pub version: Cow<'a, str>,
}

/// What a turn cost. Zero for everything that no model was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UsageView {
    /// Tokens read by models.
    pub input_tokens: u64,
    /// Tokens written by models.
    pub output_tokens: u64,
    /// Money, in millionths of a US dollar.
    pub cost_micros: u64,
}

/// A number or a text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum Value {
    /// A number.
    Number(f64),
    /// A text.
    Text(String),
}

/// A language code, in the document only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum LanguageCode {
    /// Japanese.
    Ja,
    /// English.
    En,
}

/// How a turn ended, in the document only.
#[derive(ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(dead_code, reason = "only its schema is used")]
pub(crate) enum OutcomeName {
    Reply,
    Flow,
    Answer,
    Cached,
    Fallback,
    Handover,
    Refused,
    Unavailable,
}
