//! Writes Anthropic's messages, whole and in events.

use std::collections::BTreeMap;

use nakai_llm::{FinishReason, GenerationEvent, TokenUsage};
use serde_json::{Value, json};

use super::{
    events::Events,
    pieces::{End, Writer},
    source::Whole,
};
use crate::RequestContext;

/// Writes a whole answer.
pub(super) fn whole(whole: &Whole, context: &RequestContext) -> Value {
    let generation = &whole.generation;
    let mut content = Vec::new();
    if !generation.text.is_empty() {
        content.push(json!({"type": "text", "text": generation.text, "citations": null}));
    }
    for call in &generation.tool_calls {
        let input: Value = serde_json::from_str(&call.arguments).unwrap_or_else(|_| json!({}));
        content.push(json!({"type": "tool_use", "id": call.id, "name": call.name, "input": input}));
    }
    let mut message = message(context, &whole.model, &usage(&whole.usage, whole.cost_micros));
    message["content"] = content.into();
    message["stop_reason"] = json!(generation.finish.map(stop_reason));
    if let Some(answer) = &whole.turn {
        message["nakai"] = json!(answer.response());
    }
    message
}

fn message(context: &RequestContext, model: &str, usage: &Value) -> Value {
    json!({
        "id": format!("msg_{}", context.request_id),
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": [],
        "stop_reason": null,
        "stop_sequence": null,
        "usage": usage,
    })
}

const fn stop_reason(finish: FinishReason) -> &'static str {
    match finish {
        FinishReason::Stop => "end_turn",
        FinishReason::Length => "max_tokens",
        FinishReason::ToolCalls => "tool_use",
        FinishReason::ContentFilter => "refusal",
    }
}

/// Anthropic counts what was read from the cache, and written to it, beside what was read anew.
fn usage(usage: &TokenUsage, cost_micros: u64) -> Value {
    let anew = usage
        .input
        .saturating_sub(usage.cached_input)
        .saturating_sub(usage.cache_writes);
    json!({
        "input_tokens": anew,
        "cache_read_input_tokens": usage.cached_input,
        "cache_creation_input_tokens": usage.cache_writes,
        "output_tokens": usage.output,
        "cost_micros": cost_micros,
        "estimated": usage.estimated,
    })
}

/// Writes an answer event by event.
pub(super) struct MessageEvents {
    start: Value,
    /// How many blocks were begun.
    blocks: usize,
    /// The block that words go to, while it is open.
    text: Option<usize>,
    /// By the number of the call: its block. They stay open until the end, because pieces of several calls may alternate.
    calls: BTreeMap<usize, usize>,
}

impl MessageEvents {
    pub(super) fn new(context: &RequestContext) -> Self {
        // What was read is known at the end, when `message_delta` says it.
        let nothing = usage(&TokenUsage::default(), 0);
        Self {
            start: message(context, "", &nothing),
            blocks: 0,
            text: None,
            calls: BTreeMap::new(),
        }
    }

    fn begin_block(&mut self, block: &Value, events: &mut Events) -> usize {
        let index = self.blocks;
        self.blocks += 1;
        add(
            events,
            "content_block_start",
            json!({"index": index, "content_block": block}),
        );
        index
    }

    fn end_text(&mut self, events: &mut Events) {
        if let Some(index) = self.text.take() {
            add(events, "content_block_stop", json!({"index": index}));
        }
    }
}

/// An event whose data repeat its name, as Anthropic's do.
fn add(events: &mut Events, name: &str, mut data: Value) {
    data["type"] = json!(name);
    events.add(Some(name), &data);
}

fn add_delta(events: &mut Events, index: usize, delta: &Value) {
    add(events, "content_block_delta", json!({"index": index, "delta": delta}));
}

impl Writer for MessageEvents {
    fn begin(&mut self, model: &str, events: &mut Events) {
        self.start["model"] = json!(model);
        add(events, "message_start", json!({"message": self.start}));
    }

    fn piece(&mut self, piece: GenerationEvent, events: &mut Events) {
        match piece {
            GenerationEvent::Text(text) => {
                let index = match self.text {
                    Some(index) => index,
                    None => self.begin_block(&json!({"type": "text", "text": ""}), events),
                };
                self.text = Some(index);
                add_delta(events, index, &json!({"type": "text_delta", "text": text}));
            }
            GenerationEvent::ToolCall {
                index: number,
                id,
                name,
                arguments,
            } => {
                self.end_text(events);
                let index = match self.calls.get(&number) {
                    Some(index) => *index,
                    None => {
                        let block = json!({"type": "tool_use", "id": id, "name": name, "input": {}});
                        let index = self.begin_block(&block, events);
                        self.calls.insert(number, index);
                        index
                    }
                };
                if !arguments.is_empty() {
                    let delta = json!({"type": "input_json_delta", "partial_json": arguments});
                    add_delta(events, index, &delta);
                }
            }
            // Thoughts need a signature that only the provider has.
            GenerationEvent::Reasoning(_)
            | GenerationEvent::Started { .. }
            | GenerationEvent::Finished(_)
            | GenerationEvent::Usage(_) => {}
        }
    }

    fn end(&mut self, end: &End<'_>, events: &mut Events) {
        self.end_text(events);
        for index in std::mem::take(&mut self.calls).into_values() {
            add(events, "content_block_stop", json!({"index": index}));
        }
        let mut last = json!({
            "delta": {"stop_reason": stop_reason(end.finish), "stop_sequence": null},
            "usage": usage(&end.usage, end.cost_micros),
        });
        if let Some(answer) = end.turn {
            last["nakai"] = json!(answer.response());
        }
        add(events, "message_delta", last);
        add(events, "message_stop", json!({}));
    }
}
