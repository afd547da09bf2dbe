use std::borrow::Cow;

use nakai_api::Code;
use nakai_llm::{Fault, ProviderCode, ProviderError, UnknownModel};
use nakai_ports::{BundleError, DialogueError, NlpError, StoreError};
use nakai_types::{BotName, ErrorKind, Language};

/// Why a request got a problem instead of what it asked for. Holds nothing that a customer typed.
#[derive(Debug, thiserror::Error)]
pub enum RequestError {
    /// The body is not JSON.
    #[error("the body is not JSON: {reason} at line {line}, column {column}")]
    InvalidJson {
        /// What the parser expected.
        reason: String,
        /// The line from 1.
        line: usize,
        /// The column from 1.
        column: usize,
    },
    /// A field is missing, unknown, or not of its type; the text names it.
    #[error("{0}")]
    InvalidRequest(Cow<'static, str>),
    /// The text is empty.
    #[error("`text` is empty; send at least one character that is not white space")]
    EmptyText,
    /// The text has too many characters.
    #[error("`text` has {characters} characters, {limit} are allowed; shorten it")]
    TextTooLong {
        /// How many it has.
        characters: usize,
        /// How many it may have.
        limit: usize,
    },
    /// The body has too many bytes.
    #[error("the body has more than {limit} bytes; send less")]
    BodyTooLarge {
        /// How many it may have.
        limit: usize,
    },
    /// The body did not arrive in time.
    #[error("the body did not arrive in time; send it at once")]
    BodyTimeout,
    /// The connection broke before the body was complete.
    #[error("the connection broke before the body was complete; send the request again")]
    BodyIncomplete,
    /// The content type is not JSON.
    #[error("the body must be JSON; send the header `content-type: application/json`")]
    UnsupportedMediaType,
    /// The caller did not say who it is, or not convincingly.
    #[error("{0}")]
    Unauthenticated(&'static str),
    /// There is no such route.
    #[error("there is no such route; see /openapi.json")]
    RouteNotFound,
    /// The route does not know this method.
    #[error("this route does not know this method; see the `allow` header")]
    MethodNotAllowed,
    /// No bot of this name serves.
    #[error("no bot `{0}` serves; GET /api/v1/bots lists those that do")]
    BotNotFound(BotName),
    /// No bot serves at all.
    #[error("no bot serves yet; push and activate one")]
    NoBot,
    /// The model's name leads nowhere, or to a model that may not be asked.
    #[error(transparent)]
    Model(#[from] UnknownModel),
    /// No model gave an answer.
    #[error(transparent)]
    Provider(#[from] ProviderError),
    /// There is no such conversation.
    #[error("there is no such conversation; leave `conversation_id` out to begin a new one")]
    ConversationNotFound,
    /// The conversation is with another bot.
    #[error("the conversation is with the bot `{0}`; leave `bot` out, or `conversation_id` to begin a new one")]
    ConversationOfAnotherBot(BotName),
    /// Too many messages of the conversation wait.
    #[error("{0} messages of this conversation wait already; wait for replies before sending more")]
    ConversationBusy(usize),
    /// Other messages of the conversation kept coming first.
    #[error("other messages of this conversation came first {0} times; send the message again")]
    ConversationChanged(u32),
    /// There is no such turn.
    #[error("there is no such turn")]
    TurnNotFound,
    /// The idempotency key can't be used.
    #[error("`idempotency-key` must have 1 to 255 printable ASCII characters")]
    InvalidIdempotencyKey,
    /// The idempotency key was used with another body.
    #[error("this idempotency key was used with another body; use a new key for a new message")]
    IdempotencyKeyReused,
    /// The first request with the key is still being answered.
    #[error("the first request with this idempotency key is still being answered; repeat later")]
    IdempotencyKeyInFlight,
    /// More turns are open than this server takes.
    #[error("this server answers as many customers as it can; repeat later")]
    Overloaded,
    /// The NLP service failed.
    #[error(transparent)]
    Nlp(NlpError),
    /// The dialogue service failed.
    #[error(transparent)]
    Dialogue(DialogueError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The time set for the request ran out.
    #[error("the time set for the request ran out; repeat it with the same idempotency key")]
    DeadlineExceeded,
    /// The version of the bot can't be used.
    #[error(transparent)]
    BotUnusable(BundleError),
    /// The version on which a conversation began is no longer stored.
    #[error("the bot version on which the conversation began is no longer stored; push it again")]
    BotVersionMissing,
    /// The task that answered broke off.
    #[error("the turn broke off; this is a bug")]
    BrokenOff,
}

impl RequestError {
    /// The stable word for it.
    pub const fn code(&self) -> Code {
        match self {
            Self::InvalidJson { .. } => Code::InvalidJson,
            Self::InvalidRequest(_) => Code::InvalidRequest,
            Self::EmptyText => Code::EmptyText,
            Self::TextTooLong { .. } => Code::TextTooLong,
            Self::BodyTooLarge { .. } => Code::BodyTooLarge,
            Self::BodyTimeout => Code::BodyTimeout,
            Self::BodyIncomplete => Code::BodyIncomplete,
            Self::UnsupportedMediaType => Code::UnsupportedMediaType,
            Self::Unauthenticated(_) => Code::Unauthenticated,
            Self::RouteNotFound => Code::RouteNotFound,
            Self::MethodNotAllowed => Code::MethodNotAllowed,
            Self::BotNotFound(_) | Self::NoBot => Code::BotNotFound,
            Self::Model(UnknownModel::NotAllowed(_)) => Code::ModelNotAllowed,
            Self::Model(UnknownModel::NoProvider(_) | UnknownModel::NotSetUp { .. }) => Code::ModelNotFound,
            Self::Provider(error) => provider_code(error.code),
            Self::ConversationNotFound => Code::ConversationNotFound,
            Self::ConversationOfAnotherBot(_) => Code::ConversationOfAnotherBot,
            Self::ConversationBusy(_) => Code::ConversationBusy,
            Self::ConversationChanged(_) => Code::ConversationChanged,
            Self::TurnNotFound => Code::TurnNotFound,
            Self::InvalidIdempotencyKey => Code::InvalidIdempotencyKey,
            Self::IdempotencyKeyReused => Code::IdempotencyKeyReused,
            Self::IdempotencyKeyInFlight => Code::IdempotencyKeyInFlight,
            Self::Overloaded => Code::Overloaded,
            Self::DeadlineExceeded => Code::DeadlineExceeded,
            Self::BotUnusable(_) | Self::BotVersionMissing => Code::BotUnusable,
            Self::BrokenOff => Code::Internal,
            Self::Nlp(error) => match error {
                NlpError::Unreachable(_) => Code::NlpUnavailable,
                NlpError::DeadlineExceeded => Code::DeadlineExceeded,
                NlpError::Bundle(_) | NlpError::NotInstalled(_) => Code::BotUnusable,
                NlpError::Internal(_) => Code::Internal,
            },
            Self::Dialogue(error) => match error {
                DialogueError::Unreachable(_) | DialogueError::SearchUnavailable(_) => Code::DialogueUnavailable,
                DialogueError::DeadlineExceeded => Code::DeadlineExceeded,
                DialogueError::Bundle(_) | DialogueError::NotInstalled(_) => Code::BotUnusable,
                DialogueError::UnreadableState(_) | DialogueError::Internal(_) => Code::Internal,
            },
            Self::Store(error) => match error {
                StoreError::Unavailable(_) | StoreError::Overloaded(_) => Code::StoreUnavailable,
                StoreError::Conflict => Code::ConversationChanged,
                StoreError::Corrupt(_) | StoreError::Internal(_) => Code::Internal,
            },
        }
    }

    /// Its kind.
    pub const fn kind(&self) -> ErrorKind {
        self.code().kind()
    }

    /// Says whether it is our fault, not the caller's: the cause goes to the log and the customer gets an apology.
    pub const fn is_ours(&self) -> bool {
        self.code().status() >= 500
    }

    /// What the caller is told: the cause where the caller can mend it, else only what the code means, because causes name addresses and
    /// files.
    pub fn detail(&self) -> Cow<'static, str> {
        if let Self::Provider(error) = self {
            // Names the model and the next step, and no address. The provider's own words may quote the prompt, which is the caller's.
            return match &error.detail {
                Some(detail) if error.code.fault() == Fault::Caller => {
                    format!("{error}; the provider says: {detail}").into()
                }
                _ => error.to_string().into(),
            };
        }
        if self.is_ours() {
            let next = if self.kind().is_retryable() {
                "try again later"
            } else {
                "the log has more under this request id"
            };
            Cow::Owned(format!("{}; {next}", self.code().meaning()))
        } else {
            Cow::Owned(self.to_string())
        }
    }

    /// After how many seconds it makes sense to try again.
    pub fn retry_after(&self) -> Option<u32> {
        let asked = match self {
            Self::Provider(error) => error.retry_after,
            _ => None,
        };
        if let Some(asked) = asked {
            return Some(u32::try_from(asked.as_millis().div_ceil(1000)).unwrap_or(u32::MAX));
        }
        match self.kind() {
            ErrorKind::RateLimited => Some(1),
            ErrorKind::Unavailable => Some(if matches!(self, Self::Overloaded) { 1 } else { 5 }),
            _ if matches!(self, Self::IdempotencyKeyInFlight) => Some(1),
            _ => None,
        }
    }
}

const fn provider_code(code: ProviderCode) -> Code {
    match code {
        ProviderCode::KeyRejected => Code::ProviderKeyRejected,
        ProviderCode::NotAllowed => Code::ProviderNotAllowed,
        ProviderCode::ModelNotFound => Code::ProviderModelNotFound,
        ProviderCode::InvalidRequest => Code::ProviderInvalidRequest,
        ProviderCode::ContextTooLong => Code::ProviderContextTooLong,
        ProviderCode::ContentRefused => Code::ProviderContentRefused,
        ProviderCode::RateLimited => Code::ProviderRateLimited,
        ProviderCode::QuotaExhausted => Code::ProviderQuotaExhausted,
        ProviderCode::Overloaded => Code::ProviderOverloaded,
        ProviderCode::ServerFailed => Code::ProviderFailed,
        ProviderCode::Unreachable => Code::ProviderUnreachable,
        ProviderCode::FirstTokenTimeout => Code::ProviderFirstTokenTimeout,
        ProviderCode::TokenTimeout => Code::ProviderTokenTimeout,
        ProviderCode::TotalTimeout => Code::ProviderTotalTimeout,
        ProviderCode::StreamCut => Code::ProviderStreamCut,
        ProviderCode::Malformed => Code::ProviderMalformed,
    }
}

impl From<NlpError> for RequestError {
    fn from(error: NlpError) -> Self {
        Self::Nlp(error)
    }
}

impl From<DialogueError> for RequestError {
    fn from(error: DialogueError) -> Self {
        Self::Dialogue(error)
    }
}

/// Why a message got no answer, and in which language to apologise where that is our fault.
#[derive(Debug, thiserror::Error)]
#[error("{error}")]
pub struct ChatError {
    /// Why.
    pub error: RequestError,
    /// The customer's language.
    pub language: Language,
}

impl ChatError {
    /// The apology to show to the customer, where it is our fault that there is no answer.
    pub const fn apology(&self) -> Option<&'static str> {
        if self.error.is_ours() {
            Some(apology(self.language))
        } else {
            None
        }
    }
}

const fn apology(language: Language) -> &'static str {
    match language {
        Language::Ja => {
            "申し訳ございません。ただいまお答えすることができません。少し時間をおいて、もう一度お試しください。"
        }
        Language::En => "We are sorry, we can't answer just now. Please try again in a little while.",
    }
}
