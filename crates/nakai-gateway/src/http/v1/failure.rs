//! Failures in the words of OpenAI and Anthropic.

use ::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use nakai_api::{AnthropicError, AnthropicProblem, OpenAiError, OpenAiProblem};
use nakai_llm::RouteError;

use super::{Dialect, fields::param};
use crate::{
    ChatError, RequestContext, RequestError,
    http::{header_value, problem},
};

/// Why there is no answer.
pub(super) enum Failed {
    /// Nobody has told of it yet.
    Request(RequestError),
    /// A turn failed, and told of it.
    Turn(ChatError),
}

impl Failed {
    fn error(&self) -> &RequestError {
        match self {
            Self::Request(error) => error,
            Self::Turn(failed) => &failed.error,
        }
    }

    fn apology(&self) -> Option<&'static str> {
        match self {
            Self::Request(_) => None,
            Self::Turn(failed) => failed.apology(),
        }
    }
}

impl<E: Into<RequestError>> From<E> for Failed {
    fn from(error: E) -> Self {
        Self::Request(error.into())
    }
}

impl From<RouteError> for RequestError {
    fn from(failed: RouteError) -> Self {
        Self::Provider(failed.error)
    }
}

/// Refuses with a status.
pub(super) fn refuse(failed: &Failed, context: &RequestContext, dialect: Dialect) -> Response {
    let error = failed.error();
    let code = error.code();
    let status = StatusCode::from_u16(code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (status, told(failed, context, dialect)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert("x-nakai-error", HeaderValue::from_static(code.name()));
    // The official clients repeat any 5xx on their own unless they are told.
    let again = if error.kind().is_retryable() { "true" } else { "false" };
    headers.insert("x-should-retry", HeaderValue::from_static(again));
    if let Some(seconds) = error.retry_after() {
        headers.insert(header::RETRY_AFTER, header_value(&seconds.to_string()));
    }
    if matches!(error, RequestError::Unauthenticated(_)) {
        headers.insert(
            header::WWW_AUTHENTICATE,
            HeaderValue::from_static("Bearer realm=\"nakai\""),
        );
    }
    response
}

/// The failure as JSON, for a body or for the last event of a stream. Logs and counts it.
pub(super) fn told(failed: &Failed, context: &RequestContext, dialect: Dialect) -> String {
    let error = failed.error();
    if matches!(failed, Failed::Request(_)) {
        problem::report(error, context);
    }
    let reply = failed.apology().map(Into::into);
    let message = error.detail();
    let json = match dialect {
        Dialect::OpenAi => serde_json::to_string(&OpenAiProblem {
            error: OpenAiError {
                message,
                kind: openai_kind(error.code().status()).into(),
                param: param(error).map(Into::into),
                code: error.code(),
                reply,
            },
        }),
        Dialect::Anthropic => serde_json::to_string(&AnthropicProblem {
            kind: "error".into(),
            error: AnthropicError {
                kind: anthropic_kind(error.code().status()).into(),
                message,
                code: error.code(),
                reply,
            },
            request_id: context.request_id.as_str().into(),
        }),
    };
    // Plain data with text keys always serialises.
    json.unwrap_or_default()
}

const fn openai_kind(status: u16) -> &'static str {
    match status {
        401 => "authentication_error",
        403 => "permission_error",
        429 => "rate_limit_error",
        500.. => "server_error",
        _ => "invalid_request_error",
    }
}

const fn anthropic_kind(status: u16) -> &'static str {
    match status {
        401 => "authentication_error",
        403 => "permission_error",
        404 => "not_found_error",
        413 => "request_too_large",
        429 => "rate_limit_error",
        503 => "overloaded_error",
        504 => "timeout_error",
        500.. => "api_error",
        _ => "invalid_request_error",
    }
}
