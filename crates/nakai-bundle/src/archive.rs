//! The archive of a bundle: all its files in one piece, as it is stored and sent.
//!
//! ```text
//! archive := "NAKAIBOT" format:u32 count:u32 file*      format is 1; numbers are little-endian
//! file    := length:u32 path length:u32 content         path is UTF-8; files are sorted by the bytes of their path, each path once
//! ```
//!
//! There is exactly one archive for given files, so its SHA-256 is the version of the bundle, and `sha256sum` can check it.

use nakai_config::{Problem, Problems, Severity};

use crate::files::{Files, MAX_FILES, MAX_TOTAL_BYTES};

const MAGIC: &[u8; 8] = b"NAKAIBOT";
const FORMAT: u32 = 1;

/// Packs files into an archive.
pub fn pack(files: &Files) -> Vec<u8> {
    let size: usize = files.iter().map(|(path, content)| path.len() + content.len() + 8).sum();
    let mut archive = Vec::with_capacity(MAGIC.len() + 8 + size);
    archive.extend_from_slice(MAGIC);
    archive.extend_from_slice(&FORMAT.to_le_bytes());
    archive.extend_from_slice(&length(files.len()));
    for (path, content) in files.iter() {
        archive.extend_from_slice(&length(path.len()));
        archive.extend_from_slice(path.as_bytes());
        archive.extend_from_slice(&length(content.len()));
        archive.extend_from_slice(content);
    }
    archive
}

/// Lengths beyond the limits of a bundle never pass [`unpack`], so a length that saturates makes an archive that nobody opens.
fn length(length: usize) -> [u8; 4] {
    u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes()
}

/// Takes an archive apart. Any bytes are safe to give.
pub fn unpack(archive: &[u8]) -> Result<Files, Problems> {
    let mut reader = Reader { rest: archive };
    reader.files().map_err(|(what, cure)| {
        let mut problems = Problems::default();
        problems.push(Problem {
            severity: Severity::Error,
            code: None,
            file: String::new(),
            line: 0,
            column: 0,
            key: String::new(),
            what: what.into(),
            cure: cure.into(),
        });
        problems
    })
}

const DAMAGED: (&str, &str) = ("the archive of the bundle is damaged", "fetch it again from its source");

struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    fn files(&mut self) -> Result<Files, (&'static str, &'static str)> {
        if self.take(MAGIC.len()) != Some(MAGIC) {
            return Err(("the bytes are no bundle archive", "make one with `nakai bot push`"));
        }
        if self.number() != Some(FORMAT) {
            return Err((
                "the format of the bundle archive is not known to this release",
                "use a newer release of nakai",
            ));
        }
        if self.rest.len() as u64 > MAX_TOTAL_BYTES + (MAX_TOTAL_BYTES >> 4) {
            return Err(("the bundle is too large", "keep it under 64 MiB"));
        }
        let count = self.number().ok_or(DAMAGED)? as usize;
        if count > MAX_FILES {
            return Err(("the bundle has too many files", "keep it under 20000 files"));
        }
        let mut files = Files::default();
        let mut previous = "";
        for _ in 0..count {
            let path = self
                .piece()
                .and_then(|path| std::str::from_utf8(path).ok())
                .ok_or(DAMAGED)?;
            let content = self.piece().ok_or(DAMAGED)?;
            if path <= previous || !is_plain(path) {
                return Err(DAMAGED);
            }
            files.insert(path, content);
            previous = path;
        }
        if self.rest.is_empty() { Ok(files) } else { Err(DAMAGED) }
    }

    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(taken)
    }

    fn number(&mut self) -> Option<u32> {
        self.take(4)?.try_into().ok().map(u32::from_le_bytes)
    }

    fn piece(&mut self) -> Option<&'a [u8]> {
        let length = self.number()?;
        self.take(length as usize)
    }
}

/// Says whether a path stays below its folder wherever it is unpacked.
pub(crate) fn is_plain(path: &str) -> bool {
    !path.chars().any(|c| c.is_control() || matches!(c, '\\' | ':'))
        && path.split('/').all(|part| !part.is_empty() && !part.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn files() -> impl Strategy<Value = Files> {
        proptest::collection::btree_map(
            "[a-z温泉]{1,8}(/[a-z温泉]{1,8}){0,2}\\.(yaml|md)",
            any::<Vec<u8>>(),
            0..8,
        )
        .prop_map(Files::from_iter)
    }

    proptest! {
        #[test]
        fn what_is_packed_unpacks_to_the_same(files in files()) {
            prop_assert_eq!(unpack(&pack(&files)).unwrap(), files);
        }

        #[test]
        fn an_archive_cut_off_or_longer_is_refused(files in files(), cut in any::<prop::sample::Index>()) {
            let mut archive = pack(&files);
            prop_assert!(unpack(&archive[..cut.index(archive.len())]).is_err());
            archive.push(0);
            prop_assert!(unpack(&archive).is_err());
        }

        #[test]
        fn any_bytes_are_safe_and_have_one_archive(mut bytes in any::<Vec<u8>>(), with_magic in any::<bool>()) {
            if with_magic {
                bytes.splice(0..0, MAGIC.iter().copied().chain([1, 0, 0, 0]));
            }
            if let Ok(files) = unpack(&bytes) {
                prop_assert_eq!(pack(&files), bytes);
            }
        }

        #[test]
        fn the_version_does_not_depend_on_the_order_of_insertion(files in files()) {
            let reversed: Files = files.iter().rev().map(|(path, content)| (path.clone(), content.clone())).collect();
            prop_assert_eq!(reversed.version(), files.version());
        }

        #[test]
        fn another_byte_is_another_version(files in files(), index in any::<prop::sample::Index>()) {
            let mut changed = pack(&files);
            let index = index.index(changed.len());
            changed[index] ^= 1;
            prop_assert_ne!(crate::files::version_of(&changed), files.version());
        }
    }

    #[test]
    fn paths_that_leave_the_folder_are_refused() {
        for path in [
            "../bot.yaml",
            "/etc/bot.yaml",
            "intents/../../x.yaml",
            "intents//x.yaml",
            "intents\\x.yaml",
            "c:x.yaml",
            ".git/x",
        ] {
            let archive = pack(&Files::from_iter([(path, "")]));
            assert!(unpack(&archive).is_err(), "{path}");
        }
    }
}
