//! Where conversations and bundles are kept: SQLite on one machine, PostgreSQL beyond it, behind one [`Store`].
//!
//! Implements [`ConversationStore`](nakai_ports::ConversationStore), [`UsageStore`](nakai_ports::UsageStore) and
//! [`BundleStore`](nakai_ports::BundleStore). It must not know
//! what a dialogue state or a bundle contains, who calls, or why; it writes what it is given, whole or not at all.
//!
//! The heart is the group commit. A turn is on disk before its customer is answered, and a disk makes few writes durable a second;
//! so turns that wait at the same moment are written in one transaction. Everything else is plain SQL through small pools.
//!
//! A SQLite file belongs to one process at a time: conversations that it has just written are answered from memory.
//!
//! Start with [`Store`], then `writer.rs` (who writes when), then `sqlite.rs` and `postgres.rs` (how one group is written); the
//! tables are in `migrations/`. The contract suite in `tests/` runs every test on both databases.

mod bundles;
mod config;
mod conversations;
mod database;
mod error;
mod group;
mod migrations;
mod postgres;
mod sqlite;
mod store;
mod usage;
mod writer;

pub use config::{Durability, StoreConfig};
pub use error::OpenError;
pub use store::Store;
