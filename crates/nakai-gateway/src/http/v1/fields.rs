//! Reads a JSON body field by field and says which one is wrong, without repeating what stands in it.

use nakai_api::Code;
use serde_json::{Map, Value};

use crate::RequestError;

/// An object of a body, with its place in it.
pub(super) struct Fields {
    /// `messages[0].` for what is in the first message; empty for the body itself.
    path: String,
    map: Map<String, Value>,
}

/// A value with its place in the body.
pub(super) struct Item {
    pub(super) path: String,
    pub(super) value: Value,
}

impl Item {
    /// Takes it as an object.
    pub(super) fn fields(self) -> Result<Fields, RequestError> {
        match self.value {
            Value::Object(map) => Ok(Fields {
                path: format!("{}.", self.path),
                map,
            }),
            _ => Err(wrong(&self.path, "must be an object")),
        }
    }
}

/// A refusal that names a place in the body.
pub(super) fn wrong(path: &str, what: &str) -> RequestError {
    RequestError::InvalidRequest(format!("`{path}` {what}").into())
}

/// The field that a refusal names, for those who want it by itself.
pub(super) fn param(error: &RequestError) -> Option<&str> {
    match error {
        RequestError::InvalidRequest(detail) => detail.strip_prefix('`')?.split('`').next(),
        _ if error.code() == Code::ModelNotFound || error.code() == Code::ModelNotAllowed => Some("model"),
        _ => None,
    }
}

impl Fields {
    /// Reads a body.
    pub(super) fn read(body: &[u8]) -> Result<Self, RequestError> {
        let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
        let value = serde_json::from_slice(body).map_err(|error| {
            let message = error.to_string();
            RequestError::InvalidJson {
                reason: message.split(" at line ").next().unwrap_or_default().to_owned(),
                line: error.line(),
                column: error.column(),
            }
        })?;
        match value {
            Value::Object(map) => Ok(Self {
                path: String::new(),
                map,
            }),
            _ => Err(RequestError::InvalidRequest("the body must be a JSON object".into())),
        }
    }

    /// Where a field stands.
    pub(super) fn place(&self, name: &str) -> String {
        format!("{}{name}", self.path)
    }

    /// A refusal of a field.
    pub(super) fn wrong(&self, name: &str, what: &str) -> RequestError {
        wrong(&self.place(name), what)
    }

    /// Takes a field; `null` counts as left out.
    pub(super) fn take(&mut self, name: &str) -> Option<Value> {
        self.map.remove(name).filter(|value| !value.is_null())
    }

    fn take_as<T>(
        &mut self,
        name: &str,
        what: &str,
        read: impl FnOnce(Value) -> Option<T>,
    ) -> Result<Option<T>, RequestError> {
        let Some(value) = self.take(name) else { return Ok(None) };
        read(value).map(Some).ok_or_else(|| self.wrong(name, what))
    }

    pub(super) fn text(&mut self, name: &str) -> Result<Option<String>, RequestError> {
        self.take_as(name, "must be a text", as_text)
    }

    pub(super) fn required_text(&mut self, name: &str) -> Result<String, RequestError> {
        self.text(name)?.ok_or_else(|| self.wrong(name, "is missing"))
    }

    pub(super) fn flag(&mut self, name: &str) -> Result<Option<bool>, RequestError> {
        self.take_as(name, "must be true or false", |value| value.as_bool())
    }

    pub(super) fn whole_number(&mut self, name: &str) -> Result<Option<u32>, RequestError> {
        self.take_as(name, "must be a whole number, 1 or more", |value| {
            u32::try_from(value.as_u64()?).ok().filter(|number| *number > 0)
        })
    }

    pub(super) fn integer(&mut self, name: &str) -> Result<Option<i64>, RequestError> {
        self.take_as(name, "must be a whole number", |value| value.as_i64())
    }

    /// A number within bounds.
    pub(super) fn number(&mut self, name: &str, least: f32, most: f32) -> Result<Option<f32>, RequestError> {
        let what = format!("must be a number from {least} to {most}");
        self.take_as(name, &what, |value| {
            // Precise enough for a temperature.
            Some(value.as_f64()? as f32).filter(|number| (least..=most).contains(number))
        })
    }

    pub(super) fn object(&mut self, name: &str) -> Result<Option<Self>, RequestError> {
        let path = self.place(name);
        let object = self.take(name).map(|value| Item { path, value }.fields());
        object.transpose()
    }

    /// The items of a list; none if it is left out.
    pub(super) fn list(&mut self, name: &str) -> Result<Vec<Item>, RequestError> {
        let path = self.place(name);
        let values = self.take_as(name, "must be a list", |value| match value {
            Value::Array(values) => Some(values),
            _ => None,
        })?;
        let items = values.unwrap_or_default().into_iter().enumerate();
        Ok(items
            .map(|(number, value)| Item {
                path: format!("{path}[{number}]"),
                value,
            })
            .collect())
    }

    /// A list of texts, or one text for a list of one.
    pub(super) fn texts(&mut self, name: &str) -> Result<Vec<String>, RequestError> {
        let texts = self.take_as(name, "must be a text or a list of texts", |value| match value {
            Value::String(text) => Some(vec![text]),
            Value::Array(values) => values.into_iter().map(as_text).collect(),
            _ => None,
        })?;
        Ok(texts.unwrap_or_default())
    }

    /// An object whose values are texts.
    pub(super) fn text_map(&mut self, name: &str) -> Result<Vec<(String, String)>, RequestError> {
        let pairs = self.take_as(name, "must be an object whose values are texts", |value| match value {
            Value::Object(map) => map
                .into_iter()
                .map(|(name, value)| Some((name, as_text(value)?)))
                .collect(),
            _ => None,
        })?;
        Ok(pairs.unwrap_or_default())
    }

    /// Everything that was not taken.
    pub(super) fn rest(self) -> Map<String, Value> {
        self.map
    }
}

fn as_text(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text),
        _ => None,
    }
}
