//! Full-text search in Japanese and English, and its fusion with search by vectors.
//!
//! Passages are given to an [`IndexBuilder`], which makes an immutable [`SearchIndex`] in memory. `analyse` turns text into terms,
//! `postings` says which passage has which, `vectors` holds what the sentence encoder makes of passages, `rank` orders what both
//! find and says how sure the best is, `stored` writes an index to bytes.
//!
//! Where another engine keeps the passages, it stores them as [`AnalysedPassage`]s and finds candidates for a [`Lookup`]; [`Candidates`]
//! orders them as an index in memory does.
//!
//! This crate knows passages and questions. It does not know bots or conversations, and it keeps nothing of a question.
//!
//! ```
//! use nakai_search::{Filter, IndexBuilder, Mode, Passage};
//! use nakai_types::Language;
//!
//! let mut builder = IndexBuilder::new(nakai_encoder::shipped().clone());
//! builder.add(Passage::new("checkout", "チェックアウト", "午前10時までにお願いします。", Language::Ja));
//! builder.add(Passage::new("parking", "駐車場", "駐車場は無料で、予約は要りません。", Language::Ja));
//! let index = builder.build();
//! let hits = index.search("駐車場の料金は?", &Filter::default(), Mode::Fused, 3);
//! assert_eq!(hits[0].passage.id, "parking");
//! ```

mod analyse;
mod analysed;
mod answer;
mod build;
mod lookup;
mod passage;
mod postings;
mod question;
mod rank;
mod search;
mod sentences;
mod stored;
mod synonyms;
mod terms;
mod vectors;
mod words;

#[cfg(test)]
mod tests;

pub use analysed::{AnalysedPassage, PassageAnalyser};
pub use build::IndexBuilder;
pub use lookup::{Candidates, Lookup, Statistics};
pub use passage::{Audiences, Filter, Passage};
pub use search::{Hit, Mode, Search, SearchIndex};
pub use stored::{FORMAT, UnusableIndex};
pub use synonyms::{PreparedSynonyms, Synonyms};
pub use words::Words;
