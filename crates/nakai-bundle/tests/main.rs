//! Bundles as their authors see them: what `nakai bot check` says of a folder, what a service opens, what an import makes.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that can't be set up has failed"
)]

mod any_content;
mod broken_bots;
mod demo_bot;
mod rasa_import;
