use std::{borrow::Cow, fmt};

use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value as Json};

use crate::{
    Problem, Problems, Severity,
    nearest::{did_you_mean, listed, nearest},
    node::{Entry, Node, Position, Value},
    shape::{Expected, MapShape, ScalarKind, Shape},
};

/// What a file of some type may say: checks files, and is the source of their JSON Schema and reference.
#[derive(Debug, Clone, PartialEq)]
pub struct Schema {
    pub(crate) root: Json,
    pub(crate) definitions: Map<String, Json>,
}

impl Schema {
    /// Takes the schema of a type. Costs about as much as checking a file, so keep it if there are many.
    pub fn of<T: JsonSchema>() -> Self {
        let root = SchemaGenerator::default().into_root_schema_for::<T>().to_value();
        let definitions = root.get("$defs").and_then(Json::as_object).cloned().unwrap_or_default();
        Self { root, definitions }
    }

    /// Pushes everything in which a node is not what the type asks for: key, line, column and cure; the file is left to the caller.
    pub fn check(&self, node: &Node, problems: &mut Problems) {
        let mut check = Check {
            definitions: &self.definitions,
            problems,
        };
        let expected = Expected::of(&self.root, &self.definitions);
        check.node(node, &expected, Key::Root, node.position);
    }
}

/// A dotted key, written out only where there is a problem.
#[derive(Clone, Copy)]
enum Key<'a> {
    Root,
    Name(&'a Key<'a>, &'a str),
    Item(&'a Key<'a>, usize),
}

impl fmt::Display for Key<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root => Ok(()),
            Self::Name(Self::Root, name) => f.write_str(name),
            Self::Name(parent, name) => write!(f, "{parent}.{name}"),
            Self::Item(parent, index) => write!(f, "{parent}[{index}]"),
        }
    }
}

struct Check<'a> {
    definitions: &'a Map<String, Json>,
    problems: &'a mut Problems,
}

impl Check<'_> {
    /// `label` is where a person looks for the node: its key, or its own place in a list.
    fn node(&mut self, node: &Node, expected: &Expected<'_>, key: Key<'_>, label: Position) {
        match (&expected.shape, &node.value) {
            (Shape::Anything, _) => {}
            (_, Value::Null) if expected.nullable => {}
            (Shape::Either(branches), _) => self.either(node, branches, key, label),
            (
                Shape::Scalar {
                    kinds,
                    minimum,
                    maximum,
                    ..
                },
                value,
            ) if kinds.iter().any(|kind| fits(*kind, value)) => {
                self.range(node, *minimum, *maximum, key);
            }
            (Shape::Choice(texts), Value::Text(text)) => {
                if !texts.contains(&text.as_str()) {
                    self.push(
                        node.position,
                        key,
                        format!("`{text}` is not one of the allowed values"),
                        one_of(text, texts),
                    );
                }
            }
            (Shape::List(item), Value::List(items)) => {
                let expected = Expected::of(item, self.definitions);
                for (index, node) in items.iter().enumerate() {
                    self.node(node, &expected, Key::Item(&key, index), node.position);
                }
            }
            (Shape::Map(map), Value::Map(entries)) => self.map(entries, map, key, label),
            (Shape::Tagged { keys, texts }, Value::Map(entries)) => self.tagged(entries, keys, texts, key, label),
            (Shape::Tagged { texts, .. }, Value::Text(text)) if texts.contains(&text.as_str()) => {}
            (shape, value) => {
                let position = if *value == Value::Null { label } else { node.position };
                let found = if *value == Value::Null {
                    ", but there is nothing".into()
                } else {
                    format!(", not {}", node.kind())
                };
                self.push(
                    position,
                    key,
                    format!("{} is expected{found}", describe(shape)),
                    cure(shape, node),
                );
            }
        }
    }

    fn map(&mut self, entries: &[Entry], map: &MapShape<'_>, key: Key<'_>, label: Position) {
        // Maps from names to things, which can be long, have one shape for all their values.
        let others = map.others.map(|others| Expected::of(others, self.definitions));
        for entry in entries {
            let key = Key::Name(&key, &entry.key);
            let named = map
                .named(&entry.key)
                .map(|schema| Expected::of(schema, self.definitions));
            match named.as_ref().or(others.as_ref()) {
                Some(expected) => self.node(&entry.value, expected, key, entry.key_position),
                None => {
                    let known: Vec<&str> = map.keys.iter().map(|(name, _)| *name).collect();
                    self.push(
                        entry.key_position,
                        key,
                        "unknown key".into(),
                        one_of(&entry.key, &known),
                    );
                }
            }
        }
        for required in &map.required {
            if !entries.iter().any(|entry| entry.key == *required) {
                let example = map
                    .named(required)
                    .map(|schema| describe(&Expected::of(schema, self.definitions).shape));
                let example = example.unwrap_or_else(|| "a value".into());
                self.push(
                    label,
                    Key::Name(&key, required),
                    "is missing".into(),
                    format!("add `{required}:` with {example}"),
                );
            }
        }
    }

    fn tagged(&mut self, entries: &[Entry], keys: &[(&str, &Json)], texts: &[&str], key: Key<'_>, label: Position) {
        let names = || keys.iter().map(|(name, _)| *name);
        match entries {
            [] => self.push(
                label,
                key,
                "exactly one key is expected".into(),
                format!("use one of {}", listed(names())),
            ),
            [entry] => {
                let key = Key::Name(&key, &entry.key);
                match keys.iter().find(|(name, _)| *name == entry.key) {
                    Some((_, schema)) => {
                        self.node(
                            &entry.value,
                            &Expected::of(schema, self.definitions),
                            key,
                            entry.key_position,
                        );
                    }
                    None if texts.contains(&entry.key.as_str()) => {
                        let cure = format!("write `{}` without a colon", entry.key);
                        self.push(entry.key_position, key, "no value is expected".into(), cure);
                    }
                    None => {
                        let known: Vec<&str> = names().collect();
                        self.push(
                            entry.key_position,
                            key,
                            "unknown key".into(),
                            one_of(&entry.key, &known),
                        );
                    }
                }
            }
            [first, second, ..] => {
                let known = |entry: &Entry| names().any(|name| name == entry.key);
                let written = listed(entries.iter().map(|entry| entry.key.as_str()));
                let what = format!(
                    "exactly one key is expected, but there are {}: {written}",
                    entries.len()
                );
                let cure = if known(first) && known(second) {
                    format!("keep one, or begin `{}` with a `- ` of its own", second.key)
                } else {
                    format!("indent what belongs to `{}` below it", first.key)
                };
                self.push(second.key_position, key, what, cure);
            }
        }
    }

    /// Reports the problems of the branch that comes nearest, if none fits.
    fn either(&mut self, node: &Node, branches: &[&Json], key: Key<'_>, label: Position) {
        let here = key.to_string();
        let mut nearest: Option<Problems> = None;
        for branch in branches {
            let mut problems = Problems::default();
            let expected = Expected::of(branch, self.definitions);
            Check {
                definitions: self.definitions,
                problems: &mut problems,
            }
            .node(node, &expected, key, label);
            if problems.is_empty() {
                return;
            }
            // A problem at the node itself means that it is of another kind altogether.
            let same_kind = problems.iter().all(|problem| problem.key != here);
            if same_kind
                && nearest
                    .as_ref()
                    .is_none_or(|nearest| problems.iter().len() < nearest.iter().len())
            {
                nearest = Some(problems);
            }
        }
        if let Some(problems) = nearest {
            self.problems.append(problems);
        } else {
            let what: Vec<String> = branches
                .iter()
                .map(|branch| describe(&Expected::of(branch, self.definitions).shape).into_owned())
                .collect();
            self.push(
                node.position,
                key,
                format!("{} is expected, not {}", what.join(" or "), node.kind()),
                String::new(),
            );
        }
    }

    fn range(&mut self, node: &Node, minimum: Option<f64>, maximum: Option<f64>, key: Key<'_>) {
        let Value::Number(number) = &node.value else { return };
        let Some(value) = number.as_f64() else { return };
        if minimum.is_some_and(|minimum| value < minimum) || maximum.is_some_and(|maximum| value > maximum) {
            let cure = match (minimum, maximum) {
                (Some(minimum), Some(maximum)) => format!("use a number from {minimum} to {maximum}"),
                (Some(minimum), None) => format!("use a number from {minimum} on"),
                (None, Some(maximum)) => format!("use a number up to {maximum}"),
                (None, None) => String::new(),
            };
            self.push(node.position, key, format!("{number} is out of range"), cure);
        }
    }

    fn push(&mut self, position: Position, key: Key<'_>, what: String, cure: String) {
        self.problems.push(Problem {
            severity: Severity::Error,
            code: None,
            file: String::new(),
            line: position.line,
            column: position.column,
            key: key.to_string(),
            what,
            cure,
        });
    }
}

/// Joins a dotted key and one name more.
pub(crate) fn below(key: &str, name: &str) -> String {
    if key.is_empty() {
        name.into()
    } else {
        format!("{key}.{name}")
    }
}

fn fits(kind: ScalarKind, value: &Value) -> bool {
    match (kind, value) {
        (ScalarKind::Bool, Value::Bool(_))
        | (ScalarKind::Text, Value::Text(_))
        | (ScalarKind::Number, Value::Number(_)) => true,
        (ScalarKind::Integer, Value::Number(number)) => !number.is_f64(),
        _ => false,
    }
}

/// Says what a shape asks for: `a text`, `a list`, `a map with the keys …`.
pub(crate) fn describe(shape: &Shape<'_>) -> Cow<'static, str> {
    match shape {
        Shape::Anything | Shape::Either(_) => "a value".into(),
        Shape::Scalar { kinds, .. } => kinds
            .iter()
            .map(|kind| kind.name())
            .collect::<Vec<_>>()
            .join(" or ")
            .into(),
        Shape::Choice(texts) => format!("one of {}", listed(texts.iter().copied())).into(),
        Shape::List(_) => "a list".into(),
        Shape::Map(_) => "a map".into(),
        Shape::Tagged { keys, .. } => format!(
            "a map with exactly one of the keys {}",
            listed(keys.iter().map(|(name, _)| *name))
        )
        .into(),
    }
}

fn one_of(word: &str, allowed: &[&str]) -> String {
    match nearest(word, allowed.iter().copied()) {
        Some(meant) if allowed.len() > 1 => {
            let others = allowed.iter().copied().filter(|other| *other != meant);
            format!("did you mean `{meant}`? the others are {}", listed(others))
        }
        _ => did_you_mean(word, allowed.iter().copied()),
    }
}

/// Says how to turn what is there into what is expected.
fn cure(shape: &Shape<'_>, node: &Node) -> String {
    match (shape, &node.value) {
        (_, Value::Null) => "give it a value, or remove the key".into(),
        (Shape::Scalar { kinds, .. }, Value::Number(_) | Value::Bool(_)) if kinds.contains(&ScalarKind::Text) => {
            "put it in quotes".into()
        }
        (Shape::Scalar { kinds, .. }, Value::Text(text)) => {
            let is_number = text.parse::<f64>().is_ok()
                && (kinds.contains(&ScalarKind::Number) || kinds.contains(&ScalarKind::Integer));
            let is_bool = matches!(text.as_str(), "true" | "false") && kinds.contains(&ScalarKind::Bool);
            match text.to_lowercase().as_str() {
                _ if is_number || is_bool => "remove the quotes".into(),
                "yes" | "on" if kinds.contains(&ScalarKind::Bool) => "write `true`".into(),
                "no" | "off" if kinds.contains(&ScalarKind::Bool) => "write `false`".into(),
                _ => String::new(),
            }
        }
        (Shape::List(_), Value::Text(_) | Value::Number(_) | Value::Bool(_)) => {
            "write it as a list: `[…]`, or `- ` before it".into()
        }
        (Shape::List(_), Value::Map(_)) => "begin each item with `- `".into(),
        (Shape::Map(map), _) if !map.keys.is_empty() => {
            format!(
                "write keys with values, such as {}",
                listed(map.keys.iter().take(4).map(|(name, _)| *name))
            )
        }
        (Shape::Map(_), _) => "write names with values below it".into(),
        (Shape::Tagged { keys, .. }, Value::Text(text)) if keys.iter().any(|(name, _)| name == text) => {
            format!("write `{text}:`")
        }
        (Shape::Scalar { .. }, Value::List(items)) if items.len() == 1 => "remove the brackets or the `- `".into(),
        _ => String::new(),
    }
}
