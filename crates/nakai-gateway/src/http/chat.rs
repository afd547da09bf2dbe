use std::sync::Arc;

use ::http::{HeaderMap, HeaderName, HeaderValue, Request, header, request::Parts};
use axum::{
    body::Body,
    extract::State,
    response::{IntoResponse, Response},
};
use sha2::{Digest, Sha256};

use crate::{
    Action, Answer, Caller, Gateway, Message, RequestError, Resource,
    access::authorise,
    chat::{Opening, chat as take_turn},
    http::{
        SharedGateway,
        accept::{Rendering, rendering},
        authenticate, body, context_of, header_value, json, problem, refuse, stream,
    },
    idempotency,
};

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
const TURN_ID: HeaderName = HeaderName::from_static("x-nakai-turn-id");
const CONVERSATION_ID: HeaderName = HeaderName::from_static("x-nakai-conversation-id");
const BOT_VERSION: HeaderName = HeaderName::from_static("x-nakai-bot-version");
const OVERHEAD_MS: HeaderName = HeaderName::from_static("x-nakai-overhead-ms");

/// `POST /chat`.
pub(super) async fn chat(State(gateway): SharedGateway, request: Request<Body>) -> Response {
    let (head, body) = request.into_parts();
    let context = context_of(&head);
    let rendering = rendering(&head.headers);
    let (caller, message) = match receive(&gateway, &head, body).await {
        Ok(received) => received,
        Err(error) => return refuse(&error, &context),
    };
    match rendering {
        Rendering::Json => match take_turn(&gateway, caller, context.clone(), message, None).await {
            Ok(answer) => with_headers(json(&answer.response()), &answer),
            Err(error) => problem::chat_response(&error, &context),
        },
        Rendering::Plain => match take_turn(&gateway, caller, context.clone(), message, None).await {
            Ok(answer) => plain(&answer),
            Err(error) => problem::plain_response(&error, &context),
        },
        Rendering::Events => match resumed(&gateway, &caller, &head, &message).await {
            Ok(Some(response)) => response,
            Ok(None) => stream::events(gateway, caller, context, message).await,
            Err(error) => refuse(&error, &context),
        },
    }
}

/// The stream of an earlier request whose connection broke, if this is a client that comes back (`last-event-id`). With an idempotency key
/// a turn that never came to be is taken now.
async fn resumed(
    gateway: &Arc<Gateway>,
    caller: &Caller,
    head: &Parts,
    message: &Message,
) -> Result<Option<Response>, RequestError> {
    let Some(position) = stream::last_event_id(&head.headers)? else {
        return Ok(None);
    };
    authorise(caller.principal, Action::Chat, Resource::Tenant(&caller.tenant))?;
    match stream::resume(gateway, caller, position.turn, Some(position)).await? {
        None if message.idempotency_key.is_none() => Err(RequestError::TurnNotFound),
        resumed => Ok(resumed),
    }
}

/// Knows the caller before it reads the body, and reads the body before a turn begins.
async fn receive(gateway: &Gateway, head: &Parts, body: Body) -> Result<(Caller, Message), RequestError> {
    let caller = authenticate(gateway, head)?;
    body::require_json(&head.headers)?;
    let key = idempotency_key(&head.headers)?;
    let body = body::read(body, &gateway.config).await?;
    let mut message = Message::read(&body, &gateway.config)?;
    if key.is_some() {
        message.body_hash = Sha256::digest(&body).into();
        message.idempotency_key = key;
    }
    Ok((caller, message))
}

pub(super) fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, RequestError> {
    let Some(value) = headers.get(IDEMPOTENCY_KEY) else {
        return Ok(None);
    };
    let key = value.to_str().map_err(|_| RequestError::InvalidIdempotencyKey)?;
    idempotency::check(key)?;
    Ok(Some(key.to_owned()))
}

fn plain(answer: &Answer) -> Response {
    let content_type = [(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/plain; charset=utf-8"),
    )];
    with_headers((content_type, answer.reply().to_owned()).into_response(), answer)
}

fn with_headers(mut response: Response, answer: &Answer) -> Response {
    let headers = response.headers_mut();
    insert_opening(headers, &answer.opening());
    headers.insert(
        OVERHEAD_MS,
        header_value(&format!("{:.3}", answer.overhead.as_secs_f64() * 1000.0)),
    );
    response
}

/// The headers that are known before the answer is.
pub(super) fn insert_opening(headers: &mut HeaderMap, opening: &Opening) {
    headers.insert(TURN_ID, header_value(&opening.turn.to_string()));
    headers.insert(CONVERSATION_ID, header_value(&opening.conversation.to_string()));
    headers.insert(BOT_VERSION, header_value(&opening.bot.version.to_string()));
    if opening.replayed {
        headers.insert(REPLAYED, HeaderValue::from_static("true"));
    }
}
