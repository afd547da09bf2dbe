//! Which versions are on the server: a small index with a document for each.

use std::{
    collections::{HashMap, HashSet},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use nakai_ports::KnowledgeError;
use nakai_search::FORMAT;
use nakai_types::BotRef;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{OpenSearch, Place, VectorField};
use crate::remote::Corpus;

/// An index that nobody has entered for so long is left from a process that ended.
const UNFINISHED: Duration = Duration::from_hours(24);
/// How many versions are looked at when some are dropped.
const MOST_VERSIONS: usize = 10_000;

/// A version as it is entered.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Entered {
    bot: String,
    version: String,
    format: u32,
    encoder: String,
    pub(super) index: String,
    pub(super) vectors: Option<VectorField>,
    pub(super) passages: usize,
    pub(super) bytes: u64,
    pub(super) synonyms: Vec<Vec<String>>,
    used_ms: u64,
}

impl Entered {
    pub(super) fn new(bot: &BotRef, place: &Place, corpus: &Corpus, encoder: &str) -> Self {
        Self {
            bot: bot.name.as_str().to_owned(),
            version: digits(bot),
            format: FORMAT,
            encoder: encoder.to_owned(),
            index: place.index.clone(),
            vectors: place.vectors,
            passages: corpus.len(),
            bytes: corpus.bytes(),
            synonyms: corpus.synonyms().to_vec(),
            used_ms: now_ms(),
        }
    }

    /// What names it.
    pub(super) fn id(&self) -> String {
        let Self {
            bot,
            version,
            format,
            encoder,
            ..
        } = self;
        format!("{bot}:{version}:{format}:{encoder}")
    }
}

/// What names a version of this release and encoder.
pub(super) fn id(bot: &BotRef, encoder: &str) -> String {
    format!("{}:{}:{FORMAT}:{encoder}", bot.name, digits(bot))
}

fn digits(bot: &BotRef) -> String {
    bot.version.to_string().replace("sha256:", "")
}

#[derive(Debug, Deserialize)]
struct Document<S> {
    #[serde(rename = "_source")]
    source: S,
}

#[derive(Debug, Deserialize)]
struct Found {
    hits: Hits,
}

#[derive(Debug, Deserialize)]
struct Hits {
    hits: Vec<Document<Entered>>,
}

impl OpenSearch {
    fn registry(&self) -> String {
        format!("{}-versions", self.prefix)
    }

    /// Makes the index of versions, if it is not there.
    pub(super) async fn make_registry(&self) -> Result<(), KnowledgeError> {
        let keyword = json!({ "type": "keyword" });
        let mapping = json!({
            "settings": { "number_of_shards": 1, "auto_expand_replicas": "0-1" },
            "mappings": { "dynamic": false, "properties": {
                "bot": keyword, "format": { "type": "integer" }, "encoder": keyword, "used_ms": { "type": "long" },
            } },
        });
        match self.client.put(&self.registry(), &mapping).await {
            Err(error) if !error.is_conflict() => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// Looks a version up.
    pub(super) async fn entered(&self, bot: &BotRef) -> Result<Option<Entered>, KnowledgeError> {
        let path = format!("{}/_doc/{}", self.registry(), id(bot, &self.encoder));
        match self.client.get::<Document<Entered>>(&path).await {
            Err(error) if error.is_missing() => Ok(None),
            found => Ok(Some(found?.source)),
        }
    }

    /// Enters a version whose passages are all there. `false` if another process entered it first.
    pub(super) async fn enter(&self, entered: &Entered) -> Result<bool, KnowledgeError> {
        let path = format!("{}/_create/{}?refresh=true", self.registry(), entered.id());
        match self.client.put(&path, entered).await {
            Err(error) if error.is_conflict() => Ok(false),
            done => Ok(done.map(|()| true)?),
        }
    }

    pub(super) async fn note_use(&self, bot: &BotRef) -> Result<(), KnowledgeError> {
        let path = format!("{}/_update/{}?refresh=true", self.registry(), id(bot, &self.encoder));
        let used = json!({ "doc": { "used_ms": now_ms() } });
        match self.client.post::<Value>(&path, &used).await {
            // Dropped meanwhile: whoever asks indexes it again. Noted by another process at the same moment: that is as good.
            Err(error) if !error.is_missing() && !error.is_conflict() => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// Takes a version out, if it is still the one with this index.
    pub(super) async fn strike_out(&self, id: &str, index: &str) -> Result<(), KnowledgeError> {
        let path = format!("{}/_doc/{id}", self.registry());
        let found: Value = match self.client.get(&path).await {
            Err(error) if error.is_missing() => return Ok(()),
            found => found?,
        };
        let number = |name: &str| found.get(name).and_then(Value::as_u64).unwrap_or_default();
        if found.pointer("/_source/index").and_then(Value::as_str) != Some(index) {
            return Ok(());
        }
        let (sequence, term) = (number("_seq_no"), number("_primary_term"));
        let path = format!("{path}?refresh=true&if_seq_no={sequence}&if_primary_term={term}");
        match self.client.delete(&path).await {
            Err(error) if !error.is_conflict() => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// The index of the bot's version that was used last.
    pub(super) async fn former(&self, bot: &BotRef) -> Result<Option<String>, KnowledgeError> {
        let filter = [
            json!({ "term": { "bot": bot.name.as_str() } }),
            json!({ "term": { "format": FORMAT } }),
            json!({ "term": { "encoder": self.encoder } }),
        ];
        let query = json!({ "size": 1, "query": { "bool": { "filter": filter } }, "sort": [{ "used_ms": "desc" }] });
        let found: Found = match self.client.post(&format!("{}/_search", self.registry()), &query).await {
            // An index that another process made just now can't be searched at once, and has nothing yet.
            Err(error) if error.is_not_ready() => return Ok(None),
            found => found?,
        };
        Ok(found.hits.hits.into_iter().next().map(|hit| hit.source.index))
    }

    /// All versions, those that were used last first.
    async fn all_entered(&self) -> Result<Vec<Entered>, KnowledgeError> {
        let query = json!({ "size": MOST_VERSIONS, "sort": [{ "used_ms": "desc" }] });
        let found: Found = self
            .client
            .post(&format!("{}/_search", self.registry()), &query)
            .await?;
        Ok(found.hits.hits.into_iter().map(|hit| hit.source).collect())
    }

    /// The versions that were not used for the longest time, beyond those that are kept.
    pub(super) async fn unused(&self, keep: usize, in_use: Duration) -> Result<Vec<Entered>, KnowledgeError> {
        let before = now_ms().saturating_sub(millis(in_use));
        let beyond = self.all_entered().await?.into_iter().skip(keep);
        Ok(beyond.filter(|entered| entered.used_ms < before).collect())
    }

    /// Deletes indexes that were begun long ago and never entered.
    pub(super) async fn drop_unfinished(&self) -> Result<(), KnowledgeError> {
        let entered = self.all_entered().await?;
        let entered: HashSet<&str> = entered.iter().map(|entered| entered.index.as_str()).collect();
        let path = format!("{}-*/_mapping?filter_path=*.mappings._meta", self.prefix);
        let indexes: HashMap<String, Value> = self.client.get(&path).await?;
        let before = now_ms().saturating_sub(millis(UNFINISHED));
        for (index, mapping) in indexes {
            let meta = |name: &str| mapping.pointer(&format!("/mappings/_meta/{name}"));
            // Another prefix may begin with this one.
            let is_ours = meta("nakai_prefix").and_then(Value::as_str) == Some(self.prefix.as_str());
            let is_old = meta("begun_ms")
                .and_then(Value::as_u64)
                .is_some_and(|begun| begun < before);
            if is_ours && is_old && !entered.contains(index.as_str()) {
                self.client.delete(&index).await?;
            }
        }
        Ok(())
    }
}

/// Milliseconds since 1970-01-01 UTC.
pub(super) fn now_ms() -> u64 {
    millis(SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default())
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
