use std::{borrow::Cow, str::FromStr, sync::Arc};

use serde::{Deserialize, Serialize};

use crate::TenantId;

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
    /// What it was asked for: `answer`, `summary`, `intent`, `embedding`.
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

/// A call of a model outside of turns: a caller asked the model itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageEntry {
    /// Whose usage it is.
    pub tenant: TenantId,
    /// When the call began, milliseconds since 1970-01-01 UTC.
    pub at_ms: i64,
    /// For whom, as a pseudonym, if the caller said.
    pub user: Option<String>,
    /// The id of the key with which the caller came; never the key itself.
    pub key: Option<Cow<'static, str>>,
    /// The call.
    pub call: ModelCall,
}

macro_rules! dimensions {
    ($($(#[$doc:meta])* $variant:ident = $name:literal;)*) => {
        /// What usage can be told apart by.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "lowercase")]
        pub enum UsageDimension {
            $($(#[$doc])* $variant,)*
        }

        impl UsageDimension {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// Its name in commands, queries and answers.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }
        }

        impl FromStr for UsageDimension {
            type Err = UnknownDimension;
            fn from_str(name: &str) -> Result<Self, UnknownDimension> {
                match name { $($name => Ok(Self::$variant),)* _ => Err(UnknownDimension) }
            }
        }

        /// A name that is none of the dimensions of usage.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
        #[error("usage is told apart by any of {}", [$($name),*].join(", "))]
        pub struct UnknownDimension;
    };
}

dimensions! {
    /// Whose usage it is.
    Tenant = "tenant";
    /// The pseudonym of who asked.
    User = "user";
    /// The id of the key with which the caller came.
    Key = "key";
    /// The bot; none for calls of models outside of turns.
    Bot = "bot";
    /// The version of the bot.
    Version = "version";
    /// What the customer wanted.
    Intent = "intent";
    /// The flow that the turn was in.
    Flow = "flow";
    /// The model that was asked; none for turns without any.
    Model = "model";
    /// What it was asked for.
    Purpose = "purpose";
    /// The day, in UTC.
    Day = "day";
}

/// Usage of one kind, summed up. Whatever it is told apart by, the sums of the parts are the sum of all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct UsageSums {
    /// Turns. One that asked several models counts where its first call counts.
    pub turns: u64,
    /// Of those, turns that asked no model.
    pub turns_without_model: u64,
    /// Calls of models.
    pub calls: u64,
    /// Of those, calls that gave no whole answer.
    pub failed_calls: u64,
    /// Of those, calls whose tokens are our own count.
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
    /// What the turns without a model would have cost with one: for each, the mean cost of the turns of the same bot that asked a model in
    /// the same period. `None` where no bot of them asked any.
    pub saved_micros: Option<u64>,
}
