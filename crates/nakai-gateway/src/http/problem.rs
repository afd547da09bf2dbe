use ::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use nakai_api::{PROBLEM_JSON, Problem};
use nakai_telemetry::events::{RequestFailed, RequestRejected};
use nakai_types::Outcome;

use crate::{ChatError, RequestContext, RequestError, http::header_value};

/// Renders a failure as RFC 9457.
pub(super) fn response(error: &RequestError, context: &RequestContext) -> Response {
    let detail = error.detail();
    with_headers(error, PROBLEM_JSON, to_json(&problem(error, context, &detail)))
}

/// Renders the failure of a turn; where it is our fault the customer gets an apology.
pub(super) fn chat_response(error: &ChatError, context: &RequestContext) -> Response {
    with_headers(&error.error, PROBLEM_JSON, chat_body(error, context))
}

/// The same for those who want the bare reply: the apology where there is one.
pub(super) fn plain_response(error: &ChatError, context: &RequestContext) -> Response {
    match error.apology() {
        Some(apology) => with_headers(&error.error, "text/plain; charset=utf-8", apology.as_bytes().to_vec()),
        None => chat_response(error, context),
    }
}

/// The problem of a failed turn as JSON.
pub(super) fn chat_body(error: &ChatError, context: &RequestContext) -> Vec<u8> {
    let detail = error.error.detail();
    let mut problem = problem(&error.error, context, &detail);
    if let Some(apology) = error.apology() {
        problem.reply = Some(apology.into());
        problem.outcome = Some(Outcome::Unavailable);
        problem.language = Some(error.language);
    }
    to_json(&problem)
}

/// Logs and counts a failure that is no turn's.
pub(super) fn report(error: &RequestError, context: &RequestContext) {
    let (code, status, request_id) = (error.code().name(), error.code().status(), context.request_id.as_str());
    if error.is_ours() {
        RequestFailed {
            code,
            status,
            cause: error,
            request_id,
            trace_id: &context.trace.id(),
        }
        .emit();
    } else {
        RequestRejected {
            code,
            status,
            request_id,
        }
        .emit();
    }
}

fn problem<'a>(error: &RequestError, context: &'a RequestContext, detail: &'a str) -> Problem<'a> {
    let code = error.code();
    Problem {
        uri: code.uri().into(),
        title: code.meaning().into(),
        status: code.status(),
        code,
        detail: detail.into(),
        request_id: context.request_id.as_str().into(),
        reply: None,
        outcome: None,
        language: None,
    }
}

fn to_json(problem: &Problem<'_>) -> Vec<u8> {
    // Plain data with text keys always serialises.
    serde_json::to_vec(problem).unwrap_or_default()
}

fn with_headers(error: &RequestError, content_type: &'static str, body: Vec<u8>) -> Response {
    let code = error.code();
    let status = StatusCode::from_u16(code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (status, body).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert("x-nakai-error", HeaderValue::from_static(code.name()));
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
