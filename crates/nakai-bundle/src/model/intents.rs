use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Localised;

/// `intents/*.yaml`: what customers want.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IntentsFile {
    /// Intents by name.
    pub intents: BTreeMap<String, Intent>,
}

/// One thing that customers want, and what the bot does about it: exactly one of `reply`, `flow`, `answer`, `handover` and `control`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Intent {
    /// What a choice for it says, for example `Change a booking`.
    pub title: Localised<String>,
    /// What customers say when they want it.
    pub examples: Localised<Vec<String>>,
    /// Small talk, such as a greeting or thanks. Beside anything else in the same utterance it does not count.
    pub social: bool,
    /// Gives this reply.
    pub reply: Option<String>,
    /// Starts this flow.
    pub flow: Option<String>,
    /// Answers from knowledge: `true` searches with the customer's words, a text names the article to answer from.
    pub answer: Option<AnswerFrom>,
    /// Hands over to a human, for the reason given here.
    pub handover: Option<String>,
    /// Steers the conversation itself.
    pub control: Option<Control>,
}

/// Where an intent's answer comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum AnswerFrom {
    /// `true`: search all articles with the customer's words.
    Search(bool),
    /// The article of this path below `knowledge/`, without language and ending, for example `baths/hours`.
    Article(String),
}

/// An utterance that steers the conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Control {
    /// Leaves the flow.
    Cancel,
    /// Forgets the conversation and begins anew.
    StartOver,
    /// Says yes.
    Affirm,
    /// Says no.
    Deny,
}

/// What an intent does, as one value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IntentAction<'a> {
    /// Gives a reply.
    Reply(&'a str),
    /// Starts a flow.
    Flow(&'a str),
    /// Searches all articles.
    Search,
    /// Answers from one article.
    Article(&'a str),
    /// Hands over, for a reason.
    Handover(&'a str),
    /// Steers the conversation.
    Control(Control),
}

impl Intent {
    /// Gives the action, or `None` if the intent names none or several (which a checked bundle never does).
    pub fn action(&self) -> Option<IntentAction<'_>> {
        let answer = self.answer.as_ref().and_then(|answer| match answer {
            AnswerFrom::Search(true) => Some(IntentAction::Search),
            AnswerFrom::Search(false) => None,
            AnswerFrom::Article(path) => Some(IntentAction::Article(path)),
        });
        let mut actions = [
            self.reply.as_deref().map(IntentAction::Reply),
            self.flow.as_deref().map(IntentAction::Flow),
            answer,
            self.handover.as_deref().map(IntentAction::Handover),
            self.control.map(IntentAction::Control),
        ]
        .into_iter()
        .flatten();
        let first = actions.next();
        if actions.next().is_some() { None } else { first }
    }
}
