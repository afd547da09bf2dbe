//! Writes OpenAI's chat completions, whole and in chunks.

use nakai_api::ChatResponse;
use nakai_llm::{GenerationEvent, TokenUsage};
use serde::Serialize;
use serde_json::{Value, json};

use super::{
    events::Events,
    pieces::{End, Writer},
    source::Whole,
};
use crate::{Answer, RequestContext, context::now_ms};

/// Writes a whole answer.
pub(super) fn whole(whole: &Whole, context: &RequestContext) -> Value {
    let generation = &whole.generation;
    let mut message = json!({"role": "assistant", "content": generation.text, "refusal": null});
    if !generation.tool_calls.is_empty() {
        if generation.text.is_empty() {
            message["content"] = Value::Null;
        }
        let calls = generation.tool_calls.iter().map(|call| {
            json!({"id": call.id, "type": "function", "function": {"name": call.name, "arguments": call.arguments}})
        });
        message["tool_calls"] = calls.collect();
    }
    if !generation.reasoning.is_empty() {
        message["reasoning_content"] = json!(generation.reasoning);
    }
    if let Some(annotations) = whole.turn.as_ref().and_then(annotations) {
        message["annotations"] = annotations;
    }
    let mut value = json!({
        "id": id(context),
        "object": "chat.completion",
        "created": created(),
        "model": whole.model,
        "choices": [{
            "index": 0,
            "message": message,
            "logprobs": null,
            "finish_reason": generation.finish.map(|reason| reason.name()),
        }],
        "usage": usage(&whole.usage, whole.cost_micros),
    });
    if let Some(answer) = &whole.turn {
        value["nakai"] = json!(answer.response());
    }
    value
}

fn id(context: &RequestContext) -> String {
    format!("chatcmpl-{}", context.request_id)
}

/// Seconds since 1970.
fn created() -> i64 {
    now_ms() / 1000
}

fn usage(usage: &TokenUsage, cost_micros: u64) -> Value {
    json!({
        "prompt_tokens": usage.input,
        "completion_tokens": usage.output,
        "total_tokens": usage.input.saturating_add(usage.output),
        "prompt_tokens_details": {"cached_tokens": usage.cached_input},
        "completion_tokens_details": {"reasoning_tokens": usage.reasoning},
        "cost_micros": cost_micros,
        "estimated": usage.estimated,
    })
}

/// The sources of a bot's answer that have an address. `nakai` has all of them, with the passages.
fn annotations(answer: &Answer) -> Option<Value> {
    let end = answer.reply().chars().count();
    let citations = answer.record.reply.citations.iter();
    let annotations: Vec<Value> = citations
        .filter_map(|citation| {
            let url = citation.url.as_deref()?;
            Some(json!({"type": "url_citation", "url_citation": {
                "url": url, "title": &*citation.title, "start_index": 0, "end_index": end,
            }}))
        })
        .collect();
    (!annotations.is_empty()).then(|| annotations.into())
}

/// Writes an answer chunk by chunk.
pub(super) struct Chunks {
    id: String,
    created: i64,
    model: String,
    include_usage: bool,
}

impl Chunks {
    pub(super) fn new(context: &RequestContext, include_usage: bool) -> Self {
        Self {
            id: id(context),
            created: created(),
            model: String::new(),
            include_usage,
        }
    }

    fn chunk<'a>(&'a self, choices: &'a [Choice<'a>]) -> Chunk<'a> {
        Chunk {
            id: &self.id,
            object: "chat.completion.chunk",
            created: self.created,
            model: &self.model,
            choices,
            usage: self.include_usage.then_some(Value::Null),
            nakai: None,
        }
    }

    fn add(&self, delta: Delta<'_>, events: &mut Events) {
        events.add(None, &self.chunk(&[Choice::new(delta, None)]));
    }
}

/// One chunk. It is written without a `Value` between, for a stream has hundreds.
#[derive(Serialize)]
struct Chunk<'a> {
    id: &'a str,
    object: &'static str,
    created: i64,
    model: &'a str,
    choices: &'a [Choice<'a>],
    /// `null` in all chunks but the last, and in none unless the caller asked for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    usage: Option<Value>,
    /// The turn, in the last chunk of a bot's answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    nakai: Option<ChatResponse<'a>>,
}

#[derive(Serialize)]
struct Choice<'a> {
    index: u32,
    delta: Delta<'a>,
    /// Always `null`: probabilities are not asked for.
    logprobs: (),
    finish_reason: Option<&'a str>,
}

impl<'a> Choice<'a> {
    const fn new(delta: Delta<'a>, finish_reason: Option<&'a str>) -> Self {
        Self {
            index: 0,
            delta,
            logprobs: (),
            finish_reason,
        }
    }
}

/// What a chunk adds to the answer.
#[derive(Serialize, Default)]
struct Delta<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reasoning_content: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tool_calls: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    annotations: Option<Value>,
}

impl Writer for Chunks {
    fn begin(&mut self, model: &str, events: &mut Events) {
        model.clone_into(&mut self.model);
        let delta = Delta {
            role: Some("assistant"),
            content: Some(""),
            ..Delta::default()
        };
        self.add(delta, events);
    }

    fn piece(&mut self, piece: GenerationEvent, events: &mut Events) {
        let mut delta = Delta::default();
        match &piece {
            GenerationEvent::Text(text) => delta.content = Some(text),
            GenerationEvent::Reasoning(text) => delta.reasoning_content = Some(text),
            GenerationEvent::ToolCall {
                index,
                id,
                name,
                arguments,
            } => {
                let mut call = json!({"index": index, "function": {"arguments": arguments}});
                if let Some(id) = id {
                    call["id"] = json!(id);
                    call["type"] = json!("function");
                }
                if let Some(name) = name {
                    call["function"]["name"] = json!(name);
                }
                delta.tool_calls = Some(json!([call]));
            }
            GenerationEvent::Started { .. } | GenerationEvent::Finished(_) | GenerationEvent::Usage(_) => return,
        }
        self.add(delta, events);
    }

    fn end(&mut self, end: &End<'_>, events: &mut Events) {
        if let Some(annotations) = end.turn.and_then(annotations) {
            let delta = Delta {
                annotations: Some(annotations),
                ..Delta::default()
            };
            self.add(delta, events);
        }
        let choices = [Choice::new(Delta::default(), Some(end.finish.name()))];
        let last = Chunk {
            nakai: end.turn.map(Answer::response),
            ..self.chunk(&choices)
        };
        events.add(None, &last);
        if self.include_usage {
            let used = Chunk {
                usage: Some(usage(&end.usage, end.cost_micros)),
                ..self.chunk(&[])
            };
            events.add(None, &used);
        }
        events.add_line(None, "[DONE]");
    }
}
