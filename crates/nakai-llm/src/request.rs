//! What a model is asked, in no provider's words.

use std::fmt;

use serde_json::Value;

/// One question to a model, with everything that it may look at.
///
/// Holds what customers and articles say, so its `Debug` shows sizes only.
#[derive(Clone, Default, PartialEq)]
pub struct GenerateRequest {
    /// What was said so far, instructions first.
    pub messages: Vec<Message>,
    /// What the model may call.
    pub tools: Vec<ToolDefinition>,
    /// Whether it may, must or must not call.
    pub tool_choice: ToolChoice,
    /// What the answer must be.
    pub output: OutputFormat,
    /// The longest answer, in tokens; `None` leaves it to the provider (and to 4096 where a provider insists).
    pub max_output_tokens: Option<u32>,
    /// From 0, the likeliest words, to 2.
    pub temperature: Option<f32>,
    /// Only the likeliest words that together have this probability.
    pub top_p: Option<f32>,
    /// Texts before which the answer ends.
    pub stop: Vec<String>,
    /// Makes the answer repeatable where a provider can.
    pub seed: Option<i64>,
    /// Who asks, as a pseudonym, for the provider's abuse detection.
    pub user: Option<String>,
    /// Further fields, passed as they are to providers that speak as OpenAI does and to no other.
    pub further: serde_json::Map<String, Value>,
}

/// Who speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Instructions.
    System,
    /// The customer, and whatever is quoted to the model.
    User,
    /// The model.
    Assistant,
    /// What a tool answered.
    Tool,
}

/// One contribution.
#[derive(Clone, PartialEq)]
pub struct Message {
    /// Who speaks.
    pub role: Role,
    /// What is said. Only the user's messages may have pictures.
    pub parts: Vec<Part>,
    /// What the assistant calls.
    pub tool_calls: Vec<ToolCall>,
    /// Which call a tool's message answers.
    pub tool_call_id: Option<String>,
}

/// A part of a message.
#[derive(Clone, PartialEq)]
pub enum Part {
    /// Words.
    Text(String),
    /// A picture: an address, or a `data:` URL.
    Image(String),
}

/// A call that the model wants made.
#[derive(Clone, PartialEq)]
pub struct ToolCall {
    /// Names the call, so that its answer finds back.
    pub id: String,
    /// The tool.
    pub name: String,
    /// Its arguments, as JSON.
    pub arguments: String,
}

/// Something that the model may call.
#[derive(Debug, Clone, PartialEq)]
pub struct ToolDefinition {
    /// Letters, digits, `_` and `-`, at most 64.
    pub name: String,
    /// What it does, for the model.
    pub description: String,
    /// JSON Schema of its arguments.
    pub parameters: Value,
    /// Whether the provider must hold to the schema exactly, where it can.
    pub strict: bool,
}

/// Whether the model may call tools.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum ToolChoice {
    /// As it likes.
    #[default]
    Auto,
    /// Not at all.
    Never,
    /// At least one.
    Any,
    /// This one.
    Named(String),
}

/// What an answer must be.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum OutputFormat {
    /// Words.
    #[default]
    Text,
    /// Any JSON object.
    JsonObject,
    /// JSON that fits a schema.
    JsonSchema {
        /// The schema's name.
        name: String,
        /// The schema.
        schema: Value,
        /// Whether the provider must hold to it exactly.
        strict: bool,
    },
}

impl Message {
    /// Words of somebody.
    pub fn new(role: Role, text: impl Into<String>) -> Self {
        Self {
            role,
            parts: vec![Part::Text(text.into())],
            tool_calls: Vec::new(),
            tool_call_id: None,
        }
    }

    /// What a tool answered to a call.
    pub fn tool(call_id: impl Into<String>, result: impl Into<String>) -> Self {
        Self {
            tool_call_id: Some(call_id.into()),
            ..Self::new(Role::Tool, result)
        }
    }

    /// All words of the message.
    pub fn text(&self) -> String {
        let texts = self.parts.iter().filter_map(|part| match part {
            Part::Text(text) => Some(text.as_str()),
            Part::Image(_) => None,
        });
        texts.collect::<Vec<_>>().join("\n")
    }

    /// Whether it has a picture.
    pub(crate) fn has_image(&self) -> bool {
        self.parts.iter().any(|part| matches!(part, Part::Image(_)))
    }

    fn len(&self) -> usize {
        let parts = self.parts.iter().map(|part| match part {
            Part::Text(text) | Part::Image(text) => text.len(),
        });
        parts.sum()
    }
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:?}({} bytes, {} calls)",
            self.role,
            self.len(),
            self.tool_calls.len()
        )
    }
}

impl fmt::Debug for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write!(f, "Text({} bytes)", text.len()),
            Self::Image(url) => write!(f, "Image({} bytes)", url.len()),
        }
    }
}

impl fmt::Debug for ToolCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ToolCall({}, {} bytes)", self.name, self.arguments.len())
    }
}

impl fmt::Debug for GenerateRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GenerateRequest")
            .field("messages", &self.messages)
            .field("tools", &self.tools.len())
            .field("max_output_tokens", &self.max_output_tokens)
            .finish_non_exhaustive()
    }
}
