//! Anthropic's messages: `POST {base}/v1/messages`.
//!
//! Answers that must fit a schema are asked for as a call of a tool with that schema, whose arguments are the answer.

use std::{borrow::Cow, sync::Arc};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{
    Call, DEFAULT_MAX_OUTPUT, Decoder, EventReader, SseDecoder, Wire, arguments, call_id::without_signature, code_of,
    data_url, headers_with_key, malformed, retry_after,
};
use crate::{
    FinishReason, GenerateRequest, Generation, GenerationEvent, Message, OutputFormat, Part, ProviderCode,
    ProviderError, Role, Target, TokenUsage, ToolChoice, sse::SseEvent, usage::Tokens,
};

const VERSION: &str = "2023-06-01";

pub(crate) struct Anthropic;

impl Wire for Anthropic {
    fn call(&self, target: &Target, request: &GenerateRequest, stream: bool) -> Result<Call, ProviderError> {
        Ok(Call {
            url: format!("{}/v1/messages", target.base_url.trim_end_matches('/')),
            headers: headers(target)?,
            body: Bytes::from(body(target, request, stream).to_string()),
        })
    }

    fn whole(&self, target: &Target, request: &GenerateRequest, body: &[u8]) -> Result<Generation, ProviderError> {
        let answer: Answer<'_> = serde_json::from_slice(body).map_err(|error| malformed(&target.name, error))?;
        let mut reader = Reader::new(target, request);
        let mut events = Vec::new();
        for (index, block) in answer.content.into_iter().enumerate() {
            reader.begin_block(index, &block, &mut events);
            reader.add(index, block.text.or(block.thinking).as_deref(), &mut events);
            if let Some(input) = block.input {
                reader.add(index, Some(&input.to_string()), &mut events);
            }
        }
        let mut generation = Generation::default();
        events.into_iter().for_each(|event| generation.add(event));
        generation.id = answer.id.into_owned();
        generation.model = answer.model.into_owned();
        generation.finish = Some(reader.finish_reason(answer.stop_reason.as_deref().unwrap_or_default()));
        generation.usage = Some(answer.usage.into());
        Ok(generation)
    }

    fn decoder(&self, target: &Target, request: &GenerateRequest) -> Box<dyn Decoder> {
        Box::new(SseDecoder::new(target, Reader::new(target, request)))
    }

    fn failure(&self, target: &Target, status: StatusCode, headers: &HeaderMap, body: &[u8]) -> ProviderError {
        #[derive(Deserialize)]
        struct Body<'a> {
            #[serde(borrow)]
            error: Problem<'a>,
        }
        let mut error = match serde_json::from_slice::<Body<'_>>(body) {
            Ok(body) => problem_error(&target.name, &body.error, Some(status)),
            Err(_) => ProviderError::new(code_of(status), &target.name).with_detail(&String::from_utf8_lossy(body)),
        };
        error.status = Some(status.as_u16());
        error.retry_after = retry_after(headers);
        error
    }

    fn list_call(&self, target: &Target) -> Option<(String, HeaderMap)> {
        let url = format!("{}/v1/models?limit=1000", target.base_url.trim_end_matches('/'));
        Some((url, headers(target).ok()?))
    }
}

fn headers(target: &Target) -> Result<HeaderMap, ProviderError> {
    let mut headers = headers_with_key(target, "x-api-key")?;
    let version = HeaderName::from_static("anthropic-version");
    headers.entry(version).or_insert(HeaderValue::from_static(VERSION));
    Ok(headers)
}

fn body(target: &Target, request: &GenerateRequest, stream: bool) -> Value {
    let mut body = Map::new();
    let mut set = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            body.insert(name.to_owned(), value);
        }
    };
    set("model", Some(json!(target.model)));
    set(
        "max_tokens",
        Some(json!(request.max_output_tokens.unwrap_or(DEFAULT_MAX_OUTPUT))),
    );
    let system: Vec<String> = request
        .messages
        .iter()
        .filter(|message| message.role == Role::System)
        .map(Message::text)
        .collect();
    set("system", (!system.is_empty()).then(|| json!(system.join("\n\n"))));
    set("messages", Some(messages(&request.messages)));
    set(
        "temperature",
        request.temperature.map(|temperature| json!(temperature.min(1.0))),
    );
    set("top_p", request.top_p.map(Value::from));
    set(
        "stop_sequences",
        (!request.stop.is_empty()).then(|| json!(request.stop)),
    );
    set("metadata", request.user.as_ref().map(|user| json!({"user_id": user})));
    let mut tools: Vec<Value> = request
        .tools
        .iter()
        .map(|tool| json!({"name": tool.name, "description": tool.description, "input_schema": tool.parameters}))
        .collect();
    let mut choice = match &request.tool_choice {
        _ if tools.is_empty() => None,
        ToolChoice::Auto => Some(json!({"type": "auto"})),
        ToolChoice::Never => Some(json!({"type": "none"})),
        ToolChoice::Any => Some(json!({"type": "any"})),
        ToolChoice::Named(name) => Some(json!({"type": "tool", "name": name})),
    };
    if let Some(name) = answer_tool(&request.output) {
        let schema = match &request.output {
            OutputFormat::JsonSchema { schema, .. } => schema.clone(),
            _ => json!({"type": "object"}),
        };
        tools.push(json!({"name": name, "description": "Gives the answer.", "input_schema": schema}));
        choice = Some(json!({"type": "tool", "name": name}));
    }
    set("tools", (!tools.is_empty()).then_some(Value::Array(tools)));
    set("tool_choice", choice);
    set("stream", stream.then_some(json!(true)));
    Value::Object(body)
}

/// The tool whose arguments are the answer, for an answer in JSON.
fn answer_tool(output: &OutputFormat) -> Option<&str> {
    match output {
        OutputFormat::Text => None,
        OutputFormat::JsonObject => Some("answer"),
        OutputFormat::JsonSchema { name, .. } => Some(name),
    }
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
                let result = json!({"type": "tool_result", "tool_use_id": called, "content": message.text()});
                ("user", vec![result])
            }
        };
        match turns.last_mut() {
            Some((last, before)) if *last == role => before.extend(blocks),
            _ => turns.push((role, blocks)),
        }
    }
    let turns = turns.into_iter().filter(|(_, blocks)| !blocks.is_empty());
    turns
        .map(|(role, blocks)| json!({"role": role, "content": blocks}))
        .collect()
}

fn content(message: &Message) -> Vec<Value> {
    let parts = message.parts.iter().filter_map(|part| match part {
        Part::Text(text) if text.is_empty() => None,
        Part::Text(text) => Some(json!({"type": "text", "text": text})),
        Part::Image(url) => Some(match data_url(url) {
            Some((media, data)) => {
                json!({"type": "image", "source": {"type": "base64", "media_type": media, "data": data}})
            }
            None => json!({"type": "image", "source": {"type": "url", "url": url}}),
        }),
    });
    let calls = message
        .tool_calls
        .iter()
        .map(|call| json!({"type": "tool_use", "id": without_signature(&call.id).0, "name": call.name, "input": arguments(&call.arguments)}));
    parts.chain(calls).collect()
}

#[derive(Deserialize)]
struct Answer<'a> {
    #[serde(borrow, default)]
    id: Cow<'a, str>,
    #[serde(borrow, default)]
    model: Cow<'a, str>,
    #[serde(borrow, default)]
    content: Vec<Block<'a>>,
    #[serde(borrow, default)]
    stop_reason: Option<Cow<'a, str>>,
    #[serde(default)]
    usage: Usage,
}

#[derive(Deserialize)]
struct Block<'a> {
    #[serde(borrow, rename = "type")]
    kind: Cow<'a, str>,
    #[serde(borrow, default)]
    text: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    thinking: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    id: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    name: Option<Cow<'a, str>>,
    #[serde(default)]
    input: Option<Value>,
}

#[derive(Deserialize, Default, Clone, Copy)]
struct Usage {
    #[serde(default)]
    input_tokens: Option<Tokens>,
    #[serde(default)]
    cache_creation_input_tokens: Option<Tokens>,
    #[serde(default)]
    cache_read_input_tokens: Option<Tokens>,
    #[serde(default)]
    output_tokens: Option<Tokens>,
}

impl Usage {
    /// Takes what a later report says anew.
    fn update(&mut self, later: Self) {
        self.input_tokens = later.input_tokens.or(self.input_tokens);
        self.cache_creation_input_tokens = later.cache_creation_input_tokens.or(self.cache_creation_input_tokens);
        self.cache_read_input_tokens = later.cache_read_input_tokens.or(self.cache_read_input_tokens);
        self.output_tokens = later.output_tokens.or(self.output_tokens);
    }
}

impl From<Usage> for TokenUsage {
    /// Anthropic counts what comes from and goes to its cache beside the rest.
    fn from(usage: Usage) -> Self {
        let (read, written) = (
            usage.cache_read_input_tokens.unwrap_or_default().0,
            usage.cache_creation_input_tokens.unwrap_or_default().0,
        );
        Self {
            input: usage
                .input_tokens
                .unwrap_or_default()
                .0
                .saturating_add(read)
                .saturating_add(written),
            cached_input: read,
            cache_writes: written,
            output: usage.output_tokens.unwrap_or_default().0,
            reasoning: 0,
            estimated: false,
        }
    }
}

#[derive(Deserialize)]
struct Problem<'a> {
    #[serde(borrow, default, rename = "type")]
    kind: Cow<'a, str>,
    #[serde(borrow, default)]
    message: Cow<'a, str>,
}

fn problem_error(target: &Arc<str>, problem: &Problem<'_>, status: Option<StatusCode>) -> ProviderError {
    let code = match &*problem.kind {
        "authentication_error" => ProviderCode::KeyRejected,
        "permission_error" => ProviderCode::NotAllowed,
        "not_found_error" => ProviderCode::ModelNotFound,
        "request_too_large" => ProviderCode::ContextTooLong,
        "rate_limit_error" => ProviderCode::RateLimited,
        "billing_error" => ProviderCode::QuotaExhausted,
        "overloaded_error" => ProviderCode::Overloaded,
        "api_error" => ProviderCode::ServerFailed,
        "timeout_error" => ProviderCode::FirstTokenTimeout,
        "invalid_request_error" if problem.message.contains("prompt is too long") => ProviderCode::ContextTooLong,
        "invalid_request_error" if problem.message.contains("credit balance") => ProviderCode::QuotaExhausted,
        "invalid_request_error" => ProviderCode::InvalidRequest,
        _ => status.map_or(ProviderCode::ServerFailed, code_of),
    };
    ProviderError::new(code, target).with_detail(&problem.message)
}

/// What a block of an answer is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum BlockKind {
    Text,
    Thinking,
    /// Which call of the answer.
    Call(usize),
    Other,
}

#[derive(Deserialize)]
struct Event<'a> {
    #[serde(borrow, rename = "type")]
    kind: Cow<'a, str>,
    #[serde(default)]
    index: usize,
    #[serde(borrow, default)]
    message: Option<Answer<'a>>,
    #[serde(borrow, default)]
    content_block: Option<Block<'a>>,
    #[serde(borrow, default)]
    delta: Option<Delta<'a>>,
    #[serde(default)]
    usage: Option<Usage>,
    #[serde(borrow, default)]
    error: Option<Problem<'a>>,
}

#[derive(Deserialize)]
struct Delta<'a> {
    #[serde(borrow, default)]
    text: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    partial_json: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    thinking: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    stop_reason: Option<Cow<'a, str>>,
}

struct Reader {
    target: Arc<str>,
    /// The tool whose arguments are the answer.
    answer_tool: Option<String>,
    /// By index.
    blocks: Vec<BlockKind>,
    calls: usize,
    usage: Usage,
    finish: Option<FinishReason>,
    stopped: bool,
}

impl Reader {
    fn new(target: &Target, request: &GenerateRequest) -> Self {
        Self {
            target: Arc::clone(&target.name),
            answer_tool: answer_tool(&request.output).map(str::to_owned),
            blocks: Vec::new(),
            calls: 0,
            usage: Usage::default(),
            finish: None,
            stopped: false,
        }
    }

    fn begin_block(&mut self, index: usize, block: &Block<'_>, events: &mut Vec<GenerationEvent>) {
        let kind = match &*block.kind {
            "text" => BlockKind::Text,
            "thinking" => BlockKind::Thinking,
            "tool_use" if self.answer_tool.is_some() && self.answer_tool.as_deref() == block.name.as_deref() => {
                BlockKind::Text
            }
            "tool_use" => {
                events.push(GenerationEvent::ToolCall {
                    index: self.calls,
                    id: block.id.as_deref().map(str::to_owned),
                    name: block.name.as_deref().map(str::to_owned),
                    arguments: String::new(),
                });
                self.calls += 1;
                BlockKind::Call(self.calls - 1)
            }
            _ => BlockKind::Other,
        };
        // Blocks come in order; one that does not is not read.
        if index == self.blocks.len() {
            self.blocks.push(kind);
        }
    }

    fn add(&self, index: usize, piece: Option<&str>, events: &mut Vec<GenerationEvent>) {
        let Some(piece) = piece.filter(|piece| !piece.is_empty()) else {
            return;
        };
        let Some(kind) = self.blocks.get(index) else {
            return;
        };
        events.push(match kind {
            BlockKind::Text => GenerationEvent::Text(piece.to_owned()),
            BlockKind::Thinking => GenerationEvent::Reasoning(piece.to_owned()),
            BlockKind::Call(call) => GenerationEvent::ToolCall {
                index: *call,
                id: None,
                name: None,
                arguments: piece.to_owned(),
            },
            BlockKind::Other => return,
        });
    }

    fn finish_reason(&self, name: &str) -> FinishReason {
        match name {
            "max_tokens" | "model_context_window_exceeded" => FinishReason::Length,
            "tool_use" if self.calls > 0 => FinishReason::ToolCalls,
            "refusal" => FinishReason::ContentFilter,
            _ => FinishReason::Stop,
        }
    }
}

impl EventReader for Reader {
    fn read(&mut self, event: &SseEvent, events: &mut Vec<GenerationEvent>) -> Result<(), ProviderError> {
        let event: Event<'_> = serde_json::from_str(&event.data).map_err(|error| malformed(&self.target, error))?;
        match &*event.kind {
            "message_start" => {
                let message = event
                    .message
                    .ok_or_else(|| malformed(&self.target, "a start without a message"))?;
                self.usage.update(message.usage);
                events.push(GenerationEvent::Started {
                    id: message.id.into_owned(),
                    model: message.model.into_owned(),
                });
            }
            "content_block_start" => {
                if let Some(block) = event.content_block {
                    self.begin_block(event.index, &block, events);
                    self.add(event.index, block.text.as_deref(), events);
                }
            }
            "content_block_delta" => {
                let delta = event.delta;
                let piece = delta.and_then(|delta| delta.text.or(delta.partial_json).or(delta.thinking));
                self.add(event.index, piece.as_deref(), events);
            }
            "message_delta" => {
                if let Some(usage) = event.usage {
                    self.usage.update(usage);
                }
                let reason = event.delta.and_then(|delta| delta.stop_reason);
                self.finish = reason.map(|reason| self.finish_reason(&reason)).or(self.finish);
            }
            "message_stop" => {
                self.stopped = true;
                events.push(GenerationEvent::Usage(self.usage.into()));
                events.push(GenerationEvent::Finished(self.finish.unwrap_or(FinishReason::Stop)));
            }
            "error" => {
                let problem = event
                    .error
                    .ok_or_else(|| malformed(&self.target, "an error without a reason"))?;
                return Err(problem_error(&self.target, &problem, None));
            }
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, _: &mut Vec<GenerationEvent>) -> Result<(), ProviderError> {
        if self.stopped {
            Ok(())
        } else {
            Err(ProviderError::new(ProviderCode::StreamCut, &self.target))
        }
    }
}
