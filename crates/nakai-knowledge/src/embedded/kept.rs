use std::{
    ffi::OsStr,
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
    time::SystemTime,
};

use nakai_encoder::SentenceEncoder;
use nakai_search::{IndexBuilder, SearchIndex};
use nakai_types::BotName;

use super::build;

/// How many indexes of a bot are kept: that of the version in service and that of the one before, to which a team goes back.
const OF_ONE_BOT: usize = 2;
/// How many are kept of all bots.
const CAPACITY: usize = 64;
const ENDING: &str = "index";

/// Indexes in a directory, so that a restart does not make them again.
///
/// A file is named after its bot and after everything that the index was made of, so it never is out of date; one that is damaged or of
/// another format is replaced. Whatever goes wrong with the directory costs the time of indexing, never more.
#[derive(Clone)]
pub(super) struct KeptIndexes {
    directory: PathBuf,
}

impl KeptIndexes {
    /// Uses a directory, which is made when there is something to keep. Nothing else may be in it.
    pub(super) const fn new(directory: PathBuf) -> Self {
        Self { directory }
    }

    /// Gives the index of a bot: from the directory, or made and put there, with the help of other indexes of the bot. Gives how many
    /// passages had to be encoded, too.
    pub(super) fn load_or_build(
        &self,
        bot: &BotName,
        builder: IndexBuilder,
        former: &[Arc<SearchIndex>],
    ) -> (SearchIndex, usize) {
        let fingerprint = builder.fingerprint();
        if let Some(index) = read(&self.path(bot, fingerprint), builder.encoder()) {
            return (index, 0);
        }
        let latest = match former {
            [] => self.latest(bot, builder.encoder()).map(Arc::new),
            _ => None,
        };
        let (index, encoded) = build(builder, latest.as_slice().iter().chain(former));
        self.keep(bot, fingerprint, &index);
        (index, encoded)
    }

    /// The index of a bot that was kept last, of whatever it was made.
    fn latest(&self, bot: &BotName, encoder: &Arc<dyn SentenceEncoder>) -> Option<SearchIndex> {
        let files = self.files().ok()?;
        let (_, path) = files.into_iter().rev().find(|(_, path)| is_of(path, bot))?;
        read(&path, encoder)
    }

    /// Keeps an index, and no more than there is room for.
    fn keep(&self, bot: &BotName, fingerprint: [u8; 32], index: &SearchIndex) {
        let path = self.path(bot, fingerprint);
        let kept = self.write(&path, &index.to_bytes()).and_then(|()| self.make_room(bot));
        if let Err(error) = kept {
            tracing::warn!(%error, directory = %self.directory.display(), "an index of articles could not be kept; the next start makes it again");
        }
    }

    fn path(&self, bot: &BotName, fingerprint: [u8; 32]) -> PathBuf {
        let hex: String = fingerprint.iter().map(|byte| format!("{byte:02x}")).collect();
        self.directory
            .join(format!("{bot}.{}.{hex}.{ENDING}", env!("CARGO_PKG_VERSION")))
    }

    /// Writes a file as a whole or not at all.
    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        fs::create_dir_all(&self.directory)?;
        let unfinished = path.with_extension(format!("{}.unfinished", std::process::id()));
        let written = fs::write(&unfinished, bytes).and_then(|()| fs::rename(&unfinished, path));
        if written.is_err() {
            // What is left of it, if anything, is not worth another error.
            let _ = fs::remove_file(&unfinished);
        }
        written
    }

    fn make_room(&self, bot: &BotName) -> io::Result<()> {
        let mut files = self.files()?;
        let own = files.iter().filter(|(_, path)| is_of(path, bot)).count();
        let mut surplus = own.saturating_sub(OF_ONE_BOT);
        let mut outcome = Ok(());
        let mut remove = |path: &Path| match fs::remove_file(path) {
            // Another process was faster.
            Err(error) if error.kind() != io::ErrorKind::NotFound => outcome = Err(error),
            _ => {}
        };
        files.retain(|(_, path)| {
            let goes = surplus > 0 && is_of(path, bot);
            if goes {
                surplus -= 1;
                remove(path);
            }
            !goes
        });
        let surplus = files.len().saturating_sub(CAPACITY);
        files.iter().take(surplus).for_each(|(_, path)| remove(path));
        outcome
    }

    /// All kept indexes, the one that was written first first.
    fn files(&self) -> io::Result<Vec<(SystemTime, PathBuf)>> {
        let mut files = Vec::new();
        for entry in fs::read_dir(&self.directory)? {
            let path = entry?.path();
            if path.extension() == Some(OsStr::new(ENDING))
                && let Ok(written) = fs::metadata(&path).and_then(|file| file.modified())
            {
                files.push((written, path));
            }
        }
        files.sort_unstable();
        Ok(files)
    }
}

/// Whether a file is an index of a bot. The names of bots have no dots.
fn is_of(path: &Path, bot: &BotName) -> bool {
    let name = path.file_name().and_then(OsStr::to_str);
    name.and_then(|name| name.split('.').next()) == Some(bot.as_str())
}

fn read(path: &Path, encoder: &Arc<dyn SentenceEncoder>) -> Option<SearchIndex> {
    let bytes = fs::read(path).ok()?;
    match SearchIndex::from_bytes(&bytes, Arc::clone(encoder)) {
        Ok(index) => Some(index),
        Err(error) => {
            tracing::info!(%error, file = %path.display(), "a kept index of articles can't be used; it is made anew");
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use nakai_search::Passage;
    use nakai_types::Language;

    use super::*;

    fn bot(name: &str) -> BotName {
        name.parse().unwrap()
    }

    fn index() -> SearchIndex {
        let mut builder = IndexBuilder::new(Arc::clone(nakai_encoder::shipped()));
        builder.add(Passage::new("pets", "Pets", "Dogs can't stay with us.", Language::En));
        builder.build()
    }

    /// Keeps an index as if it had been written so many seconds after 1970.
    fn keep(kept: &KeptIndexes, name: &str, number: u8, seconds: u64) {
        kept.keep(&bot(name), [number; 32], &index());
        let file = fs::File::open(kept.path(&bot(name), [number; 32])).unwrap();
        file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds))
            .unwrap();
    }

    #[test]
    fn old_indexes_go_first_those_of_the_same_bot() {
        let directory = tempfile::tempdir().unwrap();
        let kept = KeptIndexes::new(directory.path().to_owned());
        let has = |name: &str, number| read(&kept.path(&bot(name), [number; 32]), nakai_encoder::shipped()).is_some();
        keep(&kept, "inn-2", 1, 0);
        for number in 1..=4 {
            keep(&kept, "inn", number, number.into());
        }
        assert_eq!(
            [1, 2, 3, 4].map(|number| has("inn", number)),
            [false, false, true, true]
        );
        assert!(has("inn-2", 1));
        for number in 0..CAPACITY {
            keep(&kept, &format!("bot{number}"), 1, 10 + number as u64);
        }
        assert_eq!(kept.files().unwrap().len(), CAPACITY);
        assert!(!has("inn", 4) && !has("inn-2", 1) && has("bot0", 1));
    }
}
