use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use nakai_text::is_wide;

/// A part of an article without markup.
pub(super) enum Block {
    Heading {
        level: u8,
        text: String,
        /// `prices` of `## Prices {#prices}`.
        anchor: Option<String>,
    },
    Paragraph(String),
    /// A list, a table or code, line by line.
    Lines(Vec<String>),
}

/// Reads Markdown as blocks of plain text. Pictures count as their description; HTML is left out.
pub(super) fn blocks(markdown: &str) -> Vec<Block> {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_HEADING_ATTRIBUTES;
    let mut reader = Reader::default();
    for event in Parser::new_ext(markdown, options) {
        reader.read(event);
    }
    reader.blocks
}

#[derive(Default)]
struct Reader {
    blocks: Vec<Block>,
    text: String,
    /// The anchor of the heading that is open.
    anchor: Option<String>,
    /// The number of the next item of each list that is open; `None` for lists without numbers.
    lists: Vec<Option<u64>>,
    verbatim: bool,
}

impl Reader {
    fn read(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(&tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) | Event::Code(text) => self.text.push_str(&text),
            // Japanese has no spaces where lines of one paragraph meet.
            Event::SoftBreak if self.text.ends_with(is_wide) => {}
            Event::SoftBreak => self.text.push(' '),
            Event::HardBreak => self.new_line(),
            _ => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>) {
        match tag {
            Tag::List(number) => {
                if self.lists.is_empty() {
                    self.close_paragraph();
                }
                self.lists.push(*number);
            }
            Tag::Item => self.item(),
            Tag::Heading { id, .. } if self.lists.is_empty() => {
                self.close_paragraph();
                self.anchor = id.as_ref().map(ToString::to_string);
            }
            Tag::Table(_) if self.lists.is_empty() => self.close_paragraph(),
            Tag::CodeBlock(_) if self.lists.is_empty() => {
                self.close_paragraph();
                self.verbatim = true;
            }
            Tag::Paragraph | Tag::CodeBlock(_) if !self.text.is_empty() && !self.at_mark() => self.new_line(),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(level) if self.lists.is_empty() => {
                let text = self.taken();
                self.blocks.push(Block::Heading {
                    level: level as u8,
                    text,
                    anchor: self.anchor.take(),
                });
            }
            TagEnd::Paragraph if self.lists.is_empty() => self.close_paragraph(),
            TagEnd::List(_) => {
                self.lists.pop();
                if self.lists.is_empty() {
                    self.close_lines();
                }
            }
            TagEnd::TableCell => self.text.push_str(" / "),
            TagEnd::TableHead | TagEnd::TableRow => {
                self.text.truncate(self.text.trim_end_matches([' ', '/']).len());
                self.text.push('\n');
            }
            TagEnd::Table => self.close_lines(),
            TagEnd::CodeBlock if self.verbatim => {
                self.verbatim = false;
                self.close_lines();
            }
            _ => {}
        }
    }

    /// Begins an item of a list with its mark.
    fn item(&mut self) {
        if !self.text.is_empty() {
            self.new_line();
        }
        let depth = self.lists.len().saturating_sub(1);
        self.text.push_str(&"  ".repeat(depth));
        match self.lists.last_mut() {
            Some(Some(number)) => {
                self.text.push_str(&format!("{number}. "));
                *number = number.saturating_add(1);
            }
            _ => self.text.push('・'),
        }
    }

    /// Whether the line has only the mark of an item so far.
    fn at_mark(&self) -> bool {
        let line = self.text.rsplit('\n').next().unwrap_or_default().trim();
        line.is_empty()
            || line == "・"
            || line
                .strip_suffix('.')
                .is_some_and(|number| number.parse::<u64>().is_ok())
    }

    fn new_line(&mut self) {
        self.text.truncate(self.text.trim_end().len());
        self.text.push('\n');
    }

    fn close_paragraph(&mut self) {
        let text = self.taken();
        if !text.is_empty() {
            self.blocks.push(Block::Paragraph(text));
        }
    }

    fn close_lines(&mut self) {
        let text = std::mem::take(&mut self.text);
        let lines: Vec<String> = text
            .lines()
            .filter(|line| !line.trim().is_empty())
            .map(|line| line.trim_end().to_owned())
            .collect();
        if !lines.is_empty() {
            self.blocks.push(Block::Lines(lines));
        }
    }

    fn taken(&mut self) -> String {
        std::mem::take(&mut self.text).trim().to_owned()
    }
}
