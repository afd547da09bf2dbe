//! Puts the slips of real customers into a text, to measure how much they cost.
//!
//! The same text, rate and seed always give the same result, on every machine.

mod kana;
mod typo;
mod width;

use std::{fmt, str::FromStr};

use thiserror::Error;

use crate::random::Random;

/// A kind of slip.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Noise {
    /// Slips of fingers and of kana-kanji conversion: a neighbouring key, a character that is missing, doubled or swapped with the
    /// next one; in Japanese also small kana, voicing marks and Han characters of the same sound.
    Typo,
    /// Full-width for half-width characters and the reverse.
    Width,
    /// Hiragana for katakana and the reverse.
    Kana,
    /// Upper case for lower case and the reverse.
    Case,
}

/// Says that a word names no noise.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("no noise is called `{0}`; there are `typo`, `width`, `kana` and `case`")]
pub struct UnknownNoise(String);

impl Noise {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Typo, Self::Width, Self::Kana, Self::Case];

    /// Changes each character that this noise can change with probability `rate`, which is limited to 0 to 1. Of a long text, that is the
    /// share of characters changed.
    #[must_use]
    pub fn apply(self, text: &str, rate: f64, seed: u64) -> String {
        let mut random = Random::of(text, seed);
        match self {
            Self::Typo => typo::apply(text, rate, &mut random),
            Self::Width => each(text, rate, &mut random, width::other),
            Self::Kana => each(text, rate, &mut random, kana::other_script),
            Self::Case => each(text, rate, &mut random, other_case),
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Typo => "typo",
            Self::Width => "width",
            Self::Kana => "kana",
            Self::Case => "case",
        }
    }
}

impl fmt::Display for Noise {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Noise {
    type Err = UnknownNoise;

    fn from_str(name: &str) -> Result<Self, UnknownNoise> {
        Self::ALL
            .into_iter()
            .find(|noise| noise.name() == name)
            .ok_or_else(|| UnknownNoise(name.to_owned()))
    }
}

/// Replaces characters that have a counterpart.
fn each<R: Iterator<Item = char>>(
    text: &str,
    rate: f64,
    random: &mut Random,
    counterpart: impl Fn(char) -> Option<R>,
) -> String {
    let mut noisy = String::with_capacity(text.len());
    for c in text.chars() {
        match counterpart(c) {
            Some(other) if random.happens(rate) => noisy.extend(other),
            _ => noisy.push(c),
        }
    }
    noisy
}

/// The character in the other case, if it has one.
fn other_case(c: char) -> Option<std::vec::IntoIter<char>> {
    let other: Vec<char> = if c.is_lowercase() {
        c.to_uppercase().collect()
    } else {
        c.to_lowercase().collect()
    };
    (other != [c]).then(|| other.into_iter())
}

#[cfg(test)]
mod tests;
