//! Language models of any provider, asked through one interface.
//!
//! A [`GenerateRequest`] goes to a [`Route`], which has one or several [`Target`]s: a model of a provider with its address, key and time
//! limits. The route picks a target, retries and fails over as long as nothing of an answer was seen, and gives a [`GenerationStream`] of
//! [`GenerationEvent`]s, which says at its end what was used. `wire` has one module for each way in which providers speak; nothing outside
//! of it knows them. `transport` makes one call, `breaker` and `retry` keep a failing provider from being asked too often.
//!
//! This crate knows prompts and answers. It knows nothing of bots, conversations or customers, keeps nothing, and logs nothing of what
//! it carries: requests show only their sizes when printed.

mod breaker;
mod catalogue;
mod config;
mod discovery;
mod embeddings;
mod error;
mod event;
mod models;
mod plausible;
mod prices;
mod providers;
mod request;
mod retry;
mod route;
mod sse;
mod stream;
mod target;
mod transport;
mod usage;
mod wire;

pub use breaker::Breaker;
pub use config::{ModelsConfig, ProviderConfig, TimeoutsConfig};
pub use discovery::{LocalServer, local_servers};
pub use embeddings::{EmbedRequest, EmbeddingInput, Embeddings};
pub use error::{Fault, ProviderCode, ProviderError};
pub use event::{FinishReason, Generation, GenerationEvent};
pub use models::{Models, UnusableModels};
pub use prices::{Price, PriceList, UnusablePrices};
pub use providers::{Provider, Providers, UnknownModel};
pub use request::{GenerateRequest, Message, OutputFormat, Part, Role, ToolCall, ToolChoice, ToolDefinition};
pub use route::{AfterFirstToken, Attempt, Route, RouteError};
pub use stream::GenerationStream;
pub use target::{Protocol, Target, Timeouts};
pub use usage::{TokenUsage, estimate_tokens};
