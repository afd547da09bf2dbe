//! Brings bots into service: folders from the settings, or the demo bot.

use std::path::PathBuf;

use anyhow::{Context, Result};
use nakai_bundle::{Files, Loaded, load_files, load_folder, pack};
use nakai_ports::BundleArchive;

/// The files of the demo bot, packed into the program.
const DEMO: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/demo_bot.rs"));

/// Gives the demo bot.
pub(crate) fn demo() -> Result<Loaded> {
    let mut files = Files::default();
    for (path, content) in DEMO {
        files.insert(*path, *content);
    }
    load_files(files).context("the demo bot in this program is broken")
}

/// Loads a bundle folder, or the demo bot if none is named. Problems come out as they are: the caller prints all of them.
pub(crate) fn load(folder: Option<&PathBuf>) -> Result<Loaded> {
    match folder {
        Some(folder) => load_folder(folder).map_err(anyhow::Error::new),
        None => demo(),
    }
}

/// Packs a loaded bundle as services and store take it.
pub(crate) fn archive(loaded: &Loaded) -> BundleArchive {
    BundleArchive {
        bot: loaded.bundle.bot_ref.clone(),
        bytes: pack(&loaded.files).into(),
    }
}
