use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How language models take part in answers. Left out, or without models: none is asked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct GenerationPolicy {
    /// The models to ask, the preferred one first, by full names such as `openai/gpt-5-mini`; the next one takes over from one that
    /// fails. `auto`: a usual model of each provider whose key is set where the bot is served.
    pub models: ModelChoice,
    /// What becomes of an answer that breaks off after words of it were told.
    pub after_first_token: BrokenAnswer,
    /// The prompt with the instructions: `prompts/NAME.j2`. Left out: the one that is part of the program.
    pub prompt: Option<String>,
    /// What an answer may be made of.
    pub answers: AnswerSource,
    /// From this confidence on (0 to 1) a passage is given as it is, and no model is asked. Left out: a model is always asked.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub extract_above: Option<f32>,
    /// The longest answer, in tokens.
    #[schemars(range(min = 16, max = 8192))]
    pub max_output_tokens: u32,
    /// From 0, the likeliest words, to 2. Left out: the provider's choice; some models take no other.
    #[schemars(range(min = 0.0, max = 2.0))]
    pub temperature: Option<f32>,
    /// How many passages the model may read.
    #[schemars(range(min = 1, max = 20))]
    pub passages: u32,
    /// How much of the conversation it may read, in tokens. What is older is told in a few words.
    #[schemars(range(min = 0, max = 32_000))]
    pub history_tokens: u32,
    /// How its sentences are held against the passages.
    pub grounding: GroundingPolicy,
    /// What it may call: names of `tools.yaml`, of tools or of servers.
    pub tools: Vec<String>,
    /// How many calls it may make in a turn.
    #[schemars(range(min = 1, max = 20))]
    pub max_tool_calls: u32,
    /// How long all calls of a turn may take together, in milliseconds.
    #[schemars(range(min = 100, max = 60_000))]
    pub tool_time_ms: u32,
}

impl Default for GenerationPolicy {
    fn default() -> Self {
        Self {
            models: ModelChoice::default(),
            after_first_token: BrokenAnswer::default(),
            prompt: None,
            answers: AnswerSource::default(),
            extract_above: None,
            max_output_tokens: 500,
            temperature: None,
            passages: 4,
            history_tokens: 600,
            grounding: GroundingPolicy::default(),
            tools: Vec::new(),
            max_tool_calls: 4,
            tool_time_ms: 8000,
        }
    }
}

impl GenerationPolicy {
    /// Whether a model may be asked at all.
    pub fn is_on(&self) -> bool {
        match &self.models {
            ModelChoice::Auto(_) => true,
            ModelChoice::Named(names) => !names.is_empty(),
        }
    }
}

/// Which models are asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum ModelChoice {
    /// `auto`: a usual model of each provider whose key is set.
    Auto(Auto),
    /// These, the preferred one first.
    Named(Vec<String>),
}

/// The word `auto`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Auto {
    /// Whatever is there.
    Auto,
}

impl Default for ModelChoice {
    fn default() -> Self {
        Self::Named(Vec::new())
    }
}

/// What becomes of an answer that breaks off after words of it were told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum BrokenAnswer {
    /// It ends where it broke off, with the program's own words of regret.
    #[default]
    Fail,
    /// The next model goes on where it broke off.
    Continue,
}

/// What an answer may be made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum AnswerSource {
    /// Of passages and answers of tools alone: each sentence is checked against them.
    #[default]
    Knowledge,
    /// Of what the model knows, too: sentences are not checked, and it is also asked where no passage was found.
    Free,
}

/// How sentences of a model are held against the passages that it read.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct GroundingPolicy {
    /// How much of a sentence the passages must support, 0 to 1. Numbers, times, prices and negation must agree whatever this says.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub min_support: f32,
    /// What becomes of a sentence that they don't.
    pub unsupported: Unsupported,
}

impl Default for GroundingPolicy {
    fn default() -> Self {
        Self {
            min_support: 0.5,
            unsupported: Unsupported::default(),
        }
    }
}

/// What becomes of a sentence that the passages don't support.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Unsupported {
    /// It is left out. If nothing is left, the best passage is the answer.
    #[default]
    Drop,
    /// The model is stopped, and the best passage is the answer, or its rest if sentences were told.
    Extract,
}
