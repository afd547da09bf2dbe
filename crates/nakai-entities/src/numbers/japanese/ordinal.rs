use super::Reader;
use crate::numbers::{Anchor, Place};

/// What follows a number that is a place, the longer first.
const SUFFIXES: &[&str] = &["番目", "回目", "つ目", "個目", "人目", "度目", "位", "等"];
/// Particles and signs that can follow a word that stands for itself.
const PARTICLES: &str = "のにはをがへとでも、。，,.”’」』)）\"'!?！？";

/// The ordinals of a text, in order.
pub(crate) fn ordinals(reader: &Reader<'_>) -> Vec<Place> {
    let text = reader.text;
    let mut found: Vec<Place> = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let place = match text.at(at) {
            '第' | 'だ' => reader.prefixed(at),
            '最' => reader.at_the_end(at),
            '次' | '前' => reader.beside_here(at),
            'フ' => text.starts_with(at, "ファースト").map(|end| (end, Anchor::Start, 1)),
            c if c.is_ascii_digit() || super::numeral::starts(c) => reader.suffixed(at),
            _ => None,
        };
        match place {
            Some((end, anchor, offset)) => {
                found.push(Place {
                    start: at,
                    end,
                    anchor,
                    offset,
                });
                at = end;
            }
            None if text.at(at).is_ascii_digit() => at = reader.skip(at),
            None => at += 1,
        }
    }
    found
}

fn whole(value: f64) -> Option<i64> {
    #[expect(clippy::cast_possible_truncation, reason = "checked to fit")]
    (value.fract() == 0.0 && value.abs() < 1e15).then_some(value as i64)
}

impl Reader<'_> {
    /// `第二百五十`, `だい3`.
    fn prefixed(&self, at: usize) -> Option<(usize, Anchor, i64)> {
        let start = ["第", "だい"].iter().find_map(|word| self.text.starts_with(at, word))?;
        let numeral = self.numeral(start)?;
        Some((numeral.end, Anchor::Start, whole(numeral.value)?))
    }

    /// `30番目`, `二位`.
    fn suffixed(&self, at: usize) -> Option<(usize, Anchor, i64)> {
        let before = self.text.before(at);
        if super::numeral::kanji_digit(before).is_some() || before.is_ascii_digit() {
            return None;
        }
        let numeral = self.numeral(at)?;
        let end = SUFFIXES
            .iter()
            .find_map(|suffix| self.text.starts_with(numeral.end, suffix))?;
        Some((end, Anchor::Start, whole(numeral.value)?))
    }

    /// `最後`, `最後から二番目`, `最後から一つ前のもの`, `最初`.
    fn at_the_end(&self, at: usize) -> Option<(usize, Anchor, i64)> {
        if let Some(end) = self.text.starts_with(at, "最初") {
            return Some((end, Anchor::Start, 1));
        }
        let last = self.text.starts_with(at, "最後")?;
        let counted = || {
            let start = ["から", "より"]
                .iter()
                .find_map(|word| self.text.starts_with(last, word))?;
            let numeral = self.numeral(start)?;
            let count = whole(numeral.value)?;
            if let Some(end) = ["つ前", "個前", "番前"]
                .iter()
                .find_map(|word| self.text.starts_with(numeral.end, word))
            {
                return Some((self.with_thing(end), Anchor::End, -count));
            }
            let end = ["番目", "つ目"]
                .iter()
                .find_map(|word| self.text.starts_with(numeral.end, word))?;
            Some((self.with_thing(end), Anchor::End, 1 - count))
        };
        Some(counted().unwrap_or((last, Anchor::End, 0)))
    }

    /// `次`, `前のもの`, where they are words of their own.
    fn beside_here(&self, at: usize) -> Option<(usize, Anchor, i64)> {
        let next = self.text.at(at + 1);
        if next != '\0' && !next.is_whitespace() && !PARTICLES.contains(next) {
            return None;
        }
        let before = self.text.before(at);
        let is_kanji = ('一'..='龯').contains(&before) || before == '々';
        if self.text.at(at) == '次' {
            return (!is_kanji).then(|| (self.with_thing(at + 1), Anchor::Current, 1));
        }
        // `前` is mostly a place (駅の前) or a time (3年前).
        let pointed = ["その", "この", "あの"]
            .iter()
            .any(|word| self.text.ends_with(at, word).is_some());
        let starts = before == '\0' || before.is_whitespace() || super::is_punctuation(before);
        let after_topic = matches!(before, 'は' | 'が' | 'を') && next == 'の';
        (pointed || starts || after_topic).then(|| (self.with_thing(at + 1), Anchor::Current, -1))
    }

    /// Takes `のもの` with it, which stands for `one`.
    fn with_thing(&self, end: usize) -> usize {
        ["のもの", "のこと"]
            .iter()
            .find_map(|word| self.text.starts_with(end, word))
            .unwrap_or(end)
    }
}
