//! The words of a text by what they can be in a name, and the runs of those that stand together.

use std::ops::Range;

use nakai_morph::{Dictionary, Morpheme};

use super::LISTS;

/// What a word can be in a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    Family,
    Given,
    /// The name of a person of which the dictionary does not say more.
    Person,
    Place,
    Country,
    PlaceSuffix,
    Organisation,
    Proper,
    Honorific,
    Noun,
    Suffix,
    Number,
    /// What is counted, or a hyphen between numbers.
    Counter,
    /// Words that the dictionary does not know, by their script.
    Katakana,
    Latin,
    Han,
    /// A dot or an equals sign between the parts of a foreign name.
    Dot,
    Other,
}

/// Words of the longest run: what is longer is no name, and is cut.
const LONGEST_RUN: usize = 16;

/// Characters of the longest word in a name.
const LONGEST_WORD: usize = 32;

/// A word of the text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Word<'t> {
    pub(super) start: usize,
    pub(super) surface: &'t str,
    pub(super) class: Class,
}

impl Word<'_> {
    pub(super) const fn end(&self) -> usize {
        self.start + self.surface.len()
    }
}

/// The words of the morphemes of a text; those that have dots in them are cut there.
pub(super) fn words<'t>(dictionary: &Dictionary, text: &'t str, morphemes: &[Morpheme]) -> Vec<Word<'t>> {
    let mut words: Vec<Word<'t>> = Vec::with_capacity(morphemes.len());
    for morpheme in morphemes {
        let range = morpheme.range();
        let Some(surface) = text.get(range.clone()) else {
            continue;
        };
        if surface.len() > '・'.len_utf8() && surface.contains(['・', '＝', '=']) {
            let mut start = range.start;
            for part in surface.split_inclusive(['・', '＝', '=']) {
                let name = part.trim_end_matches(['・', '＝', '=']);
                if !name.is_empty() {
                    let class = by_script(name);
                    words.push(Word {
                        start,
                        surface: name,
                        class,
                    });
                }
                let dot = part.get(name.len()..).unwrap_or_default();
                if !dot.is_empty() {
                    words.push(Word {
                        start: start + name.len(),
                        surface: dot,
                        class: Class::Dot,
                    });
                }
                start += part.len();
            }
            continue;
        }
        let class = class(dictionary, morpheme, surface);
        // The letters of ＡＢＣ are words to the dictionary.
        if class == Class::Latin
            && let Some(last) = words
                .last_mut()
                .filter(|last| last.class == class && last.end() == range.start)
            && let Some(joined) = text
                .get(last.start..range.end)
                .filter(|joined| joined.len() <= LONGEST_WORD)
        {
            last.surface = joined;
            continue;
        }
        words.push(Word {
            start: range.start,
            surface,
            class,
        });
    }
    words
}

fn class(dictionary: &Dictionary, morpheme: &Morpheme, surface: &str) -> Class {
    let known = dictionary.knows(morpheme);
    if surface.chars().count() > LONGEST_WORD {
        return Class::Other;
    }
    match morpheme.part_of_speech().categories() {
        _ if matches!(surface, "・" | "＝" | "=") => Class::Dot,
        _ if matches!(surface, "-" | "－" | "‐" | "−") => Class::Counter,
        _ if surface.chars().all(|c| c.is_ascii_digit() || matches!(c, '０'..='９')) => Class::Number,
        ["名詞" | "動詞" | "記号", ..] if LISTS.has("honorific", surface) => Class::Honorific,
        ["名詞", "接尾", "人名", _] => Class::Honorific,
        ["名詞", "固有名詞", "人名", "姓"] => Class::Family,
        ["名詞", "固有名詞", "人名", "名"] => Class::Given,
        ["名詞", "固有名詞", "人名", _] => Class::Person,
        ["名詞", "固有名詞", "地域", "国"] => Class::Country,
        ["名詞", "固有名詞", "地域", _] => Class::Place,
        ["名詞", "固有名詞", "組織", _] if known => Class::Organisation,
        ["名詞", "固有名詞", ..] if known => Class::Proper,
        ["名詞", "接尾", "地域", _] => Class::PlaceSuffix,
        ["名詞", "接尾", "助数詞", _] => Class::Counter,
        ["名詞", "接尾", ..] => Class::Suffix,
        ["名詞", "数", ..] => Class::Number,
        ["名詞", "代名詞" | "非自立" | "副詞可能" | "接続詞的" | "特殊", ..] => Class::Other,
        [
            "名詞" | "記号",
            "アルファベット"
            | "一般"
            | "サ変接続"
            | "形容動詞語幹"
            | "ナイ形容詞語幹"
            | "固有名詞"
            | "引用文字列"
            | "動詞非自立的",
            ..,
        ] => match known {
            true if surface.chars().all(|c| c.is_ascii_alphabetic()) => Class::Latin,
            true if morpheme.part_of_speech().major() == "記号" => Class::Other,
            true => Class::Noun,
            false => by_script(surface),
        },
        ["接頭詞", "名詞接続", ..] => Class::Noun,
        _ => Class::Other,
    }
}

/// What a word is that the dictionary does not know.
fn by_script(surface: &str) -> Class {
    let all = |belongs: fn(char) -> bool| surface.chars().all(belongs);
    if all(|c| matches!(c, 'ァ'..='ヺ' | 'ー')) {
        Class::Katakana
    } else if all(|c| c.is_alphabetic() && !crate::half_width::is_japanese(c)) {
        Class::Latin
    } else if all(is_han) {
        Class::Han
    } else {
        Class::Other
    }
}

const fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '々')
}

/// The runs of words that can be a name together: nothing stands between them, and at least one of them is no number.
pub(super) fn runs(text: &str, words: &[Word<'_>]) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    let mut start = None;
    for (at, word) in words.iter().enumerate() {
        let gap = at
            .checked_sub(1)
            .and_then(|previous| words.get(previous))
            .map_or(0, Word::end);
        let joined = text.get(gap..word.start).is_some_and(str::is_empty);
        let long = start.is_some_and(|start| at - start == LONGEST_RUN);
        if word.class == Class::Other || !joined || long {
            runs.extend(start.take().map(|start| start..at));
        }
        if word.class != Class::Other && start.is_none() {
            start = Some(at);
        }
    }
    runs.extend(start.map(|start| start..words.len()));
    runs
}

/// Nouns that stand together.
#[derive(Clone, Copy)]
pub(super) struct Run<'a> {
    /// The whole text.
    pub(super) text: &'a str,
    pub(super) words: &'a [Word<'a>],
}

impl<'a> Run<'a> {
    pub(super) fn word(self, at: usize) -> Option<Word<'a>> {
        self.words.get(at).copied()
    }

    pub(super) fn class(self, at: usize) -> Class {
        self.word(at).map_or(Class::Other, |word| word.class)
    }

    /// The bytes of some words.
    pub(super) fn range(self, words: Range<usize>) -> Option<Range<usize>> {
        let (first, last) = (self.word(words.start)?, self.word(words.end.checked_sub(1)?)?);
        Some(first.start..last.end())
    }

    pub(super) fn surface(self, words: Range<usize>) -> &'a str {
        self.range(words)
            .and_then(|range| self.text.get(range))
            .unwrap_or_default()
    }

    /// The characters of a word; 0 beyond the end.
    pub(super) fn characters(self, at: usize) -> usize {
        self.word(at).map_or(0, |word| word.surface.chars().count())
    }

    /// Says whether a word is in a list.
    pub(super) fn is(self, kind: &str, at: usize) -> bool {
        self.word(at).is_some_and(|word| LISTS.has(kind, word.surface))
    }

    /// Says whether a word ends with one of a list.
    pub(super) fn ends(self, kind: &str, at: usize) -> bool {
        self.word(at).is_some_and(|word| LISTS.ends(kind, word.surface))
    }

    /// Says whether a word is a name, as far as the dictionary and its script tell.
    pub(super) fn is_proper(self, at: usize) -> bool {
        let proper = matches!(
            self.class(at),
            Class::Family
                | Class::Given
                | Class::Person
                | Class::Place
                | Class::Country
                | Class::Organisation
                | Class::Proper
                | Class::Katakana
                | Class::Latin
                | Class::Han
        );
        // コール and マイ are names to the dictionary.
        proper && !(self.is_of(at, |c| matches!(c, 'ぁ'..='ヿ')) && self.is("not_a_name", at))
    }

    /// Says whether a word is made of some characters only.
    pub(super) fn is_of(self, at: usize, belongs: fn(char) -> bool) -> bool {
        self.word(at).is_some_and(|word| word.surface.chars().all(belongs))
    }

    pub(super) fn is_han(self, at: usize) -> bool {
        self.is_of(at, is_han)
    }

    /// Katakana, or the initials in a foreign name.
    pub(super) fn is_katakana(self, at: usize) -> bool {
        self.is_of(at, |c| matches!(c, 'ァ'..='ヺ' | 'ー' | 'A'..='Z' | 'Ａ'..='Ｚ' | '.'))
    }

    /// Says whether the words of a name end before a word.
    pub(super) fn ends_at(self, at: usize) -> bool {
        at >= self.words.len() || self.class(at) == Class::Honorific
    }
}
