use std::borrow::Cow;

use nakai_types::{ErrorKind, Language, Outcome};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Code, LanguageCode, chat::OutcomeName};

/// The media type of a [`Problem`].
pub const PROBLEM_JSON: &str = "application/problem+json";

/// The HTTP status of a kind of failure.
pub const fn status_of(kind: ErrorKind) -> u16 {
    match kind {
        ErrorKind::Invalid => 400,
        ErrorKind::Unauthenticated => 401,
        ErrorKind::Forbidden => 403,
        ErrorKind::NotFound => 404,
        ErrorKind::Conflict => 409,
        ErrorKind::TooLarge => 413,
        ErrorKind::RateLimited => 429,
        ErrorKind::Unavailable => 503,
        ErrorKind::Timeout => 504,
        ErrorKind::Internal => 500,
    }
}

/// What a caller gets instead of what it asked for: RFC 9457, with a stable `code`.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Problem<'a> {
    /// The problem as a URI: `urn:nakai:error:CODE`.
    #[serde(rename = "type")]
    #[schema(value_type = String)]
    pub uri: Cow<'a, str>,
    /// What the code means.
    #[schema(value_type = String)]
    pub title: Cow<'a, str>,
    /// The HTTP status.
    pub status: u16,
    /// The problem as a stable word.
    pub code: Code,
    /// What is wrong with this very request, and how to go on.
    #[schema(value_type = String)]
    pub detail: Cow<'a, str>,
    /// The request's id, also in the log.
    #[schema(value_type = String)]
    pub request_id: Cow<'a, str>,
    /// A scripted apology to show to the customer, where a turn got no answer through our fault.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub reply: Option<Cow<'a, str>>,
    /// `unavailable` where there is a `reply`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<OutcomeName>)]
    pub outcome: Option<Outcome>,
    /// The language of `reply`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<LanguageCode>)]
    pub language: Option<Language>,
}
