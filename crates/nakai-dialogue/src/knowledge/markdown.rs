//! Markdown taken apart into passages of plain text.

/// A passage is cut at the end of a sentence before it gets longer than this, in characters.
const MAX_PASSAGE_CHARS: usize = 400;

/// Splits an article into passages, each with the headings above it. Short paragraphs under one heading stay together.
pub(super) fn passages(markdown: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    let mut heading = String::new();
    let mut fresh = true;
    for block in blocks(markdown) {
        if let Some(title) = block.strip_prefix('#') {
            heading = plain_line(title.trim_start_matches('#'));
            fresh = true;
            continue;
        }
        let text = block.lines().filter_map(block_line).collect::<Vec<_>>().join("\n");
        for part in sentences_up_to(&text, MAX_PASSAGE_CHARS) {
            match found.last_mut() {
                Some((_, open)) if !fresh && open.chars().count() + part.chars().count() < MAX_PASSAGE_CHARS => {
                    open.push('\n');
                    open.push_str(part);
                }
                _ => found.push((heading.clone(), part.to_owned())),
            }
            fresh = false;
        }
    }
    found
}

/// Splits at empty lines and around headings.
fn blocks(markdown: &str) -> Vec<String> {
    let mut blocks = vec![String::new()];
    for line in markdown.lines() {
        let is_heading = line.trim_start_matches('#').starts_with(' ') && line.starts_with('#');
        if line.trim().is_empty() || is_heading {
            blocks.push(String::new());
        }
        if let Some(block) = blocks.last_mut() {
            block.push_str(line.trim_end());
            block.push('\n');
        }
        if is_heading {
            blocks.push(String::new());
        }
    }
    blocks
        .into_iter()
        .map(|block| block.trim().to_owned())
        .filter(|block| !block.is_empty())
        .collect()
}

/// One line of a paragraph, list or table without its Markdown; `None` for lines that are only Markdown.
fn block_line(line: &str) -> Option<String> {
    let line = line.trim();
    if line.starts_with("```") || (!line.is_empty() && line.chars().all(|c| "|-: =_*".contains(c))) {
        return None;
    }
    if let Some(cells) = line.strip_prefix('|') {
        let cells: Vec<String> = cells.trim_end_matches('|').split('|').map(plain_line).collect();
        return Some(cells.join(" / "));
    }
    let quoted = line.trim_start_matches(['>', ' ']);
    let item = ["- ", "* ", "+ "].iter().find_map(|mark| quoted.strip_prefix(mark));
    Some(item.map_or_else(|| plain_line(quoted), |item| format!("・{}", plain_line(item))))
}

/// Takes links, emphasis and code marks out of a line.
fn plain_line(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut rest = line.trim();
    while let Some(at) = rest.find(['[', '!', '*', '`', '_']) {
        plain.push_str(&rest[..at]);
        let here = &rest[at..];
        let link = here
            .strip_prefix('!')
            .unwrap_or(here)
            .strip_prefix('[')
            .and_then(|inside| {
                let (label, target) = inside.split_once("](")?;
                Some((label, target.split_once(')')?.1)).filter(|(label, _)| !label.contains(['[', ']']))
            });
        let between_letters = plain.chars().next_back().is_some_and(char::is_alphanumeric)
            && here.chars().nth(1).is_some_and(char::is_alphanumeric);
        if let Some((label, after)) = link {
            plain.push_str(label);
            rest = after;
        } else {
            let mark = here.chars().next().unwrap_or_default();
            if matches!(mark, '[' | '!') || (mark == '_' && between_letters) {
                plain.push(mark);
            }
            rest = &here[mark.len_utf8()..];
        }
    }
    plain.push_str(rest);
    plain
}

/// Cuts a text after the ends of sentences so that no part is longer than `chars`, unless one sentence is.
fn sentences_up_to(text: &str, chars: usize) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut last_end, mut length) = (0, 0, 0);
    let mut following = text.char_indices().peekable();
    while let Some((at, c)) = following.next() {
        length += 1;
        let next = following.peek().map(|(_, c)| *c);
        let ends = matches!(c, '。' | '！' | '？' | '\n')
            || (matches!(c, '.' | '!' | '?') && next.is_none_or(char::is_whitespace));
        if length > chars && last_end > start {
            parts.push(&text[start..last_end]);
            length = text[last_end..at].chars().count() + 1;
            start = last_end;
        }
        if ends {
            last_end = at + c.len_utf8();
        }
    }
    parts.push(&text[start..]);
    parts
        .into_iter()
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passages_are_plain_and_bounded() {
        let markdown = format!(
            "# A\n\n**Bold** and [link](https://x) with snake_case.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n- one\n- two\n\n## B\n\n{}",
            "長い文です。".repeat(200)
        );
        let passages = passages(&markdown);
        assert_eq!(
            passages[0],
            (
                "A".into(),
                "Bold and link with snake_case.\na / b\n1 / 2\n・one\n・two".into()
            )
        );
        assert!(
            passages
                .iter()
                .all(|(_, text)| text.chars().count() <= MAX_PASSAGE_CHARS)
        );
        assert!(
            passages[1..]
                .iter()
                .all(|(heading, text)| heading == "B" && text.ends_with('。'))
        );
    }
}
