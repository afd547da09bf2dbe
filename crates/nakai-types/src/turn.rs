use std::{borrow::Cow, collections::BTreeMap, sync::Arc};

use serde::{Deserialize, Serialize};

use crate::{BotName, ConversationId, ModelCall, Reply, Screened, TenantId, TurnId, Understanding, Usage, Version};

/// One version of one bot.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct BotRef {
    /// The bot.
    pub name: BotName,
    /// The SHA-256 of its content.
    pub version: Version,
}

/// One thing that dialogue decided, in order: the evidence of why this was the answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    /// Which rule: `intent`, `also`, `reply`, `template`, `flow_start`, `flow_step`, `slot_filled`, `slot_rejected`, `slot_corrected`,
    /// `digression`, `resume`, `cancel`, `start_over`, `call`, `passage`, `fallback`, `handover`, `silent`.
    pub rule: Cow<'static, str>,
    /// What it was about: an intent, a reply, a flow and its step, an article.
    pub subject: Arc<str>,
    /// A word more where it helps, such as the attempt or a call's status. Screened like everything in a record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<Screened>,
}

/// How long one step of a turn took.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepTime {
    /// The step, as named in the path of a turn: `load`, `analyse`, `screen`, `respond`.
    pub step: Cow<'static, str>,
    /// Microseconds.
    pub micros: u64,
}

/// Everything that is kept of a turn: its evidence. The same record feeds the store, the log, the metrics and the replay.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TurnRecord {
    /// The turn.
    pub turn: TurnId,
    /// Whose data this is.
    pub tenant: TenantId,
    /// The conversation it belongs to.
    pub conversation: ConversationId,
    /// Which turn of the conversation, from 1.
    pub sequence: u64,
    /// The version that answered.
    pub bot: BotRef,
    /// When the request arrived, milliseconds since 1970-01-01 UTC.
    pub started_ms: i64,
    /// Who asked, as a pseudonym (a keyed hash of the caller's `user`), if the caller said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// The id of the key with which the caller came, or the name of what let it in without one; never the key itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<Cow<'static, str>>,
    /// Where the request came in: `chat`.
    pub channel: Cow<'static, str>,
    /// What the customer said.
    pub utterance: Screened,
    /// What was understood of it.
    pub understanding: Understanding,
    /// Why this was the answer.
    pub decisions: Vec<Decision>,
    /// What was answered.
    pub reply: Reply,
    /// What it cost.
    pub usage: Usage,
    /// The models that were asked, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub models: Vec<ModelCall>,
    /// Time per step, in order.
    pub steps: Vec<StepTime>,
    /// What the caller attached to the request, screened.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub metadata: BTreeMap<String, Screened>,
}
