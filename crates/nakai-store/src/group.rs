use std::{collections::HashSet, sync::Arc};

use nakai_ports::{DialogueState, StoreError, TurnCommit};
use nakai_types::TurnRecord;
use tokio::sync::oneshot;

/// A turn in the form in which it is written.
#[derive(Debug)]
pub(crate) struct PreparedTurn {
    commit: TurnCommit,
    /// The record as JSON.
    pub(crate) json: Arc<str>,
    /// The sequence as SQL has it.
    pub(crate) sequence: i64,
}

impl PreparedTurn {
    /// Serialises the record; done by the caller's task, so that the writer does nothing but write.
    pub(crate) fn new(commit: TurnCommit) -> Result<Self, StoreError> {
        // The error of serde_json is not shown, for it may quote what it met.
        let json = serde_json::to_string(&*commit.record)
            .map_err(|_| StoreError::Internal(format!("the record of turn {} is no JSON", commit.record.turn)))?;
        let sequence = i64::try_from(commit.record.sequence)
            .map_err(|_| StoreError::Internal(format!("turn {} has an impossible sequence", commit.record.turn)))?;
        Ok(Self {
            json: json.into(),
            sequence,
            commit,
        })
    }

    pub(crate) fn record(&self) -> &TurnRecord {
        &self.commit.record
    }

    pub(crate) fn state(&self) -> &DialogueState {
        &self.commit.state
    }

    /// The idempotency key as bytes, if the turn fulfils one.
    pub(crate) fn key(&self) -> Option<&[u8]> {
        self.commit.idempotency.as_ref().map(|key| key.key.as_bytes())
    }

    pub(crate) fn request_hash(&self) -> Option<&[u8]> {
        self.commit.idempotency.as_ref().map(|key| key.request_hash.as_slice())
    }
}

/// A turn that waits to be written, and who waits for it.
#[derive(Debug)]
pub(crate) struct WaitingTurn {
    pub(crate) turn: PreparedTurn,
    pub(crate) done: oneshot::Sender<Result<(), StoreError>>,
}

/// Takes the turns that can be written together: the first of each conversation and of each idempotency key. The others stay, in
/// order, for the next group, where they meet what this one wrote.
///
/// The group is sorted by conversation: neighbours in an index are written together, and two replicas lock rows in the same order.
pub(crate) fn take_group(waiting: &mut Vec<WaitingTurn>) -> Vec<WaitingTurn> {
    let mut conversations = HashSet::with_capacity(waiting.len());
    let mut keys = HashSet::new();
    let (mut group, held): (Vec<_>, Vec<_>) = waiting.drain(..).partition(|waiting| {
        let turn = &waiting.turn;
        let first_of_conversation = conversations.insert(turn.record().conversation);
        let first_of_key = turn.key().is_none_or(|key| keys.insert(key.to_vec()));
        first_of_conversation && first_of_key
    });
    *waiting = held;
    group.sort_unstable_by_key(|waiting| waiting.turn.record().conversation);
    group
}
