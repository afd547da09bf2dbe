use super::Reader;
use crate::numbers::{Bound, Folded, Interval, english::Found};

/// A number as a bound, with its place in characters.
#[derive(Debug, Clone, Copy)]
struct Atom {
    start: usize,
    /// With its counter, if counters are taken with numbers.
    end: usize,
    value: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Relation {
    More,
    MoreOrEqual,
    Less,
    LessOrEqual,
    Equal,
}

/// What is counted, as one character after a number.
const COUNTERS: &str = "個人本枚件回冊台名点匹箱袋組品泊";

/// Comparisons before a number, the longer first.
const PREFIXES: &[(&str, Relation)] = &[
    ("大なりイコール", Relation::MoreOrEqual),
    ("小なりイコール", Relation::LessOrEqual),
    ("少なくとも", Relation::MoreOrEqual),
    ("多くとも", Relation::LessOrEqual),
    ("イコール", Relation::Equal),
    ("多くて", Relation::LessOrEqual),
    ("大なり", Relation::More),
    ("小なり", Relation::Less),
    ("最大", Relation::LessOrEqual),
    ("最高", Relation::LessOrEqual),
    ("最低", Relation::MoreOrEqual),
    ("最小", Relation::MoreOrEqual),
    ("最少", Relation::MoreOrEqual),
    (">=", Relation::MoreOrEqual),
    ("<=", Relation::LessOrEqual),
    ("≧", Relation::MoreOrEqual),
    ("≦", Relation::LessOrEqual),
    ("≥", Relation::MoreOrEqual),
    ("≤", Relation::LessOrEqual),
    (">", Relation::More),
    ("<", Relation::Less),
    ("=", Relation::Equal),
];

/// Comparisons after a number, the longer first.
const SUFFIXES: &[(&str, Relation)] = &[
    ("もしくはそれ以上", Relation::MoreOrEqual),
    ("あるいはそれ以上", Relation::MoreOrEqual),
    ("またはそれ以上", Relation::MoreOrEqual),
    ("かそれ以上", Relation::MoreOrEqual),
    ("もしくはそれ以下", Relation::LessOrEqual),
    ("あるいはそれ以下", Relation::LessOrEqual),
    ("またはそれ以下", Relation::LessOrEqual),
    ("かそれ以下", Relation::LessOrEqual),
    ("以上", Relation::MoreOrEqual),
    ("以下", Relation::LessOrEqual),
    ("未満", Relation::Less),
    ("に等しい", Relation::Equal),
    ("と等しい", Relation::Equal),
    ("を超える", Relation::More),
    ("を超えて", Relation::More),
    ("を超え", Relation::More),
    ("を上回る", Relation::More),
    ("を下回る", Relation::Less),
    ("超える", Relation::More),
    ("超え", Relation::More),
    ("大なり", Relation::More),
    ("小なり", Relation::Less),
];

/// Adjectives of comparison after `より`, the longer first.
const MORE: &[&str] = &["大きい", "大きく", "大なり", "多い", "多く", "高い", "高く", "上"];
const LESS: &[&str] = &["小さい", "小さく", "小なり", "少ない", "少なく", "低い", "低く", "下"];
/// What makes a comparison one with the number itself.
const OR_EQUAL: &[&str] = &["か等しい", "かイコール", "か同じ", "イコール", "または等しい"];
/// What can stand between two comparisons that are one range.
const JOINTS: &[&str] = &[
    "と同時に",
    "同時に",
    "とそして",
    "そして",
    "かつ",
    "て",
    "と",
    "は",
    "が",
    "で",
    "、",
    "，",
    ",",
];

/// The ranges between the numbers of a text, in order; with counters also those of things that are counted (`3個以上`).
pub(crate) fn ranges(reader: &Reader<'_>, numbers: &[Found], with_counters: bool) -> Vec<Interval> {
    let text = reader.text;
    let atoms = atoms(reader, numbers, with_counters);
    let mut found = Vec::new();
    let mut index = 0;
    while let Some(atom) = atoms.get(index) {
        let next = atoms.get(index + 1);
        if let Some(range) = next.and_then(|next| between(text, *atom, *next)) {
            found.push(range);
            index += 2;
            continue;
        }
        let Some(first) = single(text, *atom) else {
            index += 1;
            continue;
        };
        let second = next
            .and_then(|next| single(text, *next))
            .and_then(|second| together(text, first, second));
        index += if second.is_some() { 2 } else { 1 };
        found.push(second.unwrap_or(first));
    }
    found
}

/// Numbers and ordinals.
fn atoms(reader: &Reader<'_>, numbers: &[Found], with_counters: bool) -> Vec<Atom> {
    let with_prefix = |start: usize| {
        ["第", "だい"]
            .iter()
            .find_map(|word| reader.text.ends_with(start, word))
    };
    numbers
        .iter()
        .map(|number| Atom {
            start: with_prefix(number.start).unwrap_or(number.start),
            end: number.end + usize::from(with_counters && COUNTERS.contains(reader.text.at(number.end))),
            value: number.value,
        })
        .collect()
}

/// `20と30の間`, `1から5`, `20~100`, `20から100未満`.
fn between(text: &Folded, low: Atom, high: Atom) -> Option<Interval> {
    let after = text.skip_spaces(low.end);
    let joint = |words: &[&str]| {
        words
            .iter()
            .find_map(|word| text.starts_with(after, word))
            .filter(|end| text.skip_spaces(*end) == high.start)
    };
    let inside = ["の間", "の中"]
        .iter()
        .find_map(|word| text.starts_with(text.skip_spaces(high.end), word));
    let signs = joint(&["~", "〜", "-", "–", "—", "--"]);
    let (end, included) = if joint(&["と"]).is_some() {
        (inside?, false)
    } else {
        signs.or_else(|| joint(&["から"]))?;
        let suffix = [("未満", false), ("まで", false), ("以下", true), ("の間", false)]
            .iter()
            .find_map(|(word, included)| Some((text.starts_with(high.end, word)?, *included)));
        suffix.unwrap_or((high.end, false))
    };
    // A chain of signs is a telephone number or a date.
    let sign = |c: char| matches!(c, '-' | '/' | '+');
    let chained = sign(text.before(low.start)) || (sign(text.at(high.end)) && text.at(high.end + 1).is_ascii_digit());
    if low.value > high.value || (signs.is_some() && chained) {
        return None;
    }
    let bound = |value, included| Some(Bound { value, included });
    Some(Interval {
        start: low.start,
        end,
        low: bound(low.value, true),
        high: bound(high.value, included),
    })
}

/// A comparison with one number.
fn single(text: &Folded, atom: Atom) -> Option<Interval> {
    let (start, end, relation) = prefix(text, atom).or_else(|| suffix(text, atom))?;
    let bound = |included| {
        Some(Bound {
            value: atom.value,
            included,
        })
    };
    let (low, high) = match relation {
        Relation::More => (bound(false), None),
        Relation::MoreOrEqual => (bound(true), None),
        Relation::Less => (None, bound(false)),
        Relation::LessOrEqual => (None, bound(true)),
        Relation::Equal => (bound(true), bound(true)),
    };
    Some(Interval { start, end, low, high })
}

fn prefix(text: &Folded, atom: Atom) -> Option<(usize, usize, Relation)> {
    let before = text.skip_spaces_back(atom.start);
    let (start, relation) = PREFIXES
        .iter()
        .find_map(|(word, relation)| Some((text.ends_with(before, word)?, *relation)))?;
    // `<>` says nothing.
    let sign = |c: char| matches!(c, '<' | '>' | '=');
    let unclear = sign(text.at(start)) && sign(text.before(start));
    (!unclear).then_some((start, atom.end, relation))
}

fn suffix(text: &Folded, atom: Atom) -> Option<(usize, usize, Relation)> {
    let after = text.skip_spaces(atom.end);
    let word = |words: &[&str], at: usize| words.iter().find_map(|word| text.starts_with(at, word));
    let plain = || {
        SUFFIXES
            .iter()
            .find_map(|(word, relation)| Some((text.starts_with(after, word)?, *relation)))
    };
    let compared = || {
        let than = text.starts_with(after, "より")?;
        let (end, more) = word(MORE, than)
            .map(|end| (end, true))
            .or_else(|| word(LESS, than).map(|end| (end, false)))?;
        // `より大きくない`.
        if let Some(end) = text.starts_with(end, "ない") {
            let relation = if more {
                Relation::LessOrEqual
            } else {
                Relation::MoreOrEqual
            };
            return Some((end, relation));
        }
        Some(match (word(OR_EQUAL, end), more) {
            (Some(end), true) => (end, Relation::MoreOrEqual),
            (Some(end), false) => (end, Relation::LessOrEqual),
            (None, true) => (end, Relation::More),
            (None, false) => (end, Relation::Less),
        })
    };
    let (end, relation) = compared().or_else(plain)?;
    Some((atom.start, end, relation))
}

/// Two comparisons, one from below and one from above, that stand together.
fn together(text: &Folded, first: Interval, second: Interval) -> Option<Interval> {
    let (low, high) = match (first.low, first.high, second.low, second.high) {
        (Some(low), None, None, Some(high)) | (None, Some(high), Some(low), None) => (low, high),
        _ => return None,
    };
    let mut between = text.skip_spaces(first.end);
    // `大きくて、` has two of them.
    for _ in 0..2 {
        if between < second.start {
            let joint = JOINTS.iter().find_map(|joint| text.starts_with(between, joint));
            between = text.skip_spaces(joint.unwrap_or(between));
        }
    }
    (between == second.start && low.can_reach(high)).then_some(Interval {
        start: first.start,
        end: second.end,
        low: Some(low),
        high: Some(high),
    })
}
