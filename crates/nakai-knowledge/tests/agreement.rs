//! Every engine finds what the embedded one finds, in the same order and as surely.

use std::{path::Path, sync::Arc};

use nakai_bundle::load_folder;
use nakai_knowledge::{Engine, RemoteOptions};
use nakai_ports::{KnowledgeBase, KnowledgeQuery};
use nakai_types::{Language, Screened};
use rstest::rstest;

use crate::{
    bench::{Bench, Kind, Letters},
    inn::{bot, passage, query},
};

/// What is compared of an answer: the passages in their order, their sentences that answer, and how sure the engine is of each.
async fn answers(engine: &dyn Engine, query: &KnowledgeQuery) -> Vec<(String, String, f32)> {
    let found = engine.search(query).await.unwrap();
    let compared = found.iter().map(|found| {
        let passage = &found.passage;
        let place = format!("{} {} {}", passage.article, passage.language, passage.ordinal);
        (place, found.answer().to_owned(), found.confidence)
    });
    compared.collect()
}

/// Whether two answers are the same. A server that looks for near vectors may miss a rival, which changes how sure the engine is a little.
fn alike(a: &[(String, String, f32)], b: &[(String, String, f32)]) -> bool {
    a.len() == b.len()
        && a.iter()
            .zip(b)
            .all(|(a, b)| a.0 == b.0 && a.1 == b.1 && (a.2 - b.2).abs() < 0.005)
}

/// The questions that guests of the demo bot ask.
fn questions(language: &str) -> Vec<String> {
    let file = format!(
        "{}/../nakai-evaluation/questions/{language}.csv",
        env!("CARGO_MANIFEST_DIR")
    );
    let lines = std::fs::read_to_string(file).unwrap();
    // Those with a comma in them are quoted, and left out.
    let plain = lines.lines().skip(1).filter(|line| !line.contains('"'));
    plain
        .filter_map(|line| Some(line.split(',').nth(1)?.to_owned()))
        .collect()
}

#[rstest]
#[tokio::test]
async fn the_demo_bot_answers_alike_on_every_engine(
    #[values(Kind::Postgres, Kind::Pgvector, Kind::OpenSearch)] kind: Kind,
) {
    let Some(bench) = Bench::start(kind) else { return };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../bots/ryokan");
    let bundle = load_folder(&folder).unwrap().bundle;
    let embedded = Bench::start(Kind::Embedded).unwrap().engine;
    for engine in [&embedded, &bench.engine] {
        engine.index(&bundle.bot_ref, bundle.knowledge_base()).await.unwrap();
    }
    let mut asked = 0;
    for (code, language) in [("en", Language::En), ("ja", Language::Ja)] {
        for (at, question) in questions(code).into_iter().enumerate() {
            // Now and then both languages at once, as where an article exists only in the other one.
            let languages = if at % 5 == 0 {
                &[Some(language), None][..]
            } else {
                &[Some(language)]
            };
            for language in languages.iter().copied() {
                let query = KnowledgeQuery {
                    bot: bundle.bot_ref.clone(),
                    question: Screened::ours(question.clone()),
                    language,
                    ..query(0, "")
                };
                let here = answers(&*embedded, &query).await;
                let there = answers(&*bench.engine, &query).await;
                assert!(alike(&here, &there), "{question} {language:?}: {here:#?} {there:#?}");
                asked += 1;
            }
        }
    }
    assert!(asked > 200, "only {asked} questions were asked");
    bench.clean().await;
}

/// Passages about many things, and about few things at once.
pub(crate) fn many(count: u32) -> KnowledgeBase {
    let things = [
        "lamp", "boat", "stove", "garden", "bridge", "kettle", "mirror", "ladder", "violin", "carpet", "window",
    ];
    let thing = |at: u32| things[at as usize % things.len()];
    let passages = (0..count).map(|at| {
        let text = format!(
            "The {} number {at} is beside the {}. Ask for the {} of floor {}.",
            thing(at),
            thing(at / 11),
            thing(at / 121),
            at % 97
        );
        passage(&format!("things/{at}"), 0, Language::En, &format!("Thing {at}"), &text)
    });
    KnowledgeBase {
        passages: passages.collect(),
        synonyms: Vec::new(),
    }
}

/// So many passages that servers search differently than a few: no passage without a word of the question, an index of vectors, terms in
/// several rows.
#[rstest]
#[tokio::test]
async fn a_large_version_answers_alike_on_every_engine(
    #[values(Kind::Postgres, Kind::Pgvector, Kind::OpenSearch)] kind: Kind,
) {
    let remote = RemoteOptions {
        encoder: Arc::new(Letters),
        ..RemoteOptions::default()
    };
    let Some(bench) = Bench::start_with(kind, remote.clone()) else {
        return;
    };
    let embedded = Bench::start_with(Kind::Embedded, remote).unwrap().engine;
    for engine in [&embedded, &bench.engine] {
        let indexed = engine.index(&bot(1), many(9_000)).await.unwrap();
        assert_eq!((indexed.passages, indexed.encoded), (9_000, 9_000));
    }
    let long = "Where is the lamp? ".repeat(3_000);
    for question in [
        "Where is the lamp number 4321?",
        "the stove beside the garden on floor 17",
        "thing 8999",
        &long,
    ] {
        let query = query(1, question);
        let here = answers(&*embedded, &query).await;
        let there = answers(&*bench.engine, &query).await;
        let start = &question[..question.len().min(40)];
        assert!(
            !here.is_empty() && alike(&here[..1], &there[..1]),
            "{start}: {here:#?} {there:#?}"
        );
    }
    bench.clean().await;
}
