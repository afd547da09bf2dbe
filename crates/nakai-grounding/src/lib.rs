//! Says whether a sentence of a language model is supported by the passages that it was given, in Japanese and English.
//!
//! [`Evidence`] is made of passages once an answer; [`Evidence::check`] then takes sentence by sentence. `terms` finds the words that carry
//! what a sentence says, `facts` its numbers and times, `english` and `japanese` its clauses, `clause` whether one says the contrary of another
//! (with `opposites`), `small_talk` what asserts nothing.
//! [`Sentences`] cuts a text that comes in pieces into sentences.
//!
//! This crate knows texts. It does not know bots, models or conversations, asks nobody, and keeps nothing.
//!
//! ```
//! use nakai_grounding::{Evidence, Finding};
//!
//! let evidence = Evidence::new(["Check-out is until 10:00. Please leave the key at the front desk."]);
//! assert!(evidence.check("You can check out until 10 am.", 0.5).is_supported());
//! assert_eq!(evidence.check("You can check out until 11 am.", 0.5).finding, Finding::OtherFacts);
//! ```

mod clause;
mod english;
mod evidence;
mod facts;
mod japanese;
mod opposites;
mod sentences;
mod small_talk;
mod terms;

pub use evidence::{Evidence, Finding, Verdict};
pub use sentences::{Sentences, sentences};
