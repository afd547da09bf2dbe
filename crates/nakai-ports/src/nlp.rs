use std::{sync::Arc, time::Instant};

use async_trait::async_trait;
use nakai_types::{Analysis, BotRef, ErrorKind, Language, RawText, TokenView};

use crate::{BundleArchive, BundleError};

/// One utterance to understand.
#[derive(Debug, Clone)]
pub struct AnalyseRequest {
    /// The bot and version whose intents and entities count.
    pub bot: BotRef,
    /// What the customer typed.
    pub text: RawText,
    /// The language that the caller asks for; decides instead of detection.
    pub language: Option<Language>,
    /// The language of the conversation so far; decides where the text says nothing (digits, names, Han characters only).
    pub previous_language: Option<Language>,
    /// When it was said, in milliseconds since 1970 (UTC): what "tomorrow" is counted from, in the bot's time zone.
    pub now_ms: i64,
    /// When the answer is no longer of use. Implementations stop by then with [`NlpError::DeadlineExceeded`].
    pub deadline: Instant,
}

/// Understands utterances: language, intents, entities.
#[async_trait]
pub trait Nlp: Send + Sync + 'static {
    /// Makes a bot version known, trained and ready. Installing it again does nothing.
    async fn install(&self, bundle: BundleArchive) -> Result<(), NlpError>;

    /// Understands one utterance. Total: any text gives an analysis, an utterance that fits nothing is out of scope.
    async fn analyse(&self, request: AnalyseRequest) -> Result<Analysis, NlpError>;

    /// Gives the words of a text in their language; stop words of the bot are marked if a bot is named.
    async fn tokens(
        &self,
        text: RawText,
        language: Option<Language>,
        bot: Option<BotRef>,
    ) -> Result<TokenView, NlpError>;

    /// Says whether the service can serve; asked by readiness.
    async fn ping(&self) -> Result<(), NlpError>;
}

/// The NLP service as everybody holds it.
pub type SharedNlp = Arc<dyn Nlp>;

/// Why an utterance could not be analysed.
#[derive(Debug, thiserror::Error)]
pub enum NlpError {
    /// The service has not been given this version. The caller installs it and asks again.
    #[error("the NLP service does not have bot `{}` {}; install it first", .0.name, .0.version)]
    NotInstalled(BotRef),
    /// The bundle can't be used.
    #[error(transparent)]
    Bundle(#[from] BundleError),
    /// The service can't be reached.
    #[error("the NLP service can't be reached ({0}); check that it runs and that its address is right")]
    Unreachable(String),
    /// The time set for the turn ran out.
    #[error("the NLP service did not answer in time; try again, or raise the limit of the turn")]
    DeadlineExceeded,
    /// A bug in the service.
    #[error("the NLP service failed: {0}; its log has more")]
    Internal(String),
}

impl NlpError {
    /// Maps the error to the closed set of kinds.
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::NotInstalled(_) => ErrorKind::NotFound,
            Self::Bundle(_) => ErrorKind::Invalid,
            Self::Unreachable(_) => ErrorKind::Unavailable,
            Self::DeadlineExceeded => ErrorKind::Timeout,
            Self::Internal(_) => ErrorKind::Internal,
        }
    }
}
