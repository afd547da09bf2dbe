use serde::{Deserialize, Deserializer, Serialize};

use crate::{GenerateRequest, Generation, GenerationEvent};

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
    /// Whether the numbers are our own count, because the provider sent none or none that can be.
    pub estimated: bool,
}

impl TokenUsage {
    /// Our own count of a request and what was said to it.
    pub(crate) fn estimated(request: &GenerateRequest, said: &Said) -> Self {
        Self {
            input: request
                .messages
                .iter()
                .map(|message| estimate_tokens(&message.text()) + 4)
                .sum(),
            output: said.tokens(),
            estimated: true,
            ..Self::default()
        }
    }
}

/// What came of an answer so far: its words, thoughts and calls, counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) bytes: u64,
    characters: Characters,
}

impl Said {
    /// Counts a piece.
    pub(crate) fn add(&mut self, event: &GenerationEvent) {
        match event {
            GenerationEvent::Text(text) | GenerationEvent::Reasoning(text) => self.add_text(text),
            GenerationEvent::ToolCall { name, arguments, .. } => {
                self.add_text(name.as_deref().unwrap_or_default());
                self.add_text(arguments);
            }
            GenerationEvent::Started { .. } | GenerationEvent::Finished(_) | GenerationEvent::Usage(_) => {}
        }
    }

    fn add_text(&mut self, text: &str) {
        self.bytes += byte_count(text);
        self.characters.add(text);
    }

    /// Roughly its tokens.
    fn tokens(&self) -> u64 {
        self.characters.tokens()
    }
}

impl From<&Generation> for Said {
    fn from(generation: &Generation) -> Self {
        let mut said = Self::default();
        said.add_text(&generation.text);
        said.add_text(&generation.reasoning);
        for call in &generation.tool_calls {
            said.add_text(&call.name);
            said.add_text(&call.arguments);
        }
        said
    }
}

pub(crate) fn byte_count(text: &str) -> u64 {
    u64::try_from(text.len()).unwrap_or(u64::MAX)
}

/// A number of tokens as a provider sends it. What is no such number (negative, broken, `null`) must not break an answer that is there:
/// it is read as more than anything explains, `null` as none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Tokens(pub(crate) u64);

impl<'de> Deserialize<'de> for Tokens {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(match serde_json::Value::deserialize(deserializer)? {
            serde_json::Value::Null => 0,
            value => value.as_u64().unwrap_or(u64::MAX),
        }))
    }
}

/// Roughly how many tokens a text has: a token is about four Latin letters or one Japanese character. Good to about a fifth for prose;
/// what a provider says counts more, unless it can't be.
pub fn estimate_tokens(text: &str) -> u64 {
    let mut characters = Characters::default();
    characters.add(text);
    characters.tokens()
}

/// Characters by how many of them make a token.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Characters {
    narrow: u64,
    wide: u64,
}

impl Characters {
    fn add(&mut self, text: &str) {
        for c in text.chars() {
            if c.is_ascii() {
                self.narrow += 1;
            } else {
                self.wide += 1;
            }
        }
    }

    const fn tokens(&self) -> u64 {
        self.narrow.div_ceil(4) + self.wide
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn japanese_has_more_tokens_a_character_than_english() {
        assert_eq!(estimate_tokens(""), 0);
        assert_eq!(estimate_tokens("Can I bring my dog?"), 5);
        assert_eq!(estimate_tokens("温泉は何時まで"), 7);
        assert_eq!(estimate_tokens("9時"), 2);
    }

    #[test]
    fn a_count_that_is_none_breaks_nothing() {
        for (json, tokens) in [
            ("7", 7),
            ("null", 0),
            ("-1", u64::MAX),
            ("1e30", u64::MAX),
            ("\"many\"", u64::MAX),
            ("99999999999999999999999", u64::MAX),
        ] {
            assert_eq!(serde_json::from_str::<Tokens>(json).unwrap(), Tokens(tokens), "{json}");
        }
    }
}
