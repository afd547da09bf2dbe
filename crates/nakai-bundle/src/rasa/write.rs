use serde::{Serialize, Serializer, ser::SerializeMap};
use serde_json::{Value, json};

use super::draft::Draft;
use crate::Files;

/// Keys in the order in which a person reads them. Others come after these, by alphabet.
const ORDER: [&str; 21] = [
    "name",
    "title",
    "languages",
    "type",
    "entity",
    "examples",
    "social",
    "slot",
    "reply",
    "flow",
    "answer",
    "control",
    "handover",
    "slots",
    "steps",
    "if",
    "then",
    "else",
    "ja",
    "en",
    "values",
];

/// A bundle that can't be written down.
#[derive(Debug, thiserror::Error)]
pub(super) enum WriteError {
    #[error(transparent)]
    Value(#[from] serde_json::Error),
    #[error(transparent)]
    Yaml(#[from] serde_saphyr::SerializeError),
}

/// Writes the files of a bundle.
pub(super) fn files(draft: &Draft) -> Result<Files, WriteError> {
    let mut files = Files::default();
    files.insert("bot.yaml", yaml(&without_defaults(draft.bot.clone()))?);
    for (path, section, content) in [
        (
            "intents/imported.yaml",
            "intents",
            serde_json::to_value(&draft.intents)?,
        ),
        ("entities.yaml", "entities", serde_json::to_value(&draft.entities)?),
        ("flows/imported.yaml", "flows", serde_json::to_value(&draft.flows)?),
        (
            "replies/imported.yaml",
            "replies",
            serde_json::to_value(&draft.replies)?,
        ),
        (
            "replies/built_in.yaml",
            "replies",
            serde_json::to_value(&draft.built_in_replies)?,
        ),
    ] {
        let content = without_defaults(content);
        if content.as_object().is_some_and(|content| !content.is_empty()) {
            files.insert(path, yaml(&json!({ section: content }))?);
        }
    }
    Ok(files)
}

fn yaml(value: &Value) -> Result<String, serde_saphyr::SerializeError> {
    serde_saphyr::to_string(&InOrder(value))
}

/// Leaves out what a reader fills in by itself: nothing, empty lists and maps, `false`, the usual number of attempts.
fn without_defaults(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let kept = map.into_iter().map(|(key, value)| (key, without_defaults(value)));
            Value::Object(kept.filter(|(key, value)| !is_default(key, value)).collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(without_defaults).collect()),
        other => other,
    }
}

fn is_default(key: &str, value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(value) => !value,
        Value::Array(items) => items.is_empty() && key != "then",
        Value::Object(map) => map.is_empty(),
        Value::Number(number) => key == "attempts" && number.as_u64() == Some(3),
        Value::String(_) => false,
    }
}

struct InOrder<'a>(&'a Value);

impl Serialize for InOrder<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Object(map) => {
                let mut entries: Vec<_> = map.iter().collect();
                entries.sort_by_key(|(key, _)| ORDER.iter().position(|known| known == key).unwrap_or(ORDER.len()));
                let mut out = serializer.serialize_map(Some(entries.len()))?;
                for (key, value) in entries {
                    out.serialize_entry(key, &InOrder(value))?;
                }
                out.end()
            }
            Value::Array(items) => serializer.collect_seq(items.iter().map(InOrder)),
            other => other.serialize(serializer),
        }
    }
}
