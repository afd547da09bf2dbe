use nakai_types::Language;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The lines between `---` at the head of `knowledge/**/*.md`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ArticleFrontMatter {
    /// The article's title, as a customer would put it.
    pub title: String,
    /// Its language, `ja` or `en`.
    #[schemars(with = "String")]
    pub language: Language,
    /// Where a person can read it.
    #[serde(default)]
    pub source: Option<String>,
    /// Who may see it; `public` if left out.
    #[serde(default = "public")]
    pub audience: String,
    /// Other ways in which customers ask for it.
    #[serde(default)]
    pub questions: Vec<String>,
}

fn public() -> String {
    "public".into()
}

/// One article: `knowledge/baths/hours.en.md` has the path `baths/hours`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Article {
    /// Path below `knowledge/`, without language and ending.
    pub path: String,
    /// What its head says.
    pub front_matter: ArticleFrontMatter,
    /// The Markdown below the head.
    pub body: String,
}
