//! Files as teams have them: PDFs of many programs, and what can't be read.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod made;

use std::{fs, path::Path};

use nakai_config::ProblemCode;
use nakai_documents::{Document, Kind, Unreadable, open, read};

use crate::made::Made;

fn pdf(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/pdfs")
        .join(format!("{name}.pdf"));
    fs::read(path).unwrap()
}

fn text(content: &[u8]) -> Document {
    read(Kind::Pdf, content).unwrap()
}

/// Compares the text of a PDF with the file beside it. `UPDATE_TEXTS=1` writes that file anew.
#[test]
fn pdfs_of_many_programs_are_read_with_headings_paragraphs_lists_and_pages() {
    for name in [
        "chromium-ja",
        "chromium-en",
        "libreoffice-en",
        "typst-ja",
        "weasyprint-en",
        "reportlab-ja",
        "reportlab-vertical",
    ] {
        let found = text(&pdf(name)).markdown;
        let list = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/pdfs")
            .join(format!("{name}.md"));
        if std::env::var_os("UPDATE_TEXTS").is_some() {
            fs::write(&list, &found).unwrap();
        }
        assert_eq!(found, fs::read_to_string(&list).unwrap_or_default(), "{name}");
    }
}

#[test]
fn the_highest_heading_is_the_title() {
    assert_eq!(text(&pdf("typst-ja")).title.as_deref(), Some("宿泊約款"));
    assert_eq!(text(&pdf("reportlab-vertical")).title, None);
}

#[test]
fn a_pdf_that_only_its_owner_may_change_is_read_and_one_that_wants_a_password_is_not() {
    assert_eq!(text(&pdf("owner-locked")), text(&pdf("reportlab-ja")));
    assert_eq!(read(Kind::Pdf, &pdf("locked")), Err(Unreadable::Encrypted));
}

#[test]
fn a_pdf_whose_table_of_objects_is_broken_is_read_all_the_same() {
    let mut broken = Made::pages(&["BT /F1 12 Tf 72 700 Td (The rink is open.) Tj ET"]).to_bytes();
    let table = broken.windows(4).rposition(|window| window == b"xref").unwrap();
    broken.truncate(table);
    assert_eq!(text(&broken).markdown, "The rink is open.\n");
}

#[test]
fn marks_of_markdown_in_a_pdf_stay_what_they_are() {
    let made = Made::pages(&["BT /F1 12 Tf 72 700 Td (# 2*3*4 <b>bold</b> snake_case & co. {#x} [a]) Tj ET"]);
    assert_eq!(
        text(&made.to_bytes()).markdown,
        "\\# 2\\*3\\*4 \\<b>bold\\</b> snake_case & co. \\{#x\\} \\[a\\]\n"
    );
}

#[test]
fn pages_without_text_are_noted_and_a_pdf_of_nothing_else_wants_recognition() {
    let made = Made::pages(&["BT /F1 12 Tf 72 700 Td (Hours) Tj ET", "72 72 200 200 re f"]);
    assert_eq!(text(&made.to_bytes()).notes, ["there is no text on page 2"]);
    let scan = Made::pages(&["72 72 200 200 re f", ""]);
    let refused = read(Kind::Pdf, &scan.to_bytes()).unwrap_err();
    assert_eq!(refused, Unreadable::WithoutText { pages: 2 });
    assert!(refused.code().cure().contains("OCR"));
}

#[test]
fn glyphs_that_stand_for_no_character_are_not_taken_for_text() {
    // A font with an encoding of its own, whose names say nothing.
    let mut made = Made::pages(&["BT /F1 12 Tf 72 700 Td (abcabcabc) Tj ET"]);
    made.font = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica \
                 /Encoding << /Type /Encoding /Differences [97 /g1 /g2 /g3] >> >>"
        .to_owned();
    let refused = read(Kind::Pdf, &made.to_bytes()).unwrap_err();
    assert_eq!(refused.code(), ProblemCode::PdfCharactersUnknown, "{refused}");
}

#[test]
fn what_is_no_pdf_or_has_too_many_pages_is_refused() {
    let page = "BT /F1 12 Tf 72 700 Td (x) Tj ET";
    for (content, code) in [
        (b"<html>an error page</html>".to_vec(), ProblemCode::PdfInvalid),
        (b"%PDF-1.7\n".to_vec(), ProblemCode::PdfInvalid),
        (pdf("weasyprint-en")[..200].to_vec(), ProblemCode::PdfInvalid),
        (Vec::new(), ProblemCode::FileEmpty),
        (Made::pages(&vec![page; 2_001]).to_bytes(), ProblemCode::PdfTooManyPages),
    ] {
        let refused = read(Kind::Pdf, &content).unwrap_err();
        assert_eq!(refused.code(), code, "{refused}");
    }
}

#[test]
fn any_cut_or_changed_pdf_ends_in_text_or_a_reason() {
    let whole = pdf("reportlab-ja");
    for step in (0..whole.len()).step_by(61) {
        let _ = read(Kind::Pdf, &whole[..step]);
        let mut changed = whole.clone();
        changed[step] ^= 0x55;
        let _ = read(Kind::Pdf, &changed);
    }
}

#[test]
fn what_can_not_be_opened_says_why_and_large_files_are_not_read() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let large = fs::File::create(at("large.pdf")).unwrap();
    large.set_len(200_000_000).unwrap();
    let too_large = Unreadable::TooLarge {
        megabytes: 200,
        max_megabytes: 50,
    };
    assert_eq!(open(&at("large.pdf"), Kind::Pdf), Err(too_large));
    assert_eq!(open(folder.path(), Kind::Text), Err(Unreadable::Folder));
    let missing = open(&at("none.pdf"), Kind::Pdf).unwrap_err();
    assert_eq!(missing.to_string(), "it can't be read: it does not exist");
}
