use nakai_types::Language;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The same thing in each language: `{ja: …, en: …}`. A language may be left out if the bot does not speak it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub struct Localised<T> {
    /// Japanese.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ja: Option<T>,
    /// English.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub en: Option<T>,
}

impl<T> Default for Localised<T> {
    fn default() -> Self {
        Self { ja: None, en: None }
    }
}

impl<T> Localised<T> {
    /// Gives what is said in `language`, if anything.
    pub const fn get(&self, language: Language) -> Option<&T> {
        match language {
            Language::Ja => self.ja.as_ref(),
            Language::En => self.en.as_ref(),
        }
    }

    /// Gives what is said in `language`, else in any language.
    pub fn get_or_any(&self, language: Language) -> Option<&T> {
        self.get(language).or(self.ja.as_ref()).or(self.en.as_ref())
    }

    /// Gives each language that has something, with it.
    pub fn iter(&self) -> impl Iterator<Item = (Language, &T)> {
        Language::ALL
            .into_iter()
            .filter_map(|language| self.get(language).map(|value| (language, value)))
    }
}
