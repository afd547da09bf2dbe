use std::{
    fs, io,
    path::{Path, PathBuf},
    time::SystemTime,
};

use nakai_encoder::{Encoder, Unavailable};
use sha2::{Digest, Sha256};

use super::{IntentClassifier, SentenceVectors, TrainingSet, stored::FORMAT};

/// How many classifiers are kept. When one more comes, the one that was written first goes.
const CAPACITY: usize = 64;
const ENDING: &str = "intents";
/// The ending of files with the vectors of examples, from which the next version of a bot is trained faster.
const VECTORS: &str = "vectors";

/// Trained classifiers in a directory, so that a restart does not train again.
///
/// A file is named after the training set and the encoder, so it never is out of date; one that is damaged or of another format is replaced.
/// Whatever goes wrong with the directory costs the time of a training, never more.
#[derive(Clone)]
pub struct ModelCache {
    directory: PathBuf,
    encoder: Encoder,
}

impl ModelCache {
    /// Uses a directory, which is made when there is something to keep. Nothing else may be in it. What is not there is trained with the
    /// encoder.
    pub fn new(directory: impl Into<PathBuf>, encoder: Encoder) -> Self {
        Self {
            directory: directory.into(),
            encoder,
        }
    }

    /// Gives the classifier of a training set: from the directory, or trained and put there.
    ///
    /// # Errors
    /// If it has to be trained, and the encoder is elsewhere and can't be had. The vectors that it gave before that are kept.
    pub fn load_or_train(&self, set: &TrainingSet) -> Result<IntentClassifier, Unavailable> {
        let encoder = &self.encoder;
        let path = self.directory.join(file_name(set, encoder.id()));
        if let Some(classifier) = fs::read(&path)
            .ok()
            .and_then(|bytes| IntentClassifier::from_bytes(set, Some(encoder), &bytes))
        {
            return Ok(classifier);
        }
        let vectors_path = self.directory.join(vectors_file_name(set, encoder.id()));
        let earlier = fs::read(&vectors_path).ok();
        let mut vectors = earlier
            .and_then(|bytes| SentenceVectors::from_bytes(&bytes))
            .unwrap_or_default();
        let trained = IntentClassifier::train(set, encoder, &mut vectors);
        let classifier = trained.as_ref().ok().map(IntentClassifier::to_bytes);
        let kept = classifier
            .map_or(Ok(()), |bytes| self.keep(&path, &bytes))
            .and_then(|()| self.keep(&vectors_path, &vectors.to_bytes()));
        if let Err(error) = kept {
            tracing::warn!(%error, directory = %self.directory.display(), "a trained classifier could not be kept; the next start trains it again");
        }
        trained
    }

    /// Writes a file as a whole or not at all, and makes room for it.
    fn keep(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        fs::create_dir_all(&self.directory)?;
        let unfinished = path.with_extension(format!("{}.unfinished", std::process::id()));
        let written = fs::write(&unfinished, bytes).and_then(|()| fs::rename(&unfinished, path));
        if written.is_err() {
            // What is left of it, if anything, is not worth another error.
            let _ = fs::remove_file(&unfinished);
        }
        written?;
        self.make_room()
    }

    fn make_room(&self) -> io::Result<()> {
        let mut kept: Vec<(SystemTime, PathBuf)> = Vec::new();
        for entry in fs::read_dir(&self.directory)? {
            let entry = entry?;
            if entry
                .path()
                .extension()
                .is_some_and(|ending| ending == ENDING || ending == VECTORS)
            {
                kept.push((entry.metadata()?.modified()?, entry.path()));
            }
        }
        kept.sort_unstable();
        let surplus = kept.len().saturating_sub(CAPACITY);
        kept.iter()
            .take(surplus)
            .try_for_each(|(_, path)| fs::remove_file(path))
    }
}

/// The name of the file with the vectors of a bot's examples: the SHA-256 of its intents' names, which change more rarely, and of
/// the encoder's id.
fn vectors_file_name(set: &TrainingSet, encoder: &str) -> String {
    let mut hash = Sha256::new();
    for intent in &set.intents {
        hash.update((intent.name.len() as u64).to_le_bytes());
        hash.update(&*intent.name);
    }
    hash.update(encoder);
    named(hash, VECTORS)
}

fn named(hash: Sha256, ending: &str) -> String {
    let digest = hash.finalize();
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{hex}.{ending}")
}

/// The name of a training set's file: the SHA-256 of the set, of the encoder's id, of the format and of the release.
fn file_name(set: &TrainingSet, encoder: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(format!("{} {FORMAT}\n", env!("CARGO_PKG_VERSION")));
    let mut text = |text: &str| {
        hash.update((text.len() as u64).to_le_bytes());
        hash.update(text);
    };
    for intent in &set.intents {
        text(&intent.name);
        text(if intent.social { "social" } else { "" });
        text(&intent.examples.len().to_string());
        intent.examples.iter().for_each(|example| text(example));
    }
    text(&set.out_of_scope.len().to_string());
    set.out_of_scope.iter().for_each(|example| text(example));
    text(encoder);
    named(hash, ENDING)
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    };

    use nakai_encoder::SentenceEncoder;

    use super::*;
    use crate::{Folded, intents::TrainingIntent, text::Normalised};

    fn set(example: &str) -> TrainingSet {
        let intent = |name: &str, examples: &[&str]| TrainingIntent {
            name: name.into(),
            social: name == "greeting",
            examples: examples.iter().map(ToString::to_string).collect(),
        };
        TrainingSet {
            intents: vec![
                intent("greeting", &["hello", "こんにちは"]),
                intent("wifi", &["wifi password", example]),
            ],
            out_of_scope: Vec::new(),
        }
    }

    fn shipped(directory: impl Into<PathBuf>) -> ModelCache {
        ModelCache::new(directory, Encoder::shipped())
    }

    /// Knows the first letter of a text and nothing else.
    #[derive(Default)]
    struct FirstLetter {
        asked: AtomicUsize,
    }

    impl SentenceEncoder for FirstLetter {
        fn id(&self) -> &str {
            "first-letter"
        }

        fn dimension(&self) -> usize {
            8
        }

        fn encode(&self, text: &str, vector: &mut Vec<f32>) {
            self.asked.fetch_add(1, Ordering::Relaxed);
            let letter = text.chars().next().map(|c| c as usize % 8);
            vector.extend((0..8).map(|at| if Some(at) == letter { 1.0 } else { 0.0 }));
        }
    }

    #[test]
    fn another_encoder_is_asked_and_has_files_of_its_own() {
        let directory = tempfile::tempdir().unwrap();
        let cache = shipped(directory.path());
        cache.load_or_train(&set("internet")).unwrap();
        let kept: Vec<_> = files(&cache).iter().map(|path| fs::read(path).unwrap()).collect();
        let encoder = Arc::new(FirstLetter::default());
        let asked = || encoder.asked.load(Ordering::Relaxed);
        let other = ModelCache::new(directory.path(), Encoder::Here(encoder.clone()));
        other.load_or_train(&set("internet")).unwrap();
        assert_eq!((kept.len(), files(&other).len()), (1, 2));
        assert!(asked() > 0);
        let after_training = asked();
        let loaded = other.load_or_train(&set("internet")).unwrap();
        assert_eq!(
            asked(),
            after_training,
            "a classifier that was kept is not trained again"
        );
        loaded.classify(&Folded::of(&Normalised::of("zyx qwv")), 0.4);
        assert!(
            asked() > after_training,
            "an utterance is given to the encoder of the training"
        );
    }

    fn files(cache: &ModelCache) -> Vec<PathBuf> {
        fs::read_dir(&cache.directory)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|ending| ending == ENDING))
            .collect()
    }

    #[test]
    fn a_classifier_comes_back_as_it_was_trained() {
        let directory = tempfile::tempdir().unwrap();
        let cache = shipped(directory.path().join("models"));
        let trained = cache.load_or_train(&set("is there internet")).unwrap();
        let loaded = IntentClassifier::from_bytes(
            &set("is there internet"),
            Some(&Encoder::shipped()),
            &fs::read(&files(&cache)[0]).unwrap(),
        )
        .unwrap();
        for utterance in ["hello", "hi, the internet password?", "こんにちは"] {
            let normalised = Normalised::of(utterance);
            let folded = Folded::of(&normalised);
            assert_eq!(
                loaded.classify(&folded, 0.4),
                trained.classify(&folded, 0.4),
                "{utterance}"
            );
        }
        cache.load_or_train(&set("is there internet")).unwrap();
        assert_eq!(files(&cache).len(), 1);
        cache.load_or_train(&set("is there a network")).unwrap();
        assert_eq!(files(&cache).len(), 2);
    }

    #[test]
    fn a_damaged_file_is_replaced() {
        let directory = tempfile::tempdir().unwrap();
        let cache = shipped(directory.path());
        cache.load_or_train(&set("internet")).unwrap();
        let path = files(&cache).remove(0);
        let sound = fs::read(&path).unwrap();
        let mut flipped = sound.clone();
        flipped[sound.len() / 2] ^= 1;
        for damaged in [&flipped[..], &sound[..sound.len() / 2], &[], &[0; 100]] {
            assert!(IntentClassifier::from_bytes(&set("internet"), Some(&Encoder::shipped()), damaged).is_none());
            fs::write(&path, damaged).unwrap();
            cache.load_or_train(&set("internet")).unwrap();
            assert_eq!(fs::read(&path).unwrap(), sound);
        }
    }

    #[test]
    fn a_directory_that_can_not_be_used_costs_only_time() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("file");
        fs::write(&file, "").unwrap();
        shipped(&file).load_or_train(&set("internet")).unwrap();
    }

    #[test]
    fn the_oldest_files_go() {
        let directory = tempfile::tempdir().unwrap();
        let cache = shipped(directory.path());
        for number in 0..CAPACITY + 3 {
            fs::write(directory.path().join(format!("{number}.{ENDING}")), "").unwrap();
        }
        cache.load_or_train(&set("internet")).unwrap();
        // The vectors of the examples are one file of them.
        assert_eq!(files(&cache).len(), CAPACITY - 1);
    }
}
