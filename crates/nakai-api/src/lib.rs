//! The public wire types: what goes over HTTP, as JSON, and its description as OpenAPI.
//!
//! Knows nothing of sockets, routing or services. Changing a type here changes what callers see: add fields, never rename or remove
//! them.
//!
//! Start with [`ChatRequest`] and [`ChatResponse`], then [`Code`], the closed list of problems, each of which reaches the caller as a
//! [`Problem`]. [`openapi`] puts all of it into one document; `routes` has one function for each route, read by its documentation
//! only.

mod analyse;
mod chat;
mod code;
mod compatible;
mod openapi;
mod problem;
pub mod routes;
mod service;
mod turn;
mod usage;

pub use analyse::{AnalyseRequest, AnalyseResponse, Word};
pub use chat::{
    BotVersion, ChatRequest, ChatResponse, CitationView, EntityView, HandoverView, IntentView, LanguageCode, UsageView,
    Value,
};
pub use code::Code;
pub use compatible::{AnthropicError, AnthropicProblem, ModelEntry, ModelList, OpenAiError, OpenAiProblem};
pub use openapi::openapi;
pub use problem::{PROBLEM_JSON, Problem, status_of};
pub use service::{ActiveBot, BotList, Dependencies, DependencyState, Readiness, Stats};
pub use turn::{Decision, StepTime, Turn, TurnEntity, TurnHandover, TurnList, TurnReply, TurnSpan, TurnUnderstanding};
pub use usage::{UsageFigures, UsageGroup, UsageReport};
