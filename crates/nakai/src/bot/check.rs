use std::path::Path;

use anyhow::{Result, bail};
use nakai_bundle::{Bundle, Loaded, load_folder};
use nakai_config::{Problems, Severity};

use crate::output::say;

/// Loads a bundle and prints everything that is wrong with it; an error if it can't be used.
pub(super) fn load(folder: &Path) -> Result<Loaded> {
    match load_folder(folder) {
        Ok(loaded) => {
            print(&loaded.warnings);
            Ok(loaded)
        }
        Err(problems) => {
            print(&problems);
            let errors = problems.iter().filter(|p| p.severity == Severity::Error).count();
            bail!(
                "{} has {errors} error{}",
                folder.display(),
                if errors == 1 { "" } else { "s" }
            )
        }
    }
}

fn print(problems: &Problems) {
    for problem in problems.iter() {
        say(format_args!("{problem}"));
    }
}

pub(super) fn run(folder: &Path) -> Result<()> {
    let loaded = load(folder)?;
    let Bundle {
        bot_ref,
        intents,
        entities,
        flows,
        replies,
        articles,
        tests,
        ..
    } = &loaded.bundle;
    say(format_args!(
        "{} {} is fine: {} intents, {} entities, {} flows, {} replies, {} articles, {} tests",
        bot_ref.name,
        bot_ref.version,
        intents.len(),
        entities.len(),
        flows.len(),
        replies.len(),
        articles.len(),
        tests.len(),
    ));
    Ok(())
}
