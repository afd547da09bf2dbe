use std::{collections::BTreeMap, fmt::Write as _};

use serde::Serialize;
use serde_json::{Map, Value as Json, json};

use crate::{
    Origin, Problems,
    layers::{is_below, place},
    node::{Node, Value},
    schema::below,
};

/// Settings put together from layers, with the origin of each.
#[derive(Debug)]
pub struct Settings<T> {
    /// The settings.
    pub value: T,
    file: String,
    root: Node,
    origins: BTreeMap<String, Origin>,
}

impl<T> Settings<T> {
    pub(crate) const fn new(value: T, file: String, root: Node, origins: BTreeMap<String, Origin>) -> Self {
        Self {
            value,
            file,
            root,
            origins,
        }
    }

    /// Gives problems that have a dotted key and no file yet their place: file, line and column, or the variable or flag.
    pub fn locate(&self, problems: &mut Problems) {
        for problem in problems
            .iter_mut()
            .filter(|problem| problem.file.is_empty() && problem.line == 0)
        {
            let position = self.root.find(&problem.key);
            (problem.line, problem.column) = (position.line, position.column);
            place(problem, &self.file, &self.origins);
        }
    }

    /// Tells where a setting comes from; `None` if it is the default.
    pub fn origin(&self, key: &str) -> Option<Origin> {
        if let Some((_, origin)) = self.origins.iter().find(|(above, _)| is_below(key, above)) {
            return Some(origin.clone());
        }
        let mut node = &self.root;
        for name in key.split('.') {
            node = node.get(name)?;
        }
        (node.position.line > 0).then(|| Origin::File {
            file: self.file.clone(),
            position: node.position,
        })
    }
}

impl<T: Serialize> Settings<T> {
    /// Shows all settings as YAML, secrets as `***`, with a comment at each one that is not the default: where it comes from.
    pub fn to_yaml(&self) -> Result<String, serde_json::Error> {
        let mut yaml = String::new();
        self.write(&serde_json::to_value(&self.value)?, "", 0, &mut yaml);
        Ok(yaml)
    }

    /// Shows all settings as JSON: `{"settings": {…}, "origins": {"gateway.listen": "…"}}`, secrets as `***`.
    pub fn to_json(&self) -> Result<Json, serde_json::Error> {
        let mut origins = Map::new();
        self.list_origins(&self.root, "", &mut origins);
        Ok(json!({ "settings": serde_json::to_value(&self.value)?, "origins": origins }))
    }

    fn write(&self, value: &Json, key: &str, depth: usize, yaml: &mut String) {
        let Json::Object(settings) = value else { return };
        for (name, value) in settings {
            let key = below(key, name);
            let indent = "  ".repeat(depth);
            // JSON is YAML. Names are quoted only where they are no plain words.
            let is_plain = name
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
                && !name.is_empty();
            let name = if is_plain {
                name.clone()
            } else {
                Json::from(name.as_str()).to_string()
            };
            let nested = value.as_object().is_some_and(|object| !object.is_empty());
            let origin = if nested { None } else { self.origin(&key) };
            let value_text = if nested { String::new() } else { format!(" {value}") };
            let comment = origin.map(|origin| format!("  # {origin}")).unwrap_or_default();
            // Writing to a string does not fail.
            let _ = writeln!(yaml, "{indent}{name}:{value_text}{comment}");
            self.write(value, &key, depth + 1, yaml);
        }
    }

    fn list_origins(&self, node: &Node, key: &str, origins: &mut Map<String, Json>) {
        match &node.value {
            Value::Map(entries) if !entries.is_empty() => {
                for entry in entries {
                    self.list_origins(&entry.value, &below(key, &entry.key), origins);
                }
            }
            _ => {
                if let Some(origin) = self.origin(key) {
                    origins.insert(key.into(), origin.to_string().into());
                }
            }
        }
    }
}
