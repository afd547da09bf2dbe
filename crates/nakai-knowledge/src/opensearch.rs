//! Articles in OpenSearch or Elasticsearch.
//!
//! A version is a document of `…-versions` and an index of its own, whose documents are passages. Terms are `rank_features`: their scores
//! add up what a passage has of the question, exactly as the index in memory does, and need no analyser on the server. Vectors are of the
//! first kind that the server takes: `dense_vector` (Elasticsearch 8 and later), `knn_vector` (OpenSearch with its k-NN plugin), or none.
//! A version is entered into `…-versions` after all of its passages, so that nobody ever sees half of it.

mod client;
mod index;
mod query;
mod registry;

use std::{collections::HashMap, sync::Arc, time::Duration};

use async_trait::async_trait;
use nakai_ports::KnowledgeError;
use nakai_search::Synonyms;
use nakai_types::BotRef;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::remote::{Candidate, Corpus, Server, Version, Wanted};

pub(crate) use client::{Address, Client, ClientError, authorization};
use registry::Entered;

/// Articles on an OpenSearch or Elasticsearch server.
pub(crate) struct OpenSearch {
    client: Client,
    /// Begins the names of all indexes.
    prefix: String,
    /// Whose vectors are kept; versions of another encoder are other versions.
    encoder: String,
}

/// Where a version is.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    index: String,
    vectors: Option<VectorField>,
}

/// The kinds of fields for vectors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum VectorField {
    /// Elasticsearch's.
    DenseVector,
    /// That of OpenSearch's k-NN plugin.
    KnnVector,
}

type OpenSearchVersion = Version<Place>;

impl OpenSearch {
    pub(crate) fn new(client: Client, prefix: &str, encoder: &str) -> Self {
        Self {
            client,
            prefix: prefix.to_owned(),
            encoder: encoder.to_owned(),
        }
    }
}

/// What an answer means that says that something is not there.
fn of_version(version: &OpenSearchVersion, error: ClientError) -> KnowledgeError {
    if error.is_missing() {
        KnowledgeError::NotIndexed(version.bot.clone())
    } else {
        error.into()
    }
}

#[async_trait]
impl Server for OpenSearch {
    type Place = Place;

    async fn find(&self, bot: &BotRef) -> Result<Option<OpenSearchVersion>, KnowledgeError> {
        let Some(entered) = self.entered(bot).await? else {
            return Ok(None);
        };
        Ok(Some(Version {
            bot: bot.clone(),
            place: Place {
                index: entered.index,
                vectors: entered.vectors,
            },
            passages: entered.passages,
            bytes: entered.bytes,
            synonyms: Arc::new(Synonyms::new(entered.synonyms).prepare()),
        }))
    }

    async fn write(&self, bot: &BotRef, corpus: &mut Corpus) -> Result<OpenSearchVersion, KnowledgeError> {
        self.make_registry().await?;
        let former = self.former(bot).await?;
        let place = self.make_index(bot, corpus.dimension()).await?;
        let written = self.write_passages(&place, former.as_deref(), corpus).await;
        let entered = match written {
            Ok(()) => self.enter(&Entered::new(bot, &place, corpus, &self.encoder)).await,
            Err(error) => Err(error),
        };
        if !matches!(entered, Ok(true)) {
            // Another process was faster, or this one failed: what was written is of no use.
            let dropped = self.client.delete(&place.index).await;
            entered?;
            dropped?;
        }
        let version = self.find(bot).await?;
        version.ok_or_else(|| KnowledgeError::NotIndexed(bot.clone()))
    }

    async fn touch(&self, version: &OpenSearchVersion) -> Result<(), KnowledgeError> {
        self.note_use(&version.bot).await
    }

    async fn tidy(&self, keep: usize, in_use: Duration) -> Result<(), KnowledgeError> {
        for entered in self.unused(keep, in_use).await? {
            self.strike_out(&entered.id(), &entered.index).await?;
            self.client.delete(&entered.index).await?;
        }
        self.drop_unfinished().await
    }

    async fn forget(&self, version: &OpenSearchVersion) -> Result<(), KnowledgeError> {
        let id = registry::id(&version.bot, &self.encoder);
        self.strike_out(&id, &version.place.index).await
    }

    async fn having(&self, version: &OpenSearchVersion, keys: &[u64]) -> Result<HashMap<u64, usize>, KnowledgeError> {
        if keys.is_empty() {
            return Ok(HashMap::new());
        }
        let path = format!("{}/_search", version.place.index);
        let answer: Value = self
            .client
            .post(&path, &query::having(keys))
            .await
            .map_err(|error| of_version(version, error))?;
        let buckets = answer.pointer("/aggregations/having/buckets").and_then(Value::as_array);
        let counts = buckets.into_iter().flatten().map(|bucket| {
            let count = bucket.get("doc_count").and_then(Value::as_u64);
            usize::try_from(count.unwrap_or_default()).unwrap_or_default()
        });
        Ok(keys.iter().copied().zip(counts).collect())
    }

    async fn candidates(
        &self,
        version: &OpenSearchVersion,
        wanted: &Wanted<'_>,
    ) -> Result<Vec<Candidate>, KnowledgeError> {
        let searches = query::candidates(version, wanted);
        self.search_all(&version.place.index, &searches)
            .await
            .map_err(|error| of_version(version, error))
    }

    async fn ping(&self) -> Result<(), KnowledgeError> {
        let _: Value = self.client.get("").await?;
        Ok(())
    }
}
