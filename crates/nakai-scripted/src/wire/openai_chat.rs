use bytes::Bytes;
use serde_json::{Value, json};

use super::{Envelope, Frames, data, total};
use crate::answer::{Answer, Usage};

fn finish(answer: &Answer) -> &'static str {
    if answer.call.is_some() { "tool_calls" } else { "stop" }
}

fn usage(usage: Usage) -> Value {
    json!({
        "prompt_tokens": usage.input, "completion_tokens": usage.output, "total_tokens": total(usage),
        "prompt_tokens_details": {"cached_tokens": 0}, "completion_tokens_details": {"reasoning_tokens": 0},
    })
}

pub(super) fn whole(envelope: &Envelope, answer: &Answer) -> Value {
    let mut message = json!({"role": "assistant", "content": answer.text(), "refusal": null});
    if let Some((name, arguments)) = &answer.call {
        message["content"] = Value::Null;
        message["tool_calls"] =
            json!([{"id": "call_1", "type": "function", "function": {"name": name, "arguments": arguments}}]);
    }
    let mut whole = json!({
        "id": envelope.id, "object": "chat.completion", "created": 1_764_000_000, "model": envelope.model,
        "choices": [{"index": 0, "message": message, "logprobs": null, "finish_reason": finish(answer)}],
    });
    if let Some(own) = answer.usage {
        whole["usage"] = usage(own);
    }
    whole
}

pub(super) fn frames(envelope: &Envelope, answer: &Answer) -> Frames {
    let chunk = |choices: Value| {
        let mut chunk = json!({
            "id": envelope.id, "object": "chat.completion.chunk", "created": 1_764_000_000, "model": envelope.model,
            "choices": choices,
        });
        if envelope.include_usage {
            chunk["usage"] = Value::Null;
        }
        chunk
    };
    let delta =
        |delta: Value, finish: Value| data(&chunk(json!([{"index": 0, "delta": delta, "finish_reason": finish}])));
    let mut opening = vec![delta(json!({"role": "assistant", "content": ""}), Value::Null)];
    if let Some((name, arguments)) = &answer.call {
        let (first, second) = arguments.split_at(2);
        opening.push(delta(
            json!({"tool_calls": [{"index": 0, "id": "call_1", "type": "function", "function": {"name": name, "arguments": ""}}]}),
            Value::Null,
        ));
        for piece in [first, second] {
            opening.push(delta(
                json!({"tool_calls": [{"index": 0, "function": {"arguments": piece}}]}),
                Value::Null,
            ));
        }
    }
    let mut end = vec![delta(json!({}), json!(finish(answer)))];
    if let (true, Some(own)) = (envelope.include_usage, answer.usage) {
        let mut last = chunk(json!([]));
        last["usage"] = usage(own);
        end.push(data(&last));
    }
    end.push(Bytes::from_static(b"data: [DONE]\n\n"));
    Frames {
        opening,
        pieces: answer
            .pieces
            .iter()
            .map(|piece| delta(json!({"content": piece}), Value::Null))
            .collect(),
        end,
    }
}
