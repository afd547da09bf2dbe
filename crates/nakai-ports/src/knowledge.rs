use std::{ops::Range, sync::Arc, time::Instant};

use async_trait::async_trait;
use nakai_types::{BotRef, ErrorKind, Language, Screened};

/// A part of an article that can stand as an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArticlePassage {
    /// The article's path, for example `baths/hours`. The same article in another language has the same path.
    pub article: String,
    /// Its place among the passages of the article, from 0.
    pub ordinal: u32,
    /// The article's title.
    pub title: String,
    /// The headings above it in the article, joined by ` › `; empty if there is none.
    pub heading: String,
    /// Its words, without markup.
    pub text: String,
    /// The language that it is written in.
    pub language: Language,
    /// Who may read it: `public` for customers.
    pub audience: String,
    /// Where a person can read the article.
    pub url: Option<String>,
    /// Ways in which customers ask for the article.
    pub questions: Vec<String>,
}

/// Everything that is searched for one bot version.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KnowledgeBase {
    /// The passages of all articles.
    pub passages: Vec<ArticlePassage>,
    /// Words that mean the same to this bot, group by group.
    pub synonyms: Vec<Vec<String>>,
}

/// A question to the articles of a bot version.
#[derive(Debug, Clone)]
pub struct KnowledgeQuery {
    /// Whose articles.
    pub bot: BotRef,
    /// What is asked.
    pub question: Screened,
    /// Only passages in this language; `None` for all.
    pub language: Option<Language>,
    /// Only passages for this audience.
    pub audience: String,
    /// Only passages of the article with this path.
    pub article: Option<String>,
    /// How many passages are wanted at most.
    pub limit: usize,
    /// When the answer is no longer of use. Implementations stop by then with [`KnowledgeError::DeadlineExceeded`].
    pub deadline: Instant,
}

/// A passage that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundPassage {
    /// The passage.
    pub passage: Arc<ArticlePassage>,
    /// The probability that it answers the question, 0 to 1.
    pub confidence: f32,
    /// Where the sentences stand in its text that answer, in bytes: a few that follow each other, lists whole.
    pub answer: Range<usize>,
}

impl FoundPassage {
    /// The sentences of the passage that answer.
    pub fn answer(&self) -> &str {
        self.passage.text.get(self.answer.clone()).unwrap_or(&self.passage.text)
    }
}

/// What indexing did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Indexed {
    /// Passages that can be found now.
    pub passages: usize,
    /// Of those, passages whose vectors were made anew; those of the others were known, from another version or from an earlier start.
    pub encoded: usize,
    /// The size of the index in bytes, as far as it is known.
    pub bytes: u64,
}

/// Finds passages in the articles of bots.
#[async_trait]
pub trait Knowledge: Send + Sync + 'static {
    /// Makes a bot version's articles searchable. Indexing it again does nothing.
    async fn index(&self, bot: &BotRef, knowledge: KnowledgeBase) -> Result<Indexed, KnowledgeError>;

    /// Finds the passages that answer a question best, the best first; fewer than wanted if nothing speaks for more.
    async fn search(&self, query: &KnowledgeQuery) -> Result<Vec<FoundPassage>, KnowledgeError>;

    /// Says whether questions can be answered now; asked by readiness.
    async fn ping(&self) -> Result<(), KnowledgeError>;
}

/// Knowledge search as everybody holds it.
pub type SharedKnowledge = Arc<dyn Knowledge>;

/// Why nothing could be searched.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KnowledgeError {
    /// The version's articles were not indexed here. The caller indexes them and asks again.
    #[error("the articles of bot `{}` {} are not indexed; index them first", .0.name, .0.version)]
    NotIndexed(BotRef),
    /// The search engine can't be reached, or refuses.
    #[error("the search engine can't be used now ({0}); check that it runs and that its address and key are right")]
    Unavailable(String),
    /// The time set for the search ran out.
    #[error("the search engine did not answer in time; try again, or raise the limit of the turn")]
    DeadlineExceeded,
    /// A bug.
    #[error("knowledge search failed: {0}; the log has more")]
    Internal(String),
}

impl KnowledgeError {
    /// Maps the error to the closed set of kinds.
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::NotIndexed(_) => ErrorKind::NotFound,
            Self::Unavailable(_) => ErrorKind::Unavailable,
            Self::DeadlineExceeded => ErrorKind::Timeout,
            Self::Internal(_) => ErrorKind::Internal,
        }
    }
}
