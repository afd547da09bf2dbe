use serde_json::{Value, json};

use super::{Envelope, Frames, event, total};
use crate::answer::Answer;

fn output(answer: &Answer) -> Value {
    match &answer.call {
        Some((name, arguments)) => json!([{
            "type": "function_call", "id": "fc_1", "call_id": "call_1", "name": name, "arguments": arguments, "status": "completed",
        }]),
        None => json!([{
            "type": "message", "id": "msg_1", "status": "completed", "role": "assistant",
            "content": [{"type": "output_text", "text": answer.text(), "annotations": []}],
        }]),
    }
}

pub(super) fn whole(envelope: &Envelope, answer: &Answer) -> Value {
    let mut whole = json!({
        "id": envelope.id, "object": "response", "created_at": 1_764_000_000, "status": "completed", "error": null,
        "incomplete_details": null, "model": envelope.model, "output": output(answer),
    });
    if let Some(usage) = answer.usage {
        whole["usage"] = json!({
            "input_tokens": usage.input, "input_tokens_details": {"cached_tokens": 0}, "output_tokens": usage.output,
            "output_tokens_details": {"reasoning_tokens": 0}, "total_tokens": total(usage),
        });
    }
    whole
}

pub(super) fn frames(envelope: &Envelope, answer: &Answer) -> Frames {
    let named = |name: &str, mut value: Value| {
        value["type"] = json!(name);
        event(name, &value)
    };
    let begun = json!({"id": envelope.id, "object": "response", "status": "in_progress", "model": envelope.model, "output": []});
    let mut opening = vec![
        named("response.created", json!({"response": begun})),
        named("response.in_progress", json!({"response": begun})),
    ];
    match &answer.call {
        Some((name, arguments)) => {
            let item =
                json!({"type": "function_call", "id": "fc_1", "call_id": "call_1", "name": name, "arguments": ""});
            opening.push(named(
                "response.output_item.added",
                json!({"output_index": 0, "item": item}),
            ));
            opening.push(named(
                "response.function_call_arguments.delta",
                json!({"output_index": 0, "item_id": "fc_1", "delta": arguments}),
            ));
            opening.push(named(
                "response.function_call_arguments.done",
                json!({"output_index": 0, "item_id": "fc_1", "arguments": arguments}),
            ));
        }
        None => {
            let item =
                json!({"type": "message", "id": "msg_1", "status": "in_progress", "role": "assistant", "content": []});
            opening.push(named(
                "response.output_item.added",
                json!({"output_index": 0, "item": item}),
            ));
        }
    }
    let delta = |piece: &String| {
        named(
            "response.output_text.delta",
            json!({"output_index": 0, "content_index": 0, "item_id": "msg_1", "delta": piece}),
        )
    };
    Frames {
        opening,
        pieces: answer.pieces.iter().map(delta).collect(),
        end: vec![named(
            "response.completed",
            json!({"response": whole(envelope, answer)}),
        )],
    }
}
