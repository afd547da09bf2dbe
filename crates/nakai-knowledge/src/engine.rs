//! What all search engines have in common.

use async_trait::async_trait;
use nakai_ports::{FoundPassage, Knowledge, KnowledgeError, KnowledgeQuery};

use crate::order::Explained;

/// How many passages are ordered besides those that are wanted, so that an article's first passage is among them.
pub(crate) const RIVALS: usize = 20;

/// A search engine that can say why it found something.
#[async_trait]
pub trait Engine: Knowledge {
    /// Searches like [`Knowledge::search`], and says of each passage what speaks for it.
    ///
    /// # Errors
    /// Those of [`Knowledge::search`].
    async fn explain(&self, query: &KnowledgeQuery) -> Result<Vec<Explained>, KnowledgeError>;
}

pub(crate) fn found(explained: Vec<Explained>) -> Vec<FoundPassage> {
    explained.into_iter().map(|explained| explained.found).collect()
}

/// Runs what takes a while on a thread of its own.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, KnowledgeError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|_| KnowledgeError::Internal("indexing or searching panicked".into()))
}
