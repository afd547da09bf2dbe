use std::{borrow::Cow, ops::Range};

use crate::{Dictionary, PartOfSpeech, format};

/// A word of a text as the dictionary knows it, or as its characters let guess.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Morpheme {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) word: u32,
    pub(crate) part_of_speech: PartOfSpeech,
}

impl Morpheme {
    /// Where it stands in the text, in bytes.
    pub const fn range(&self) -> Range<usize> {
        self.start..self.end
    }

    /// Its part of speech.
    pub const fn part_of_speech(&self) -> PartOfSpeech {
        self.part_of_speech
    }
}

impl Dictionary {
    /// Says whether the dictionary has the word; the part of speech of another was guessed from its characters.
    pub fn knows(&self, morpheme: &Morpheme) -> bool {
        morpheme.word < self.first_unknown
    }

    /// Gives the dictionary form of a morpheme of `text`: the plain form of an inflected word, else the word as it stands.
    pub fn base<'t>(&self, morpheme: &Morpheme, text: &'t str) -> Cow<'t, str> {
        let surface = text.get(morpheme.range()).unwrap_or_default();
        let rule = self.base_rule(self.word(morpheme.word).base_rule);
        if rule.is_identity() {
            return Cow::Borrowed(surface);
        }
        let kept = surface
            .char_indices()
            .rev()
            .nth(rule.dropped().saturating_sub(1))
            .map_or(0, |(at, _)| at);
        let stem = if rule.dropped() == 0 {
            surface
        } else {
            surface.get(..kept).unwrap_or_default()
        };
        Cow::Owned([stem, rule.added()].concat())
    }

    /// Gives the reading of a morpheme of `text` in katakana. The reading of kana is the kana; of another word that the dictionary
    /// does not know, there is none.
    pub fn reading(&self, morpheme: &Morpheme, text: &str) -> Option<String> {
        let surface = text.get(morpheme.range())?;
        let offset = self.word(morpheme.word).reading;
        if offset == format::NO_READING {
            let known = self.knows(morpheme) || surface.chars().all(is_kana);
            return known.then(|| surface.chars().map(format::katakana).collect());
        }
        let bytes = self.reading_bytes(offset)?;
        bytes.iter().map(|byte| format::decode_kana(*byte)).collect()
    }
}

const fn is_kana(c: char) -> bool {
    matches!(c, 'ぁ'..='ゖ' | 'ァ'..='ヺ' | 'ー')
}
