//! The text of files that teams have, as Markdown of which articles are made: PDF, HTML pages, Markdown and plain text.
//!
//! Start with [`Kind`] and [`read`]; [`Unreadable`] lists every way in which a file can be of no use. Bytes of any kind are safe to give,
//! but a PDF can be made to cost much time and memory: give it to [`read`] in a process that can be ended.
//!
//! Must not know bundles, articles or languages.

mod document;
mod html;
mod open;
mod pdf;
mod text;
mod unreadable;

pub use document::{Document, Kind, read};
pub use open::open;
pub use unreadable::Unreadable;
