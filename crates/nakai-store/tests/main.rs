//! The contract of the store ports, held against SQLite and PostgreSQL alike.

mod bundles;
mod failures;
mod groups;
mod idempotency;
mod opening;
mod sandbox;
mod turns;
