//! Search in the articles of bots: what answers [`Knowledge`](nakai_ports::Knowledge).
//!
//! [`Embedded`] keeps an index of each bot version in this process. Beyond one machine a server keeps them, OpenSearch or PostgreSQL:
//! `remote` has what both share. Whatever keeps the articles, `nakai-search` analyses and orders them, so that a bot answers the same.
//! [`open`] sets up the engine that the settings name. The contract suite in `tests/` runs every test on all of them.
//!
//! Must not know bundles, conversations or HTTP requests; nothing of a question is kept or logged, and no server sees its words.

mod config;
mod embedded;
mod engine;
mod open;
mod opensearch;
mod order;
mod passages;
mod postgres;
mod remote;

pub use config::{EngineKind, KnowledgeConfig};
pub use embedded::{Embedded, EmbeddedOptions};
pub use engine::Engine;
pub use open::{OpenError, open};
pub use order::Explained;
pub use remote::RemoteOptions;
