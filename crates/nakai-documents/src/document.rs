use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::{Unreadable, html, pdf, text};

/// What a file is read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Markdown, or plain text, which is Markdown without marks.
    Text,
    /// An HTML page.
    Html,
    /// A PDF.
    Pdf,
}

impl Kind {
    /// Tells it by the ending of the file's name.
    ///
    /// # Errors
    /// [`Unreadable::KindUnknown`] for every other ending, and for none.
    pub fn of(path: &Path) -> Result<Self, Unreadable> {
        let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
        match ending.as_deref() {
            Some("md" | "markdown" | "txt") => Ok(Self::Text),
            Some("html" | "htm") => Ok(Self::Html),
            Some("pdf") => Ok(Self::Pdf),
            _ => Err(Unreadable::KindUnknown),
        }
    }

    /// The most bytes that a file may have. Of a page or a PDF only a part is text.
    pub const fn max_bytes(self) -> u64 {
        match self {
            Self::Text => 8_000_000,
            Self::Html | Self::Pdf => 50_000_000,
        }
    }
}

/// A file's text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// Its first heading, if it has one.
    pub title: Option<String>,
    /// Its text. Headings of a PDF have the page as their anchor, `{#page=3}`, and so have the places where a page begins without one.
    pub markdown: String,
    /// What a person should know of the way it was read, in lower case, without a full stop.
    pub notes: Vec<String>,
}

/// Reads the content of a file.
///
/// # Errors
/// Why there is no text to be had from it.
pub fn read(kind: Kind, content: &[u8]) -> Result<Document, Unreadable> {
    if content.is_empty() {
        return Err(Unreadable::Empty);
    }
    let document = match kind {
        Kind::Text => text::read(content)?,
        Kind::Html => html::read(content)?,
        Kind::Pdf => pdf::read(content)?,
    };
    if document.markdown.trim().is_empty() {
        return Err(Unreadable::Empty);
    }
    Ok(document)
}

/// The first heading of a Markdown text.
pub(crate) fn first_heading(markdown: &str) -> Option<String> {
    let heading = markdown
        .lines()
        .find(|line| line.starts_with("# ") || line.starts_with("## "))?;
    let heading = heading.trim_start_matches('#').trim();
    // Its anchor is not to be read.
    let heading = heading.split_once(" {#").map_or(heading, |(heading, _)| heading);
    (!heading.is_empty()).then(|| heading.to_owned())
}
