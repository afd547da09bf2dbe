//! Whether an English clause affirms or denies, and words that exclude each other in both languages.

use std::ops::Range;

use crate::terms::Terms;

const DENIALS_ENGLISH: &[&str] = &[
    "not",
    "no",
    "never",
    "nor",
    "neither",
    "none",
    "cannot",
    "without",
    "unable",
    "prohibited",
    "forbidden",
    "banned",
    "refuse",
    "refused",
    "unavailable",
    "impossible",
    "unnecessary",
    "exempt",
    "excluded",
    "nothing",
    "nobody",
    "nowhere",
];
/// Forms of denial that deny nothing.
const HARMLESS: &[&str] = &["not only", "no matter", "no problem", "with no"];
/// Words that exclude each other.
const OPPOSITES: &[(&str, &str)] = &[
    ("無料", "有料"),
    ("free", "paid"),
    ("open", "close"),
    ("allow", "forbid"),
    ("必要", "不要"),
    ("必須", "不要"),
    ("込み", "別"),
    ("含む", "別途"),
    ("開く", "閉める"),
    ("同じ", "違う"),
    ("women", "men"),
    ("赤", "青"),
    ("早い", "遅い"),
    ("earli", "latest"),
];

/// Whether a folded English clause denies.
fn denies(clause: &str) -> bool {
    let mut text = clause.to_lowercase();
    for harmless in HARMLESS {
        text = text.replace(harmless, "");
    }
    text.split(|c: char| !(c.is_alphanumeric() || c == '\''))
        .any(|word| DENIALS_ENGLISH.contains(&word) || word.ends_with("n't"))
}

/// Whether one says a word and the other, which says nothing of it, says its opposite.
pub(crate) fn opposed(a: &Terms, b: &Terms) -> bool {
    OPPOSITES.iter().any(|(one, other)| {
        let has = |terms: &Terms, word: &str| terms.words.contains(word);
        let opposed = |a: &Terms, b: &Terms| has(a, one) && !has(a, other) && has(b, other) && !has(b, one);
        opposed(a, b) || opposed(b, a)
    })
}

/// Cuts a folded English sentence into clauses, and says of each whether it denies.
pub(crate) fn clauses(folded: &str) -> Vec<(Range<usize>, bool)> {
    const JOINTS: [&str; 8] = [", but ", ", so ", ", and ", ", because ", ", as ", "; ", ": ", ", "];
    let mut clauses = Vec::new();
    let mut begin = 0;
    while begin < folded.len() {
        let rest = &folded[begin..];
        let joint = JOINTS
            .iter()
            .filter_map(|joint| rest.find(joint).map(|at| (at, joint.len())))
            .min_by_key(|(at, length)| (*at, std::cmp::Reverse(*length)));
        let (end, next) = joint.map_or((rest.len(), rest.len()), |(at, length)| (at, at + length));
        if !rest[..end].trim().is_empty() {
            clauses.push((begin..begin + end, denies(&rest[..end])));
        }
        begin += next;
    }
    clauses
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn denials_are_told_from_affirmations() {
        for text in ["Pets aren't allowed.", "You need no reservation."] {
            assert!(denies(text), "{text}");
        }
        for text in ["Pets are welcome.", "Not only guests can eat here."] {
            assert!(!denies(text), "{text}");
        }
    }

    #[test]
    fn clauses_end_where_another_begins() {
        let text = "Pets can't stay, but dogs that assist are welcome, free of charge.";
        let cut: Vec<_> = clauses(text)
            .into_iter()
            .map(|(range, denies)| (&text[range], denies))
            .collect();
        let expected = [
            ("Pets can't stay", true),
            ("dogs that assist are welcome", false),
            ("free of charge.", false),
        ];
        assert_eq!(cut, expected);
    }
}
