//! Loading what people write: YAML with positions, checks that report every problem at once, secrets that do not print.
//!
//! Knows nothing of Nakai's settings or bundles; those crates bring their types and this one brings line and column.

mod problems;
mod secret;

pub use problems::{Problem, Problems, Severity};
pub use secret::Secret;
