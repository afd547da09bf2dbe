//! The words of the domain: identifiers, languages, spans, what was understood, what was answered.
//!
//! Every other crate speaks in these types. There is no I/O here and no behaviour beyond what keeps a value honest: an id that
//! parses, a [`RawText`] that cannot leak, a [`Version`] that is really a SHA-256. What is not a word of the domain belongs to the
//! crate that needs it.
//!
//! Start with [`RawText`] and [`Screened`] (the two lives of what a customer typed), then [`Analysis`] and [`Understanding`]
//! (the same two lives of what was understood), then [`TurnRecord`] (everything that is kept of a turn).

mod error_kind;
mod ids;
mod language;
mod reply;
mod span;
mod text;
mod turn;
mod understanding;
mod usage;
mod version;

pub use error_kind::ErrorKind;
pub use ids::{BotName, ConversationId, InvalidName, TenantId, TurnId};
pub use language::{Language, UnknownLanguage};
pub use reply::{Choice, Citation, Handover, Outcome, Reply};
pub use span::Span;
pub use text::{PersonalData, Placeholder, RawText, Screened, Vault};
pub use turn::{BotRef, Decision, StepTime, TurnRecord};
pub use understanding::{
    Analysis, Entity, EntityValue, IntentScore, Interval, Quantity, Token, TokenView, Understanding, UnderstoodEntity,
};
pub use usage::{ModelCall, UnknownDimension, Usage, UsageDimension, UsageEntry, UsageSums};
pub use version::{InvalidVersion, Version};
