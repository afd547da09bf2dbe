use std::fmt;

use serde::{
    Deserialize,
    de::{Deserializer, MapAccess, SeqAccess, Visitor},
};
use serde_json::Number;
use serde_saphyr::Spanned;

/// A place in a file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line from 1; 0 if the value is not from a file.
    pub line: u32,
    /// The column from 1, in characters; 0 if the value is not from a file.
    pub column: u32,
}

impl From<serde_saphyr::Location> for Position {
    fn from(location: serde_saphyr::Location) -> Self {
        let short = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
        Self {
            line: short(location.line()),
            column: short(location.column()),
        }
    }
}

/// A value that somebody wrote, and where.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Where the value begins.
    pub position: Position,
    /// The value.
    pub value: Value,
}

/// What YAML can say.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Nothing, `null` or `~`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole or decimal number.
    Number(Number),
    /// A text, with or without quotes.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// Keys with values, in the order in which they were written, each key once.
    Map(Vec<Entry>),
}

/// One key of a map with its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// Where the key begins.
    pub key_position: Position,
    /// The value.
    pub value: Node,
}

impl Node {
    /// Makes a node that comes from no file.
    pub fn detached(value: Value) -> Self {
        Self {
            position: Position::default(),
            value,
        }
    }

    /// Gives the value of a key, if this is a map that has it.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// Gives the entry of a key, if this is a map that has it.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        match &self.value {
            Value::Map(entries) => entries.iter().find(|entry| entry.key == key),
            _ => None,
        }
    }

    /// Says what kind of value this is, for a message: `a text`, `a list`, …
    pub(crate) const fn kind(&self) -> &'static str {
        match self.value {
            Value::Null => "nothing",
            Value::Bool(_) => "true or false",
            Value::Number(_) => "a number",
            Value::Text(_) => "a text",
            Value::List(_) => "a list",
            Value::Map(_) => "a map",
        }
    }

    /// Forgets all places, for a value that is not from a file.
    pub(crate) fn detach(mut self) -> Self {
        self.position = Position::default();
        match &mut self.value {
            Value::List(items) => *items = std::mem::take(items).into_iter().map(Self::detach).collect(),
            Value::Map(entries) => {
                for entry in entries {
                    entry.key_position = Position::default();
                    let value = std::mem::replace(&mut entry.value, Self::detached(Value::Null));
                    entry.value = value.detach();
                }
            }
            _ => {}
        }
        self
    }

    /// Moves everything down by `lines`, for text that does not begin at the first line of its file.
    pub(crate) fn move_down(&mut self, lines: u32) {
        self.position.line = self.position.line.saturating_add(lines);
        match &mut self.value {
            Value::List(items) => items.iter_mut().for_each(|item| item.move_down(lines)),
            Value::Map(entries) => {
                for entry in entries {
                    entry.key_position.line = entry.key_position.line.saturating_add(lines);
                    entry.value.move_down(lines);
                }
            }
            _ => {}
        }
    }

    /// Finds the place that a dotted key such as `intents.greeting.examples.ja[3]` means, or that of its nearest parent that exists.
    ///
    /// The place of a text or number is where it begins, that of a map or list where its key begins, because that is where a
    /// person looks. Keys may themselves hold dots and brackets: of several readings the longest key wins.
    pub fn find(&self, key: &str) -> Position {
        self.find_below(key, self.position)
    }

    fn find_below(&self, rest: &str, label: Position) -> Position {
        let here = if matches!(self.value, Value::List(_) | Value::Map(_) | Value::Null) {
            label
        } else {
            self.position
        };
        let found = match &self.value {
            Value::Map(entries) => {
                let rest = rest.strip_prefix('.').unwrap_or(rest);
                entries
                    .iter()
                    .filter_map(|entry| Some((entry, rest.strip_prefix(&entry.key)?)))
                    .filter(|(_, rest)| rest.is_empty() || rest.starts_with(['.', '[']))
                    .max_by_key(|(entry, _)| entry.key.len())
                    .map(|(entry, rest)| entry.value.find_below(rest, entry.key_position))
            }
            Value::List(items) => rest
                .strip_prefix('[')
                .and_then(|rest| rest.split_once(']'))
                .and_then(|(index, rest)| Some((items.get(index.parse::<usize>().ok()?)?, rest)))
                .map(|(item, rest)| item.find_below(rest, item.position)),
            _ => None,
        };
        found.unwrap_or(here)
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = Spanned::<Value>::deserialize(deserializer)?;
        Ok(Self {
            position: spanned.referenced.into(),
            value: spanned.value,
        })
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a YAML value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value)
            .map(Value::Number)
            .ok_or_else(|| E::custom("a number must be finite"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::Text(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Value::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut entries: Vec<Entry> = Vec::new();
        while let Some(key) = map.next_key::<Spanned<String>>()? {
            entries.push(Entry {
                key: key.value,
                key_position: key.referenced.into(),
                value: map.next_value()?,
            });
        }
        Ok(Value::Map(entries))
    }
}
