//! What the server is asked.

use serde_json::{Value, json};

use super::{OpenSearchVersion, VectorField};
use crate::remote::{FEW, REORDERED, Wanted};

/// How many neighbours Elasticsearch looks at for each that it gives.
const LOOKED_AT: usize = 5;

/// The name of a term as a feature.
pub(super) fn feature(key: u64) -> String {
    format!("{key:016x}")
}

/// The value of a feature that has a strength of 1 to 255. The server scores a value `x` as `x / (x + 1)`, which makes `strength / 256` of
/// this.
pub(super) fn feature_value(strength: u8) -> f32 {
    let strength = f32::from(strength);
    strength / (256.0 - strength)
}

/// Counts the passages that have each of the terms.
pub(super) fn having(keys: &[u64]) -> Value {
    let filters: Vec<Value> = keys.iter().map(|key| term(*key, None)).collect();
    json!({ "size": 0, "track_total_hits": false, "aggs": { "having": { "filters": { "filters": filters } } } })
}

fn term(key: u64, weight: Option<f32>) -> Value {
    let mut term = json!({ "field": format!("terms.{}", feature(key)), "saturation": { "pivot": 1 } });
    if let Some(weight) = weight {
        term["boost"] = weight.into();
    }
    json!({ "rank_feature": term })
}

/// The searches that find candidates: by words, and by the vector where the server can.
pub(super) fn candidates(version: &OpenSearchVersion, wanted: &Wanted<'_>) -> Vec<Value> {
    let filter = filter(wanted);
    let weights = wanted.weights.iter();
    let terms: Vec<Value> = weights.map(|(key, weight)| term(*key, Some(*weight))).collect();
    let least = usize::from(version.passages > FEW && !terms.is_empty());
    let by_words = json!({ "bool": { "filter": filter, "should": terms, "minimum_should_match": least } });
    let count = match version.place.vectors {
        Some(_) => wanted.count,
        None => wanted.count.max(REORDERED),
    };
    let mut searches = vec![search(count, &json!({ "query": by_words }))];
    if let (Some(field), Some(vector)) = (version.place.vectors, &wanted.vector) {
        searches.push(by_vector(field, vector, count, &filter));
    }
    searches
}

/// The search for the nearest passages.
pub(super) fn by_vector(field: VectorField, vector: &[f32], count: usize, filter: &[Value]) -> Value {
    let near = match field {
        VectorField::DenseVector => json!({ "knn": {
            "field": "vector", "query_vector": vector, "k": count, "num_candidates": count * LOOKED_AT,
            "filter": filter,
        } }),
        VectorField::KnnVector => json!({ "query": { "knn": { "vector": {
            "vector": vector, "k": count, "filter": { "bool": { "filter": filter } },
        } } } }),
    };
    search(count, &near)
}

fn search(count: usize, what: &Value) -> Value {
    let mut search = what.clone();
    search["size"] = count.into();
    search["track_total_hits"] = false.into();
    search["_source"] = json!(["passage", "analysed"]);
    search
}

fn filter(wanted: &Wanted<'_>) -> Vec<Value> {
    let query = wanted.query;
    let mut filter = vec![json!({ "term": { "audience": query.audience } })];
    if let Some(language) = query.language {
        filter.push(json!({ "term": { "language": language.code() } }));
    }
    if let Some(article) = &query.article {
        filter.push(json!({ "term": { "article": article } }));
    }
    filter
}
