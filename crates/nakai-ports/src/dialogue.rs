use std::{sync::Arc, time::Instant};

use async_trait::async_trait;
use nakai_types::{BotRef, ConversationId, Decision, ErrorKind, ModelCall, Reply, Screened, Understanding, Vault};
use serde::{Deserialize, Serialize};

use crate::{BundleArchive, BundleError, Listener};

/// Where a conversation stands, as JSON that only the dialogue service reads and writes.
///
/// Opaque on purpose: gateway and store carry it without knowing flows, and an older state is read by the dialogue service that
/// knows how. Holds screened text only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DialogueState(Arc<str>);

impl DialogueState {
    /// Takes state that the dialogue service wrote.
    pub fn from_json(json: impl Into<Arc<str>>) -> Self {
        Self(json.into())
    }

    /// Shows the JSON, to be stored or sent.
    pub fn as_json(&self) -> &str {
        &self.0
    }
}

/// One understood utterance that wants an answer.
#[derive(Debug, Clone)]
pub struct RespondRequest {
    /// The version that answers.
    pub bot: BotRef,
    /// The conversation.
    pub conversation: ConversationId,
    /// Which turn of it, from 1.
    pub sequence: u64,
    /// Where the conversation stands; `None` at its first turn.
    pub state: Option<DialogueState>,
    /// What the customer said.
    pub utterance: Screened,
    /// What was understood.
    pub understanding: Understanding,
    /// What the placeholders stand for, for calls to the team's own tools that declare that they need it.
    pub vault: Vault,
    /// The reference time of the turn, milliseconds since 1970-01-01 UTC. Dialogue has no other clock, so a replay is exact.
    pub now_ms: i64,
    /// When the answer is no longer of use. Implementations stop by then with [`DialogueError::DeadlineExceeded`].
    pub deadline: Instant,
    /// Who wants to hear the reply while it is made. Implementations may tell nothing; what they tell is how the draft's reply begins.
    pub listener: Option<Listener>,
}

/// What dialogue answers, before release.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// What to tell the customer, placeholders not restored.
    pub reply: Reply,
    /// Where the conversation stands now.
    pub state: DialogueState,
    /// Why this is the answer.
    pub decisions: Vec<Decision>,
    /// The models that were asked, in order, with what that cost.
    pub models: Vec<ModelCall>,
}

/// Decides what to answer. Keeps nothing between turns: everything it knows comes in and goes out.
#[async_trait]
pub trait Dialogue: Send + Sync + 'static {
    /// Makes a bot version known and ready. Installing it again does nothing.
    async fn install(&self, bundle: BundleArchive) -> Result<(), DialogueError>;

    /// Answers one utterance. Total: an unknown intent, a failed tool or a broken template is an answer too (see
    /// [`nakai_types::Outcome`]), never an error.
    async fn respond(&self, request: RespondRequest) -> Result<Draft, DialogueError>;

    /// Says whether the service can serve; asked by readiness.
    async fn ping(&self) -> Result<(), DialogueError>;
}

/// The dialogue service as everybody holds it.
pub type SharedDialogue = Arc<dyn Dialogue>;

/// Why an utterance got no draft.
#[derive(Debug, thiserror::Error)]
pub enum DialogueError {
    /// The service has not been given this version. The caller installs it and asks again.
    #[error("the dialogue service does not have bot `{}` {}; install it first", .0.name, .0.version)]
    NotInstalled(BotRef),
    /// The bundle can't be used.
    #[error(transparent)]
    Bundle(#[from] BundleError),
    /// The stored state is not one that this program reads.
    #[error("the stored state of the conversation can't be read ({0}); it was written by another release of nakai")]
    UnreadableState(String),
    /// The service can't be reached.
    #[error("the dialogue service can't be reached ({0}); check that it runs and that its address is right")]
    Unreachable(String),
    /// The service answers, but its search in articles does not: turns go on without it.
    #[error("articles can't be searched: {0}")]
    SearchUnavailable(String),
    /// The time set for the turn ran out.
    #[error("the dialogue service did not answer in time; try again, or raise the limit of the turn")]
    DeadlineExceeded,
    /// A bug in the service.
    #[error("the dialogue service failed: {0}; its log has more")]
    Internal(String),
}

impl DialogueError {
    /// Maps the error to the closed set of kinds.
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::NotInstalled(_) => ErrorKind::NotFound,
            Self::Bundle(_) => ErrorKind::Invalid,
            Self::UnreadableState(_) | Self::Internal(_) => ErrorKind::Internal,
            Self::Unreachable(_) | Self::SearchUnavailable(_) => ErrorKind::Unavailable,
            Self::DeadlineExceeded => ErrorKind::Timeout,
        }
    }
}
