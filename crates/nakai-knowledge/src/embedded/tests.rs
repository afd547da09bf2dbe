use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;
use inn::{bot, inn, query};

#[path = "../../tests/inn.rs"]
mod inn;

#[tokio::test]
async fn another_version_encodes_only_what_changed() {
    let knowledge = Embedded::default();
    let all = knowledge.index(&bot(1), inn()).await.unwrap();
    assert_eq!((all.passages, all.encoded), (7, 7));
    assert!(all.bytes > 0);
    let mut changed = inn();
    changed.passages[3].text = "Dogs are welcome.".into();
    assert_eq!(knowledge.index(&bot(2), changed).await.unwrap().encoded, 1);
    assert_eq!(knowledge.index(&bot(2), inn()).await.unwrap().encoded, 0);
}

#[tokio::test]
async fn a_version_that_is_not_kept_must_be_indexed_again() {
    let knowledge = Embedded::new(EmbeddedOptions {
        max_versions: 1,
        ..EmbeddedOptions::default()
    });
    let missing = KnowledgeError::NotIndexed(bot(1));
    assert_eq!(knowledge.search(&query(1, "x")).await, Err(missing.clone()));
    knowledge.index(&bot(1), inn()).await.unwrap();
    knowledge.index(&bot(2), inn()).await.unwrap();
    assert_eq!(knowledge.search(&query(1, "x")).await, Err(missing));
    assert!(knowledge.search(&query(2, "dog")).await.is_ok());
}

#[tokio::test]
async fn a_restart_encodes_only_what_the_kept_index_does_not_have() {
    let directory = tempfile::tempdir().unwrap();
    let started = || {
        Embedded::new(EmbeddedOptions {
            directory: Some(directory.path().join("indexes")),
            ..EmbeddedOptions::default()
        })
    };
    let first = started();
    assert_eq!(first.index(&bot(1), inn()).await.unwrap().encoded, 7);
    let again = started();
    assert_eq!(again.index(&bot(1), inn()).await.unwrap().encoded, 0);
    for question in ["貸切風呂はいくらですか", "pooch?", "when does the bath open?"] {
        assert_eq!(
            again.search(&query(1, question)).await,
            first.search(&query(1, question)).await,
            "{question}"
        );
    }
    let mut changed = inn();
    changed.passages[3].text = "Dogs are welcome.".into();
    assert_eq!(started().index(&bot(2), changed.clone()).await.unwrap().encoded, 1);
    let mut synonyms = changed;
    synonyms.synonyms[0].push("hound".into());
    let other = started();
    assert_eq!(other.index(&bot(3), synonyms).await.unwrap().encoded, 0);
    let found = other.search(&query(3, "hound?")).await.unwrap();
    assert_eq!(found[0].passage.article, "pets");
}

#[tokio::test]
async fn a_kept_index_that_is_damaged_is_made_anew() {
    let directory = tempfile::tempdir().unwrap();
    let indexed = async || {
        let knowledge = Embedded::new(EmbeddedOptions {
            directory: Some(directory.path().to_owned()),
            ..EmbeddedOptions::default()
        });
        knowledge.index(&bot(1), inn()).await.unwrap().encoded
    };
    assert_eq!(indexed().await, 7);
    let file = std::fs::read_dir(&directory).unwrap().next().unwrap().unwrap().path();
    let sound = std::fs::read(&file).unwrap();
    for damaged in [&sound[..sound.len() / 2], b"", &[0; 100]] {
        std::fs::write(&file, damaged).unwrap();
        assert_eq!(indexed().await, 7);
        assert_eq!(std::fs::read(&file).unwrap(), sound);
    }
    // A directory that can't be used costs only time.
    std::fs::remove_file(&file).unwrap();
    let nowhere = Embedded::new(EmbeddedOptions {
        directory: Some(file.join("below a file")),
        ..EmbeddedOptions::default()
    });
    std::fs::write(&file, "").unwrap();
    assert_eq!(nowhere.index(&bot(1), inn()).await.unwrap().encoded, 7);
}

/// Counts the questions that it encodes.
struct Counting(AtomicUsize);

impl SentenceEncoder for Counting {
    fn id(&self) -> &str {
        nakai_encoder::shipped().id()
    }

    fn dimension(&self) -> usize {
        nakai_encoder::shipped().dimension()
    }

    fn encode(&self, text: &str, vector: &mut Vec<f32>) {
        self.0.fetch_add(1, Ordering::Relaxed);
        nakai_encoder::shipped().encode(text, vector);
    }

    fn encode_batch(&self, texts: &[&str], threads: usize) -> Vec<f32> {
        nakai_encoder::shipped().encode_batch(texts, threads)
    }
}

#[tokio::test]
async fn a_question_to_one_article_is_encoded_only_where_words_do_not_tell() {
    let encoder = Arc::new(Counting(AtomicUsize::new(0)));
    let knowledge = Embedded::new(EmbeddedOptions {
        encoder: encoder.clone(),
        ..EmbeddedOptions::default()
    });
    knowledge.index(&bot(1), inn()).await.unwrap();
    for (question, encoded) in [("貸切風呂はいくらですか", 0), ("is swimming allowed?", 1)] {
        let mut query = query(1, question);
        (query.article, query.limit) = (Some("baths".into()), 1);
        let before = encoder.0.load(Ordering::Relaxed);
        let found = knowledge.search(&query).await.unwrap();
        assert_eq!(encoder.0.load(Ordering::Relaxed) - before, encoded, "{question}");
        assert_eq!(found[0].passage.article, "baths", "{question}");
    }
}
