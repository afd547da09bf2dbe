//! Cuts an utterance into clauses and finds greetings and courtesies at their ends, so that `hello, I need help` is about help.

use std::collections::HashMap;

use crate::{
    folded::{Folded, is_japanese, is_word_boundary, is_word_character},
    text::Normalised,
};

/// A piece of an utterance: a clause, or a part of one beside a social phrase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Segment<'t> {
    pub(super) text: &'t str,
    /// Whether it is a phrase that bots know as small talk.
    pub(super) social: bool,
}

/// The phrases that count as small talk: the examples of a bot's social intents and the courtesies of each language.
#[derive(Debug, Default)]
pub(super) struct SocialPhrases {
    /// By first and by last character, the longest first.
    starting: HashMap<char, Vec<Box<str>>>,
    ending: HashMap<char, Vec<Box<str>>>,
}

/// Cuts a text at its punctuation. Points and commas inside of numbers and addresses cut nothing.
pub(super) fn clauses(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        loop {
            let clause = rest.get(..clause_length(rest)?)?;
            rest = rest.get(clause.len()..)?;
            let mark = rest.chars().next().map_or(0, char::len_utf8);
            rest = rest.get(mark..)?;
            let clause = trim(clause);
            if !clause.is_empty() {
                return Some(clause);
            }
        }
    })
}

/// The length of the clause with which `text` begins; `None` at the end of the text.
fn clause_length(text: &str) -> Option<usize> {
    if text.is_empty() {
        return None;
    }
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let cuts = match c {
            '!' | '?' | '。' | '、' | '…' | '\n' | '♪' => true,
            '.' | ',' | ';' | ':' => !chars.peek().is_some_and(|(_, next)| is_word_character(*next)),
            _ => false,
        };
        if cuts {
            return Some(at);
        }
    }
    Some(text.len())
}

/// Takes off what is no part of a word at both ends.
fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '~' | '-' | '"' | '(' | ')' | '「' | '」' | '・'))
}

impl SocialPhrases {
    /// Takes the examples of a bot's social intents, as written; knows no phrases at all if there are none.
    pub(super) fn new<'e>(examples: impl Iterator<Item = &'e str>) -> Self {
        let fold = |example| {
            let normalised = Normalised::of(example);
            clauses(Folded::of(&normalised).as_str()).next().map(Box::from)
        };
        let mut phrases: Vec<Box<str>> = examples.filter_map(fold).collect();
        if phrases.is_empty() {
            return Self::default();
        }
        phrases.extend(COURTESIES.iter().copied().map(Box::from));
        phrases.sort_unstable_by(|a, b| b.len().cmp(&a.len()).then(a.cmp(b)));
        phrases.dedup();
        let mut all = Self::default();
        for phrase in phrases {
            if let (Some(first), Some(last)) = (phrase.chars().next(), phrase.chars().next_back()) {
                all.starting.entry(first).or_default().push(phrase.clone());
                all.ending.entry(last).or_default().push(phrase);
            }
        }
        all
    }

    /// Cuts a text into clauses, and social phrases off both ends of each clause.
    pub(super) fn segments<'t>(&self, text: &'t str) -> Vec<Segment<'t>> {
        let mut segments = Vec::new();
        for clause in clauses(text) {
            let mut content = clause;
            while let Some(length) = self.leading(content) {
                let (phrase, after) = content.split_at(length);
                segments.push(Segment {
                    text: phrase,
                    social: true,
                });
                content = trim(after);
            }
            let mut wanted = content;
            while let Some(length) = self.trailing(wanted) {
                wanted = trim(&wanted[..wanted.len() - length]);
            }
            let courtesies = trim(&content[wanted.len()..]);
            for (text, social) in [(wanted, false), (courtesies, true)] {
                if !text.is_empty() {
                    segments.push(Segment { text, social });
                }
            }
        }
        segments
    }

    /// The length of the longest phrase with which a text begins.
    fn leading(&self, text: &str) -> Option<usize> {
        let phrases = self.starting.get(&text.chars().next()?)?;
        let phrase = phrases.iter().find(|phrase| {
            text.strip_prefix(&***phrase)
                .is_some_and(|after| is_word_boundary(text, phrase.len()) && !continues(after))
        })?;
        Some(phrase.len())
    }

    /// The length of the longest phrase with which a text ends.
    fn trailing(&self, text: &str) -> Option<usize> {
        let phrases = self.ending.get(&text.chars().next_back()?)?;
        let phrase = phrases.iter().find(|phrase| {
            text.strip_suffix(&***phrase)
                .is_some_and(|before| is_word_boundary(text, before.len()))
        })?;
        Some(phrase.len())
    }
}

/// Says whether what follows a phrase still belongs to it: `thanks | for the help`.
fn continues(after: &str) -> bool {
    let next = after.split_whitespace().next().unwrap_or_default();
    after.starts_with(' ') && CONTINUATIONS.contains(&next)
}

/// Says whether a text is too slight to want anything by itself: a name or an interjection after a greeting (`hello nakai`).
pub(super) fn is_slight(text: &str) -> bool {
    let japanese = text.chars().filter(|c| is_japanese(*c)).count();
    let words = text
        .split(|c| !is_word_character(c))
        .filter(|word| !word.is_empty())
        .count();
    words <= 1 && japanese <= 4
}

const CONTINUATIONS: [&str; 8] = ["a", "again", "for", "from", "so", "there", "to", "very"];

/// With what customers begin and end what they want, whether or not a bot has an intent for it.
#[rustfmt::skip]
const COURTESIES: &[&str] = &[
    "hi", "hello", "hey", "hi there", "hello there", "hey there", "good morning", "good afternoon", "good evening", "excuse me",
    "sorry to bother you", "thanks", "thank you", "thank you very much", "thank you so much", "thanks in advance",
    "thank you in advance", "many thanks", "cheers",
    "こんにちは", "こんにちわ", "こんばんは", "おはよう", "おはようございます", "はじめまして", "初めまして", "どうも", "すみません", "すいません",
    "恐れ入ります", "恐れ入りますが", "失礼します", "失礼いたします", "お疲れ様です", "お世話になります", "お世話になっております", "お世話になっています",
    "いつもお世話になっております", "いつもお世話になっています", "ありがとう", "ありがとうございます", "ありがとうございました",
    "よろしくお願いします", "よろしくお願いいたします", "よろしくお願い致します", "宜しくお願いします", "宜しくお願いいたします", "宜しくお願い致します",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clauses_end_at_punctuation_but_not_inside_numbers() {
        for (text, expected) in [
            ("hello, i need help.", &["hello", "i need help"][..]),
            ("3,000 yen at 10:30? yes!", &["3,000 yen at 10:30", "yes"]),
            (
                "お世話になっております。予約を変更したいのですが",
                &["お世話になっております", "予約を変更したいのですが"],
            ),
            ("mail taro@example.jp: now", &["mail taro@example.jp", "now"]),
            ("?!。", &[]),
            ("", &[]),
        ] {
            assert_eq!(clauses(text).collect::<Vec<_>>(), expected, "{text}");
        }
    }

    #[test]
    fn social_phrases_come_off_both_ends() {
        let phrases = SocialPhrases::new(["howdy!", "ご機嫌よう"].into_iter());
        for (text, expected) in [
            (
                "hi can i get a late checkout",
                &[("hi", true), ("can i get a late checkout", false)][..],
            ),
            (
                "howdy hello there, wifi? thanks",
                &[
                    ("howdy", true),
                    ("hello there", true),
                    ("wifi", false),
                    ("thanks", true),
                ],
            ),
            ("high tea", &[("high tea", false)]),
            ("say hi", &[("say", false), ("hi", true)]),
            ("thank you for the help", &[("thank you for the help", false)]),
            (
                "ご機嫌よう明日泊まりたい",
                &[("ご機嫌よう", true), ("明日泊まりたい", false)],
            ),
            (
                "予約の変更よろしくお願いします",
                &[("予約の変更", false), ("よろしくお願いします", true)],
            ),
            ("ありがとうございます", &[("ありがとうございます", true)]),
        ] {
            let found = phrases.segments(text);
            let found: Vec<_> = found.iter().map(|segment| (segment.text, segment.social)).collect();
            assert_eq!(found, expected, "{text}");
        }
        // A bot without small talk has nothing to cut off.
        assert_eq!(
            SocialPhrases::new([].into_iter()).segments("hi there"),
            [Segment {
                text: "hi there",
                social: false
            }]
        );
    }
}
