use std::{collections::HashSet, sync::Arc};

use nakai_ports::{DialogueState, StoreError, TurnCommit};
use nakai_types::{ConversationId, TurnId, TurnRecord, UsageEntry};
use tokio::sync::oneshot;

use crate::usage::UsageRow;

/// How many rows of usage are written in one transaction, about: what lets the values of a group fit into a statement of SQLite.
const MOST_USAGE_ROWS: usize = 512;

/// Something that is written with others in one transaction.
#[derive(Debug)]
pub(crate) enum Write {
    Turn(PreparedTurn),
    /// Calls of models outside of turns.
    Usage(Vec<UsageEntry>),
}

impl Write {
    pub(crate) const fn turn(&self) -> Option<&PreparedTurn> {
        match self {
            Self::Turn(turn) => Some(turn),
            Self::Usage(_) => None,
        }
    }

    /// Whether it is one of these turns.
    pub(crate) fn is_among(&self, turns: &[TurnId]) -> bool {
        // Almost always empty.
        self.turn().is_some_and(|turn| turns.contains(&turn.record().turn))
    }

    fn conversation(&self) -> Option<ConversationId> {
        self.turn().map(|turn| turn.record().conversation)
    }

    fn usage_rows(&self) -> usize {
        match self {
            Self::Turn(turn) => turn.record().models.len().max(1),
            Self::Usage(entries) => entries.len(),
        }
    }
}

/// The turns of a group.
pub(crate) fn turns(group: &[Write]) -> impl Iterator<Item = &PreparedTurn> {
    group.iter().filter_map(Write::turn)
}

/// The rows of usage that a group has, those of its turns and others.
pub(crate) fn usage(group: &[Write]) -> Vec<UsageRow<'_>> {
    let mut rows = Vec::with_capacity(group.len());
    for write in group {
        match write {
            Write::Turn(turn) => rows.extend(UsageRow::of_turn(turn.record())),
            Write::Usage(entries) => rows.extend(entries.iter().map(UsageRow::from)),
        }
    }
    rows
}

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

/// What waits to be written, and who waits for it.
#[derive(Debug)]
pub(crate) struct Waiting {
    pub(crate) write: Write,
    pub(crate) done: oneshot::Sender<Result<(), StoreError>>,
}

/// Takes what can be written together: the first turn of each conversation and of each idempotency key, and so much usage as fits. The
/// others stay, in order, for the next group, where they meet what this one wrote.
///
/// The group is sorted by conversation: neighbours in an index are written together, and two replicas lock rows in the same order.
pub(crate) fn take_group(waiting: &mut Vec<Waiting>) -> Vec<Waiting> {
    let mut conversations = HashSet::with_capacity(waiting.len());
    let mut keys = HashSet::new();
    let mut rows = 0;
    let (mut group, held): (Vec<_>, Vec<_>) = waiting.drain(..).partition(|waiting| {
        let fits = rows == 0 || rows + waiting.write.usage_rows() <= MOST_USAGE_ROWS;
        // Once one is held for its usage, all behind it are.
        rows = if fits {
            rows + waiting.write.usage_rows()
        } else {
            MOST_USAGE_ROWS
        };
        let Some(turn) = waiting.write.turn() else { return fits };
        let first_of_conversation = conversations.insert(turn.record().conversation);
        let first_of_key = turn.key().is_none_or(|key| keys.insert(key.to_vec()));
        fits && first_of_conversation && first_of_key
    });
    *waiting = held;
    group.sort_unstable_by_key(|waiting| waiting.write.conversation());
    group
}
