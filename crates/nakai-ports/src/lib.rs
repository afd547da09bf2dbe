//! The traits at which the services meet: [`Nlp`], [`Dialogue`], and the stores.
//!
//! Gateway, NLP, dialogue, store and RPC never depend on each other; they depend on these traits, and only the binary knows which
//! implementation stands behind one. Every trait is used as `Arc<dyn …>`, so a caller can't tell a call in the same process from
//! one over gRPC.
//!
//! Rules of this crate: no implementation, no I/O; every error maps to an [`ErrorKind`](nakai_types::ErrorKind) and says what to do
//! next; nothing here names a database, a protocol or a library.

mod bots;
mod dialogue;
mod knowledge;
mod listener;
mod nlp;
mod store;
mod usage;

pub use bots::{BundleArchive, BundleError};
pub use dialogue::{Dialogue, DialogueError, DialogueState, Draft, RespondRequest, SharedDialogue};
pub use knowledge::{
    ArticlePassage, FoundPassage, Indexed, Knowledge, KnowledgeBase, KnowledgeError, KnowledgeQuery, SharedKnowledge,
};
pub use listener::{Gone, Listener};
pub use nlp::{AnalyseRequest, Nlp, NlpError, SharedNlp};
pub use store::{
    BundleStore, Conversation, ConversationStore, IdempotencyKey, Reservation, SharedBundleStore,
    SharedConversationStore, StoreError, TurnCommit,
};
pub use usage::{SharedUsageStore, UsageGroup, UsageQuery, UsageStore};
