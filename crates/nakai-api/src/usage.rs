use std::collections::BTreeMap;

use nakai_types::UsageSums;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Answer of `GET /api/v1/usage`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UsageReport {
    /// By what usage is told apart, as asked.
    pub by: Vec<String>,
    /// The groups, those that cost most first.
    pub groups: Vec<UsageGroup>,
    /// The sums of everything in the period, also of groups beyond the limit.
    pub total: UsageFigures,
    /// Whether there are more groups than the limit let through.
    pub truncated: bool,
}

/// The usage that has the same values in everything it is told apart by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UsageGroup {
    /// The values, by name; `null` where usage has none, such as the model of turns that asked none.
    pub values: BTreeMap<String, Option<String>>,
    /// Its sums.
    #[serde(flatten)]
    pub figures: UsageFigures,
}

/// What was used. Whatever usage is told apart by, the sums of the groups are the total.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
pub struct UsageFigures {
    /// Turns. One that asked several models counts where its first call counts.
    pub turns: u64,
    /// Of those, turns that asked no model.
    pub turns_without_model: u64,
    /// Calls of models.
    pub calls: u64,
    /// Of those, calls that gave no whole answer.
    pub failed_calls: u64,
    /// Of those, calls whose tokens are our own count because the provider sent none.
    pub estimated_calls: u64,
    /// Tokens read, those from a provider's cache included.
    pub input_tokens: u64,
    /// Of those, tokens from a provider's cache.
    pub cached_input_tokens: u64,
    /// Tokens written, those that models said to themselves included.
    pub output_tokens: u64,
    /// Of those, tokens that models said to themselves.
    pub reasoning_tokens: u64,
    /// Money, in millionths of a US dollar, at the prices of the time.
    pub cost_micros: u64,
    /// What the turns without a model would have cost with one, about: for each, the mean cost of the turns of the same bot that asked a
    /// model in the same period. `null` where no bot of them asked any.
    pub saved_micros: Option<u64>,
}

impl From<UsageSums> for UsageFigures {
    fn from(sums: UsageSums) -> Self {
        Self {
            turns: sums.turns,
            turns_without_model: sums.turns_without_model,
            calls: sums.calls,
            failed_calls: sums.failed_calls,
            estimated_calls: sums.estimated_calls,
            input_tokens: sums.input_tokens,
            cached_input_tokens: sums.cached_input_tokens,
            output_tokens: sums.output_tokens,
            reasoning_tokens: sums.reasoning_tokens,
            cost_micros: sums.cost_micros,
            saved_micros: sums.saved_micros,
        }
    }
}
