//! Pages and files for people, made from the schema so that they never differ from the code.

use std::{collections::BTreeSet, fmt::Write as _};

use serde_json::Value as Json;

use crate::{
    layers::variable_of,
    nearest::listed,
    schema::{Schema, below},
    shape::{Expected, MapShape, ScalarKind, Shape, follow, name_of_reference},
};

/// One setting as the reference lists it.
pub(crate) struct Setting {
    pub(crate) key: String,
    meaning: String,
    kind: String,
    default: String,
}

impl Schema {
    /// The JSON Schema (draft 2020-12) for editors and other programs, indented, with a line end.
    pub fn to_json(&self) -> String {
        format!("{:#}\n", self.root)
    }

    /// A Markdown table of all settings: key, meaning, environment variable, type and default.
    pub fn settings_table(&self, prefix: &str) -> String {
        let mut table = "| Key | Meaning | Environment variable | Type | Default |\n|---|---|---|---|---|\n".to_owned();
        for Setting {
            key,
            meaning,
            kind,
            default,
        } in self.settings()
        {
            // A list has one variable as a whole, and a secret a second one with the name of a file.
            let variable = if key.contains("[]") {
                "–".into()
            } else {
                format!("`{}`", variable_of(prefix, &key))
            };
            let variable = if kind == "secret" {
                format!("{variable} or `…_FILE`")
            } else {
                variable
            };
            let _ = writeln!(
                table,
                "| `{key}` | {} | {variable} | {kind} | {default} |",
                cell(&meaning)
            );
        }
        table
    }

    /// A Markdown section for the type and one for each type below it, with a table of their keys: key, meaning, type and default.
    /// `level` is the number of `#` of the first heading; types that are in `shown` already are not shown again.
    pub fn sections(&self, heading: &str, level: usize, shown: &mut BTreeSet<String>) -> String {
        let mut text = String::new();
        self.section(heading, &self.root, level, &mut text);
        let mut waiting = Vec::new();
        references(&self.root, &mut waiting);
        while let Some(name) = waiting.pop() {
            let Some(definition) = self.definitions.get(&name).filter(|_| shown.insert(name.clone())) else {
                continue;
            };
            if !self.is_simple(definition) {
                self.section(&name, definition, level + 1, &mut text);
            }
            references(definition, &mut waiting);
        }
        text
    }

    /// Every setting below the root, in the order of their keys.
    pub(crate) fn settings(&self) -> Vec<Setting> {
        let mut settings = Vec::new();
        self.list(&self.root, "", None, &mut settings);
        settings
    }

    fn list(&self, schema: &Json, key: &str, default: Option<&Json>, settings: &mut Vec<Setting>) {
        // Settings that hold themselves would go on for ever.
        if key.matches(['.', '[']).count() > 8 {
            return;
        }
        let default = default.or_else(|| schema.get("default"));
        match Expected::of(schema, &self.definitions).shape {
            Shape::Map(map) if !map.keys.is_empty() => {
                for (name, schema) in &map.keys {
                    self.list(
                        schema,
                        &below(key, name),
                        default.and_then(|default| default.get(name)),
                        settings,
                    );
                }
            }
            Shape::Map(MapShape {
                others: Some(others), ..
            }) if self.has_keys(others) => {
                self.list(others, &below(key, "NAME"), None, settings);
            }
            Shape::List(item) if self.has_keys(item) => self.list(item, &format!("{key}[]"), None, settings),
            Shape::Tagged { keys, .. } => {
                for (name, schema) in keys {
                    self.list(
                        schema,
                        &below(key, name),
                        default.and_then(|default| default.get(name)),
                        settings,
                    );
                }
            }
            _ => settings.push(Setting {
                key: key.into(),
                meaning: self.meaning(schema),
                kind: self.kind(schema),
                default: default_text(default),
            }),
        }
    }

    fn has_keys(&self, schema: &Json) -> bool {
        match Expected::of(schema, &self.definitions).shape {
            Shape::Map(map) => !map.keys.is_empty(),
            Shape::Tagged { .. } => true,
            _ => false,
        }
    }

    fn section(&self, heading: &str, schema: &Json, level: usize, text: &mut String) {
        let _ = writeln!(text, "{} {heading}\n\n{}\n", "#".repeat(level), self.meaning(schema));
        match Expected::of(schema, &self.definitions).shape {
            Shape::Map(map) => {
                text.push_str("| Key | Meaning | Type | Default |\n|---|---|---|---|\n");
                for (name, schema) in &map.keys {
                    let default = if map.required.contains(name) {
                        "must be given".into()
                    } else {
                        default_text(schema.get("default"))
                    };
                    let _ = writeln!(
                        text,
                        "| `{name}` | {} | {} | {default} |",
                        cell(&self.meaning(schema)),
                        self.kind(schema)
                    );
                }
            }
            Shape::Tagged { keys, .. } => {
                text.push_str("| Key | Meaning | Type |\n|---|---|---|\n");
                let branches = follow(schema, &self.definitions).get("oneOf").and_then(Json::as_array);
                for (name, schema) in &keys {
                    let branch = branches
                        .into_iter()
                        .flatten()
                        .find(|branch| branch.pointer(&format!("/properties/{name}")).is_some());
                    let meaning = branch.map_or_else(|| self.meaning(schema), |branch| self.meaning(branch));
                    let _ = writeln!(text, "| `{name}` | {} | {} |", cell(&meaning), self.kind(schema));
                }
            }
            _ => {
                let _ = writeln!(text, "{}", self.kind(schema));
            }
        }
        text.push('\n');
    }

    /// Says whether a definition is better named by its type than by a section of its own.
    fn is_simple(&self, definition: &Json) -> bool {
        !matches!(
            Expected::of(definition, &self.definitions).shape,
            Shape::Map(_) | Shape::Tagged { .. }
        )
    }

    fn meaning(&self, schema: &Json) -> String {
        let own = schema
            .get("description")
            .or_else(|| follow(schema, &self.definitions).get("description"));
        own.and_then(Json::as_str).unwrap_or_default().to_owned()
    }

    fn kind(&self, schema: &Json) -> String {
        if let Some(name) = referred(schema)
            && self
                .definitions
                .get(name)
                .is_some_and(|definition| !self.is_simple(definition))
        {
            return format!("[{name}](#{})", name.to_lowercase());
        }
        match Expected::of(schema, &self.definitions).shape {
            Shape::Anything => "anything".into(),
            Shape::Scalar { secret: true, .. } => "secret".into(),
            Shape::Scalar {
                kinds,
                minimum,
                maximum,
                ..
            } => {
                let kind = kinds.into_iter().map(ScalarKind::name).collect::<Vec<_>>().join(" or ");
                match (minimum, maximum) {
                    (Some(minimum), Some(maximum)) => format!("{kind}, {minimum} to {maximum}"),
                    _ => kind,
                }
            }
            Shape::Choice(texts) => listed(texts),
            Shape::List(item) => format!("list of: {}", self.kind(item)),
            Shape::Map(MapShape {
                others: Some(others),
                keys,
                ..
            }) if keys.is_empty() => {
                format!("names with: {}", self.kind(others))
            }
            Shape::Map(map) => {
                let kinds: BTreeSet<String> = map.keys.iter().map(|(_, schema)| self.kind(schema)).collect();
                let keys = listed(map.keys.iter().map(|(name, _)| *name));
                match kinds.first() {
                    Some(kind) if kinds.len() == 1 => format!("{keys}, each: {kind}"),
                    _ => format!("map with {keys}"),
                }
            }
            Shape::Tagged { keys, .. } => format!("one of {}", listed(keys.iter().map(|(name, _)| *name))),
            Shape::Either(branches) => branches
                .into_iter()
                .map(|branch| self.kind(branch))
                .collect::<Vec<_>>()
                .join(" or "),
        }
    }
}

/// The definition to which a schema refers, also if nothing will do too.
fn referred(schema: &Json) -> Option<&str> {
    name_of_reference(schema).or_else(|| schema.get("anyOf")?.as_array()?.iter().find_map(name_of_reference))
}

/// Gathers the names of all definitions to which a schema refers itself; the first one last, for a stack.
fn references(schema: &Json, names: &mut Vec<String>) {
    fn gather(schema: &Json, names: &mut Vec<String>) {
        names.extend(name_of_reference(schema).map(ToOwned::to_owned));
        let children: Vec<&Json> = match schema {
            Json::Object(object) => object
                .iter()
                .filter(|(key, _)| *key != "$defs" && *key != "default")
                .map(|(_, value)| value)
                .collect(),
            Json::Array(items) => items.iter().collect(),
            _ => Vec::new(),
        };
        children.into_iter().for_each(|child| gather(child, names));
    }
    let mut found = Vec::new();
    gather(schema, &mut found);
    names.extend(found.into_iter().rev());
}

/// Writes a default for a table.
fn default_text(default: Option<&Json>) -> String {
    match default {
        None => String::new(),
        Some(Json::Null) => "none".into(),
        Some(Json::Array(items)) if items.is_empty() => "none".into(),
        Some(Json::Object(object)) if object.values().all(is_nothing) => "none".into(),
        Some(Json::Object(_)) => "see there".into(),
        Some(Json::String(text)) => format!("`{text}`"),
        Some(Json::Number(number)) => format!("`{}`", shortest(number)),
        Some(other) => format!("`{other}`"),
    }
}

fn is_nothing(value: &Json) -> bool {
    match value {
        Json::Null => true,
        Json::Array(items) => items.is_empty(),
        Json::Object(object) => object.values().all(is_nothing),
        _ => false,
    }
}

/// A single-precision number shows its own digits, not those of the double that holds it.
fn shortest(number: &serde_json::Number) -> String {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "what the cast loses is what is not to be shown"
    )]
    let single = number
        .as_f64()
        .filter(|_| number.is_f64())
        .map(|double| (double, double as f32));
    match single {
        Some((double, single)) if f64::from(single).to_bits() == double.to_bits() => single.to_string(),
        _ => number.to_string(),
    }
}

/// Makes text fit into a cell of a table.
fn cell(text: &str) -> String {
    text.split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .replace('|', "\\|")
}

#[cfg(test)]
mod tests;
