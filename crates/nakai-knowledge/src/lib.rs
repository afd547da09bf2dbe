//! Search in the articles of bots: what answers [`Knowledge`](nakai_ports::Knowledge).
//!
//! [`Embedded`] keeps an index of each bot version in this process.
//!
//! Must not know bundles, conversations or HTTP requests; nothing of a question is kept or logged.

mod embedded;
mod order;

pub use embedded::{Embedded, EmbeddedOptions};
pub use order::Explained;
