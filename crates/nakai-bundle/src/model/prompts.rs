use serde::{Deserialize, Serialize};

/// `prompts/NAME.j2`: instructions for models, a MiniJinja template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prompt {
    /// `NAME`.
    pub name: String,
    /// The template.
    pub template: String,
}

/// What a prompt may use, with its type and meaning: the same for every bot, and held by `nakai bot check`.
pub const PROMPT_VARIABLES: [(&str, &str, &str); 6] = [
    (
        "bot",
        "map of texts",
        "`bot.name`, `bot.title`, and the facts of `bot.yaml`",
    ),
    ("language", "text", "the language of the answer: `ja` or `en`"),
    ("language_name", "text", "its English name: `Japanese` or `English`"),
    ("answers", "text", "`knowledge` or `free`, as in `bot.yaml`"),
    ("tools", "list of texts", "names of the tools that may be called"),
    (
        "now",
        "map",
        "`now.date`, `now.time`, `now.weekday` and the like, where the team works",
    ),
];
