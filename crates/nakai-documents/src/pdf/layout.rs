use std::collections::{BTreeSet, HashMap};

use nakai_text::is_wide;

use super::lines::{Line, PageLines, half_points, most_common};

/// A part of a document.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Block {
    pub(super) kind: BlockKind,
    pub(super) text: String,
    /// The page on which it begins, from 1.
    pub(super) page: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BlockKind {
    /// A heading of a level from 1 to 5.
    Heading(u8),
    Paragraph,
    /// An item of a list. Numbers stay in its text, bullets go.
    Item,
}

/// How much larger than the text headings are at least.
const HEADING: f64 = 1.12;
/// Longer lines are no headings, in characters.
const LONGEST_HEADING: usize = 80;
/// Deeper headings are of this level.
const DEEPEST: usize = 5;
/// What every page repeats is looked for from this many pages on, and among so many lines at top and bottom.
const FURNITURE_PAGES: usize = 3;
const FURNITURE_LINES: usize = 2;
/// Lines that follow each other at more than so many times their size are no paragraph, in any case.
const WIDEST_LEADING: f64 = 2.2;
/// A gap that is so many times the usual one begins a paragraph.
const PARAGRAPH_GAP: f64 = 1.25;
/// A line of which this share is empty is the last of its paragraph.
const SHORT: f64 = 0.35;
/// So many lines above and below a line show how wide its column is.
const COLUMN_LINES: usize = 8;

/// Finds headings, paragraphs and lists.
pub(super) fn of(mut pages: Vec<PageLines>) -> Vec<Block> {
    let weighed = |line: &Line| (line.size, line.text.chars().count());
    let body = most_common(pages.iter().flat_map(|page| &page.lines).map(weighed));
    leave_out_furniture(&mut pages, body);
    let levels: BTreeSet<u64> = pages
        .iter()
        .flat_map(|page| &page.lines)
        .filter(|line| is_heading(line, body))
        .map(|line| half_points(line.size))
        .collect();
    let mut blocks: Vec<Block> = Vec::new();
    for (number, page) in (1..).zip(pages) {
        let leading = usual_leading(&page.lines, body);
        let edges = right_edges(&page.lines);
        let mut last: Option<(Line, f64)> = None;
        for (line, edge) in page.lines.into_iter().zip(edges) {
            let level = is_heading(&line, body).then(|| level_of(&line, &levels));
            let item = level.is_none().then(|| item(&line.text)).flatten();
            let fits = match (&last, blocks.last()) {
                (Some((last, edge)), Some(block)) => match (block.kind, level) {
                    (BlockKind::Heading(open), Some(level)) => {
                        open == level && follows(last, &line, WIDEST_LEADING * line.size)
                    }
                    (BlockKind::Paragraph | BlockKind::Item, None) => {
                        item.is_none()
                            && follows(last, &line, leading * PARAGRAPH_GAP)
                            && !begins_paragraph(block, last, &line, *edge)
                    }
                    _ => false,
                },
                // A sentence may go on over the page.
                (None, Some(block)) => {
                    level.is_none() && item.is_none() && block.kind == BlockKind::Paragraph && !is_whole(&block.text)
                }
                _ => false,
            };
            match blocks.last_mut() {
                Some(block) if fits => join(&mut block.text, &line.text),
                _ => blocks.push(Block {
                    kind: match (level, &item) {
                        (Some(level), _) => BlockKind::Heading(level),
                        (None, Some(_)) => BlockKind::Item,
                        (None, None) => BlockKind::Paragraph,
                    },
                    text: item.unwrap_or_else(|| line.text.clone()),
                    page: number,
                }),
            }
            last = Some((line, edge));
        }
    }
    blocks
}

/// The first heading of the highest level.
pub(super) fn title(blocks: &[Block]) -> Option<String> {
    let headings = blocks.iter().filter_map(|block| match block.kind {
        BlockKind::Heading(level) => Some((level, &block.text)),
        _ => None,
    });
    headings.min_by_key(|(level, _)| *level).map(|(_, text)| text.clone())
}

/// Leaves out headers, footers and page numbers: what stands at the same place of a few pages, at top or bottom, and differs in its
/// numbers only. Large letters must be on most pages: sections may have the same heading.
fn leave_out_furniture(pages: &mut [PageLines], body: f64) {
    if pages.len() < FURNITURE_PAGES {
        return;
    }
    let mut seen: HashMap<(String, u64), usize> = HashMap::new();
    for page in &*pages {
        let keys: BTreeSet<_> = edges(page)
            .into_iter()
            .map(|line| furniture_key(&page.lines[line]))
            .collect();
        for key in keys {
            *seen.entry(key).or_default() += 1;
        }
    }
    let most = pages.len() / 2 + 1;
    for page in pages {
        let edges = edges(page);
        let mut index = 0;
        page.lines.retain(|line| {
            let at_edge = edges.contains(&index);
            index += 1;
            let enough = if line.size >= body * HEADING {
                most
            } else {
                FURNITURE_PAGES
            };
            !(at_edge && seen.get(&furniture_key(line)).is_some_and(|count| *count >= enough))
        });
    }
}

/// The lines at the top and at the bottom of a page.
fn edges(page: &PageLines) -> BTreeSet<usize> {
    let mut order: Vec<usize> = (0..page.lines.len()).collect();
    order.sort_by(|a, b| page.lines[*a].across.total_cmp(&page.lines[*b].across));
    let bottom = order.iter().rev().take(FURNITURE_LINES).copied();
    // Nothing in the middle of a page is furniture, however few lines there are.
    let outside = |index: &usize| {
        let across = page.lines[*index].across;
        across < page.extent * 0.15 || across > page.extent * 0.85
    };
    order
        .iter()
        .take(FURNITURE_LINES)
        .copied()
        .chain(bottom)
        .filter(outside)
        .collect()
}

/// What a line of every page has in common: its words without numbers, and its place.
fn furniture_key(line: &Line) -> (String, u64) {
    let mut words = String::new();
    for c in line.text.chars() {
        if !c.is_numeric() {
            words.push(c);
        } else if !words.ends_with('#') {
            words.push('#');
        }
    }
    (words, half_points(line.across / 4.0))
}

fn is_heading(line: &Line, body: f64) -> bool {
    line.size >= body * HEADING
        && line.text.chars().count() <= LONGEST_HEADING
        && !line.text.ends_with(['。', '．', '、', ','])
        && line.text.chars().any(char::is_alphanumeric)
}

/// The largest headings are of level 1.
fn level_of(line: &Line, levels: &BTreeSet<u64>) -> u8 {
    let larger = levels.range(half_points(line.size) + 1..).count();
    u8::try_from((larger + 1).min(DEEPEST)).unwrap_or(1)
}

/// The usual distance of lines of the text; as wide as may be if there are no two.
fn usual_leading(lines: &[Line], body: f64) -> f64 {
    let gaps = lines.windows(2).filter_map(|pair| match pair {
        [above, below] => Some(below.across - above.across),
        _ => None,
    });
    let near = |gap: &f64| *gap > body / 2.0 && *gap < body * WIDEST_LEADING;
    match most_common(gaps.filter(near).map(|gap| (gap, 1))) {
        0.0 => body * WIDEST_LEADING / PARAGRAPH_GAP,
        usual => usual,
    }
}

/// Says whether a line stands below another, not farther than `most`, in letters of the same size.
fn follows(above: &Line, below: &Line, most: f64) -> bool {
    let gap = below.across - above.across;
    let same_size = (above.size - below.size).abs() < above.size * 0.1;
    same_size && gap > above.size / 2.0 && gap <= most
}

/// How far to the right the text around each line goes, in its column.
fn right_edges(lines: &[Line]) -> Vec<f64> {
    let edge = |(index, line): (usize, &Line)| {
        let around = lines
            .iter()
            .skip(index.saturating_sub(COLUMN_LINES))
            .take(2 * COLUMN_LINES + 1);
        let same_column = around.filter(|other| (other.start - line.start).abs() < 3.0 * line.size);
        same_column.map(|other| other.end).fold(line.end, f64::max)
    };
    lines.iter().enumerate().map(edge).collect()
}

/// Says whether a line begins a paragraph though no gap is above it: it is indented, or the line above ends long before the right
/// edge, or a little before it and with its sentence.
fn begins_paragraph(block: &Block, above: &Line, below: &Line, edge: f64) -> bool {
    let indented = block.kind == BlockKind::Paragraph && below.start > above.start + below.size * 0.8;
    let left_over = edge - above.end;
    // Below the text of an item, not below its bullet.
    let hangs = block.kind == BlockKind::Item && below.start > above.start + below.size * 0.5;
    let short = !hangs && left_over > (edge - above.start) * SHORT;
    let ended = short || is_whole(&above.text) && left_over > above.size * 4.0;
    indented || ended
}

/// Says whether a text ends as a sentence does.
fn is_whole(text: &str) -> bool {
    let text = text.trim_end_matches(['」', '』', '）', ')', '"', '”', '’']);
    text.ends_with(['。', '．', '！', '？', '.', '!', '?', ':', '：'])
}

/// The text of an item, if a line begins one.
fn item(line: &str) -> Option<String> {
    let bullets = [
        '•', '・', '●', '○', '■', '□', '◆', '◇', '▪', '▶', '►', '‣', '*', '–', '-', '※',
    ];
    let mut rest = line.chars();
    let first = rest.next()?;
    let rest = rest.as_str();
    if bullets.contains(&first) && rest.chars().any(char::is_alphanumeric) {
        let glued = matches!(first, '-' | '–' | '*') && !rest.starts_with(char::is_whitespace);
        return (!glued).then(|| rest.trim_start().to_owned());
    }
    let digits = line.len() - line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let circled = matches!(first, '①'..='⑳');
    let after = line.get(digits..)?;
    let numbered = (1..=2).contains(&digits)
        && after
            .strip_prefix(['.', ')', '．', '）'])
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_whitespace() || is_wide(c)));
    (circled || numbered).then(|| line.to_owned())
}

/// Puts two lines of a paragraph together: words that were cut become whole, and Japanese has no space where lines meet.
fn join(text: &mut String, next: &str) {
    let next = next.trim_start();
    let begins_small = next.starts_with(char::is_lowercase);
    let cut = text
        .strip_suffix(['\u{ad}', '\u{2010}', '-'])
        .filter(|before| before.ends_with(char::is_alphabetic));
    match cut.map(str::len) {
        Some(length) if begins_small => text.truncate(length),
        _ if text.ends_with(is_wide) || next.starts_with(is_wide) => {}
        _ => text.push(' '),
    }
    text.push_str(next);
}
