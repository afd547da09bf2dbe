//! What was said before: all of the last turns that there is room for, a few words of those before them.

use nakai_llm::estimate_tokens;
use serde::{Deserialize, Serialize};

use crate::text::shortened;

/// More turns are not remembered.
pub(crate) const MAX_EXCHANGES: usize = 12;
/// Longer utterances and replies are remembered shortened, in characters.
const MAX_CHARS: usize = 800;
/// How much is told of an utterance that there is no room for, in characters.
const MAX_SUMMARY_CHARS: usize = 60;
/// The share of the room that the summary may take.
const SUMMARY_SHARE: u64 = 4;

/// What was said in a turn. Screened text only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Exchange {
    /// By the customer.
    pub(crate) customer: String,
    /// By the bot.
    pub(crate) reply: String,
}

/// What is remembered of a turn.
pub(crate) fn remembered(customer: &str, reply: &str) -> Exchange {
    Exchange {
        customer: shortened(customer, MAX_CHARS),
        reply: shortened(reply, MAX_CHARS),
    }
}

/// The history of one prompt.
pub(super) struct History<'a> {
    /// The last turns, the oldest first.
    pub(super) last: &'a [Exchange],
    /// What the customer said before them, in a few words; empty if nothing was left out.
    pub(super) summary: String,
}

impl<'a> History<'a> {
    /// Takes as many of the last turns as fit into `tokens`, and sums up those before.
    pub(super) fn within(exchanges: &'a [Exchange], tokens: u32) -> Self {
        let room = u64::from(tokens);
        let cost = |exchange: &Exchange| estimate_tokens(&exchange.customer) + estimate_tokens(&exchange.reply) + 8;
        let all: u64 = exchanges.iter().map(cost).sum();
        if all <= room {
            return Self {
                last: exchanges,
                summary: String::new(),
            };
        }
        let for_summary = room / SUMMARY_SHARE;
        let mut left = room - for_summary;
        let fitting = exchanges.iter().rev().take_while(|exchange| {
            let fits = cost(exchange) <= left;
            left = left.saturating_sub(cost(exchange));
            fits
        });
        let (older, last) = exchanges.split_at(exchanges.len() - fitting.count());
        Self {
            last,
            summary: summary(older, for_summary),
        }
    }
}

/// The beginnings of utterances, the latest ones if not all fit.
fn summary(exchanges: &[Exchange], mut room: u64) -> String {
    let mut lines = Vec::new();
    for exchange in exchanges.iter().rev() {
        let said = exchange.customer.replace('\n', " ");
        let line = format!("- {}", shortened(said.trim(), MAX_SUMMARY_CHARS));
        let cost = estimate_tokens(&line) + 1;
        if cost > room {
            break;
        }
        room -= cost;
        lines.push(line);
    }
    lines.reverse();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exchanges(count: usize) -> Vec<Exchange> {
        (0..count)
            .map(|number| remembered(&format!("question {number}"), &"word ".repeat(40)))
            .collect()
    }

    #[test]
    fn a_short_history_is_kept_whole() {
        let exchanges = exchanges(2);
        let history = History::within(&exchanges, 1000);
        assert_eq!((history.last.len(), history.summary.as_str()), (2, ""));
    }

    #[test]
    fn of_a_long_one_the_last_turns_are_kept_and_the_others_summed_up_within_bounds() {
        let exchanges = exchanges(10);
        let history = History::within(&exchanges, 200);
        assert_eq!(history.last.len(), 2);
        assert!(history.summary.ends_with("- question 7"), "{}", history.summary);
        assert!(estimate_tokens(&history.summary) <= 50);
        let none = History::within(&exchanges, 0);
        assert!(none.last.is_empty() && none.summary.is_empty());
    }
}
