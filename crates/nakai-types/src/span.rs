use serde::{Deserialize, Serialize};

/// A half-open range of UTF-8 bytes, `start..end`, in the text that the customer typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// Makes the span `start..end`.
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// Says whether both spans share at least one byte.
    pub const fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// Gives the part of `text` that the span covers, or `None` if it does not fit the text.
    pub fn of(self, text: &str) -> Option<&str> {
        text.get(self.start..self.end)
    }
}
