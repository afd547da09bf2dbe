//! Reads a JSON Schema as schemars writes it for serde types, one step at a time.

use serde_json::{Map, Value as Json};

/// What a schema asks for at one place.
#[derive(Debug)]
pub(crate) struct Expected<'s> {
    /// Whether nothing, `null`, will do.
    pub(crate) nullable: bool,
    /// What else.
    pub(crate) shape: Shape<'s>,
}

/// The shapes that serde types have.
#[derive(Debug)]
pub(crate) enum Shape<'s> {
    /// Any value.
    Anything,
    /// A single value of one of these kinds.
    Scalar {
        kinds: Vec<ScalarKind>,
        minimum: Option<f64>,
        maximum: Option<f64>,
        secret: bool,
    },
    /// One of these texts.
    Choice(Vec<&'s str>),
    /// A list of items of this schema.
    List(&'s Json),
    /// Keys with values.
    Map(MapShape<'s>),
    /// A map with exactly one of these keys (an enum of serde), or one of the texts.
    Tagged {
        keys: Vec<(&'s str, &'s Json)>,
        texts: Vec<&'s str>,
    },
    /// One of several schemas.
    Either(Vec<&'s Json>),
}

/// Kinds of single values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ScalarKind {
    Bool,
    Integer,
    Number,
    Text,
}

/// Which keys a map has.
#[derive(Debug)]
pub(crate) struct MapShape<'s> {
    /// The keys with fixed names.
    pub(crate) keys: Vec<(&'s str, &'s Json)>,
    /// Which of them must be there.
    pub(crate) required: Vec<&'s str>,
    /// The schema of keys of other names; `None` if there are none.
    pub(crate) others: Option<&'s Json>,
}

impl ScalarKind {
    /// Says it in a message: `a text`, `a whole number`, …
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Bool => "true or false",
            Self::Integer => "a whole number",
            Self::Number => "a number",
            Self::Text => "a text",
        }
    }
}

static ANYTHING: Json = Json::Bool(true);

impl<'s> Expected<'s> {
    /// Reads what `schema` asks for; `definitions` are the `$defs` of its document.
    pub(crate) fn of(schema: &'s Json, definitions: &'s Map<String, Json>) -> Self {
        let schema = follow(schema, definitions);
        let Some(object) = schema.as_object() else {
            return Self {
                nullable: true,
                shape: Shape::Anything,
            };
        };
        if let Some(branches) = object
            .get("oneOf")
            .or_else(|| object.get("anyOf"))
            .and_then(Json::as_array)
        {
            return Self::of_branches(branches, definitions);
        }
        if let Some(texts) = texts_of(object) {
            let nullable = object
                .get("enum")
                .and_then(Json::as_array)
                .is_some_and(|values| values.contains(&Json::Null));
            return Self {
                nullable,
                shape: Shape::Choice(texts),
            };
        }
        let types: Vec<&str> = match object.get("type") {
            Some(Json::String(one)) => vec![one],
            Some(Json::Array(several)) => several.iter().filter_map(Json::as_str).collect(),
            _ => {
                return Self {
                    nullable: true,
                    shape: Shape::Anything,
                };
            }
        };
        let nullable = types.contains(&"null");
        let shape = if types.contains(&"object") {
            Shape::Map(MapShape::of(object))
        } else if types.contains(&"array") {
            Shape::List(object.get("items").unwrap_or(&ANYTHING))
        } else {
            Shape::Scalar {
                kinds: types.iter().filter_map(|name| scalar_kind(name)).collect(),
                minimum: object.get("minimum").and_then(Json::as_f64),
                maximum: object.get("maximum").and_then(Json::as_f64),
                secret: object.get("format").and_then(Json::as_str) == Some("password"),
            }
        };
        Self { nullable, shape }
    }

    fn of_branches(branches: &'s [Json], definitions: &'s Map<String, Json>) -> Self {
        let is_null = |branch: &&Json| branch.get("type").and_then(Json::as_str) == Some("null");
        let nullable = branches.iter().any(|branch| is_null(&branch));
        let branches: Vec<&Json> = branches.iter().filter(|branch| !is_null(branch)).collect();
        if let [only] = branches.as_slice() {
            let only = Self::of(only, definitions);
            return Self {
                nullable: nullable || only.nullable,
                shape: only.shape,
            };
        }
        let mut texts = Vec::new();
        let mut keys = Vec::new();
        for branch in &branches {
            let Some(object) = branch.as_object() else { break };
            if let Some(more) = texts_of(object) {
                texts.extend(more);
            } else if let Some(key) = tag_of(object) {
                keys.push(key);
            } else {
                return Self {
                    nullable,
                    shape: Shape::Either(branches),
                };
            }
        }
        let shape = if keys.is_empty() {
            Shape::Choice(texts)
        } else {
            Shape::Tagged { keys, texts }
        };
        Self { nullable, shape }
    }
}

impl<'s> MapShape<'s> {
    fn of(object: &'s Map<String, Json>) -> Self {
        let keys = object.get("properties").and_then(Json::as_object);
        let required = object.get("required").and_then(Json::as_array);
        Self {
            keys: keys
                .into_iter()
                .flatten()
                .map(|(key, schema)| (key.as_str(), schema))
                .collect(),
            required: required.into_iter().flatten().filter_map(Json::as_str).collect(),
            others: match object.get("additionalProperties") {
                Some(Json::Bool(false)) => None,
                Some(schema) => Some(schema),
                None => Some(&ANYTHING),
            },
        }
    }

    /// Gives the schema of a key with a fixed name.
    pub(crate) fn named(&self, key: &str) -> Option<&'s Json> {
        self.keys
            .iter()
            .find(|(name, _)| *name == key)
            .map(|(_, schema)| *schema)
    }
}

/// Follows `$ref` to a definition.
pub(crate) fn follow<'s>(mut schema: &'s Json, definitions: &'s Map<String, Json>) -> &'s Json {
    // Definitions that only refer to each other in a circle do not come from types; the bound is for schemas from elsewhere.
    for _ in 0..32 {
        match name_of_reference(schema).and_then(|name| definitions.get(name)) {
            Some(definition) => schema = definition,
            None => break,
        }
    }
    schema
}

/// Gives the name of the definition to which a schema refers.
pub(crate) fn name_of_reference(schema: &Json) -> Option<&str> {
    schema.get("$ref")?.as_str()?.strip_prefix("#/$defs/")
}

fn scalar_kind(name: &str) -> Option<ScalarKind> {
    Some(match name {
        "boolean" => ScalarKind::Bool,
        "integer" => ScalarKind::Integer,
        "number" => ScalarKind::Number,
        "string" => ScalarKind::Text,
        _ => return None,
    })
}

/// The texts of a schema that allows nothing else.
fn texts_of(object: &Map<String, Json>) -> Option<Vec<&str>> {
    if let Some(text) = object.get("const") {
        return text.as_str().map(|text| vec![text]);
    }
    object
        .get("enum")?
        .as_array()?
        .iter()
        .filter(|value| !value.is_null())
        .map(Json::as_str)
        .collect()
}

/// The one key of a schema for a map that must have exactly this key.
fn tag_of(object: &Map<String, Json>) -> Option<(&str, &Json)> {
    let keys = object.get("properties")?.as_object()?;
    let required = object.get("required")?.as_array()?;
    match (keys.iter().next(), keys.len(), required.as_slice()) {
        (Some((key, schema)), 1, [Json::String(name)]) if name == key => Some((key, schema)),
        _ => None,
    }
}
