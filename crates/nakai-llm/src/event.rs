//! What a model answers, piece by piece.

use crate::{TokenUsage, ToolCall};

/// One piece of an answer. Pieces come in this order: `Started`, any of the others, one `Finished`, and `Usage` before or after it.
#[derive(Debug, Clone, PartialEq)]
pub enum GenerationEvent {
    /// The provider has begun.
    Started {
        /// The provider's name for the answer.
        id: String,
        /// The model that answers, as the provider names it.
        model: String,
    },
    /// Words.
    Text(String),
    /// Words that the model says to itself, where a provider shows them.
    Reasoning(String),
    /// A piece of a call.
    ToolCall {
        /// Which call of the answer, from 0.
        index: usize,
        /// The call's name for its answer, with its first piece.
        id: Option<String>,
        /// The tool, with its first piece.
        name: Option<String>,
        /// A piece of its arguments.
        arguments: String,
    },
    /// The answer is whole.
    Finished(FinishReason),
    /// What it used, as far as is known by now; a later one replaces an earlier one.
    Usage(TokenUsage),
}

/// Why an answer ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FinishReason {
    /// It is said.
    Stop,
    /// It is longer than it may be.
    Length,
    /// Tools are to be called first.
    ToolCalls,
    /// The provider's filter cut it off.
    ContentFilter,
}

impl FinishReason {
    /// OpenAI's word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Stop => "stop",
            Self::Length => "length",
            Self::ToolCalls => "tool_calls",
            Self::ContentFilter => "content_filter",
        }
    }
}

/// A whole answer.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Generation {
    /// The provider's name for the answer.
    pub id: String,
    /// The model that answered.
    pub model: String,
    /// Its words.
    pub text: String,
    /// What it said to itself.
    pub reasoning: String,
    /// What it wants called.
    pub tool_calls: Vec<ToolCall>,
    /// Why it ended; `None` if it did not.
    pub finish: Option<FinishReason>,
    /// What it used; `None` if the provider did not say.
    pub usage: Option<TokenUsage>,
}

impl Generation {
    /// Adds a piece.
    pub fn add(&mut self, event: GenerationEvent) {
        match event {
            GenerationEvent::Started { id, model } => {
                self.id = id;
                self.model = model;
            }
            GenerationEvent::Text(text) => self.text.push_str(&text),
            GenerationEvent::Reasoning(text) => self.reasoning.push_str(&text),
            GenerationEvent::ToolCall {
                index,
                id,
                name,
                arguments,
            } => self.add_call(index, id, name, &arguments),
            GenerationEvent::Finished(reason) => self.finish = Some(reason),
            GenerationEvent::Usage(usage) => self.usage = Some(usage),
        }
    }

    fn add_call(&mut self, index: usize, id: Option<String>, name: Option<String>, arguments: &str) {
        // A provider that numbers wildly gets no memory for it.
        let index = index.min(self.tool_calls.len());
        if index == self.tool_calls.len() {
            self.tool_calls.push(ToolCall {
                id: String::new(),
                name: String::new(),
                arguments: String::new(),
            });
        }
        if let Some(call) = self.tool_calls.get_mut(index) {
            call.id = id.unwrap_or(std::mem::take(&mut call.id));
            call.name = name.unwrap_or(std::mem::take(&mut call.name));
            call.arguments.push_str(arguments);
        }
    }

    /// The answer as the pieces it could have come in.
    pub fn into_events(self) -> Vec<GenerationEvent> {
        let mut events = vec![GenerationEvent::Started {
            id: self.id,
            model: self.model,
        }];
        if !self.reasoning.is_empty() {
            events.push(GenerationEvent::Reasoning(self.reasoning));
        }
        if !self.text.is_empty() {
            events.push(GenerationEvent::Text(self.text));
        }
        for (index, call) in self.tool_calls.into_iter().enumerate() {
            events.push(GenerationEvent::ToolCall {
                index,
                id: Some(call.id),
                name: Some(call.name),
                arguments: call.arguments,
            });
        }
        events.extend(self.usage.map(GenerationEvent::Usage));
        events.extend(self.finish.map(GenerationEvent::Finished));
        events
    }
}
