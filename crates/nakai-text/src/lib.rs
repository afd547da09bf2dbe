//! How written Japanese and English is put together: sentences, and characters that have no space around them.
//!
//! For texts that are complete. Text that still comes in pieces is cut in `nakai-grounding`, where nothing may be said too early.

mod sentences;

pub use sentences::{sentence_ranges, sentences};

/// Says whether a character is Japanese or another that takes two places on a screen and has no space around it.
pub const fn is_wide(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff01}'..='\u{ff60}' | '\u{20000}'..='\u{3ffff}')
}
