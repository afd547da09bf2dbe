//! What an utterance says is not wanted: `please don't cancel` is no wish to cancel, `予約の変更ではなく新規です` no wish to change.
//!
//! Most negations are none of a wish: `the door won't open`, `届かない` and `isn't there any wifi` are problems and questions. So a
//! clause denies an intent only if the very word that it negates is typical of the intent's examples, and never negated there: customers
//! who want to cancel say `cancel`, those with a problem say `it does not open`. `english` and `japanese` find the negated word; the
//! bot's own examples decide.

mod english;
mod japanese;

use std::{
    collections::{HashMap, HashSet},
    sync::OnceLock,
};

use super::{TrainingSet, social::clauses};
use crate::{
    folded::{Folded, is_japanese},
    text::Normalised,
};

/// So many examples of an intent tell how its customers speak.
const EXAMPLES: usize = 256;
/// A word is typical of an intent if so large a share of the clauses in its examples say it.
const TYPICAL: f32 = 0.05;
/// Longer clauses deny nothing, in bytes.
const LONGEST: usize = 600;

/// What every clause has that denies something; `つない` and `すみません` have it too.
#[rustfmt::skip]
const CUES: &[&str] = &[
    "n't", "dont", "not", "never", "no ",
    "ない", "なく", "なか", "なけ", "無", "せん", "らん", "ぬ", "ず",
];

/// Says whether a folded text may deny anything or mean something instead of another: what has no cue is not worth an analysis.
pub(super) fn has_cue(text: &str) -> bool {
    CUES.iter().any(|cue| text.contains(cue))
}

/// What a clause denies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Denial {
    /// The word that is negated, in the form in which examples are compared with it.
    word: String,
    kind: Kind,
    /// Where in the clause something else begins that is wanted instead; the length of the clause if nothing does.
    pub(super) end: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Something is not to be done, or not meant.
    Wish,
    /// The customer has or is something not.
    State,
}

/// What a clause says, as far as negation goes.
#[derive(Debug, PartialEq, Eq)]
enum Said {
    /// The clause denies something.
    Denies(Denial),
    /// It says so: the words in it, and whether they say what the customer has or is.
    States { words: Vec<String>, of_self: bool },
    /// It asks, or is negative in another way.
    Else,
}

impl Said {
    fn of(clause: &str) -> Self {
        if clause.len() > LONGEST {
            Self::Else
        } else if clause.contains(is_japanese) {
            japanese::said(clause)
        } else {
            english::said(clause)
        }
    }
}

/// Finds what a clause denies, whatever the bot.
pub(super) fn denial(clause: &str) -> Option<Denial> {
    if !has_cue(clause) {
        return None;
    }
    match Said::of(clause) {
        Said::Denies(denial) => Some(denial),
        _ => None,
    }
}

/// Gives what is left of a clause that says what is meant instead of something: `貸切のほう` of `大浴場ではなく貸切のほう`.
pub(super) fn instead(clause: &str) -> Option<&str> {
    japanese::instead(clause)
}

/// How the customers of each intent speak.
#[derive(Debug, Default)]
pub(super) struct Spoken {
    /// By intent: some of its examples.
    examples: Vec<Vec<Box<str>>>,
    /// By intent: what they say. Found out when it is first asked for, which is rare.
    words: Vec<OnceLock<Words>>,
}

/// The words of an intent's examples.
#[derive(Debug, Default)]
struct Words {
    /// How many clauses say a word.
    stated: HashMap<String, usize>,
    /// Words of clauses that say what customers have or are.
    of_self: HashSet<String>,
    negated: HashSet<String>,
    /// Whether they say in English what is not to be done: `don't speak so fast` is a wish of its own, then `don't talk` may be too.
    /// Negative verbs of Japanese are problems more often than that.
    unwished: bool,
    clauses: usize,
}

impl Spoken {
    /// Takes some examples of each intent of a set.
    pub(super) fn new(set: &TrainingSet) -> Self {
        let some = |examples: &Vec<String>| {
            let step = examples.len().div_ceil(EXAMPLES).max(1);
            let some = examples.iter().step_by(step);
            some.map(|example| example.as_str().into()).collect()
        };
        Self {
            examples: set.intents.iter().map(|intent| some(&intent.examples)).collect(),
            words: set.intents.iter().map(|_| OnceLock::new()).collect(),
        }
    }

    /// Says whether a denial in an utterance of an intent denies the intent.
    pub(super) fn is_denied(&self, intent: usize, denial: &Denial) -> bool {
        let (Some(examples), Some(words)) = (self.examples.get(intent), self.words.get(intent)) else {
            return false;
        };
        let words = words.get_or_init(|| Words::of(examples));
        let word = &denial.word;
        let said = words.stated.get(word).copied().unwrap_or_default();
        said as f32 > TYPICAL * words.clauses as f32
            && match denial.kind {
                Kind::Wish => !(words.unwished && word.is_ascii()),
                Kind::State => words.of_self.contains(word),
            }
            && !words.negated.contains(word)
    }
}

impl Words {
    fn of(examples: &[Box<str>]) -> Self {
        let mut all = Self::default();
        for example in examples {
            let normalised = Normalised::of(example);
            for clause in clauses(Folded::of(&normalised).as_str()) {
                all.clauses += 1;
                match Said::of(clause) {
                    Said::Denies(denial) => {
                        all.unwished |= denial.kind == Kind::Wish && denial.word.is_ascii();
                        all.negated.insert(denial.word);
                    }
                    Said::States { mut words, of_self } => {
                        words.sort_unstable();
                        words.dedup();
                        if of_self {
                            all.of_self.extend(words.iter().cloned());
                        }
                        for word in words {
                            *all.stated.entry(word).or_default() += 1;
                        }
                    }
                    Said::Else => {}
                }
            }
        }
        all
    }
}

#[cfg(test)]
mod tests;
