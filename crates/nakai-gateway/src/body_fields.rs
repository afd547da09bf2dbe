//! Says which field of a body is wrong, without repeating anything that stands in it.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;

use crate::RequestError;

/// A field that a body may have.
pub(crate) struct Field {
    name: &'static str,
    required: bool,
    /// What it must be, for people.
    shape: &'static str,
    fits: fn(&Value) -> bool,
}

const fn text(name: &'static str) -> Field {
    Field {
        name,
        required: false,
        shape: "a text",
        fits: |value| value.is_string() || value.is_null(),
    }
}

const TEXT: Field = Field {
    name: "text",
    required: true,
    shape: "a text",
    fits: Value::is_string,
};

/// The fields of `POST /chat`.
pub(crate) const CHAT: [Field; 6] = [
    TEXT,
    text("conversation_id"),
    text("bot"),
    text("user"),
    text("language"),
    Field {
        name: "metadata",
        required: false,
        shape: "an object whose values are texts",
        fits: |value| value.is_null() || value.as_object().is_some_and(|map| map.values().all(Value::is_string)),
    },
];

/// The fields of `POST /api/v1/analyse`.
pub(crate) const ANALYSE: [Field; 3] = [TEXT, text("language"), text("bot")];

/// Finds what is wrong with a body that is JSON but does not fit `fields`.
pub(crate) fn explain(body: &[u8], fields: &[Field]) -> RequestError {
    RequestError::InvalidRequest(find(body, fields).into())
}

fn find(body: &[u8], fields: &[Field]) -> String {
    let Ok(Members(members)) = serde_json::from_slice(body) else {
        return "the body must be a JSON object".to_owned();
    };
    for (at, (name, value)) in members.iter().enumerate() {
        let Some(field) = fields.iter().find(|field| field.name == name) else {
            return unknown(name, fields);
        };
        if members[..at].iter().any(|(earlier, _)| earlier == name) {
            return format!("`{}` is there more than once", field.name);
        }
        if !(field.fits)(value) {
            return format!("`{}` must be {}", field.name, field.shape);
        }
    }
    match fields
        .iter()
        .find(|field| field.required && members.iter().all(|(name, _)| name != field.name))
    {
        Some(missing) => format!("`{}` is missing", missing.name),
        None => "a field of the body has a value that can't be read".to_owned(),
    }
}

fn unknown(name: &str, fields: &[Field]) -> String {
    let near = fields
        .iter()
        .map(|field| (distance(name, field.name), field.name))
        .min()
        .filter(|(steps, _)| *steps <= 2);
    // A field's name is repeated only if it looks like one; anything else may be something that a customer typed.
    let looks_like_a_name = name.len() <= 40 && name.bytes().all(|b| b.is_ascii_alphabetic() || b == b'_');
    let what = if looks_like_a_name {
        format!("there is no field `{name}`")
    } else {
        "there is a field that is unknown".into()
    };
    match near {
        Some((_, known)) => format!("{what}; did you mean `{known}`?"),
        None => {
            let names: Vec<_> = fields.iter().map(|field| format!("`{}`", field.name)).collect();
            format!("{what}; known are {}", names.join(", "))
        }
    }
}

/// The least number of letters to insert, remove or replace to get from one word to another.
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, a) in from.chars().take(64).enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, b) in to.iter().enumerate() {
            let replaced = diagonal + usize::from(a != *b);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[to.len()]
}

/// The members of an object in order, also those that are there twice.
struct Members(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Members, M::Error> {
                let mut members = Vec::new();
                while let Some(name) = map.next_key()? {
                    members.push((name, map.next_value()?));
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Reader)
    }
}
