//! Rows of Duckling's corpora: texts, and the value that an expression over the whole text has.
//!
//! A text is exact if one expression that is found covers it, punctuation and prepositions aside, and has an equal value; a text that
//! must not be understood, if nothing of its dimension is found.

mod amounts;
mod covers;
mod expression;
mod lengths;
mod times;

use std::ops::Range;

use nakai_time::Convention;
use nakai_types::Language;
use serde::Deserialize;
use serde_json::Value;

use self::expression::Expression;
use super::report::{EntitiesReport, Wrong};

/// A value and the texts that have it.
#[derive(Deserialize)]
pub(super) struct Row {
    dim: String,
    /// The definition in Duckling's source that the row comes from.
    #[serde(default)]
    corpus: String,
    /// A Haskell expression; none if the texts must not be understood.
    #[serde(default)]
    expected: Option<String>,
    texts: Vec<String>,
}

/// Something found in a text.
struct Found {
    range: Range<usize>,
    /// Whether its value is the expected one; never if none is expected.
    equal: bool,
    /// Its value, for people.
    value: Value,
}

/// Scores the texts of a row in a language and adds them.
pub(super) fn add(report: &mut EntitiesReport, row: &Row, language: Language) {
    if matches!(row.corpus.as_str(), "latentCorpus" | "diffCorpus") {
        return report.leave_out("need options or another reference time (Duckling's latentCorpus, diffCorpus)");
    }
    let expected = match row.expected.as_deref().map(expression::parse) {
        Some(None) => return report.leave_out("have a value that can't be read (Duckling)"),
        Some(Some(expected)) => Some(expected),
        None => None,
    };
    for text in &row.texts {
        let found = find(&row.dim, text, language, report.convention(), expected.as_ref());
        let exact = match &found {
            None => false,
            Some(found) if row.expected.is_none() => found.is_empty(),
            Some(found) => found
                .iter()
                .any(|f| f.equal && covers::covers(&f.range, text, language)),
        };
        let family = format!("Duckling/{}", row.dim);
        let wrong = Wrong {
            spec: family.clone(),
            input: text.clone(),
            expected: row.expected.clone().into(),
            found: found.into_iter().flatten().map(|f| f.to_value(text)).collect(),
        };
        report.count(&family, None, (!exact).then_some(wrong));
    }
}

/// Finds what a text has of a dimension; `None` for a dimension that is none of Nakai's.
fn find(
    dimension: &str,
    text: &str,
    language: Language,
    convention: Convention,
    expected: Option<&Expression>,
) -> Option<Vec<Found>> {
    match dimension {
        "Time" => Some(times::find(text, language, convention, expected)),
        "Duration" => Some(lengths::find(text, language, convention, expected)),
        _ => amounts::find(dimension, text, language, expected),
    }
}

impl Found {
    fn to_value(&self, text: &str) -> Value {
        serde_json::json!({ "text": text.get(self.range.clone()), "value": self.value })
    }
}

#[cfg(test)]
mod tests;
