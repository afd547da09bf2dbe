use std::{fs, path::Path};

use nakai_config::{Problem, Problems, Severity, Source};

use super::{
    report::{Ledger, Place},
    view::{Reads, View},
    walk::Walk,
};

/// The YAML files of a Rasa project.
#[derive(Debug, Default)]
pub(super) struct Project {
    /// Domain and training data.
    pub(super) content: Vec<Source>,
    /// `config.yml`.
    pub(super) config: Vec<Source>,
    /// Endpoints and credentials.
    pub(super) connections: Vec<Source>,
    /// Test stories.
    pub(super) tests: Vec<Source>,
    /// Files that the import does not read, with what they are and what to do instead.
    others: Vec<(String, &'static str, &'static str)>,
}

/// Top-level keys of domain and training data.
const CONTENT_KEYS: [&str; 12] = [
    "actions",
    "e2e_actions",
    "entities",
    "forms",
    "intents",
    "nlu",
    "responses",
    "rules",
    "session_config",
    "slots",
    "stories",
    "templates",
];

const MAX_FILE_BYTES: u64 = 32 * 1024 * 1024;

impl Project {
    /// Finds and parses the project's files.
    ///
    /// # Errors
    /// Every file that can't be read or is no YAML, a folder without a domain.
    pub(super) fn read(folder: &Path) -> Result<Self, Problems> {
        let Walk {
            files,
            skipped,
            mut problems,
        } = Walk::through(folder);
        let mut project = Self::default();
        project
            .others
            .extend(skipped.into_iter().map(|(name, what)| (name, what, "")));
        for (name, path) in files {
            project.read_file(name, &path, &mut problems);
        }
        let is_domain = |source: &Source| {
            let root = source.root();
            ["intents", "responses", "templates", "slots", "forms", "actions"]
                .iter()
                .any(|key| root.get(key).is_some())
        };
        if !problems.has_errors() && !project.content.iter().any(is_domain) {
            problems.push(problem(
                "",
                "there is no Rasa domain here",
                "name the folder that has `domain.yml`",
            ));
        }
        if problems.has_errors() {
            Err(problems)
        } else {
            Ok(project)
        }
    }

    fn read_file(&mut self, name: String, path: &Path, problems: &mut Problems) {
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        let in_tests = name.starts_with("tests/") || name.starts_with("test/");
        let in_data = name.starts_with("data/") || name.starts_with("domain/") || name.starts_with("domain.");
        if !matches!(ending, "yml" | "yaml") {
            let (what, instead) = match ending {
                "py" => (
                    "Python code is not carried over",
                    "write what it does as `call` steps of flows to an HTTP tool",
                ),
                "md" | "json" if in_data => (
                    "training data in an old format are not read",
                    "convert them with `rasa data convert`, then import again",
                ),
                _ => ("the file is not read", ""),
            };
            self.others.push((name, what, instead));
            return;
        }
        let bytes = match fs::metadata(path).and_then(|about| {
            if about.len() > MAX_FILE_BYTES {
                Ok(None)
            } else {
                fs::read(path).map(Some)
            }
        }) {
            Ok(Some(bytes)) => bytes,
            Ok(None) => {
                problems.push(problem(&name, "the file is larger than 32 MiB", "split it"));
                return;
            }
            Err(error) => {
                problems.push(problem(
                    &name,
                    format!("the file can't be read: {error}"),
                    "check its permissions",
                ));
                return;
            }
        };
        match Source::from_bytes(name.clone(), &bytes) {
            Ok(source) => {
                let stem = Path::new(&name)
                    .file_stem()
                    .and_then(|stem| stem.to_str())
                    .unwrap_or_default();
                let root = source.root();
                if in_tests {
                    self.tests.push(source);
                } else if matches!(stem, "endpoints" | "credentials") {
                    self.connections.push(source);
                } else if in_data || CONTENT_KEYS.iter().any(|key| root.get(key).is_some()) {
                    self.content.push(source);
                } else if stem.starts_with("config") || root.get("pipeline").is_some() || root.get("policies").is_some()
                {
                    self.config.push(source);
                } else {
                    self.others.push((name, "the file is not read", ""));
                }
            }
            Err(found) if in_data || name == "config.yml" => problems.append(found),
            Err(_) => self.others.push((name, "the file is no YAML that can be read", "")),
        }
    }

    /// Every source with content, to be looked into.
    pub(super) fn views<'a>(&'a self, reads: &'a Reads) -> Vec<View<'a>> {
        self.content.iter().map(|source| View::of(source, reads)).collect()
    }

    /// Reports what the import does not look into.
    pub(super) fn report_others(&self, reads: &Reads, ledger: &mut Ledger) {
        for (name, what, instead) in &self.others {
            ledger.lost(Place::new(name, 0), *what, *instead);
        }
        for source in &self.connections {
            // Only the keys: the values are secrets.
            for (key, _) in View::of(source, reads).entries() {
                ledger.lost(
                    key.place,
                    format!("connection `{}` is not carried over", key.text),
                    "set up channels, tools and the store in Nakai's own configuration",
                );
            }
        }
        for source in &self.tests {
            ledger.lost(
                Place::new(source.file(), 0),
                "test stories are not carried over",
                "write them as conversations in `tests/*.yaml` of the bundle",
            );
        }
    }
}

pub(super) fn problem(file: &str, what: impl Into<String>, cure: &str) -> Problem {
    Problem {
        severity: Severity::Error,
        code: None,
        file: file.to_owned(),
        line: 0,
        column: 0,
        key: String::new(),
        what: what.into(),
        cure: cure.to_owned(),
    }
}
