use super::layout::{Block, BlockKind};

/// Writes a document down. Each heading has the page that it is on as its anchor; where another page begins without a heading, a heading
/// without words has it.
pub(super) fn write(blocks: &[Block]) -> String {
    let mut text = String::new();
    let mut page = 1;
    let mut last = None;
    for block in blocks {
        let in_list = last == Some(BlockKind::Item) && block.kind == BlockKind::Item && page == block.page;
        if !text.is_empty() {
            text.push_str(if in_list { "\n" } else { "\n\n" });
        }
        if block.page != page && !matches!(block.kind, BlockKind::Heading(_)) {
            text.push_str(&format!("###### {{#page={}}}\n\n", block.page));
        }
        page = block.page;
        match block.kind {
            BlockKind::Heading(level) => {
                let marks = "#".repeat(usize::from(level));
                text.push_str(&format!("{marks} {} {{#page={page}}}", escaped(&block.text)));
            }
            BlockKind::Paragraph => text.push_str(&escaped_line(&block.text)),
            BlockKind::Item if is_numbered(&block.text) => text.push_str(&escaped(&block.text)),
            BlockKind::Item => text.push_str(&format!("- {}", escaped(&block.text))),
        }
        last = Some(block.kind);
    }
    text.push('\n');
    text
}

/// Says whether a text begins with a number as items of Markdown do.
fn is_numbered(text: &str) -> bool {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    rest.len() < text.len() && (rest.starts_with(". ") || rest.starts_with(") "))
}

/// Marks of Markdown that are none here.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut before = None;
    for (at, c) in text.char_indices() {
        let after = text.get(at + c.len_utf8()..).and_then(|rest| rest.chars().next());
        let in_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let is_mark = match c {
            '\\' | '*' | '`' | '<' | '[' | ']' | '{' | '}' | '|' => true,
            '~' => before == Some('~') || after == Some('~'),
            '_' => !(in_word(before) && in_word(after)),
            '&' => after.is_some_and(|c| c.is_ascii_alphabetic() || c == '#'),
            _ => false,
        };
        // A soft hyphen in a line cuts no word.
        if c != '\u{ad}' {
            if is_mark {
                escaped.push('\\');
            }
            escaped.push(c);
        }
        before = Some(c);
    }
    escaped
}

/// The same for a text that begins a line.
fn escaped_line(text: &str) -> String {
    let text = escaped(text);
    let begins_mark = text.starts_with(['#', '>', '=', '+', '-']);
    if begins_mark { format!("\\{text}") } else { text }
}
