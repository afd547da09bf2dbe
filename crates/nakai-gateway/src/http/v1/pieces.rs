//! An answer as server-sent events, whoever gives it and in whose words.
//!
//! Each write to a socket costs more than all else that is done with a piece, so pieces that are there at the same moment leave together.
//! Nothing waits for others: what is there goes out before anything is waited for.

use std::{sync::Arc, time::Duration};

use axum::response::Response;
use futures_util::stream;
use nakai_llm::{FinishReason, GenerationEvent, TokenUsage};

use super::{
    Dialect,
    anthropic_answer::MessageEvents,
    events::{self, Events},
    failure::{Failed, told},
    openai_answer::Chunks,
    source::Source,
    step_back::step_back,
};
use crate::{Answer, Gateway, RequestContext};

/// Writes the pieces of an answer in somebody's words.
pub(super) trait Writer: Send {
    /// Begins an answer of a bot or model.
    fn begin(&mut self, model: &str, events: &mut Events);

    /// Writes a piece of words or of a call.
    fn piece(&mut self, piece: GenerationEvent, events: &mut Events);

    /// Ends a whole answer.
    fn end(&mut self, end: &End<'_>, events: &mut Events);
}

/// What is known at the end of an answer.
pub(super) struct End<'a> {
    pub(super) finish: FinishReason,
    pub(super) usage: TokenUsage,
    pub(super) cost_micros: u64,
    /// The turn, if a bot answered.
    pub(super) turn: Option<&'a Answer>,
}

/// How many pieces leave together at most: what a slow client holds back.
const MOST_AT_ONCE: usize = 64;

/// Streams an answer. Pieces are read from the source when the connection has room for them, so a slow client slows the source down and
/// fills no memory; a client that leaves drops the source, which stops a model. While nothing comes, comments (for Anthropic's clients
/// pings) keep whatever stands between from taking the connection for dead.
pub(super) fn stream(
    source: Source,
    include_usage: bool,
    gateway: &Arc<Gateway>,
    context: &RequestContext,
    dialect: Dialect,
) -> Response {
    let writer: Box<dyn Writer> = match dialect {
        Dialect::OpenAi => Box::new(Chunks::new(context, include_usage)),
        Dialect::Anthropic => Box::new(MessageEvents::new(context)),
    };
    let state = Streaming {
        source: Some(source),
        writer,
        begun: false,
        finish: None,
        context: context.clone(),
        dialect,
    };
    let every = Duration::from_secs(gateway.config.stream_keep_alive_seconds);
    let sign_of_life = match dialect {
        Dialect::OpenAi => ":\n\n",
        Dialect::Anthropic => "event: ping\ndata: {\"type\": \"ping\"}\n\n",
    };
    events::response(stream::unfold(state, Streaming::next), every, sign_of_life)
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
    async fn next(mut self) -> Option<(Events, Self)> {
        let mut events = Events::default();
        if !std::mem::replace(&mut self.begun, true) {
            match self.source.as_mut()?.begin().await {
                Ok(model) => self.writer.begin(&model, &mut events),
                Err(failed) => self.fail(&failed, &mut events),
            }
        }
        while events.len() == 0 || (events.len() < MOST_AT_ONCE && self.is_ready().await) {
            match self.source.as_mut()?.next().await {
                Some(Ok(GenerationEvent::Finished(reason))) => self.finish = Some(reason),
                Some(Ok(piece)) => self.writer.piece(piece, &mut events),
                Some(Err(failed)) => self.fail(&failed, &mut events),
                None => self.end(&mut events),
            }
        }
        Some((events, self))
    }

    /// Whether there is a further piece without waiting for it. Whoever reads from the provider hands over one piece at a time, so this
    /// steps back once to let it bring the next; where it has none, that costs nothing.
    async fn is_ready(&mut self) -> bool {
        let Some(source) = &mut self.source else { return false };
        if !source.is_ready() {
            step_back().await;
        }
        source.is_ready()
    }

    fn end(&mut self, events: &mut Events) {
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
    fn fail(&mut self, failed: &Failed, events: &mut Events) {
        self.source = None;
        let name = match self.dialect {
            Dialect::OpenAi => None,
            Dialect::Anthropic => Some("error"),
        };
        events.add_line(name, &told(failed, &self.context, self.dialect));
    }
}
