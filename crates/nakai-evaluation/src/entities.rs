//! Scores recognisers on the specifications of Recognizers-Text and on the corpora of Duckling: rows of texts and of what must be found
//! in them.
//!
//! `specs` and `duckling` know these files. Each other module brings what a recogniser of Nakai says into the words of Recognizers-Text;
//! nothing outside of this module knows them.

mod choices;
mod duckling;
mod numbers;
mod quantities;
mod read;
mod report;
mod sequences;
mod specs;
mod times;

use std::ops::Range;

use jiff::civil::DateTime;
use nakai_types::Language;
use serde_json::Value;

pub use nakai_time::Convention;

pub use self::report::{EntitiesReport, Score, Wrong};

/// What was recognised of an input, in the words of the specifications.
#[derive(Debug, Clone, PartialEq)]
struct Recognised {
    /// Where, in bytes of the input.
    range: Range<usize>,
    /// The name of the type, for example `datetimeV2.date`.
    type_name: String,
    /// The normalised value.
    resolution: Value,
}

/// Recognises what a model of the specifications recognises, for example `NumberModel`; `None` for a model that is none of Nakai's.
fn recognise(model: &str, language: Language, input: &str, reference: Option<DateTime>) -> Option<Vec<Recognised>> {
    times::recognise(model, language, input, reference)
        .or_else(|| numbers::recognise(model, language, input))
        .or_else(|| quantities::recognise(model, language, input))
        .or_else(|| sequences::recognise(model, language, input))
        .or_else(|| choices::recognise(model, language, input))
}
