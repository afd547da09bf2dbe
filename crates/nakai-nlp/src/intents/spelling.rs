//! Reads mistyped words as the words of the bot's examples that were meant: `how mcuh is brekfast` is about breakfast.
//!
//! A word is in question only if neither the examples nor the encoder know it or what it is a form of, so what is spelt right stays.
//! [`Neighbours`] finds the words of the examples that are a slip or two away, `slips` says how likely the slips are, and the
//! words beside it decide: before `page`, `hoem` is `home` rather than `hotel`. If none is likelier than a word that the bot
//! has never seen (a name, say), the word stays too. What is written in Japanese script is left alone.

mod neighbours;
mod slips;
mod stems;

use std::{borrow::Cow, collections::HashMap, ops::Range};

use nakai_encoder::Encoder;

use self::{neighbours::Neighbours, slips::cost, stems::stems};
use super::TrainingSet;
use crate::{
    folded::{Folded, is_word_character},
    text::Normalised,
};

/// At most so many words of one utterance are in question: what is mistyped more often than that is no request.
const MAX_QUESTIONED: usize = 64;
/// How much less likely a word is with every slip that it takes. This and the following are natural logarithms of probabilities.
const SLIP: f32 = -4.0;
/// How likely a word is that is spelt right although nobody knows it, where all others of the utterance are known.
const UNSEEN: f32 = -8.0;
/// How much less likely that is where all other words of the utterance are in question too: who slips once slips again.
const UNSEEN_AMONG_SLIPS: f32 = -18.0;
/// How much the word before counts for how likely a word is, against how frequent it is anywhere.
const CONTEXT: f32 = 0.8;

/// The number of what comes before the first word of a text and after its last one, as if it were a word.
const EDGE: u32 = 0;

/// The words of a training set and how they follow each other.
#[derive(Default)]
pub(super) struct Spelling {
    numbers: HashMap<Box<str>, u32>,
    /// By word: how often it occurs.
    counts: Vec<f32>,
    /// How often all words occur.
    total: f32,
    /// How often one word follows another.
    pairs: HashMap<(u32, u32), f32>,
    neighbours: Neighbours,
    encoder: Option<Encoder>,
}

impl Spelling {
    /// Learns the words of a training set. Takes time linear in its length.
    pub(super) fn new(set: &TrainingSet, encoder: Option<&Encoder>) -> Self {
        let mut spelling = Self {
            encoder: encoder.cloned(),
            ..Self::default()
        };
        let mut words: Vec<Box<str>> = vec!["".into()];
        spelling.counts.push(0.0);
        let examples = set.intents.iter().flat_map(|intent| &intent.examples);
        for example in examples.chain(&set.out_of_scope) {
            let normalised = Normalised::of(example);
            let folded = Folded::of(&normalised);
            let mut previous = EDGE;
            for range in words_of(folded.as_str()) {
                let number = spelling.count(&folded.as_str()[range], &mut words);
                *spelling.pairs.entry((previous, number)).or_default() += 1.0;
                previous = number;
            }
            if previous != EDGE {
                *spelling.pairs.entry((previous, EDGE)).or_default() += 1.0;
                spelling.counts[EDGE as usize] += 1.0;
                spelling.total += 1.0;
            }
        }
        spelling.neighbours = Neighbours::new(words);
        spelling
    }

    /// Counts a word; gives its number.
    fn count(&mut self, word: &str, words: &mut Vec<Box<str>>) -> u32 {
        self.total += 1.0;
        if let Some(number) = self.numbers.get(word) {
            self.counts[*number as usize] += 1.0;
            return *number;
        }
        let number = words.len() as u32;
        self.numbers.insert(word.into(), number);
        self.counts.push(1.0);
        words.push(word.into());
        number
    }

    /// Gives a folded text with the words that were meant. Copies only if it changes anything. Takes time linear in its length.
    pub(super) fn read<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let words: Vec<Range<usize>> = words_of(text).collect();
        let surface = |at: usize| words.get(at).and_then(|range| text.get(range.clone()));
        let mut known: Vec<Option<u32>> = (0..words.len()).map(|at| self.number(surface(at)?)).collect();
        let is_in_question =
            |at: &usize| known[*at].is_none() && surface(*at).is_some_and(|word| self.is_in_question(word));
        let in_question: Vec<usize> = (0..words.len()).filter(is_in_question).take(MAX_QUESTIONED).collect();
        let share = in_question.len() as f32 / words.len().max(1) as f32;
        let unseen = UNSEEN + UNSEEN_AMONG_SLIPS * share;
        let mut corrected = String::new();
        let (mut copied, mut unresolved) = (0, 0);
        for at in in_question {
            let before = at.checked_sub(1).map_or(Some(EDGE), |before| known[before]);
            let after = known.get(at + 1).copied().unwrap_or(Some(EDGE));
            let Some(meant) = self.meant(surface(at).unwrap_or_default(), before, after, unseen) else {
                unresolved += 1;
                continue;
            };
            known[at] = Some(meant);
            corrected.push_str(&text[copied..words[at].start]);
            corrected.push_str(self.neighbours.word(meant));
            copied = words[at].end;
        }
        // Where nobody knows most of the words, however they are spelt, one that is near a known word is so by chance.
        if copied == 0 || 2 * unresolved > words.len() {
            return Cow::Borrowed(text);
        }
        corrected.push_str(&text[copied..]);
        Cow::Owned(corrected)
    }

    fn number(&self, word: &str) -> Option<u32> {
        self.numbers.get(word).copied()
    }

    /// Says whether the examples or the encoder know a word.
    pub(super) fn knows(&self, word: &str) -> bool {
        self.number(word).is_some() || self.encoder.as_ref().is_some_and(|encoder| encoder.knows_word(word))
    }

    /// Says whether a word that is not in the examples may be mistyped.
    fn is_in_question(&self, word: &str) -> bool {
        let encoder_knows = |word: &str| self.encoder.as_ref().is_some_and(|encoder| encoder.knows_word(word));
        word.chars().all(|c| c.is_alphabetic() || c == '\'')
            && !word.ends_with("n't")
            && !encoder_knows(word)
            && !stems(word)
                .iter()
                .any(|stem| self.number(stem).is_some() || encoder_knows(stem))
    }

    /// The known word that was meant, between the words before and after it if these are known; `None` if none is likelier than
    /// `unseen`.
    fn meant(&self, word: &str, before: Option<u32>, after: Option<u32>, unseen: f32) -> Option<u32> {
        let likely = |candidate: u32| {
            let mut likely = before.map_or_else(|| self.share(candidate), |before| self.following(before, candidate));
            if let Some(after) = after {
                likely *= self.following(candidate, after) / self.share(after);
            }
            likely.ln() + SLIP * cost(word, self.neighbours.word(candidate))
        };
        let candidates = self.neighbours.of(word).into_iter();
        let (meant, likely) = candidates
            .map(|candidate| (candidate, likely(candidate)))
            // Of equals the one that the examples have first.
            .max_by(|(a, likely_a), (b, likely_b)| likely_a.total_cmp(likely_b).then(b.cmp(a)))?;
        (likely > unseen).then_some(meant)
    }

    /// The share of a word among all words of the examples.
    fn share(&self, word: u32) -> f32 {
        self.counts[word as usize] / self.total
    }

    /// How likely `next` comes after a word.
    fn following(&self, word: u32, next: u32) -> f32 {
        let together = self.pairs.get(&(word, next)).copied().unwrap_or_default();
        CONTEXT * together / self.counts[word as usize] + (1.0 - CONTEXT) * self.share(next)
    }
}

/// Where the words of a text are that writes spaces: letters and digits, with apostrophes between them.
pub(super) fn words_of(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = text.get(at..)?;
        let start = at + rest.find(is_word_character)?;
        let mut end = start;
        for (offset, c) in text.get(start..)?.char_indices() {
            if is_word_character(c) {
                end = start + offset + c.len_utf8();
            } else if c != '\'' || end != start + offset {
                break;
            }
        }
        at = end;
        Some(start..end)
    })
}

#[cfg(test)]
mod tests;
