use std::{fmt, sync::Arc, time::Duration};

use nakai_config::Secret;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// In which words a provider is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Protocol {
    /// OpenAI's chat completions, and every server that is compatible with them.
    #[default]
    #[serde(rename = "openai")]
    OpenAiChat,
    /// OpenAI's responses.
    #[serde(rename = "openai_responses")]
    OpenAiResponses,
    /// OpenAI's chat completions at Azure.
    #[serde(rename = "azure")]
    AzureOpenAi,
    /// Anthropic's messages.
    Anthropic,
    /// Gemini's `generateContent`.
    Gemini,
    /// Amazon Bedrock's Converse.
    Bedrock,
}

impl Protocol {
    /// The provider's name in OpenTelemetry's `gen_ai.provider.name`.
    pub const fn provider(self) -> &'static str {
        match self {
            Self::OpenAiChat | Self::OpenAiResponses => "openai",
            Self::AzureOpenAi => "azure.ai.openai",
            Self::Anthropic => "anthropic",
            Self::Gemini => "gcp.gemini",
            Self::Bedrock => "aws.bedrock",
        }
    }
}

/// How long a target may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// For a connection.
    pub connect: Duration,
    /// From the request to the first piece of the answer.
    pub first_token: Duration,
    /// From one piece to the next.
    pub between_tokens: Duration,
    /// For everything.
    pub total: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(3),
            first_token: Duration::from_secs(15),
            between_tokens: Duration::from_secs(15),
            total: Duration::from_secs(120),
        }
    }
}

/// A model of a provider.
#[derive(Clone)]
pub struct Target {
    /// What it is called here, for example `openai/gpt-5-mini`.
    pub name: Arc<str>,
    /// How it is spoken to.
    pub protocol: Protocol,
    /// Where, without the last part of the path: `https://api.openai.com/v1`.
    pub base_url: String,
    /// The provider's name for the model.
    pub model: String,
    /// The key, for a provider that wants one. For Bedrock `ACCESS_KEY_ID:SECRET_ACCESS_KEY[:SESSION_TOKEN]`.
    pub key: Option<Secret>,
    /// Further headers.
    pub headers: Vec<(String, Secret)>,
    /// How long it may take.
    pub timeouts: Timeouts,
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Target")
            .field("name", &self.name)
            .field("protocol", &self.protocol)
            .field("base_url", &self.base_url)
            .field("model", &self.model)
            .field("key", &self.key.is_some())
            .finish_non_exhaustive()
    }
}
