use serde::{Deserialize, Serialize};

/// The tokens of one answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenUsage {
    /// Read, those from the provider's cache included.
    pub input: u64,
    /// Of those, read from the provider's cache.
    pub cached_input: u64,
    /// Of those, written to the provider's cache.
    pub cache_writes: u64,
    /// Written, those the model said to itself included.
    pub output: u64,
    /// Of those, said to itself.
    pub reasoning: u64,
    /// Whether the numbers are our own count because the provider sent none.
    pub estimated: bool,
}

/// Roughly how many tokens a text has: a token is about four Latin letters or one Japanese character. Good to about a fifth for prose;
/// what a provider says always counts more.
pub fn estimate_tokens(text: &str) -> u64 {
    let (mut narrow, mut wide) = (0_u64, 0_u64);
    for c in text.chars() {
        if c.is_ascii() {
            narrow += 1;
        } else {
            wide += 1;
        }
    }
    narrow.div_ceil(4) + wide
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn japanese_has_more_tokens_a_character_than_english() {
        assert_eq!(estimate_tokens(""), 0);
        assert_eq!(estimate_tokens("Can I bring my dog?"), 5);
        assert_eq!(estimate_tokens("温泉は何時まで"), 7);
    }
}
