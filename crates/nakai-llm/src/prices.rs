//! What tokens cost.

use std::{collections::BTreeMap, ops::Bound, path::Path};

use serde::{Deserialize, Serialize};

use crate::{TokenUsage, UnusableModels};

/// The price list that ships: public list prices in millionths of a US dollar a million tokens, as of the date in it.
const SHIPPED: &str = include_str!("../data/prices.json");

/// What a model's tokens cost, in millionths of a US dollar a million tokens: 150000 is 0.15 dollars.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Price {
    /// Tokens that are read.
    pub input: u64,
    /// Tokens that are read from the provider's cache; as `input` if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cached_input: Option<u64>,
    /// Tokens that are written to the provider's cache; as `input` if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache_write: Option<u64>,
    /// Tokens that are written.
    pub output: u64,
}

/// Prices by model. The longest beginning of a model's full name counts, so `openai/gpt-5-mini` is the price of
/// `openai/gpt-5-mini-2025-08-07` too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PriceList {
    /// When the prices were true, for example `2025-11-01`.
    pub as_of: String,
    /// By the beginning of a model's full name.
    pub models: BTreeMap<String, Price>,
}

/// A list of prices that can't be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the price list can't be read: {0}; prices are whole millionths of a dollar a million tokens, 0 or more: 0.15 dollars are 150000"
)]
pub struct UnusablePrices(String);

impl PriceList {
    /// The list that ships.
    ///
    /// # Errors
    /// Never: a test reads it.
    pub fn shipped() -> Result<Self, UnusablePrices> {
        Self::read(SHIPPED)
    }

    /// Reads a list in JSON.
    ///
    /// # Errors
    /// What is wrong with it, and where.
    pub fn read(json: &str) -> Result<Self, UnusablePrices> {
        serde_json::from_str(json).map_err(|error| UnusablePrices(error.to_string()))
    }

    /// Reads a list in a file.
    ///
    /// # Errors
    /// If the file can't be opened, or what is wrong with the list in it, and where.
    pub fn of_file(path: &Path) -> Result<Self, UnusableModels> {
        let json = std::fs::read_to_string(path).map_err(|error| UnusableModels::PricesMissing {
            path: path.to_owned(),
            reason: error.to_string(),
        })?;
        Self::read(&json).map_err(|reason| UnusableModels::Prices {
            path: path.to_owned(),
            reason,
        })
    }

    /// Replaces prices by those of another list.
    pub fn override_with(&mut self, other: Self) {
        self.models.extend(other.models);
        self.as_of = other.as_of;
    }

    /// The price of a model by its full name, `openai/gpt-5-mini`; `None` if it is not known.
    pub fn of(&self, model: &str) -> Option<Price> {
        let up_to = (Bound::Unbounded, Bound::Included(model));
        let before = self.models.range::<str, _>(up_to).rev();
        let mut beginnings = before.filter(|(beginning, _)| model.starts_with(beginning.as_str()));
        beginnings.next().map(|(_, price)| *price)
    }
}

impl Price {
    /// What an answer costs, in millionths of a dollar, a part of one counted as whole.
    pub const fn cost_micros(&self, usage: &TokenUsage) -> u64 {
        let cached = if let Some(cached) = self.cached_input {
            cached
        } else {
            self.input
        };
        let written = if let Some(written) = self.cache_write {
            written
        } else {
            self.input
        };
        let plain = usage
            .input
            .saturating_sub(usage.cached_input)
            .saturating_sub(usage.cache_writes);
        let millionths = plain as u128 * self.input as u128
            + usage.cached_input as u128 * cached as u128
            + usage.cache_writes as u128 * written as u128
            + usage.output as u128 * self.output as u128;
        let micros = millionths.div_ceil(1_000_000);
        if micros > u64::MAX as u128 {
            u64::MAX
        } else {
            micros as u64
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_that_ships_is_read() {
        let list = PriceList::shipped().unwrap();
        assert!(list.models.len() > 10);
        assert!(list.models.keys().all(|model| model.contains('/')));
    }

    #[test]
    fn the_longest_beginning_counts() {
        let price = |input| Price {
            input,
            cached_input: None,
            cache_write: None,
            output: 0,
        };
        let list = PriceList {
            as_of: String::new(),
            models: [("a/m", 1), ("a/m-mini", 2), ("a/m-z", 3)]
                .map(|(name, input)| (name.to_owned(), price(input)))
                .into(),
        };
        for (model, expected) in [
            ("a/m", Some(1)),
            ("a/m-mini-2025", Some(2)),
            ("a/m-n", Some(1)),
            ("a/l", None),
            ("b/m", None),
        ] {
            assert_eq!(list.of(model).map(|price| price.input), expected, "{model}");
        }
    }

    #[test]
    fn a_cost_is_whole_and_counts_each_kind_of_token() {
        let price = Price {
            input: 150_000,
            cached_input: Some(75_000),
            cache_write: None,
            output: 600_000,
        };
        let usage = TokenUsage {
            input: 1_000,
            cached_input: 400,
            output: 100,
            ..TokenUsage::default()
        };
        // 600 × 0.15 + 400 × 0.075 + 100 × 0.6 = 180 millionths.
        assert_eq!(price.cost_micros(&usage), 180);
        let one = TokenUsage {
            input: 1,
            ..TokenUsage::default()
        };
        assert_eq!(price.cost_micros(&one), 1);
        assert_eq!(price.cost_micros(&TokenUsage::default()), 0);
        let absurd = TokenUsage {
            output: u64::MAX,
            ..TokenUsage::default()
        };
        assert!(price.cost_micros(&absurd) > u64::MAX / 2);
    }

    #[test]
    fn a_negative_price_is_refused_where_it_stands() {
        let error = PriceList::read("{\"as_of\": \"x\", \"models\": {\n \"a/b\": {\"input\": -1, \"output\": 2}}}")
            .unwrap_err();
        let text = error.to_string();
        assert!(text.contains("line 2") && text.contains("150000"), "{text}");
    }
}
