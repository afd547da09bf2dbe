//! A turn as server-sent events: `turn` with the ids, `delta`s of the reply, `done` with the whole answer; or `error` with a problem. Each
//! has an `id`, with which a client whose connection broke gets what it missed.

use std::{convert::Infallible, pin::Pin, sync::Arc, time::Duration};

use ::http::{HeaderName, HeaderValue, Request, StatusCode};
use axum::{
    body::Body,
    extract::{Path, State, rejection::PathRejection},
    response::{
        IntoResponse, Response, Sse,
        sse::{Event, KeepAlive},
    },
};
use futures_util::{FutureExt, StreamExt, stream};
use nakai_types::TurnId;
use serde_json::json;
use tokio::sync::mpsc;

use crate::{
    Action, Answer, Caller, ChatError, Gateway, Message, RequestContext, RequestError,
    audience::{Audience, Hearing},
    chat::{Opening, chat},
    http::{SharedGateway, chat::insert_opening, context_of, enter, problem, refuse},
    streams::{Listening, Position, StreamEvent, Teller},
};

const X_ACCEL_BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");
const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// Takes a turn and streams it. What fails before the turn is open is a plain problem with its own status.
pub(super) async fn events(
    gateway: Arc<Gateway>,
    caller: Caller,
    context: RequestContext,
    message: Message,
) -> Response {
    let (audience, Hearing { mut opening, pieces }) = Audience::new();
    let (turn_gateway, turn_caller, turn_context) = (Arc::clone(&gateway), caller.clone(), context.clone());
    let mut turn: Turn =
        Box::pin(async move { chat(&turn_gateway, turn_caller, turn_context, message, Some(audience)).await });

    // Polled in this order: a turn that is over was open before.
    let begun = tokio::select! {
        biased;
        Ok(opening) = &mut opening => Begun::Open(opening),
        outcome = &mut turn => Begun::Over(opening.try_recv().ok(), Box::new(outcome)),
    };
    let (opening, turn) = match begun {
        Begun::Open(opening) => (opening, turn),
        Begun::Over(Some(opening), outcome) => (opening, std::future::ready(*outcome).boxed()),
        Begun::Over(None, outcome) => match *outcome {
            Err(error) => return problem::chat_response(&error, &context),
            Ok(answer) => (answer.opening(), std::future::ready(Ok(answer)).boxed()),
        },
    };

    // Told in a task of its own, so that there is something to take up again when the client has gone.
    let (teller, listening) = gateway
        .streams
        .begin(&caller.tenant, caller.principal.name(), opening.turn);
    teller.tell(turn_event(&opening));
    gateway.tasks.spawn(tell(turn, pieces, teller, context));
    let mut response = sse(&gateway, opening.turn, listening);
    insert_opening(response.headers_mut(), &opening);
    response
}

type Turn = Pin<Box<dyn Future<Output = Result<Answer, ChatError>> + Send>>;

enum Begun {
    Open(Opening),
    Over(Option<Opening>, Box<Result<Answer, ChatError>>),
}

/// Tells an answer: pieces while it is made, then what is left of it.
async fn tell(mut turn: Turn, mut pieces: mpsc::Receiver<String>, teller: Teller, context: RequestContext) {
    let mut told = String::new();
    let outcome = loop {
        tokio::select! {
            biased;
            Some(piece) = pieces.recv() => tell_piece(&teller, &mut told, &piece),
            outcome = &mut turn => break outcome,
        }
    };
    // What was told just before the end.
    while let Ok(piece) = pieces.try_recv() {
        tell_piece(&teller, &mut told, &piece);
    }
    match outcome {
        Ok(answer) => rest_of(&answer, told.len()).for_each(|event| teller.tell(event)),
        Err(error) => teller.tell(StreamEvent {
            name: "error",
            data: String::from_utf8_lossy(&problem::chat_body(&error, &context)).into_owned(),
            told: None,
        }),
    }
}

fn tell_piece(teller: &Teller, told: &mut String, piece: &str) {
    told.push_str(piece);
    teller.tell(delta(piece, told.len()));
}

/// Where a client that comes back stands, if it comes back.
pub(super) fn last_event_id(headers: &::http::HeaderMap) -> Result<Option<Position>, RequestError> {
    let Some(value) = headers.get(LAST_EVENT_ID).filter(|value| !value.is_empty()) else {
        return Ok(None);
    };
    let position = value.to_str().ok().and_then(|text| text.parse().ok());
    position.map(Some).ok_or(RequestError::InvalidRequest(
        "`last-event-id` is no id of an event of a turn; send the last `id` that the stream had, or leave it out"
            .into(),
    ))
}

/// `GET /chat/streams/{turn}`: the stream of a turn again, behind `Last-Event-ID` or from its beginning.
pub(super) async fn stream_of_turn(
    State(gateway): SharedGateway,
    turn: Result<Path<String>, PathRejection>,
    request: Request<Body>,
) -> Response {
    let (head, _) = request.into_parts();
    let found = async {
        let caller = enter(&gateway, &head, Action::Chat)?;
        let turn: Option<TurnId> = turn.ok().and_then(|Path(turn)| turn.parse().ok());
        let turn = turn.ok_or(RequestError::InvalidRequest(
            "the id in the path is no id; use the `turn_id` of the stream's first event".into(),
        ))?;
        let position = last_event_id(&head.headers)?;
        if position.is_some_and(|position| position.turn != turn) {
            return Err(RequestError::InvalidRequest(
                "`last-event-id` is of another turn than the path".into(),
            ));
        }
        let resumed = resume(&gateway, &caller, turn, position).await?;
        resumed.ok_or(RequestError::TurnNotFound)
    };
    found.await.unwrap_or_else(|error| refuse(&error, &context_of(&head)))
}

/// Goes on with the stream of a turn: as it was told, or from the stored turn. `None` if there is neither.
pub(super) async fn resume(
    gateway: &Arc<Gateway>,
    caller: &Caller,
    turn: TurnId,
    position: Option<Position>,
) -> Result<Option<Response>, RequestError> {
    if position.is_some_and(|position| position.told.is_none()) {
        // Nothing is missing. To this status event sources of browsers do not come back.
        return Ok(Some(StatusCode::NO_CONTENT.into_response()));
    }
    let principal = caller.principal.name();
    if let Some(listening) = gateway.streams.resume(&caller.tenant, principal, turn, position) {
        return Ok(Some(sse(gateway, turn, listening)));
    }
    let record = gateway.store.turn(&caller.tenant, turn).await?;
    let Some(record) = record.filter(|record| record.key.as_deref() == Some(principal)) else {
        return Ok(None);
    };
    let vault = gateway.conversations.vault(&caller.tenant, record.conversation).await;
    let answer = Answer::release_again(Arc::new(record), &vault);
    // Where the customer's own data are gone from memory, the reply is not in the words that were told.
    let in_the_same_words = !vault.is_empty() || answer.reply() == answer.record.reply.text.as_str();
    let (teller, listening) = gateway.streams.begin(&caller.tenant, principal, turn);
    let told = position.and_then(|position| position.told);
    if told.is_none() {
        teller.tell(turn_event(&answer.opening()));
    }
    let told = told.map_or(0, |told| if in_the_same_words { told } else { usize::MAX });
    rest_of(&answer, told).for_each(|event| teller.tell(event));
    Ok(Some(sse(gateway, turn, listening)))
}

/// Sends what is told of a turn as it is told.
fn sse(gateway: &Gateway, turn: TurnId, listening: Listening) -> Response {
    let keep_alive = Duration::from_secs(gateway.config.stream_keep_alive_seconds);
    let events = stream::unfold(listening, |mut listening| async {
        let events = listening.next().await?;
        Some((stream::iter(events), listening))
    });
    let events = events.flatten().map(move |StreamEvent { name, data, told }| {
        let id = Position { turn, told }.to_string();
        Ok::<_, Infallible>(Event::default().id(id).event(name).data(data))
    });
    let mut response = Sse::new(events)
        .keep_alive(KeepAlive::new().interval(keep_alive))
        .into_response();
    response
        .headers_mut()
        .insert(X_ACCEL_BUFFERING, HeaderValue::from_static("no"));
    response
}

fn turn_event(opening: &Opening) -> StreamEvent {
    let data = json!({
        "turn_id": opening.turn,
        "conversation_id": opening.conversation,
        "bot": {"name": opening.bot.name, "version": opening.bot.version},
    });
    StreamEvent {
        name: "turn",
        data: data.to_string(),
        told: Some(0),
    }
}

/// What is left of an answer of which so many bytes were told, and its end. A reply begins with what was told of it; if it does not, as
/// where placeholders can no longer be restored, only the end is left, which has all of it.
fn rest_of(answer: &Answer, told: usize) -> impl Iterator<Item = StreamEvent> {
    let rest = answer.reply().get(told..).unwrap_or_default();
    let done = StreamEvent {
        name: "done",
        data: serde_json::to_string(&answer.response()).unwrap_or_default(),
        told: None,
    };
    let mut told = told;
    let deltas = sentences(rest).map(move |sentence| {
        told += sentence.len();
        delta(sentence, told)
    });
    deltas.chain([done])
}

fn delta(text: &str, told: usize) -> StreamEvent {
    StreamEvent {
        name: "delta",
        data: json!({ "text": text }).to_string(),
        told: Some(told),
    }
}

/// Cuts a reply after each sentence, so that a page can show the first while the rest is on its way. Together they are the reply.
fn sentences(reply: &str) -> impl Iterator<Item = &str> {
    reply.split_inclusive(['。', '！', '？', '!', '?', '\n'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pieces_of_a_reply_are_the_reply() {
        let reply = "はい。15時からです！\nDoes that help?";
        assert_eq!(
            sentences(reply).collect::<Vec<_>>(),
            ["はい。", "15時からです！", "\n", "Does that help?"]
        );
        assert_eq!(sentences("").count(), 0);
    }
}
