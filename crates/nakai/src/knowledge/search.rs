use std::{
    fmt,
    time::{Duration, Instant},
};

use anyhow::Result;
use nakai_knowledge::{Engine, Explained};
use nakai_ports::KnowledgeQuery;
use nakai_types::Screened;
use serde::Serialize;

use crate::{cli::KnowledgeSearch, output::print, serve::bots};

/// Nobody waits for longer at a terminal.
const LIMIT: Duration = Duration::from_secs(60);

/// What a search found, the best first.
#[derive(Debug, Serialize)]
struct SearchReport {
    /// The probability from which on the bot answers.
    threshold: f32,
    hits: Vec<HitReport>,
}

/// A passage that was found.
#[derive(Debug, Serialize)]
struct HitReport {
    article: String,
    language: &'static str,
    heading: String,
    /// Where a person can read it.
    url: Option<String>,
    confidence: f32,
    text: f32,
    vector: f32,
    fused: f32,
    answer: String,
}

impl From<Explained> for HitReport {
    fn from(explained: Explained) -> Self {
        let passage = &explained.found.passage;
        Self {
            article: passage.article.clone(),
            language: passage.language.code(),
            heading: passage.heading.clone(),
            url: passage.url.clone(),
            confidence: explained.found.confidence,
            text: explained.text,
            vector: explained.vector,
            fused: explained.fused,
            answer: explained.found.answer().to_owned(),
        }
    }
}

impl fmt::Display for SearchReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.hits.is_empty() {
            return write!(f, "nothing found");
        }
        for hit in &self.hits {
            let answers = if hit.confidence >= self.threshold {
                "answers"
            } else {
                "too unsure"
            };
            writeln!(
                f,
                "{:.2} {answers:<10}  text {:.2}  vector {:.2}  fused {:.2}  {}.{} › {}\n{}",
                hit.confidence, hit.text, hit.vector, hit.fused, hit.article, hit.language, hit.heading, hit.answer
            )?;
            if let Some(url) = &hit.url {
                writeln!(f, "{url}")?;
            }
            writeln!(f)?;
        }
        Ok(())
    }
}

pub(super) async fn run(knowledge: &dyn Engine, options: &KnowledgeSearch) -> Result<()> {
    let bundle = bots::load(options.bot.as_ref())?.bundle;
    knowledge.index(&bundle.bot_ref, bundle.knowledge_base()).await?;
    let query = KnowledgeQuery {
        bot: bundle.bot_ref,
        question: Screened::ours(options.question.clone()),
        language: options.language,
        audience: options.audience.clone(),
        article: None,
        limit: options.limit,
        deadline: Instant::now() + LIMIT,
    };
    let explained = knowledge.explain(&query).await?;
    let hits = explained.into_iter().map(HitReport::from).collect();
    let report = SearchReport {
        threshold: bundle.bot.thresholds.passage,
        hits,
    };
    print(&report, options.json)
}
