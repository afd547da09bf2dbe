use serde_json::{Value, json};

use super::{Envelope, Frames, event};
use crate::answer::Answer;

fn arguments(json: &str) -> Value {
    serde_json::from_str(json).unwrap_or_default()
}

fn stop_reason(answer: &Answer) -> &'static str {
    if answer.call.is_some() { "tool_use" } else { "end_turn" }
}

pub(super) fn whole(envelope: &Envelope, answer: &Answer) -> Value {
    let block = match &answer.call {
        Some((name, input)) => json!({"type": "tool_use", "id": "toolu_1", "name": name, "input": arguments(input)}),
        None => json!({"type": "text", "text": answer.text()}),
    };
    let mut whole = json!({
        "id": envelope.id, "type": "message", "role": "assistant", "model": envelope.model, "content": [block],
        "stop_reason": stop_reason(answer), "stop_sequence": null,
    });
    if let Some(usage) = answer.usage {
        whole["usage"] = json!({
            "input_tokens": usage.input, "cache_creation_input_tokens": 0, "cache_read_input_tokens": 0,
            "output_tokens": usage.output,
        });
    }
    whole
}

pub(super) fn frames(envelope: &Envelope, answer: &Answer) -> Frames {
    let named = |name: &str, mut value: Value| {
        value["type"] = json!(name);
        event(name, &value)
    };
    let mut message = json!({
        "id": envelope.id, "type": "message", "role": "assistant", "content": [], "model": envelope.model, "stop_reason": null,
    });
    let mut delta = json!({"delta": {"stop_reason": stop_reason(answer), "stop_sequence": null}});
    if let Some(usage) = answer.usage {
        message["usage"] = json!({"input_tokens": usage.input, "output_tokens": 1});
        delta["usage"] = json!({"output_tokens": usage.output});
    }
    let block = match &answer.call {
        Some((name, _)) => json!({"type": "tool_use", "id": "toolu_1", "name": name, "input": {}}),
        None => json!({"type": "text", "text": ""}),
    };
    let mut opening = vec![
        named("message_start", json!({"message": message})),
        named("content_block_start", json!({"index": 0, "content_block": block})),
        named("ping", json!({})),
    ];
    if let Some((_, arguments)) = &answer.call {
        let delta = json!({"type": "input_json_delta", "partial_json": arguments});
        opening.push(named("content_block_delta", json!({"index": 0, "delta": delta})));
    }
    let piece = |piece: &String| {
        named(
            "content_block_delta",
            json!({"index": 0, "delta": {"type": "text_delta", "text": piece}}),
        )
    };
    Frames {
        opening,
        pieces: answer.pieces.iter().map(piece).collect(),
        end: vec![
            named("content_block_stop", json!({"index": 0})),
            named("message_delta", delta),
            named("message_stop", json!({})),
        ],
    }
}
