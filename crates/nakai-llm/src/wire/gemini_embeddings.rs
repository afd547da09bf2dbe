//! Gemini's embeddings and list of models: `POST {base}/models/{model}:batchEmbedContents`, `GET {base}/models`.

use bytes::Bytes;
use http::HeaderMap;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Call, headers_with_key, malformed};
use crate::{
    EmbedRequest, EmbeddingInput, Embeddings, ProviderCode, ProviderError, Target, TokenUsage, embeddings::checked,
    usage::Tokens,
};

pub(super) fn call(target: &Target, request: &EmbedRequest) -> Result<Call, ProviderError> {
    let one = |input: &EmbeddingInput| {
        let EmbeddingInput::Text(text) = input else {
            return Err(ProviderError::new(ProviderCode::InvalidRequest, &target.name)
                .with_detail("Gemini takes no token numbers; send texts"));
        };
        let mut one = json!({
            "model": format!("models/{}", target.model),
            "content": {"parts": [{"text": text}]},
        });
        if let Some(dimensions) = request.dimensions {
            one["outputDimensionality"] = json!(dimensions);
        }
        Ok(one)
    };
    let requests = request.inputs.iter().map(one).collect::<Result<Vec<Value>, _>>()?;
    Ok(Call {
        url: format!(
            "{}/models/{}:batchEmbedContents",
            target.base_url.trim_end_matches('/'),
            target.model
        ),
        headers: headers_with_key(target, "x-goog-api-key")?,
        body: Bytes::from(json!({"requests": requests}).to_string()),
    })
}

pub(super) fn list_call(target: &Target) -> Option<(String, HeaderMap)> {
    let url = format!("{}/models?pageSize=1000", target.base_url.trim_end_matches('/'));
    Some((url, headers_with_key(target, "x-goog-api-key").ok()?))
}

/// Not every model says how many tokens it read.
pub(super) fn read(target: &Target, request: &EmbedRequest, body: &[u8]) -> Result<Embeddings, ProviderError> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Answer {
        embeddings: Vec<Item>,
        #[serde(default)]
        usage_metadata: Option<Usage>,
    }
    #[derive(Deserialize)]
    struct Item {
        values: Vec<f32>,
    }
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Usage {
        prompt_token_count: Option<Tokens>,
    }
    let answer: Answer = serde_json::from_slice(body).map_err(|error| malformed(&target.name, error))?;
    let vectors = answer.embeddings.into_iter().map(|item| item.values).collect();
    let counted = answer.usage_metadata.and_then(|usage| usage.prompt_token_count);
    let usage = counted.map(|Tokens(input)| TokenUsage {
        input,
        ..TokenUsage::default()
    });
    checked(target, request, target.model.clone(), vectors, usage)
}
