use std::cell::RefCell;

use nakai_morph::{Dictionary, Morpheme, Workspace};

use super::{Denial, Kind, Said};

/// What stands between something and what is meant instead.
#[rustfmt::skip]
const INSTEAD: &[&str] = &[
    "じゃなくて", "ではなくて", "ではなく", "じゃなく", "でなくて", "でなく",
];
/// Before that, these mean "not only".
#[rustfmt::skip]
const ONLY: &[&str] = &[
    "だけ", "のみ", "ばかり",
];
/// Words behind a negated word at the end of a clause, in their dictionary forms.
#[rustfmt::skip]
const BEHIND: &[&str] = &[
    "です", "だ", "ます", "で", "て", "た", "も", "いい", "よい", "良い", "結構", "大丈夫", "構う", "くださる", "下さい",
    "ください", "欲しい", "ほしい", "よ", "ね", "な", "が", "けど", "けれど", "けれども", "ので", "から", "し", "わ", "願う",
    "お願い", "する", "いただく", "ほう", "方",
];
/// Words between a negation and what is negated, in their dictionary forms.
#[rustfmt::skip]
const BETWEEN: &[&str] = &[
    "ます", "て", "で", "だ", "た", "たい", "は", "も", "が", "いる", "おる", "みる", "しまう", "わけ", "訳", "つもり", "の",
    "ん", "という", "って", "れる",
];
/// Words with which something is said to be none.
const COPULA: &[&str] = &["じゃ", "では", "じゃあ", "で", "だ"];
/// What stands between a thing and the word that there is none.
const PARTICLES: &[&str] = &["は", "が", "も"];

thread_local! {
    /// What the analysis needs room for, so that it is made once a thread.
    static WORKSPACE: RefCell<Workspace> = RefCell::default();
}

/// A word of a clause.
struct Word {
    base: String,
    major: &'static str,
    minor: &'static str,
}

/// Reads a folded Japanese clause.
pub(super) fn said(clause: &str) -> Said {
    let words = words(clause);
    if asks(&words) {
        return Said::Else;
    }
    let behind = words.iter().rposition(|word| !BEHIND.contains(&word.base.as_str()));
    let Some(last) = behind else { return Said::Else };
    if words.get(last).is_some_and(Word::negates) {
        return match negated(words.get(..last).unwrap_or_default()) {
            Some((word, kind)) => Said::Denies(Denial {
                word,
                kind,
                end: clause.len(),
            }),
            None => Said::Else,
        };
    }
    let mut stated = Vec::new();
    for word in &words {
        if word.negates() {
            // `食べられないものがあります` says nothing of eating.
            stated.pop();
        } else if word.is_content() {
            stated.push(word.base.clone());
        }
    }
    Said::States {
        words: stated,
        of_self: words
            .iter()
            .any(|word| matches!(word.base.as_str(), "ある" | "ござる" | "持つ")),
    }
}

/// What is left behind `ではなく` and the like; `None` without anything.
pub(super) fn instead(clause: &str) -> Option<&str> {
    let (start, word) = INSTEAD
        .iter()
        .filter_map(|word| Some((clause.find(word)?, *word)))
        .min_by_key(|(start, word)| (*start, usize::MAX - word.len()))?;
    let (before, behind) = (clause.get(..start)?, clause.get(start + word.len()..)?);
    let counts = !before.is_empty() && !ONLY.iter().any(|only| before.ends_with(only));
    // `予約じゃなくていいです` names nothing else.
    let names = words(behind)
        .iter()
        .any(|word| word.is_content() && !BEHIND.contains(&word.base.as_str()));
    (counts && names).then_some(behind)
}

/// The word that is negated by what follows these words.
fn negated(words: &[Word]) -> Option<(String, Kind)> {
    // `アレルギーはない`: what there is not stands before a particle.
    let last = words.last().map_or("", |word| word.base.as_str());
    let mut exists = PARTICLES.contains(&last) && !is_copula(words);
    for (at, word) in words.iter().enumerate().rev() {
        let base = word.base.as_str();
        if word.major == "動詞" && word.minor == "接尾" {
            // `食べられない` is no wish.
            return None;
        }
        if matches!(base, "ある" | "ござる") {
            exists = !is_copula(words.get(..at).unwrap_or_default());
        } else if base != "する" && !BETWEEN.contains(&base) && !COPULA.contains(&base) {
            let is_state = exists && word.major == "名詞";
            return Some((word.base.clone(), if is_state { Kind::State } else { Kind::Wish }));
        }
    }
    None
}

/// Says whether words end in one that says what something is: `では`, `じゃ`.
fn is_copula(words: &[Word]) -> bool {
    let mut ending = words.iter().rev().map(|word| word.base.as_str());
    match ending.next() {
        Some("は") => matches!(ending.next(), Some("で" | "だ")),
        Some(last) => COPULA.contains(&last),
        None => false,
    }
}

/// Says whether a clause asks something.
fn asks(words: &[Word]) -> bool {
    let mut ending = words.iter().rev().map(|word| word.base.as_str());
    matches!(ending.next(), Some("か" | "の" | "かな" | "かしら"))
}

impl Word {
    fn negates(&self) -> bool {
        matches!(
            (self.base.as_str(), self.major),
            ("ない", "助動詞" | "形容詞") | ("ん" | "ぬ", "助動詞")
        )
    }

    fn is_content(&self) -> bool {
        matches!(self.major, "名詞" | "動詞" | "形容詞") && self.minor != "接尾"
    }
}

fn words(clause: &str) -> Vec<Word> {
    let dictionary = Dictionary::ipadic();
    let mut morphemes: Vec<Morpheme> = Vec::new();
    WORKSPACE.with_borrow_mut(|workspace| dictionary.analyse(clause, workspace, &mut morphemes));
    let word = |morpheme: &Morpheme| Word {
        base: dictionary.base(morpheme, clause).into_owned(),
        major: morpheme.part_of_speech().major(),
        minor: morpheme.part_of_speech().minor(),
    };
    morphemes.iter().map(word).collect()
}
