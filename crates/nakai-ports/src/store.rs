use std::sync::Arc;

use async_trait::async_trait;
use nakai_types::{BotName, BotRef, ConversationId, ErrorKind, Language, TenantId, TurnId, TurnRecord, Version};

use crate::{BundleArchive, DialogueState};

/// A conversation as stored after its last turn.
#[derive(Debug, Clone, PartialEq)]
pub struct Conversation {
    /// Its id.
    pub id: ConversationId,
    /// The bot version on which it began, and stays.
    pub bot: BotRef,
    /// How many turns are committed: the sequence of the last one.
    pub sequence: u64,
    /// The language of its last turn.
    pub language: Language,
    /// Where it stands.
    pub state: DialogueState,
}

/// A caller's promise that a request with this key and body is one and the same.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct IdempotencyKey {
    /// What the caller sent in `Idempotency-Key`, scoped to the caller by the gateway.
    pub key: String,
    /// SHA-256 of the request body.
    pub request_hash: [u8; 32],
}

/// What a store says to a request for an idempotency key.
#[derive(Debug, Clone, PartialEq)]
pub enum Reservation {
    /// Nobody has used the key: this request has it now, until its turn is committed, it is released or the lease ends.
    Fresh,
    /// Another request with the same key and body is being answered.
    InFlight,
    /// The key was used with another body.
    Mismatch,
    /// The first request's turn.
    Done(Box<TurnRecord>),
}

/// Everything that one turn changes, to be written in one transaction or not at all.
#[derive(Debug, Clone)]
pub struct TurnCommit {
    /// The turn with its evidence. `record.sequence` must be the stored sequence plus one.
    pub record: Arc<TurnRecord>,
    /// Where the conversation stands after it.
    pub state: DialogueState,
    /// The key that the turn fulfils.
    pub idempotency: Option<IdempotencyKey>,
}

/// Conversations, their turns and messages.
#[async_trait]
pub trait ConversationStore: Send + Sync + 'static {
    /// Loads a conversation; `None` if this tenant has none of that id.
    async fn load(&self, tenant: &TenantId, id: ConversationId) -> Result<Option<Conversation>, StoreError>;

    /// Writes a turn durably. Returns after the transaction that holds it is on disk.
    ///
    /// Optimistic: if the stored sequence is not `record.sequence - 1`, nothing of this turn is written and the answer is
    /// [`StoreError::Conflict`]; the caller loads again and repeats the turn. Other turns of the same group are not affected.
    async fn commit(&self, commit: TurnCommit) -> Result<(), StoreError>;

    /// Loads one turn.
    async fn turn(&self, tenant: &TenantId, id: TurnId) -> Result<Option<TurnRecord>, StoreError>;

    /// Lists turns of a conversation in order, those with a sequence above `after`, at most `limit`.
    async fn turns(
        &self,
        tenant: &TenantId,
        conversation: ConversationId,
        after: u64,
        limit: u32,
    ) -> Result<Vec<TurnRecord>, StoreError>;

    /// Lists the newest turns of all conversations, those that began at `since_ms` or later, the newest first, at most `limit`. May read
    /// all turns of the tenant: for tools, not for requests.
    async fn recent_turns(&self, tenant: &TenantId, since_ms: i64, limit: u32) -> Result<Vec<TurnRecord>, StoreError>;

    /// Asks for an idempotency key. A reservation that is never fulfilled ends `lease_ms` after `now_ms`.
    async fn reserve(
        &self,
        tenant: &TenantId,
        key: &IdempotencyKey,
        now_ms: i64,
        lease_ms: i64,
    ) -> Result<Reservation, StoreError>;

    /// Gives a reserved key back after a failure, so that the caller may try again with it.
    async fn release(&self, tenant: &TenantId, key: &IdempotencyKey) -> Result<(), StoreError>;

    /// How many turns and conversations the tenant has: `(turns, conversations)`.
    async fn count(&self, tenant: &TenantId) -> Result<(u64, u64), StoreError>;

    /// Says whether the database can read and write now; asked by readiness.
    async fn ping(&self) -> Result<(), StoreError>;
}

/// Bot bundles and which version of a bot serves new conversations.
#[async_trait]
pub trait BundleStore: Send + Sync + 'static {
    /// Keeps a bundle. Keeping the same version again does nothing.
    async fn put(&self, tenant: &TenantId, bundle: &BundleArchive) -> Result<(), StoreError>;

    /// Gets one version of a bot.
    async fn get(&self, tenant: &TenantId, bot: &BotRef) -> Result<Option<BundleArchive>, StoreError>;

    /// Makes a stored version the one on which new conversations begin.
    async fn activate(&self, tenant: &TenantId, bot: &BotRef) -> Result<(), StoreError>;

    /// Lists every bot with its active version, by name.
    async fn active(&self, tenant: &TenantId) -> Result<Vec<BotRef>, StoreError>;

    /// Lists the stored versions of a bot, the newest first.
    async fn versions(&self, tenant: &TenantId, bot: &BotName) -> Result<Vec<Version>, StoreError>;
}

/// The conversation store as everybody holds it.
pub type SharedConversationStore = Arc<dyn ConversationStore>;
/// The bundle store as everybody holds it.
pub type SharedBundleStore = Arc<dyn BundleStore>;

/// Why the store did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another turn of the conversation was committed first.
    #[error("another turn of this conversation was committed first; load it again and repeat the turn")]
    Conflict,
    /// The database can't be reached, is read-only, or is out of space.
    #[error("the database can't be used now ({0}); try again later, and see `nakai doctor`")]
    Unavailable(String),
    /// More commits wait than the queue holds.
    #[error("the database is behind: {0} turns wait to be written; try again later")]
    Overloaded(usize),
    /// What is stored can't be read by this program.
    #[error("stored data can't be read ({0}); was the database written by a newer release?")]
    Corrupt(String),
    /// The statement itself is wrong: a bug.
    #[error("the store failed: {0}")]
    Internal(String),
}

impl StoreError {
    /// Maps the error to the closed set of kinds.
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::Conflict => ErrorKind::Conflict,
            Self::Unavailable(_) | Self::Overloaded(_) => ErrorKind::Unavailable,
            Self::Corrupt(_) | Self::Internal(_) => ErrorKind::Internal,
        }
    }
}
