use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_saphyr::{DuplicateKeyPolicy, MergeKeyPolicy, Options};

use crate::{
    Problem, Problems, Severity,
    node::{Node, Position, Value},
    read::Reader,
    schema::Schema,
    syntax,
};

/// One YAML file, parsed, with the place of everything in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    file: String,
    root: Node,
}

impl Source {
    /// Parses a file. The problem with text that is no YAML has its line and column.
    pub fn parse(file: impl Into<String>, text: &str) -> Result<Self, Problems> {
        Self::parse_from_line(file, text, 1)
    }

    /// Parses a file from its bytes, which must be UTF-8; a byte order mark is skipped.
    pub fn from_bytes(file: impl Into<String>, bytes: &[u8]) -> Result<Self, Problems> {
        let file = file.into();
        match std::str::from_utf8(bytes) {
            Ok(text) => Self::parse(file, text),
            Err(error) => {
                let before = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
                let position = syntax::end_of(&before);
                Err(one_problem(
                    file,
                    position,
                    "the file is not UTF-8 from here on",
                    "save it as UTF-8",
                ))
            }
        }
    }

    /// Parses YAML that begins at line `first_line` of its file, such as the head of an article.
    pub fn parse_from_line(file: impl Into<String>, text: &str, first_line: u32) -> Result<Self, Problems> {
        let file = file.into();
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let lines_before = first_line.saturating_sub(1);
        match serde_saphyr::from_str_with_options::<Option<Node>>(text, options()) {
            Ok(root) => {
                let mut root = root.unwrap_or(Node {
                    position: Position { line: 1, column: 1 },
                    value: Value::Null,
                });
                if lines_before > 0 {
                    root.move_down(lines_before);
                }
                Ok(Self { file, root })
            }
            Err(error) => {
                let (position, what, cure) = syntax::explain(error.without_snippet(), text);
                Err(one_problem(
                    file,
                    Position {
                        line: position.line.saturating_add(lines_before),
                        ..position
                    },
                    what,
                    cure,
                ))
            }
        }
    }

    /// The file, as the person named it.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// Everything in the file.
    pub const fn root(&self) -> &Node {
        &self.root
    }

    pub(crate) fn into_parts(self) -> (String, Node) {
        (self.file, self.root)
    }

    /// Reads the file as a value of type `T`; pushes every problem that it has. Gives `None` if there is an error among them.
    pub fn read<T: DeserializeOwned + JsonSchema>(&self, problems: &mut Problems) -> Option<T> {
        self.read_as(&Schema::of::<T>(), problems)
    }

    /// The same with a schema that is made once and used for many files.
    pub fn read_as<T: DeserializeOwned>(&self, schema: &Schema, problems: &mut Problems) -> Option<T> {
        let mut found = Problems::default();
        schema.check(&self.root, &mut found);
        let value = if found.has_errors() {
            None
        } else {
            T::deserialize(Reader(&self.root))
                .map_err(|error| found.push(error.into_problem()))
                .ok()
        };
        for problem in found.iter_mut() {
            problem.file.clone_from(&self.file);
        }
        problems.append(found);
        value
    }

    /// Fills in file, line and column of problems that have a dotted key and no file yet.
    pub fn locate(&self, problems: &mut Problems) {
        for problem in problems.iter_mut().filter(|problem| problem.file.is_empty()) {
            problem.file.clone_from(&self.file);
            if !problem.key.is_empty() {
                let position = self.root.find(&problem.key);
                (problem.line, problem.column) = (position.line, position.column);
            }
        }
    }
}

/// Reads YAML that was checked before, without finding places: a few times as fast. Gives `None` if it can't be read; a [`Source`]
/// then says why.
pub fn read_plainly<T: DeserializeOwned>(yaml: &[u8]) -> Option<T> {
    serde_saphyr::from_slice_with_options(yaml, options()).ok()
}

/// How deep a file may be nested: far deeper than people nest, and safe on the 2 MiB stack of a thread. A level takes up to 45 KiB of
/// it in a debug build, a small part of that otherwise.
const MAX_DEPTH: usize = 32;

/// The strict reading: a key once, `yes` and `0123` are texts, no tags of other programs, no merging of maps, and limits that keep a
/// file of aliases to aliases from filling the memory.
fn options() -> Options {
    let mut options = serde_saphyr::options! {
        duplicate_keys: DuplicateKeyPolicy::Error,
        merge_keys: MergeKeyPolicy::Error,
        strict_booleans: true,
        leading_zero_numbers_as_strings: true,
        underscored_numbers_as_strings: true,
        reject_unsupported_tags: true,
        with_snippet: false,
        emit_comments: false,
    };
    if let Some(budget) = &mut options.budget {
        budget.max_depth = MAX_DEPTH;
    }
    options.alias_limits.max_total_replayed_events = 100_000;
    options
}

fn one_problem(file: String, position: Position, what: impl Into<String>, cure: impl Into<String>) -> Problems {
    let mut problems = Problems::default();
    problems.push(Problem {
        severity: Severity::Error,
        code: None,
        file,
        line: position.line,
        column: position.column,
        key: String::new(),
        what: what.into(),
        cure: cure.into(),
    });
    problems
}

#[cfg(test)]
mod tests;
