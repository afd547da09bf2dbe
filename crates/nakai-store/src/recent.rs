use moka::sync::Cache;
use nakai_ports::Conversation;
use nakai_types::{ConversationId, TenantId};

use crate::group::PreparedTurn;

/// How much memory recent conversations may take.
const LIMIT_BYTES: u64 = 8 << 20;
/// What a conversation takes beside its state, about.
const FIXED_BYTES: u32 = 256;

/// Conversations as this process committed them last, so that the next turn of a conversation need not ask the database.
///
/// Only right where this process is the only one that writes, hence for SQLite. Only the writer changes it, after each group and
/// before anybody is told of it, so nobody loads a state older than the turn that he knows to be committed. Should it be wrong all
/// the same, the next commit conflicts, which removes the entry.
#[derive(Debug)]
pub(crate) struct RecentConversations(Cache<(TenantId, ConversationId), Conversation>);

impl RecentConversations {
    pub(crate) fn new() -> Self {
        let weight = |_: &(TenantId, ConversationId), conversation: &Conversation| {
            u32::try_from(conversation.state.as_json().len())
                .unwrap_or(u32::MAX)
                .saturating_add(FIXED_BYTES)
        };
        Self(Cache::builder().max_capacity(LIMIT_BYTES).weigher(weight).build())
    }

    pub(crate) fn get(&self, tenant: &TenantId, id: ConversationId) -> Option<Conversation> {
        self.0.get(&(tenant.clone(), id))
    }

    /// Keeps what a committed turn left.
    pub(crate) fn keep(&self, turn: &PreparedTurn) {
        let record = turn.record();
        let conversation = Conversation {
            id: record.conversation,
            bot: record.bot.clone(),
            sequence: record.sequence,
            language: record.understanding.language,
            state: turn.state().clone(),
        };
        self.0
            .insert((record.tenant.clone(), record.conversation), conversation);
    }

    /// Forgets a conversation whose turn was not committed, or perhaps not.
    pub(crate) fn forget(&self, turn: &PreparedTurn) {
        let record = turn.record();
        self.0.invalidate(&(record.tenant.clone(), record.conversation));
    }
}
