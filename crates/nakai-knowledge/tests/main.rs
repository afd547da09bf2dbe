//! The contract of knowledge search, held against every engine alike; and what servers do besides.
#![expect(clippy::unwrap_used, reason = "a step that fails is a test that fails")]

mod agreement;
mod bench;
mod contract;
mod failures;
mod inn;
