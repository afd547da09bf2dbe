//! Reads what is written by its sound as the bot's examples write it: `yoyaku wo henkou shitai` and `よやくをへんこうしたい` are
//! `予約を変更したい`.
//!
//! The words of the examples are indexed by their readings. A text is cut into those that are most frequent together; what none
//! covers stays kana. Latin letters are read as Japanese only where English and the bot's Latin words explain less of them, and kana
//! are replaced only where no Han character shows that the customer writes as usual. Where the words between leave no doubt that Latin
//! letters are Japanese, common words of the language are read too: no example has them, but the encoder knows what they mean. Intents
//! alone are recognised in what is read: entities stay where they were typed.

mod lexicon;
mod romaji;

use std::{cell::RefCell, ops::Range};

use nakai_morph::{Dictionary, Morpheme, Workspace};

use self::lexicon::{LONGEST_WORD, Lexicon, Word};
use super::{
    TrainingSet,
    spelling::{Spelling, words_of},
};
use crate::{
    folded::{Folded, is_japanese},
    text::Normalised,
};

/// Longer texts are left as they are, in bytes: nobody writes them by their sound.
const LONGEST: usize = 600;
/// How unlikely a kana is that belongs to no word. This and the following are negative natural logarithms of probabilities.
const UNKNOWN: f32 = 10.0;
/// How much less likely a word is whose vowels are as long as those of the reading only if length does not count.
const OTHER_LENGTH: f32 = 2.0;
/// How unlikely it is that a word is no word of the examples but another of the language: one in ten is.
const NOT_OF_EXAMPLES: f32 = 2.3;
/// So many words of those of which Japanese sentences are full, or that end as their verbs do, leave no doubt.
const MUCH_GRAMMAR: usize = 2;
const ENDINGS: &[&str] = &[
    "desu", "masu", "desuka", "masuka", "masen", "mashita", "kudasai", "shitai",
];
/// A text in Latin letters is Japanese if no larger share of its kana belongs to no word.
const MOST_UNKNOWN: f32 = 0.35;
/// So many Latin letters, of words that are not English, tell Japanese.
const FEWEST_LETTERS: usize = 4;
/// What Japanese sentences are full of, whatever it is in English.
#[rustfmt::skip]
const GRAMMAR: &[&str] = &[
    "wa", "wo", "o", "ga", "ni", "no", "de", "to", "mo", "ka", "e", "he", "made", "kara", "desu", "masu", "ne", "yo", "na",
];

thread_local! {
    /// What the analysis needs room for, so that it is made once a thread.
    static WORKSPACE: RefCell<Workspace> = RefCell::default();
}

/// The words of a training set in Japanese script by their readings.
#[derive(Debug, Default)]
pub(super) struct Reading(Lexicon);

/// A text as the examples write it, and how many of its kana belong to no word.
struct Written {
    text: String,
    unknown: usize,
}

impl Reading {
    /// Learns the words of a training set. Takes time linear in its length.
    pub(super) fn new(set: &TrainingSet) -> Self {
        let dictionary = Dictionary::ipadic();
        let mut reading = Self::default();
        let mut morphemes: Vec<Morpheme> = Vec::new();
        let examples = set.intents.iter().flat_map(|intent| &intent.examples);
        for example in examples.filter(|example| example.contains(is_japanese)) {
            let normalised = Normalised::of(example);
            let folded = Folded::of(&normalised);
            let text = folded.as_str();
            morphemes.clear();
            WORKSPACE.with_borrow_mut(|workspace| dictionary.analyse(text, workspace, &mut morphemes));
            for morpheme in &morphemes {
                let written = text.get(morpheme.range()).unwrap_or_default();
                if let Some(sound) = dictionary
                    .reading(morpheme, text)
                    .filter(|_| written.contains(is_japanese))
                {
                    reading.0.add(written, &sound, 1.0);
                }
            }
        }
        reading
    }

    /// Gives a folded text that is written by its sound as the examples write it; `None` if it isn't or nothing is to be changed.
    pub(super) fn read(&self, text: &str, spelling: &Spelling) -> Option<String> {
        if self.0.is_empty() || text.len() > LONGEST {
            return None;
        }
        let read = if text.contains(is_japanese) {
            self.kana(text)
        } else {
            self.romaji(text, spelling)
        };
        read.filter(|read| read != text)
    }

    fn kana(&self, text: &str) -> Option<String> {
        if text.contains(|c: char| is_japanese(c) && !is_kana(c)) {
            return None;
        }
        let mut read = String::with_capacity(text.len());
        for run in text.split_inclusive(|c: char| !is_kana(c)) {
            let kana = run.trim_end_matches(|c: char| !is_kana(c));
            read.push_str(&self.written(kana, None).text);
            read.push_str(run.get(kana.len()..)?);
        }
        Some(read)
    }

    fn romaji(&self, text: &str, spelling: &Spelling) -> Option<String> {
        let words: Vec<(Range<usize>, Option<String>)> = words_of(text)
            .map(|range| (range.clone(), text.get(range).and_then(romaji::hiragana)))
            .collect();
        let (mut letters, mut other, mut grammar, mut sure) = (0, 0, 0, 0);
        for (range, kana) in &words {
            let word = text.get(range.clone())?;
            if GRAMMAR.contains(&word) || ENDINGS.iter().any(|ending| word.ends_with(ending)) {
                sure += 1;
            }
            if GRAMMAR.contains(&word) {
                grammar += 1;
            } else if kana.is_none() || spelling.knows(word) {
                other += 1;
            } else {
                letters += word.len();
            }
        }
        if letters < FEWEST_LETTERS || 2 * other > words.len() || (other > 0 && other + grammar == words.len()) {
            return None;
        }
        let common = (sure >= MUCH_GRAMMAR).then(Lexicon::common);
        let mut read = String::with_capacity(text.len());
        let (mut run, mut at) = (String::new(), 0);
        let (mut kana_read, mut unknown) = (0, 0);
        let mut finish = |run: &mut String, read: &mut String| {
            let written = self.written(run, common);
            kana_read += run.chars().count();
            unknown += written.unknown;
            read.push_str(&written.text);
            run.clear();
        };
        for (range, kana) in &words {
            let between = text.get(at..range.start)?;
            if run.is_empty() || kana.is_none() || !between.chars().all(|c| matches!(c, ' ' | '-')) {
                finish(&mut run, &mut read);
                read.push_str(between);
            }
            match kana {
                Some(kana) => run.push_str(kana),
                None => read.push_str(text.get(range.clone())?),
            }
            at = range.end;
        }
        finish(&mut run, &mut read);
        read.push_str(text.get(at..)?);
        (unknown as f32 <= MOST_UNKNOWN * kana_read as f32).then_some(read)
    }

    /// Cuts kana into the words that are likeliest together, of the examples and perhaps of the language. Takes time linear in their
    /// number.
    fn written(&self, kana: &str, common: Option<&'static Lexicon>) -> Written {
        let original: Vec<char> = kana.chars().collect();
        let sound: Vec<char> = one_length(&hiragana(kana)).chars().collect();
        // By place: how unlikely the best way there is, where its last word begins, and that word.
        let mut best: Vec<(f32, usize, Option<&Word>)> = vec![(f32::INFINITY, 0, None); sound.len() + 1];
        if let Some(first) = best.first_mut() {
            first.0 = 0.0;
        }
        for start in 0..sound.len() {
            let so_far = best.get(start).map_or(f32::INFINITY, |way| way.0);
            let mut improve = |end: usize, cost: f32, word| {
                if let Some(way) = best.get_mut(end).filter(|way| so_far + cost < way.0) {
                    *way = (so_far + cost, start, word);
                }
            };
            improve(start + 1, UNKNOWN, None);
            for end in start + 1..=sound.len().min(start + LONGEST_WORD) {
                let reading: String = sound.get(start..end).unwrap_or_default().iter().collect();
                let short = short(&reading);
                let others = common.into_iter().flat_map(|common| common.find(&short));
                let others = others.map(|(word, cost)| (word, cost + NOT_OF_EXAMPLES));
                for (word, cost) in self.0.find(&short).chain(others) {
                    let other = if word.reading == reading { 0.0 } else { OTHER_LENGTH };
                    improve(end, other + cost, Some(word));
                }
            }
        }
        let mut pieces: Vec<String> = Vec::new();
        let (mut end, mut unknown) = (sound.len(), 0);
        while let Some((_, start, word)) = best.get(end).filter(|_| end > 0) {
            unknown += usize::from(word.is_none());
            pieces.push(word.map_or_else(
                || original.get(*start..end).unwrap_or_default().iter().collect(),
                |word| word.written.clone(),
            ));
            end = *start;
        }
        pieces.reverse();
        Written {
            text: pieces.concat(),
            unknown,
        }
    }
}

const fn is_kana(c: char) -> bool {
    matches!(c, 'ぁ'..='ゖ' | 'ァ'..='ヶ' | 'ー')
}

/// Writes kana as hiragana, character for character.
fn hiragana(kana: &str) -> String {
    let fold = |c: char| match c {
        'ァ'..='ヶ' => char::from_u32(c as u32 - 0x60).unwrap_or(c),
        _ => c,
    };
    kana.chars().map(fold).collect()
}

/// Writes long vowels and what sounds the same in one way, character for character: `おう` and `おー` are `おお`.
fn one_length(hiragana: &str) -> String {
    let mut vowel = None;
    let mut written = String::with_capacity(hiragana.len());
    for c in hiragana.chars() {
        let c = match (c, vowel) {
            ('ー', Some(vowel)) => vowel,
            ('う', Some('お')) => 'お',
            ('ぢ', _) => 'じ',
            ('づ', _) => 'ず',
            _ => c,
        };
        vowel = vowel_of(c);
        written.push(c);
    }
    written
}

/// Leaves out what only makes a vowel longer.
fn short(reading: &str) -> String {
    let mut last = None;
    let mut written = String::with_capacity(reading.len());
    for c in reading.chars() {
        if last != Some(c) || vowel_of(c) != Some(c) {
            written.push(c);
        }
        last = vowel_of(c);
    }
    written
}

/// The vowel with which a hiragana ends.
fn vowel_of(c: char) -> Option<char> {
    #[rustfmt::skip]
    const BY_VOWEL: &[(char, &str)] = &[
        ('あ', "あかがさざただなはばぱまやらわぁゃ"),
        ('い', "いきぎしじちぢにひびぴみりぃ"),
        ('う', "うくぐすずつづぬふぶぷむゆるぅゅ"),
        ('え', "えけげせぜてでねへべぺめれぇ"),
        ('お', "おこごそぞとどのほぼぽもよろをぉょ"),
    ];
    BY_VOWEL
        .iter()
        .find(|(_, kana)| kana.contains(c))
        .map(|(vowel, _)| *vowel)
}

#[cfg(test)]
mod tests;
