use std::{fmt, sync::Arc, time::Duration};

/// The longest text of a provider that an error repeats, in characters.
const MAX_DETAIL: usize = 300;

/// Why a target gave no answer, or not all of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderError {
    /// What went wrong.
    pub code: ProviderCode,
    /// The target.
    pub target: Arc<str>,
    /// The HTTP status, if there was one.
    pub status: Option<u16>,
    /// When the provider says to try again.
    pub retry_after: Option<Duration>,
    /// The provider's own words, shortened, if it said any. For operators, never for customers.
    pub detail: Option<String>,
}

/// What can go wrong with a provider: a closed set, the same for all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ProviderCode {
    /// The key is missing or wrong.
    KeyRejected,
    /// The key may not use the model.
    NotAllowed,
    /// There is no such model.
    ModelNotFound,
    /// The provider does not take the request.
    InvalidRequest,
    /// Prompt and answer together are longer than the model can take.
    ContextTooLong,
    /// The provider's filter refuses the prompt.
    ContentRefused,
    /// Too many requests or tokens for now.
    RateLimited,
    /// The account has no money or quota left.
    QuotaExhausted,
    /// The provider has too much to do.
    Overloaded,
    /// The provider failed.
    ServerFailed,
    /// No connection.
    Unreachable,
    /// The first piece of the answer did not come in time.
    FirstTokenTimeout,
    /// The next piece did not come in time.
    TokenTimeout,
    /// The whole answer did not come in time.
    TotalTimeout,
    /// The answer broke off.
    StreamCut,
    /// What came is not what this provider's interface says.
    Malformed,
}

/// Who has to do something about an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fault {
    /// Whoever set the target up.
    Operator,
    /// Whoever made the request.
    Caller,
    /// The provider.
    Provider,
}

impl ProviderCode {
    /// Its name in logs, metrics and answers.
    pub const fn name(self) -> &'static str {
        match self {
            Self::KeyRejected => "provider_key_rejected",
            Self::NotAllowed => "provider_not_allowed",
            Self::ModelNotFound => "provider_model_not_found",
            Self::InvalidRequest => "provider_invalid_request",
            Self::ContextTooLong => "provider_context_too_long",
            Self::ContentRefused => "provider_content_refused",
            Self::RateLimited => "provider_rate_limited",
            Self::QuotaExhausted => "provider_quota_exhausted",
            Self::Overloaded => "provider_overloaded",
            Self::ServerFailed => "provider_failed",
            Self::Unreachable => "provider_unreachable",
            Self::FirstTokenTimeout => "provider_first_token_timeout",
            Self::TokenTimeout => "provider_token_timeout",
            Self::TotalTimeout => "provider_total_timeout",
            Self::StreamCut => "provider_stream_cut",
            Self::Malformed => "provider_malformed",
        }
    }

    /// Whose fault it is.
    pub const fn fault(self) -> Fault {
        match self {
            Self::KeyRejected | Self::NotAllowed | Self::ModelNotFound | Self::QuotaExhausted => Fault::Operator,
            Self::InvalidRequest | Self::ContextTooLong | Self::ContentRefused => Fault::Caller,
            _ => Fault::Provider,
        }
    }

    /// Whether the same target may answer the same request soon.
    pub const fn may_retry(self) -> bool {
        matches!(
            self,
            Self::RateLimited | Self::Overloaded | Self::ServerFailed | Self::Unreachable | Self::StreamCut
        )
    }

    /// Whether another target may answer the request: not if the request itself is at fault. A longer context or a milder filter may be
    /// elsewhere.
    pub const fn may_fail_over(self) -> bool {
        !matches!(self, Self::InvalidRequest)
    }

    /// Whether it tells that the target is unwell, rather than the request.
    pub const fn counts_against_target(self) -> bool {
        matches!(self.fault(), Fault::Provider) && !matches!(self, Self::TotalTimeout)
    }

    const fn cure(self) -> &'static str {
        match self {
            Self::KeyRejected => "check the key in the environment and that it belongs to this address",
            Self::NotAllowed => "give the key access to the model, or name another one",
            Self::ModelNotFound => "check the model's name in the provider's list",
            Self::InvalidRequest => "change the request as the provider says",
            Self::ContextTooLong => "shorten the prompt, the history or the longest answer",
            Self::ContentRefused => "the provider's filter refuses it; say it in other words",
            Self::RateLimited => "wait, raise the limit at the provider, or add a second target",
            Self::QuotaExhausted => "pay or raise the quota at the provider",
            Self::Overloaded | Self::ServerFailed => "try again later, or add a second target",
            Self::Unreachable => "check the address and the network",
            Self::FirstTokenTimeout | Self::TokenTimeout | Self::TotalTimeout => {
                "try again, raise the time limit, or add a second target"
            }
            Self::StreamCut => "try again; something between here and the provider closes streams",
            Self::Malformed => "check that the address speaks the protocol that the target names",
        }
    }
}

impl ProviderError {
    /// An error of a target.
    pub fn new(code: ProviderCode, target: &Arc<str>) -> Self {
        Self {
            code,
            target: Arc::clone(target),
            status: None,
            retry_after: None,
            detail: None,
        }
    }

    /// Adds the provider's words, without control characters and shortened.
    #[must_use]
    pub fn with_detail(mut self, detail: &str) -> Self {
        let detail: String = detail.chars().filter(|c| !c.is_control()).take(MAX_DETAIL).collect();
        self.detail = (!detail.is_empty()).then_some(detail);
        self
    }
}

impl fmt::Display for ProviderError {
    /// One line for operators. The provider's own words may repeat a prompt and are left out: see `detail`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the model `{}`: {}", self.target, self.code.name())?;
        if let Some(status) = self.status {
            write!(f, " (HTTP {status})")?;
        }
        write!(f, "; {}", self.code.cure())
    }
}

impl std::error::Error for ProviderError {}
