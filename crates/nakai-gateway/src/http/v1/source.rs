//! Where an answer comes from: a turn of a bot, or a call of a model.

use std::{
    collections::VecDeque,
    pin::Pin,
    sync::Arc,
    time::{Duration, Instant},
};

use futures_util::FutureExt;
use nakai_llm::{AfterFirstToken, FinishReason, Generation, GenerationEvent, GenerationStream, Route, TokenUsage};
use tokio::sync::mpsc;

use super::{asked::Asked, failure::Failed};
use crate::{
    Answer, Caller, ChatError, Gateway, Message, RequestContext, RequestError,
    admission::Admitted,
    audience::{Audience, Hearing},
    chat::{Opening, chat},
    model_calls::ModelCalls,
};

/// What the calls are for, in the record.
const PURPOSE: &str = "chat";

/// A whole answer, ready to be written.
pub(super) struct Whole {
    /// The bot or model that answered.
    pub(super) model: String,
    pub(super) generation: Generation,
    pub(super) usage: TokenUsage,
    pub(super) cost_micros: u64,
    pub(super) attempts: usize,
    pub(super) overhead: Duration,
    /// The turn, if a bot answered.
    pub(super) turn: Option<Answer>,
}

/// An answer on its way.
pub(super) enum Source {
    /// A model that has said nothing yet.
    Coming(Coming),
    Model(Box<ModelAnswer>),
    Bot(Box<BotAnswer>),
}

/// A model's answer that is waited for.
pub(super) type Coming = Pin<Box<dyn Future<Output = Result<ModelAnswer, RequestError>> + Send>>;

impl From<Coming> for Source {
    fn from(answer: Coming) -> Self {
        Self::Coming(answer)
    }
}

impl From<ModelAnswer> for Source {
    fn from(answer: ModelAnswer) -> Self {
        Self::Model(Box::new(answer))
    }
}

impl From<BotAnswer> for Source {
    fn from(answer: BotAnswer) -> Self {
        Self::Bot(Box::new(answer))
    }
}

impl Source {
    /// Waits until somebody answers; gives the bot's or the model's name. Comes before anything else.
    pub(super) async fn begin(&mut self) -> Result<String, Failed> {
        if let Self::Coming(answer) = self {
            *self = answer.await?.into();
        }
        Ok(match self {
            Self::Coming(_) => String::new(),
            Self::Model(answer) => answer.model(),
            Self::Bot(answer) => answer.name.clone(),
        })
    }

    /// Whether [`next`](Self::next) gives a piece, or the end of a whole answer, without waiting.
    pub(super) fn is_ready(&mut self) -> bool {
        match self {
            Self::Coming(_) => false,
            Self::Model(answer) => !answer.ready.is_empty() || answer.stream.is_ready(),
            Self::Bot(answer) => !answer.ready.is_empty() || !answer.pieces.is_empty(),
        }
    }

    /// Gives the next piece; `None` after the last. After a failure there is nothing more.
    pub(super) async fn next(&mut self) -> Option<Result<GenerationEvent, Failed>> {
        match self {
            Self::Coming(_) => None,
            Self::Model(answer) => Some(answer.next().await?.map_err(Failed::Request)),
            Self::Bot(answer) => Some(answer.next().await?.map_err(Failed::Turn)),
        }
    }

    /// What was used, and what it costs in millionths of a dollar. Known for sure after the last piece.
    pub(super) fn usage(&mut self) -> (TokenUsage, u64) {
        match self {
            Self::Coming(_) => <(TokenUsage, u64)>::default(),
            Self::Model(answer) => answer.used(),
            Self::Bot(answer) => answer.done.as_ref().map(used_in_turn).unwrap_or_default(),
        }
    }

    /// The turn, after the last piece of a bot's answer.
    pub(super) fn turn(&self) -> Option<&Answer> {
        match self {
            Self::Coming(_) | Self::Model(_) => None,
            Self::Bot(answer) => answer.done.as_ref(),
        }
    }
}

/// A model's answer in pieces.
pub(super) struct ModelAnswer {
    stream: GenerationStream,
    /// Pieces that were waited for before the caller was told that there is an answer.
    ready: VecDeque<GenerationEvent>,
    calls: ModelCalls,
    _admitted: Admitted,
}

impl ModelAnswer {
    /// Asks, and waits for the first piece that a caller would notice: until then a failure still has a status of its own.
    pub(super) async fn begin(
        gateway: Arc<Gateway>,
        caller: Caller,
        context: RequestContext,
        asked: Asked,
        after_first_token: AfterFirstToken,
        admitted: Admitted,
    ) -> Result<Self, RequestError> {
        let (route, mut calls, deadline) = prepare(&gateway, caller, &context, &asked, after_first_token)?;
        let request = with_pseudonym(&mut calls, asked);
        let stream = match route.stream(request, deadline).await {
            Ok(stream) => stream,
            Err(failed) => {
                calls.note(&failed.attempts, None);
                calls.end();
                return Err(failed.into());
            }
        };
        let mut answer = Self {
            stream,
            ready: VecDeque::new(),
            calls,
            _admitted: admitted,
        };
        while let Some(event) = answer.stream.next().await {
            let event = match event {
                Ok(event) => event,
                Err(error) => {
                    answer.calls.end();
                    return Err(error.into());
                }
            };
            let noticed = !matches!(event, GenerationEvent::Started { .. } | GenerationEvent::Usage(_));
            answer.ready.push_back(event);
            if noticed {
                break;
            }
        }
        Ok(answer)
    }

    async fn next(&mut self) -> Option<Result<GenerationEvent, RequestError>> {
        if let Some(event) = self.ready.pop_front() {
            return Some(Ok(event));
        }
        match self.stream.next().await {
            Some(Ok(event)) => Some(Ok(event)),
            Some(Err(error)) => {
                self.calls.end();
                Some(Err(error.into()))
            }
            None => {
                self.calls.end();
                None
            }
        }
    }

    /// The model that answers.
    pub(super) fn model(&self) -> String {
        self.stream.target().name.as_ref().to_owned()
    }

    pub(super) fn attempts(&self) -> usize {
        self.stream.attempts().len()
    }

    pub(super) fn overhead(&mut self) -> Duration {
        self.used();
        self.calls.overhead()
    }

    fn used(&mut self) -> (TokenUsage, u64) {
        let usage = self.stream.usage();
        self.calls.note(self.stream.attempts(), Some(usage));
        (usage, self.calls.cost_micros())
    }
}

impl Drop for ModelAnswer {
    fn drop(&mut self) {
        self.used();
    }
}

/// Asks a model for a whole answer.
pub(super) async fn generate(
    gateway: &Arc<Gateway>,
    caller: Caller,
    context: &RequestContext,
    asked: Asked,
    after_first_token: AfterFirstToken,
) -> Result<Whole, RequestError> {
    let (route, mut calls, deadline) = prepare(gateway, caller, context, &asked, after_first_token)?;
    let request = with_pseudonym(&mut calls, asked);
    let answered = route.whole(&request, deadline).await;
    let (generation, attempts) = match answered {
        Ok(answered) => answered,
        Err(failed) => {
            calls.note(&failed.attempts, None);
            calls.end();
            return Err(failed.into());
        }
    };
    let usage = generation.usage.unwrap_or_default();
    calls.note(&attempts, Some(usage));
    calls.end();
    let model = attempts.last().map(|attempt| attempt.target.as_ref().to_owned());
    Ok(Whole {
        model: model.unwrap_or_default(),
        generation,
        usage,
        cost_micros: calls.cost_micros(),
        attempts: calls.count(),
        overhead: calls.overhead(),
        turn: None,
    })
}

fn prepare(
    gateway: &Arc<Gateway>,
    caller: Caller,
    context: &RequestContext,
    asked: &Asked,
    after_first_token: AfterFirstToken,
) -> Result<(Arc<Route>, ModelCalls, Instant), RequestError> {
    let route = gateway.models.route(&asked.models, after_first_token)?;
    let first = asked.models.first().map_or("", String::as_str);
    let calls = ModelCalls::begin(gateway, caller, context, PURPOSE, first);
    Ok((route, calls, context.arrived + gateway.model_time()))
}

/// Providers learn of a customer no more than that it is the same one.
fn with_pseudonym(calls: &mut ModelCalls, asked: Asked) -> nakai_llm::GenerateRequest {
    let mut request = asked.request;
    request.user = calls.of_user(asked.user);
    request
}

/// A bot's answer in pieces.
pub(super) struct BotAnswer {
    pub(super) opening: Opening,
    name: String,
    turn: Option<Turn>,
    pieces: mpsc::Receiver<String>,
    told: String,
    ready: VecDeque<GenerationEvent>,
    done: Option<Answer>,
}

type Turn = Pin<Box<dyn Future<Output = Result<Answer, ChatError>> + Send>>;

impl BotAnswer {
    /// Takes a turn, and waits until it is open: until then a failure still has a status of its own.
    pub(super) async fn begin(
        gateway: Arc<Gateway>,
        caller: Caller,
        context: RequestContext,
        message: Message,
        name: String,
    ) -> Result<Self, Failed> {
        let (audience, Hearing { mut opening, pieces }) = Audience::new();
        let mut turn: Turn = Box::pin(async move { chat(&gateway, caller, context, message, Some(audience)).await });
        // Polled in this order: a turn that is over was open before.
        let (opening, turn) = tokio::select! {
            biased;
            Ok(opening) = &mut opening => (opening, turn),
            outcome = &mut turn => match (opening.try_recv(), outcome) {
                (Ok(opening), outcome) => (opening, std::future::ready(outcome).boxed()),
                (Err(_), Ok(answer)) => (answer.opening(), std::future::ready(Ok(answer)).boxed()),
                (Err(_), Err(error)) => return Err(Failed::Turn(error)),
            },
        };
        Ok(Self {
            opening,
            name,
            turn: Some(turn),
            pieces,
            told: String::new(),
            ready: VecDeque::new(),
            done: None,
        })
    }

    async fn next(&mut self) -> Option<Result<GenerationEvent, ChatError>> {
        if let Some(event) = self.ready.pop_front() {
            return Some(Ok(event));
        }
        let turn = self.turn.as_mut()?;
        tokio::select! {
            biased;
            Some(piece) = self.pieces.recv() => {
                self.told.push_str(&piece);
                Some(Ok(GenerationEvent::Text(piece)))
            }
            outcome = turn => {
                self.turn = None;
                match outcome {
                    Ok(answer) => self.finish(answer).map(Ok),
                    Err(error) => Some(Err(error)),
                }
            }
        }
    }

    /// What is left of the reply, whatever was told of it.
    fn finish(&mut self, answer: Answer) -> Option<GenerationEvent> {
        // A reply begins with what was told of it.
        let rest = answer.reply().strip_prefix(self.told.as_str()).unwrap_or_default();
        if !rest.is_empty() {
            self.ready.push_back(GenerationEvent::Text(rest.to_owned()));
        }
        self.ready.push_back(GenerationEvent::Finished(FinishReason::Stop));
        self.done = Some(answer);
        self.ready.pop_front()
    }
}

/// Takes a turn and gives its answer whole.
pub(super) async fn turn(
    gateway: &Arc<Gateway>,
    caller: Caller,
    context: &RequestContext,
    message: Message,
    name: &str,
) -> Result<Whole, Failed> {
    let answer = chat(gateway, caller, context.clone(), message, None)
        .await
        .map_err(Failed::Turn)?;
    let (usage, cost_micros) = used_in_turn(&answer);
    Ok(Whole {
        model: name.to_owned(),
        generation: Generation {
            text: answer.reply().to_owned(),
            finish: Some(FinishReason::Stop),
            ..Generation::default()
        },
        usage,
        cost_micros,
        attempts: answer.record.models.len(),
        overhead: answer.overhead,
        turn: Some(answer),
    })
}

fn used_in_turn(answer: &Answer) -> (TokenUsage, u64) {
    let mut usage = TokenUsage::default();
    for call in &answer.record.models {
        usage.input += call.input_tokens;
        usage.cached_input += call.cached_input_tokens;
        usage.output += call.output_tokens;
        usage.reasoning += call.reasoning_tokens;
        usage.estimated |= call.estimated;
    }
    (usage, answer.record.usage.cost_micros)
}
