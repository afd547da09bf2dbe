//! Whether a clause affirms or denies, and words that exclude each other.

use crate::terms::{Terms, is_japanese};

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
const DENIALS_JAPANESE: &[&str] = &[
    "ない",
    "ぬ",
    "ん",
    "まい",
    "不可",
    "不要",
    "不可能",
    "禁止",
    "無し",
    "なし",
    "断り",
    "断る",
    "遠慮",
    "お断り",
    "ご遠慮",
    "やめる",
    "控える",
];
/// Forms of denial that deny nothing.
const HARMLESS: &[&str] = &[
    "なければなりません",
    "なければいけません",
    "なくてはなりません",
    "なくてはいけません",
    "なければならない",
    "なくてはならない",
    "かもしれない",
    "かもしれません",
    "問わず",
    "にもかかわらず",
    "すみません",
    "申し訳ありません",
    "申し訳ございません",
    "だけでなく",
    "しなければなら",
    "なければなり",
    "なければいけ",
    "なくてはなり",
    "なくてはいけ",
    "not only",
    "no matter",
    "no problem",
    "with no",
    "問題ありません",
    "もちろん",
    "少なくありません",
    "ご心配いりません",
];
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

/// Whether a folded clause denies.
pub(crate) fn denies(clause: &str, terms: &Terms) -> bool {
    let lower = clause.to_lowercase();
    let mut text = lower.clone();
    for harmless in HARMLESS {
        text = text.replace(harmless, "");
    }
    if is_japanese(clause) {
        let words = DENIALS_JAPANESE
            .iter()
            .any(|denial| terms.bases.iter().any(|base| base == denial));
        let still = if text == lower {
            words
        } else {
            words && leaves_a_denial(&text)
        };
        return still;
    }
    text.split(|c: char| !(c.is_alphanumeric() || c == '\''))
        .any(|word| DENIALS_ENGLISH.contains(&word) || word.ends_with("n't"))
}

/// Whether a Japanese text without its harmless forms still has one of denial.
fn leaves_a_denial(text: &str) -> bool {
    ["ない", "ません", "なく", "ず", "不可", "不要", "禁止", "断り", "遠慮"]
        .iter()
        .any(|denial| text.contains(denial))
}

/// Whether one says a word and the other, which says nothing of it, says its opposite.
pub(crate) fn opposed(a: &Terms, b: &Terms) -> bool {
    OPPOSITES.iter().any(|(one, other)| {
        let has = |terms: &Terms, word: &str| terms.words.contains(word);
        let opposed = |a: &Terms, b: &Terms| has(a, one) && !has(a, other) && has(b, other) && !has(b, one);
        opposed(a, b) || opposed(b, a)
    })
}

/// Cuts a folded sentence into clauses.
pub(crate) fn clauses(folded: &str) -> Vec<&str> {
    const JOINTS: [&str; 9] = [
        ", but ",
        ", so ",
        ", and ",
        ", because ",
        ", as ",
        "; ",
        ": ",
        ", ",
        "、",
    ];
    let mut clauses = vec![folded];
    for joint in JOINTS {
        clauses = clauses.into_iter().flat_map(|clause| clause.split(joint)).collect();
    }
    clauses.retain(|clause| !clause.trim().is_empty());
    clauses
}

#[cfg(test)]
mod tests {
    use crate::terms::{TermFinder, fold};

    #[test]
    fn denials_are_told_from_affirmations() {
        let finder = TermFinder::new();
        let denies = |text: &str| {
            let folded = fold(text);
            super::denies(&folded, &finder.terms(&folded))
        };
        for text in [
            "Pets aren't allowed.",
            "You need no reservation.",
            "ペットはお断りしております。",
            "ご予約は不要です。",
            "追加料金はかかりません。",
            "ご遠慮ください。",
        ] {
            assert!(denies(text), "{text}");
        }
        for text in [
            "Pets are welcome.",
            "Not only guests can eat here.",
            "ご予約が必要です。",
            "昼夜を問わずお入りいただけます。",
            "ご予約いただかなければなりません。",
        ] {
            assert!(!denies(text), "{text}");
        }
    }
}
