//! Writes OpenAI's chat completions, whole and in chunks.

use axum::response::sse::Event;
use nakai_llm::{GenerationEvent, TokenUsage};
use serde_json::{Value, json};

use super::{
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
    pub(super) fn new(context: &RequestContext, model: &str, include_usage: bool) -> Self {
        Self {
            id: id(context),
            created: created(),
            model: model.to_owned(),
            include_usage,
        }
    }

    fn chunk(&self, choices: &Value) -> Value {
        let mut chunk = json!({
            "id": self.id,
            "object": "chat.completion.chunk",
            "created": self.created,
            "model": self.model,
            "choices": choices,
        });
        if self.include_usage {
            chunk["usage"] = Value::Null;
        }
        chunk
    }

    fn delta(&self, delta: &Value, finish: Option<&str>) -> Value {
        self.chunk(&json!([{"index": 0, "delta": delta, "logprobs": null, "finish_reason": finish}]))
    }
}

fn event(chunk: &Value) -> Event {
    Event::default().data(chunk.to_string())
}

impl Writer for Chunks {
    fn begin(&mut self, events: &mut Vec<Event>) {
        events.push(event(&self.delta(&json!({"role": "assistant", "content": ""}), None)));
    }

    fn piece(&mut self, piece: GenerationEvent, events: &mut Vec<Event>) {
        let delta = match piece {
            GenerationEvent::Text(text) => json!({"content": text}),
            GenerationEvent::Reasoning(text) => json!({"reasoning_content": text}),
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
                json!({"tool_calls": [call]})
            }
            GenerationEvent::Started { .. } | GenerationEvent::Finished(_) | GenerationEvent::Usage(_) => return,
        };
        events.push(event(&self.delta(&delta, None)));
    }

    fn end(&mut self, end: &End<'_>, events: &mut Vec<Event>) {
        if let Some(annotations) = end.turn.and_then(annotations) {
            events.push(event(&self.delta(&json!({"annotations": annotations}), None)));
        }
        let mut last = self.delta(&json!({}), Some(end.finish.name()));
        if let Some(answer) = end.turn {
            last["nakai"] = json!(answer.response());
        }
        events.push(event(&last));
        if self.include_usage {
            let mut chunk = self.chunk(&json!([]));
            chunk["usage"] = usage(&end.usage, end.cost_micros);
            events.push(event(&chunk));
        }
        events.push(Event::default().data("[DONE]"));
    }
}
