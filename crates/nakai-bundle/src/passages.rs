//! Articles cut into passages: parts that can stand as an answer, each with the headings above it.
//!
//! A passage never crosses a heading. What stands under one heading stays together as far as it fits; of more, each passage begins
//! with the sentences that end the one before, so that no answer is cut in two. Sentences are never cut, lists only if they must.

mod markdown;

use nakai_ports::{ArticlePassage, KnowledgeBase};
use nakai_text::{is_wide, sentences};

use self::markdown::Block;
use crate::{Bundle, model::Article};

/// The most that a passage holds, unless one sentence is longer: 400 characters of Japanese or 800 of English.
const MAX_WIDTH: usize = 800;
/// The most that a passage repeats of the one before it.
const MAX_OVERLAP: usize = 160;

impl Bundle {
    /// What is searched to answer from the articles of the bot.
    pub fn knowledge_base(&self) -> KnowledgeBase {
        KnowledgeBase {
            passages: self.articles.iter().flat_map(Article::passages).collect(),
            synonyms: self.bot.knowledge.synonyms.clone(),
        }
    }
}

impl Article {
    /// Cuts the article into passages, in the order in which they stand in it.
    pub fn passages(&self) -> Vec<ArticlePassage> {
        let head = &self.front_matter;
        let passage = |(ordinal, part): (u32, Part)| ArticlePassage {
            article: self.path.clone(),
            ordinal,
            title: head.title.clone(),
            heading: part.heading,
            text: part.text,
            language: head.language,
            audience: head.audience.clone(),
            url: address(head.source.as_deref(), part.anchor.as_deref()),
            questions: head.questions.clone(),
        };
        (0..).zip(cut(&self.body)).map(passage).collect()
    }
}

/// Where a person can read a part of an article: a source that leads to a place of its own is left as it is.
fn address(source: Option<&str>, anchor: Option<&str>) -> Option<String> {
    let source = source?;
    Some(match anchor {
        Some(anchor) if !source.contains('#') => format!("{source}#{anchor}"),
        _ => source.to_owned(),
    })
}

/// A part of an article.
#[derive(Debug, Clone, PartialEq)]
struct Part {
    /// The headings above it.
    heading: String,
    /// The anchor of the nearest heading above it that has one.
    anchor: Option<String>,
    text: String,
}

/// A heading that is open.
struct Heading {
    level: u8,
    text: String,
    anchor: Option<String>,
}

/// Cuts Markdown into texts, each with the headings above it.
fn cut(markdown: &str) -> Vec<Part> {
    let mut found = Vec::new();
    let mut headings: Vec<Heading> = Vec::new();
    let mut section: Vec<Unit> = Vec::new();
    for block in markdown::blocks(markdown) {
        match block {
            Block::Heading { level, text, anchor } => {
                close(&mut section, &headings, &mut found);
                headings.retain(|above| above.level < level);
                headings.push(Heading { level, text, anchor });
            }
            Block::Paragraph(text) => section.extend(text.lines().flat_map(Unit::of_line)),
            Block::Lines(lines) if width(&lines.join("\n")) <= MAX_WIDTH => section.push(Unit {
                text: lines.join("\n"),
                starts_line: true,
            }),
            Block::Lines(lines) => section.extend(lines.into_iter().map(|text| Unit {
                text,
                starts_line: true,
            })),
        }
    }
    close(&mut section, &headings, &mut found);
    found
}

/// What is never cut: a sentence, or a list or table that fits into a passage.
#[derive(Debug, Clone, PartialEq)]
struct Unit {
    text: String,
    starts_line: bool,
}

impl Unit {
    /// The sentences of a line.
    fn of_line(line: &str) -> impl Iterator<Item = Self> {
        sentences(line).enumerate().map(|(index, sentence)| Self {
            text: sentence.to_owned(),
            starts_line: index == 0,
        })
    }
}

/// Makes passages of what stands under one heading.
fn close(section: &mut Vec<Unit>, headings: &[Heading], found: &mut Vec<Part>) {
    let heading = headings
        .iter()
        .map(|heading| heading.text.as_str())
        .filter(|text| !text.is_empty())
        .collect::<Vec<_>>()
        .join(" › ");
    let anchor = headings.iter().rev().find_map(|heading| heading.anchor.clone());
    let part = |units: &[Unit]| Part {
        heading: heading.clone(),
        anchor: anchor.clone(),
        text: joined(units),
    };
    let mut open: Vec<Unit> = Vec::new();
    for unit in section.drain(..) {
        if !open.is_empty() && units_width(&open) + width(&unit.text) > MAX_WIDTH {
            found.push(part(&open));
            let repeated = overlap(&open, MAX_WIDTH.saturating_sub(width(&unit.text)).min(MAX_OVERLAP));
            open.drain(..open.len() - repeated);
        }
        open.push(unit);
    }
    if !open.is_empty() {
        found.push(part(&open));
    }
}

/// How many units at the end of a passage the next one repeats: whole sentences, and never all of them.
fn overlap(open: &[Unit], most: usize) -> usize {
    let mut taken = 0;
    let fits = |unit: &&Unit| {
        taken += width(&unit.text);
        taken <= most
    };
    open.iter().skip(1).rev().take_while(fits).count()
}

fn joined(units: &[Unit]) -> String {
    let mut text = String::new();
    for unit in units {
        if !text.is_empty() {
            text.push_str(match (unit.starts_line, text.chars().next_back()) {
                (true, _) => "\n",
                (false, Some(end)) if is_wide(end) => "",
                (false, _) => " ",
            });
        }
        text.push_str(&unit.text);
    }
    text
}

fn units_width(units: &[Unit]) -> usize {
    units.iter().map(|unit| width(&unit.text)).sum()
}

/// The width of a text on a screen: Japanese characters are twice as wide, and say about twice as much.
fn width(text: &str) -> usize {
    text.chars().map(|c| 1 + usize::from(is_wide(c))).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passages_are_plain_and_keep_the_headings_above_them() {
        let markdown = "Before.\n\n# A\n\n**Bold** and [link](https://x) with snake_case.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n\
                        ## B\n\n1. one\n2. two\n   - inner\n\n### C\n\nlast\nline\n\n# D\n\n改行\nです。<br>終わり。\n";
        let passage = |heading: &str, text: &str| Part {
            heading: heading.to_owned(),
            anchor: None,
            text: text.to_owned(),
        };
        assert_eq!(
            cut(markdown),
            [
                passage("", "Before."),
                passage("A", "Bold and link with snake_case.\na / b\n1 / 2"),
                passage("A › B", "1. one\n2. two\n  ・inner"),
                passage("A › B › C", "last line"),
                passage("D", "改行です。終わり。"),
            ]
        );
    }

    #[test]
    fn a_long_section_is_cut_between_sentences_and_its_parts_overlap() {
        let sentence = |at: usize| format!("これは{at}番目の、答えになるかもしれない文です。");
        let text: String = (10..60).map(sentence).collect();
        let passages = cut(&format!("## 見出し\n\n{text}"));
        assert!(passages.len() > 1);
        for Part { heading, text, .. } in &passages {
            assert_eq!(heading, "見出し");
            assert!(width(text) <= MAX_WIDTH && text.starts_with("これは") && text.ends_with('。'));
        }
        for pair in passages.windows(2) {
            let last = pair[0].text.split_inclusive('。').next_back().unwrap();
            assert!(pair[1].text.contains(last), "{pair:?}");
        }
        for at in 10..60 {
            assert!(passages.iter().any(|part| part.text.contains(&sentence(at))), "{at}");
        }
    }

    #[test]
    fn a_list_stays_whole_if_it_fits_and_is_cut_between_its_lines_if_not() {
        let list = |lines: usize| {
            (0..lines)
                .map(|at| format!("- item {at} of the list\n"))
                .collect::<String>()
        };
        let filler = "A sentence of some length stands here. ".repeat(15);
        let short = cut(&format!("{filler}\n\n{}", list(20)));
        assert!(
            short.last().unwrap().text.contains("・item 0 of the list\n"),
            "{short:?}"
        );
        assert!(
            short.last().unwrap().text.ends_with("・item 19 of the list"),
            "{short:?}"
        );
        let long = cut(&list(200));
        assert!(long.len() > 1);
        assert!(
            long.iter()
                .all(|part| part.text.lines().all(|line| line.ends_with("of the list")))
        );
    }

    #[test]
    fn a_passage_leads_to_the_anchor_of_the_heading_above_it() {
        let markdown =
            "Before.\n\n# A {#page=1}\n\nOne.\n\n###### {#page=2}\n\nTwo.\n\n## B\n\nThree.\n\n# C {#c}\n\nFour.\n";
        let parts = cut(markdown);
        let found: Vec<_> = parts
            .iter()
            .map(|part| (part.heading.as_str(), part.anchor.as_deref(), part.text.as_str()))
            .collect();
        assert_eq!(
            found,
            [
                ("", None, "Before."),
                ("A", Some("page=1"), "One."),
                ("A", Some("page=2"), "Two."),
                ("A › B", Some("page=1"), "Three."),
                ("C", Some("c"), "Four."),
            ]
        );
        let source = Some("https://inn.example/guide.pdf");
        for (source, anchor, expected) in [
            (source, Some("page=2"), Some("https://inn.example/guide.pdf#page=2")),
            (source, None, source),
            (
                Some("https://inn.example/#x"),
                Some("page=2"),
                Some("https://inn.example/#x"),
            ),
            (None, Some("page=2"), None),
        ] {
            assert_eq!(address(source, anchor).as_deref(), expected);
        }
    }

    #[test]
    fn an_endless_sentence_is_one_passage_and_an_empty_text_is_none() {
        assert_eq!(cut(&"あ".repeat(5000)).len(), 1);
        assert_eq!(cut("# Only a heading\n\n---\n\n<!-- nothing -->\n"), []);
    }
}
