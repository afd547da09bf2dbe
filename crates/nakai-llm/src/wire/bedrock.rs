//! Amazon Bedrock's Converse: `POST {base}/model/{model}/converse`, or `/converse-stream`; vectors by `/invoke` (`embeddings`).
//!
//! Answers in pieces come in AWS's own binary framing (`frames`); calls are signed (`signature`) unless the key is a Bedrock API key.

mod embeddings;
mod frames;
mod signature;

use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use self::frames::{Frame, FrameSplitter};
use super::{
    Call, Decoder, Wire, arguments, call_id::without_signature, code_of, data_url, malformed, openai_chat, retry_after,
};
use crate::{
    EmbedRequest, Embeddings, FinishReason, GenerateRequest, Generation, GenerationEvent, Message, OutputFormat, Part,
    ProviderCode, ProviderError, Role, Target, TokenUsage, ToolChoice, usage::Tokens,
};

pub(crate) struct Bedrock;

impl Wire for Bedrock {
    fn call(&self, target: &Target, request: &GenerateRequest, stream: bool) -> Result<Call, ProviderError> {
        let method = if stream { "converse-stream" } else { "converse" };
        signed(target, method, &body(request))
    }

    fn whole(&self, target: &Target, _: &GenerateRequest, body: &[u8]) -> Result<Generation, ProviderError> {
        let answer: Answer = serde_json::from_slice(body).map_err(|error| malformed(&target.name, error))?;
        let mut generation = Generation {
            model: target.model.clone(),
            ..Generation::default()
        };
        let mut calls = 0;
        for block in answer.output.message.content {
            if let Some(text) = block.text {
                generation.add(GenerationEvent::Text(text));
            }
            if let Some(thought) = block.reasoning_content.and_then(|content| content.reasoning_text) {
                generation.add(GenerationEvent::Reasoning(thought.text));
            }
            if let Some(call) = block.tool_use {
                generation.add(GenerationEvent::ToolCall {
                    index: calls,
                    id: Some(call.tool_use_id),
                    name: Some(call.name),
                    arguments: call.input.to_string(),
                });
                calls += 1;
            }
        }
        generation.finish = Some(finish_reason(&answer.stop_reason));
        generation.usage = answer.usage.map(TokenUsage::from);
        Ok(generation)
    }

    fn decoder(&self, target: &Target, _: &GenerateRequest) -> Box<dyn Decoder> {
        Box::new(Reader {
            target: Arc::clone(&target.name),
            model: target.model.clone(),
            splitter: FrameSplitter::default(),
            calls: Vec::new(),
            stopped: false,
        })
    }

    fn failure(&self, target: &Target, status: StatusCode, headers: &HeaderMap, body: &[u8]) -> ProviderError {
        let kind = headers
            .get("x-amzn-errortype")
            .and_then(|kind| kind.to_str().ok())
            .unwrap_or_default();
        let mut error = exception(&target.name, kind.split(':').next().unwrap_or_default(), body)
            .unwrap_or_else(|| ProviderError::new(code_of(status), &target.name).with_detail(&message_of(body)));
        error.status = Some(status.as_u16());
        error.retry_after = retry_after(headers);
        error
    }

    fn embed_call(&self, target: &Target, request: &EmbedRequest) -> Result<Call, ProviderError> {
        signed(target, "invoke", &embeddings::body(target, request)?)
    }

    fn embed_at_once(&self, target: &Target) -> usize {
        embeddings::at_once(target)
    }

    fn embeddings(&self, target: &Target, request: &EmbedRequest, body: &[u8]) -> Result<Embeddings, ProviderError> {
        embeddings::read(target, request, body)
    }
}

/// A call of a model with whatever proves who calls.
fn signed(target: &Target, method: &str, body: &Value) -> Result<Call, ProviderError> {
    let base = target.base_url.trim_end_matches('/');
    let url = format!("{base}/model/{}/{method}", signature::encoded(&target.model));
    let body = Bytes::from(body.to_string());
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    openai_chat::further_headers(target, &mut headers)?;
    if let Some(key) = &target.key {
        match signature::Credentials::read(key.expose()) {
            Some(credentials) => {
                for (name, value) in signature::sign(&credentials, &url, &body, Timestamp::now()) {
                    headers.insert(HeaderName::from_static(name), openai_chat::secret(target, &value)?);
                }
            }
            None => {
                let bearer = format!("Bearer {}", key.expose());
                headers.insert(header::AUTHORIZATION, openai_chat::secret(target, &bearer)?);
            }
        }
    }
    Ok(Call { url, headers, body })
}

fn body(request: &GenerateRequest) -> Value {
    let mut body = Map::new();
    let system: Vec<Value> = request
        .messages
        .iter()
        .filter(|message| message.role == Role::System)
        .map(|message| json!({"text": message.text()}))
        .collect();
    if !system.is_empty() {
        body.insert("system".into(), Value::Array(system));
    }
    body.insert("messages".into(), messages(&request.messages));
    let mut config = Map::new();
    let mut set = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            config.insert(name.to_owned(), value);
        }
    };
    set("maxTokens", request.max_output_tokens.map(Value::from));
    set(
        "temperature",
        request.temperature.map(|temperature| json!(temperature.min(1.0))),
    );
    set("topP", request.top_p.map(Value::from));
    set("stopSequences", (!request.stop.is_empty()).then(|| json!(request.stop)));
    if !config.is_empty() {
        body.insert("inferenceConfig".into(), Value::Object(config));
    }
    // There is no way to forbid calls but to offer none, unless the conversation has some.
    let called = request.messages.iter().any(|message| !message.tool_calls.is_empty());
    if !request.tools.is_empty() && (request.tool_choice != ToolChoice::Never || called) {
        let tools = request.tools.iter().map(|tool| {
            json!({"toolSpec": {"name": tool.name, "description": tool.description, "inputSchema": {"json": tool.parameters}}})
        });
        let mut config = json!({"tools": tools.collect::<Vec<_>>()});
        match &request.tool_choice {
            ToolChoice::Any => config["toolChoice"] = json!({"any": {}}),
            ToolChoice::Named(name) => config["toolChoice"] = json!({"tool": {"name": name}}),
            ToolChoice::Auto | ToolChoice::Never => {}
        }
        body.insert("toolConfig".into(), config);
    }
    if let OutputFormat::JsonSchema { name, schema, .. } = &request.output {
        let schema = json!({"jsonSchema": {"name": name, "schema": schema.to_string()}});
        body.insert(
            "outputConfig".into(),
            json!({"textFormat": {"type": "json_schema", "structure": schema}}),
        );
    }
    Value::Object(body)
}

/// The conversation without instructions. Neighbours of one role become one message, as the protocol wants.
fn messages(messages: &[Message]) -> Value {
    let mut turns: Vec<(&str, Vec<Value>)> = Vec::new();
    for message in messages {
        let called = message.tool_call_id.as_deref().map(|id| without_signature(id).0);
        let (role, blocks) = match message.role {
            Role::System => continue,
            Role::User => ("user", content(message)),
            Role::Assistant => ("assistant", content(message)),
            Role::Tool => {
                let result = json!({"toolResult": {"toolUseId": called, "content": [{"text": message.text()}]}});
                ("user", vec![result])
            }
        };
        match turns.last_mut() {
            Some((last, before)) if *last == role => before.extend(blocks),
            _ => turns.push((role, blocks)),
        }
    }
    turns
        .into_iter()
        .map(|(role, blocks)| json!({"role": role, "content": blocks}))
        .collect()
}

fn content(message: &Message) -> Vec<Value> {
    let said = message.parts.iter().filter_map(|part| match part {
        Part::Text(text) => (!text.is_empty()).then(|| json!({"text": text})),
        Part::Image(url) => {
            let (media, data) = data_url(url)?;
            let format = media.strip_prefix("image/")?;
            Some(json!({"image": {"format": format, "source": {"bytes": data}}}))
        }
    });
    let calls = message
        .tool_calls
        .iter()
        .map(|call| json!({"toolUse": {"toolUseId": without_signature(&call.id).0, "name": call.name, "input": arguments(&call.arguments)}}));
    said.chain(calls).collect()
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    output: Output,
    #[serde(default)]
    stop_reason: String,
    #[serde(default)]
    usage: Option<Usage>,
}

#[derive(Deserialize)]
struct Output {
    message: AnswerMessage,
}

#[derive(Deserialize)]
struct AnswerMessage {
    #[serde(default)]
    content: Vec<Block>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Block {
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    reasoning_content: Option<Reasoning>,
    #[serde(default)]
    tool_use: Option<ToolUse>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Reasoning {
    #[serde(default)]
    reasoning_text: Option<Thought>,
}

#[derive(Deserialize)]
struct Thought {
    #[serde(default)]
    text: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ToolUse {
    #[serde(default)]
    tool_use_id: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    input: Value,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Usage {
    #[serde(default)]
    input_tokens: Tokens,
    #[serde(default)]
    output_tokens: Tokens,
    #[serde(default)]
    cache_read_input_tokens: Tokens,
    #[serde(default)]
    cache_write_input_tokens: Tokens,
}

impl From<Usage> for TokenUsage {
    /// Bedrock counts what comes from and goes to its cache beside the rest.
    fn from(usage: Usage) -> Self {
        let (read, written) = (usage.cache_read_input_tokens.0, usage.cache_write_input_tokens.0);
        Self {
            input: usage.input_tokens.0.saturating_add(read).saturating_add(written),
            cached_input: read,
            cache_writes: written,
            output: usage.output_tokens.0,
            reasoning: 0,
            estimated: false,
        }
    }
}

fn finish_reason(name: &str) -> FinishReason {
    match name {
        "max_tokens" | "model_context_window_exceeded" => FinishReason::Length,
        "tool_use" => FinishReason::ToolCalls,
        "guardrail_intervened" | "content_filtered" => FinishReason::ContentFilter,
        _ => FinishReason::Stop,
    }
}

/// What is inside the events of a stream.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Event {
    #[serde(default)]
    content_block_index: usize,
    #[serde(default)]
    start: Option<Start>,
    #[serde(default)]
    delta: Option<Delta>,
    #[serde(default)]
    stop_reason: Option<String>,
    #[serde(default)]
    usage: Option<Usage>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Start {
    #[serde(default)]
    tool_use: Option<ToolUse>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Delta {
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    reasoning_content: Option<Thought>,
    #[serde(default)]
    tool_use: Option<InputPiece>,
}

#[derive(Deserialize)]
struct InputPiece {
    #[serde(default)]
    input: String,
}

struct Reader {
    target: Arc<str>,
    model: String,
    splitter: FrameSplitter,
    /// By call: its block.
    calls: Vec<usize>,
    stopped: bool,
}

impl Reader {
    fn read(&mut self, frame: &Frame, events: &mut Vec<GenerationEvent>) -> Result<(), ProviderError> {
        if let Some(kind) = &frame.exception {
            return Err(exception(&self.target, kind, &frame.payload)
                .unwrap_or_else(|| ProviderError::new(ProviderCode::ServerFailed, &self.target).with_detail(kind)));
        }
        let event: Event = serde_json::from_slice(&frame.payload).map_err(|error| malformed(&self.target, error))?;
        match frame.event.as_str() {
            "messageStart" => events.push(GenerationEvent::Started {
                id: String::new(),
                model: self.model.clone(),
            }),
            "contentBlockStart" => {
                if let Some(call) = event.start.and_then(|start| start.tool_use) {
                    self.calls.push(event.content_block_index);
                    events.push(GenerationEvent::ToolCall {
                        index: self.calls.len() - 1,
                        id: Some(call.tool_use_id),
                        name: Some(call.name),
                        arguments: String::new(),
                    });
                }
            }
            "contentBlockDelta" => events.extend(
                event
                    .delta
                    .and_then(|delta| self.delta(event.content_block_index, delta)),
            ),
            "messageStop" => {
                self.stopped = true;
                let reason = finish_reason(event.stop_reason.as_deref().unwrap_or_default());
                events.push(GenerationEvent::Finished(reason));
            }
            "metadata" => events.extend(event.usage.map(|usage| GenerationEvent::Usage(usage.into()))),
            _ => {}
        }
        Ok(())
    }

    fn delta(&self, block: usize, delta: Delta) -> Option<GenerationEvent> {
        if let Some(text) = delta.text {
            return (!text.is_empty()).then_some(GenerationEvent::Text(text));
        }
        if let Some(thought) = delta.reasoning_content {
            return (!thought.text.is_empty()).then_some(GenerationEvent::Reasoning(thought.text));
        }
        Some(GenerationEvent::ToolCall {
            index: self.calls.iter().position(|call| *call == block)?,
            id: None,
            name: None,
            arguments: delta.tool_use?.input,
        })
    }
}

impl Decoder for Reader {
    fn feed(&mut self, bytes: &[u8], events: &mut Vec<GenerationEvent>) -> Result<(), ProviderError> {
        let mut frames = Vec::new();
        let fed = self.splitter.feed(bytes, &mut frames);
        for frame in &frames {
            self.read(frame, events)?;
        }
        fed.map_err(|broken| malformed(&self.target, broken))
    }

    fn end(&mut self, _: &mut Vec<GenerationEvent>) -> Result<(), ProviderError> {
        if self.stopped {
            Ok(())
        } else {
            Err(ProviderError::new(ProviderCode::StreamCut, &self.target))
        }
    }
}

/// What an exception of Bedrock means, by its name in any case.
fn exception(target: &Arc<str>, kind: &str, body: &[u8]) -> Option<ProviderError> {
    let message = message_of(body);
    let code = match kind.to_ascii_lowercase().as_str() {
        "accessdeniedexception" => ProviderCode::NotAllowed,
        "unrecognizedclientexception"
        | "invalidsignatureexception"
        | "expiredtokenexception"
        | "missingauthenticationtokenexception" => ProviderCode::KeyRejected,
        "resourcenotfoundexception" => ProviderCode::ModelNotFound,
        "throttlingexception" => ProviderCode::RateLimited,
        "servicequotaexceededexception" => ProviderCode::QuotaExhausted,
        "validationexception" if message.contains("too long") => ProviderCode::ContextTooLong,
        "validationexception" => ProviderCode::InvalidRequest,
        "modeltimeoutexception" => ProviderCode::FirstTokenTimeout,
        "modelnotreadyexception" | "serviceunavailableexception" => ProviderCode::Overloaded,
        "internalserverexception" | "modelerrorexception" | "modelstreamerrorexception" => ProviderCode::ServerFailed,
        _ => return None,
    };
    Some(ProviderError::new(code, target).with_detail(&message))
}

fn message_of(body: &[u8]) -> String {
    #[derive(Deserialize)]
    struct Body {
        #[serde(alias = "Message")]
        message: String,
    }
    serde_json::from_slice::<Body>(body)
        .map(|body| body.message)
        .unwrap_or_default()
}
