use bytes::Bytes;
use serde_json::{Value, json};

use super::{Frames, total};
use crate::answer::{Answer, Usage};

/// Lengths and their checksum.
const PRELUDE: usize = 12;

fn stop_reason(answer: &Answer) -> &'static str {
    if answer.call.is_some() { "tool_use" } else { "end_turn" }
}

fn usage(usage: Usage) -> Value {
    json!({"inputTokens": usage.input, "outputTokens": usage.output, "totalTokens": total(usage)})
}

pub(super) fn whole(answer: &Answer) -> Value {
    let block = match &answer.call {
        Some((name, arguments)) => {
            let input: Value = serde_json::from_str(arguments).unwrap_or_default();
            json!({"toolUse": {"toolUseId": "tooluse_1", "name": name, "input": input}})
        }
        None => json!({"text": answer.text()}),
    };
    let mut whole = json!({
        "output": {"message": {"role": "assistant", "content": [block]}}, "stopReason": stop_reason(answer), "metrics": {"latencyMs": 1},
    });
    if let Some(own) = answer.usage {
        whole["usage"] = usage(own);
    }
    whole
}

pub(super) fn frames(answer: &Answer) -> Frames {
    let mut opening = vec![event("messageStart", &json!({"role": "assistant"}))];
    if let Some((name, arguments)) = &answer.call {
        let start = json!({"toolUse": {"toolUseId": "tooluse_1", "name": name}});
        opening.push(event(
            "contentBlockStart",
            &json!({"contentBlockIndex": 0, "start": start}),
        ));
        let delta = json!({"toolUse": {"input": arguments}});
        opening.push(event(
            "contentBlockDelta",
            &json!({"contentBlockIndex": 0, "delta": delta}),
        ));
    }
    let piece = |piece: &String| {
        event(
            "contentBlockDelta",
            &json!({"contentBlockIndex": 0, "delta": {"text": piece}}),
        )
    };
    let mut end = vec![
        event("contentBlockStop", &json!({"contentBlockIndex": 0})),
        event("messageStop", &json!({"stopReason": stop_reason(answer)})),
    ];
    end.extend(
        answer
            .usage
            .map(|own| event("metadata", &json!({"usage": usage(own), "metrics": {"latencyMs": 1}}))),
    );
    Frames {
        opening,
        pieces: answer.pieces.iter().map(piece).collect(),
        end,
    }
}

fn event(kind: &str, payload: &Value) -> Bytes {
    frame(
        &[
            (":message-type", "event"),
            (":event-type", kind),
            (":content-type", "application/json"),
        ],
        payload,
    )
}

pub(super) fn exception(kind: &str, message: &str) -> Bytes {
    let headers = [
        (":message-type", "exception"),
        (":exception-type", kind),
        (":content-type", "application/json"),
    ];
    frame(&headers, &json!({"message": message}))
}

/// A frame of AWS's event stream encoding.
fn frame(headers: &[(&str, &str)], payload: &Value) -> Bytes {
    let payload = payload.to_string();
    let mut written = Vec::new();
    for (name, value) in headers {
        written.push(name.len() as u8);
        written.extend(name.as_bytes());
        written.push(7);
        written.extend((value.len() as u16).to_be_bytes());
        written.extend(value.as_bytes());
    }
    let length = (PRELUDE + written.len() + payload.len() + 4) as u32;
    let mut frame = length.to_be_bytes().to_vec();
    frame.extend((written.len() as u32).to_be_bytes());
    frame.extend(crc32fast::hash(&frame).to_be_bytes());
    frame.extend(&written);
    frame.extend(payload.as_bytes());
    frame.extend(crc32fast::hash(&frame).to_be_bytes());
    Bytes::from(frame)
}
