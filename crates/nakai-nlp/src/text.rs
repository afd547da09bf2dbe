//! The text layer: what was typed, as the analysers read it.
//!
//! [`Normalised`] folds the many ways to type one thing into one and knows the way back to the bytes that were typed;
//! [`detect`] finds the language; [`words`] cuts the text into [`Word`]s; [`StopWords`] says which of them carry no topic.
//! Everything here is total: any Unicode text has a normal form, a language and words, in time linear in its length.
//!
//! ```
//! use nakai_nlp::text::{self, Normalised};
//! use nakai_types::Language;
//!
//! let text = Normalised::of("こんにちは、お元気ですか？？");
//! assert_eq!(text.as_str(), "こんにちは、お元気ですか?");
//! assert_eq!(text::detect(&text, None, None, Language::En).language, Language::Ja);
//! let surfaces: Vec<&str> = text::words(&text).iter().map(|word| word.surface()).collect();
//! assert_eq!(surfaces, ["こんにちは", "お元気", "です", "か"]);
//! ```

mod language;
mod normalised;
mod scan;
mod stop_words;
mod words;

pub use language::{Detected, detect};
pub use normalised::Normalised;
pub use stop_words::StopWords;
pub use words::{Word, token_view, words};
