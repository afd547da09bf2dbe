use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Localised;

/// `replies/*.yaml`: what the bot says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RepliesFile {
    /// Replies by name.
    pub replies: BTreeMap<String, ReplyDefinition>,
}

/// One thing the bot says, in several wordings. Each is a MiniJinja template over `slots`, `bot`, `result`, `entities`, `now` and
/// `language`; the wording changes from time to time and never repeats the one before.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReplyDefinition {
    /// Wordings in Japanese.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ja: Vec<String>,
    /// Wordings in English.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub en: Vec<String>,
    /// What the customer may say next, offered as buttons.
    #[serde(default)]
    pub choices: Localised<Vec<String>>,
}

impl ReplyDefinition {
    /// The wordings in `language`, or in the other one if there are none.
    pub fn wordings(&self, language: nakai_types::Language) -> &[String] {
        let (first, second) = match language {
            nakai_types::Language::Ja => (&self.ja, &self.en),
            nakai_types::Language::En => (&self.en, &self.ja),
        };
        if first.is_empty() { second } else { first }
    }
}
