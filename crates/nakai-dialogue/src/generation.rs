//! Answers by language models: what they are asked, what becomes of what they say, and what they may call.
//!
//! `prompt` builds the question with `fence` and `history`; `exchange` talks to the models and tools until there is an answer; `speaker`
//! takes the answer sentence by sentence, checks each and lets it be heard; `toolbox` holds what may be called, `http_tool` and `mcp` call
//! it.

mod exchange;
mod fence;
mod history;
mod http_tool;
mod mcp;
mod prompt;
mod speaker;
mod toolbox;

use nakai_bundle::{
    Bundle,
    model::{AnswerSource, BrokenAnswer, GenerationPolicy, ModelChoice},
};
use nakai_llm::AfterFirstToken;
use nakai_types::Language;

pub(crate) use self::{
    exchange::{Generated, generate},
    history::{Exchange, MAX_EXCHANGES, remembered},
};
use self::{prompt::Instructions, toolbox::Toolbox};
use crate::{knowledge::Found, local::Tools, templates::Templates};

/// How a bot asks models, compiled.
pub(crate) struct Generation {
    policy: GenerationPolicy,
    instructions: Instructions,
    toolbox: Toolbox,
}

impl Generation {
    /// Compiles the bot's policy; `None` if no model may be asked.
    pub(crate) fn compile(bundle: &Bundle, templates: &mut Templates) -> Result<Option<Self>, String> {
        let policy = bundle.bot.generation.clone();
        if !policy.is_on() {
            return Ok(None);
        }
        Ok(Some(Self {
            instructions: Instructions::compile(bundle, &policy)?,
            toolbox: Toolbox::compile(&bundle.tools, &policy, templates)?,
            policy,
        }))
    }

    /// How many passages a model may read.
    pub(crate) fn passages(&self) -> usize {
        self.policy.passages as usize
    }

    /// Whether there is any model here that the bot may ask.
    pub(crate) fn has_models(&self, tools: &Tools) -> bool {
        !self.models(tools).is_empty()
    }

    /// Why the best passage, or nothing, is enough.
    pub(crate) fn needs_no_model(&self, passages: &[Found], language: Language) -> Option<&'static str> {
        match passages.first() {
            // Sentences can't be held against what is said in another language.
            Some(best) if best.passage.language != language && self.policy.answers == AnswerSource::Knowledge => {
                Some("the passage is in another language")
            }
            Some(best) => self
                .policy
                .extract_above
                .filter(|enough| best.score >= *enough)
                .map(|_| "the passage is sure enough"),
            None => (self.policy.answers == AnswerSource::Knowledge && self.toolbox.is_empty())
                .then_some("no passage was found"),
        }
    }

    fn models(&self, tools: &Tools) -> Vec<String> {
        match &self.policy.models {
            ModelChoice::Auto(_) => tools.models.usual(),
            ModelChoice::Named(names) => names.clone(),
        }
    }

    const fn after_first_token(&self) -> AfterFirstToken {
        match self.policy.after_first_token {
            BrokenAnswer::Fail => AfterFirstToken::Fail,
            BrokenAnswer::Continue => AfterFirstToken::Continue,
        }
    }
}
