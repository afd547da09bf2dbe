//! The front door: HTTP in, one turn through the services, an answer out.
//!
//! Knows the services and stores by their ports only. Knows nothing of how a text is understood, what a flow is, or what a database
//! is.
//!
//! Start with [`chat`](mod@chat), the whole life of one turn. `http` renders it as JSON, event stream or plain text and has the other routes;
//! `http/v1` speaks as OpenAI and Anthropic do, to bots and to models; `server` accepts connections and drains them. [`GatewayConfig`] is the section `gateway` of the configuration.

mod access;
mod admission;
mod audience;
mod body_fields;
mod bots;
pub mod chat;
mod config;
mod context;
mod conversations;
mod encoder;
mod error;
mod gateway;
mod http;
mod idempotency;
mod message;
mod model_calls;
mod readiness;
mod record;
mod release;
mod server;
mod services;
mod streams;
mod text;
mod usage;

pub use access::{Action, Caller, Principal, Resource, authorise};
pub use audience::Audience;
pub use bots::Bots;
pub use config::GatewayConfig;
pub use context::{RequestContext, Trace};
pub use encoder::TextEncoder;
pub use error::{ChatError, RequestError};
pub use gateway::{Gateway, GatewayParts};
pub use http::{App, Surface};
pub use message::Message;
pub use release::Answer;
pub use server::{Server, Stopped};
pub use usage::usage_report;
