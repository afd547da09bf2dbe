//! Articles in PostgreSQL.
//!
//! A version is a row of `…_versions` and two tables of its own: `…_N_passages`, and `…_N_terms` with the passages that have a term, so
//! that one statement adds up what passages have of a question, exactly as the index in memory does. Where pgvector is installed, passages
//! have a vector too. All of a version is written in one transaction, so that nobody ever sees half of it.

mod connection;
mod read;
mod tables;
mod write;

use std::{collections::HashMap, sync::Arc, time::Duration};

use async_trait::async_trait;
use nakai_ports::KnowledgeError;
use nakai_search::{FORMAT, Synonyms};
use nakai_types::BotRef;
use sqlx::{PgPool, postgres::PgConnectOptions};

use crate::remote::{Candidate, Corpus, Server, Version, Wanted};

use connection::{is_missing, knowledge_error};
use tables::Tables;

/// Articles in a PostgreSQL database.
pub(crate) struct Postgres {
    pool: PgPool,
    tables: Tables,
    /// Whose vectors are kept; versions of another encoder are other versions.
    encoder: String,
}

/// Where a version is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    /// The number of its tables.
    number: i64,
    /// Whether passages have vectors that the database can search.
    vectors: bool,
}

type PostgresVersion = Version<Place>;

impl Postgres {
    /// Connects when it is first used. `prefix` begins the names of all tables.
    pub(crate) fn new(
        options: PgConnectOptions,
        prefix: &str,
        connections: u32,
        timeout: Duration,
        encoder: &str,
    ) -> Self {
        Self {
            pool: connection::pool(options, connections, timeout),
            tables: Tables::new(prefix),
            encoder: encoder.to_owned(),
        }
    }
}

#[async_trait]
impl Server for Postgres {
    type Place = Place;

    async fn find(&self, bot: &BotRef) -> Result<Option<PostgresVersion>, KnowledgeError> {
        let sql = self.tables.sql(
            "SELECT number, vectors, passages, bytes, synonyms FROM {versions}
             WHERE bot = $1 AND version = $2 AND format = $3 AND encoder = $4",
        );
        let row: Result<Option<(i64, bool, i64, i64, String)>, _> = sqlx::query_as(sql)
            .bind(bot.name.as_str())
            .bind(bot.version.digest().as_slice())
            .bind(i64::from(FORMAT))
            .bind(&self.encoder)
            .fetch_optional(&self.pool)
            .await;
        let row = match row {
            // Nothing was ever indexed here.
            Err(error) if is_missing(&error) => None,
            row => row.map_err(|error| knowledge_error(&error))?,
        };
        let Some((number, vectors, passages, bytes, synonyms)) = row else {
            return Ok(None);
        };
        let synonyms = serde_json::from_str(&synonyms)
            .map_err(|_| KnowledgeError::Internal("the synonyms of a version can't be read".into()))?;
        Ok(Some(Version {
            bot: bot.clone(),
            place: Place { number, vectors },
            passages: usize::try_from(passages).unwrap_or_default(),
            bytes: u64::try_from(bytes).unwrap_or_default(),
            synonyms: Arc::new(Synonyms::new(synonyms).prepare()),
        }))
    }

    async fn write(&self, bot: &BotRef, corpus: &mut Corpus) -> Result<PostgresVersion, KnowledgeError> {
        self.write_version(bot, corpus).await?;
        let written = self.find(bot).await?;
        written.ok_or_else(|| KnowledgeError::NotIndexed(bot.clone()))
    }

    async fn touch(&self, version: &PostgresVersion) -> Result<(), KnowledgeError> {
        let sql = self.tables.sql("UPDATE {versions} SET used = now() WHERE number = $1");
        let touched = sqlx::query(sql).bind(version.place.number).execute(&self.pool).await;
        touched.map(drop).map_err(|error| knowledge_error(&error))
    }

    async fn tidy(&self, keep: usize, in_use: Duration) -> Result<(), KnowledgeError> {
        self.drop_unused(keep, in_use)
            .await
            .map_err(|error| knowledge_error(&error))
    }

    async fn forget(&self, version: &PostgresVersion) -> Result<(), KnowledgeError> {
        match self.drop_rest(&version.place).await {
            Err(error) if !is_missing(&error) => Err(knowledge_error(&error)),
            _ => Ok(()),
        }
    }

    async fn having(&self, version: &PostgresVersion, keys: &[u64]) -> Result<HashMap<u64, usize>, KnowledgeError> {
        self.count_having(&version.place, keys)
            .await
            .map_err(|error| of_version(version, &error))
    }

    async fn candidates(
        &self,
        version: &PostgresVersion,
        wanted: &Wanted<'_>,
    ) -> Result<Vec<Candidate>, KnowledgeError> {
        let found = self.find_candidates(version, wanted).await;
        let found = found.map_err(|error| of_version(version, &error))?;
        found
            .into_iter()
            .map(|(passage, bytes)| {
                let passage: crate::remote::StoredPassage<'_> = serde_json::from_str(&passage)
                    .map_err(|_| KnowledgeError::Internal("a stored passage can't be read".into()))?;
                Ok(Candidate {
                    passage: passage.into(),
                    bytes,
                })
            })
            .collect()
    }

    async fn ping(&self) -> Result<(), KnowledgeError> {
        let pinged = sqlx::query("SELECT 1").execute(&self.pool).await;
        pinged.map(drop).map_err(|error| knowledge_error(&error))
    }
}

/// Tables that are gone mean that the version is.
fn of_version(version: &PostgresVersion, error: &sqlx::Error) -> KnowledgeError {
    if is_missing(error) {
        KnowledgeError::NotIndexed(version.bot.clone())
    } else {
        knowledge_error(error)
    }
}
