//! A model provider that does what a script says: for tests, benchmarks and demonstrations without a key.
//!
//! It speaks as the real ones do (OpenAI's chat completions, responses, embeddings and list of models; Azure; Anthropic; Gemini; Bedrock)
//! and fails as they do: stalls, refuses, breaks off in the middle of a character, counts wrongly. The script is the name of the model, so
//! that one server plays any number of parts: see [`Script`].
//!
//! `wire` has a module for each protocol that writes pieces of an answer in its words; `server` puts them on the network with the
//! pauses and faults of the script. Of what it is asked it keeps nothing but how often each script was asked for.

mod answer;
mod prompt;
mod script;
mod server;
mod wire;

pub use script::{Fault, Mode, Script, UnknownScript};
pub use server::{ScriptedProvider, router};
