//! One call to one target: sent, timed, read as it comes. Dropping what it gives closes the connection, which tells the provider to stop.

use std::{collections::VecDeque, time::Instant};

use bytes::Bytes;
use futures_util::{FutureExt, StreamExt, TryStreamExt, stream::iter};
use tokio::time::timeout_at;

use crate::{
    EmbedRequest, Embeddings, GenerateRequest, GenerationEvent, ProviderCode, ProviderError, Target,
    wire::{self, Call, Decoder},
};

/// The longest answer that is read as a whole, in bytes.
const MAX_WHOLE: usize = 32 << 20;
/// The longest error that is read, in bytes.
const MAX_FAILURE: usize = 64 << 10;

/// Calls that are made at the same time for one request with more texts than fit into one.
const CALLS_AT_ONCE: usize = 8;

/// The pieces of one answer as they come.
pub(crate) struct Incoming {
    response: reqwest::Response,
    decoder: Box<dyn Decoder>,
    target: Target,
    ready: VecDeque<GenerationEvent>,
    /// Empty between calls; kept for its room.
    read: Vec<GenerationEvent>,
    /// What is told once the pieces before it are.
    failed: Option<ProviderError>,
    /// When everything must be there.
    deadline: Instant,
    /// Nothing more is received.
    over: bool,
}

/// Asks a target and waits until it begins to answer. `deadline` is the caller's own.
pub(crate) async fn stream(
    client: &reqwest::Client,
    target: &Target,
    request: &GenerateRequest,
    deadline: Instant,
) -> Result<Incoming, ProviderError> {
    let wire = wire::of(target.protocol);
    let start = Instant::now();
    let total = deadline.min(start + target.timeouts.total);
    let first = total.min(start + target.timeouts.first_token);
    let call = wire.call(target, request, true)?;
    let response = send(client, target, call, first).await?;
    let mut incoming = Incoming {
        response,
        decoder: wire.decoder(target, request),
        target: target.clone(),
        ready: VecDeque::new(),
        read: Vec::new(),
        failed: None,
        deadline: total,
        over: false,
    };
    // The answer begins with its first piece, not with the status line.
    incoming.receive(first, ProviderCode::FirstTokenTimeout).await;
    match incoming.failed.take_if(|_| incoming.ready.is_empty()) {
        Some(error) => Err(error),
        None => Ok(incoming),
    }
}

/// Asks a target for a whole answer.
pub(crate) async fn whole(
    client: &reqwest::Client,
    target: &Target,
    request: &GenerateRequest,
    deadline: Instant,
) -> Result<crate::Generation, ProviderError> {
    let wire = wire::of(target.protocol);
    let call = wire.call(target, request, false)?;
    let body = whole_body(client, target, call, deadline).await?;
    wire.whole(target, request, &body)
}

/// Asks a target for vectors.
pub(crate) async fn embed(
    client: &reqwest::Client,
    target: &Target,
    request: &EmbedRequest,
    deadline: Instant,
) -> Result<Embeddings, ProviderError> {
    let at_once = wire::of(target.protocol).embed_at_once(target);
    if request.inputs.len() <= at_once {
        return embed_part(client, target, request, deadline).await;
    }
    let parts = request
        .in_parts(at_once)
        .map(|part| async move { embed_part(client, target, &part, deadline).await });
    let parts: Vec<Embeddings> = iter(parts).buffered(CALLS_AT_ONCE).try_collect().await?;
    Ok(parts.into_iter().reduce(Embeddings::and).unwrap_or_default())
}

/// Asks for as many texts as one call may have.
async fn embed_part(
    client: &reqwest::Client,
    target: &Target,
    request: &EmbedRequest,
    deadline: Instant,
) -> Result<Embeddings, ProviderError> {
    let wire = wire::of(target.protocol);
    let call = wire.embed_call(target, request)?;
    let body = whole_body(client, target, call, deadline).await?;
    wire.embeddings(target, request, &body)
}

/// Reads something small, such as a list; `None` if that fails.
pub(crate) async fn get(client: &reqwest::Client, url: &str, headers: http::HeaderMap) -> Option<Vec<u8>> {
    let response = client.get(url).headers(headers).send().await.ok()?;
    if !response.status().is_success() {
        return None;
    }
    body(response, MAX_WHOLE).await.ok()
}

async fn whole_body(
    client: &reqwest::Client,
    target: &Target,
    call: Call,
    deadline: Instant,
) -> Result<Vec<u8>, ProviderError> {
    let total = deadline.min(Instant::now() + target.timeouts.total);
    let response = send(client, target, call, total).await?;
    timeout_at(total.into(), body(response, MAX_WHOLE))
        .await
        .map_err(|_| ProviderError::new(ProviderCode::TotalTimeout, &target.name))?
        .map_err(|_| ProviderError::new(ProviderCode::StreamCut, &target.name))
}

async fn send(
    client: &reqwest::Client,
    target: &Target,
    call: Call,
    until: Instant,
) -> Result<reqwest::Response, ProviderError> {
    let error = |code| ProviderError::new(code, &target.name);
    let sent = client.post(&call.url).headers(call.headers).body(call.body).send();
    let response = timeout_at(until.into(), sent)
        .await
        .map_err(|_| error(ProviderCode::FirstTokenTimeout))?
        .map_err(|failed| error(ProviderCode::Unreachable).with_detail(kind_of(&failed)))?;
    if response.status().is_success() {
        return Ok(response);
    }
    let (status, headers) = (response.status(), response.headers().clone());
    let body = timeout_at(until.into(), body(response, MAX_FAILURE)).await;
    let body = body.ok().and_then(Result::ok).unwrap_or_default();
    Err(wire::of(target.protocol).failure(target, status, &headers, &body))
}

/// What failed, without the address, which may hold a key.
fn kind_of(error: &reqwest::Error) -> &'static str {
    if error.is_connect() {
        "no connection"
    } else if error.is_timeout() {
        "no answer in time"
    } else {
        "the connection broke"
    }
}

/// Reads a body, at most `limit` bytes of it.
async fn body(mut response: reqwest::Response, limit: usize) -> Result<Vec<u8>, reqwest::Error> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        let room = limit - body.len();
        body.extend_from_slice(&chunk[..chunk.len().min(room)]);
        if body.len() == limit {
            break;
        }
    }
    Ok(body)
}

impl Incoming {
    /// Gives the next piece; `None` after the last one of a whole answer.
    pub(crate) async fn next(&mut self) -> Option<Result<GenerationEvent, ProviderError>> {
        if self.waits() {
            let until = Instant::now() + self.target.timeouts.between_tokens;
            self.receive(until, ProviderCode::TokenTimeout).await;
        }
        match self.ready.pop_front() {
            Some(event) => Some(Ok(event)),
            None => self.failed.take().map(Err),
        }
    }

    /// Whether there is a piece, or the end of a whole answer, without waiting. An error is none: what is done about it may take time.
    pub(crate) fn is_ready(&mut self) -> bool {
        while self.waits() {
            let Some(chunk) = self.response.chunk().now_or_never() else {
                return false;
            };
            self.take(chunk.map_err(|_| ProviderCode::StreamCut));
        }
        !self.ready.is_empty() || self.failed.is_none()
    }

    /// Whether there is nothing to be given before more is received.
    fn waits(&self) -> bool {
        self.ready.is_empty() && !self.over
    }

    /// Receives until there is something to be given: a piece, an error, or the end. `late` is the error if nothing comes in time.
    async fn receive(&mut self, until: Instant, late: ProviderCode) {
        let (until, late) = if self.deadline <= until {
            (self.deadline, ProviderCode::TotalTimeout)
        } else {
            (until, late)
        };
        while self.waits() {
            let chunk = timeout_at(until.into(), self.response.chunk()).await;
            let chunk = chunk.map_err(|_| late);
            self.take(chunk.and_then(|chunk| chunk.map_err(|_| ProviderCode::StreamCut)));
        }
    }

    /// Reads what was received. Pieces before something that can't be read are given before the error.
    fn take(&mut self, chunk: Result<Option<Bytes>, ProviderCode>) {
        let taken = match chunk {
            Ok(Some(bytes)) => self.decoder.feed(&bytes, &mut self.read),
            Ok(None) => {
                self.over = true;
                self.decoder.end(&mut self.read)
            }
            Err(code) => Err(ProviderError::new(code, &self.target.name)),
        };
        self.ready.extend(self.read.drain(..));
        if let Err(error) = taken {
            self.over = true;
            self.failed = Some(error);
        }
    }
}
