//! Gemini: `POST {base}/models/{model}:generateContent`, or `:streamGenerateContent?alt=sse`.

use std::{borrow::Cow, sync::Arc, time::Duration};

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{
    Call, Decoder, EventReader, SseDecoder, Wire, arguments,
    call_id::{with_signature, without_signature},
    code_of, data_url, gemini_embeddings, headers_with_key, malformed, retry_after,
};
use crate::{
    EmbedRequest, Embeddings, FinishReason, GenerateRequest, Generation, GenerationEvent, Message, OutputFormat, Part,
    ProviderCode, ProviderError, Role, Target, TokenUsage, ToolChoice, sse::SseEvent, usage::Tokens,
};

/// What Google documents for calls that none of its models made.
const UNSIGNED: &str = "skip_thought_signature_validator";

pub(crate) struct Gemini;

impl Wire for Gemini {
    fn call(&self, target: &Target, request: &GenerateRequest, stream: bool) -> Result<Call, ProviderError> {
        let method = if stream {
            "streamGenerateContent?alt=sse"
        } else {
            "generateContent"
        };
        Ok(Call {
            url: format!(
                "{}/models/{}:{method}",
                target.base_url.trim_end_matches('/'),
                target.model
            ),
            headers: headers_with_key(target, "x-goog-api-key")?,
            body: Bytes::from(body(target, request).to_string()),
        })
    }

    fn whole(&self, target: &Target, _: &GenerateRequest, body: &[u8]) -> Result<Generation, ProviderError> {
        let mut reader = Reader::new(target);
        let mut events = Vec::new();
        let answer = serde_json::from_slice(body).map_err(|error| malformed(&target.name, error))?;
        reader.take(answer, &mut events)?;
        reader.end(&mut events)?;
        let mut generation = Generation::default();
        events.into_iter().for_each(|event| generation.add(event));
        Ok(generation)
    }

    fn decoder(&self, target: &Target, _: &GenerateRequest) -> Box<dyn Decoder> {
        Box::new(SseDecoder::new(target, Reader::new(target)))
    }

    fn failure(&self, target: &Target, status: StatusCode, headers: &HeaderMap, body: &[u8]) -> ProviderError {
        #[derive(Deserialize)]
        struct Body<'a> {
            #[serde(borrow)]
            error: Problem<'a>,
        }
        // A stream's error may come in a list.
        let parsed = serde_json::from_slice::<Body<'_>>(body)
            .or_else(|_| serde_json::from_slice::<[Body<'_>; 1]>(body).map(|[body]| body));
        let mut error = match parsed {
            Ok(body) => problem_error(&target.name, &body.error, status),
            Err(_) => ProviderError::new(code_of(status), &target.name).with_detail(&String::from_utf8_lossy(body)),
        };
        error.status = Some(status.as_u16());
        error.retry_after = retry_after(headers).or(error.retry_after);
        error
    }

    fn embed_call(&self, target: &Target, request: &EmbedRequest) -> Result<Call, ProviderError> {
        gemini_embeddings::call(target, request)
    }

    fn embeddings(&self, target: &Target, request: &EmbedRequest, body: &[u8]) -> Result<Embeddings, ProviderError> {
        gemini_embeddings::read(target, request, body)
    }

    fn list_call(&self, target: &Target) -> Option<(String, HeaderMap)> {
        gemini_embeddings::list_call(target)
    }
}

fn body(target: &Target, request: &GenerateRequest) -> Value {
    let mut body = Map::new();
    let system: Vec<Value> = request
        .messages
        .iter()
        .filter(|message| message.role == Role::System)
        .map(|message| json!({"text": message.text()}))
        .collect();
    if !system.is_empty() {
        body.insert("systemInstruction".into(), json!({"parts": system}));
    }
    // Older models sign nothing.
    let signed = !["gemini-1", "gemini-2"].iter().any(|old| target.model.starts_with(old));
    body.insert("contents".into(), contents(&request.messages, signed));
    if !request.tools.is_empty() {
        let tools = request.tools.iter().map(
            |tool| json!({"name": tool.name, "description": tool.description, "parametersJsonSchema": tool.parameters}),
        );
        body.insert(
            "tools".into(),
            json!([{"functionDeclarations": tools.collect::<Vec<_>>()}]),
        );
        let config = match &request.tool_choice {
            ToolChoice::Auto => json!({"mode": "AUTO"}),
            ToolChoice::Never => json!({"mode": "NONE"}),
            ToolChoice::Any => json!({"mode": "ANY"}),
            ToolChoice::Named(name) => json!({"mode": "ANY", "allowedFunctionNames": [name]}),
        };
        body.insert("toolConfig".into(), json!({"functionCallingConfig": config}));
    }
    let mut config = Map::new();
    let mut set = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            config.insert(name.to_owned(), value);
        }
    };
    set("maxOutputTokens", request.max_output_tokens.map(Value::from));
    set("temperature", request.temperature.map(Value::from));
    set("topP", request.top_p.map(Value::from));
    set("seed", request.seed.map(Value::from));
    set("stopSequences", (!request.stop.is_empty()).then(|| json!(request.stop)));
    match &request.output {
        OutputFormat::Text => {}
        OutputFormat::JsonObject => set("responseMimeType", Some(json!("application/json"))),
        OutputFormat::JsonSchema { schema, .. } => {
            set("responseMimeType", Some(json!("application/json")));
            set("responseJsonSchema", Some(schema.clone()));
        }
    }
    if !config.is_empty() {
        body.insert("generationConfig".into(), Value::Object(config));
    }
    Value::Object(body)
}

/// The conversation without instructions. Neighbours of one role become one turn.
fn contents(messages: &[Message], signed: bool) -> Value {
    // Answers of tools name the tool, not the call. The latest of that name: not every client has names for calls that are used once.
    let tool_of = |before: usize, id: Option<&str>| {
        let calls = messages
            .iter()
            .take(before)
            .rev()
            .flat_map(|message| &message.tool_calls);
        calls
            .filter(|call| Some(call.id.as_str()) == id)
            .map(|call| call.name.as_str())
            .next()
            .unwrap_or_default()
    };
    let mut turns: Vec<(&str, Vec<Value>)> = Vec::new();
    for (place, message) in messages.iter().enumerate() {
        let (role, mut parts) = match message.role {
            Role::System => continue,
            Role::User => ("user", parts(message)),
            Role::Assistant => ("model", parts(message)),
            Role::Tool => {
                let text = message.text();
                let response = match serde_json::from_str::<Value>(&text) {
                    Ok(Value::Object(object)) => Value::Object(object),
                    _ => json!({"result": text}),
                };
                let name = tool_of(place, message.tool_call_id.as_deref());
                (
                    "user",
                    vec![json!({"functionResponse": {"name": name, "response": response}})],
                )
            }
        };
        if signed {
            sign_first_call(&mut parts);
        }
        match turns.last_mut() {
            Some((last, before)) if *last == role => before.extend(parts),
            _ => turns.push((role, parts)),
        }
    }
    turns
        .into_iter()
        .map(|(role, parts)| json!({"role": role, "parts": parts}))
        .collect()
}

/// Marks calls that Gemini did not make, such as those of the model that it stands in for: it wants the first call of each step signed.
fn sign_first_call(parts: &mut [Value]) {
    let first = parts.iter_mut().find(|part| part.get("functionCall").is_some());
    if let Some(call) = first.filter(|call| call.get("thoughtSignature").is_none()) {
        call["thoughtSignature"] = json!(UNSIGNED);
    }
}

fn parts(message: &Message) -> Vec<Value> {
    let said = message.parts.iter().map(|part| match part {
        Part::Text(text) => json!({"text": text}),
        Part::Image(url) => match data_url(url) {
            Some((media, data)) => json!({"inlineData": {"mimeType": media, "data": data}}),
            None => json!({"fileData": {"fileUri": url}}),
        },
    });
    let calls = message.tool_calls.iter().map(|call| {
        let mut part = json!({"functionCall": {"name": call.name, "args": arguments(&call.arguments)}});
        if let (_, Some(signature)) = without_signature(&call.id) {
            part["thoughtSignature"] = json!(signature);
        }
        part
    });
    said.chain(calls).collect()
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer<'a> {
    #[serde(borrow, default)]
    candidates: Vec<Candidate<'a>>,
    #[serde(borrow, default)]
    prompt_feedback: Option<Feedback<'a>>,
    #[serde(default)]
    usage_metadata: Option<Usage>,
    #[serde(borrow, default)]
    model_version: Cow<'a, str>,
    #[serde(borrow, default)]
    response_id: Cow<'a, str>,
    #[serde(borrow, default)]
    error: Option<Problem<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Candidate<'a> {
    #[serde(borrow, default)]
    content: Option<Content<'a>>,
    #[serde(borrow, default)]
    finish_reason: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct Content<'a> {
    #[serde(borrow, default)]
    parts: Vec<AnswerPart<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AnswerPart<'a> {
    #[serde(borrow, default)]
    text: Option<Cow<'a, str>>,
    #[serde(default)]
    thought: bool,
    #[serde(borrow, default)]
    function_call: Option<FunctionCall<'a>>,
    /// Belongs to the call beside it, and must come back with it.
    #[serde(borrow, default)]
    thought_signature: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct FunctionCall<'a> {
    #[serde(borrow, default)]
    id: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    name: Cow<'a, str>,
    #[serde(default)]
    args: Value,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Feedback<'a> {
    #[serde(borrow, default)]
    block_reason: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Usage {
    #[serde(default)]
    prompt_token_count: Tokens,
    #[serde(default)]
    cached_content_token_count: Tokens,
    #[serde(default)]
    candidates_token_count: Tokens,
    #[serde(default)]
    thoughts_token_count: Tokens,
}

#[derive(Deserialize)]
struct Problem<'a> {
    #[serde(default)]
    code: u16,
    #[serde(borrow, default)]
    message: Cow<'a, str>,
    #[serde(borrow, default)]
    status: Cow<'a, str>,
    #[serde(default)]
    details: Vec<Value>,
}

impl From<Usage> for TokenUsage {
    /// Gemini counts what the model says to itself beside the answer.
    fn from(usage: Usage) -> Self {
        Self {
            input: usage.prompt_token_count.0,
            cached_input: usage.cached_content_token_count.0,
            cache_writes: 0,
            output: usage
                .candidates_token_count
                .0
                .saturating_add(usage.thoughts_token_count.0),
            reasoning: usage.thoughts_token_count.0,
            estimated: false,
        }
    }
}

fn problem_error(target: &Arc<str>, problem: &Problem<'_>, status: StatusCode) -> ProviderError {
    let detail = |name: &str| problem.details.iter().find_map(|detail| detail.get(name)?.as_str());
    let code = match &*problem.status {
        _ if detail("reason") == Some("API_KEY_INVALID") => ProviderCode::KeyRejected,
        "UNAUTHENTICATED" => ProviderCode::KeyRejected,
        "PERMISSION_DENIED" => ProviderCode::NotAllowed,
        "NOT_FOUND" => ProviderCode::ModelNotFound,
        "INVALID_ARGUMENT" if problem.message.contains("token count") => ProviderCode::ContextTooLong,
        "INVALID_ARGUMENT" => ProviderCode::InvalidRequest,
        "FAILED_PRECONDITION" => ProviderCode::NotAllowed,
        "RESOURCE_EXHAUSTED" => ProviderCode::RateLimited,
        "UNAVAILABLE" => ProviderCode::Overloaded,
        "DEADLINE_EXCEEDED" => ProviderCode::FirstTokenTimeout,
        "INTERNAL" => ProviderCode::ServerFailed,
        _ => code_of(StatusCode::from_u16(problem.code).unwrap_or(status)),
    };
    let seconds = detail("retryDelay").and_then(|delay| delay.strip_suffix('s')?.parse::<f64>().ok());
    let mut error = ProviderError::new(code, target).with_detail(&problem.message);
    error.retry_after = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    error
}

struct Reader {
    target: Arc<str>,
    started: bool,
    /// The provider's name for the answer.
    id: String,
    calls: usize,
    finish: Option<FinishReason>,
}

impl Reader {
    fn new(target: &Target) -> Self {
        Self {
            target: Arc::clone(&target.name),
            started: false,
            id: String::new(),
            calls: 0,
            finish: None,
        }
    }

    fn take(&mut self, answer: Answer<'_>, events: &mut Vec<GenerationEvent>) -> Result<(), ProviderError> {
        if let Some(problem) = &answer.error {
            let status = StatusCode::from_u16(problem.code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            return Err(problem_error(&self.target, problem, status));
        }
        if let Some(reason) = answer.prompt_feedback.and_then(|feedback| feedback.block_reason) {
            return Err(ProviderError::new(ProviderCode::ContentRefused, &self.target).with_detail(&reason));
        }
        if !std::mem::replace(&mut self.started, true) {
            self.id = answer.response_id.into_owned();
            events.push(GenerationEvent::Started {
                id: self.id.clone(),
                model: answer.model_version.into_owned(),
            });
        }
        if let Some(candidate) = answer.candidates.into_iter().next() {
            for part in candidate.content.map(|content| content.parts).unwrap_or_default() {
                self.add(part, events);
            }
            if let Some(reason) = candidate.finish_reason {
                self.finish = Some(match &*reason {
                    "MAX_TOKENS" => FinishReason::Length,
                    "STOP" | "FINISH_REASON_UNSPECIFIED" if self.calls > 0 => FinishReason::ToolCalls,
                    "STOP" | "FINISH_REASON_UNSPECIFIED" => FinishReason::Stop,
                    _ => FinishReason::ContentFilter,
                });
            }
        }
        events.extend(answer.usage_metadata.map(|usage| GenerationEvent::Usage(usage.into())));
        Ok(())
    }

    fn add(&mut self, part: AnswerPart<'_>, events: &mut Vec<GenerationEvent>) {
        if let Some(text) = part.text.filter(|text| !text.is_empty()) {
            let text = text.into_owned();
            events.push(if part.thought {
                GenerationEvent::Reasoning(text)
            } else {
                GenerationEvent::Text(text)
            });
        }
        if let Some(call) = part.function_call {
            let own = || format!("call_{}_{}", self.id, self.calls);
            let mut id = call.id.map_or_else(own, Cow::into_owned);
            if let Some(signature) = part.thought_signature {
                id = with_signature(&id, &signature);
            }
            events.push(GenerationEvent::ToolCall {
                index: self.calls,
                id: Some(id),
                name: Some(call.name.into_owned()),
                arguments: call.args.to_string(),
            });
            self.calls += 1;
        }
    }
}

impl EventReader for Reader {
    fn read(&mut self, event: &SseEvent, events: &mut Vec<GenerationEvent>) -> Result<(), ProviderError> {
        let answer = serde_json::from_str(&event.data).map_err(|error| malformed(&self.target, error))?;
        self.take(answer, events)
    }

    fn end(&mut self, events: &mut Vec<GenerationEvent>) -> Result<(), ProviderError> {
        let reason = self
            .finish
            .ok_or_else(|| ProviderError::new(ProviderCode::StreamCut, &self.target))?;
        events.push(GenerationEvent::Finished(reason));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ToolCall;

    #[test]
    fn answers_name_the_tool_of_the_latest_call_with_their_id() {
        let call = |name: &str| Message {
            role: Role::Assistant,
            parts: Vec::new(),
            tool_calls: vec![ToolCall {
                id: "call_0".into(),
                name: name.into(),
                arguments: "{}".into(),
            }],
            tool_call_id: None,
        };
        let answer = || Message::tool("call_0", "yes");
        let contents = contents(&[call("look_up"), answer(), call("book"), answer()], true);
        let named = [1, 3].map(|turn| contents[turn]["parts"][0]["functionResponse"]["name"].clone());
        assert_eq!(named, ["look_up", "book"]);
    }
}
