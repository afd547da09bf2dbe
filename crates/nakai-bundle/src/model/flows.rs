use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Localised;

/// `flows/*.yaml`: conversations with several steps.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FlowsFile {
    /// Flows by name.
    pub flows: BTreeMap<String, Flow>,
}

/// A conversation with several steps that fills slots and ends with something done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Flow {
    /// What customers and agents call it; said when the flow is taken up again.
    pub title: Localised<String>,
    /// What the flow needs to know.
    #[serde(default)]
    pub slots: BTreeMap<String, SlotDefinition>,
    /// What happens, in order.
    pub steps: Vec<Step>,
}

/// One thing a flow needs to know.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SlotDefinition {
    /// What it is called in summaries and corrections.
    #[serde(default)]
    pub title: Localised<String>,
    /// What kind of value it takes.
    #[serde(rename = "type")]
    pub kind: SlotType,
    /// The entity that fills it, for `type: entity`.
    #[serde(default)]
    pub entity: Option<String>,
    /// The allowed values with the words for each, for `type: choice`. Offered as buttons.
    #[serde(default)]
    pub choices: BTreeMap<String, Localised<Vec<String>>>,
    /// An expression over `value`, `slots` and `now` that must be true, for example `value >= 1 and value <= 8`, or `value >= now.date`
    /// for a day that has not passed.
    #[serde(default)]
    pub validate: Option<String>,
}

/// What kind of value a slot takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SlotType {
    /// Anything the customer says.
    Text,
    /// A whole number, in digits, full-width digits, kanji numerals or English words up to a hundred.
    Number,
    /// Yes or no; the value is `true` or `false`.
    YesNo,
    /// One of `choices`.
    Choice,
    /// A value of `entity`.
    Entity,
    /// An e-mail address. The flow sees a placeholder, calls with `personal_data: true` see the address.
    Email,
    /// A telephone number. The flow sees a placeholder, calls with `personal_data: true` see the number.
    Phone,
}

/// One step of a flow. Exactly one of the keys.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Step {
    /// Gives a reply and goes on.
    Say(String),
    /// Asks for a slot and waits for the customer, unless the slot is filled already.
    Ask(AskStep),
    /// Goes one way or the other.
    When(WhenStep),
    /// Sets slots to the values of expressions.
    Set(BTreeMap<String, String>),
    /// Calls an HTTP tool.
    Call(CallStep),
    /// Answers from knowledge; the text is a template for the question, for example `{{ slots.topic }}`.
    Answer(String),
    /// Hands over to a human; the flow ends.
    Handover(HandoverStep),
    /// Ends the flow, with this reply if one is named.
    End(Option<String>),
}

/// Asks for a slot.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AskStep {
    /// The slot to fill.
    pub slot: String,
    /// The question.
    pub reply: String,
    /// What to say when the answer does not fit; the question is asked again after it. Left out: only the question again.
    #[serde(default)]
    pub retry: Option<String>,
    /// How many answers that do not fit are taken before `otherwise`.
    #[serde(default = "three")]
    pub attempts: u32,
    /// What happens when the attempts are used up. Left out: a hand-over with the reason `not_understood`.
    #[serde(default)]
    pub otherwise: Vec<Step>,
}

const fn three() -> u32 {
    3
}

/// Goes one way or the other.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WhenStep {
    /// A MiniJinja expression over `slots`, `bot`, `result`, `now` and `language`.
    #[serde(rename = "if")]
    pub condition: String,
    /// Steps if it is true.
    pub then: Vec<Step>,
    /// Steps if it is not.
    #[serde(default, rename = "else")]
    pub otherwise: Vec<Step>,
}

/// Calls an HTTP tool of the team.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CallStep {
    /// The address; a template over `slots` and `bot` whose values are percent-encoded. Must be `https`, or `http` on loopback.
    pub url: String,
    /// The method.
    #[serde(default)]
    pub method: HttpMethod,
    /// Fields of the JSON body; each value is a template. Sent with POST, PUT and PATCH.
    #[serde(default)]
    pub body: BTreeMap<String, String>,
    /// How long the tool may take, in milliseconds, from 100 to 30000.
    #[serde(default = "three_seconds")]
    #[schemars(range(min = 100, max = 30000))]
    pub timeout_ms: u32,
    /// The environment variable with the key that signs the body. The signature is the header `x-nakai-signature`:
    /// `t=SECONDS,v1=HEX`, where HEX is the HMAC-SHA-256 of `SECONDS.BODY`.
    #[serde(default)]
    pub sign_with: Option<String>,
    /// Whether placeholders in the address and body are replaced by the personal data they stand for.
    #[serde(default)]
    pub personal_data: bool,
    /// The name under which later steps see the JSON answer, for example `booking`: `result.booking.price`.
    #[serde(default)]
    pub save: Option<String>,
    /// Steps if the tool fails, answers with a status from 400, or takes too long. Left out: a hand-over with the reason `tool_failed`.
    #[serde(default)]
    pub otherwise: Vec<Step>,
}

const fn three_seconds() -> u32 {
    3000
}

/// An HTTP method of a tool.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum HttpMethod {
    /// Reads.
    Get,
    /// Does something; the default.
    #[default]
    Post,
    /// Replaces.
    Put,
    /// Changes.
    Patch,
    /// Removes.
    Delete,
}

/// Hands over to a human.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HandoverStep {
    /// Why, as a stable word.
    pub reason: String,
    /// What to tell the customer. Left out: the bot's usual hand-over reply.
    #[serde(default)]
    pub reply: Option<String>,
}
