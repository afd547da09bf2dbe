//! What holds of every engine.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use nakai_encoder::SentenceEncoder;
use nakai_knowledge::{Engine, RemoteOptions};
use nakai_ports::{KnowledgeError, KnowledgeQuery};
use nakai_types::Language;
use rstest::rstest;

use crate::{
    bench::{Bench, Kind, Letters},
    inn::{bot, inn, query},
};

async fn first(engine: &dyn Engine, query: KnowledgeQuery) -> Option<(String, u32, Language)> {
    let found = engine.search(&query).await.unwrap();
    let passage = &found.first()?.passage;
    Some((passage.article.clone(), passage.ordinal, passage.language))
}

#[rstest]
#[tokio::test]
async fn questions_find_their_passage_by_language_audience_article_and_synonym(
    #[values(Kind::Embedded, Kind::Postgres, Kind::Pgvector, Kind::OpenSearch)] kind: Kind,
) {
    let Some(bench) = Bench::start(kind) else { return };
    let engine = &*bench.engine;
    engine.index(&bot(1), inn()).await.unwrap();
    engine.ping().await.unwrap();
    let found = first(engine, query(1, "貸切風呂はいくらですか")).await;
    assert_eq!(found, Some(("baths".into(), 1, Language::Ja)));
    let mut english = query(1, "犬");
    english.language = Some(Language::En);
    assert_eq!(first(engine, english).await.unwrap().2, Language::En);
    let mut within = query(1, "Can I bring my dog?");
    within.article = Some("baths".into());
    assert!(first(engine, within).await.is_none_or(|found| found.0 == "baths"));
    assert_eq!(first(engine, query(1, "pooch?")).await.unwrap().0, "pets");
    let mut safe = query(1, "the code of the safe");
    assert!(first(engine, safe.clone()).await.is_none_or(|found| found.0 != "safe"));
    safe.audience = "staff".into();
    assert_eq!(first(engine, safe.clone()).await.unwrap().0, "safe");
    safe.audience = "nobody".into();
    assert_eq!(first(engine, safe).await, None);
    // Nothing can be said of these: neither side is a mistake, and neither is a failure.
    for question in ["", "?", "\u{2606}", "\u{0}'; DROP TABLE \"x\"; --", "{{}}"] {
        engine.search(&query(1, question)).await.unwrap();
    }
    bench.clean().await;
}

#[rstest]
#[tokio::test]
async fn a_passage_comes_back_whole(
    #[values(Kind::Embedded, Kind::Postgres, Kind::Pgvector, Kind::OpenSearch)] kind: Kind,
) {
    let Some(bench) = Bench::start(kind) else { return };
    let mut base = inn();
    base.passages[3].heading = "Guests › with \"animals\"".into();
    base.passages[3].questions = vec!["Can I bring my pet?".into(), "犬は\u{1f436}?".into()];
    let pets = base.passages[3].clone();
    bench.engine.index(&bot(1), base).await.unwrap();
    let found = bench.engine.search(&query(1, "Can I bring my pet?")).await.unwrap();
    assert_eq!(*found[0].passage, pets);
    assert_eq!(found[0].answer(), pets.text);
    bench.clean().await;
}

#[rstest]
#[tokio::test]
async fn another_version_encodes_only_what_changed_whoever_indexed_the_former(
    #[values(Kind::Embedded, Kind::Postgres, Kind::Pgvector, Kind::OpenSearch)] kind: Kind,
) {
    let Some(bench) = Bench::start(kind) else { return };
    let all = bench.engine.index(&bot(1), inn()).await.unwrap();
    assert_eq!((all.passages, all.encoded), (7, 7));
    assert!(all.bytes > 0);
    // What one process has in memory, another has not.
    let other = match kind {
        Kind::Embedded => Arc::clone(&bench.engine),
        _ => bench.another(),
    };
    let mut changed = inn();
    changed.passages[3].text = "Dogs are welcome.".into();
    let indexed = other.index(&bot(2), changed).await.unwrap();
    assert_eq!((indexed.passages, indexed.encoded), (7, 1));
    let again = other.index(&bot(2), inn()).await.unwrap();
    assert_eq!((again.passages, again.encoded), (7, 0));
    let found = other.search(&query(2, "Are dogs allowed?")).await.unwrap();
    assert_eq!(found[0].answer(), "Dogs are welcome.");
    let found = other.search(&query(1, "Are dogs allowed?")).await.unwrap();
    assert_eq!(found[0].answer(), "Dogs and cats can't stay with us.");
    bench.clean().await;
}

#[rstest]
#[tokio::test]
async fn a_version_that_is_not_kept_must_be_indexed_again(
    #[values(Kind::Embedded, Kind::Postgres, Kind::Pgvector, Kind::OpenSearch)] kind: Kind,
) {
    let remote = RemoteOptions {
        max_versions: 1,
        in_use: Duration::ZERO,
        ..RemoteOptions::default()
    };
    let Some(bench) = Bench::start_with(kind, remote) else {
        return;
    };
    let missing = KnowledgeError::NotIndexed(bot(1));
    assert_eq!(bench.engine.search(&query(1, "x")).await, Err(missing.clone()));
    bench.engine.index(&bot(1), inn()).await.unwrap();
    bench.engine.search(&query(1, "dog")).await.unwrap();
    // Where a server keeps them, another process drops what this one has just used.
    let other = match kind {
        Kind::Embedded => Arc::clone(&bench.engine),
        _ => bench.another(),
    };
    other.index(&bot(2), inn()).await.unwrap();
    assert_eq!(bench.engine.search(&query(1, "dog")).await, Err(missing));
    assert!(bench.engine.search(&query(2, "dog")).await.is_ok());
    bench.engine.index(&bot(1), inn()).await.unwrap();
    assert!(bench.engine.search(&query(1, "dog")).await.is_ok());
    bench.clean().await;
}

#[rstest]
#[tokio::test]
async fn a_version_whose_passages_were_removed_is_indexed_again(
    #[values(Kind::Postgres, Kind::Pgvector, Kind::OpenSearch)] kind: Kind,
) {
    let Some(bench) = Bench::start(kind) else { return };
    bench.engine.index(&bot(1), inn()).await.unwrap();
    bench.lose_passages().await;
    let missing = Err(KnowledgeError::NotIndexed(bot(1)));
    assert_eq!(bench.another().search(&query(1, "dog")).await, missing);
    assert_eq!(bench.engine.search(&query(1, "dog")).await, missing);
    assert_eq!(bench.engine.index(&bot(1), inn()).await.unwrap().encoded, 7);
    assert!(!bench.engine.search(&query(1, "dog")).await.unwrap().is_empty());
    bench.clean().await;
}

/// Nobody enters an index that a process left when it ended; what belongs to another installation is not touched.
#[tokio::test]
async fn what_an_ended_process_left_in_opensearch_is_dropped_later_and_nothing_else() {
    let Some(bench) = Bench::start(Kind::OpenSearch) else {
        return;
    };
    let url = bench.config.url.as_ref().unwrap().expose();
    let prefix = &bench.config.index;
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap();
    let now = u64::try_from(now.as_millis()).unwrap();
    let (left, young) = (format!("{prefix}-inn-left"), format!("{prefix}-inn-young"));
    let other = format!("{prefix}-test-inn-left");
    for (index, of, begun) in [
        (&left, prefix.clone(), 0),
        (&young, prefix.clone(), now),
        (&other, format!("{prefix}-test"), 0),
    ] {
        let meta = serde_json::json!({ "mappings": { "_meta": { "nakai_prefix": of, "begun_ms": begun } } });
        let made = reqwest::Client::new().put(format!("{url}/{index}")).json(&meta).send();
        assert!(made.await.unwrap().status().is_success());
    }
    bench.engine.index(&bot(1), inn()).await.unwrap();
    let indexes = bench.indexes().await;
    assert!(!indexes.contains(&left), "{indexes:?}");
    assert!(indexes.contains(&young) && indexes.contains(&other), "{indexes:?}");
    assert!(!bench.engine.search(&query(1, "dog")).await.unwrap().is_empty());
    bench.clean().await;
}

#[rstest]
#[tokio::test]
async fn a_version_in_use_is_kept_on_a_server_even_if_there_are_more_than_wanted(
    #[values(Kind::Postgres, Kind::Pgvector, Kind::OpenSearch)] kind: Kind,
) {
    let remote = RemoteOptions {
        max_versions: 1,
        ..RemoteOptions::default()
    };
    let Some(bench) = Bench::start_with(kind, remote) else {
        return;
    };
    for version in 1..=3 {
        bench.engine.index(&bot(version), inn()).await.unwrap();
    }
    for version in 1..=3 {
        bench.another().search(&query(version, "dog")).await.unwrap();
    }
    bench.clean().await;
}

#[rstest]
#[tokio::test]
async fn processes_that_index_one_version_at_once_do_no_harm(
    #[values(Kind::Postgres, Kind::Pgvector, Kind::OpenSearch)] kind: Kind,
) {
    let Some(bench) = Bench::start(kind) else { return };
    let (version, others) = (bot(1), [bench.another(), bench.another(), bench.another()]);
    let [a, b, c] = &others;
    let (a, b, c) = tokio::join!(
        a.index(&version, inn()),
        b.index(&version, inn()),
        c.index(&version, inn())
    );
    for indexed in [a, b, c] {
        assert_eq!(indexed.unwrap().passages, 7);
    }
    let found = bench.engine.search(&query(1, "Can I bring my dog?")).await.unwrap();
    assert_eq!(found.iter().filter(|found| found.passage.article == "pets").count(), 2);
    bench.clean().await;
}

/// An encoder that breaks in the middle of a bot's articles.
struct Breaking;

impl SentenceEncoder for Breaking {
    fn id(&self) -> &'static str {
        Letters.id()
    }

    fn dimension(&self) -> usize {
        Letters.dimension()
    }

    fn encode(&self, text: &str, vector: &mut Vec<f32>) {
        assert!(!text.contains("number 200"), "as if the process ended");
        Letters.encode(text, vector);
    }
}

#[rstest]
#[tokio::test]
async fn a_half_done_indexing_is_never_searched(
    #[values(Kind::Postgres, Kind::Pgvector, Kind::OpenSearch)] kind: Kind,
) {
    let remote = RemoteOptions {
        encoder: Arc::new(Letters),
        ..RemoteOptions::default()
    };
    let Some(bench) = Bench::start_with(kind, remote) else {
        return;
    };
    // More than one batch, so that some are written before it breaks.
    let many = crate::agreement::many(300);
    let broken = bench.another_with(Arc::new(Breaking));
    assert!(broken.index(&bot(1), many.clone()).await.is_err());
    let missing = Err(KnowledgeError::NotIndexed(bot(1)));
    assert_eq!(bench.engine.search(&query(1, "lamp")).await, missing);
    assert_eq!(broken.search(&query(1, "lamp")).await, missing);
    assert_eq!(bench.engine.index(&bot(1), many).await.unwrap().passages, 300);
    assert!(!bench.engine.search(&query(1, "lamp")).await.unwrap().is_empty());
    bench.clean().await;
}

#[rstest]
#[tokio::test]
async fn a_question_whose_time_is_over_is_not_searched(
    #[values(Kind::Embedded, Kind::Postgres, Kind::Pgvector, Kind::OpenSearch)] kind: Kind,
) {
    let Some(bench) = Bench::start(kind) else { return };
    bench.engine.index(&bot(1), inn()).await.unwrap();
    let mut late = query(1, "dog");
    late.deadline = Instant::now();
    assert_eq!(bench.engine.search(&late).await, Err(KnowledgeError::DeadlineExceeded));
    bench.clean().await;
}
