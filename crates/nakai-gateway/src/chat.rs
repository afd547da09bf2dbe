//! The whole life of one turn, top to bottom.
//!
//! It knows nothing of HTTP: JSON, event streams and plain text are renderings of the [`Answer`] that comes out. The transport brings the
//! caller, who was authenticated before the body was read.

use std::{
    collections::BTreeMap,
    mem,
    sync::Arc,
    time::{Duration, Instant},
};

use nakai_governance::{Screening, screen};
use nakai_ports::{
    AnalyseRequest, Conversation, Draft, IdempotencyKey, Listener, RespondRequest, StoreError, TurnCommit,
};
use nakai_telemetry::events::{RequestRejected, TurnCompleted, TurnFailed};
use nakai_types::{BotRef, ConversationId, RawText, Screened, TurnId, TurnRecord, Usage};
use tokio::time::timeout_at;

use crate::{
    Action, Answer, Caller, ChatError, Gateway, Message, RequestContext, RequestError, Resource,
    access::authorise,
    admission::Admitted,
    audience::Audience,
    context::now_ms,
    conversations::Opened,
    idempotency::{self, Claim},
    record::{Steps, screened_metadata},
    services::within,
};

/// How often a turn is repeated when another one of its conversation was committed first.
const MAX_ATTEMPTS: u32 = 3;
/// How long the caller waits for the store beyond the turn's deadline. The turn itself goes on until the store has spoken.
const COMMIT_GRACE: Duration = Duration::from_secs(2);

/// What is known of a turn before its answer: told to those who stream.
#[derive(Debug, Clone)]
pub struct Opening {
    /// The conversation.
    pub conversation: ConversationId,
    /// The turn.
    pub turn: TurnId,
    /// The version that answers.
    pub bot: BotRef,
    /// Whether the answer is the one that a first request with the same idempotency key got.
    pub replayed: bool,
}

/// Answers one message of an authenticated caller.
///
/// The turn runs in a task of the gateway's, so it is finished and on disk even if this future is dropped because the client is gone.
pub async fn chat(
    gateway: &Arc<Gateway>,
    caller: Caller,
    context: RequestContext,
    message: Message,
    audience: Option<Audience>,
) -> Result<Answer, ChatError> {
    let language = message.apology_language();
    let refused = |error| ChatError { error, language };
    let reported = |error| refused(report(error, &context));

    authorise(caller.principal, Action::Chat, Resource::Tenant(&caller.tenant)).map_err(reported)?;
    let admitted = gateway.admission.admit().await.map_err(reported)?;

    let deadline = context.arrived + gateway.turn_time();
    let turn = Turn {
        gateway: Arc::clone(gateway),
        caller,
        context: context.clone(),
        message,
        deadline,
        _admitted: admitted,
    };
    let task = gateway.tasks.spawn(turn.run(audience));
    match timeout_at((deadline + COMMIT_GRACE).into(), task).await {
        Ok(Ok(result)) => result.map_err(refused),
        Ok(Err(_)) => Err(refused(report(RequestError::BrokenOff, &context))),
        Err(_) => Err(refused(report(RequestError::DeadlineExceeded, &context))),
    }
}

/// A turn that was let in.
struct Turn {
    gateway: Arc<Gateway>,
    caller: Caller,
    context: RequestContext,
    message: Message,
    deadline: Instant,
    _admitted: Admitted,
}

/// An utterance that was understood and screened, and what dialogue says to it.
struct Responded {
    screening: Screening,
    draft: Draft,
    metadata: BTreeMap<String, Screened>,
    /// Time in the two services.
    away: Duration,
}

impl Turn {
    async fn run(self, audience: Option<Audience>) -> Result<Answer, RequestError> {
        let key = self.message.idempotency_key.as_deref();
        let key = key.map(|key| idempotency::scoped(&self.caller, key, self.message.body_hash));
        let result = match self.claim(key.as_ref()).await {
            Ok(Claim::Answered(record)) => Ok(self.replay(record, audience).await),
            Ok(Claim::First) => {
                let result = self.answer(key.clone(), audience).await;
                if let (Err(_), Some(key)) = (&result, &key) {
                    idempotency::give_back(&*self.gateway.store, &self.caller.tenant, key).await;
                }
                result
            }
            Err(error) => Err(error),
        };
        result.map_err(|error| report(error, &self.context))
    }

    async fn claim(&self, key: Option<&IdempotencyKey>) -> Result<Claim, RequestError> {
        let Some(key) = key else { return Ok(Claim::First) };
        let turn_ms = i64::try_from(self.gateway.turn_time().as_millis()).unwrap_or(i64::MAX / 2);
        within(
            self.deadline,
            idempotency::claim(&*self.gateway.store, &self.caller.tenant, key, now_ms(), turn_ms),
        )
        .await?
    }

    /// Tells again what was answered to the first request with the same key.
    async fn replay(&self, record: Box<TurnRecord>, audience: Option<Audience>) -> Answer {
        let vault = self
            .gateway
            .conversations
            .vault(&self.caller.tenant, record.conversation)
            .await;
        let mut answer = Answer::release(Arc::from(record), &self.message.text, &vault);
        answer.replayed = true;
        answer.overhead = self.context.arrived.elapsed();
        if let Some(mut audience) = audience {
            audience.open(answer.opening());
        }
        answer
    }

    async fn answer(
        &self,
        idempotency: Option<IdempotencyKey>,
        mut audience: Option<Audience>,
    ) -> Result<Answer, RequestError> {
        let gateway = &*self.gateway;
        let (turn, started_ms) = (TurnId::new(), now_ms());
        let mut steps = Steps::start();

        let (mut opened, bot) = within(self.deadline, self.open()).await??;
        steps.end("load");
        if let Some(audience) = &mut audience {
            audience.open(Opening {
                conversation: opened.id,
                turn,
                bot: bot.clone(),
                replayed: false,
            });
        }

        let mut attempt = 0;
        loop {
            attempt += 1;
            let Responded {
                screening,
                draft,
                metadata,
                away,
            } = self
                .respond(&bot, &mut opened, started_ms, &mut steps, audience.as_mut())
                .await?;
            let record = Arc::new(TurnRecord {
                turn,
                tenant: self.caller.tenant.clone(),
                conversation: opened.id,
                sequence: opened.next_sequence(),
                bot: bot.clone(),
                started_ms,
                user: self
                    .message
                    .user
                    .as_ref()
                    .and_then(|user| gateway.pseudonyms.of(&self.caller.tenant, user)),
                key: Some(self.caller.principal.name().into()),
                channel: "chat".into(),
                utterance: screening.utterance,
                understanding: screening.understanding,
                decisions: draft.decisions,
                reply: draft.reply,
                usage: Usage::of(&draft.models),
                models: draft.models,
                steps: steps.taken(),
                metadata,
            });

            let commit = TurnCommit {
                record: Arc::clone(&record),
                state: draft.state.clone(),
                idempotency: idempotency.clone(),
            };
            match gateway.store.commit(commit).await {
                Ok(()) => {}
                // What was told can't be taken back, so such a turn is not repeated.
                Err(StoreError::Conflict)
                    if attempt < MAX_ATTEMPTS && !audience.as_ref().is_some_and(Audience::was_told) =>
                {
                    gateway.conversations.reload(&self.caller.tenant, &mut opened).await?;
                    steps.end("load");
                    continue;
                }
                Err(StoreError::Conflict) => {
                    opened.memory.conversation = None;
                    return Err(RequestError::ConversationChanged(attempt));
                }
                Err(error) => return Err(error.into()),
            }
            let commit = steps.end("commit");

            opened.remember(Conversation {
                id: opened.id,
                bot,
                sequence: record.sequence,
                language: record.understanding.language,
                state: draft.state,
            });
            let mut answer = Answer::release(record, &self.message.text, &opened.memory.vault);
            drop(opened);

            let duration = self.context.arrived.elapsed();
            TurnCompleted {
                record: &answer.record,
                request_id: &self.context.request_id,
                trace_id: &self.context.trace.id(),
                duration,
                commit,
            }
            .emit();
            answer.overhead = duration.saturating_sub(away + commit);
            return Ok(answer);
        }
    }

    /// Takes the conversation's next turn: its state is loaded, its version picked, and no other message of it is answered meanwhile.
    async fn open(&self) -> Result<(Opened, BotRef), RequestError> {
        let (gateway, tenant, message) = (&*self.gateway, &self.caller.tenant, &self.message);
        let Some(id) = message.conversation else {
            let bot = gateway.bots.pick(message.bot.as_ref())?;
            return Ok((gateway.conversations.begin(tenant).await, bot));
        };
        let opened = gateway.conversations.resume(tenant, id).await?;
        let bot = opened
            .memory
            .conversation
            .as_ref()
            .ok_or(RequestError::ConversationNotFound)?
            .bot
            .clone();
        match &message.bot {
            Some(name) if *name != bot.name => Err(RequestError::ConversationOfAnotherBot(bot.name)),
            _ => Ok((opened, bot)),
        }
    }

    /// Analyses, screens, responds. Only analysis and screening see what the customer typed.
    async fn respond(
        &self,
        bot: &BotRef,
        opened: &mut Opened,
        now_ms: i64,
        steps: &mut Steps,
        audience: Option<&mut Audience>,
    ) -> Result<Responded, RequestError> {
        let (services, message, deadline) = (&self.gateway.services, &self.message, self.deadline);
        let raw: &RawText = &message.text;
        let known = opened.memory.conversation.as_ref();
        let previous_language = known.map(|conversation| conversation.language);
        let state = known.map(|conversation| conversation.state.clone());
        let (conversation, sequence) = (opened.id, opened.next_sequence());

        let mut analysis = services
            .analyse(&|| AnalyseRequest {
                bot: bot.clone(),
                text: raw.clone(),
                language: message.language,
                previous_language,
                now_ms,
                deadline,
            })
            .await?;
        let analysed = steps.end("analyse");

        let understood_with = mem::take(&mut analysis.models);
        let vault = &mut opened.memory.vault;
        let screening = screen(raw, analysis, vault);
        let metadata = screened_metadata(&message.metadata, vault);
        steps.end("screen");

        let vault = &opened.memory.vault;
        let (listener, telling) = match audience {
            Some(audience) => {
                let (listener, told) = Listener::channel();
                (
                    Some(listener),
                    Some(audience.follow(told, vault, screening.understanding.language)),
                )
            }
            None => (None, None),
        };
        let request = || RespondRequest {
            bot: bot.clone(),
            conversation,
            sequence,
            state: state.clone(),
            utterance: screening.utterance.clone(),
            understanding: screening.understanding.clone(),
            vault: vault.clone(),
            now_ms,
            deadline,
            listener: listener.clone(),
        };
        let answer = services.respond(&request);
        let mut draft = match telling {
            Some(telling) => telling.until(answer).await?,
            None => answer.await?,
        };
        let responded = steps.end("respond");
        draft.models.splice(..0, understood_with);
        Ok(Responded {
            screening,
            draft,
            metadata,
            away: analysed + responded,
        })
    }
}

/// Logs and counts why a message got no answer, once, where it is known.
fn report(error: RequestError, context: &RequestContext) -> RequestError {
    let (code, request_id) = (error.code(), context.request_id.as_str());
    if error.is_ours() {
        TurnFailed {
            code: code.name(),
            kind: error.kind(),
            cause: &error,
            request_id,
            trace_id: &context.trace.id(),
            duration: context.arrived.elapsed(),
        }
        .emit();
    } else {
        RequestRejected {
            code: code.name(),
            status: code.status(),
            request_id,
        }
        .emit();
    }
    error
}
