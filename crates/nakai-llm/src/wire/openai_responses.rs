//! OpenAI's responses: `POST {base}/responses`. Nothing is stored at the provider: the whole conversation is sent each time.

use std::{borrow::Cow, sync::Arc};

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{
    Call, Decoder, EventReader, SseDecoder, Wire, call_id::without_signature, malformed, openai_chat, openai_embeddings,
};
use crate::{
    EmbedRequest, Embeddings, FinishReason, GenerateRequest, Generation, GenerationEvent, Message, OutputFormat, Part,
    ProviderCode, ProviderError, Role, Target, TokenUsage, ToolChoice, sse::SseEvent, usage::Tokens,
};

pub(crate) struct OpenAiResponses;

impl Wire for OpenAiResponses {
    fn call(&self, target: &Target, request: &GenerateRequest, stream: bool) -> Result<Call, ProviderError> {
        Ok(Call {
            url: format!("{}/responses", target.base_url.trim_end_matches('/')),
            headers: openai_chat::headers(target)?,
            body: Bytes::from(body(target, request, stream).to_string()),
        })
    }

    fn whole(&self, target: &Target, _: &GenerateRequest, body: &[u8]) -> Result<Generation, ProviderError> {
        let response: Response<'_> = serde_json::from_slice(body).map_err(|error| malformed(&target.name, error))?;
        let mut events = Vec::new();
        let mut reader = Reader::new(&target.name);
        reader.begin(&response, &mut events);
        for item in &response.output {
            reader.add_whole(item, &mut events);
        }
        reader.finish(response, &mut events)?;
        let mut generation = Generation::default();
        events.into_iter().for_each(|event| generation.add(event));
        Ok(generation)
    }

    fn decoder(&self, target: &Target, _: &GenerateRequest) -> Box<dyn Decoder> {
        Box::new(SseDecoder::new(target, Reader::new(&target.name)))
    }

    fn failure(&self, target: &Target, status: StatusCode, headers: &HeaderMap, body: &[u8]) -> ProviderError {
        openai_chat::failure(&target.name, status, headers, body)
    }

    fn embed_call(&self, target: &Target, request: &EmbedRequest) -> Result<Call, ProviderError> {
        openai_embeddings::call(target, request)
    }

    fn embeddings(&self, target: &Target, request: &EmbedRequest, body: &[u8]) -> Result<Embeddings, ProviderError> {
        openai_embeddings::read(target, request, body)
    }

    fn list_call(&self, target: &Target) -> Option<(String, HeaderMap)> {
        openai_embeddings::list_call(target)
    }
}

fn body(target: &Target, request: &GenerateRequest, stream: bool) -> Value {
    let mut body = Map::new();
    let mut set = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            body.insert(name.to_owned(), value);
        }
    };
    set("model", Some(json!(target.model)));
    set("input", Some(request.messages.iter().flat_map(items).collect()));
    set("store", Some(json!(false)));
    set("max_output_tokens", request.max_output_tokens.map(Value::from));
    set("temperature", request.temperature.map(Value::from));
    set("top_p", request.top_p.map(Value::from));
    set("safety_identifier", request.user.as_deref().map(Value::from));
    if !request.tools.is_empty() {
        let tools = request.tools.iter().map(|tool| {
            json!({"type": "function", "name": tool.name, "description": tool.description,
                   "parameters": tool.parameters, "strict": tool.strict})
        });
        set("tools", Some(tools.collect()));
        set(
            "tool_choice",
            Some(match &request.tool_choice {
                ToolChoice::Auto => json!("auto"),
                ToolChoice::Never => json!("none"),
                ToolChoice::Any => json!("required"),
                ToolChoice::Named(name) => json!({"type": "function", "name": name}),
            }),
        );
    }
    let format = match &request.output {
        OutputFormat::Text => None,
        OutputFormat::JsonObject => Some(json!({"type": "json_object"})),
        OutputFormat::JsonSchema { name, schema, strict } => {
            Some(json!({"type": "json_schema", "name": name, "schema": schema, "strict": strict}))
        }
    };
    set("text", format.map(|format| json!({"format": format})));
    set("stream", stream.then_some(json!(true)));
    Value::Object(body)
}

/// A message as one item, its calls as one each.
fn items(message: &Message) -> Vec<Value> {
    let called = message.tool_call_id.as_deref().map(|id| without_signature(id).0);
    let role = match message.role {
        Role::System => "system",
        Role::User => "user",
        Role::Assistant => "assistant",
        Role::Tool => {
            return vec![json!({"type": "function_call_output", "call_id": called, "output": message.text()})];
        }
    };
    let kind = if message.role == Role::Assistant {
        "output_text"
    } else {
        "input_text"
    };
    let content: Vec<Value> = message
        .parts
        .iter()
        .map(|part| match part {
            Part::Text(text) => json!({"type": kind, "text": text}),
            Part::Image(url) => json!({"type": "input_image", "image_url": url}),
        })
        .collect();
    let said = (!content.is_empty()).then(|| json!({"type": "message", "role": role, "content": content}));
    let calls = message.tool_calls.iter().map(
        |call| json!({"type": "function_call", "call_id": without_signature(&call.id).0, "name": call.name, "arguments": call.arguments}),
    );
    said.into_iter().chain(calls).collect()
}

#[derive(Deserialize)]
struct Response<'a> {
    #[serde(borrow, default)]
    id: Cow<'a, str>,
    #[serde(borrow, default)]
    model: Cow<'a, str>,
    #[serde(borrow, default)]
    status: Cow<'a, str>,
    #[serde(borrow, default)]
    output: Vec<Item<'a>>,
    #[serde(default)]
    usage: Option<Usage>,
    #[serde(borrow, default)]
    incomplete_details: Option<Incomplete<'a>>,
    #[serde(borrow, default)]
    error: Option<Problem<'a>>,
}

#[derive(Deserialize)]
struct Item<'a> {
    #[serde(borrow, default, rename = "type")]
    kind: Cow<'a, str>,
    #[serde(borrow, default)]
    call_id: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    name: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    arguments: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    content: Vec<Said<'a>>,
    #[serde(borrow, default)]
    summary: Vec<Said<'a>>,
}

#[derive(Deserialize)]
struct Said<'a> {
    #[serde(borrow, default)]
    text: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    refusal: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct Incomplete<'a> {
    #[serde(borrow, default)]
    reason: Cow<'a, str>,
}

#[derive(Deserialize)]
struct Problem<'a> {
    #[serde(borrow, default)]
    code: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    message: Cow<'a, str>,
}

#[derive(Deserialize)]
struct Usage {
    #[serde(default)]
    input_tokens: Tokens,
    #[serde(default)]
    input_tokens_details: Details,
    #[serde(default)]
    output_tokens: Tokens,
    #[serde(default)]
    output_tokens_details: Details,
}

#[derive(Deserialize, Default)]
struct Details {
    #[serde(default)]
    cached_tokens: Tokens,
    #[serde(default)]
    reasoning_tokens: Tokens,
}

impl From<Usage> for TokenUsage {
    fn from(usage: Usage) -> Self {
        Self {
            input: usage.input_tokens.0,
            cached_input: usage.input_tokens_details.cached_tokens.0,
            cache_writes: 0,
            output: usage.output_tokens.0,
            reasoning: usage.output_tokens_details.reasoning_tokens.0,
            estimated: false,
        }
    }
}

#[derive(Deserialize)]
struct Event<'a> {
    #[serde(borrow, rename = "type")]
    kind: Cow<'a, str>,
    #[serde(default)]
    output_index: usize,
    #[serde(borrow, default)]
    delta: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    item: Option<Item<'a>>,
    #[serde(borrow, default)]
    response: Option<Response<'a>>,
    #[serde(borrow, default)]
    code: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    message: Option<Cow<'a, str>>,
}

struct Reader {
    target: Arc<str>,
    /// Which call each item of the output is.
    calls: Vec<usize>,
    finished: bool,
}

impl Reader {
    fn new(target: &Arc<str>) -> Self {
        Self {
            target: Arc::clone(target),
            calls: Vec::new(),
            finished: false,
        }
    }

    fn begin(&self, response: &Response<'_>, events: &mut Vec<GenerationEvent>) {
        events.push(GenerationEvent::Started {
            id: response.id.clone().into_owned(),
            model: response.model.clone().into_owned(),
        });
    }

    fn begin_call(&mut self, output: usize, item: &Item<'_>, events: &mut Vec<GenerationEvent>) {
        self.calls.push(output);
        events.push(GenerationEvent::ToolCall {
            index: self.calls.len() - 1,
            id: item.call_id.as_deref().map(str::to_owned),
            name: item.name.as_deref().map(str::to_owned),
            arguments: String::new(),
        });
    }

    fn add_whole(&mut self, item: &Item<'_>, events: &mut Vec<GenerationEvent>) {
        match &*item.kind {
            "function_call" => {
                self.begin_call(self.calls.len(), item, events);
                self.add_arguments(self.calls.len() - 1, item.arguments.as_deref(), events);
            }
            "reasoning" => {
                let said = item.summary.iter().filter_map(|said| said.text.as_deref());
                events.extend(said.map(|text| GenerationEvent::Reasoning(text.to_owned())));
            }
            _ => {
                let said = item
                    .content
                    .iter()
                    .filter_map(|said| said.text.as_deref().or(said.refusal.as_deref()));
                events.extend(said.map(|text| GenerationEvent::Text(text.to_owned())));
            }
        }
    }

    fn add_arguments(&self, output: usize, arguments: Option<&str>, events: &mut Vec<GenerationEvent>) {
        if let (Some(index), Some(arguments)) = (self.calls.iter().position(|call| *call == output), arguments) {
            events.push(GenerationEvent::ToolCall {
                index,
                id: None,
                name: None,
                arguments: arguments.to_owned(),
            });
        }
    }

    fn finish(&mut self, response: Response<'_>, events: &mut Vec<GenerationEvent>) -> Result<(), ProviderError> {
        if let Some(problem) = response.error {
            return Err(problem_error(&self.target, problem.code.as_deref(), &problem.message));
        }
        // The reason may be missing; what came is no whole answer all the same.
        if matches!(&*response.status, "failed" | "cancelled") {
            return Err(problem_error(&self.target, None, &response.status));
        }
        events.extend(response.usage.map(|usage| GenerationEvent::Usage(usage.into())));
        let reason = match response.incomplete_details.as_ref().map(|details| &*details.reason) {
            Some("content_filter") => FinishReason::ContentFilter,
            Some(_) => FinishReason::Length,
            None if self.calls.is_empty() => FinishReason::Stop,
            None => FinishReason::ToolCalls,
        };
        events.push(GenerationEvent::Finished(reason));
        self.finished = true;
        Ok(())
    }
}

fn problem_error(target: &Arc<str>, code: Option<&str>, message: &str) -> ProviderError {
    let code = match code.unwrap_or_default() {
        "rate_limit_exceeded" => ProviderCode::RateLimited,
        "insufficient_quota" => ProviderCode::QuotaExhausted,
        "context_length_exceeded" => ProviderCode::ContextTooLong,
        "invalid_prompt" => ProviderCode::ContentRefused,
        _ => ProviderCode::ServerFailed,
    };
    ProviderError::new(code, target).with_detail(message)
}

impl EventReader for Reader {
    fn read(&mut self, event: &SseEvent, events: &mut Vec<GenerationEvent>) -> Result<(), ProviderError> {
        if event.data == "[DONE]" {
            return Ok(());
        }
        let event: Event<'_> = serde_json::from_str(&event.data).map_err(|error| malformed(&self.target, error))?;
        let delta = event.delta.as_deref().filter(|delta| !delta.is_empty());
        match (&*event.kind, event.response) {
            ("response.created", Some(response)) => self.begin(&response, events),
            ("response.completed" | "response.incomplete" | "response.failed", Some(response)) => {
                return self.finish(response, events);
            }
            ("response.output_item.added", _) => {
                if let Some(item) = event.item.filter(|item| item.kind == "function_call") {
                    self.begin_call(event.output_index, &item, events);
                }
            }
            ("response.output_text.delta" | "response.refusal.delta", _) => {
                events.extend(delta.map(|delta| GenerationEvent::Text(delta.to_owned())));
            }
            ("response.reasoning_summary_text.delta", _) => {
                events.extend(delta.map(|delta| GenerationEvent::Reasoning(delta.to_owned())));
            }
            ("response.function_call_arguments.delta", _) => self.add_arguments(event.output_index, delta, events),
            ("error", _) => {
                let message = event.message.as_deref().unwrap_or_default();
                return Err(problem_error(&self.target, event.code.as_deref(), message));
            }
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, _: &mut Vec<GenerationEvent>) -> Result<(), ProviderError> {
        if self.finished {
            Ok(())
        } else {
            Err(ProviderError::new(ProviderCode::StreamCut, &self.target))
        }
    }
}
