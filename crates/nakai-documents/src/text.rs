//! Plain text in the encodings that Japanese and English teams have.

use encoding_rs::{EUC_JP, Encoding, ISO_2022_JP, SHIFT_JIS};

use crate::{Document, Unreadable, document::first_heading};

/// Reads plain text or Markdown.
pub(crate) fn read(content: &[u8]) -> Result<Document, Unreadable> {
    let (text, notes) = decoded(content, None)?;
    let markdown = text.replace("\r\n", "\n");
    Ok(Document {
        title: first_heading(&markdown),
        markdown,
        notes,
    })
}

/// Decodes a text, and notes how if it was not in UTF-8. `declared` is what the text itself says of its encoding.
pub(crate) fn decoded(
    content: &[u8],
    declared: Option<&'static Encoding>,
) -> Result<(String, Vec<String>), Unreadable> {
    if let Some((encoding, length)) = Encoding::for_bom(content) {
        let text = strictly(encoding, content.get(length..).unwrap_or_default());
        return text.map(|text| (text, Vec::new())).ok_or_else(|| unknown(content));
    }
    let escaped = content.windows(2).any(|pair| pair == b"\x1b$");
    if let Ok(text) = std::str::from_utf8(content)
        && !escaped
        && !text.contains('\0')
    {
        return Ok((text.to_owned(), Vec::new()));
    }
    let candidates = match declared {
        Some(encoding) => vec![encoding],
        None if escaped => vec![ISO_2022_JP],
        None => vec![SHIFT_JIS, EUC_JP],
    };
    let mut fitting = candidates.into_iter().filter_map(|encoding| {
        let text = strictly(encoding, content)?;
        (declared.is_some() || reads_as_japanese(&text)).then_some((encoding, text))
    });
    // What fits two encodings is certain in none.
    match (fitting.next(), fitting.next()) {
        (Some((encoding, text)), None) => Ok((text, vec![format!("read as {}", encoding.name())])),
        _ => Err(unknown(content)),
    }
}

fn strictly(encoding: &'static Encoding, content: &[u8]) -> Option<String> {
    let text = encoding.decode_without_bom_handling_and_without_replacement(content)?;
    (!text.contains('\0')).then(|| text.into_owned())
}

/// Japanese has kana and its own stops wherever there is a sentence; bytes that are something else decode to rare kanji or to
/// half-width kana.
fn reads_as_japanese(text: &str) -> bool {
    let beyond_ascii = text.chars().filter(|c| !c.is_ascii()).count();
    let usual = text
        .chars()
        .filter(|c| matches!(c, '、' | '。' | '\u{3041}'..='\u{30ff}'));
    let odd = text.chars().filter(|c| {
        matches!(c, '\u{ff61}'..='\u{ff9f}' | '\u{e000}'..='\u{f8ff}') || c.is_control() && !c.is_whitespace()
    });
    usual.count() * 4 >= beyond_ascii && odd.count() * 10 <= beyond_ascii && beyond_ascii > 0
}

fn unknown(content: &[u8]) -> Unreadable {
    let valid = std::str::from_utf8(content).map_or_else(|error| error.valid_up_to(), str::len);
    let before = content.get(..valid).unwrap_or_default();
    Unreadable::EncodingUnknown {
        line: before.iter().filter(|byte| **byte == b'\n').count() + 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const JAPANESE: &str = "大浴場は15時から24時までです。\nタオルはお部屋からお持ちください。\n";

    #[test]
    fn japanese_is_read_in_each_encoding_that_is_certain_and_that_is_noted() {
        for (encoding, note) in [
            (SHIFT_JIS, "Shift_JIS"),
            (EUC_JP, "EUC-JP"),
            (ISO_2022_JP, "ISO-2022-JP"),
        ] {
            let (bytes, ..) = encoding.encode(JAPANESE);
            let document = read(&bytes).unwrap();
            assert_eq!(document.markdown, JAPANESE);
            assert_eq!(document.notes, [format!("read as {note}")]);
        }
        let utf_16: Vec<u8> = [0xfeff]
            .into_iter()
            .chain(JAPANESE.encode_utf16())
            .flat_map(u16::to_le_bytes)
            .collect();
        assert_eq!(read(&utf_16).unwrap().markdown, JAPANESE);
        let plain = read(format!("\u{feff}{JAPANESE}").as_bytes()).unwrap();
        assert_eq!((plain.markdown.as_str(), plain.notes.len()), (JAPANESE, 0));
    }

    #[test]
    fn what_is_not_certain_is_refused_with_the_line_where_it_begins() {
        for (bytes, line) in [
            (&b"Our menu\ncaf\xe9 au lait\n"[..], 2),
            (b"na\xefve caf\xe9", 1),
            (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 1),
            (b"text with a zero \0 byte", 1),
        ] {
            let found = read(bytes);
            assert_eq!(found, Err(Unreadable::EncodingUnknown { line }), "{bytes:?}");
        }
    }
}
