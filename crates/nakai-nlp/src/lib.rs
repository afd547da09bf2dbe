//! Understands utterances: normalises them, finds their language, words, entities and intents.
//!
//! It knows bundles and words, never conversations, stores or HTTP. Start with [`LocalNlp`], which puts the parts together;
//! [`text`] reads what was typed, [`intents`] and [`entities`] recognise what a bot's customers want and name.

pub mod entities;
mod folded;
pub mod intents;
mod local;
pub mod text;

pub use folded::Folded;
pub use local::{LocalNlp, NlpConfig};
