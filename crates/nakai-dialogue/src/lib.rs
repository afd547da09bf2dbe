//! Dialogue: given an understood utterance and where the conversation stands, decides what to answer.
//!
//! Flows with slots, corrections and digressions; replies in several wordings; answers from articles; the fallback ladder; hand-over
//! to a human. All from a compiled [`Bundle`](nakai_bundle::Bundle), with no memory but the
//! [`DialogueState`](nakai_ports::DialogueState) that comes in and goes out, and no clock but the request's: the same request gives the
//! same draft, so a conversation can be replayed.
//!
//! Must not know: HTTP requests, stores, raw text. Personal data pass through only on their way to a tool that declares
//! `personal_data: true`.
//!
//! Start with `respond.rs`, the path of a turn; then `hearing.rs`, what an utterance means at this point; then `flow.rs`, how flows run.
//!
//! # Reserved reply names
//!
//! The program has words of its own for these; a bundle that defines a reply of that name replaces them.
//!
//! | name | said when | extra variables |
//! |---|---|---|
//! | `cancelled` | the flow was left | `flow` (title) |
//! | `nothing_to_cancel` | asked to cancel outside a flow | |
//! | `started_over` | everything was forgotten | |
//! | `resume_flow` | a paused flow goes on; its question follows | `flow` (title) |
//! | `corrected` | a filled slot has a new value; the question follows | `slot` (title), `value` |
//! | `correction_refused` | the new value breaks the slot's rule | `slot` (title), `value` |
//! | `no_answer` | a search inside a flow found nothing | |
//! | `acknowledged` | "yes", "no" or "all right" that nothing asked for; a flow that said nothing | |
//! | `offer_declined` | "no" to a human | |
//! | `unknown` | a question that neither an intent nor an article answers; a human is offered | |
//! | `other_language` | the article that follows exists only in the other language | |
//! | `sorry` | the wording that should stand here can't be made | |
//!
//! The default names of `fallback` and `handover` in `bot.yaml` (`fallback_ask_again`, `fallback_choices`, `fallback_human`,
//! `handover`, `handover_waiting`) have such words too.

mod bot;
mod builtin;
mod call;
mod fallback;
mod flow;
mod handover;
mod hearing;
mod knowledge;
mod local;
mod numerals;
mod placeholder;
mod program;
mod replies;
mod respond;
mod slots;
mod spoken;
mod state;
mod templates;
mod text;
mod tool;
mod turn;
mod utterance;
mod yes_no;

pub use local::{DialogueParts, LocalDialogue};
pub use state::{filled_slots, given_back};
pub use tool::{EnvironmentSecrets, HttpTools, SecretSource, ToolAnswer, ToolCaller, ToolFailure, ToolRequest};
