//! What a search server finds beside what the engine in memory finds, on the same passages.

use std::{
    fmt,
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use nakai_evaluation::retrieval::{self, DEPTH, ModeReport, Outcome, Question};
use nakai_knowledge::{Embedded, Engine};
use nakai_ports::{ArticlePassage, Knowledge as _, KnowledgeBase, KnowledgeQuery};
use nakai_types::{BotRef, Screened, Version};
use serde::Serialize;

/// No question of a measurement takes as long.
const LIMIT: Duration = Duration::from_secs(60);

/// How well passages are found by both.
#[derive(Debug, Serialize)]
pub(super) struct EnginesReport {
    passages: usize,
    questions: usize,
    embedded: ModeReport,
    server: ModeReport,
    /// Questions whose first passage is another one.
    different: usize,
}

impl fmt::Display for EnginesReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} questions about {} passages; {} have another first passage on the server\n",
            self.questions, self.passages, self.different
        )?;
        writeln!(
            f,
            "{:<10}{:>10}{:>10}{:>11}{:>8}{:>9}{:>8}",
            "", "recall@1", "recall@5", "recall@10", "MRR", "nDCG@10", "ECE"
        )?;
        for (name, mode) in [("embedded", self.embedded), ("server", self.server)] {
            writeln!(
                f,
                "{name:<10}{:>10.4}{:>10.4}{:>11.4}{:>8.4}{:>9.4}{:>8.4}",
                mode.recall_at_1,
                mode.recall_at_5,
                mode.recall_at_10,
                mode.mrr,
                mode.ndcg_at_10,
                mode.calibration_error
            )?;
        }
        Ok(())
    }
}

/// Indexes the passages, each as an article, in memory and on the server, and asks both.
pub(super) async fn compare(server: &dyn Engine, corpus: &Path, queries: &Path) -> Result<EnginesReport> {
    let (passages, questions) = retrieval::read(corpus, queries)?;
    let base = KnowledgeBase {
        passages: passages.into_iter().map(article).collect(),
        synonyms: Vec::new(),
    };
    let embedded = Embedded::default();
    let bot = BotRef {
        name: "knowledge-eval".parse().context("a name of ours is none")?,
        version: version(&base),
    };
    let count = base.passages.len();
    embedded.index(&bot, base.clone()).await?;
    server.index(&bot, base).await?;
    let (here, there) = (
        ask(&embedded, &bot, &questions).await?,
        ask(server, &bot, &questions).await?,
    );
    let different = here
        .iter()
        .zip(&there)
        .filter(|(here, there)| here.0 != there.0)
        .count();
    let figures = |asked: &[(String, Outcome)]| {
        let outcomes: Vec<Outcome> = asked.iter().map(|(_, outcome)| *outcome).collect();
        retrieval::figures(&outcomes)
    };
    Ok(EnginesReport {
        passages: count,
        questions: questions.len(),
        embedded: figures(&here),
        server: figures(&there),
        different,
    })
}

/// Of each question: the first passage, and what came of it.
async fn ask(engine: &dyn Engine, bot: &BotRef, questions: &[Question]) -> Result<Vec<(String, Outcome)>> {
    let mut asked = Vec::with_capacity(questions.len());
    for question in questions {
        let query = KnowledgeQuery {
            bot: bot.clone(),
            question: Screened::ours(question.text.clone()),
            language: None,
            audience: "public".to_owned(),
            article: None,
            limit: DEPTH,
            deadline: Instant::now() + LIMIT,
        };
        let found = engine.search(&query).await?;
        let first = found.first();
        let outcome = Outcome {
            place: found.iter().position(|found| found.passage.article == question.passage),
            confidence: first.map_or(0.0, |first| f64::from(first.confidence)),
        };
        asked.push((
            first.map(|first| first.passage.article.clone()).unwrap_or_default(),
            outcome,
        ));
    }
    Ok(asked)
}

fn article(passage: nakai_search::Passage) -> ArticlePassage {
    ArticlePassage {
        article: passage.id,
        ordinal: 0,
        title: passage.title,
        heading: passage.heading,
        text: passage.text,
        language: passage.language,
        audience: "public".to_owned(),
        url: None,
        questions: Vec::new(),
    }
}

/// The version of passages: the SHA-256 of what they are.
fn version(base: &KnowledgeBase) -> Version {
    let mut hash = sha2::Sha256::default();
    for passage in &base.passages {
        for part in [&passage.article, &passage.title, &passage.text] {
            sha2::Digest::update(&mut hash, part.as_bytes());
            sha2::Digest::update(&mut hash, [0]);
        }
    }
    Version::from_digest(sha2::Digest::finalize(hash).into())
}
