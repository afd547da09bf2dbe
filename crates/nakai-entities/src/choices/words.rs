use std::{collections::HashMap, ops::Range, sync::LazyLock};

use super::{Found, is_emoji, tokens};

/// What words say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// That they agree, or refuse; plainly, or only if nothing better is said.
    Answer { agrees: bool, plain: bool },
    /// Nothing, though there are such words among them.
    Nothing,
}

/// All words of `data/choices.txt`.
#[derive(Debug, Default)]
pub(super) struct Words {
    /// By the first token: all tokens, the longest sequences first.
    spaced: HashMap<String, Vec<(Vec<String>, Meaning)>>,
    /// Japanese words, which are found within tokens.
    unspaced: HashMap<String, Meaning>,
    /// The longest of them, in characters.
    longest: usize,
}

pub(super) static WORDS: LazyLock<Words> = LazyLock::new(|| Words::of(include_str!("../../data/choices.txt")));

impl Words {
    fn of(list: &str) -> Self {
        let mut words = Self::default();
        for line in list.lines().filter(|line| !line.starts_with('#')) {
            let Some((kind, said)) = line.split_once(" | ") else {
                continue;
            };
            let (kind, script) = kind.split_once(' ').unwrap_or_default();
            let answer = |agrees, plain| Meaning::Answer { agrees, plain };
            let meaning = match kind {
                "yes" => answer(true, true),
                "no" => answer(false, true),
                "yes-phrase" => answer(true, false),
                "no-phrase" => answer(false, false),
                _ => Meaning::Nothing,
            };
            for said in said.split('|') {
                words.add(said, script == "ja", meaning);
            }
        }
        for sequences in words.spaced.values_mut() {
            sequences.sort_by_key(|(tokens, _)| std::cmp::Reverse(tokens.len()));
        }
        words
    }

    fn add(&mut self, said: &str, unspaced: bool, meaning: Meaning) {
        if unspaced {
            self.longest = self.longest.max(said.chars().count());
            self.unspaced.insert(said.to_owned(), meaning);
            return;
        }
        let said: Vec<String> = tokens(said)
            .into_iter()
            .map(|token| said.get(token).unwrap_or_default().to_owned())
            .collect();
        if let Some(first) = said.first() {
            self.spaced.entry(first.clone()).or_default().push((said, meaning));
        }
    }

    /// The longest sequence of words that starts at a token. An emoji takes its skin tone with it.
    pub(super) fn in_tokens(&self, text: &str, tokens: &[Range<usize>], at: usize) -> Option<Found> {
        let token = |at: usize| tokens.get(at).and_then(|token| text.get(token.clone()));
        let first = token(at)?;
        let lower = first.to_lowercase();
        let bare = lower.trim_end_matches('\u{fe0f}');
        let sequences = self.spaced.get(&lower).or_else(|| self.spaced.get(bare))?;
        // A phrase has no marks in it: "no, problem" is not "no problem".
        let joined = |at: usize| {
            let gap = tokens
                .get(at - 1)
                .zip(tokens.get(at))
                .and_then(|(a, b)| text.get(a.end..b.start));
            gap.is_some_and(|gap| gap.chars().all(|c| c.is_whitespace() || matches!(c, '\'' | '’' | '-')))
        };
        let same = |said: &str, at: usize| {
            joined(at)
                && token(at).is_some_and(|token| {
                    token.to_lowercase().trim_end_matches('\u{fe0f}') == said.trim_end_matches('\u{fe0f}')
                })
        };
        let (said, meaning) = sequences
            .iter()
            .find(|(said, _)| said.iter().skip(1).zip(at + 1..).all(|(said, at)| same(said, at)))?;
        let emoji = first.chars().all(is_emoji);
        let toned = emoji && token(at + said.len()).is_some_and(|next| next.chars().all(is_skin_tone));
        let length = said.len() + usize::from(toned);
        let (first, last) = (tokens.get(at)?, tokens.get(at + length - 1)?);
        Some(Found {
            range: first.start..last.end,
            tokens: length,
            meaning: *meaning,
        })
    }

    /// The longest Japanese word that a text starts with, and its length in bytes.
    pub(super) fn longest_prefix(&self, text: &str) -> Option<(usize, Meaning)> {
        let ends: Vec<usize> = text
            .char_indices()
            .map(|(at, c)| at + c.len_utf8())
            .take(self.longest)
            .collect();
        ends.into_iter().rev().find_map(|end| {
            let word = text.get(..end)?;
            let meaning = self
                .unspaced
                .get(word)
                .or_else(|| self.unspaced.get(&word.to_ascii_lowercase()))?;
            Some((end, *meaning))
        })
    }
}

const fn is_skin_tone(c: char) -> bool {
    matches!(c, '\u{1f3fb}'..='\u{1f3ff}')
}
