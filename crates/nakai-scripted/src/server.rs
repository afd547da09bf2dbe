//! Puts answers on the network, with the pauses and the faults of their scripts.

use std::{
    collections::HashMap,
    io,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    body::Body,
    extract::{Path, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use bytes::Bytes;
use futures_util::{StreamExt, stream};
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::{
    answer::Answer,
    prompt::Prompt,
    script::{Fault, Script},
    wire::{Envelope, Frames, Wire},
};

/// So many scripts are counted at most.
const MAX_COUNTED: usize = 10_000;
/// How long an embedding of this provider is.
const DIMENSION: usize = 16;

/// What the provider remembers.
#[derive(Debug, Default)]
pub struct ScriptedProvider {
    open: watch::Sender<usize>,
    answers: AtomicU64,
    /// By model: how often it was asked for.
    asked: Mutex<HashMap<String, usize>>,
}

impl ScriptedProvider {
    /// How often a model was asked for.
    pub fn asked(&self, model: &str) -> usize {
        let asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        asked.get(model).copied().unwrap_or_default()
    }

    /// How many answers are being sent in pieces.
    pub fn open_streams(&self) -> usize {
        *self.open.borrow()
    }

    /// Waits until no answer is being sent in pieces: all are over, or whoever asked has gone.
    pub async fn all_streams_closed(&self) {
        let mut open = self.open.subscribe();
        // The sender lives as long as `self`.
        let _ = open.wait_for(|open| *open == 0).await;
    }

    /// Notes that a model is asked for; says the how-manieth time it is, from 1.
    fn ask(&self, model: &str) -> usize {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(times) = asked.get_mut(model) {
            *times += 1;
            return *times;
        }
        if asked.len() < MAX_COUNTED {
            asked.insert(model.to_owned(), 1);
        }
        1
    }
}

impl ScriptedProvider {
    /// Notes that a model is asked for; says what goes wrong this time.
    fn fault_of(&self, model: &str, script: &Script) -> Option<Fault> {
        let asked = self.ask(model);
        script.fault.filter(|_| script.times == 0 || asked <= script.times)
    }
}

/// The routes of all protocols.
pub fn router(provider: Arc<ScriptedProvider>) -> Router {
    Router::new()
        .route("/v1/models", get(models))
        .route("/v1/embeddings", post(embeddings))
        .route("/v1/chat/completions", post(openai_chat))
        .route("/openai/v1/chat/completions", post(openai_chat))
        .route("/v1/responses", post(openai_responses))
        .route("/v1/messages", post(anthropic))
        .route("/v1beta/models/{call}", post(gemini))
        .route("/model/{model}/{method}", post(bedrock))
        .with_state(provider)
}

type Provider = State<Arc<ScriptedProvider>>;

async fn models() -> Response {
    let model = json!({"id": "scripted", "object": "model", "created": 1_764_000_000, "owned_by": "nakai"});
    json_response(StatusCode::OK, &json!({"object": "list", "data": [model]}))
}

async fn openai_chat(State(provider): Provider, body: Bytes) -> Response {
    respond(&provider, Wire::OpenAiChat, &body, |_| {}).await
}

async fn openai_responses(State(provider): Provider, body: Bytes) -> Response {
    respond(&provider, Wire::OpenAiResponses, &body, |_| {}).await
}

async fn anthropic(State(provider): Provider, body: Bytes) -> Response {
    respond(&provider, Wire::Anthropic, &body, |_| {}).await
}

async fn gemini(State(provider): Provider, Path(call): Path<String>, body: Bytes) -> Response {
    let (model, method) = call.rsplit_once(':').unwrap_or((&call, ""));
    respond(&provider, Wire::Gemini, &body, |prompt| {
        prompt.model = model.to_owned();
        prompt.stream = method == "streamGenerateContent";
    })
    .await
}

async fn bedrock(State(provider): Provider, Path((model, method)): Path<(String, String)>, body: Bytes) -> Response {
    if method == "invoke" {
        return bedrock_embeddings(&provider, &model, &body).await;
    }
    respond(&provider, Wire::Bedrock, &body, |prompt| {
        prompt.model = model;
        prompt.stream = method == "converse-stream";
    })
    .await
}

/// Vectors in OpenAI's form.
async fn embeddings(State(provider): Provider, body: Bytes) -> Response {
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let model = body["model"].as_str().unwrap_or_default();
    let texts: Vec<String> = match &body["input"] {
        Value::String(text) => vec![text.clone()],
        // A text in token numbers is the numbers.
        Value::Array(texts) => texts
            .iter()
            .map(|text| text.as_str().map_or_else(|| text.to_string(), str::to_owned))
            .collect(),
        _ => Vec::new(),
    };
    embedded(&provider, Wire::OpenAiChat, model, &texts, |vectors, tokens| {
        let data = vectors.iter().enumerate();
        let data = data.map(|(index, vector)| json!({"object": "embedding", "index": index, "embedding": vector}));
        let mut answer = json!({"object": "list", "data": data.collect::<Vec<Value>>(), "model": model});
        if let Some(tokens) = tokens {
            answer["usage"] = json!({"prompt_tokens": tokens, "total_tokens": tokens});
        }
        answer
    })
    .await
}

/// Vectors in the forms of Bedrock's models: one text for Titan, many for Cohere.
async fn bedrock_embeddings(provider: &Arc<ScriptedProvider>, model: &str, body: &[u8]) -> Response {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let text = |text: &Value| text.as_str().unwrap_or_default().to_owned();
    let texts: Vec<String> = match body["texts"].as_array() {
        Some(texts) => texts.iter().map(text).collect(),
        None => vec![text(&body["inputText"])],
    };
    embedded(provider, Wire::Bedrock, model, &texts, |vectors, tokens| {
        if body["texts"].is_array() {
            return json!({"id": "scripted", "response_type": "embeddings_by_type", "embeddings": {"float": vectors}});
        }
        let mut answer = json!({"embedding": vectors.first()});
        if let Some(tokens) = tokens {
            answer["inputTextTokenCount"] = json!(tokens);
        }
        answer
    })
    .await
}

/// Vectors in which equal texts are equal, and the faults of the script. `write` gets the tokens to tell, if any.
async fn embedded(
    provider: &Arc<ScriptedProvider>,
    wire: Wire,
    model: &str,
    texts: &[String],
    write: impl Fn(&[Vec<f32>], Option<usize>) -> Value,
) -> Response {
    let Ok(script) = model.parse::<Script>() else {
        return failure(wire, 404, None);
    };
    let fault = provider.fault_of(model, &script);
    match fault {
        Some(Fault::Status(status)) => return failure(wire, status, script.retry_after()),
        Some(Fault::StallFirst) => std::future::pending().await,
        Some(Fault::Empty) => return bytes_response("application/json", Body::empty()),
        _ => {}
    }
    let vector = |text: &String| -> Vec<f32> {
        let mut sums = [0.01_f32; DIMENSION];
        for (at, byte) in text.bytes().enumerate() {
            sums[(usize::from(byte) + at % 3) % DIMENSION] += 1.0;
        }
        let length = sums.iter().map(|sum| sum * sum).sum::<f32>().sqrt();
        sums.iter().map(|sum| sum / length).collect()
    };
    let vectors: Vec<Vec<f32>> = texts.iter().map(vector).collect();
    let tokens = match fault {
        Some(Fault::WrongUsage) => Some(4_000_000_000),
        Some(Fault::NoUsage) => None,
        _ => Some(texts.iter().map(|text| text.len().div_ceil(4)).sum()),
    };
    body_with_fault(Bytes::from(write(&vectors, tokens).to_string()), wire, fault)
}

/// Counts an answer as long as it lives.
struct OpenStream(Arc<ScriptedProvider>);

impl OpenStream {
    fn new(provider: &Arc<ScriptedProvider>) -> Self {
        provider.open.send_modify(|open| *open += 1);
        Self(Arc::clone(provider))
    }
}

impl Drop for OpenStream {
    fn drop(&mut self) {
        self.0.open.send_modify(|open| *open -= 1);
    }
}

async fn respond(
    provider: &Arc<ScriptedProvider>,
    wire: Wire,
    body: &Bytes,
    complete: impl FnOnce(&mut Prompt),
) -> Response {
    let Ok(body) = serde_json::from_slice::<Value>(body) else {
        return failure(wire, 400, None);
    };
    let mut prompt = Prompt::read(&body);
    complete(&mut prompt);
    let Ok(script) = prompt.model.parse::<Script>() else {
        return failure(wire, 404, None);
    };
    let fault = provider.fault_of(&prompt.model, &script);
    tokio::time::sleep(script.first).await;
    match fault {
        Some(Fault::Status(status)) => return failure(wire, status, script.retry_after()),
        Some(Fault::StallFirst) => std::future::pending().await,
        Some(Fault::Empty) => return bytes_response(wire.stream_type(), Body::empty()),
        _ => {}
    }
    let answer = Answer::to(
        &Script {
            fault,
            ..script.clone()
        },
        &prompt,
    );
    let envelope = Envelope {
        id: format!("scripted-{}", provider.answers.fetch_add(1, Ordering::Relaxed)),
        model: prompt.model.clone(),
        include_usage: prompt.include_usage,
    };
    if prompt.stream {
        let sent = sent(wire, wire.frames(&envelope, &answer), fault, script.after);
        bytes_response(
            wire.stream_type(),
            paced(sent, script.delay, Some(OpenStream::new(provider))),
        )
    } else {
        whole(wire, &envelope, &answer, fault)
    }
}

/// What goes over the network, in order.
enum Sent {
    Bytes(Bytes),
    /// The connection is cut.
    Cut,
    /// Nothing ever comes again.
    Nothing,
}

/// An answer in pieces, up to where it goes wrong.
fn sent(wire: Wire, frames: Frames, fault: Option<Fault>, after: usize) -> Vec<Sent> {
    let breaks = matches!(
        fault,
        Some(Fault::Stall | Fault::Cut | Fault::CutCharacter | Fault::ErrorEvent | Fault::NoEnd | Fault::Garbage)
    );
    let kept = if breaks { after } else { usize::MAX };
    let next = frames.pieces.get(kept).cloned();
    let mut sent: Vec<Sent> = frames
        .opening
        .into_iter()
        .chain(frames.pieces.into_iter().take(kept))
        .map(Sent::Bytes)
        .collect();
    match fault.filter(|_| breaks) {
        Some(Fault::Stall) => sent.push(Sent::Nothing),
        Some(Fault::Cut) => sent.push(Sent::Cut),
        Some(Fault::CutCharacter) => {
            sent.extend(
                next.as_deref()
                    .map(|frame| Sent::Bytes(Bytes::copy_from_slice(half_a_character(frame)))),
            );
            sent.push(Sent::Cut);
        }
        Some(Fault::ErrorEvent) => sent.push(Sent::Bytes(wire.error_frame())),
        Some(Fault::Garbage) => sent.push(Sent::Bytes(Bytes::from_static(b"data: {\"oh\":\n\ndata: no\n\n"))),
        Some(_) => {}
        None => sent.extend(frames.end.into_iter().map(Sent::Bytes)),
    }
    sent
}

/// A frame up to the middle of its first character of several bytes, or half of it.
fn half_a_character(frame: &[u8]) -> &[u8] {
    let end = frame
        .iter()
        .position(|byte| *byte >= 0x80)
        .map_or(frame.len() / 2, |start| start + 1);
    &frame[..end]
}

/// The pieces with a pause before each but the first.
fn paced(sent: Vec<Sent>, delay: Duration, open: Option<OpenStream>) -> Body {
    let pieces = stream::iter(sent.into_iter().enumerate()).then(move |(number, sent)| {
        // Moved here so that it goes with the body.
        let _ = &open;
        async move {
            if number > 0 && !delay.is_zero() {
                tokio::time::sleep(delay).await;
            }
            match sent {
                Sent::Bytes(bytes) => Ok(bytes),
                Sent::Cut => {
                    // What was written goes out before the connection is cut.
                    tokio::task::yield_now().await;
                    Err(io::Error::from(io::ErrorKind::ConnectionReset))
                }
                Sent::Nothing => std::future::pending().await,
            }
        }
    });
    Body::from_stream(pieces)
}

fn whole(wire: Wire, envelope: &Envelope, answer: &Answer, fault: Option<Fault>) -> Response {
    body_with_fault(Bytes::from(wire.whole(envelope, answer).to_string()), wire, fault)
}

/// A whole answer, as far as nothing goes wrong.
fn body_with_fault(body: Bytes, wire: Wire, fault: Option<Fault>) -> Response {
    let cut = |end: usize, last: Sent| {
        let mut response = bytes_response(
            "application/json",
            paced(vec![Sent::Bytes(body.slice(..end)), last], Duration::ZERO, None),
        );
        let length = HeaderValue::from(body.len());
        response.headers_mut().insert(header::CONTENT_LENGTH, length);
        response
    };
    match fault {
        Some(Fault::Stall) => cut(body.len() / 2, Sent::Nothing),
        Some(Fault::Cut | Fault::NoEnd) => cut(body.len() / 2, Sent::Cut),
        Some(Fault::CutCharacter) => cut(half_a_character(&body).len(), Sent::Cut),
        Some(Fault::Garbage) => bytes_response("application/json", Body::from("{\"oh\":")),
        Some(Fault::ErrorEvent) => failure(wire, 500, None),
        _ => bytes_response("application/json", Body::from(body)),
    }
}

fn failure(wire: Wire, status: u16, retry_after: Option<u32>) -> Response {
    let (body, kind) = wire.failure(status);
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = json_response(status, &body);
    if let Some((name, value)) = kind {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    let wait = retry_after.filter(|_| matches!(status.as_u16(), 429 | 503));
    if let Some(seconds) = wait {
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

fn json_response(status: StatusCode, body: &Value) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], body.to_string()).into_response()
}

fn bytes_response(kind: &'static str, body: Body) -> Response {
    ([(header::CONTENT_TYPE, kind)], body).into_response()
}
