use std::collections::HashMap;

use super::{Place, Postgres, PostgresVersion};
use crate::remote::{FEW, REORDERED, Wanted};

/// The passages that words find, and those that the vector finds. `scored` adds up what each passage has of the question.
const CANDIDATES: &str = "\
WITH scored AS (
    SELECT p.number, sum(asked.weight * p.strength) AS score
    FROM unnest($1::bigint[], $2::real[]) AS asked (term, weight)
    JOIN {terms} AS t ON t.term = asked.term
    CROSS JOIN LATERAL unnest(t.passages, t.strengths) AS p (number, strength)
    GROUP BY p.number
), by_words AS (
    SELECT d.number FROM {passages} AS d {join} scored USING (number)
    WHERE ($3::text IS NULL OR d.language = $3) AND d.audience = $4 AND ($5::text IS NULL OR d.article = $5)
    ORDER BY coalesce(score, 0) DESC, d.number LIMIT $6
){by_vector}
SELECT d.passage, d.analysed FROM {passages} AS d WHERE d.number IN (SELECT number FROM by_words{or_by_vector})";

const BY_VECTOR: &str = ", by_vector AS (
    SELECT d.number FROM {passages} AS d
    WHERE ($3::text IS NULL OR d.language = $3) AND d.audience = $4 AND ($5::text IS NULL OR d.article = $5)
      AND d.vector IS NOT NULL
    ORDER BY d.vector <#> $7::real[]::vector LIMIT $6
)";

impl Postgres {
    /// How many passages have each term; those that none has are left out.
    pub(super) async fn count_having(&self, place: &Place, keys: &[u64]) -> Result<HashMap<u64, usize>, sqlx::Error> {
        let sql = self.tables.sql_of(
            place,
            "SELECT term, sum(having_it)::bigint FROM {terms} WHERE term = ANY($1) GROUP BY term",
        );
        let keys: Vec<i64> = keys.iter().map(|key| key.cast_signed()).collect();
        let rows: Vec<(i64, i64)> = sqlx::query_as(sql).bind(keys).fetch_all(&self.pool).await?;
        let count = |(term, having): (i64, i64)| (term.cast_unsigned(), usize::try_from(having).unwrap_or_default());
        Ok(rows.into_iter().map(count).collect())
    }

    /// The passages that may answer: as JSON, and as analysed.
    pub(super) async fn find_candidates(
        &self,
        version: &PostgresVersion,
        wanted: &Wanted<'_>,
    ) -> Result<Vec<(String, Vec<u8>)>, sqlx::Error> {
        let vector = wanted.vector.as_ref().filter(|_| version.place.vectors);
        let count = if version.place.vectors {
            wanted.count
        } else {
            wanted.count.max(REORDERED)
        };
        let join = if version.passages <= FEW { "LEFT JOIN" } else { "JOIN" };
        let (by_vector, or_by_vector) = match vector {
            Some(_) => (BY_VECTOR, " UNION SELECT number FROM by_vector"),
            None => ("", ""),
        };
        let statement = CANDIDATES
            .replace("{join}", join)
            .replace("{by_vector}", by_vector)
            .replace("{or_by_vector}", or_by_vector);
        let (terms, weights): (Vec<i64>, Vec<f32>) = wanted
            .weights
            .iter()
            .map(|(key, weight)| (key.cast_signed(), *weight))
            .unzip();
        let query = wanted.query;
        let mut statement = sqlx::query_as(self.tables.sql_of(&version.place, &statement))
            .bind(terms)
            .bind(weights)
            .bind(query.language.map(nakai_types::Language::code))
            .bind(&query.audience)
            .bind(&query.article)
            .bind(i64::try_from(count).unwrap_or(i64::MAX));
        if let Some(vector) = vector {
            statement = statement.bind(vector);
        }
        statement.fetch_all(&self.pool).await
    }
}
