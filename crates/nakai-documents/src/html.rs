use encoding_rs::Encoding;

use crate::{Document, Unreadable, document::first_heading, text::decoded};

/// What of a page is nothing to read.
const SKIPPED: [&str; 9] = [
    "head", "script", "style", "nav", "header", "footer", "noscript", "template", "svg",
];
/// Pages say their encoding within so many bytes.
const DECLARATION: usize = 1024;

/// Reads what a reader sees of a page.
pub(crate) fn read(content: &[u8]) -> Result<Document, Unreadable> {
    let (page, notes) = decoded(content, declared(content))?;
    let converter = htmd::HtmlToMarkdown::builder().skip_tags(SKIPPED.to_vec()).build();
    let markdown = converter
        .convert(&page)
        .map_err(|error| Unreadable::Html(error.to_string()))?;
    Ok(Document {
        title: first_heading(&markdown),
        markdown,
        notes,
    })
}

/// The encoding that a page says it is in.
fn declared(content: &[u8]) -> Option<&'static Encoding> {
    let head = content.get(..DECLARATION.min(content.len()))?.to_ascii_lowercase();
    let at = head.windows(8).position(|window| window == b"charset=")? + 8;
    let rest = head.get(at..)?;
    let label: Vec<u8> = rest
        .iter()
        .copied()
        .skip_while(|byte| matches!(byte, b'"' | b'\'' | b' '))
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        .collect();
    Encoding::for_label(&label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_read_as_its_readers_see_it_in_the_encoding_that_it_names() {
        let page = "<html><head><meta charset=\"Shift_JIS\"><title>x</title></head><body><nav>menu</nav><h1>大浴場</h1>\
                    <p>15時から。</p><script>no()</script></body></html>";
        let (bytes, ..) = encoding_rs::SHIFT_JIS.encode(page);
        let document = read(&bytes).unwrap();
        assert_eq!(document.markdown.trim(), "# 大浴場\n\n15時から。");
        assert_eq!(document.title.as_deref(), Some("大浴場"));
        assert_eq!(document.notes, ["read as Shift_JIS"]);
    }
}
