//! Takes over a bot that was written for Rasa 2 or 3.
//!
//! [`import`] reads the project's YAML and gives the files of a bundle and a [`Report`]. Nothing is dropped in silence, for two
//! reasons in the structure: `view` remembers every node that was read, and what is left at the end is reported; the ledger in
//! `report` opens an account for every name, and an account that nobody closes is reported.
//!
//! Reading: `walk` and `project` (files), `config`, `domain`, `nlu` with `example`, `paths` (rules and stories). Converting: `entities`,
//! `branches` and `reactions` with `forms` and `script` (what the bot does about each intent), `replies` with `template`; `draft` puts them together and `write`
//! writes them down.

mod branches;
mod config;
mod context;
mod domain;
mod draft;
mod entities;
mod example;
mod forms;
mod names;
mod nlu;
mod paths;
mod project;
mod reactions;
mod replies;
mod report;
mod script;
mod template;
mod view;
mod walk;
mod wordings;
mod write;

use std::path::Path;

use nakai_config::{Problem, Problems, Severity};

pub use report::{Kind, Note, Place, Report};

use self::{
    config::Config,
    context::{Context, NameBook},
    domain::Domain,
    draft::Draft,
    nlu::Nlu,
    project::Project,
    report::Ledger,
    view::{Reads, View},
};
use crate::Files;

/// A Rasa bot as a bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// The files of the bundle. It passes the checks of [`crate::load_files`]; if it ever does not, the report says so.
    pub files: Files,
    /// What became of everything in the project.
    pub report: Report,
}

/// Reads the Rasa project in a folder and turns it into a bundle.
///
/// # Errors
/// A folder without a Rasa domain, and every file that can't be read or is no YAML. What a bundle can't say is no error; it is in the
/// report.
pub fn import(folder: &Path) -> Result<Imported, Problems> {
    let project = Project::read(folder)?;
    let reads = Reads::default();
    let mut ledger = Ledger::default();
    let content = project.views(&reads);
    let configs: Vec<_> = project.config.iter().map(|source| View::of(source, &reads)).collect();
    let config = Config::read(&configs, &mut ledger);
    let domain = Domain::read(&content, &mut ledger);
    let mut nlu = Nlu::read(&content, &mut ledger);
    nlu.learn_from_buttons(&domain, &mut ledger);
    let paths = paths::read(&content, &domain, &mut ledger);
    let mut context = Context {
        language: config.language,
        domain: &domain,
        nlu: &nlu,
        ledger: &mut ledger,
        names: NameBook::new(),
    };
    let name = folder
        .canonicalize()
        .ok()
        .and_then(|path| Some(path.file_name()?.to_string_lossy().into_owned()));
    let draft = Draft::make(name.as_deref().unwrap_or("imported"), &config, &paths, &mut context);
    context.report_names();
    report_leftovers(content.iter().chain(&configs), &mut ledger);
    project.report_others(&reads, &mut ledger);
    let files = write::files(&draft).map_err(|error| unwritable(&error))?;
    report_problems(&files, &mut ledger);
    Ok(Imported {
        files,
        report: ledger.close(),
    })
}

/// Reports what the checks of bundles say, so that nobody finds out later.
fn report_problems(files: &Files, ledger: &mut Ledger) {
    let Err(problems) = crate::load_files(files.clone()) else {
        return;
    };
    for problem in problems.iter().filter(|problem| problem.severity == Severity::Error) {
        let place = Place::new(&format!("the bundle's {}", problem.file), problem.line);
        ledger.lost(
            place,
            format!("`{}` does not pass the checks: {}", problem.key, problem.what),
            problem.cure.clone(),
        );
    }
}

/// Reports every node that nothing read.
fn report_leftovers<'a>(views: impl Iterator<Item = &'a View<'a>>, ledger: &mut Ledger) {
    for leftover in views.flat_map(|view| view.leftovers()) {
        let what = if leftover.key.is_empty() {
            "the file is not read".into()
        } else {
            format!("`{}` is not carried over", leftover.key)
        };
        ledger.lost(leftover.place, what, instead_of(&leftover.name));
    }
}

/// What to do instead of something that Rasa has and a bundle has not, by its key.
fn instead_of(key: &str) -> &'static str {
    match key {
        "image" | "attachment" | "custom" | "elements" | "template" => {
            "a reply is text and choices; put a link into the text"
        }
        "use_entities" | "ignore_entities" | "used_in" => "not needed: every entity is found in every utterance",
        "influence_conversation" | "auto_fill" => "not needed: only the flow that asks for a slot reads it",
        "min_value" | "max_value" => "write `validate`, for example `value >= 1 and value <= 8`",
        "role" | "group" => "ask for each of them in a slot of its own",
        "not_intent" | "conditions" | "intent" => "not needed: a slot is filled while its flow asks for it",
        "ignored_intents" => "not needed: only an intent that is sure enough interrupts a flow",
        "session_config" => "set how long conversations live in Nakai's configuration",
        "e2e_actions" => "add the words to a reply",
        "metadata" => "keep what matters as a comment",
        "triggers" => "name a flow in the intent",
        _ => "",
    }
}

fn unwritable(error: &dyn std::error::Error) -> Problems {
    let mut problems = Problems::default();
    problems.push(Problem {
        severity: Severity::Error,
        code: None,
        file: String::new(),
        line: 0,
        column: 0,
        key: String::new(),
        what: format!("the bundle can't be written down: {error}"),
        cure: "report this as a fault of the import".into(),
    });
    problems
}
