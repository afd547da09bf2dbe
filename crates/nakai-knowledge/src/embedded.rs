//! Search in this process: one index per bot version, in memory.

mod kept;

use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{Arc, PoisonError, RwLock},
    time::Instant,
};

use async_trait::async_trait;
use nakai_encoder::SentenceEncoder;
use nakai_ports::{FoundPassage, Indexed, Knowledge, KnowledgeBase, KnowledgeError, KnowledgeQuery};
use nakai_search::{Audiences, Filter, IndexBuilder, Mode, Search, SearchIndex, Synonyms};
use nakai_types::BotRef;
use tokio::sync::Mutex;

use self::kept::KeptIndexes;
use crate::{
    engine::{Engine, RIVALS, blocking, found},
    order::{Explained, is_clear_by_words},
    passages::{Kept, Ranking, article_prefix, searched},
};

/// An index of more passages is searched on a thread of its own, so that other turns need not wait for it.
const MANY_PASSAGES: usize = 20_000;

/// How search in this process is set up.
#[derive(Clone)]
pub struct EmbeddedOptions {
    /// What makes vectors of passages and questions.
    pub encoder: Arc<dyn SentenceEncoder>,
    /// How many versions are kept. The one indexed first goes; who needs it is told to index it again.
    pub max_versions: usize,
    /// How many threads encode.
    pub threads: usize,
    /// Where indexes are kept, so that a restart finds them; `None` makes them at every start. Nothing else may be there.
    pub directory: Option<PathBuf>,
}

impl Default for EmbeddedOptions {
    /// The encoder that is part of the program, 128 versions, all processors, nothing on disk.
    fn default() -> Self {
        Self {
            encoder: Arc::clone(nakai_encoder::shipped()),
            max_versions: 128,
            threads: std::thread::available_parallelism().map_or(1, usize::from),
            directory: None,
        }
    }
}

/// Search in this process.
pub struct Embedded {
    options: EmbeddedOptions,
    versions: RwLock<Vec<Arc<Version>>>,
    /// One version is indexed at a time: the next one reuses what it can.
    indexing: Mutex<()>,
}

/// The articles of one bot version.
struct Version {
    bot: BotRef,
    index: Arc<SearchIndex>,
    passages: HashMap<String, Kept>,
    audiences: Vec<String>,
}

impl Default for Embedded {
    fn default() -> Self {
        Self::new(EmbeddedOptions::default())
    }
}

impl Embedded {
    /// Sets it up, without any articles yet.
    pub fn new(options: EmbeddedOptions) -> Self {
        Self {
            options,
            versions: RwLock::default(),
            indexing: Mutex::default(),
        }
    }

    fn version(&self, bot: &BotRef) -> Option<Arc<Version>> {
        let versions = self.versions.read().unwrap_or_else(PoisonError::into_inner);
        versions.iter().find(|version| version.bot == *bot).cloned()
    }

    fn keep(&self, version: Version) {
        let mut versions = self.versions.write().unwrap_or_else(PoisonError::into_inner);
        if versions.len() >= self.options.max_versions.max(1) {
            versions.remove(0);
        }
        versions.push(Arc::new(version));
    }

    /// The indexes of the bot's other versions, the oldest first.
    fn former(&self, bot: &BotRef) -> Vec<Arc<SearchIndex>> {
        let versions = self.versions.read().unwrap_or_else(PoisonError::into_inner);
        let same_bot = versions.iter().filter(|version| version.bot.name == bot.name);
        same_bot.map(|version| Arc::clone(&version.index)).collect()
    }
}

#[async_trait]
impl Knowledge for Embedded {
    async fn index(&self, bot: &BotRef, knowledge: KnowledgeBase) -> Result<Indexed, KnowledgeError> {
        let _indexing = self.indexing.lock().await;
        if let Some(version) = self.version(bot) {
            return Ok(version.indexed(0));
        }
        let (bot, options, former) = (bot.clone(), self.options.clone(), self.former(bot));
        let build = move || Version::build(bot, knowledge, &options, &former);
        let (version, encoded) = blocking(build).await?;
        let indexed = version.indexed(encoded);
        self.keep(version);
        Ok(indexed)
    }

    async fn search(&self, query: &KnowledgeQuery) -> Result<Vec<FoundPassage>, KnowledgeError> {
        self.explain(query).await.map(found)
    }

    async fn ping(&self) -> Result<(), KnowledgeError> {
        Ok(())
    }
}

#[async_trait]
impl Engine for Embedded {
    async fn explain(&self, query: &KnowledgeQuery) -> Result<Vec<Explained>, KnowledgeError> {
        if query.deadline <= Instant::now() {
            return Err(KnowledgeError::DeadlineExceeded);
        }
        let version = self
            .version(&query.bot)
            .ok_or_else(|| KnowledgeError::NotIndexed(query.bot.clone()))?;
        if version.passages.len() < MANY_PASSAGES {
            return Ok(version.search(query));
        }
        let (deadline, query) = (query.deadline, query.clone());
        tokio::time::timeout_at(deadline.into(), blocking(move || version.search(&query)))
            .await
            .map_err(|_| KnowledgeError::DeadlineExceeded)?
    }
}

impl Version {
    /// Indexes the articles of a version, or reads their index where it is kept; gives how many passages had to be encoded, too.
    fn build(
        bot: BotRef,
        knowledge: KnowledgeBase,
        options: &EmbeddedOptions,
        former: &[Arc<SearchIndex>],
    ) -> (Self, usize) {
        let mut builder = IndexBuilder::new(Arc::clone(&options.encoder));
        builder.threads(options.threads);
        builder.synonyms(Synonyms::new(knowledge.synonyms));
        let mut audiences: Vec<String> = knowledge
            .passages
            .iter()
            .map(|passage| passage.audience.clone())
            .collect();
        audiences.sort_unstable();
        audiences.dedup();
        let mut passages = HashMap::with_capacity(knowledge.passages.len());
        for passage in knowledge.passages {
            let searched = searched(&passage, bit(&audiences, &passage.audience));
            passages.insert(searched.id.clone(), Kept::new(Arc::new(passage)));
            builder.add(searched);
        }
        let kept = options.directory.clone().map(KeptIndexes::new);
        let (index, encoded) = match &kept {
            Some(kept) => kept.load_or_build(&bot.name, builder, former),
            None => build(builder, former),
        };
        let version = Self {
            bot,
            index: Arc::new(index),
            passages,
            audiences,
        };
        (version, encoded)
    }

    fn indexed(&self, encoded: usize) -> Indexed {
        Indexed {
            passages: self.passages.len(),
            encoded,
            bytes: self.index.size() as u64,
        }
    }

    /// The best passages with what speaks for each.
    fn search(&self, query: &KnowledgeQuery) -> Vec<Explained> {
        let asked = self.index.ask(query.question.as_str());
        // Which one passage of an article is meant, its words mostly tell; to encode the question is most of what a search costs.
        if query.article.is_some() && query.limit == 1 {
            let by_words = self.rank(query, &asked, Mode::Text);
            if is_clear_by_words(&by_words.ordered) {
                return by_words.best(query.limit);
            }
        }
        self.rank(query, &asked, Mode::Fused).best(query.limit)
    }

    /// The passages that are found in one way.
    fn rank<'i>(&'i self, query: &KnowledgeQuery, asked: &Search<'i, '_>, mode: Mode) -> Ranking<'i> {
        let prefix = query.article.as_deref().map(article_prefix).unwrap_or_default();
        let filter = Filter {
            language: query.language,
            audiences: bit(&self.audiences, &query.audience),
            id_prefix: &prefix,
        };
        let wanted = query.limit.saturating_add(RIVALS);
        let hits = asked.find(&filter, mode, wanted);
        // Two audiences can share a bit if there are very many.
        let for_audience = |kept: &&Kept| kept.passage.audience == query.audience;
        Ranking::new(hits, |id| self.passages.get(id).filter(for_audience), asked.words())
    }
}

/// Makes an index; gives how many passages had to be encoded, because none of the former indexes has them.
fn build<'i>(
    mut builder: IndexBuilder,
    former: impl IntoIterator<Item = &'i Arc<SearchIndex>>,
) -> (SearchIndex, usize) {
    former.into_iter().for_each(|index| builder.reuse(index));
    let encoded = builder.to_encode();
    (builder.build(), encoded)
}

/// The audience as a set of bits; none if no passage is for it.
fn bit(audiences: &[String], audience: &str) -> Audiences {
    let place = audiences.binary_search_by(|known| known.as_str().cmp(audience));
    Audiences(place.map_or(0, |place| 1 << (place % 64)))
}

#[cfg(test)]
mod tests;
