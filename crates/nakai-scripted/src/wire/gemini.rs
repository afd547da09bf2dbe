use serde_json::{Value, json};

use super::{Envelope, Frames, data, total};
use crate::answer::Answer;

fn answer_of(envelope: &Envelope, answer: &Answer, parts: &Value, last: bool) -> Value {
    let mut candidate = json!({"content": {"role": "model", "parts": parts}, "index": 0});
    if last {
        candidate["finishReason"] = json!("STOP");
    }
    let mut value = json!({"candidates": [candidate], "modelVersion": envelope.model, "responseId": envelope.id});
    if let (true, Some(usage)) = (last, answer.usage) {
        value["usageMetadata"] = json!({
            "promptTokenCount": usage.input, "candidatesTokenCount": usage.output, "totalTokenCount": total(usage),
        });
    }
    value
}

fn parts(answer: &Answer) -> Value {
    match &answer.call {
        Some((name, arguments)) => {
            let arguments: Value = serde_json::from_str(arguments).unwrap_or_default();
            json!([{"functionCall": {"name": name, "args": arguments}}])
        }
        None => json!([{"text": answer.text()}]),
    }
}

pub(super) fn whole(envelope: &Envelope, answer: &Answer) -> Value {
    answer_of(envelope, answer, &parts(answer), true)
}

pub(super) fn frames(envelope: &Envelope, answer: &Answer) -> Frames {
    let piece = |piece: &String| data(&answer_of(envelope, answer, &json!([{"text": piece}]), false));
    let last = match &answer.call {
        Some(_) => parts(answer),
        None => json!([{"text": ""}]),
    };
    Frames {
        opening: Vec::new(),
        pieces: answer.pieces.iter().map(piece).collect(),
        end: vec![data(&answer_of(envelope, answer, &last, true))],
    }
}
