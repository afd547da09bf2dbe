//! Finds numbers, quantities, identifiers and names in Japanese and English text, with their normalised values.

pub mod choices;
mod half_width;
pub mod lookup;
pub mod names;
pub mod numbers;
#[cfg(test)]
mod properties;
pub mod quantities;
pub mod sequences;

use std::ops::Range;

/// A stretch of text with what it can mean.
#[derive(Debug, Clone, PartialEq)]
pub struct Mention<V> {
    /// Where it stands, in bytes of the text that was searched.
    pub range: Range<usize>,
    /// Every reading, the preferred one first; never empty.
    pub readings: Vec<V>,
}
