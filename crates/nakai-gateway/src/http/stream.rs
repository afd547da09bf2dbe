//! A turn as server-sent events: `turn` with the ids, `delta`s of the reply, `done` with the whole answer; or `error` with a problem.

use std::{convert::Infallible, pin::Pin, sync::Arc, time::Duration};

use ::http::{HeaderName, HeaderValue};
use axum::response::{
    IntoResponse, Response, Sse,
    sse::{Event, KeepAlive},
};
use futures_util::{FutureExt, StreamExt, stream};
use serde_json::json;
use tokio::sync::mpsc;

use crate::{
    Answer, Caller, ChatError, Gateway, Message, RequestContext,
    audience::{Audience, Hearing},
    chat::{Opening, chat},
    http::{chat::insert_opening, problem},
};

const X_ACCEL_BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");

/// Takes a turn and streams it. What fails before the turn is open is a plain problem with its own status.
pub(super) async fn events(
    gateway: Arc<Gateway>,
    caller: Caller,
    context: RequestContext,
    message: Message,
) -> Response {
    let keep_alive = Duration::from_secs(gateway.config.stream_keep_alive_seconds);
    let (audience, Hearing { mut opening, pieces }) = Audience::new();
    let turn_context = context.clone();
    let mut turn: Turn = Box::pin(async move { chat(&gateway, caller, turn_context, message, Some(audience)).await });

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

    let first = stream::iter([event("turn", &opening_json(&opening))]);
    let telling = Telling {
        turn: Some(turn),
        pieces,
        told: String::new(),
        context,
    };
    let rest = stream::unfold(telling, Telling::next).flat_map(stream::iter);
    let sse = Sse::new(first.chain(rest).map(Ok::<_, Infallible>)).keep_alive(KeepAlive::new().interval(keep_alive));
    let mut response = sse.into_response();
    response
        .headers_mut()
        .insert(X_ACCEL_BUFFERING, HeaderValue::from_static("no"));
    insert_opening(response.headers_mut(), &opening);
    response
}

type Turn = Pin<Box<dyn Future<Output = Result<Answer, ChatError>> + Send>>;

enum Begun {
    Open(Opening),
    Over(Option<Opening>, Box<Result<Answer, ChatError>>),
}

/// An answer on its way: pieces while it is made, then what is left of it.
struct Telling {
    /// `None` once it is over.
    turn: Option<Turn>,
    pieces: mpsc::Receiver<String>,
    told: String,
    context: RequestContext,
}

impl Telling {
    async fn next(mut self) -> Option<(Vec<Event>, Self)> {
        let turn = self.turn.as_mut()?;
        let events = tokio::select! {
            biased;
            Some(piece) = self.pieces.recv() => {
                self.told.push_str(&piece);
                vec![delta(&piece)]
            }
            outcome = turn => {
                self.turn = None;
                let mut events = Vec::new();
                // What was told just before the end.
                while let Ok(piece) = self.pieces.try_recv() {
                    self.told.push_str(&piece);
                    events.push(delta(&piece));
                }
                events.extend(rest_of(outcome, &self.told, &self.context));
                events
            }
        };
        Some((events, self))
    }
}

fn opening_json(opening: &Opening) -> String {
    json!({
        "turn_id": opening.turn,
        "conversation_id": opening.conversation,
        "bot": {"name": opening.bot.name, "version": opening.bot.version},
    })
    .to_string()
}

fn rest_of(outcome: Result<Answer, ChatError>, told: &str, context: &RequestContext) -> Vec<Event> {
    match outcome {
        Ok(answer) => {
            // A reply begins with what was told of it.
            let rest = answer.reply().strip_prefix(told).unwrap_or_default();
            let done = serde_json::to_string(&answer.response()).unwrap_or_default();
            sentences(rest).map(delta).chain([event("done", &done)]).collect()
        }
        Err(error) => vec![event(
            "error",
            &String::from_utf8_lossy(&problem::chat_body(&error, context)),
        )],
    }
}

fn delta(text: &str) -> Event {
    event("delta", &json!({ "text": text }).to_string())
}

/// JSON on one line, as event streams need it.
fn event(name: &str, json: &str) -> Event {
    Event::default().event(name).data(json)
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
