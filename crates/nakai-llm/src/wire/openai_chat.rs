//! OpenAI's chat completions: `POST {base}/chat/completions`.
//!
//! Compatible servers leave much out: ids, roles, usage, even `[DONE]`. What is needed is words and a `finish_reason`.

use std::{borrow::Cow, fmt, marker::PhantomData, sync::Arc};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, SeqAccess, Visitor},
};
use serde_json::{Map, Value, json};

use super::{
    Call, Decoder, EventReader, SseDecoder, Wire, call_id::without_signature, code_of, malformed, openai_embeddings,
    retry_after,
};
use crate::{
    EmbedRequest, Embeddings, FinishReason, GenerateRequest, Generation, GenerationEvent, Message, OutputFormat, Part,
    Protocol, ProviderCode, ProviderError, Role, Target, TokenUsage, ToolCall, ToolChoice, sse::SseEvent,
    usage::Tokens,
};

pub(crate) struct OpenAiChat;

impl Wire for OpenAiChat {
    fn call(&self, target: &Target, request: &GenerateRequest, stream: bool) -> Result<Call, ProviderError> {
        Ok(Call {
            url: format!("{}/chat/completions", target.base_url.trim_end_matches('/')),
            headers: headers(target)?,
            body: Bytes::from(body(target, request, stream).to_string()),
        })
    }

    fn whole(&self, target: &Target, _: &GenerateRequest, body: &[u8]) -> Result<Generation, ProviderError> {
        whole(&target.name, body)
    }

    fn decoder(&self, target: &Target, _: &GenerateRequest) -> Box<dyn Decoder> {
        Box::new(SseDecoder::new(target, ChunkReader::new(&target.name)))
    }

    fn failure(&self, target: &Target, status: StatusCode, headers: &HeaderMap, body: &[u8]) -> ProviderError {
        failure(&target.name, status, headers, body)
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

/// The headers of every call: JSON, the key as bearer, and what the target adds.
pub(super) fn headers(target: &Target) -> Result<HeaderMap, ProviderError> {
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if let Some(key) = &target.key {
        headers.insert(
            header::AUTHORIZATION,
            secret(target, &format!("Bearer {}", key.expose()))?,
        );
    }
    further_headers(target, &mut headers)?;
    Ok(headers)
}

/// Adds the headers that the target names itself.
pub(super) fn further_headers(target: &Target, headers: &mut HeaderMap) -> Result<(), ProviderError> {
    for (name, value) in &target.headers {
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|error| malformed(&target.name, error))?;
        headers.insert(name, secret(target, value.expose())?);
    }
    Ok(())
}

/// A header that is never shown.
pub(super) fn secret(target: &Target, value: &str) -> Result<HeaderValue, ProviderError> {
    let mut value = HeaderValue::from_str(value).map_err(|_| {
        ProviderError::new(ProviderCode::KeyRejected, &target.name)
            .with_detail("the key has characters that no header can have, a line end perhaps")
    })?;
    value.set_sensitive(true);
    Ok(value)
}

pub(super) fn body(target: &Target, request: &GenerateRequest, stream: bool) -> Value {
    let mut body = request.further.clone();
    let mut set = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            body.insert(name.to_owned(), value);
        }
    };
    set("model", Some(json!(target.model)));
    set("messages", Some(request.messages.iter().map(message).collect()));
    set(limit_name(target), request.max_output_tokens.map(Value::from));
    set("temperature", request.temperature.map(Value::from));
    set("top_p", request.top_p.map(Value::from));
    set("seed", request.seed.map(Value::from));
    set("user", request.user.as_deref().map(Value::from));
    set("stop", (!request.stop.is_empty()).then(|| json!(request.stop)));
    if !request.tools.is_empty() {
        let tools = request.tools.iter().map(|tool| {
            let mut function = json!({
                "name": tool.name, "description": tool.description, "parameters": tool.parameters,
            });
            if tool.strict {
                function["strict"] = json!(true);
            }
            json!({"type": "function", "function": function})
        });
        set("tools", Some(tools.collect()));
        set("tool_choice", Some(tool_choice(&request.tool_choice)));
    }
    set("response_format", response_format(&request.output));
    if stream {
        set("stream", Some(json!(true)));
        set("stream_options", Some(json!({"include_usage": true})));
    }
    Value::Object(body)
}

/// The name of the longest answer's field. OpenAI's models insist on the newer name; Mistral refuses it, Ollama and others ignore it,
/// and all of them know the older one.
fn limit_name(target: &Target) -> &'static str {
    let model = target.model.rsplit('/').next().unwrap_or_default();
    let version = model.strip_prefix("gpt-").or_else(|| model.strip_prefix('o'));
    let numbered = version.is_some_and(|version| version.starts_with(|c: char| c.is_ascii_digit()));
    if numbered || target.protocol == Protocol::AzureOpenAi || target.base_url.contains(".openai.com") {
        "max_completion_tokens"
    } else {
        "max_tokens"
    }
}

fn message(message: &Message) -> Value {
    let role = match message.role {
        Role::System => "system",
        Role::User => "user",
        Role::Assistant => "assistant",
        Role::Tool => "tool",
    };
    let mut value = Map::new();
    value.insert("role".into(), json!(role));
    let content = if message.has_image() {
        let parts = message.parts.iter().map(|part| match part {
            Part::Text(text) => json!({"type": "text", "text": text}),
            Part::Image(url) => json!({"type": "image_url", "image_url": {"url": url}}),
        });
        parts.collect()
    } else if message.parts.is_empty() {
        Value::Null
    } else {
        json!(message.text())
    };
    value.insert("content".into(), content);
    if !message.tool_calls.is_empty() {
        let calls = message.tool_calls.iter().map(|call| {
            json!({"id": without_signature(&call.id).0, "type": "function", "function": {"name": call.name, "arguments": call.arguments}})
        });
        value.insert("tool_calls".into(), calls.collect());
    }
    if let Some(id) = &message.tool_call_id {
        value.insert("tool_call_id".into(), json!(without_signature(id).0));
    }
    Value::Object(value)
}

fn tool_choice(choice: &ToolChoice) -> Value {
    match choice {
        ToolChoice::Auto => json!("auto"),
        ToolChoice::Never => json!("none"),
        ToolChoice::Any => json!("required"),
        ToolChoice::Named(name) => json!({"type": "function", "function": {"name": name}}),
    }
}

fn response_format(format: &OutputFormat) -> Option<Value> {
    match format {
        OutputFormat::Text => None,
        OutputFormat::JsonObject => Some(json!({"type": "json_object"})),
        OutputFormat::JsonSchema { name, schema, strict } => Some(json!({
            "type": "json_schema", "json_schema": {"name": name, "schema": schema, "strict": strict},
        })),
    }
}

#[derive(Deserialize)]
struct Completion<'a> {
    #[serde(borrow, default)]
    id: Cow<'a, str>,
    #[serde(borrow, default)]
    model: Cow<'a, str>,
    #[serde(borrow, default)]
    choices: First<Choice<'a>>,
    #[serde(default)]
    usage: Option<Usage>,
    #[serde(borrow, default)]
    error: Option<Problem<'a>>,
}

/// The first element of an array, if it has any. Nobody is asked for more than one answer, and a stream has hundreds of arrays.
struct First<T>(Option<T>);

impl<T> Default for First<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for First<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Elements<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Elements<T> {
            type Value = First<T>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an array")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<First<T>, A::Error> {
                let first = elements.next_element()?;
                while elements.next_element::<IgnoredAny>()?.is_some() {}
                Ok(First(first))
            }
        }

        deserializer.deserialize_seq(Elements(PhantomData))
    }
}

#[derive(Deserialize)]
struct Choice<'a> {
    /// `message` of a whole answer, `delta` of a piece.
    #[serde(borrow, default, alias = "delta")]
    message: Option<Said<'a>>,
    #[serde(borrow, default)]
    finish_reason: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct Said<'a> {
    #[serde(borrow, default)]
    content: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    refusal: Option<Cow<'a, str>>,
    #[serde(borrow, default, alias = "reasoning")]
    reasoning_content: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    tool_calls: Option<Vec<CallPiece<'a>>>,
}

#[derive(Deserialize)]
struct CallPiece<'a> {
    #[serde(default)]
    index: Option<usize>,
    #[serde(borrow, default)]
    id: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    function: Option<FunctionPiece<'a>>,
}

#[derive(Deserialize)]
struct FunctionPiece<'a> {
    #[serde(borrow, default)]
    name: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    arguments: Option<Cow<'a, str>>,
}

#[derive(Deserialize, Default)]
struct Usage {
    #[serde(default)]
    prompt_tokens: Tokens,
    #[serde(default)]
    completion_tokens: Tokens,
    #[serde(default)]
    prompt_tokens_details: Option<PromptDetails>,
    #[serde(default)]
    completion_tokens_details: Option<CompletionDetails>,
}

#[derive(Deserialize)]
struct PromptDetails {
    #[serde(default)]
    cached_tokens: Tokens,
}

#[derive(Deserialize)]
struct CompletionDetails {
    #[serde(default)]
    reasoning_tokens: Tokens,
}

#[derive(Deserialize)]
struct Problem<'a> {
    #[serde(borrow, default)]
    message: Cow<'a, str>,
    #[serde(borrow, default, rename = "type")]
    kind: Option<Cow<'a, str>>,
    /// A text at OpenAI, a number elsewhere.
    #[serde(default)]
    code: Value,
}

impl From<Usage> for TokenUsage {
    fn from(usage: Usage) -> Self {
        let cached = usage.prompt_tokens_details.map(|details| details.cached_tokens.0);
        let reasoning = usage
            .completion_tokens_details
            .map(|details| details.reasoning_tokens.0);
        Self {
            input: usage.prompt_tokens.0,
            cached_input: cached.unwrap_or_default(),
            cache_writes: 0,
            output: usage.completion_tokens.0,
            reasoning: reasoning.unwrap_or_default(),
            estimated: false,
        }
    }
}

pub(super) fn whole(target: &Arc<str>, body: &[u8]) -> Result<Generation, ProviderError> {
    let completion: Completion<'_> = serde_json::from_slice(body).map_err(|error| malformed(target, error))?;
    if let Some(problem) = &completion.error {
        return Err(problem_error(target, problem, None));
    }
    let choice = completion.choices.0.ok_or_else(|| malformed(target, "no choices"))?;
    let said = choice.message.ok_or_else(|| malformed(target, "no message"))?;
    let own = |text: Option<Cow<'_, str>>| text.map(Cow::into_owned).unwrap_or_default();
    let calls = said.tool_calls.unwrap_or_default().into_iter().map(|call| {
        let function = call.function.unwrap_or(FunctionPiece {
            name: None,
            arguments: None,
        });
        ToolCall {
            id: own(call.id),
            name: own(function.name),
            arguments: own(function.arguments),
        }
    });
    Ok(Generation {
        id: completion.id.into_owned(),
        model: completion.model.into_owned(),
        text: own(said.content.or(said.refusal)),
        reasoning: own(said.reasoning_content),
        tool_calls: calls.collect(),
        finish: Some(finish_reason(choice.finish_reason.as_deref().unwrap_or("stop"))),
        usage: completion.usage.map(TokenUsage::from),
    })
}

fn finish_reason(name: &str) -> FinishReason {
    match name {
        "length" | "max_tokens" => FinishReason::Length,
        "tool_calls" | "function_call" => FinishReason::ToolCalls,
        "content_filter" => FinishReason::ContentFilter,
        _ => FinishReason::Stop,
    }
}

/// Reads the chunks of a stream.
pub(super) struct ChunkReader {
    target: Arc<str>,
    started: bool,
    finished: bool,
}

impl ChunkReader {
    pub(super) fn new(target: &Arc<str>) -> Self {
        Self {
            target: Arc::clone(target),
            started: false,
            finished: false,
        }
    }
}

impl EventReader for ChunkReader {
    fn read(&mut self, event: &SseEvent, events: &mut Vec<GenerationEvent>) -> Result<(), ProviderError> {
        if event.data == "[DONE]" {
            return Ok(());
        }
        let chunk: Completion<'_> =
            serde_json::from_str(&event.data).map_err(|error| malformed(&self.target, error))?;
        if let Some(problem) = &chunk.error {
            return Err(problem_error(&self.target, problem, None));
        }
        // Azure begins with a filter's verdict, which has neither a name nor a choice.
        if chunk.id.is_empty() && chunk.choices.0.is_none() && chunk.usage.is_none() {
            return Ok(());
        }
        if !std::mem::replace(&mut self.started, true) {
            events.push(GenerationEvent::Started {
                id: chunk.id.into_owned(),
                model: chunk.model.into_owned(),
            });
        }
        if let Some(choice) = chunk.choices.0 {
            if let Some(said) = choice.message {
                said.add_to(events);
            }
            if let Some(reason) = choice.finish_reason
                && !std::mem::replace(&mut self.finished, true)
            {
                events.push(GenerationEvent::Finished(finish_reason(&reason)));
            }
        }
        events.extend(chunk.usage.map(|usage| GenerationEvent::Usage(usage.into())));
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

impl Said<'_> {
    fn add_to(self, events: &mut Vec<GenerationEvent>) {
        if let Some(text) = self.reasoning_content.filter(|text| !text.is_empty()) {
            events.push(GenerationEvent::Reasoning(text.into_owned()));
        }
        if let Some(text) = self.content.or(self.refusal).filter(|text| !text.is_empty()) {
            events.push(GenerationEvent::Text(text.into_owned()));
        }
        for (place, call) in self.tool_calls.unwrap_or_default().into_iter().enumerate() {
            let function = call.function.unwrap_or(FunctionPiece {
                name: None,
                arguments: None,
            });
            events.push(GenerationEvent::ToolCall {
                index: call.index.unwrap_or(place),
                id: call.id.map(Cow::into_owned),
                name: function.name.map(Cow::into_owned),
                arguments: function.arguments.map(Cow::into_owned).unwrap_or_default(),
            });
        }
    }
}

pub(super) fn failure(target: &Arc<str>, status: StatusCode, headers: &HeaderMap, body: &[u8]) -> ProviderError {
    #[derive(Deserialize)]
    struct Body<'a> {
        #[serde(borrow)]
        error: Problem<'a>,
    }
    let mut error = match serde_json::from_slice::<Body<'_>>(body) {
        Ok(body) => problem_error(target, &body.error, Some(status)),
        Err(_) => ProviderError::new(code_of(status), target).with_detail(&String::from_utf8_lossy(body)),
    };
    error.status = Some(status.as_u16());
    error.retry_after = retry_after(headers);
    error
}

/// What OpenAI's error object means. Its code is the most exact, then its type, then the status.
fn problem_error(target: &Arc<str>, problem: &Problem<'_>, status: Option<StatusCode>) -> ProviderError {
    let code = problem.code.as_str().unwrap_or_default();
    let kind = problem.kind.as_deref().unwrap_or_default();
    let number = problem
        .code
        .as_u64()
        .and_then(|code| StatusCode::from_u16(u16::try_from(code).ok()?).ok());
    let known = match (code, kind) {
        ("invalid_api_key", _) | (_, "authentication_error") => Some(ProviderCode::KeyRejected),
        ("model_not_found", _) => Some(ProviderCode::ModelNotFound),
        ("context_length_exceeded" | "string_above_max_length", _) => Some(ProviderCode::ContextTooLong),
        ("content_filter" | "content_policy_violation", _) => Some(ProviderCode::ContentRefused),
        ("insufficient_quota" | "billing_hard_limit_reached", _) | (_, "insufficient_quota") => {
            Some(ProviderCode::QuotaExhausted)
        }
        ("rate_limit_exceeded", _) | (_, "rate_limit_error" | "tokens" | "requests") => Some(ProviderCode::RateLimited),
        (_, "server_error" | "api_error") => Some(ProviderCode::ServerFailed),
        (_, "overloaded_error") => Some(ProviderCode::Overloaded),
        (_, "permission_error") => Some(ProviderCode::NotAllowed),
        _ => None,
    };
    let by_status = status.or(number).map(code_of);
    let code = known.or(by_status).unwrap_or(if kind == "invalid_request_error" {
        ProviderCode::InvalidRequest
    } else {
        ProviderCode::ServerFailed
    });
    ProviderError::new(code, target).with_detail(&problem.message)
}
