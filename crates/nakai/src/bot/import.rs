use std::path::Path;

use anyhow::Result;
use nakai_bundle::rasa;

use super::scaffold::write_new;
use crate::output::say;

/// Makes a bundle from a Rasa project and says what could not be carried over.
pub(super) fn run(from: &Path, to: &Path) -> Result<()> {
    let imported = rasa::import(from)?;
    write_new(to, &imported.files)?;
    say(format_args!("{}", imported.report));
    let to = to.display();
    say(format_args!(
        "Made {to}. Next:\n  nakai bot check {to}\n  nakai serve --bot {to} --watch"
    ));
    Ok(())
}
