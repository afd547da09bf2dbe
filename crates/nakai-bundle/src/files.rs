use std::collections::{BTreeMap, btree_map};

use nakai_types::Version;
use sha2::{Digest, Sha256};

use crate::archive;

/// Largest file of a bundle, in bytes.
pub const MAX_FILE_BYTES: u64 = 8 << 20;
/// Largest bundle, in bytes, all files together.
pub const MAX_TOTAL_BYTES: u64 = 64 << 20;
/// Most files of a bundle.
pub const MAX_FILES: usize = 20_000;

/// The files of a bundle: path below its folder, with `/` between the parts, and content.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Files {
    by_path: BTreeMap<String, Vec<u8>>,
}

impl Files {
    /// Adds a file, or replaces the one of this path.
    pub fn insert(&mut self, path: impl Into<String>, content: impl Into<Vec<u8>>) {
        self.by_path.insert(path.into(), content.into());
    }

    /// Gives the content of a file.
    pub fn get(&self, path: &str) -> Option<&[u8]> {
        self.by_path.get(path).map(Vec::as_slice)
    }

    /// Gives all files, sorted by path.
    pub fn iter(&self) -> btree_map::Iter<'_, String, Vec<u8>> {
        self.by_path.iter()
    }

    /// How many files there are.
    pub fn len(&self) -> usize {
        self.by_path.len()
    }

    /// Says whether there is no file.
    pub fn is_empty(&self) -> bool {
        self.by_path.is_empty()
    }

    /// The version of a bundle of these files: the SHA-256 of their archive (see [`archive::pack`]).
    pub fn version(&self) -> Version {
        version_of(&archive::pack(self))
    }
}

impl<P: Into<String>, C: Into<Vec<u8>>> FromIterator<(P, C)> for Files {
    fn from_iter<I: IntoIterator<Item = (P, C)>>(files: I) -> Self {
        Self {
            by_path: files
                .into_iter()
                .map(|(path, content)| (path.into(), content.into()))
                .collect(),
        }
    }
}

/// The version of a bundle, from the bytes of its archive.
pub(crate) fn version_of(archive: &[u8]) -> Version {
    Version::from_digest(Sha256::digest(archive).into())
}

/// What a file of a bundle holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FileKind {
    /// `bot.yaml`
    Bot,
    /// `entities.yaml`
    Entities,
    /// `intents/**/*.yaml`
    Intents,
    /// `flows/**/*.yaml`
    Flows,
    /// `replies/**/*.yaml`
    Replies,
    /// `tests/**/*.yaml`
    Tests,
    /// `knowledge/**/*.md`
    Article,
    /// `prompts/*.j2`
    Prompt,
    /// `tools.yaml`
    Tools,
}

impl FileKind {
    /// Tells the kind from the path below the bundle's folder; `None` for files that are no part of a bundle.
    pub fn of(path: &str) -> Option<Self> {
        let (folder, ending) = (
            path.split_once('/').map(|(folder, _)| folder),
            path.rsplit_once('.').map(|(_, ending)| ending),
        );
        match (folder, ending) {
            (None, _) if path == "bot.yaml" => Some(Self::Bot),
            (None, _) if path == "entities.yaml" => Some(Self::Entities),
            (None, _) if path == "tools.yaml" => Some(Self::Tools),
            (Some("intents"), Some("yaml")) => Some(Self::Intents),
            (Some("flows"), Some("yaml")) => Some(Self::Flows),
            (Some("replies"), Some("yaml")) => Some(Self::Replies),
            (Some("tests"), Some("yaml")) => Some(Self::Tests),
            (Some("knowledge"), Some("md")) => Some(Self::Article),
            (Some("prompts"), Some("j2")) => Some(Self::Prompt),
            _ => None,
        }
    }
}
