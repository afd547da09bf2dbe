use ::http::{Request, request::Parts};
use axum::{
    body::Body,
    extract::{Path, State, rejection::PathRejection},
    response::Response,
};
use nakai_api::{ModelEntry, ModelList};
use nakai_llm::{AfterFirstToken, UnknownModel};
use nakai_types::BotName;

use super::{
    Dialect,
    asked::BOT,
    embeddings::ENCODER,
    failure::{Failed, refuse},
};
use crate::{
    Action, Gateway, RequestError,
    http::{SharedGateway, context_of, enter, json},
};

/// `GET /v1/models`.
pub(super) async fn list(State(gateway): SharedGateway, request: Request<Body>) -> Response {
    let (head, _) = request.into_parts();
    match all(&gateway, &head).await {
        Ok(data) => json(&ModelList {
            object: "list".into(),
            first_id: data.first().map(|entry| entry.id.clone()),
            last_id: data.last().map(|entry| entry.id.clone()),
            data,
            has_more: false,
        }),
        Err(error) => refuse(&Failed::Request(error), &context_of(&head), Dialect::OpenAi),
    }
}

async fn all(gateway: &Gateway, head: &Parts) -> Result<Vec<ModelEntry>, RequestError> {
    enter(gateway, head, Action::ReadModels)?;
    let bots = gateway.bots.list().into_iter().map(|bot| format!("{BOT}{}", bot.name));
    let encoder = gateway.encoder.iter().map(|_| ENCODER.to_owned());
    let models = gateway.models.names().await;
    Ok(bots.chain(encoder).chain(models).map(ModelEntry::new).collect())
}

/// `GET /v1/models/{id}`.
pub(super) async fn one(
    State(gateway): SharedGateway,
    id: Result<Path<String>, PathRejection>,
    request: Request<Body>,
) -> Response {
    let (head, _) = request.into_parts();
    let id = id.map(|Path(id)| id).unwrap_or_default();
    match find(&gateway, &head, id).await {
        Ok(entry) => json(&entry),
        Err(error) => refuse(&Failed::Request(error), &context_of(&head), Dialect::OpenAi),
    }
}

/// A model that its provider does not list may be there all the same, because not every provider lists all or anything; then it counts
/// that it may be asked.
async fn find(gateway: &Gateway, head: &Parts, id: String) -> Result<ModelEntry, RequestError> {
    enter(gateway, head, Action::ReadModels)?;
    if let Some(bot) = id.strip_prefix(BOT) {
        let name = BotName::new(bot).map_err(|_| UnknownModel::NoProvider(id.clone()))?;
        gateway.bots.pick(Some(&name))?;
    } else if !(id == ENCODER && gateway.encoder.is_some()) {
        gateway.models.route(std::slice::from_ref(&id), AfterFirstToken::Fail)?;
    }
    Ok(ModelEntry::new(id))
}
