use std::{
    collections::BTreeMap,
    ffi::{OsStr, OsString},
    fmt, fs,
    marker::PhantomData,
    path::Path,
};

use schemars::JsonSchema;
use serde::de::DeserializeOwned;

use crate::{
    Problem, Problems, Settings, Severity, Source, did_you_mean,
    node::{Entry, Node, Position, Value},
    read::Reader,
    schema::Schema,
    shape::{Expected, ScalarKind, Shape},
};

/// Where a setting that is not the default comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A place in the file.
    File {
        /// The file, as the person named it.
        file: String,
        /// Where in it.
        position: Position,
    },
    /// An environment variable.
    Variable(String),
    /// A flag on the command line.
    Flag(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { file, position } => write!(f, "{file}:{}:{}", position.line, position.column),
            Self::Variable(name) | Self::Flag(name) => f.write_str(name),
        }
    }
}

/// Settings of type `T`, put together from layers: defaults, then a file, then environment variables, then flags.
///
/// Each layer says less and wins over those before it. Nothing fails until [`Layers::load`], which reports every problem of every
/// layer at once.
#[derive(Debug)]
pub struct Layers<T> {
    prefix: &'static str,
    schema: Schema,
    file: String,
    root: Node,
    /// Where values that are not from the file come from, by dotted key.
    origins: BTreeMap<String, Origin>,
    problems: Problems,
    settings: PhantomData<fn() -> T>,
}

impl<T: DeserializeOwned + JsonSchema> Layers<T> {
    /// Begins with the defaults. Variables are called `PREFIX__SECTION__KEY`.
    pub fn new(prefix: &'static str) -> Self {
        Self {
            prefix,
            schema: Schema::of::<T>(),
            file: String::new(),
            root: Node::detached(Value::Map(Vec::new())),
            origins: BTreeMap::new(),
            problems: Problems::default(),
            settings: PhantomData,
        }
    }

    /// Adds the file.
    #[must_use]
    pub fn file(mut self, source: Source) -> Self {
        let (file, root) = source.into_parts();
        self.file = file;
        // An empty file, or one with nothing but comments, changes nothing.
        if root.value != Value::Null {
            self.root = root;
        }
        self
    }

    /// Adds the variables that begin with the prefix, as [`std::env::vars_os`] gives them; a key is in capitals, with two underscores
    /// for each dot. A value is YAML, or plain text where a text is expected. A secret may also come from the file that
    /// `…_FILE` names.
    #[must_use]
    pub fn environment<N: Into<OsString>, V: Into<OsString>>(
        mut self,
        variables: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        let start = format!("{}__", self.prefix);
        let ours: BTreeMap<String, OsString> = variables
            .into_iter()
            .filter_map(|(name, value)| Some((name.into().into_string().ok()?, value.into())))
            .filter(|(name, _)| name.starts_with(&start))
            .collect();
        for (name, value) in ours {
            let path: Vec<String> = name[start.len()..].split("__").map(str::to_lowercase).collect();
            let path: Vec<&str> = path.iter().map(String::as_str).collect();
            self.variable(&name, &path, &value);
        }
        self
    }

    /// Adds one setting from the command line: `flag` is what the person typed, `key` the dotted key, `text` its value as in
    /// [`Layers::environment`].
    #[must_use]
    pub fn set(mut self, flag: &str, key: &str, text: &str) -> Self {
        let path: Vec<&str> = key.split('.').collect();
        let origin = Origin::Flag(flag.into());
        if self.schema.at(&path).is_some() {
            self.put(&path, text, origin);
        } else {
            let keys: Vec<String> = self.schema.settings().into_iter().map(|setting| setting.key).collect();
            let cure = did_you_mean(key, keys.iter().map(String::as_str));
            self.problems
                .push(problem_from(&origin, key, "there is no such setting".into(), cure));
        }
        self
    }

    /// Checks all layers and reads the settings.
    pub fn load(self) -> Result<Settings<T>, Problems> {
        let Self {
            schema,
            file,
            root,
            origins,
            mut problems,
            ..
        } = self;
        let mut found = Problems::default();
        schema.check(&root, &mut found);
        let value = if found.has_errors() {
            None
        } else {
            T::deserialize(Reader(&root))
                .map_err(|error| found.push(error.into_problem()))
                .ok()
        };
        let place = |problem: &mut Problem| place(problem, &file, &origins);
        found.iter_mut().for_each(place);
        problems.append(found);
        match value {
            Some(value) if !problems.has_errors() => Ok(Settings::new(value, file, root, origins)),
            _ => Err(problems),
        }
    }

    fn variable(&mut self, name: &str, path: &[&str], value: &OsStr) {
        let origin = Origin::Variable(name.into());
        let Some(text) = value.to_str() else {
            return self.problems.push(problem_from(
                &origin,
                &path.join("."),
                "the value is not UTF-8".into(),
                "set it anew".into(),
            ));
        };
        if self.schema.at(path).is_some() {
            self.put(path, text, origin);
        } else if let Some(path) = self.secret_of(path) {
            self.put_secret_file(&path, Path::new(text), origin);
        } else {
            let names: Vec<String> = self
                .schema
                .settings()
                .iter()
                .map(|setting| variable_of(self.prefix, &setting.key))
                .collect();
            let cure = did_you_mean(name, names.iter().map(String::as_str));
            self.problems
                .push(problem_from(&origin, "", "there is no such setting".into(), cure));
        }
    }

    /// The path of the secret that `…_file` means, if there is one.
    fn secret_of<'p>(&self, path: &[&'p str]) -> Option<Vec<&'p str>> {
        let (last, parents) = path.split_last()?;
        let path: Vec<&str> = parents.iter().copied().chain([last.strip_suffix("_file")?]).collect();
        let schema = self.schema.at(&path)?;
        matches!(
            Expected::of(schema, &self.schema.definitions).shape,
            Shape::Scalar { secret: true, .. }
        )
        .then_some(path)
    }

    fn put_secret_file(&mut self, path: &[&str], place: &Path, origin: Origin) {
        let key = path.join(".");
        if self.origins.contains_key(&key) {
            let what = format!("the secret is also in {}", variable_of(self.prefix, &key));
            return self
                .problems
                .push(problem_from(&origin, &key, what, "set one of the two variables".into()));
        }
        match fs::read_to_string(place) {
            Ok(secret) => {
                let secret = secret
                    .strip_suffix('\n')
                    .map_or(&*secret, |line| line.strip_suffix('\r').unwrap_or(line));
                self.insert(path, Node::detached(Value::Text(secret.into())), origin);
            }
            Err(error) => {
                let what = format!("the file {} can't be read ({})", place.display(), error.kind());
                self.problems.push(problem_from(
                    &origin,
                    &key,
                    what,
                    "check its name and who may read it".into(),
                ));
            }
        }
    }

    /// Puts a value that somebody gave as text at a path that exists.
    fn put(&mut self, path: &[&str], text: &str, origin: Origin) {
        let takes_text = self.schema.at(path).is_some_and(|schema| {
            let shape = Expected::of(schema, &self.schema.definitions).shape;
            matches!(&shape, Shape::Choice(_))
                || matches!(&shape, Shape::Scalar { kinds, .. } if kinds == &[ScalarKind::Text])
        });
        let value = if takes_text {
            Ok(Value::Text(text.into()))
        } else {
            Source::parse("", text).map(|source| source.into_parts().1.detach().value)
        };
        match value {
            Ok(value) => self.insert(path, Node::detached(value), origin),
            Err(problems) => {
                for problem in problems.iter() {
                    self.problems.push(problem_from(
                        &origin,
                        &path.join("."),
                        problem.what.clone(),
                        problem.cure.clone(),
                    ));
                }
            }
        }
    }

    fn insert(&mut self, path: &[&str], value: Node, origin: Origin) {
        put_at(&mut self.root, path, value);
        let key = path.join(".");
        self.origins.retain(|other, _| !is_below(other, &key));
        self.origins.insert(key, origin);
    }
}

impl Schema {
    /// Gives the schema of a setting, if it exists.
    pub(crate) fn at(&self, path: &[&str]) -> Option<&serde_json::Value> {
        path.iter().try_fold(&self.root, |schema, name| {
            match Expected::of(schema, &self.definitions).shape {
                Shape::Map(map) => map.named(name).or(map.others),
                Shape::Tagged { keys, .. } => keys.into_iter().find(|(key, _)| key == name).map(|(_, schema)| schema),
                _ => None,
            }
        })
    }
}

/// The environment variable of a dotted key.
pub(crate) fn variable_of(prefix: &str, key: &str) -> String {
    format!("{prefix}__{}", key.replace('.', "__").to_uppercase())
}

/// Gives a problem with a dotted key its place: the file, or the variable or flag that its value comes from.
pub(crate) fn place(problem: &mut Problem, file: &str, origins: &BTreeMap<String, Origin>) {
    match origins.iter().find(|(key, _)| is_below(&problem.key, key)) {
        Some((_, origin)) => {
            (problem.line, problem.column) = (0, 0);
            problem.what = format!("{} (from {origin})", problem.what);
        }
        None => file.clone_into(&mut problem.file),
    }
}

/// Says whether `key` is `parent` or stands below it.
pub(crate) fn is_below(key: &str, parent: &str) -> bool {
    key.strip_prefix(parent)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

fn problem_from(origin: &Origin, key: &str, what: String, cure: String) -> Problem {
    let mut problem = Problem {
        severity: Severity::Error,
        code: None,
        file: String::new(),
        line: 0,
        column: 0,
        key: key.into(),
        what: format!("{what} (from {origin})"),
        cure,
    };
    if key.is_empty() {
        problem.key = origin.to_string();
        problem.what = what;
    }
    problem
}

/// Puts a value at a path. What is not there yet is made; a value that is no map gives way to one.
fn put_at(node: &mut Node, path: &[&str], value: Node) {
    let Some((name, rest)) = path.split_first() else {
        *node = value;
        return;
    };
    let mut entries = match std::mem::replace(&mut node.value, Value::Null) {
        Value::Map(entries) => entries,
        _ => Vec::new(),
    };
    let index = entries.iter().position(|entry| entry.key == *name).unwrap_or_else(|| {
        let value = Node::detached(Value::Null);
        entries.push(Entry {
            key: (*name).into(),
            key_position: Position::default(),
            value,
        });
        entries.len() - 1
    });
    put_at(&mut entries[index].value, rest, value);
    node.value = Value::Map(entries);
}

#[cfg(test)]
mod tests;
