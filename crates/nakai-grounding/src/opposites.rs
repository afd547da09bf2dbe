//! Words that exclude each other, in both languages.

use std::collections::BTreeSet;

use crate::terms::Terms;

/// Words that exclude each other, as stems and dictionary forms.
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
    ("早い", "遅い"),
    ("多い", "少ない"),
    ("大きい", "小さい"),
    ("高い", "低い"),
    ("高い", "安い"),
    ("長い", "短い"),
    ("増える", "減る"),
    ("暖かい", "冷たい"),
    ("earli", "latest"),
    ("same", "differ"),
    ("larger", "smaller"),
    ("larg", "small"),
    ("largest", "smallest"),
    ("bigger", "smaller"),
    ("higher", "lower"),
    ("high", "low"),
    ("highest", "lowest"),
    ("faster", "slower"),
    ("longer", "shorter"),
    ("older", "younger"),
    ("oldest", "youngest"),
    ("cheaper", "expens"),
    ("increas", "decreas"),
    ("rise", "fall"),
    ("simpler", "complex"),
    ("simpl", "complex"),
    ("first", "last"),
    ("public", "privat"),
    ("left", "right"),
    ("begin", "end"),
    ("start", "end"),
    ("includ", "exclud"),
    ("minimum", "maximum"),
    ("male", "femal"),
    ("weekday", "weekend"),
    ("insid", "outsid"),
    ("keep", "return"),
    ("heavier", "lighter"),
    ("earlier", "later"),
    ("earli", "late"),
    ("accept", "reject"),
    ("enabl", "disabl"),
    ("速い", "遅い"),
    ("最初", "最後"),
    ("公立", "私立"),
];
/// Words of which each excludes the others.
const CLASSES: &[&[&str]] = &[
    &[
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
    ],
    &[
        "januari", "februari", "march", "april", "june", "juli", "august", "septemb", "octob", "novemb", "decemb",
    ],
    &[
        "red", "blue", "green", "yellow", "grey", "gray", "white", "black", "orang", "brown", "purpl",
    ],
    &["north", "south", "east", "west"],
    &["赤", "青", "緑", "黄色", "灰色", "白", "黒", "紫", "茶色"],
    &["赤い", "青い", "白い", "黒い"],
    &["東口", "西口", "南口", "北口"],
    &["東", "西", "南", "北"],
    &["月曜日", "火曜日", "水曜日", "木曜日", "金曜日", "土曜日", "日曜日"],
];
/// Beginnings with which a word becomes its opposite.
const NEGATING: [&str; 4] = ["un", "in", "im", "non"];
const NEGATING_JAPANESE: [&str; 3] = ["未", "非", "無"];

/// Whether one says a word and the other, which says nothing of it, says its opposite.
pub(crate) fn opposed(a: &Terms, b: &Terms) -> bool {
    let opposed = |one: &str, other: &str| {
        let has = |terms: &Terms, word: &str| terms.words.contains(word);
        let opposed = |a: &Terms, b: &Terms| has(a, one) && !has(a, other) && has(b, other) && !has(b, one);
        opposed(a, b) || opposed(b, a)
    };
    let of_a_class = |class: &&[&str]| {
        let of = |terms: &Terms| class.iter().filter(|word| terms.words.contains(**word)).count();
        let shared = class
            .iter()
            .any(|word| a.words.contains(*word) && b.words.contains(*word));
        !shared && of(a) > 0 && of(b) > 0
    };
    OPPOSITES.iter().any(|(one, other)| opposed(one, other))
        || CLASSES.iter().any(of_a_class)
        || a.words
            .union(&b.words)
            .any(|word| negated(word).any(|negated| opposed(word, &negated)))
}

/// Whether a word has an opposite.
pub(crate) fn is_opposite(word: &str) -> bool {
    OPPOSITES.iter().any(|(one, other)| *one == word || *other == word)
        || CLASSES.iter().any(|class| class.contains(&word))
}

/// Whether words include one or its opposite by a beginning such as `un`.
pub(crate) fn includes(words: &BTreeSet<String>, word: &str) -> bool {
    words.contains(word)
        || negated(word).any(|negated| words.contains(&negated))
        || NEGATING.iter().chain(&NEGATING_JAPANESE).any(|beginning| {
            let plain = word.strip_prefix(beginning).filter(|plain| plain.len() > 2);
            plain.is_some_and(|plain| words.contains(plain) || words.contains(&format!("{plain}e")))
        })
        || CLASSES
            .iter()
            .any(|class| class.contains(&word) && class.iter().any(|other| words.contains(*other)))
        || OPPOSITES
            .iter()
            .any(|(one, other)| (*one == word && words.contains(*other)) || (*other == word && words.contains(*one)))
}

/// What a word becomes with each of the beginnings; a short word with one is another word. Stems lose an `e` at their end with some.
fn negated(word: &str) -> impl Iterator<Item = String> {
    let beginnings = match (word.is_ascii(), word.chars().count()) {
        (true, 3..) => &NEGATING[..],
        (false, 2..) => &NEGATING_JAPANESE[..],
        _ => &[],
    };
    let with = move |beginning: &&str| {
        [
            format!("{beginning}{word}"),
            format!("{beginning}{}", word.trim_end_matches('e')),
        ]
    };
    beginnings.iter().flat_map(with)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terms::{TermFinder, fold};

    #[test]
    fn opposites_exclude_each_other() {
        let terms = |text: &str| TermFinder::new().terms(&fold(text));
        for (a, b, expected) in [
            ("files larger than these", "files smaller than these", true),
            ("used goods", "unused goods", true),
            ("used goods", "used and unused goods", false),
            ("雨の多い季節", "雨の少ない季節", true),
            ("the pool", "the sauna", false),
        ] {
            assert_eq!(opposed(&terms(a), &terms(b)), expected, "{a} / {b}");
        }
    }
}
