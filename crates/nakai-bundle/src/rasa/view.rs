use std::{cell::RefCell, collections::HashSet};

use nakai_config::{Node, Source, Value};

use super::report::Place;

/// Which nodes of the project's YAML were read. Whatever is missing here at the end goes into the report.
#[derive(Debug, Default)]
pub(super) struct Reads(RefCell<HashSet<usize>>);

impl Reads {
    /// Nodes are told apart by where they are in memory: the sources outlive the import and never move during it.
    fn identity(node: &Node) -> usize {
        std::ptr::from_ref(node).addr()
    }

    fn mark(&self, node: &Node) {
        self.0.borrow_mut().insert(Self::identity(node));
    }

    fn has(&self, node: &Node) -> bool {
        self.0.borrow().contains(&Self::identity(node))
    }
}

/// A node that remembers that it was read. Looking into a map or list reads the container, never its content.
#[derive(Debug, Clone, Copy)]
pub(super) struct View<'a> {
    file: &'a str,
    node: &'a Node,
    reads: &'a Reads,
}

/// One key of a map, with its place.
#[derive(Debug, Clone)]
pub(super) struct Key<'a> {
    pub(super) text: &'a str,
    pub(super) place: Place,
}

/// Something that nothing read.
#[derive(Debug)]
pub(super) struct Leftover {
    pub(super) place: Place,
    /// The dotted key.
    pub(super) key: String,
    /// The last named part of the key.
    pub(super) name: String,
}

impl<'a> View<'a> {
    pub(super) fn of(source: &'a Source, reads: &'a Reads) -> Self {
        Self {
            file: source.file(),
            node: source.root(),
            reads,
        }
    }

    fn at(self, node: &'a Node) -> Self {
        Self { node, ..self }
    }

    pub(super) fn place(self) -> Place {
        Place::new(self.file, self.node.position.line)
    }

    /// The value of a key.
    pub(super) fn get(self, key: &str) -> Option<Self> {
        let value = self.node.get(key)?;
        self.reads.mark(self.node);
        Some(self.at(value))
    }

    /// The text of a key, if it has one.
    pub(super) fn get_text(self, key: &str) -> Option<String> {
        self.get(key).and_then(Self::text)
    }

    /// All keys with their values; none if this is no map.
    pub(super) fn entries(self) -> Vec<(Key<'a>, Self)> {
        match &self.node.value {
            Value::Map(entries) => {
                self.reads.mark(self.node);
                let key = |entry: &'a nakai_config::Entry| Key {
                    text: &entry.key,
                    place: Place::new(self.file, entry.key_position.line),
                };
                entries
                    .iter()
                    .map(|entry| (key(entry), self.at(&entry.value)))
                    .collect()
            }
            Value::Null => {
                self.reads.mark(self.node);
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    /// All items; none if this is no list.
    pub(super) fn items(self) -> Vec<Self> {
        match &self.node.value {
            Value::List(items) => {
                self.reads.mark(self.node);
                items.iter().map(|item| self.at(item)).collect()
            }
            Value::Null => {
                self.reads.mark(self.node);
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    /// The names in a list whose items are a name or a map with one name, with what stands under it. Rasa lists intents, entities
    /// and forms so; since 2.0 also as a plain map.
    pub(super) fn names(self) -> Vec<(Key<'a>, Option<Self>)> {
        let mut found: Vec<_> = self
            .entries()
            .into_iter()
            .map(|(key, value)| (key, Some(value)))
            .collect();
        for item in self.items() {
            match &item.node.value {
                Value::Text(text) => {
                    self.reads.mark(item.node);
                    found.push((
                        Key {
                            text,
                            place: item.place(),
                        },
                        None,
                    ));
                }
                _ => found.extend(item.entries().into_iter().map(|(key, value)| (key, Some(value)))),
            }
        }
        found
    }

    /// The text of a scalar; numbers and booleans as they are written.
    pub(super) fn text(self) -> Option<String> {
        let text = match &self.node.value {
            Value::Text(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            Value::Bool(value) => value.to_string(),
            Value::Null | Value::List(_) | Value::Map(_) => return None,
        };
        self.reads.mark(self.node);
        Some(text)
    }

    /// A number.
    pub(super) fn number(self) -> Option<f64> {
        let Value::Number(number) = &self.node.value else {
            return None;
        };
        self.reads.mark(self.node);
        number.as_f64()
    }

    /// Whether it is nothing, `null` or `~`.
    pub(super) fn is_null(self) -> bool {
        let null = self.node.value == Value::Null;
        if null {
            self.reads.mark(self.node);
        }
        null
    }

    /// Whether it is a map or list.
    pub(super) fn is_nested(self) -> bool {
        matches!(self.node.value, Value::List(_) | Value::Map(_))
    }

    /// Whether this map has one of the keys. Reads nothing.
    pub(super) fn has_any(self, keys: &[&str]) -> bool {
        keys.iter().any(|key| self.node.get(key).is_some())
    }

    /// Reads everything below at once, for content about which the report says something as a whole.
    pub(super) fn read_all(self) {
        self.reads.mark(self.node);
        match &self.node.value {
            Value::List(items) => items.iter().for_each(|item| self.at(item).read_all()),
            Value::Map(entries) => entries.iter().for_each(|entry| self.at(&entry.value).read_all()),
            _ => {}
        }
    }

    /// Reads everything below at once and gives its scalars, for the report.
    pub(super) fn summary(self) -> String {
        self.read_all();
        let mut scalars = Vec::new();
        self.collect_scalars("", &mut scalars);
        scalars.join(", ")
    }

    fn collect_scalars(self, key: &str, scalars: &mut Vec<String>) {
        match &self.node.value {
            Value::List(items) => items
                .iter()
                .for_each(|item| self.at(item).collect_scalars(key, scalars)),
            Value::Map(entries) => entries
                .iter()
                .for_each(|entry| self.at(&entry.value).collect_scalars(&entry.key, scalars)),
            _ => {
                let label = if key.is_empty() {
                    String::new()
                } else {
                    format!("{key}: ")
                };
                scalars.extend(self.text().map(|text| format!("{label}{}", text.trim())));
            }
        }
    }

    /// Everything below that nothing read, the topmost node only.
    pub(super) fn leftovers(self) -> Vec<Leftover> {
        let mut found = Vec::new();
        self.collect_leftovers(&self.place(), "", "", &mut found);
        found
    }

    fn collect_leftovers(self, place: &Place, key: &str, name: &str, found: &mut Vec<Leftover>) {
        if !self.reads.has(self.node) {
            found.push(Leftover {
                place: place.clone(),
                key: key.to_owned(),
                name: name.to_owned(),
            });
            return;
        }
        match &self.node.value {
            Value::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    let item = self.at(item);
                    item.collect_leftovers(&item.place(), &format!("{key}[{index}]"), name, found);
                }
            }
            Value::Map(entries) => {
                for entry in entries {
                    let dot = if key.is_empty() { "" } else { "." };
                    let place = Place::new(self.file, entry.key_position.line);
                    self.at(&entry.value).collect_leftovers(
                        &place,
                        &format!("{key}{dot}{}", entry.key),
                        &entry.key,
                        found,
                    );
                }
            }
            _ => {}
        }
    }
}
