//! The endpoints that OpenAI's and Anthropic's clients know: bots and models behind the same names.
//!
//! `openai_request` and `anthropic_request` read what is asked into `asked`; `source` asks a bot or a model for it;
//! `openai_answer` and `anthropic_answer` write what comes back, whole or in pieces, which `pieces` puts into an event stream.

mod anthropic_answer;
mod anthropic_request;
mod asked;
mod embeddings;
mod events;
mod failure;
mod fields;
mod models;
mod openai_answer;
mod openai_request;
mod pieces;
mod source;
mod step_back;

use std::{sync::Arc, time::Duration};

use ::http::{HeaderMap, HeaderName, Request};
use axum::{
    Router,
    body::Body,
    extract::State,
    response::Response,
    routing::{get, post},
};
use sha2::{Digest, Sha256};
use tokio::time::timeout;

use self::{
    asked::after_first_token,
    failure::{Failed, refuse},
    source::{BotAnswer, Coming, ModelAnswer, Whole},
};
use crate::{
    Action, Gateway, RequestContext, Resource,
    access::authorise,
    http::{
        SharedGateway, authenticate, body,
        chat::{idempotency_key, insert_opening},
        context_of, header_value, json,
    },
};

const MODEL: HeaderName = HeaderName::from_static("x-nakai-model");
const ATTEMPTS: HeaderName = HeaderName::from_static("x-nakai-attempts");
const REQUEST_ID: HeaderName = HeaderName::from_static("request-id");
const OVERHEAD_MS: HeaderName = HeaderName::from_static("x-nakai-overhead-ms");
const COST_MICROS: HeaderName = HeaderName::from_static("x-nakai-cost-micros");

/// Whose words are spoken with a caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Dialect {
    OpenAi,
    Anthropic,
}

/// The routes, without what stands before `/v1`.
pub(super) fn router() -> Router<Arc<Gateway>> {
    let openai = Router::new()
        .route("/v1/chat/completions", post(chat_completions))
        .route("/v1/embeddings", post(embeddings::embeddings))
        .route("/v1/models", get(models::list))
        .route("/v1/models/{*id}", get(models::one));
    Router::new()
        .nest("/openai", openai.clone())
        .merge(openai)
        .route("/v1/messages", post(messages))
}

/// `POST /v1/chat/completions`.
async fn chat_completions(State(gateway): SharedGateway, request: Request<Body>) -> Response {
    respond(&gateway, request, Dialect::OpenAi).await
}

/// `POST /v1/messages`.
async fn messages(State(gateway): SharedGateway, request: Request<Body>) -> Response {
    respond(&gateway, request, Dialect::Anthropic).await
}

async fn respond(gateway: &Arc<Gateway>, request: Request<Body>, dialect: Dialect) -> Response {
    let (head, body) = request.into_parts();
    let context = context_of(&head);
    let answered = answer(gateway, &head, body, &context, dialect).await;
    let mut response = answered.unwrap_or_else(|failed| refuse(&failed, &context, dialect));
    if dialect == Dialect::Anthropic {
        // Anthropic's clients look for the id here.
        response
            .headers_mut()
            .insert(REQUEST_ID, header_value(&context.request_id));
    }
    response
}

async fn answer(
    gateway: &Arc<Gateway>,
    head: &::http::request::Parts,
    body: Body,
    context: &RequestContext,
    dialect: Dialect,
) -> Result<Response, Failed> {
    let caller = authenticate(gateway, head)?;
    body::require_json(&head.headers)?;
    // Before the body is read, because so many large bodies fit into memory and no more.
    let admitted = gateway.admission.admit().await?;
    let body = body::read_up_to(gateway.config.max_model_body_bytes, body, &gateway.config).await?;
    let asked = match dialect {
        Dialect::OpenAi => openai_request::read(&body)?,
        Dialect::Anthropic => anthropic_request::read(&body)?,
    };
    let name = asked.models.first().cloned().unwrap_or_default();
    let (stream, include_usage) = (asked.stream, asked.include_usage);

    if asked.bot().is_some() {
        let mut message = asked.message(gateway, &head.headers)?;
        message.idempotency_key = idempotency_key(&head.headers)?;
        if message.idempotency_key.is_some() {
            message.body_hash = Sha256::digest(&body).into();
        }
        // A turn has an admission of its own.
        drop(admitted);
        if stream {
            let answer = BotAnswer::begin(Arc::clone(gateway), caller, context.clone(), message, name).await?;
            let opening = answer.opening.clone();
            let mut response = pieces::stream(answer.into(), include_usage, gateway, context, dialect);
            insert_opening(response.headers_mut(), &opening);
            return Ok(response);
        }
        let whole = source::turn(gateway, caller, context, message, &name).await?;
        let mut response = json(&written(&whole, context, dialect));
        if let Some(answer) = &whole.turn {
            insert_opening(response.headers_mut(), &answer.opening());
        }
        insert_costs(response.headers_mut(), &whole);
        return Ok(response);
    }

    authorise(caller.principal, Action::AskModels, Resource::Tenant(&caller.tenant))?;
    let after_first_token = after_first_token(&head.headers)?;
    if stream {
        let mut coming: Coming = Box::pin(ModelAnswer::begin(
            Arc::clone(gateway),
            caller,
            context.clone(),
            asked,
            after_first_token,
            admitted,
        ));
        let patience = Duration::from_secs(gateway.config.stream_keep_alive_seconds);
        let Ok(begun) = timeout(patience, &mut coming).await else {
            // The model thinks for long. The stream begins without it, because a proxy in between would not wait.
            return Ok(pieces::stream(coming.into(), include_usage, gateway, context, dialect));
        };
        let mut answer = begun?;
        let (model, attempts, overhead) = (answer.model(), answer.attempts(), answer.overhead());
        let mut response = pieces::stream(answer.into(), include_usage, gateway, context, dialect);
        insert_model(response.headers_mut(), &model, attempts);
        insert_overhead(response.headers_mut(), overhead);
        return Ok(response);
    }
    let whole = source::generate(gateway, caller, context, asked, after_first_token).await?;
    let mut response = json(&written(&whole, context, dialect));
    insert_model(response.headers_mut(), &whole.model, whole.attempts);
    insert_costs(response.headers_mut(), &whole);
    Ok(response)
}

fn written(whole: &Whole, context: &RequestContext, dialect: Dialect) -> serde_json::Value {
    match dialect {
        Dialect::OpenAi => openai_answer::whole(whole, context),
        Dialect::Anthropic => anthropic_answer::whole(whole, context),
    }
}

fn insert_model(headers: &mut HeaderMap, model: &str, attempts: usize) {
    headers.insert(MODEL, header_value(model));
    headers.insert(ATTEMPTS, header_value(&attempts.to_string()));
}

fn insert_costs(headers: &mut HeaderMap, whole: &Whole) {
    insert_overhead(headers, whole.overhead);
    headers.insert(COST_MICROS, header_value(&whole.cost_micros.to_string()));
}

fn insert_overhead(headers: &mut HeaderMap, overhead: std::time::Duration) {
    headers.insert(
        OVERHEAD_MS,
        header_value(&format!("{:.3}", overhead.as_secs_f64() * 1000.0)),
    );
}
