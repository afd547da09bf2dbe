//! OpenAI's embeddings and list of models: `POST {base}/embeddings`, `GET {base}/models`.

use bytes::Bytes;
use http::HeaderMap;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{Call, malformed, openai_chat};
use crate::{
    EmbedRequest, EmbeddingInput, Embeddings, ProviderError, Target, TokenUsage, embeddings::checked, usage::Tokens,
};

pub(super) fn call(target: &Target, request: &EmbedRequest) -> Result<Call, ProviderError> {
    Ok(Call {
        url: format!("{}/embeddings", target.base_url.trim_end_matches('/')),
        headers: openai_chat::headers(target)?,
        body: body(target, request),
    })
}

/// Numbers and not Base64 are asked for, because not every compatible server knows the latter.
pub(super) fn body(target: &Target, request: &EmbedRequest) -> Bytes {
    let input = request.inputs.iter().map(|input| match input {
        EmbeddingInput::Text(text) => json!(text),
        EmbeddingInput::Tokens(tokens) => json!(tokens),
    });
    let mut body = Map::new();
    body.insert("model".into(), json!(target.model));
    body.insert("input".into(), input.collect::<Vec<Value>>().into());
    body.insert("encoding_format".into(), json!("float"));
    if let Some(dimensions) = request.dimensions {
        body.insert("dimensions".into(), json!(dimensions));
    }
    if let Some(user) = &request.user {
        body.insert("user".into(), json!(user));
    }
    Bytes::from(Value::Object(body).to_string())
}

pub(super) fn list_call(target: &Target) -> Option<(String, HeaderMap)> {
    let url = format!("{}/models", target.base_url.trim_end_matches('/'));
    Some((url, openai_chat::headers(target).ok()?))
}

pub(super) fn read(target: &Target, request: &EmbedRequest, body: &[u8]) -> Result<Embeddings, ProviderError> {
    #[derive(Deserialize)]
    struct Answer {
        #[serde(default)]
        model: String,
        data: Vec<Item>,
        #[serde(default)]
        usage: Option<Usage>,
    }
    #[derive(Deserialize)]
    struct Item {
        #[serde(default)]
        index: Option<usize>,
        embedding: Vec<f32>,
    }
    #[derive(Deserialize)]
    struct Usage {
        #[serde(default)]
        prompt_tokens: Tokens,
    }
    let answer: Answer = serde_json::from_slice(body).map_err(|error| malformed(&target.name, error))?;
    let mut items: Vec<(usize, Vec<f32>)> = answer
        .data
        .into_iter()
        .enumerate()
        .map(|(place, item)| (item.index.unwrap_or(place), item.embedding))
        .collect();
    items.sort_by_key(|(index, _)| *index);
    let usage = answer.usage.map(|usage| TokenUsage {
        input: usage.prompt_tokens.0,
        ..TokenUsage::default()
    });
    let vectors = items.into_iter().map(|(_, vector)| vector).collect();
    checked(target, request, answer.model, vectors, usage)
}
