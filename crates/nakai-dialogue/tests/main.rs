//! Scripted conversations with a small inn, in both languages: what a customer would notice.

#![expect(clippy::unwrap_used, reason = "a test that can't go on fails")]

mod fallback;
mod flows;
mod generation;
mod prompts;
mod repair;
mod replay;
mod support;
mod tools;
mod wishes;
