//! The program as users run it: real processes, real sockets, real databases.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod answers;
mod bad_input;
mod bench;
mod clients;
mod commands;
mod crashes;
mod generation;
mod knowledge;
mod learning;
mod lifecycle;
mod models;
mod outages;
mod real_model;
mod search_servers;
mod usage;

/// The program under test.
const NAKAI: &str = env!("CARGO_BIN_EXE_nakai");
