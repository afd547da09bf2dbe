use std::path::Path;

use nakai_config::Problems;
use nakai_types::Version;

use crate::{
    Bundle,
    archive::unpack,
    checks,
    files::{Files, version_of},
    folder,
    parse::{self, ParsedFiles},
};

/// A bundle that passed all checks.
#[derive(Debug, Clone, PartialEq)]
pub struct Loaded {
    /// The bundle.
    pub bundle: Bundle,
    /// What works and is probably not what was meant.
    pub warnings: Problems,
    /// The files that make up the bundle, ready to be packed.
    pub files: Files,
}

/// Loads and checks the bundle in a folder. Fails with every problem of every file at once, warnings among them, sorted by file and
/// line; each names its file as `folder` leads to it.
pub fn load_folder(folder: &Path) -> Result<Loaded, Problems> {
    let (files, mut problems) = folder::read(folder);
    let loaded = load(files, &mut problems);
    for problem in problems.iter_mut().filter(|problem| !problem.file.is_empty()) {
        problem.file = folder.join(&problem.file).display().to_string();
    }
    finish(loaded, problems)
}

/// Loads and checks the bundle of some files, for example of an archive that somebody sent.
pub fn load_files(files: Files) -> Result<Loaded, Problems> {
    let mut problems = Problems::default();
    let loaded = load(files, &mut problems);
    finish(loaded, problems)
}

/// Opens an archive, as services do that are to serve it. Any bytes are safe to give.
///
/// Quick, because it relies on [`load_folder`] or [`load_files`] having checked the content when it was accepted: what can be read is
/// not checked again, so names of a bundle that nobody ever checked may lead nowhere.
pub fn open_archive(archive: &[u8]) -> Result<Bundle, Problems> {
    open(archive, version_of(archive))
}

/// The same for those who have hashed the archive.
pub(crate) fn open(archive: &[u8], version: Version) -> Result<Bundle, Problems> {
    let files = unpack(archive)?;
    match parse::read_checked(&files, version) {
        Some(bundle) => Ok(bundle),
        None => load_files(files).map(|loaded| loaded.bundle),
    }
}

fn load(files: Files, problems: &mut Problems) -> Option<(Bundle, Files)> {
    let parsed = ParsedFiles::read(&files, problems);
    checks::check(&parsed, problems);
    Some((parsed.into_bundle(files.version())?, files))
}

fn finish(loaded: Option<(Bundle, Files)>, mut problems: Problems) -> Result<Loaded, Problems> {
    problems.sort();
    match loaded {
        Some((bundle, files)) if !problems.has_errors() => Ok(Loaded {
            bundle,
            warnings: problems,
            files,
        }),
        _ => Err(problems),
    }
}
