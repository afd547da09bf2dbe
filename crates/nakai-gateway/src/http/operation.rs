//! Routes for those who operate Nakai: health, metrics, bots, counts, the API's own description.

use std::sync::LazyLock;

use ::http::{HeaderValue, Request, StatusCode, header, request::Parts};
use axum::{
    body::{Body, Bytes},
    extract::State,
    response::{IntoResponse, Response},
};
use nakai_api::{ActiveBot, BotList, Stats};

use crate::{
    Action, Gateway, RequestError,
    http::{SharedGateway, context_of, enter, json, refuse, reply},
};

/// `GET /livez`: the process runs. Touches nothing, so that a broken dependency never gets a healthy process killed.
pub(super) async fn livez() -> &'static str {
    "ok"
}

/// `GET /readyz`.
pub(super) async fn readyz(State(gateway): SharedGateway) -> Response {
    let readiness = gateway.readiness.ask(gateway.is_draining()).await;
    let mut response = json(&readiness);
    if !readiness.ready {
        *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    }
    response
}

/// `GET /metrics`.
pub(super) async fn metrics(State(gateway): SharedGateway) -> Response {
    nakai_telemetry::metrics::turns_in_flight(gateway.turns_in_flight());
    let kind = [(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/plain; version=0.0.4"),
    )];
    (kind, nakai_telemetry::metrics::render()).into_response()
}

/// `GET /openapi.json`.
pub(super) async fn openapi() -> Response {
    static DOCUMENT: LazyLock<Bytes> =
        LazyLock::new(|| serde_json::to_vec(&nakai_api::openapi()).unwrap_or_default().into());
    (
        [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))],
        DOCUMENT.clone(),
    )
        .into_response()
}

/// `GET /api/v1/bots`.
pub(super) async fn bots(State(gateway): SharedGateway, request: Request<Body>) -> Response {
    let (head, _) = request.into_parts();
    if let Err(error) = enter(&gateway, &head, Action::ReadBots) {
        return refuse(&error, &context_of(&head));
    }
    let (active, default) = (gateway.bots.list(), gateway.bots.default_bot());
    let bots = active.iter().map(|bot| ActiveBot {
        name: bot.name.as_str().into(),
        version: bot.version.to_string().into(),
        default: default.as_ref() == Some(&bot.name),
    });
    json(&BotList { bots: bots.collect() })
}

/// `GET /api/v1/stats`.
pub(super) async fn stats(State(gateway): SharedGateway, request: Request<Body>) -> Response {
    let (head, _) = request.into_parts();
    reply(count(&gateway, &head).await, &context_of(&head))
}

async fn count(gateway: &Gateway, head: &Parts) -> Result<Stats, RequestError> {
    let caller = enter(gateway, head, Action::ReadStats)?;
    let (turns, conversations) = gateway.store.count(&caller.tenant).await?;
    Ok(Stats {
        turns,
        conversations,
        turns_in_flight: gateway.turns_in_flight(),
    })
}
