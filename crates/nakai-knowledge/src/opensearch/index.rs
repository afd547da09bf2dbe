//! The index of one version: made, filled, searched.

use std::{collections::HashMap, fmt::Write as _, time::Duration};

use base64::{Engine, prelude::BASE64_STANDARD};
use nakai_ports::KnowledgeError;
use nakai_types::BotRef;
use reqwest::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    ClientError, OpenSearch, Place, VectorField,
    query::{self, feature, feature_value},
    registry::now_ms,
};
use crate::remote::{Candidate, Corpus, Entry, StoredPassage};

/// How long a server that is busy is waited for, one time after the other.
const WAITS: [Duration; 4] = [
    Duration::from_millis(250),
    Duration::from_secs(1),
    Duration::from_secs(4),
    Duration::from_secs(16),
];

/// A passage as a document.
#[derive(Debug, Serialize)]
struct Document<'p> {
    language: &'static str,
    audience: &'p str,
    article: &'p str,
    hash: String,
    terms: HashMap<String, f32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    vector: Option<Vec<f32>>,
    passage: StoredPassage<'p>,
    analysed: String,
}

/// What is read of a document to answer.
#[derive(Debug, Deserialize)]
struct Source {
    passage: StoredPassage<'static>,
    analysed: String,
}

/// What is read of a document for another version.
#[derive(Debug, Deserialize)]
struct Known {
    hash: String,
    analysed: String,
}

/// The answer to a search.
#[derive(Debug, Deserialize)]
struct Found<S> {
    hits: Hits<S>,
}

#[derive(Debug, Deserialize)]
struct Hits<S> {
    hits: Vec<Hit<S>>,
}

#[derive(Debug, Deserialize)]
struct Hit<S> {
    #[serde(rename = "_source")]
    source: S,
}

/// The answer to several searches, or to several writes.
#[derive(Debug, Deserialize)]
struct Several {
    #[serde(default)]
    responses: Vec<One>,
    #[serde(default)]
    items: Vec<Written>,
}

#[derive(Debug, Deserialize)]
struct Written {
    index: One,
}

/// One of several answers, which may be an error.
#[derive(Debug, Deserialize)]
struct One {
    #[serde(default)]
    status: u16,
    error: Option<ErrorBody>,
    hits: Option<Hits<Source>>,
}

#[derive(Debug, Deserialize)]
struct ErrorBody {
    #[serde(rename = "type", default)]
    kind: String,
}

impl One {
    fn succeeded(self) -> Result<Vec<Hit<Source>>, ClientError> {
        match self.error {
            Some(error) => Err(ClientError::Refused {
                status: StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
                kind: error.kind,
            }),
            None => Ok(self.hits.map(|hits| hits.hits).unwrap_or_default()),
        }
    }
}

impl OpenSearch {
    /// Makes an empty index, with vectors of the first kind that the server takes.
    pub(super) async fn make_index(&self, bot: &BotRef, dimension: usize) -> Result<Place, KnowledgeError> {
        // A name of its own for each attempt: two processes that index the same version do not meet.
        let id = Uuid::now_v7().simple();
        let index = format!("{}-{}-{}-{id}", self.prefix, bot.name, bot.version.short());
        for field in [VectorField::DenseVector, VectorField::KnnVector] {
            match self.client.put(&index, &self.mapping(Some(field), dimension)).await {
                Err(error) if error.is_not_understood() => continue,
                made => made?,
            }
            // Older releases take such fields, and not the search.
            let nobody = json!({ "term": { "audience": "" } });
            let search = query::by_vector(field, &vec![1.0; dimension], 1, &[nobody]);
            match self.client.post::<Value>(&format!("{index}/_search"), &search).await {
                Ok(_) => {
                    let vectors = Some(field);
                    return Ok(Place { index, vectors });
                }
                Err(error) => {
                    self.client.delete(&index).await?;
                    if !error.is_not_understood() {
                        return Err(error.into());
                    }
                }
            }
        }
        self.client.put(&index, &self.mapping(None, dimension)).await?;
        Ok(Place { index, vectors: None })
    }

    fn mapping(&self, vectors: Option<VectorField>, dimension: usize) -> Value {
        let mut settings = json!({ "number_of_shards": 1, "auto_expand_replicas": "0-1", "refresh_interval": "-1" });
        let mut fields = json!({
            "language": { "type": "keyword" },
            "audience": { "type": "keyword" },
            "article": { "type": "keyword" },
            "hash": { "type": "keyword" },
            "terms": { "type": "rank_features" },
            "passage": { "type": "object", "enabled": false },
            "analysed": { "type": "binary" },
        });
        match vectors {
            Some(VectorField::DenseVector) => {
                fields["vector"] =
                    json!({ "type": "dense_vector", "dims": dimension, "index": true, "similarity": "cosine" });
            }
            Some(VectorField::KnnVector) => {
                settings["index.knn"] = true.into();
                let method = json!({ "name": "hnsw", "engine": "lucene", "space_type": "cosinesimil" });
                fields["vector"] = json!({ "type": "knn_vector", "dimension": dimension, "method": method });
            }
            None => {}
        }
        json!({ "settings": settings, "mappings": {
            "dynamic": false,
            "_meta": { "nakai_prefix": self.prefix, "begun_ms": now_ms() },
            "_source": { "excludes": ["terms", "vector"] },
            "properties": fields,
        } })
    }

    /// Writes all passages and makes them visible. Vectors of those that `former` has are taken from there.
    pub(super) async fn write_passages(
        &self,
        place: &Place,
        former: Option<&str>,
        corpus: &mut Corpus,
    ) -> Result<(), KnowledgeError> {
        while let Some(batch) = corpus.next() {
            let known = match former {
                Some(former) => self.known(former, batch.hashes()).await?,
                None => HashMap::new(),
            };
            let entries = corpus.analyse(batch, known).await?;
            self.write_batch(place, &entries).await?;
        }
        self.client.refresh(&place.index).await.map_err(KnowledgeError::from)
    }

    async fn write_batch(&self, place: &Place, entries: &[Entry]) -> Result<(), KnowledgeError> {
        let mut lines = String::new();
        for entry in entries {
            let document = serde_json::to_string(&document(entry, place.vectors.is_some()))
                .map_err(|error| KnowledgeError::Internal(error.to_string()))?;
            // Writing to a string does not fail. Written again after a failure, a passage replaces itself.
            let _ = writeln!(lines, "{{\"index\":{{\"_id\":\"{}\"}}}}\n{document}", entry.number);
        }
        let path = format!("{}/_bulk", place.index);
        let mut waits = WAITS.iter();
        loop {
            let answer = self.client.post_lines(&path, lines.clone()).await.and_then(whole);
            match (answer, waits.next()) {
                (Err(error), Some(wait)) if error.is_busy() => tokio::time::sleep(*wait).await,
                (answer, _) => return answer.map_err(KnowledgeError::from),
            }
        }
    }

    /// The bytes of passages that another version has, by hash. One that is dropped meanwhile has none.
    async fn known(&self, former: &str, hashes: &[[u8; 32]]) -> Result<HashMap<[u8; 32], Vec<u8>>, KnowledgeError> {
        let by_text: HashMap<String, [u8; 32]> = hashes
            .iter()
            .map(|hash| (BASE64_STANDARD.encode(hash), *hash))
            .collect();
        let query = json!({
            // The same words may stand in several articles.
            "size": 4 * hashes.len(), "track_total_hits": false, "_source": ["hash", "analysed"],
            "query": { "bool": { "filter": { "terms": { "hash": by_text.keys().collect::<Vec<_>>() } } } },
        });
        let found: Found<Known> = match self.client.post(&format!("{former}/_search"), &query).await {
            Err(error) if error.is_missing() => return Ok(HashMap::new()),
            found => found?,
        };
        let bytes = |hit: Hit<Known>| {
            let bytes = BASE64_STANDARD.decode(hit.source.analysed).ok()?;
            Some((*by_text.get(&hit.source.hash)?, bytes))
        };
        Ok(found.hits.hits.into_iter().filter_map(bytes).collect())
    }

    /// Searches several times at once, and gives what was found by any.
    pub(super) async fn search_all(&self, index: &str, searches: &[Value]) -> Result<Vec<Candidate>, ClientError> {
        let mut lines = String::new();
        for search in searches {
            let _ = writeln!(lines, "{{}}\n{search}");
        }
        let answers: Several = self.client.post_lines(&format!("{index}/_msearch"), lines).await?;
        let mut candidates = Vec::new();
        for answer in answers.responses {
            for Hit { source } in answer.succeeded()? {
                let bytes = BASE64_STANDARD.decode(source.analysed);
                candidates.push(Candidate {
                    bytes: bytes.map_err(|_| ClientError::Unreachable("its answer can't be read"))?,
                    passage: source.passage.into(),
                });
            }
        }
        Ok(candidates)
    }
}

fn document(entry: &Entry, has_vectors: bool) -> Document<'_> {
    let passage = &entry.passage;
    let feature = |(key, strength)| (feature(key), feature_value(strength));
    Document {
        language: passage.language.code(),
        audience: &passage.audience,
        article: &passage.article,
        hash: BASE64_STANDARD.encode(entry.hash),
        terms: entry.analysed.terms().map(feature).collect(),
        vector: entry.analysed.vector().filter(|_| has_vectors),
        passage: passage.into(),
        analysed: BASE64_STANDARD.encode(entry.analysed.to_bytes()),
    }
}

/// Says whether everything of a bulk request was done.
fn whole(answer: Several) -> Result<(), ClientError> {
    let mut written = answer.items.into_iter();
    written.try_for_each(|written| written.index.succeeded().map(drop))
}
