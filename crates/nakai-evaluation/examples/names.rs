//! `names ja|en FILE…`: scores the names of labelled files by kind, exactly and by overlap. Reads the JSONL of the Stockmark set
//! (`text`, `entities` with `span` in characters), that of Presidio (`full_text`, `spans`), and BIO lines. `WRONG=Person` lists what is
//! missed and what is found in vain of a kind.
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a tool for developers")]

use std::{collections::BTreeMap, ops::Range};

use nakai_entities::names::{self, NameKind};
use nakai_types::Language;

struct Row {
    text: String,
    gold: Vec<(Range<usize>, NameKind)>,
}

#[derive(Default, Clone, Copy)]
struct Counts {
    gold: usize,
    found: usize,
    exact: usize,
    touched_gold: usize,
    touched_found: usize,
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let language: Language = arguments.next().unwrap().parse().unwrap();
    let wrong = std::env::var("WRONG").unwrap_or_default();
    for file in arguments {
        let content = std::fs::read_to_string(&file).unwrap();
        let rows = if file.ends_with(".bio") {
            bio(&content)
        } else {
            jsonl(&content)
        };
        let mut counts: BTreeMap<NameKind, Counts> = BTreeMap::new();
        for row in &rows {
            let mentions = names::find(&row.text, language);
            let found: Vec<(Range<usize>, NameKind)> = mentions
                .into_iter()
                .map(|mention| (mention.range, mention.readings[0].kind))
                .collect();
            for kind in [
                NameKind::Person,
                NameKind::Place,
                NameKind::Organisation,
                NameKind::Facility,
            ] {
                let of = |all: &[(Range<usize>, NameKind)]| -> Vec<Range<usize>> {
                    all.iter()
                        .filter(|(_, other)| *other == kind)
                        .map(|(range, _)| range.clone())
                        .collect()
                };
                let (gold, found) = (of(&row.gold), of(&found));
                let touches =
                    |a: &Range<usize>, all: &[Range<usize>]| all.iter().any(|b| a.start < b.end && b.start < a.end);
                let counts = counts.entry(kind).or_default();
                counts.gold += gold.len();
                counts.found += found.len();
                counts.exact += gold.iter().filter(|range| found.contains(range)).count();
                counts.touched_gold += gold.iter().filter(|range| touches(range, &found)).count();
                counts.touched_found += found.iter().filter(|range| touches(range, &gold)).count();
                if format!("{kind:?}") == wrong {
                    let show = |ranges: &[Range<usize>], others: &[Range<usize>]| -> Vec<String> {
                        ranges
                            .iter()
                            .filter(|range| !others.contains(range))
                            .map(|range| row.text[range.clone()].to_owned())
                            .collect()
                    };
                    let (missed, vain) = (show(&gold, &found), show(&found, &gold));
                    if !missed.is_empty() || !vain.is_empty() {
                        println!("{}\n    missed {missed:?}  in vain {vain:?}", row.text);
                    }
                }
            }
        }
        println!("{file}\nkind          gold found | exact P    R    F1 | overlap P    R    F1");
        for (kind, c) in counts {
            let (p, r, f) = rates(c.exact, c.found, c.exact, c.gold);
            let (op, or, of) = rates(c.touched_found, c.found, c.touched_gold, c.gold);
            println!(
                "{:<13} {:>4} {:>5} | {p:.3} {r:.3} {f:.3} | {op:.3} {or:.3} {of:.3}",
                format!("{kind:?}"),
                c.gold,
                c.found
            );
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts are small")]
fn rates(right_found: usize, found: usize, right_gold: usize, gold: usize) -> (f64, f64, f64) {
    let precision = right_found as f64 / found.max(1) as f64;
    let recall = right_gold as f64 / gold.max(1) as f64;
    (
        precision,
        recall,
        2.0 * precision * recall / (precision + recall).max(1e-9),
    )
}

fn kind(label: &str) -> Option<NameKind> {
    match label {
        "人名" | "PERSON" => Some(NameKind::Person),
        "地名" | "GPE" | "LOC" => Some(NameKind::Place),
        "法人名" | "政治的組織名" | "その他の組織名" | "ORG" | "ORGANIZATION" => {
            Some(NameKind::Organisation)
        }
        "施設名" | "FAC" => Some(NameKind::Facility),
        _ => None,
    }
}

/// Tokens and tags; Japanese tokens are joined without spaces.
fn bio(content: &str) -> Vec<Row> {
    let sentence = |block: &str| {
        let mut row = Row {
            text: String::new(),
            gold: Vec::new(),
        };
        let mut open: Option<(usize, &str)> = None;
        for line in block.lines() {
            let (token, tag) = line.split_once('\t').unwrap();
            let start = row.text.len();
            if !tag.starts_with("I-") {
                if let Some((from, label)) = open.take() {
                    row.gold.extend(kind(label).map(|kind| (from..start, kind)));
                }
                open = tag.strip_prefix("B-").map(|label| (start, label));
            }
            row.text.push_str(token);
        }
        if let Some((from, label)) = open {
            row.gold.extend(kind(label).map(|kind| (from..row.text.len(), kind)));
        }
        row
    };
    content
        .split("\n\n")
        .filter(|block| !block.trim().is_empty())
        .map(sentence)
        .collect()
}

fn jsonl(content: &str) -> Vec<Row> {
    let row = |line: &str| {
        let fields: serde_json::Value = serde_json::from_str(line).unwrap();
        let text = fields
            .get("text")
            .or_else(|| fields.get("full_text"))
            .unwrap()
            .as_str()
            .unwrap()
            .to_owned();
        let spans = fields.get("entities").or_else(|| fields.get("spans")).unwrap();
        let byte = |characters: &serde_json::Value| {
            let characters = characters.as_u64().unwrap().try_into().unwrap();
            text.char_indices().nth(characters).map_or(text.len(), |(at, _)| at)
        };
        let gold = spans
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|span| {
                let label = span.get("type").or_else(|| span.get("entity_type"))?.as_str()?;
                let (start, end) = match span.get("span") {
                    Some(pair) => (&pair[0], &pair[1]),
                    None => (span.get("start_position")?, span.get("end_position")?),
                };
                Some((byte(start)..byte(end), kind(label)?))
            })
            .collect();
        Row { text, gold }
    };
    content.lines().filter(|line| !line.is_empty()).map(row).collect()
}
