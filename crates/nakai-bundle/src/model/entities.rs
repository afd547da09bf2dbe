use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{BuiltinEntity, Localised, TimePreference};

/// `entities.yaml`: things that the bot recognises in what customers say.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EntitiesFile {
    /// Entities by name.
    pub entities: BTreeMap<String, EntityDefinition>,
}

/// One kind of thing: a list of values with their synonyms, patterns, a plain list, or what Nakai knows by itself. Any of them, also
/// together. Words of lists are also found where they are mistyped or written in another kana, width or okurigana.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct EntityDefinition {
    /// What the team calls it.
    pub title: Localised<String>,
    /// Values, each with the words for it in each language. The value is what flows see.
    pub values: BTreeMap<String, Localised<Vec<String>>>,
    /// Regular expressions. They see normalised text (NFKC, lower case); a group named `value` gives the value, else the whole match.
    pub patterns: Vec<String>,
    /// Names that are their own value, in any language, for example a list of stations.
    pub lookup: Vec<String>,
    /// An entity that Nakai knows by itself and that counts as this one, for example `date` for `arrival`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub builtin: Option<BuiltinEntity>,
    /// Which day is meant where `builtin` finds two, the last or the next Friday.
    #[serde(skip_serializing_if = "TimePreference::is_default")]
    pub prefer: TimePreference,
}
