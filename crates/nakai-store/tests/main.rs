//! The contract of the store ports, held against SQLite and PostgreSQL alike.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a step that fails is a test that fails"
)]

mod bundles;
mod failures;
mod groups;
mod idempotency;
mod opening;
mod sandbox;
mod turns;
mod usage;
