use std::{collections::HashMap, sync::Arc, time::Duration};

use async_trait::async_trait;
use nakai_ports::{ArticlePassage, Indexed, KnowledgeError, KnowledgeQuery};
use nakai_search::PreparedSynonyms;
use nakai_types::BotRef;

use super::Corpus;

/// The articles of a bot version on a server, all of them.
#[derive(Debug, Clone)]
pub(crate) struct Version<P> {
    pub(crate) bot: BotRef,
    /// Where the server has them.
    pub(crate) place: P,
    pub(crate) passages: usize,
    pub(crate) bytes: u64,
    pub(crate) synonyms: Arc<PreparedSynonyms>,
}

impl<P> Version<P> {
    pub(crate) const fn indexed(&self, encoded: usize) -> Indexed {
        Indexed {
            passages: self.passages,
            encoded,
            bytes: self.bytes,
        }
    }
}

/// Which passages a server is asked for.
pub(crate) struct Wanted<'q> {
    /// Language, audience and article; the question itself is not sent.
    pub(crate) query: &'q KnowledgeQuery,
    /// How many passages by words, and how many by the vector. A server without search by vectors gives more by words.
    pub(crate) count: usize,
    /// What the terms count that find candidates, the weightiest first. All terms of the question order those.
    pub(crate) weights: Vec<(u64, f32)>,
    /// The question's vector, if it says anything.
    pub(crate) vector: Option<Vec<f32>>,
}

/// A passage that a server found.
pub(crate) struct Candidate {
    pub(crate) passage: ArticlePassage,
    /// What [`nakai_search::AnalysedPassage::to_bytes`] wrote.
    pub(crate) bytes: Vec<u8>,
}

/// How many passages a server without search by vectors gives by words, to be ordered by words and vectors here. A bot with fewer
/// passages is searched as if the server had vectors.
pub(crate) const REORDERED: usize = 200;

/// In a version of at most so many passages those are candidates too that have no word of the question.
pub(crate) const FEW: usize = 1000;

/// A server that keeps articles. A version appears whole or not at all, and never changes; two processes may write the same one.
#[async_trait]
pub(crate) trait Server: Send + Sync + 'static {
    /// Where a server has a version.
    type Place: Clone + Send + Sync;

    /// Looks for a version.
    async fn find(&self, bot: &BotRef) -> Result<Option<Version<Self::Place>>, KnowledgeError>;

    /// Writes a version. If another process was faster, gives what that one wrote.
    async fn write(&self, bot: &BotRef, corpus: &mut Corpus) -> Result<Version<Self::Place>, KnowledgeError>;

    /// Notes that a version is in use.
    async fn touch(&self, version: &Version<Self::Place>) -> Result<(), KnowledgeError>;

    /// Drops the versions that were not used for the longest time, until `keep` are left; those used within `in_use` stay.
    async fn tidy(&self, keep: usize, in_use: Duration) -> Result<(), KnowledgeError>;

    /// Drops what is left of a version that is no longer there whole.
    async fn forget(&self, version: &Version<Self::Place>) -> Result<(), KnowledgeError>;

    /// How many passages of a version have each of the terms.
    ///
    /// # Errors
    /// [`KnowledgeError::NotIndexed`] if the version is no longer there; so is it with [`Self::candidates`].
    async fn having(&self, version: &Version<Self::Place>, keys: &[u64])
    -> Result<HashMap<u64, usize>, KnowledgeError>;

    /// Finds the passages that may answer, in any order.
    async fn candidates(
        &self,
        version: &Version<Self::Place>,
        wanted: &Wanted<'_>,
    ) -> Result<Vec<Candidate>, KnowledgeError>;

    /// Says whether the server answers and lets us in.
    async fn ping(&self) -> Result<(), KnowledgeError>;
}
