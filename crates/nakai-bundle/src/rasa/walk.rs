use std::{
    fs, io,
    path::{Path, PathBuf},
};

use nakai_config::Problems;

use super::project::problem;

/// Folders that hold nothing that a person wrote for the bot.
const SKIPPED_FOLDERS: [&str; 6] = [
    "models",
    "results",
    "graph_cache",
    "node_modules",
    "venv",
    "__pycache__",
];

const MAX_DEPTH: usize = 12;
const MAX_FILES: usize = 5_000;

/// Every file of a folder, by its path below it with `/`.
#[derive(Debug, Default)]
pub(super) struct Walk {
    pub(super) files: Vec<(String, PathBuf)>,
    /// What is not looked into, and why.
    pub(super) skipped: Vec<(String, &'static str)>,
    pub(super) problems: Problems,
}

impl Walk {
    pub(super) fn through(folder: &Path) -> Self {
        let mut walk = Self::default();
        walk.folder(folder, "", 0);
        walk.files.sort();
        walk
    }

    fn folder(&mut self, folder: &Path, name: &str, depth: usize) {
        let entries = match fs::read_dir(folder).and_then(Iterator::collect::<io::Result<Vec<_>>>) {
            Ok(entries) => entries,
            Err(error) => return self.refuse(name, format!("the folder can't be read: {error}")),
        };
        for entry in entries {
            let last = entry.file_name().to_string_lossy().into_owned();
            let name = if name.is_empty() {
                last.clone()
            } else {
                format!("{name}/{last}")
            };
            let is_hidden = last.starts_with('.');
            match entry.file_type() {
                Err(error) => self.refuse(&name, format!("it can't be read: {error}")),
                Ok(kind) if kind.is_dir() && (is_hidden || SKIPPED_FOLDERS.contains(&last.as_str())) => {
                    self.skipped.push((name, "the folder is not looked into"));
                }
                Ok(kind) if kind.is_dir() && depth == MAX_DEPTH => self.refuse(&name, "folders are nested too deep"),
                Ok(kind) if kind.is_dir() => self.folder(&entry.path(), &name, depth + 1),
                // A link could lead out of the project.
                Ok(kind) if kind.is_symlink() => self.skipped.push((name, "the link is not followed")),
                Ok(_) if is_hidden => self.skipped.push((name, "the file is not read")),
                Ok(_) if self.files.len() == MAX_FILES => {
                    return self.refuse("", "there are more than 5000 files here");
                }
                Ok(_) => self.files.push((name, entry.path())),
            }
        }
    }

    fn refuse(&mut self, name: &str, what: impl Into<String>) {
        self.problems
            .push(problem(name, what, "name the folder of a Rasa project"));
    }
}
