use std::{fmt, path::PathBuf, time::Instant};

use anyhow::Result;
use nakai_knowledge::Engine;
use serde::Serialize;

use crate::{output::print, serve::bots};

/// What indexing a bot's articles did.
#[derive(Debug, Serialize)]
struct IndexReport {
    articles: usize,
    passages: usize,
    /// Passages whose vectors another version had.
    reused: usize,
    bytes: u64,
    milliseconds: f64,
}

impl fmt::Display for IndexReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} passages of {} articles, {} of them reused; the index takes {} bytes and took {:.1} ms",
            self.passages, self.articles, self.reused, self.bytes, self.milliseconds
        )
    }
}

pub(super) async fn run(
    knowledge: &dyn Engine,
    bot: Option<&PathBuf>,
    former: Option<&PathBuf>,
    json: bool,
) -> Result<()> {
    if former.is_some() {
        let bundle = bots::load(former)?.bundle;
        knowledge.index(&bundle.bot_ref, bundle.knowledge_base()).await?;
    }
    let bundle = bots::load(bot)?.bundle;
    let started = Instant::now();
    let indexed = knowledge.index(&bundle.bot_ref, bundle.knowledge_base()).await?;
    let report = IndexReport {
        articles: bundle.articles.len(),
        passages: indexed.passages,
        reused: indexed.passages - indexed.encoded,
        bytes: indexed.bytes,
        milliseconds: started.elapsed().as_secs_f64() * 1000.0,
    };
    print(&report, json)
}
