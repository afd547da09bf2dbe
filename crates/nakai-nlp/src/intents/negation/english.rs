use rust_stemmers::{Algorithm, Stemmer};

use super::{Denial, Kind, Said};
use crate::folded::is_word_character;

/// With what questions begin.
#[rustfmt::skip]
const QUESTIONS: &[&str] = &[
    "what", "what's", "when", "when's", "where", "where's", "who", "who's", "which", "why", "how", "how's", "is", "are", "am",
    "was", "were", "do", "does", "did", "can", "could", "may", "might", "must", "shall", "should", "will", "would", "have", "has",
    "any", "isn't", "aren't", "can't", "couldn't", "won't", "doesn't",
];
/// What may stand before a negation of the speaker's wish.
#[rustfmt::skip]
const BEFORE: &[&str] = &[
    "please", "just", "and", "but", "so", "no", "then", "kindly", "i", "we", "hello", "hi", "ok", "okay", "there", "is",
];
/// Who is asked if they follow a negation: `don't you have parking`.
#[rustfmt::skip]
const ASKED: &[&str] = &[
    "you", "we", "i", "they", "it", "he", "she",
];
/// Whoever does not do these has a question or a problem.
#[rustfmt::skip]
const UNKNOWING: &[&str] = &[
    "know", "see", "understand", "remember", "recognize", "recognise", "find", "hear",
];
/// Words between a negation and what is negated.
#[rustfmt::skip]
const BETWEEN: &[&str] = &[
    "want", "wanna", "need", "wish", "like", "love", "have", "having", "got", "get", "to", "a", "an", "the", "any", "my", "our",
    "your", "this", "that", "it", "be", "me", "you", "ask", "asking", "asked", "about", "for", "looking", "plan", "planning",
    "going", "intend", "intending", "trying", "try", "mean", "meant", "talking", "really", "actually", "please", "of", "with",
    "ever", "also",
];
/// Where something begins that is wanted instead.
#[rustfmt::skip]
const INSTEAD: &[&str] = &[
    " but ", " i want ", " i need ", " i'd like ", " i would like ", " i mean ", " i meant ", " we want ", " instead ",
];

/// Reads a folded English clause.
pub(super) fn said(clause: &str) -> Said {
    let words: Vec<&str> = clause
        .split(|c: char| !is_word_character(c) && c != '\'')
        .filter(|word| !word.is_empty())
        .collect();
    let first = words.first().copied().unwrap_or_default();
    let follows = |at: usize| words.get(at).copied().unwrap_or_default();
    // `do not` begins no question.
    if QUESTIONS.contains(&first) && follows(1) != "not" || first == "don't" && ASKED.contains(&follows(1)) {
        return Said::Else;
    }
    if let Some((behind, cue)) = negation(&words) {
        return match negated(words.get(behind..).unwrap_or_default(), cue) {
            Some((word, kind)) => Said::Denies(Denial {
                word: stem(word),
                kind,
                end: end(clause),
            }),
            None => Said::Else,
        };
    }
    let negative =
        |word: &&str| word.ends_with("n't") || matches!(*word, "no" | "not" | "never" | "cannot" | "cant" | "without");
    if words.iter().any(negative) {
        return Said::Else;
    }
    let of_self = words.iter().zip(words.iter().skip(1)).any(|pair| match pair {
        (&"i" | &"we", next) => matches!(*next, "have" | "am" | "are" | "got" | "had"),
        (word, _) => matches!(*word, "i'm" | "i've" | "we've" | "we're"),
    });
    Said::States {
        words: words.into_iter().map(stem).collect(),
        of_self,
    }
}

/// Where the negation of what the speaker wishes, has or is ends, counted in words, and whether it is one of a state. It stands at the
/// beginning of the clause: what is negated later on (`it was declined and I don't know why`) says more about the rest.
fn negation(words: &[&str]) -> Option<(usize, Kind)> {
    let at = words.iter().position(|word| !BEFORE.contains(word))?;
    let word = |at: usize| words.get(at).copied().unwrap_or_default();
    let before = at.checked_sub(1).map_or("", word);
    match (word(at), word(at + 1)) {
        ("don't" | "dont" | "wouldn't", _) => Some((at + 1, Kind::Wish)),
        ("do" | "would", "not") => Some((at + 2, Kind::Wish)),
        ("never", _) if !matches!(before, "i" | "we") => Some((at + 1, Kind::Wish)),
        ("aren't", _) if before == "we" => Some((at + 1, Kind::State)),
        ("am" | "are" | "i'm" | "we're", "not") => Some((at + 2, Kind::State)),
        ("i'd", "rather") if word(at + 2) == "not" => Some((at + 3, Kind::Wish)),
        ("not", _) => Some((at + 1, Kind::Wish)),
        ("have" | "had" | "got", "no") => Some((at + 2, Kind::State)),
        ("need", _) if before == "no" => Some((at + 1, Kind::Wish)),
        _ => None,
    }
}

/// The word that a negation is about, in the words behind it, and of what kind that makes it.
fn negated<'w>(behind: &[&'w str], kind: Kind) -> Option<(&'w str, Kind)> {
    let at = behind.iter().position(|word| !BETWEEN.contains(word))?;
    let word = *behind.get(at)?;
    if UNKNOWING.contains(&word) {
        return None;
    }
    let has = behind.first() == Some(&"have");
    // `I'm not allergic` says what somebody is, `I'm not asking about dinner` does not.
    let does = behind.iter().take(at + 1).any(|word| word.ends_with("ing"));
    let is_state = has || (kind == Kind::State && !does);
    Some((word, if is_state { Kind::State } else { Kind::Wish }))
}

/// Where a clause goes on with what is wanted instead.
fn end(clause: &str) -> usize {
    // Behind the first word, which may be of the negation: `i don't want`.
    let from = clause.find(' ').map_or(clause.len(), |space| space + 1);
    let rest = clause.get(from..).unwrap_or_default();
    let starts = INSTEAD.iter().filter_map(|word| rest.find(word));
    starts.min().map_or(clause.len(), |start| from + start)
}

fn stem(word: &str) -> String {
    Stemmer::create(Algorithm::English).stem(word).into_owned()
}
