//! How providers speak. One module each; a new protocol is one more.

mod anthropic;
mod azure;
mod bedrock;
mod call_id;
mod gemini;
mod gemini_embeddings;
mod openai_chat;
mod openai_embeddings;
mod openai_responses;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use crate::{
    EmbedRequest, Embeddings, GenerateRequest, Generation, GenerationEvent, Protocol, ProviderCode, ProviderError,
    Target,
    sse::{SseEvent, SseSplitter, TooLong},
};

/// The longest answer where a provider insists on a limit and the request has none, in tokens.
pub(crate) const DEFAULT_MAX_OUTPUT: u32 = 4096;

/// A call that is ready to be sent: POST of a JSON body.
pub(crate) struct Call {
    pub(crate) url: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// One protocol.
pub(crate) trait Wire: Send + Sync {
    /// Writes a request.
    fn call(&self, target: &Target, request: &GenerateRequest, stream: bool) -> Result<Call, ProviderError>;

    /// Reads a whole answer to a request.
    fn whole(&self, target: &Target, request: &GenerateRequest, body: &[u8]) -> Result<Generation, ProviderError>;

    /// Begins to read an answer to a request that comes in pieces.
    fn decoder(&self, target: &Target, request: &GenerateRequest) -> Box<dyn Decoder>;

    /// Reads what a provider says instead of an answer.
    fn failure(&self, target: &Target, status: StatusCode, headers: &HeaderMap, body: &[u8]) -> ProviderError;

    /// Writes a request for vectors.
    fn embed_call(&self, target: &Target, _: &EmbedRequest) -> Result<Call, ProviderError> {
        Err(no_embeddings(target))
    }

    /// For how many texts one call may ask.
    fn embed_at_once(&self, _: &Target) -> usize {
        usize::MAX
    }

    /// Reads the vectors.
    fn embeddings(&self, target: &Target, _: &EmbedRequest, _: &[u8]) -> Result<Embeddings, ProviderError> {
        Err(no_embeddings(target))
    }

    /// Where the provider lists its models, with the headers for it; `None` if it has no such list.
    fn list_call(&self, _: &Target) -> Option<(String, HeaderMap)> {
        None
    }
}

fn no_embeddings(target: &Target) -> ProviderError {
    ProviderError::new(ProviderCode::InvalidRequest, &target.name)
        .with_detail("embeddings are not supported with this provider's protocol; name a model of another provider")
}

/// Reads an answer that comes in pieces.
pub(crate) trait Decoder: Send {
    /// Takes bytes as they come, gives what they say.
    fn feed(&mut self, bytes: &[u8], events: &mut Vec<GenerationEvent>) -> Result<(), ProviderError>;

    /// Says whether the answer was whole when its bytes ended.
    fn end(&mut self, events: &mut Vec<GenerationEvent>) -> Result<(), ProviderError>;
}

/// The protocol of a target.
pub(crate) fn of(protocol: Protocol) -> &'static dyn Wire {
    match protocol {
        Protocol::OpenAiChat => &openai_chat::OpenAiChat,
        Protocol::OpenAiResponses => &openai_responses::OpenAiResponses,
        Protocol::AzureOpenAi => &azure::AzureOpenAi,
        Protocol::Anthropic => &anthropic::Anthropic,
        Protocol::Gemini => &gemini::Gemini,
        Protocol::Bedrock => &bedrock::Bedrock,
    }
}

/// Reads the events of a stream for a decoder.
pub(crate) trait EventReader: Send {
    /// Takes one event, gives what it says.
    fn read(&mut self, event: &SseEvent, events: &mut Vec<GenerationEvent>) -> Result<(), ProviderError>;

    /// Says whether the answer was whole.
    fn end(&mut self, events: &mut Vec<GenerationEvent>) -> Result<(), ProviderError>;
}

/// Why a stream can't be read any further.
enum Unreadable {
    Event(ProviderError),
    TooLong,
}

impl From<TooLong> for Unreadable {
    fn from(TooLong: TooLong) -> Self {
        Self::TooLong
    }
}

/// A decoder of server-sent events.
pub(crate) struct SseDecoder<R> {
    target: std::sync::Arc<str>,
    splitter: SseSplitter,
    reader: R,
}

impl<R: EventReader> SseDecoder<R> {
    pub(crate) fn new(target: &Target, reader: R) -> Self {
        Self {
            target: std::sync::Arc::clone(&target.name),
            splitter: SseSplitter::default(),
            reader,
        }
    }
}

impl<R: EventReader> Decoder for SseDecoder<R> {
    fn feed(&mut self, bytes: &[u8], events: &mut Vec<GenerationEvent>) -> Result<(), ProviderError> {
        let reader = &mut self.reader;
        let fed = self
            .splitter
            .feed(bytes, |event| reader.read(event, events).map_err(Unreadable::Event));
        fed.map_err(|unreadable| match unreadable {
            Unreadable::Event(error) => error,
            Unreadable::TooLong => {
                ProviderError::new(ProviderCode::Malformed, &self.target).with_detail("an event is too long")
            }
        })
    }

    fn end(&mut self, events: &mut Vec<GenerationEvent>) -> Result<(), ProviderError> {
        self.reader.end(events)
    }
}

/// What an HTTP status means where the body says no more.
pub(crate) fn code_of(status: StatusCode) -> ProviderCode {
    match status.as_u16() {
        401 => ProviderCode::KeyRejected,
        402 => ProviderCode::QuotaExhausted,
        403 => ProviderCode::NotAllowed,
        404 => ProviderCode::ModelNotFound,
        408 | 504 => ProviderCode::FirstTokenTimeout,
        413 => ProviderCode::ContextTooLong,
        429 => ProviderCode::RateLimited,
        503 | 529 => ProviderCode::Overloaded,
        400..500 => ProviderCode::InvalidRequest,
        _ => ProviderCode::ServerFailed,
    }
}

/// When a provider says to try again: `retry-after-ms`, or `retry-after` in seconds.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<std::time::Duration> {
    let number = |name| headers.get(name)?.to_str().ok()?.trim().parse::<f64>().ok();
    let seconds = number("retry-after-ms")
        .map(|ms| ms / 1e3)
        .or_else(|| number("retry-after"))?;
    std::time::Duration::try_from_secs_f64(seconds).ok()
}

/// The arguments of a call as a JSON object, as most protocols want them; empty if a model wrote something else.
pub(crate) fn arguments(json: &str) -> serde_json::Value {
    match serde_json::from_str(json) {
        Ok(serde_json::Value::Object(object)) => serde_json::Value::Object(object),
        _ => serde_json::json!({}),
    }
}

/// A picture in a `data:` URL: its media type and its bytes in Base64.
pub(crate) fn data_url(url: &str) -> Option<(&str, &str)> {
    url.strip_prefix("data:")?.split_once(";base64,")
}

/// Headers of a JSON call with a secret in one of them.
pub(crate) fn headers_with_key(target: &Target, name: &'static str) -> Result<HeaderMap, ProviderError> {
    let mut headers = HeaderMap::new();
    headers.insert(
        http::header::CONTENT_TYPE,
        http::HeaderValue::from_static("application/json"),
    );
    if let Some(key) = &target.key {
        headers.insert(
            http::HeaderName::from_static(name),
            openai_chat::secret(target, key.expose())?,
        );
    }
    openai_chat::further_headers(target, &mut headers)?;
    Ok(headers)
}

/// An error for an answer that can't be read.
pub(crate) fn malformed(target: &std::sync::Arc<str>, reason: impl std::fmt::Display) -> ProviderError {
    ProviderError::new(ProviderCode::Malformed, target).with_detail(&reason.to_string())
}
