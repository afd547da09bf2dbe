//! Open conversations: one message of each at a time, in the order in which they came, and their last state in memory.
//!
//! Memory only makes the next turn faster and lets personal data be restored. What is true is in the store: a commit that finds another
//! turn there is refused, and [`Conversations::reload`] then starts from what is stored.

use std::{
    sync::{Arc, atomic::AtomicUsize},
    time::Duration,
};

use moka::{policy::EvictionPolicy, sync::Cache};
use nakai_ports::{Conversation, SharedConversationStore};
use nakai_types::{ConversationId, TenantId, Vault};
use tokio::sync::{Mutex, OwnedMutexGuard};

use crate::{GatewayConfig, RequestError, admission::Place};

/// More data in one vault than any conversation needs; beyond it the oldest turns' data are forgotten.
const MAX_VAULT: usize = 1000;

pub(crate) struct Conversations {
    store: SharedConversationStore,
    remembered: Cache<Key, Arc<Seat>>,
    max_waiting: usize,
}

type Key = (TenantId, ConversationId);

/// Where the messages of one conversation wait for each other.
#[derive(Default)]
struct Seat {
    memory: Arc<Mutex<Memory>>,
    waiting: AtomicUsize,
}

/// What is known of a conversation between its turns.
#[derive(Default)]
pub(crate) struct Memory {
    /// Its state after the last turn; `None` before its first turn, and when it has to be read from the store.
    pub(crate) conversation: Option<Conversation>,
    /// What its placeholders stand for. Lives here and nowhere else.
    pub(crate) vault: Vault,
}

/// A conversation that nobody else can take a turn in until this is dropped.
pub(crate) struct Opened {
    pub(crate) id: ConversationId,
    pub(crate) memory: OwnedMutexGuard<Memory>,
}

impl Conversations {
    pub(crate) fn new(store: SharedConversationStore, config: &GatewayConfig) -> Self {
        let remembered = Cache::builder()
            .max_capacity(config.remembered_conversations)
            .time_to_idle(Duration::from_secs(config.remember_minutes * 60))
            // The conversation that spoke last is the one that goes on; how often it spoke says nothing.
            .eviction_policy(EvictionPolicy::lru())
            .build();
        Self {
            store,
            remembered,
            max_waiting: config.max_waiting_messages,
        }
    }

    /// Begins a new conversation.
    pub(crate) async fn begin(&self, tenant: &TenantId) -> Opened {
        let id = ConversationId::new();
        let seat = Arc::new(Seat::default());
        let memory = Arc::clone(&seat.memory).lock_owned().await;
        self.remembered.insert((tenant.clone(), id), seat);
        Opened { id, memory }
    }

    /// Goes on with a conversation, after the messages of it that came before.
    pub(crate) async fn resume(&self, tenant: &TenantId, id: ConversationId) -> Result<Opened, RequestError> {
        let key = (tenant.clone(), id);
        let seat = match self.remembered.get(&key) {
            Some(seat) => seat,
            None => self.remembered.get_with(key.clone(), Arc::default),
        };
        let memory = match Arc::clone(&seat.memory).try_lock_owned() {
            Ok(memory) => memory,
            Err(_) => {
                let busy = RequestError::ConversationBusy(self.max_waiting);
                let _place = Place::take(&seat.waiting, self.max_waiting).ok_or(busy)?;
                Arc::clone(&seat.memory).lock_owned().await
            }
        };
        let mut opened = Opened { id, memory };
        if opened.memory.conversation.is_none()
            && let Err(error) = self.reload(tenant, &mut opened).await
        {
            // Otherwise made-up ids would push real conversations out of memory.
            self.remembered.invalidate(&key);
            return Err(error);
        }
        Ok(opened)
    }

    /// Reads what is stored, also over what is remembered. The data of earlier placeholders are forgotten with it: the turn that came
    /// first may have numbered its own.
    pub(crate) async fn reload(&self, tenant: &TenantId, opened: &mut Opened) -> Result<(), RequestError> {
        let stored = self
            .store
            .load(tenant, opened.id)
            .await?
            .ok_or(RequestError::ConversationNotFound)?;
        opened.memory.vault = Vault::resumed_after(stored.sequence);
        opened.memory.conversation = Some(stored);
        Ok(())
    }

    /// What a customer was told is told again with the data of the conversation, if they are still in memory.
    pub(crate) async fn vault(&self, tenant: &TenantId, id: ConversationId) -> Vault {
        match self.remembered.get(&(tenant.clone(), id)) {
            Some(seat) => seat.memory.lock().await.vault.clone(),
            None => Vault::default(),
        }
    }
}

impl Opened {
    /// Which turn of the conversation comes next, from 1.
    pub(crate) fn next_sequence(&self) -> u64 {
        self.memory
            .conversation
            .as_ref()
            .map_or(0, |conversation| conversation.sequence)
            + 1
    }

    /// Remembers how the conversation stands after a turn.
    pub(crate) fn remember(&mut self, conversation: Conversation) {
        if self.memory.vault.len() > MAX_VAULT {
            self.memory.vault = Vault::resumed_after(conversation.sequence);
        }
        self.memory.conversation = Some(conversation);
    }
}
