use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// A language that Nakai understands and answers in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Japanese (`ja`).
    Ja,
    /// English (`en`).
    En,
}

impl Language {
    /// All languages, in the order in which they are listed to people.
    pub const ALL: [Self; 2] = [Self::Ja, Self::En];

    /// The ISO 639-1 code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Ja => "ja",
            Self::En => "en",
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// A language code that is none of ours.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown language; use `ja` or `en`")]
pub struct UnknownLanguage;

impl FromStr for Language {
    type Err = UnknownLanguage;
    /// Reads an ISO 639-1 code, also as the first subtag of a BCP 47 tag such as `ja-JP`.
    fn from_str(tag: &str) -> Result<Self, UnknownLanguage> {
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        Self::ALL
            .into_iter()
            .find(|l| primary.eq_ignore_ascii_case(l.code()))
            .ok_or(UnknownLanguage)
    }
}
