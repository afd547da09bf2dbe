use ::http::{Request, request::Parts};
use axum::{
    body::Body,
    extract::{Query, State},
    response::Response,
};
use nakai_api::UsageReport;
use nakai_ports::UsageQuery;
use nakai_types::UsageDimension;
use serde::Deserialize;

use crate::{
    Action, Gateway, RequestError,
    http::{SharedGateway, context_of, enter, reply},
    usage::usage_report,
};

const DEFAULT_LIMIT: u32 = 1_000;
const MAX_LIMIT: u32 = 10_000;

/// Which usage.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Question {
    by: String,
    since_ms: Option<i64>,
    until_ms: Option<i64>,
    limit: Option<u32>,
}

/// `GET /api/v1/usage`.
pub(super) async fn usage(State(gateway): SharedGateway, request: Request<Body>) -> Response {
    let (head, _) = request.into_parts();
    reply(report(&gateway, &head).await, &context_of(&head))
}

async fn report(gateway: &Gateway, head: &Parts) -> Result<UsageReport, RequestError> {
    let caller = enter(gateway, head, Action::ReadUsage)?;
    let invalid = |what: String| RequestError::InvalidRequest(what.into());
    let Query(question) = Query::<Question>::try_from_uri(&head.uri).map_err(|_| {
        invalid("the query takes `by` and, as whole numbers, `since_ms`, `until_ms` and `limit`".to_owned())
    })?;
    let limit = question.limit.unwrap_or(DEFAULT_LIMIT);
    if !(1..=MAX_LIMIT).contains(&limit) {
        return Err(invalid(format!("`limit` must be from 1 to {MAX_LIMIT}")));
    }
    let by = question.by.split(',').filter(|name| !name.is_empty());
    let by: Vec<UsageDimension> = by
        .map(str::parse)
        .collect::<Result<_, _>>()
        .map_err(|unknown| invalid(format!("`by` has a name that is none: {unknown}")))?;
    let query = UsageQuery {
        by,
        since_ms: question.since_ms,
        until_ms: question.until_ms,
        limit,
    };
    Ok(usage_report(&*gateway.usage, Some(&caller.tenant), &query).await?)
}
