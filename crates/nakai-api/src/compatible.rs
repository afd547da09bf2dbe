//! Problems in the forms that OpenAI's and Anthropic's clients read, and the list of models.
//!
//! What these endpoints take and answer otherwise is described by those providers; it is rendered by the gateway.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Code;

/// A problem in OpenAI's form.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct OpenAiProblem<'a> {
    /// What is wrong.
    pub error: OpenAiError<'a>,
}

/// What is wrong, for OpenAI's clients.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct OpenAiError<'a> {
    /// What is wrong with this very request, and how to go on.
    #[schema(value_type = String)]
    pub message: Cow<'a, str>,
    /// OpenAI's word for its kind, for example `invalid_request_error`.
    #[serde(rename = "type")]
    #[schema(value_type = String)]
    pub kind: Cow<'a, str>,
    /// The field at fault, if it is one.
    #[schema(value_type = Option<String>)]
    pub param: Option<Cow<'a, str>>,
    /// The problem as a stable word.
    pub code: Code,
    /// A scripted apology to show to the customer, where a bot could not answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub reply: Option<Cow<'a, str>>,
}

/// A problem in Anthropic's form.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct AnthropicProblem<'a> {
    /// Always `error`.
    #[serde(rename = "type")]
    #[schema(value_type = String)]
    pub kind: Cow<'a, str>,
    /// What is wrong.
    pub error: AnthropicError<'a>,
    /// The request's id, also in the log.
    #[schema(value_type = String)]
    pub request_id: Cow<'a, str>,
}

/// What is wrong, for Anthropic's clients.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct AnthropicError<'a> {
    /// Anthropic's word for its kind, for example `invalid_request_error`.
    #[serde(rename = "type")]
    #[schema(value_type = String)]
    pub kind: Cow<'a, str>,
    /// What is wrong with this very request, and how to go on.
    #[schema(value_type = String)]
    pub message: Cow<'a, str>,
    /// The problem as a stable word.
    pub code: Code,
    /// A scripted apology to show to the customer, where a bot could not answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub reply: Option<Cow<'a, str>>,
}

/// Answer of `GET /v1/models`: bots first. Has the fields that OpenAI's and Anthropic's clients look for.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct ModelList {
    /// Always `list`.
    pub object: String,
    /// Bots as `bot:NAME`, models as `PROVIDER/MODEL`.
    pub data: Vec<ModelEntry>,
    /// The first name.
    pub first_id: Option<String>,
    /// The last name.
    pub last_id: Option<String>,
    /// Always `false`: the list is whole.
    pub has_more: bool,
}

/// Something that can be named as `model`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ModelEntry {
    /// Its name.
    pub id: String,
    /// Always `model`, for OpenAI's clients.
    pub object: String,
    /// Always `model`, for Anthropic's clients.
    #[serde(rename = "type")]
    pub kind: String,
    /// Its name again, for Anthropic's clients.
    pub display_name: String,
    /// Always 0: nobody says when models were made.
    pub created: u64,
    /// The beginning of 1970, for Anthropic's clients.
    pub created_at: String,
    /// The provider, or `nakai` for bots and the encoder that is part of the program.
    pub owned_by: String,
}

impl ModelEntry {
    /// An entry of the list.
    pub fn new(id: impl Into<String>) -> Self {
        let id = id.into();
        let owned_by = id.split_once('/').map_or("nakai", |(provider, _)| provider).to_owned();
        Self {
            display_name: id.clone(),
            id,
            object: "model".into(),
            kind: "model".into(),
            created: 0,
            created_at: "1970-01-01T00:00:00Z".into(),
            owned_by,
        }
    }
}
