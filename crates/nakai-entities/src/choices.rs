//! Finds the words that agree or refuse: "yes", "いいえ", 👍.
//!
//! [`answer`] says what a text as a whole answers, [`find`] gives every word of it that is an answer.
//!
//! ```
//! use nakai_entities::choices;
//! use nakai_types::Language;
//!
//! assert!(choices::answer("Yep, let's do that.", Language::En).unwrap().readings[0].agrees);
//! assert!(!choices::answer("いいえ、結構です", Language::Ja).unwrap().readings[0].agrees);
//! assert!(choices::answer("明日の天気は？", Language::Ja).is_none());
//! ```

mod japanese;
mod words;

use std::ops::Range;

use nakai_types::Language;

use self::words::{Meaning, WORDS};
use crate::{
    Mention,
    half_width::{HalfWidth, is_japanese},
};

/// What agreeing or refusing words say.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Choice {
    /// They agree; else they refuse.
    pub agrees: bool,
    /// They are an answer wherever they stand ("yes"). Others are one if nothing better is said ("fine").
    pub plain: bool,
    /// From 0.4 to 1: how much of the text they are.
    pub score: f64,
}

/// What is said beside an answer and is not more than it.
const FILLERS: [&str; 22] = [
    "thanks", "thank", "you", "then", "well", "oh", "ah", "um", "hmm", "and", "so", "now", "to", "me", "for", "us",
    "with", "just", "that", "very", "much", "by",
];

/// Of any answer.
const BASE: f64 = 0.4;

/// The answer of a text: its plain words before others, then the ones that are most of it, then the first.
#[must_use]
pub fn answer(text: &str, language: Language) -> Option<Mention<Choice>> {
    let mut best: Option<Mention<Choice>> = None;
    let rank = |mention: &Mention<Choice>| mention.readings.first().map(|choice| (choice.plain, choice.score));
    for mention in find(text, language) {
        if best.as_ref().is_none_or(|best| rank(&mention) > rank(best)) {
            best = Some(mention);
        }
    }
    best
}

/// Finds the words that agree or refuse, in their order, in time linear in the text.
///
/// The score is that of Microsoft's Recognizers-Text: 0.4, and 0.6 times the share of the words of the text that the mention is.
#[must_use]
pub fn find(text: &str, language: Language) -> Vec<Mention<Choice>> {
    let half = HalfWidth::of(text);
    let lower = half.as_str();
    let tokens = tokens(lower);
    let clauses = clauses(lower, &tokens);
    let mut mentions = Vec::new();
    // The words of the clause in work that are no answer, by clause.
    let mut rest = vec![0_usize; tokens.len() + 1];
    let mut at = 0;
    while at < tokens.len() {
        let found = WORDS.in_tokens(lower, &tokens, at).or_else(|| match language {
            Language::Ja => japanese::in_token(&WORDS, lower, tokens.get(at)?),
            Language::En => None,
        });
        let clause = clauses.get(at).copied().unwrap_or_default();
        let Some(found) = found.filter(|found| !is_cut(lower, &tokens, at, found)) else {
            let filler = tokens.get(at).and_then(|token| lower.get(token.clone()));
            let filler = filler.is_some_and(|token| FILLERS.contains(&token.to_lowercase().as_str()));
            if let Some(rest) = rest.get_mut(clause) {
                *rest += usize::from(!filler);
            }
            at += 1;
            continue;
        };
        at += found.tokens;
        if let Meaning::Answer { agrees, plain } = found.meaning {
            let mut range = half.original(found.range);
            // A full-width mark is part of what is said, as a half-width one is not.
            if language == Language::Ja && text.get(range.end..).is_some_and(|rest| rest.starts_with('！')) {
                range.end += '！'.len_utf8();
            }
            let share = count(found.tokens) / count(tokens.len());
            let choice = Choice {
                agrees,
                plain,
                score: BASE + (1.0 - BASE) * share,
            };
            mentions.push((clause, range, choice));
        }
    }
    // "Fine" is an answer, "I have a fine room" is none.
    let stands = |clause: usize, choice: &Choice| choice.plain || rest.get(clause) == Some(&0);
    mentions.retain(|(clause, _, choice)| stands(*clause, choice));
    let mention = |(_, range, choice)| Mention {
        range,
        readings: vec![choice],
    };
    mentions.into_iter().map(mention).collect()
}

/// By token: the number of its clause.
fn clauses(text: &str, tokens: &[Range<usize>]) -> Vec<usize> {
    let mut clauses = Vec::with_capacity(tokens.len());
    let (mut clause, mut end) = (0, 0);
    for token in tokens {
        let gap = text.get(end..token.start).unwrap_or_default();
        clause += usize::from(gap.contains(['.', ',', ';', ':', '!', '?', '\n', '、', '。', '(', ')', '"', '—']));
        clauses.push(clause);
        end = token.end;
    }
    clauses
}

/// Says whether what was found is a phrase of which the end is the beginning of plainer words: "it is not" of "it is not ok".
fn is_cut(text: &str, tokens: &[Range<usize>], at: usize, found: &Found) -> bool {
    let phrase = matches!(found.meaning, Meaning::Answer { plain: false, .. });
    phrase
        && (at + 1..at + found.tokens).any(|start| {
            let later = WORDS.in_tokens(text, tokens, start);
            later.is_some_and(|later| {
                let plainer = !matches!(later.meaning, Meaning::Answer { plain: false, .. });
                plainer && start + later.tokens > at + found.tokens
            })
        })
}

/// What was found from a token on.
struct Found {
    range: Range<usize>,
    tokens: usize,
    meaning: Meaning,
}

/// The words of a text: runs of letters and digits, and each emoji with each of its skin tones by itself.
fn tokens(text: &str) -> Vec<Range<usize>> {
    let mut tokens: Vec<Range<usize>> = Vec::new();
    let mut open = false;
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        if is_letter(c) {
            match tokens.last_mut() {
                Some(last) if open => last.end = end,
                _ => tokens.push(at..end),
            }
            open = true;
            continue;
        }
        open = false;
        if is_joiner(c) {
            if let Some(last) = tokens.last_mut().filter(|last| last.end == at) {
                last.end = end;
            }
        } else if is_emoji(c) {
            tokens.push(at..end);
        }
    }
    tokens
}

fn is_letter(c: char) -> bool {
    (c.is_alphanumeric() || is_japanese(c) || c == '_') && !is_emoji(c)
}

const fn is_emoji(c: char) -> bool {
    matches!(c, '\u{1f000}'..='\u{1faff}' | '\u{2600}'..='\u{27bf}' | '\u{2b50}'..='\u{2b55}' | '\u{231a}'..='\u{23ff}')
}

/// The signs that join two emoji or choose their form.
const fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200d}' | '\u{fe0f}' | '\u{fe0e}' | '\u{20e3}')
}

/// Exact for any count of words of a text.
fn count(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str, language: Language) -> Option<bool> {
        answer(text, language).map(|mention| mention.readings[0].agrees)
    }

    #[test]
    fn people_agree_and_refuse_in_many_words() {
        for (text, expected) in [
            ("yep", Some(true)),
            ("Sounds good to me", Some(true)),
            ("Please go ahead, thank you", Some(true)),
            ("I have a question about the right plan", None),
            ("I am looking for a good hotel", None),
            ("no problem", Some(true)),
            ("no, problem solved", Some(false)),
            ("I'm not sure", None),
            ("I do not agree", Some(false)),
            ("No, thank you", Some(false)),
            ("👍🏿", Some(true)),
            ("🖐🏽", Some(false)),
            ("What is the price?", None),
        ] {
            assert_eq!(said(text, Language::En), expected, "{text}");
        }
        for (text, expected) in [
            ("はい", Some(true)),
            ("はいお願いします", Some(true)),
            ("ええ、大丈夫です", Some(true)),
            ("それでいいです", Some(true)),
            ("ＯＫです", Some(true)),
            ("いいえ", Some(false)),
            ("嫌です", Some(false)),
            ("ダメですよ", Some(false)),
            ("いや、違います", Some(false)),
            ("朝食は要りません", Some(false)),
            ("よくないです", Some(false)),
            ("やっぱりやめます", Some(false)),
            ("まあいいですよ", Some(true)),
            ("ええと、東京駅はどこ", None),
            ("いい天気", None),
            ("はいふを教えて", None),
        ] {
            assert_eq!(said(text, Language::Ja), expected, "{text}");
        }
    }

    #[test]
    fn the_score_is_the_share_of_the_words() {
        let mention = answer("disagree, it is not ok", Language::En).unwrap();
        assert_eq!(mention.range, 16..22);
        assert!((mention.readings[0].score - 0.64).abs() < 1e-12);
    }
}
