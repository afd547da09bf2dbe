use std::{collections::HashMap, time::Duration};

use nakai_ports::KnowledgeError;
use nakai_search::FORMAT;
use nakai_types::BotRef;
use sqlx::{PgConnection, QueryBuilder};

use super::{Place, Postgres, knowledge_error};
use crate::remote::{Corpus, Entry, StoredPassage};

/// How many passages' terms are gathered before they are written: a term is a row for each so many passages.
const SEGMENT: usize = 8_192;
/// How many places of terms are sent at once.
const TERMS_AT_ONCE: usize = 100_000;
/// From so many passages on, vectors have an index that finds nearly all of the closest; below, all are compared.
const MANY: usize = 5_000;

const VERSIONS: &str = "\
CREATE TABLE IF NOT EXISTS {versions} (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    bot text NOT NULL,
    version bytea NOT NULL,
    format bigint NOT NULL,
    encoder text NOT NULL,
    vectors boolean NOT NULL,
    passages bigint NOT NULL,
    bytes bigint NOT NULL,
    synonyms text NOT NULL,
    used timestamptz NOT NULL DEFAULT now(),
    UNIQUE (bot, version, format, encoder)
)";

const PASSAGES: &str = "\
CREATE TABLE {passages} (
    number integer PRIMARY KEY,
    language text NOT NULL,
    audience text NOT NULL,
    article text NOT NULL,
    hash bytea NOT NULL,
    passage text NOT NULL,
    analysed bytea NOT NULL
)";

const TERMS: &str = "\
CREATE TABLE {terms} (
    term bigint NOT NULL,
    segment integer NOT NULL,
    having_it bigint NOT NULL,
    passages integer[] NOT NULL,
    strengths smallint[] NOT NULL,
    PRIMARY KEY (term, segment)
)";

const INSERT_TERMS: &str = "\
INSERT INTO {terms} (term, segment, having_it, passages, strengths)
SELECT term, $4, count(*), array_agg(passage ORDER BY passage), array_agg(strength ORDER BY passage)
FROM unnest($1::bigint[], $2::integer[], $3::smallint[]) AS p (term, passage, strength) GROUP BY term";

/// A term in a passage.
type Posting = (i64, i32, i16);

impl Postgres {
    /// Writes a version, all of it or nothing. Another process that writes it at the same time is waited for, and nothing is written then.
    pub(super) async fn write_version(&self, bot: &BotRef, corpus: &mut Corpus) -> Result<(), KnowledgeError> {
        let failed = |error: sqlx::Error| knowledge_error(&error);
        self.make_versions().await.map_err(failed)?;
        let mut transaction = self.pool.begin().await.map_err(failed)?;
        let Some(place) = self.begin(&mut transaction, bot, corpus).await.map_err(failed)? else {
            return Ok(());
        };
        let former = self.former(&mut transaction, bot, place).await.map_err(failed)?;
        self.make_tables(&mut transaction, &place, corpus.dimension())
            .await
            .map_err(failed)?;
        let (mut segment, mut postings, mut gathered) = (0, Vec::new(), 0);
        while let Some(batch) = corpus.next() {
            let known = match &former {
                Some(former) => self.known(&mut transaction, former, batch.hashes()).await,
                None => Ok(HashMap::new()),
            };
            let entries = corpus.analyse(batch, known.map_err(failed)?).await?;
            gathered += entries.len();
            postings.extend(entries.iter().flat_map(postings_of));
            self.insert_passages(&mut transaction, &place, entries)
                .await
                .map_err(failed)?;
            if gathered >= SEGMENT || corpus.is_empty() {
                let written = self
                    .insert_terms(&mut transaction, &place, segment, std::mem::take(&mut postings))
                    .await;
                written.map_err(failed)?;
                (segment, gathered) = (segment + 1, 0);
            }
        }
        self.finish(&mut transaction, &place, corpus).await.map_err(failed)?;
        transaction.commit().await.map_err(failed)
    }

    async fn make_versions(&self) -> Result<(), sqlx::Error> {
        let mut transaction = self.pool.begin().await?;
        // Two processes that make the same table at once would fail.
        sqlx::query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))")
            .bind(self.tables.prefix())
            .execute(&mut *transaction)
            .await?;
        sqlx::query(self.tables.sql(VERSIONS))
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        let at_hand = "SELECT true FROM pg_available_extensions WHERE name = 'vector' AND installed_version IS NULL";
        let at_hand: Option<(bool,)> = sqlx::query_as(at_hand).fetch_optional(&self.pool).await?;
        if at_hand.is_some() {
            // A user who may not install it searches without vectors.
            let _ = sqlx::query("CREATE EXTENSION IF NOT EXISTS vector")
                .execute(&self.pool)
                .await;
        }
        Ok(())
    }

    /// Enters the version; `None` if it is there already. While another process writes the same one, this waits for how that ends.
    async fn begin(
        &self,
        transaction: &mut PgConnection,
        bot: &BotRef,
        corpus: &Corpus,
    ) -> Result<Option<Place>, sqlx::Error> {
        let sql = self.tables.sql(
            "INSERT INTO {versions} (bot, version, format, encoder, vectors, passages, bytes, synonyms)
             SELECT $1, $2, $3, $4, to_regtype('vector') IS NOT NULL, $5, 0, $6
             ON CONFLICT DO NOTHING RETURNING number, vectors",
        );
        let synonyms = serde_json::to_string(corpus.synonyms()).unwrap_or_else(|_| "[]".into());
        let row: Option<(i64, bool)> = sqlx::query_as(sql)
            .bind(bot.name.as_str())
            .bind(bot.version.digest().as_slice())
            .bind(i64::from(FORMAT))
            .bind(&self.encoder)
            .bind(i64::try_from(corpus.len()).unwrap_or(i64::MAX))
            .bind(synonyms)
            .fetch_optional(transaction)
            .await?;
        Ok(row.map(|(number, vectors)| Place { number, vectors }))
    }

    /// The version of the bot that was used last.
    async fn former(
        &self,
        transaction: &mut PgConnection,
        bot: &BotRef,
        new: Place,
    ) -> Result<Option<Place>, sqlx::Error> {
        let sql = self.tables.sql(
            "SELECT number, vectors FROM {versions} WHERE bot = $1 AND format = $2 AND encoder = $3 AND number <> $4
             ORDER BY used DESC, number DESC LIMIT 1 FOR KEY SHARE SKIP LOCKED",
        );
        let row: Option<(i64, bool)> = sqlx::query_as(sql)
            .bind(bot.name.as_str())
            .bind(i64::from(FORMAT))
            .bind(&self.encoder)
            .bind(new.number)
            .fetch_optional(transaction)
            .await?;
        Ok(row.map(|(number, vectors)| Place { number, vectors }))
    }

    async fn known(
        &self,
        transaction: &mut PgConnection,
        former: &Place,
        hashes: &[[u8; 32]],
    ) -> Result<HashMap<[u8; 32], Vec<u8>>, sqlx::Error> {
        let sql = self
            .tables
            .sql_of(former, "SELECT hash, analysed FROM {passages} WHERE hash = ANY($1)");
        let hashes: Vec<&[u8]> = hashes.iter().map(<[u8; 32]>::as_slice).collect();
        let rows: Vec<([u8; 32], Vec<u8>)> = sqlx::query_as(sql).bind(hashes).fetch_all(transaction).await?;
        Ok(rows.into_iter().collect())
    }

    async fn make_tables(
        &self,
        transaction: &mut PgConnection,
        place: &Place,
        dimension: usize,
    ) -> Result<(), sqlx::Error> {
        let mut statements = vec![
            PASSAGES.to_owned(),
            TERMS.to_owned(),
            // Vectors in bytes do not shrink: trying costs time.
            "ALTER TABLE {passages} ALTER COLUMN analysed SET STORAGE EXTERNAL".to_owned(),
        ];
        if place.vectors {
            statements.push(format!(
                "ALTER TABLE {{passages}} ADD COLUMN vector vector({dimension})"
            ));
        }
        for statement in statements {
            sqlx::query(self.tables.sql_of(place, &statement))
                .execute(&mut *transaction)
                .await?;
        }
        Ok(())
    }

    async fn insert_passages(
        &self,
        transaction: &mut PgConnection,
        place: &Place,
        entries: Vec<Entry>,
    ) -> Result<(), sqlx::Error> {
        let column = if place.vectors { ", vector" } else { "" };
        let insert =
            format!("INSERT INTO {{passages}} (number, language, audience, article, hash, passage, analysed{column}) ");
        let mut query = QueryBuilder::new(self.tables.sql_of(place, &insert).as_str());
        query.push_values(entries, |mut row, entry| {
            let passage = &entry.passage;
            let json = serde_json::to_string(&StoredPassage::from(passage)).unwrap_or_default();
            row.push_bind(entry.number.cast_signed())
                .push_bind(passage.language.code())
                .push_bind(passage.audience.clone())
                .push_bind(passage.article.clone())
                .push_bind(entry.hash.to_vec())
                .push_bind(json)
                .push_bind(entry.analysed.to_bytes());
            if place.vectors {
                row.push_bind(entry.analysed.vector())
                    .push_unseparated("::real[]::vector");
            }
        });
        query.build().execute(transaction).await.map(drop)
    }

    async fn insert_terms(
        &self,
        transaction: &mut PgConnection,
        place: &Place,
        segment: i32,
        mut postings: Vec<Posting>,
    ) -> Result<(), sqlx::Error> {
        postings.sort_unstable();
        let mut rest = postings.as_slice();
        while let Some(last) = rest.get(..TERMS_AT_ONCE.min(rest.len())).and_then(<[Posting]>::last) {
            // A term is never cut in two.
            let (some, others) = rest.split_at(rest.partition_point(|posting| posting.0 <= last.0));
            rest = others;
            sqlx::query(self.tables.sql_of(place, INSERT_TERMS))
                .bind(some.iter().map(|posting| posting.0).collect::<Vec<_>>())
                .bind(some.iter().map(|posting| posting.1).collect::<Vec<_>>())
                .bind(some.iter().map(|posting| posting.2).collect::<Vec<_>>())
                .bind(segment)
                .execute(&mut *transaction)
                .await?;
        }
        Ok(())
    }

    /// Makes the indexes, and notes how large the version became.
    async fn finish(&self, transaction: &mut PgConnection, place: &Place, corpus: &Corpus) -> Result<(), sqlx::Error> {
        let mut statements = vec!["CREATE INDEX ON {passages} (hash)"];
        if place.vectors && corpus.len() >= MANY {
            statements.push("CREATE INDEX ON {passages} USING hnsw (vector vector_ip_ops)");
        }
        statements.extend(["ANALYZE {passages}", "ANALYZE {terms}"]);
        for statement in statements {
            sqlx::query(self.tables.sql_of(place, statement))
                .execute(&mut *transaction)
                .await?;
        }
        sqlx::query(self.tables.sql("UPDATE {versions} SET bytes = $1 WHERE number = $2"))
            .bind(i64::try_from(corpus.bytes()).unwrap_or(i64::MAX))
            .bind(place.number)
            .execute(transaction)
            .await
            .map(drop)
    }

    /// Drops the versions that were not used for the longest time. One that somebody else works on is left to them.
    pub(super) async fn drop_unused(&self, keep: usize, in_use: Duration) -> Result<(), sqlx::Error> {
        let mut transaction = self.pool.begin().await?;
        // Searches are short; a server where they are not is left alone.
        sqlx::query("SET LOCAL lock_timeout = '2s'")
            .execute(&mut *transaction)
            .await?;
        let sql = self.tables.sql(
            "SELECT number FROM {versions} WHERE used < now() - make_interval(secs => $2) AND number NOT IN
                 (SELECT number FROM {versions} ORDER BY used DESC, number DESC LIMIT $1)
             FOR UPDATE SKIP LOCKED",
        );
        let unused: Vec<(i64,)> = sqlx::query_as(sql)
            .bind(i64::try_from(keep).unwrap_or(i64::MAX))
            .bind(in_use.as_secs_f64())
            .fetch_all(&mut *transaction)
            .await?;
        for (number,) in unused {
            self.drop_version(&mut transaction, number).await?;
        }
        transaction.commit().await
    }

    /// Drops what is there of a version whose tables a person removed.
    pub(super) async fn drop_rest(&self, place: &Place) -> Result<(), sqlx::Error> {
        let mut transaction = self.pool.begin().await?;
        self.drop_version(&mut transaction, place.number).await?;
        transaction.commit().await
    }

    async fn drop_version(&self, transaction: &mut PgConnection, number: i64) -> Result<(), sqlx::Error> {
        let place = Place { number, vectors: false };
        sqlx::query(self.tables.sql_of(&place, "DROP TABLE IF EXISTS {passages}, {terms}"))
            .execute(&mut *transaction)
            .await?;
        sqlx::query(self.tables.sql("DELETE FROM {versions} WHERE number = $1"))
            .bind(number)
            .execute(transaction)
            .await
            .map(drop)
    }
}

fn postings_of(entry: &Entry) -> impl Iterator<Item = Posting> {
    let number = entry.number.cast_signed();
    let posting = move |(key, strength): (u64, u8)| (key.cast_signed(), number, i16::from(strength));
    entry.analysed.terms().map(posting)
}
