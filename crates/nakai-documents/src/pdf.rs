//! Text of PDF files: glyphs in the order in which they are drawn, put together to lines, paragraphs and headings.
//!
//! `glyphs` lets the interpreter draw each page and takes down what is written where; `lines` puts glyphs together to lines; `layout`
//! finds headings, paragraphs and lists, and leaves out what every page repeats; `markdown` writes it down.

mod glyphs;
mod layout;
mod lines;
mod markdown;

use std::sync::Arc;

use hayro_interpret::{
    InterpreterCache,
    hayro_syntax::{DecryptionError, LoadPdfError, Pdf},
};

use crate::{Document, Unreadable, unreadable::NoPdf};

/// The most pages that are read.
const MAX_PAGES: usize = 2_000;
/// The most glyphs that are read: 8 MB of text.
const MAX_GLYPHS: usize = 4_000_000;
/// A PDF begins within so many bytes.
const MAX_PREFIX: usize = 1_024;
/// From this share of unknown glyphs on the rest is of no use, in percent.
const MAX_UNKNOWN: usize = 20;

/// Reads the text of a PDF.
pub(crate) fn read(content: &[u8]) -> Result<Document, Unreadable> {
    let begin = content.get(..MAX_PREFIX.min(content.len())).unwrap_or_default();
    if !begin.windows(5).any(|window| window == b"%PDF-") {
        return Err(Unreadable::Pdf(NoPdf::OtherContent));
    }
    let pdf = Pdf::new(Arc::new(content.to_vec())).map_err(|error| match error {
        LoadPdfError::Decryption(DecryptionError::PasswordProtected | DecryptionError::UnsupportedAlgorithm) => {
            Unreadable::Encrypted
        }
        LoadPdfError::Decryption(_) | LoadPdfError::Invalid => Unreadable::BROKEN_PDF,
    })?;
    let pages = pdf.pages().len();
    if pages > MAX_PAGES {
        return Err(Unreadable::TooManyPages {
            pages,
            max_pages: MAX_PAGES,
        });
    }
    if pages == 0 {
        return Err(Unreadable::BROKEN_PDF);
    }
    let cache = InterpreterCache::new();
    let (mut lines, mut without_text) = (Vec::with_capacity(pages), Vec::new());
    let (mut known, mut unknown) = (0, 0);
    for (number, page) in (1..).zip(pdf.pages().iter()) {
        let page = glyphs::of(page, &cache);
        known += page.glyphs.len();
        unknown += page.unknown;
        if known > MAX_GLYPHS {
            return Err(Unreadable::TooCostly(
                "it has more than 4 million characters".to_owned(),
            ));
        }
        if page.glyphs.is_empty() {
            without_text.push(number);
        }
        lines.push(lines::of(&page));
    }
    if unknown * 100 > (known + unknown) * MAX_UNKNOWN {
        return Err(Unreadable::CharactersUnknown {
            percent: unknown * 100 / (known + unknown),
        });
    }
    if known == 0 {
        return Err(Unreadable::WithoutText { pages });
    }
    let blocks = layout::of(lines);
    Ok(Document {
        title: layout::title(&blocks),
        markdown: markdown::write(&blocks),
        notes: notes(&without_text, unknown),
    })
}

fn notes(without_text: &[usize], unknown: usize) -> Vec<String> {
    let mut notes = Vec::new();
    if !without_text.is_empty() {
        let pages: Vec<String> = without_text.iter().take(10).map(ToString::to_string).collect();
        let more = if without_text.len() > 10 { " and others" } else { "" };
        notes.push(format!("there is no text on page {}{more}", pages.join(", ")));
    }
    if unknown > 0 {
        notes.push(format!(
            "{unknown} glyphs do not say which character they are and are left out"
        ));
    }
    notes
}
