//! Whether the tokens that a provider says it used can be.
//!
//! No token is shorter than a byte, so what went there and back bounds their number; beside it there is what is never seen: instructions
//! and findings that a provider adds, pictures, thoughts that it keeps to itself. Numbers beyond that would spoil the ledger and every
//! budget that is built on it, so our own count takes their place, marked as estimated, and the log and a metric tell.

use std::sync::Arc;

use nakai_telemetry::events::UsageRefused;

use crate::{
    EmbedRequest, EmbeddingInput, GenerateRequest, Part, TokenUsage,
    usage::{Said, byte_count},
};

/// What providers add to what they are sent, in tokens: their own instructions, descriptions of tools, findings of their own searches.
const ADDED_INPUT: u64 = 100_000;
/// A picture, in tokens. The dearest count some thousand.
const PICTURE: u64 = 20_000;
/// What is around the words of an answer: ends, beginnings of calls.
const ADDED_OUTPUT: u64 = 1_000;
/// What a model may write without showing it, in tokens, where the request sets no limit; no model thinks longer.
const UNSEEN_OUTPUT: u64 = 200_000;

/// Gives what a provider says it used for a request, if it can be.
pub(crate) fn of_answer(usage: TokenUsage, request: &GenerateRequest, said: &Said) -> Option<TokenUsage> {
    let limit = request.max_output_tokens.map_or(UNSEEN_OUTPUT, u64::from);
    let most_output = said.bytes.max(limit).saturating_add(ADDED_OUTPUT);
    // Most answers need no look at the whole request.
    let input_can_be = usage.input <= ADDED_INPUT || usage.input <= sent(request).saturating_add(ADDED_INPUT);
    // Who counts nothing where something is did not count.
    let counted = usage.input > 0 && (usage.output > 0 || said.bytes == 0);
    checked(usage, counted && input_can_be && usage.output <= most_output)
}

/// Gives what a provider says it used for vectors, if it can be.
pub(crate) fn of_vectors(usage: TokenUsage, request: &EmbedRequest) -> Option<TokenUsage> {
    let sent: u64 = request
        .inputs
        .iter()
        .map(|input| match input {
            EmbeddingInput::Text(text) => byte_count(text),
            EmbeddingInput::Tokens(tokens) => u64::try_from(tokens.len()).unwrap_or(u64::MAX),
        })
        .sum();
    let can_be = usage.input > 0 && usage.input <= sent.saturating_add(ADDED_INPUT);
    checked(usage, can_be)
}

/// Tells that a provider said something that can't be.
pub(crate) fn tell(target: &Arc<str>, claimed: &TokenUsage) {
    UsageRefused {
        model: target,
        input_tokens: claimed.input,
        output_tokens: claimed.output,
    }
    .emit();
}

fn checked(usage: TokenUsage, can_be: bool) -> Option<TokenUsage> {
    if !can_be {
        return None;
    }
    // Parts are no more than the whole, whatever a provider says of them.
    let cached_input = usage.cached_input.min(usage.input);
    Some(TokenUsage {
        cached_input,
        cache_writes: usage.cache_writes.min(usage.input - cached_input),
        reasoning: usage.reasoning.min(usage.output),
        ..usage
    })
}

/// The bytes of what a model is sent, and its pictures in tokens.
fn sent(request: &GenerateRequest) -> u64 {
    let said = request.messages.iter().flat_map(|message| {
        let parts = message.parts.iter().map(|part| match part {
            Part::Text(text) => byte_count(text),
            Part::Image(url) => byte_count(url).saturating_add(PICTURE),
        });
        let calls = message
            .tool_calls
            .iter()
            .map(|call| byte_count(&call.name) + byte_count(&call.arguments));
        parts.chain(calls)
    });
    let tools = request
        .tools
        .iter()
        .map(|tool| byte_count(&tool.description) + byte_count(&tool.parameters.to_string()));
    let further = request.further.values().map(|value| byte_count(&value.to_string()));
    said.chain(tools).chain(further).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Message, Role};

    fn usage(input: u64, output: u64) -> TokenUsage {
        TokenUsage {
            input,
            output,
            ..TokenUsage::default()
        }
    }

    fn can_be(usage: TokenUsage, request: &GenerateRequest, said: &str) -> bool {
        let mut count = Said::default();
        count.add(&crate::GenerationEvent::Text(said.to_owned()));
        of_answer(usage, request, &count).is_some()
    }

    #[test]
    fn what_the_bytes_and_the_limits_explain_can_be() {
        let mut request = GenerateRequest {
            messages: vec![Message::new(Role::User, "a".repeat(300_000))],
            ..GenerateRequest::default()
        };
        let answer = "二十".repeat(10);
        assert!(can_be(usage(75_000, 20), &request, &answer));
        assert!(
            can_be(usage(350_000, 20), &request, &answer),
            "a search of the provider's"
        );
        assert!(
            can_be(usage(75_000, 120_000), &request, &answer),
            "thoughts that nobody sees"
        );
        assert!(!can_be(usage(1_000_000, 20), &request, &answer));
        assert!(!can_be(usage(75_000, 1_000_000_000), &request, &answer));
        assert!(!can_be(usage(u64::MAX, 20), &request, &answer));

        request.max_output_tokens = Some(64);
        assert!(
            !can_be(usage(75_000, 120_000), &request, &answer),
            "more than was allowed"
        );
        let long = "x".repeat(50_000);
        assert!(
            can_be(usage(75_000, 12_500), &request, &long),
            "a server that knows no limit"
        );
    }

    #[test]
    fn who_counts_nothing_where_something_is_did_not_count() {
        let request = GenerateRequest {
            messages: vec![Message::new(Role::User, "hello")],
            ..GenerateRequest::default()
        };
        assert!(!can_be(usage(0, 0), &request, "words"));
        assert!(!can_be(usage(2, 0), &request, "words"));
        assert!(can_be(usage(2, 0), &request, ""));
    }

    #[test]
    fn parts_are_no_more_than_the_whole() {
        let request = GenerateRequest::default();
        let said = TokenUsage {
            cached_input: 30,
            cache_writes: 5,
            reasoning: 9,
            ..usage(20, 4)
        };
        let count = Said::default();
        let kept = of_answer(said, &request, &count).unwrap();
        assert_eq!((kept.cached_input, kept.cache_writes, kept.reasoning), (20, 0, 4));
    }
}
