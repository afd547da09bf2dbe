//! An answer as server-sent events, whoever gives it and in whose words.

use std::{convert::Infallible, sync::Arc, time::Duration};

use ::http::{HeaderName, HeaderValue};
use axum::response::{
    IntoResponse, Response, Sse,
    sse::{Event, KeepAlive},
};
use futures_util::{StreamExt, stream};
use nakai_llm::{FinishReason, GenerationEvent, TokenUsage};

use super::{
    Dialect,
    anthropic_answer::MessageEvents,
    failure::{Failed, told},
    openai_answer::Chunks,
    source::Source,
};
use crate::{Answer, Gateway, RequestContext};

const X_ACCEL_BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");

/// Writes the pieces of an answer in somebody's words.
pub(super) trait Writer: Send {
    /// Begins.
    fn begin(&mut self, events: &mut Vec<Event>);

    /// Writes a piece of words or of a call.
    fn piece(&mut self, piece: GenerationEvent, events: &mut Vec<Event>);

    /// Ends a whole answer.
    fn end(&mut self, end: &End<'_>, events: &mut Vec<Event>);
}

/// What is known at the end of an answer.
pub(super) struct End<'a> {
    pub(super) finish: FinishReason,
    pub(super) usage: TokenUsage,
    pub(super) cost_micros: u64,
    /// The turn, if a bot answered.
    pub(super) turn: Option<&'a Answer>,
}

/// Streams an answer. Each event is read from the source when the connection has room for it, so a slow client slows the source down and
/// fills no memory; a client that leaves drops the source, which stops a model.
pub(super) fn stream(
    source: Source,
    model: &str,
    include_usage: bool,
    gateway: &Arc<Gateway>,
    context: &RequestContext,
    dialect: Dialect,
) -> Response {
    let writer: Box<dyn Writer> = match dialect {
        Dialect::OpenAi => Box::new(Chunks::new(context, model, include_usage)),
        Dialect::Anthropic => Box::new(MessageEvents::new(context, model)),
    };
    let state = Streaming {
        source: Some(source),
        writer,
        begun: false,
        finish: None,
        context: context.clone(),
        dialect,
    };
    let events = stream::unfold(state, Streaming::next).flat_map(stream::iter);
    let every = Duration::from_secs(gateway.config.stream_keep_alive_seconds);
    let keep_alive = KeepAlive::new().interval(every);
    let keep_alive = match dialect {
        Dialect::OpenAi => keep_alive,
        Dialect::Anthropic => keep_alive.event(Event::default().event("ping").data(r#"{"type": "ping"}"#)),
    };
    let mut response = Sse::new(events.map(Ok::<_, Infallible>))
        .keep_alive(keep_alive)
        .into_response();
    response
        .headers_mut()
        .insert(X_ACCEL_BUFFERING, HeaderValue::from_static("no"));
    response
}

struct Streaming {
    /// `None` once the end was told.
    source: Option<Source>,
    writer: Box<dyn Writer>,
    begun: bool,
    /// Why the answer ended, held back until it is sure that it is whole.
    finish: Option<FinishReason>,
    context: RequestContext,
    dialect: Dialect,
}

impl Streaming {
    async fn next(mut self) -> Option<(Vec<Event>, Self)> {
        let mut events = Vec::new();
        if !self.begun {
            self.begun = true;
            self.writer.begin(&mut events);
            return Some((events, self));
        }
        while events.is_empty() {
            match self.source.as_mut()?.next().await {
                Some(Ok(GenerationEvent::Finished(reason))) => self.finish = Some(reason),
                Some(Ok(piece)) => self.writer.piece(piece, &mut events),
                Some(Err(failed)) => self.fail(&failed, &mut events),
                None => self.end(&mut events),
            }
        }
        Some((events, self))
    }

    fn end(&mut self, events: &mut Vec<Event>) {
        let Some(mut source) = self.source.take() else { return };
        let (usage, cost_micros) = source.usage();
        // Every protocol's reader insists on an end, so there is one.
        let finish = self.finish.unwrap_or(FinishReason::Stop);
        let end = End {
            finish,
            usage,
            cost_micros,
            turn: source.turn(),
        };
        self.writer.end(&end, events);
    }

    /// Says that the answer broke off. Nothing pretends that it ended.
    fn fail(&mut self, failed: &Failed, events: &mut Vec<Event>) {
        self.source = None;
        let json = told(failed, &self.context, self.dialect);
        let event = Event::default().data(json);
        events.push(match self.dialect {
            Dialect::OpenAi => event,
            Dialect::Anthropic => event.event("error"),
        });
    }
}
