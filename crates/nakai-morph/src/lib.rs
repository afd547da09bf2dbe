//! Cuts Japanese text into morphemes, with part of speech, dictionary form and reading, as MeCab does with IPADIC.
//!
//! The dictionary is a file that is part of the program and is read where it lies: nothing is decoded at start, and only the pages
//! that a text needs come into memory. `cargo xtask dictionary` builds it from IPADIC's sources; [`mod@format`] says how it is laid out.
//!
//! This crate knows characters and costs. It does not know languages, intents or bots, and it keeps nothing of a text.
//!
//! Start with [`Dictionary::analyse`].
//!
//! ```
//! use nakai_morph::{Dictionary, Workspace};
//!
//! let dictionary = Dictionary::ipadic();
//! let (mut workspace, mut morphemes) = (Workspace::default(), Vec::new());
//! let text = "部屋を予約したい";
//! dictionary.analyse(text, &mut workspace, &mut morphemes);
//!
//! let surfaces: Vec<&str> = morphemes.iter().map(|m| &text[m.range()]).collect();
//! assert_eq!(surfaces, ["部屋", "を", "予約", "し", "たい"]);
//! assert_eq!(morphemes[3].part_of_speech().major(), "動詞");
//! assert_eq!(dictionary.base(&morphemes[3], text), "する");
//! assert_eq!(dictionary.reading(&morphemes[2], text).as_deref(), Some("ヨヤク"));
//! ```

mod analyse;
mod dictionary;
pub mod format;
mod morpheme;
mod part_of_speech;

pub use analyse::Workspace;
pub use dictionary::{Dictionary, UnusableDictionary};
pub use morpheme::Morpheme;
pub use part_of_speech::PartOfSpeech;
