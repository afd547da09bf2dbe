use std::{collections::BTreeMap, path::Path};

use anyhow::{Context, ensure};
use sha2::{Digest, Sha256};

/// The sources of a dictionary: its files by name, decoded.
pub(super) struct Sources {
    files: BTreeMap<String, String>,
}

impl Sources {
    /// Reads all word lists and the three definitions from a directory.
    pub(super) fn read(directory: &Path) -> anyhow::Result<Self> {
        let mut files = BTreeMap::new();
        for entry in std::fs::read_dir(directory)? {
            let path = entry?.path();
            let name = path
                .file_name()
                .and_then(|name| name.to_str())
                .context("a file name is not UTF-8")?
                .to_owned();
            if name.ends_with(".csv") || ["matrix.def", "char.def", "unk.def"].contains(&name.as_str()) {
                let bytes = std::fs::read(&path)?;
                let (text, _, wrong) = encoding_rs::EUC_JP.decode(&bytes);
                ensure!(!wrong, "{name} is not in EUC-JP");
                files.insert(name, text.chars().map(as_mecab).collect());
            }
        }
        ensure!(files.contains_key("Verb.csv"), "there are no word lists");
        Ok(Self { files })
    }

    pub(super) fn text(&self, name: &str) -> anyhow::Result<&str> {
        Ok(self.files.get(name).with_context(|| format!("there is no {name}"))?)
    }

    /// The lines of all word lists, in the order of the lists' names.
    pub(super) fn words(&self) -> impl Iterator<Item = &str> {
        self.files
            .iter()
            .filter(|(name, _)| name.ends_with(".csv"))
            .flat_map(|(_, text)| text.lines())
    }

    /// The SHA-256 of all names and texts.
    pub(super) fn digest(&self) -> [u8; 32] {
        let mut hash = Sha256::new();
        for part in self.files.iter().flat_map(|(name, text)| [name, text]) {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part.as_bytes());
        }
        hash.finalize().into()
    }
}

/// The WHATWG's EUC-JP decoder reads six symbols as other characters than MeCab does, which follows JIS X 0208.
const fn as_mecab(c: char) -> char {
    match c {
        '\u{ff5e}' => '\u{301c}',
        '\u{2225}' => '\u{2016}',
        '\u{ff0d}' => '\u{2212}',
        '\u{ffe0}' => '\u{a2}',
        '\u{ffe1}' => '\u{a3}',
        '\u{ffe2}' => '\u{ac}',
        _ => c,
    }
}
