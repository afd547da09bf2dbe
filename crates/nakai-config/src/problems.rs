use std::fmt;

use crate::ProblemCode;

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Works, but is probably not what was meant.
    Warning,
    /// Can't be used.
    Error,
}

/// One thing that is wrong in what a person wrote: what, where, and how to mend it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// How bad it is.
    pub severity: Severity,
    /// Its name in the reference, if it has one.
    pub code: Option<ProblemCode>,
    /// The file, as the person named it; empty for the environment and flags.
    pub file: String,
    /// The line from 1; 0 where there is none.
    pub line: u32,
    /// The column from 1, in characters; 0 where there is none.
    pub column: u32,
    /// The dotted key, for example `gateway.listen` or `intents.greeting.examples.ja[3]`; empty for the whole file.
    pub key: String,
    /// What is wrong, in lower case, without a full stop.
    pub what: String,
    /// How to mend it, in lower case, without a full stop.
    pub cure: String,
}

impl fmt::Display for Problem {
    /// One line: `bot.yaml:3:7: error: title: what; cure`, and `error[code]` if there is one.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.file.is_empty() {
            write!(f, "{}", self.file)?;
            if self.line > 0 {
                write!(f, ":{}:{}", self.line, self.column)?;
            }
            f.write_str(": ")?;
        }
        f.write_str(match self.severity {
            Severity::Warning => "warning",
            Severity::Error => "error",
        })?;
        if let Some(code) = self.code {
            write!(f, "[{code}]")?;
        }
        f.write_str(": ")?;
        if !self.key.is_empty() {
            write!(f, "{}: ", self.key)?;
        }
        f.write_str(&self.what)?;
        if self.cure.is_empty() {
            Ok(())
        } else {
            write!(f, "; {}", self.cure)
        }
    }
}

/// All problems found in one go.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Problems {
    list: Vec<Problem>,
}

impl Problems {
    /// Adds a problem.
    pub fn push(&mut self, problem: Problem) {
        self.list.push(problem);
    }

    /// Adds an error at a dotted key; file and position are filled in later from the source (see `Source::locate`).
    pub fn error(&mut self, key: impl Into<String>, what: impl Into<String>, cure: impl Into<String>) {
        self.push(Problem {
            severity: Severity::Error,
            code: None,
            file: String::new(),
            line: 0,
            column: 0,
            key: key.into(),
            what: what.into(),
            cure: cure.into(),
        });
    }

    /// Adds an error with a code of its own at a dotted key.
    pub fn coded(
        &mut self,
        code: ProblemCode,
        key: impl Into<String>,
        what: impl Into<String>,
        cure: impl Into<String>,
    ) {
        self.error(key, what, cure);
        if let Some(last) = self.list.last_mut() {
            last.code = Some(code);
        }
    }

    /// Adds a warning at a dotted key.
    pub fn warn(&mut self, key: impl Into<String>, what: impl Into<String>, cure: impl Into<String>) {
        self.error(key, what, cure);
        if let Some(last) = self.list.last_mut() {
            last.severity = Severity::Warning;
        }
    }

    /// Says whether anything can't be used.
    pub fn has_errors(&self) -> bool {
        self.list.iter().any(|p| p.severity == Severity::Error)
    }

    /// Says whether nothing at all was found.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// All problems, in the order in which they were found.
    pub fn iter(&self) -> std::slice::Iter<'_, Problem> {
        self.list.iter()
    }

    /// All problems, to be changed.
    pub fn iter_mut(&mut self) -> std::slice::IterMut<'_, Problem> {
        self.list.iter_mut()
    }

    /// Takes over the problems of another list.
    pub fn append(&mut self, other: Self) {
        self.list.extend(other.list);
    }

    /// Sorts by file, line and column, for people.
    pub fn sort(&mut self) {
        self.list
            .sort_by(|a, b| (&a.file, a.line, a.column).cmp(&(&b.file, b.line, b.column)));
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for problem in &self.list {
            writeln!(f, "{problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}
