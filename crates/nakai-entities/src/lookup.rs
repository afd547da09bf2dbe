//! Finds the words of a bot's own lists, also where they are mistyped or written another way.
//!
//! A list is compiled once. Words are found without regard to case, width, kind of kana, a long vowel at the end (サーバ, サーバー) and
//! okurigana (申し込み, 申込). Words of five characters and more are also found with one slip of a finger, those of nine and more with two.
//! Han characters and digits must be right: 大阪市立大学 is not 大阪府立大学, and room 101 is not room 102.
//!
//! ```
//! use nakai_entities::lookup::Lookup;
//!
//! let lookup = Lookup::new([("basic", ["ベーシックプラン", "basic plan"]), ("pro", ["プロプラン", "pro plan"])]);
//! let found = lookup.find("I have the basci plan", |_| false);
//! assert_eq!((found[0].readings[0].value.as_ref(), found[0].readings[0].distance), ("basic", 1));
//! ```

mod fold;
mod near;

use std::{ops::Range, sync::Arc};

use aho_corasick::AhoCorasick;

use self::{fold::Folded, near::Near};
use crate::{
    Mention,
    half_width::{after, before, is_word_character},
};

/// An entry of a list that a text names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The number of the entry, in the order in which the entries were given.
    pub entry: usize,
    /// The value that it stands for.
    pub value: Arc<str>,
    /// How many characters are wrong: typed too much, too little, instead of another, or swapped. 0 for a word as it is listed, at most
    /// in another way of writing.
    pub distance: usize,
}

/// Compiled lists.
#[derive(Debug)]
pub struct Lookup {
    /// All words as they are folded.
    words: Option<AhoCorasick>,
    /// All words without okurigana, if they have any Han characters.
    skeletons: Option<AhoCorasick>,
    /// By word: the number of its entry.
    entries: Vec<usize>,
    /// By skeleton: the same.
    skeleton_entries: Vec<usize>,
    near: Near,
    values: Vec<Arc<str>>,
}

/// A word at a place of the folded text, in characters.
struct Found {
    range: Range<usize>,
    entry: usize,
    distance: usize,
}

impl Lookup {
    /// Compiles lists of values and the words for them. Words that are empty, and lists too large to compile, are never found.
    pub fn new<V, W>(entries: impl IntoIterator<Item = (V, W)>) -> Self
    where
        V: AsRef<str>,
        W: IntoIterator,
        W::Item: AsRef<str>,
    {
        let (mut words, mut skeletons) = (Vec::new(), Vec::new());
        let (mut values, mut word_entries, mut skeleton_entries) = (Vec::new(), Vec::new(), Vec::new());
        for (entry, (value, listed)) in entries.into_iter().enumerate() {
            values.push(Arc::from(value.as_ref()));
            for word in listed {
                let folded = Folded::of(word.as_ref().trim());
                let text = fold::without_long_end(folded.as_str());
                if text.is_empty() {
                    continue;
                }
                let skeleton = folded.without_okurigana();
                if fold::is_skeleton(skeleton.as_str()) {
                    skeletons.push(skeleton.as_str().to_owned());
                    skeleton_entries.push(entry);
                }
                words.push(text.to_owned());
                word_entries.push(entry);
            }
        }
        let automaton = |words: &[String]| {
            if words.is_empty() {
                None
            } else {
                AhoCorasick::new(words).ok()
            }
        };
        Self {
            words: automaton(&words),
            skeletons: automaton(&skeletons),
            near: Near::new(&words),
            entries: word_entries,
            skeleton_entries,
            values,
        }
    }

    /// Finds the listed words of a text, in the order in which they start, the longer first. Words that are written right are all found,
    /// also those within others; one that is mistyped is found where no other is. Of a script that writes spaces, only whole words are
    /// found.
    ///
    /// `is_ordinary` says whether a stretch of the text, in small letters, is right as it stands, so that it is not taken for another
    /// word that is mistyped. Takes time linear in the text, for given lists.
    #[must_use]
    pub fn find(&self, text: &str, is_ordinary: impl Fn(&str) -> bool) -> Vec<Mention<Listed>> {
        let folded = Folded::of(text);
        let mut found = Vec::new();
        matches(self.words.as_ref(), &folded, &self.entries, &mut found);
        if self.skeletons.is_some() {
            let skeleton = folded.without_okurigana();
            let mut variants = Vec::new();
            matches(
                self.skeletons.as_ref(),
                &skeleton,
                &self.skeleton_entries,
                &mut variants,
            );
            // From characters of the skeleton to those of the folded text.
            let position = |variant: &Found| Found {
                range: folded.position(skeleton.origin(variant.range.start))
                    ..folded.position(skeleton.origin(variant.range.end)),
                entry: variant.entry,
                distance: 0,
            };
            found.extend(variants.iter().map(position));
        }
        let near = self
            .near
            .find(&folded, |range| folded.slice(range).is_some_and(&is_ordinary));
        let near = near.into_iter().map(|(word, range, distance)| Found {
            range,
            entry: self.entries.get(word).copied().unwrap_or_default(),
            distance,
        });
        self.settle(text, &folded, found, near.collect())
    }

    /// All that is exact, and what is near where nothing is exact; of what is near, the best at each place.
    fn settle(&self, text: &str, folded: &Folded, mut exact: Vec<Found>, mut near: Vec<Found>) -> Vec<Mention<Listed>> {
        let order = |found: &Found| {
            (
                found.range.start,
                usize::MAX - found.range.end,
                found.distance,
                found.entry,
            )
        };
        exact.sort_by_key(order);
        near.sort_by_key(order);
        let mut best: Vec<Found> = Vec::new();
        let mut taken = exact.iter().map(|found| &found.range).peekable();
        // The furthest end of what is exact and starts before the place in work.
        let mut taken_to = 0;
        for next in near {
            while let Some(range) = taken.next_if(|range| range.start < next.range.end) {
                taken_to = taken_to.max(range.end);
            }
            if taken_to > next.range.start {
                continue;
            }
            match best.last_mut() {
                Some(last) if last.range == next.range && last.distance == next.distance => best.push(next),
                Some(last) if next.range.start < last.range.end => {
                    let worse = (next.distance, last.range.len()) >= (last.distance, next.range.len());
                    if !worse {
                        *last = next;
                    }
                }
                _ => best.push(next),
            }
        }
        exact.extend(best);
        exact.sort_by_key(order);
        let mut mentions: Vec<Mention<Listed>> = Vec::new();
        for found in exact {
            let range = folded.original(text, found.range);
            let listed = Listed {
                entry: found.entry,
                value: self.values.get(found.entry).cloned().unwrap_or_default(),
                distance: found.distance,
            };
            match mentions.last_mut() {
                Some(last) if last.range == range => {
                    if last.readings.iter().all(|reading| reading.entry != listed.entry) {
                        last.readings.push(listed);
                    }
                }
                _ => mentions.push(Mention {
                    range,
                    readings: vec![listed],
                }),
            }
        }
        mentions
    }
}

/// Appends the words that stand in a folded text as they are.
fn matches(automaton: Option<&AhoCorasick>, folded: &Folded, entries: &[usize], found: &mut Vec<Found>) {
    let text = folded.as_str();
    for word in automaton.iter().flat_map(|words| words.find_overlapping_iter(text)) {
        if is_word_boundary(text, word.start()) && is_word_boundary(text, word.end()) {
            let end = fold::with_long_end(text, word.end());
            found.push(Found {
                range: folded.position_of_byte(word.start())..folded.position_of_byte(end),
                entry: entries.get(word.pattern().as_usize()).copied().unwrap_or_default(),
                distance: 0,
            });
        }
    }
}

/// Says whether a text may be cut at a byte without cutting a word or number of a script that writes spaces.
fn is_word_boundary(text: &str, at: usize) -> bool {
    !(before(text, at).is_some_and(is_word_character) && after(text, at).is_some_and(is_word_character))
}

#[cfg(test)]
mod tests;
