//! Search in passages that a server keeps: PostgreSQL or OpenSearch find candidates, and they are ordered here as [`crate::Embedded`]
//! orders its own, so that a bot answers the same whichever engine it has.

mod corpus;
mod server;
mod stored;

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use async_trait::async_trait;
use moka::sync::Cache;
use nakai_encoder::SentenceEncoder;
use nakai_ports::{FoundPassage, Indexed, Knowledge, KnowledgeBase, KnowledgeError, KnowledgeQuery};
use nakai_search::{AnalysedPassage, Audiences, Candidates, Lookup, Mode, Statistics};
use nakai_types::BotRef;
use tokio::{sync::Mutex, time::timeout_at};
use tracing::warn;

use crate::{
    engine::{Engine, RIVALS, blocking, found},
    order::Explained,
    passages::{Kept, Ranking, searched},
};

pub(crate) use corpus::{Corpus, Entry};
pub(crate) use server::{Candidate, FEW, REORDERED, Server, Version, Wanted};
pub(crate) use stored::StoredPassage;

/// How many versions a process remembers the place of.
const OPENED: u64 = 256;

/// Which share of a question's weight finds candidates.
const NEARLY_ALL: f32 = 0.99;
/// How many terms find candidates at most: servers take about a thousand clauses.
const MOST_TERMS: usize = 256;

/// How long a server may take to write a version, and how much longer for each passage. Far more than it takes: this only ends what hangs.
const WRITE_LIMIT: Duration = Duration::from_mins(1);
const WRITE_LIMIT_A_PASSAGE: Duration = Duration::from_millis(50);

/// How search on a server is set up.
#[derive(Clone)]
pub struct RemoteOptions {
    /// What makes vectors of passages and questions.
    pub encoder: Arc<dyn SentenceEncoder>,
    /// How many threads encode.
    pub threads: usize,
    /// How many versions of all bots the server keeps. More are kept while they are in use: see `in_use`.
    pub max_versions: usize,
    /// A version that was indexed, or found to be, within this time is not dropped.
    pub in_use: Duration,
    /// How long the server may take to answer. Writing articles may take longer.
    pub timeout: Duration,
}

impl Default for RemoteOptions {
    /// The encoder that is part of the program, all processors, 64 versions, an hour, two seconds.
    fn default() -> Self {
        Self {
            encoder: Arc::clone(nakai_encoder::shipped()),
            threads: std::thread::available_parallelism().map_or(1, usize::from),
            max_versions: 64,
            in_use: Duration::from_hours(1),
            timeout: Duration::from_secs(2),
        }
    }
}

/// Search on a server.
pub(crate) struct Remote<S: Server> {
    shared: Arc<Shared<S>>,
    /// One version is indexed at a time: the next one reuses what it can.
    indexing: Arc<Mutex<()>>,
}

/// What searches and the task that indexes use.
struct Shared<S: Server> {
    server: S,
    options: RemoteOptions,
    opened: Cache<BotRef, Arc<Version<S::Place>>>,
}

impl<S: Server> Remote<S> {
    pub(crate) fn new(server: S, options: RemoteOptions) -> Self {
        Self {
            shared: Arc::new(Shared {
                server,
                options,
                opened: Cache::new(OPENED),
            }),
            indexing: Arc::default(),
        }
    }
}

impl<S: Server> Shared<S> {
    /// The version, if the server has it whole.
    async fn version(&self, bot: &BotRef) -> Result<Option<Arc<Version<S::Place>>>, KnowledgeError> {
        if let Some(version) = self.opened.get(bot) {
            return Ok(Some(version));
        }
        Ok(self.server.find(bot).await?.map(|version| self.keep(version)))
    }

    fn keep(&self, version: Version<S::Place>) -> Arc<Version<S::Place>> {
        let version = Arc::new(version);
        self.opened.insert(version.bot.clone(), Arc::clone(&version));
        version
    }

    async fn ask(&self, query: &KnowledgeQuery) -> Result<Vec<Explained>, KnowledgeError> {
        let version = self.version(&query.bot).await?;
        let version = version.ok_or_else(|| KnowledgeError::NotIndexed(query.bot.clone()))?;
        let answer = self.ask_version(&version, query).await;
        if matches!(answer, Err(KnowledgeError::NotIndexed(_))) {
            // Another process, or a person, dropped it: whoever asks indexes it again.
            self.opened.invalidate(&query.bot);
            self.server.forget(&version).await?;
        }
        answer
    }

    async fn ask_version(
        &self,
        version: &Version<S::Place>,
        query: &KnowledgeQuery,
    ) -> Result<Vec<Explained>, KnowledgeError> {
        let encoder = Arc::clone(&self.options.encoder);
        let dimension = encoder.dimension();
        let lookup = Lookup::new(query.question.as_str(), encoder, Arc::clone(&version.synonyms));
        let statistics = Statistics {
            passages: version.passages,
            having: self.server.having(version, lookup.keys()).await?,
        };
        let count = query.limit.saturating_add(RIVALS);
        let wanted = Wanted {
            query,
            count: Lookup::candidates(count),
            weights: weightiest(lookup.weights(&statistics)),
            vector: lookup.vector(),
        };
        let candidates = self.server.candidates(version, &wanted).await?;
        let limit = query.limit;
        let rank = move || rank(&lookup, &statistics, candidates, limit, dimension);
        blocking(rank).await?
    }

    async fn index(&self, bot: &BotRef, knowledge: KnowledgeBase) -> Result<Indexed, KnowledgeError> {
        let quick = self.options.timeout;
        if let Some(version) = within(quick, self.server.find(bot)).await? {
            within(quick, self.server.touch(&version)).await?;
            return Ok(self.keep(version).indexed(0));
        }
        let encoder = Arc::clone(&self.options.encoder);
        let mut corpus = Corpus::new(knowledge, encoder, self.options.threads);
        let count = u32::try_from(corpus.len()).unwrap_or(u32::MAX);
        let limit = WRITE_LIMIT + WRITE_LIMIT_A_PASSAGE.saturating_mul(count);
        let version = within(limit, self.server.write(bot, &mut corpus)).await?;
        let indexed = self.keep(version).indexed(corpus.encoded());
        // What could not be dropped now is dropped after the next version.
        if let Err(error) = self.server.tidy(self.options.max_versions, self.options.in_use).await {
            warn!(error = %error, "versions of articles that are no longer used could not be dropped");
        }
        Ok(indexed)
    }
}

/// The terms that make up nearly all of what a passage can have of a question: words that nearly every passage has cost a server most and
/// find nothing.
fn weightiest(mut weights: Vec<(u64, f32)>) -> Vec<(u64, f32)> {
    let enough = NEARLY_ALL * weights.iter().map(|(_, weight)| weight).sum::<f32>();
    let mut sum = 0.0;
    let needed = weights.iter().take_while(|(_, weight)| {
        let is_needed = sum < enough;
        sum += weight;
        is_needed
    });
    let needed = needed.count().min(MOST_TERMS);
    weights.truncate(needed);
    weights
}

/// Orders what a server found.
fn rank(
    lookup: &Lookup,
    statistics: &Statistics,
    candidates: Vec<Candidate>,
    limit: usize,
    dimension: usize,
) -> Result<Vec<Explained>, KnowledgeError> {
    let mut passages = std::collections::HashMap::with_capacity(candidates.len());
    let mut analysed = Vec::with_capacity(candidates.len());
    for Candidate { passage, bytes } in candidates {
        let read = AnalysedPassage::from_bytes(&bytes, dimension);
        let read = read.map_err(|error| KnowledgeError::Internal(error.to_string()))?;
        let searched = searched(&passage, Audiences::ALL);
        passages.insert(searched.id.clone(), Kept::new(Arc::new(passage)));
        analysed.push((searched, read));
    }
    let candidates = Candidates::new(lookup, statistics, analysed);
    let hits = candidates.search(Mode::Fused, limit.saturating_add(RIVALS));
    Ok(Ranking::new(hits, |id| passages.get(id), lookup.words()).best(limit))
}

#[async_trait]
impl<S: Server> Knowledge for Remote<S> {
    async fn index(&self, bot: &BotRef, knowledge: KnowledgeBase) -> Result<Indexed, KnowledgeError> {
        let indexing = Arc::clone(&self.indexing).lock_owned().await;
        let (shared, bot) = (Arc::clone(&self.shared), bot.clone());
        // A task of its own: a turn that no longer waits must not undo what is half done, or a large version would never be whole.
        let task = tokio::spawn(async move {
            let indexed = shared.index(&bot, knowledge).await;
            drop(indexing);
            indexed
        });
        let indexed = task.await;
        indexed.map_err(|_| KnowledgeError::Internal("indexing panicked".into()))?
    }

    async fn search(&self, query: &KnowledgeQuery) -> Result<Vec<FoundPassage>, KnowledgeError> {
        self.explain(query).await.map(found)
    }

    async fn ping(&self) -> Result<(), KnowledgeError> {
        within(self.shared.options.timeout, self.shared.server.ping()).await
    }
}

#[async_trait]
impl<S: Server> Engine for Remote<S> {
    async fn explain(&self, query: &KnowledgeQuery) -> Result<Vec<Explained>, KnowledgeError> {
        let now = Instant::now();
        if query.deadline <= now {
            return Err(KnowledgeError::DeadlineExceeded);
        }
        // A server that hangs must leave the turn the time to answer without it.
        let timeout = self.shared.options.timeout;
        let limit = now + timeout;
        let answer = timeout_at(query.deadline.min(limit).into(), self.shared.ask(query)).await;
        answer.map_err(|_| {
            if query.deadline <= limit {
                KnowledgeError::DeadlineExceeded
            } else {
                late(timeout)
            }
        })?
    }
}

/// Gives up after some time.
async fn within<T>(
    limit: Duration,
    work: impl Future<Output = Result<T, KnowledgeError>>,
) -> Result<T, KnowledgeError> {
    tokio::time::timeout(limit, work).await.map_err(|_| late(limit))?
}

fn late(timeout: Duration) -> KnowledgeError {
    KnowledgeError::Unavailable(format!("it did not answer within {} ms", timeout.as_millis()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_that_count_nearly_nothing_find_no_candidates() {
        let weights = vec![(1, 60.0), (2, 30.0), (3, 9.5), (4, 0.4), (5, 0.1)];
        assert_eq!(weightiest(weights.clone()), weights[..3]);
        assert_eq!(weightiest(Vec::new()), []);
        let many: Vec<(u64, f32)> = (0..1000).map(|key| (key, 1.0)).collect();
        assert_eq!(weightiest(many).len(), MOST_TERMS);
    }
}
