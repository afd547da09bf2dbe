use std::{fmt, fs, path::Path};

/// Why a file of labelled data can't be used: where it is wrong, and what was expected there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Unusable {
    file: String,
    pub(crate) line: Option<usize>,
    problem: String,
}

impl Unusable {
    /// Says what is wrong with a whole file.
    pub fn file(file: &str, problem: impl Into<String>) -> Self {
        Self {
            file: file.to_owned(),
            line: None,
            problem: problem.into(),
        }
    }

    /// Says what is wrong with a line of a file, counted from 1.
    pub fn line(file: &str, line: usize, problem: impl Into<String>) -> Self {
        Self {
            line: Some(line),
            ..Self::file(file, problem)
        }
    }

    /// Says what is wrong with a line of JSON Lines.
    pub(crate) fn json(file: &str, line: usize, error: &serde_json::Error, expected: &str) -> Self {
        let said = error.to_string();
        // The place in the line: its number is that of the file.
        let reason = said
            .rsplit_once(" at line ")
            .map_or(said.as_str(), |(reason, _)| reason);
        let problem = format!("{reason} (column {}); expected {expected}", error.column());
        Self::line(file, line, problem)
    }
}

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}, line {line}: {}", self.file, self.problem),
            None => write!(f, "{}: {}", self.file, self.problem),
        }
    }
}

/// Reads a file of UTF-8 text whole.
///
/// # Errors
/// If there is none, it can't be read, or it is no UTF-8.
pub fn read(path: &Path) -> Result<String, Unusable> {
    let name = path.to_string_lossy();
    let bytes = fs::read(path).map_err(|error| Unusable::file(&name, format!("can't be read: {error}")))?;
    String::from_utf8(bytes).map_err(|error| {
        let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
        Unusable::line(&name, line, "no UTF-8; expected a text file in UTF-8")
    })
}
