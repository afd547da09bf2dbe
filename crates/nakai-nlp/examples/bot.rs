//! How well and how fast a bot is understood: trains the bundle of a folder, checks the intents that its conversation tests expect
//! (of first turns, which no flow influences), and times the analysis of an utterance.
//!
//! ```text
//! bot FOLDER [UTTERANCE]...
//! ```
#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a tool for developers"
)]

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use nakai_bundle::{Bundle, load_folder};
use nakai_encoder::Encoder;
use nakai_nlp::{
    LocalNlp, NlpConfig,
    intents::{IntentClassifier, ModelCache, SentenceVectors, TrainingSet},
};
use nakai_ports::{AnalyseRequest, Nlp};
use nakai_types::{Analysis, RawText};

const ROUNDS: u32 = 20_000;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let folder = arguments.first().expect("usage: bot FOLDER [UTTERANCE]...");
    let bundle = Arc::new(
        load_folder(folder.as_ref())
            .expect("the bundle has problems; see `nakai bot check`")
            .bundle,
    );

    let set = TrainingSet::of(&bundle.intents);
    let examples: usize = set.intents.iter().map(|intent| intent.examples.len()).sum();
    let start = Instant::now();
    IntentClassifier::train(&set, &Encoder::shipped(), &mut SentenceVectors::default()).unwrap();
    let trained = start.elapsed().as_secs_f64() * 1e3;
    let directory = tempfile::tempdir().unwrap();
    let cache = ModelCache::new(directory.path(), NlpConfig::default().encoder);
    cache.load_or_train(&set).unwrap();
    let start = Instant::now();
    cache.load_or_train(&set).unwrap();
    let loaded = start.elapsed().as_secs_f64() * 1e3;
    println!(
        "{} intents, {examples} examples: trained in {trained:.1} ms, loaded in {loaded:.1} ms",
        set.intents.len()
    );

    let nlp = LocalNlp::new(NlpConfig::default(), Arc::default());
    nlp.install_bundle(Arc::clone(&bundle)).await.unwrap();
    check(&nlp, &bundle).await;
    for utterance in &arguments[1..] {
        let analysis = analyse(&nlp, &bundle, utterance).await;
        let start = Instant::now();
        for _ in 0..ROUNDS {
            analyse(&nlp, &bundle, utterance).await;
        }
        let micros = start.elapsed().as_secs_f64() * 1e6 / f64::from(ROUNDS);
        println!("{micros:.1} us, {}: {utterance}", describe(&analysis));
    }
}

async fn check(nlp: &LocalNlp, bundle: &Bundle) {
    let (mut right, mut total) = (0, 0);
    for turn in bundle.tests.iter().filter_map(|test| test.turns.first()) {
        let Some(expected) = &turn.expect.intent else { continue };
        let analysis = analyse(nlp, bundle, &turn.customer).await;
        let found = analysis
            .intents
            .first()
            .filter(|_| !analysis.out_of_scope)
            .map_or("none", |best| &best.name);
        total += 1;
        if found == expected {
            right += 1;
        } else {
            println!("expected {expected}, found {}: {}", describe(&analysis), turn.customer);
        }
    }
    println!("{right} of {total} tested utterances understood");
}

async fn analyse(nlp: &LocalNlp, bundle: &Bundle, utterance: &str) -> Analysis {
    let request = AnalyseRequest {
        bot: bundle.bot_ref.clone(),
        text: RawText::new(utterance.to_owned()),
        language: None,
        previous_language: None,
        now_ms: 1_790_000_000_000,
        deadline: Instant::now() + Duration::from_secs(60),
    };
    nlp.analyse(request).await.unwrap()
}

fn describe(analysis: &Analysis) -> String {
    let scores = analysis
        .intents
        .iter()
        .take(3)
        .map(|intent| format!("{} {:.2}", intent.name, intent.confidence));
    scores.collect::<Vec<_>>().join(", ")
}
