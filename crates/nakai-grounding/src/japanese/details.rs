//! What a Japanese clause says besides its predicate: what acts, under which condition, of how many, before or after what.

use std::ops::Range;

use super::{Chain, Reader, words::nominal};
use crate::{
    clause::{ANYBODY, Demand, Quantifier, Relation},
    terms::is_empty_japanese,
};

/// What a sentence makes the condition of what it states.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Condition {
    /// Where it stands in the sentence, in bytes.
    pub(crate) range: Range<usize>,
    pub(crate) denies: bool,
    /// `ても`: that it makes no difference.
    pub(crate) regardless: bool,
}

/// The nouns of a clause by what they are to its predicate.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Arguments {
    /// Those of its topic and its subject.
    pub(crate) subject: Vec<String>,
    /// Of those, the ones that `が` marks.
    pub(crate) agent: Vec<String>,
    /// Those that the predicate is directed at.
    pub(crate) rest: Vec<String>,
}

/// Words that restrict a sentence.
const RESTRICTIONS: [&str; 10] = [
    "除",
    "だけ",
    "のみ",
    "しか",
    "限",
    "専用",
    "以外",
    "ません",
    "ない",
    "不可",
];
const ANYBODY_WORDS: [&str; 4] = ["どなたでも", "誰でも", "だれでも", "誰もが"];
const ALL: [&str; 5] = ["全て", "すべて", "全員", "必ず", "常に"];
const SOME: [&str; 7] = ["多く", "ほとんど", "大半", "一部", "ほぼ", "たいてい", "通常"];

/// Whether a folded sentence restricts anything.
pub(crate) fn restricts(folded: &str) -> bool {
    let folded = without_honorifics(folded);
    RESTRICTIONS.iter().any(|word| folded.contains(word))
}

/// A text in which `いただけ` is not taken for `だけ`.
fn without_honorifics(folded: &str) -> String {
    folded.replace("いただけ", "")
}

/// Of how many a folded clause speaks.
pub(crate) fn quantifiers(clause: &str) -> Vec<(Quantifier, String)> {
    let clause = without_honorifics(clause);
    let says = |words: &[&str]| words.iter().any(|word| clause.contains(word));
    let mut quantifiers = Vec::new();
    if says(&["だけ", "のみ", "しか"]) {
        quantifiers.push((Quantifier::Only, String::new()));
    }
    if says(&ANYBODY_WORDS) {
        quantifiers.push((Quantifier::All, ANYBODY.to_owned()));
    }
    if says(&ALL) {
        quantifiers.push((Quantifier::All, String::new()));
    }
    if says(&SOME) {
        quantifiers.push((Quantifier::Some, String::new()));
    }
    quantifiers
}

impl Reader<'_> {
    /// The condition that a chain which states nothing is.
    pub(super) fn condition(&self, begin: usize, chain: &Chain) -> Option<Condition> {
        let (next, behind) = (self.surface(chain.end), self.surface(chain.end + 1));
        let last = self.surface(chain.end - 1);
        let regardless =
            (matches!(next, "て" | "で" | "場合" | "とき") && behind == "も") || matches!(next, "ても" | "でも");
        let is_condition = regardless
            || matches!(next, "ば" | "と" | "とき" | "時" | "場合" | "際" | "なら" | "たら")
            || matches!(last, "たら" | "なら" | "だら");
        if !is_condition {
            return None;
        }
        let pause = (begin..chain.head).rev().find(|at| self.surface(*at) == "、");
        let begin = pause.map_or(begin, |at| at + 1);
        let (_, itself) = self.predicate(begin, chain);
        Some(Condition {
            range: self.start(begin)..self.start(chain.end),
            denies: chain.denies != itself,
            regardless,
        })
    }

    /// Whether a chain says that something has to be or can be.
    pub(super) fn demand(&self, chain: &Chain) -> Demand {
        let said = &self.folded[self.start(chain.head)..self.start(chain.end)];
        let has = |words: &[&str]| words.iter().any(|word| said.contains(word));
        if has(&["なければ", "なくて"]) && has(&["なり", "なら", "いけ"]) {
            Demand::Must
        } else if has(&["でき", "出来", "いただけ", "頂け", "可能", "構"]) {
            Demand::Can
        } else {
            Demand::Plain
        }
    }

    /// The nouns of a clause by the particles behind them.
    pub(super) fn arguments(&self, begin: usize, chain: &Chain) -> Arguments {
        let mut arguments = Arguments::default();
        let mut nouns: Vec<String> = Vec::new();
        for at in begin..chain.head {
            match self.part(at) {
                Some(("名詞", minor)) if !matches!(minor, "数" | "非自立") => nouns.push(nominal(&self.base(at))),
                Some(("接頭詞" | "名詞", _)) => {}
                Some(("助詞", _)) => {
                    // 辞書や事典は, 返品の送料は
                    if matches!(self.surface(at), "や" | "と" | "の") {
                        continue;
                    }
                    let nouns = std::mem::take(&mut nouns);
                    let carrying = nouns.iter().filter(|noun| !is_empty_japanese(noun)).cloned();
                    match self.surface(at) {
                        "は" | "も" => arguments.subject.extend(carrying),
                        "が" => {
                            arguments.subject.extend(carrying);
                            arguments.agent.extend(nouns);
                        }
                        "を" | "に" | "へ" => arguments.rest.extend(carrying),
                        _ => {}
                    }
                }
                Some(("記号", _)) => {}
                _ => nouns.clear(),
            }
        }
        arguments
    }

    /// Where a clause leaves something out: `ライト運賃を除く`.
    pub(super) fn exclusion(&self, begin: usize, end: usize) -> Option<Range<usize>> {
        let excludes = |at: &usize| self.base(*at) == "除く" || self.surface(*at) == "以外";
        let at = (begin..end).find(excludes)?;
        let from = (begin..at)
            .rev()
            .find(|at| matches!(self.surface(*at), "、" | "は" | "が"));
        Some(self.start(from.map_or(begin, |at| at + 1))..self.start(at + 1))
    }

    /// What stands before or after what: `空港を出る前に`, `届け出の後`.
    pub(super) fn relations(&self, begin: usize, end: usize) -> Vec<(Relation, String)> {
        (begin + 1..end)
            .filter_map(|at| {
                let relation = match self.surface(at) {
                    "前" => Relation::Until,
                    "後" | "あと" => Relation::After,
                    _ => return None,
                };
                let before = (begin..at).rev().find(|at| {
                    !matches!(
                        self.part(*at),
                        Some(("助動詞" | "助詞", _)) | Some(("動詞", "接尾" | "非自立"))
                    )
                })?;
                let (major, minor) = self.part(before)?;
                let is_head = matches!(major, "動詞" | "名詞") && minor != "数" && minor != "接尾";
                is_head.then(|| (relation, nominal(&self.base(before))))
            })
            .collect()
    }
}
