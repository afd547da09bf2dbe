//! OpenAI's models at Azure: chat completions behind another address and another header.

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use super::{Call, Decoder, Wire, headers_with_key, openai_chat, openai_embeddings};
use crate::{EmbedRequest, Embeddings, GenerateRequest, Generation, ProviderError, Target};

pub(crate) struct AzureOpenAi;

impl Wire for AzureOpenAi {
    fn call(&self, target: &Target, request: &GenerateRequest, stream: bool) -> Result<Call, ProviderError> {
        Ok(Call {
            url: url(target, "chat/completions"),
            headers: headers_with_key(target, "api-key")?,
            body: Bytes::from(openai_chat::body(target, request, stream).to_string()),
        })
    }

    fn whole(&self, target: &Target, _: &GenerateRequest, body: &[u8]) -> Result<Generation, ProviderError> {
        openai_chat::whole(&target.name, body)
    }

    fn decoder(&self, target: &Target, request: &GenerateRequest) -> Box<dyn Decoder> {
        openai_chat::OpenAiChat.decoder(target, request)
    }

    fn failure(&self, target: &Target, status: StatusCode, headers: &HeaderMap, body: &[u8]) -> ProviderError {
        openai_chat::failure(&target.name, status, headers, body)
    }

    fn embed_call(&self, target: &Target, request: &EmbedRequest) -> Result<Call, ProviderError> {
        Ok(Call {
            url: url(target, "embeddings"),
            headers: headers_with_key(target, "api-key")?,
            body: openai_embeddings::body(target, request),
        })
    }

    fn embeddings(&self, target: &Target, request: &EmbedRequest, body: &[u8]) -> Result<Embeddings, ProviderError> {
        openai_embeddings::read(target, request, body)
    }
}

/// `{base}/openai/v1/{method}`, or, for a base with an `api-version`, the older address by deployment.
fn url(target: &Target, method: &str) -> String {
    match target.base_url.split_once("?api-version=") {
        Some((base, version)) => format!(
            "{}/openai/deployments/{}/{method}?api-version={version}",
            base.trim_end_matches('/'),
            target.model
        ),
        None => format!("{}/openai/v1/{method}", target.base_url.trim_end_matches('/')),
    }
}
