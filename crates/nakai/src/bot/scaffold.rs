use std::{fs, path::Path};

use anyhow::{Context, Result, ensure};
use nakai_bundle::Files;
use nakai_types::{BotName, Language};

use crate::output::say;

/// Makes a small complete bot in a new folder.
pub(super) fn run(folder: &Path) -> Result<()> {
    let name = folder
        .file_name()
        .context("name the new folder, for example `nakai bot new my-bot`")?;
    let name = BotName::new(&name.to_string_lossy()).context("the folder's name becomes the bot's name")?;
    write_new(folder, &nakai_bundle::scaffold(&name, &Language::ALL))?;
    let folder = folder.display();
    say(format_args!(
        "Made {folder}. Try it:\n  nakai bot test {folder}\n  nakai serve --bot {folder} --watch"
    ));
    Ok(())
}

/// Writes files into a folder that must be new or empty.
pub(super) fn write_new(folder: &Path, files: &Files) -> Result<()> {
    let occupied = fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some());
    ensure!(!occupied, "{} is not empty; name a new folder", folder.display());
    for (path, content) in files.iter() {
        let path = folder.join(path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).with_context(|| format!("{} can't be made", parent.display()))?;
        }
        fs::write(&path, content).with_context(|| format!("{} can't be written", path.display()))?;
    }
    Ok(())
}
