use std::{collections::HashMap, sync::LazyLock};

use nakai_morph::{Dictionary, Morpheme, Workspace};

use super::{hiragana, is_kana, one_length, short};
use crate::folded::is_japanese;

/// The longest reading of a word, in kana.
pub(super) const LONGEST_WORD: usize = 14;

/// Words in Japanese script by their readings.
#[derive(Debug, Default)]
pub(super) struct Lexicon {
    /// By reading with all vowels short.
    words: HashMap<String, Vec<Word>>,
    total: f32,
}

/// A word as it is written.
#[derive(Debug)]
pub(super) struct Word {
    /// Its reading, long vowels written in one way.
    pub(super) reading: String,
    pub(super) written: String,
    weight: f32,
}

impl Lexicon {
    /// Common words of the language, with how common they are: those that the encoder that is part of the program knows whole, read by
    /// the dictionary. Made when it is first asked for, in some tens of milliseconds.
    pub(super) fn common() -> &'static Self {
        static COMMON: LazyLock<Lexicon> = LazyLock::new(|| {
            let (dictionary, mut workspace) = (Dictionary::ipadic(), Workspace::default());
            let mut lexicon = Lexicon::default();
            let mut morphemes: Vec<Morpheme> = Vec::new();
            for (written, probability) in nakai_encoder::shipped().vocabulary() {
                if written.is_empty() || !written.chars().all(is_japanese) {
                    continue;
                }
                morphemes.clear();
                dictionary.analyse(written, &mut workspace, &mut morphemes);
                let readings = morphemes.iter().map(|morpheme| dictionary.reading(morpheme, written));
                if let Some(sound) = readings.collect::<Option<Vec<_>>>() {
                    lexicon.add(written, &sound.concat(), probability.exp());
                }
            }
            lexicon
        });
        &COMMON
    }

    pub(super) fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Adds a word with its reading, or more weight to one that is there.
    pub(super) fn add(&mut self, written: &str, sound: &str, weight: f32) {
        let sound = hiragana(sound);
        let length = sound.chars().count();
        // A kana alone may be any of many words.
        if length > LONGEST_WORD || length == 1 && !written.chars().all(is_kana) {
            return;
        }
        self.total += weight;
        self.weigh(written, &sound, weight);
        // `こんにちは` is said, and written in Latin letters, with わ.
        if let Some(start) = sound
            .strip_suffix('は')
            .filter(|_| length > 2 && written.ends_with('は'))
        {
            self.weigh(written, &format!("{start}わ"), weight);
        }
    }

    fn weigh(&mut self, written: &str, sound: &str, weight: f32) {
        let reading = one_length(sound);
        let words = self.words.entry(short(&reading)).or_default();
        match words
            .iter_mut()
            .find(|word| word.written == written && word.reading == reading)
        {
            Some(word) => word.weight += weight,
            None => words.push(Word {
                reading,
                written: written.to_owned(),
                weight,
            }),
        }
    }

    /// The words of a reading with short vowels, each with how unlikely it is: the negative natural logarithm of its probability.
    pub(super) fn find(&self, short: &str) -> impl Iterator<Item = (&Word, f32)> {
        let words = self.words.get(short).into_iter().flatten();
        words.map(|word| (word, -(word.weight / self.total).ln()))
    }
}
