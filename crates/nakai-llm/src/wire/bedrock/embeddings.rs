//! Embeddings at Bedrock: `POST {base}/model/{model}/invoke`, in the words of each model's maker.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    EmbedRequest, EmbeddingInput, Embeddings, ProviderCode, ProviderError, Target, TokenUsage, embeddings::checked,
    usage::Tokens, wire::malformed,
};

/// Texts that Cohere's models take in one call.
const COHERE_AT_ONCE: usize = 96;

/// Who made a model, by its name, of which profiles and regions are the beginning: `us.cohere.embed-v4:0`.
#[derive(Clone, Copy)]
enum Maker {
    /// Amazon's Titan, one text a call.
    Titan,
    Cohere,
}

impl Maker {
    fn of(target: &Target) -> Option<Self> {
        if target.model.contains("titan-embed") {
            Some(Self::Titan)
        } else if target.model.contains("cohere.embed") {
            Some(Self::Cohere)
        } else {
            None
        }
    }
}

/// How many texts one call may have.
pub(super) fn at_once(target: &Target) -> usize {
    match Maker::of(target) {
        Some(Maker::Titan) => 1,
        Some(Maker::Cohere) | None => COHERE_AT_ONCE,
    }
}

pub(super) fn body(target: &Target, request: &EmbedRequest) -> Result<Value, ProviderError> {
    let invalid = |detail| ProviderError::new(ProviderCode::InvalidRequest, &target.name).with_detail(detail);
    let texts = request.inputs.iter().map(|input| match input {
        EmbeddingInput::Text(text) => Ok(text.as_str()),
        EmbeddingInput::Tokens(_) => Err(invalid("Bedrock takes no token numbers; send texts")),
    });
    let texts: Vec<&str> = texts.collect::<Result<_, _>>()?;
    match Maker::of(target) {
        Some(Maker::Titan) => {
            let mut body = json!({"inputText": texts.first()});
            if let Some(dimensions) = request.dimensions {
                body["dimensions"] = json!(dimensions);
            }
            Ok(body)
        }
        Some(Maker::Cohere) => {
            let purpose = request.input_type.as_deref().unwrap_or("search_document");
            let mut body = json!({"texts": texts, "input_type": purpose, "embedding_types": ["float"]});
            if let Some(dimensions) = request.dimensions {
                body["output_dimension"] = json!(dimensions);
            }
            Ok(body)
        }
        None => Err(invalid(
            "embeddings at Bedrock are those of Titan and Cohere; name one of `amazon.titan-embed-…` or `cohere.embed-…`",
        )),
    }
}

/// Cohere's models say what they read in a header only, so our own count stands for it.
pub(super) fn read(target: &Target, request: &EmbedRequest, body: &[u8]) -> Result<Embeddings, ProviderError> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Titan {
        embedding: Vec<f32>,
        #[serde(default)]
        input_text_token_count: Option<Tokens>,
    }
    #[derive(Deserialize)]
    struct Cohere {
        embeddings: ByType,
    }
    #[derive(Deserialize)]
    struct ByType {
        float: Vec<Vec<f32>>,
    }
    let broken = |error| malformed(&target.name, error);
    let (vectors, counted) = match Maker::of(target) {
        Some(Maker::Titan) => {
            let answer: Titan = serde_json::from_slice(body).map_err(broken)?;
            (vec![answer.embedding], answer.input_text_token_count)
        }
        Some(Maker::Cohere) | None => {
            let answer: Cohere = serde_json::from_slice(body).map_err(broken)?;
            (answer.embeddings.float, None)
        }
    };
    let usage = counted.map(|Tokens(input)| TokenUsage {
        input,
        ..TokenUsage::default()
    });
    checked(target, request, target.model.clone(), vectors, usage)
}
