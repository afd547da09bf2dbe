use std::{borrow::Cow, sync::Arc};

use serde::{Deserialize, Serialize};

/// What a turn cost. Zero for everything that no model was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Usage {
    /// Tokens read by models.
    pub input_tokens: u64,
    /// Tokens written by models.
    pub output_tokens: u64,
    /// Money, in millionths of a US dollar.
    pub cost_micros: u64,
}

impl Usage {
    /// What calls of models cost together.
    pub fn of(calls: &[ModelCall]) -> Self {
        calls.iter().fold(Self::default(), |sum, call| Self {
            input_tokens: sum.input_tokens.saturating_add(call.input_tokens),
            output_tokens: sum.output_tokens.saturating_add(call.output_tokens),
            cost_micros: sum.cost_micros.saturating_add(call.cost_micros),
        })
    }
}

/// One call of a model, with what it used. A call that failed is kept too: providers may charge for it, and who reads the turn wants to
/// know why it took so long.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelCall {
    /// The model by its full name: `openai/gpt-5-mini`.
    pub model: Arc<str>,
    /// What it was asked for: `answer`, `summary`, `embedding`.
    pub purpose: Cow<'static, str>,
    /// Tokens read, those from the provider's cache included.
    #[serde(default)]
    pub input_tokens: u64,
    /// Of those, tokens from the provider's cache.
    #[serde(default)]
    pub cached_input_tokens: u64,
    /// Tokens written, those the model said to itself included.
    #[serde(default)]
    pub output_tokens: u64,
    /// Of those, tokens the model said to itself.
    #[serde(default)]
    pub reasoning_tokens: u64,
    /// Money, in millionths of a US dollar; 0 for a model whose price is not known.
    #[serde(default)]
    pub cost_micros: u64,
    /// Whether the tokens are our own count because the provider sent none.
    #[serde(default)]
    pub estimated: bool,
    /// Microseconds until the answer was whole, or the call had failed.
    #[serde(default)]
    pub micros: u64,
    /// Microseconds until the first piece of the answer, where it came in pieces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_token_micros: Option<u64>,
    /// Why it gave no whole answer: the code of the provider's error.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<Cow<'static, str>>,
}
