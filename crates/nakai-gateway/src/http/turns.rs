use std::str::FromStr;

use ::http::{Request, request::Parts};
use axum::{
    body::Body,
    extract::{Path, Query, State, rejection::PathRejection},
    response::Response,
};
use nakai_types::{ConversationId, TurnId, TurnRecord};
use serde::{Deserialize, Serialize};

use crate::{
    Action, Gateway, RequestError,
    http::{SharedGateway, context_of, enter, reply},
};

const DEFAULT_LIMIT: u32 = 50;
const MAX_LIMIT: u32 = 200;

/// `GET /api/v1/turns/{id}`: the turn's evidence, as stored.
pub(super) async fn turn(State(gateway): SharedGateway, id: PathId, request: Request<Body>) -> Response {
    let (head, _) = request.into_parts();
    reply(find(&gateway, id, &head).await, &context_of(&head))
}

async fn find(gateway: &Gateway, id: PathId, head: &Parts) -> Result<TurnRecord, RequestError> {
    let caller = enter(gateway, head, Action::ReadTurns)?;
    let id: TurnId = parse(id)?;
    gateway
        .store
        .turn(&caller.tenant, id)
        .await?
        .ok_or(RequestError::TurnNotFound)
}

/// An id in the path, or why there is none (its escapes may be no text).
type PathId = Result<Path<String>, PathRejection>;

fn parse<T: FromStr>(id: PathId) -> Result<T, RequestError> {
    let id = id.ok().and_then(|Path(id)| id.parse().ok());
    id.ok_or(RequestError::InvalidRequest(
        "the id in the path is no id; use one that a reply gave".into(),
    ))
}

/// Which turns to list.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Page {
    after: u64,
    limit: Option<u32>,
}

#[derive(Serialize)]
struct TurnList {
    turns: Vec<TurnRecord>,
    next_after: Option<u64>,
}

/// `GET /api/v1/conversations/{id}/turns`: the turns of a conversation, a page at a time.
pub(super) async fn turns(State(gateway): SharedGateway, id: PathId, request: Request<Body>) -> Response {
    let (head, _) = request.into_parts();
    reply(list(&gateway, id, &head).await, &context_of(&head))
}

async fn list(gateway: &Gateway, id: PathId, head: &Parts) -> Result<TurnList, RequestError> {
    let caller = enter(gateway, head, Action::ReadTurns)?;
    let invalid = RequestError::InvalidRequest;
    let id: ConversationId = parse(id)?;
    let Query(Page { after, limit }) = Query::try_from_uri(&head.uri)
        .map_err(|_| invalid("the query takes `after` and `limit`, both whole numbers".into()))?;
    let limit = limit.unwrap_or(DEFAULT_LIMIT);
    if !(1..=MAX_LIMIT).contains(&limit) {
        return Err(invalid(format!("`limit` must be from 1 to {MAX_LIMIT}").into()));
    }
    let turns = gateway.store.turns(&caller.tenant, id, after, limit).await?;
    if turns.is_empty() && gateway.store.load(&caller.tenant, id).await?.is_none() {
        return Err(RequestError::ConversationNotFound);
    }
    let full = u32::try_from(turns.len()).is_ok_and(|count| count == limit);
    let next_after = turns.last().filter(|_| full).map(|turn| turn.sequence);
    Ok(TurnList { turns, next_after })
}
