//! Places, with the places in them and the numbers of houses.

use super::{
    LISTS, Part,
    run::{Class, Run},
};
use crate::names::NameKind;

impl Run<'_> {
    /// A place from a word on: 東京, 神奈川県横浜市, 東京都渋谷区神南1-2-3.
    pub(super) fn place(self, at: usize) -> Option<Part> {
        let (mut end, mut suffixed) = (at, false);
        while let Some((words, ends_with_suffix)) = self.place_part(end, end > at, suffixed) {
            end += words;
            suffixed = ends_with_suffix;
        }
        let surface = self.surface(at..end);
        // One character is one of a compound, but for countries beside others: 日米.
        if end == at || (surface.chars().count() < 2 && self.class(at) != Class::Country) {
            return None;
        }
        let nothing = |words| {
            Some(Part {
                words,
                kind: None,
                score: 0.0,
            })
        };
        // 日本人, 江戸時代.
        if self.is("demonym", end) {
            return nothing(end + 1 - at);
        }
        // 新潟アルビレックス, アルバルク東京: the name of something else.
        let foreign = |at: usize| matches!(self.class(at), Class::Katakana | Class::Latin);
        let dotted = self.class(end) == Class::Dot && self.is_katakana(end + 1);
        if foreign(end) || dotted || (at > 0 && foreign(at - 1)) || LISTS.has("not_a_name", surface) {
            return nothing(end - at);
        }
        let sure = suffixed || end - at > 1 || LISTS.has("place", surface);
        if suffixed || end - at > 1 {
            end += self.house_number(end);
        }
        Some(Part {
            words: end - at,
            kind: Some(NameKind::Place),
            score: if sure { 0.8 } else { 0.6 },
        })
    }

    /// How many words from one on are a place, or go on with one, and whether they end with what it is.
    fn place_part(self, at: usize, goes_on: bool, suffixed: bool) -> Option<(usize, bool)> {
        let place = |at: usize| match self.class(at) {
            Class::Place | Class::Country => true,
            Class::PlaceSuffix => false,
            _ => self.is("place", at),
        };
        let suffix = |at: usize| self.class(at) == Class::PlaceSuffix || self.is("place_suffix", at);
        if place(at) {
            return Some((1, false));
        }
        if goes_on && suffix(at) {
            return Some((1, true));
        }
        if self.is_proper(at) && suffix(at + 1) {
            return Some((2, true));
        }
        if !goes_on {
            return None;
        }
        if let Some(words) = self.town(at) {
            return Some((words, true));
        }
        // フロリダ州ペンサコーラ, アメリカ・ハワイ.
        let city = suffixed && self.class(at) == Class::Katakana && self.ends_at(at + 1);
        let dotted = self.class(at) == Class::Dot && place(at + 1) && self.is_katakana(at + 1);
        (city || dotted).then_some((1, city))
    }

    /// A town of which the parts are common words, after the place that it is in: 中京区, 江西区.
    fn town(self, at: usize) -> Option<usize> {
        let length = (1..=3).find(|offset| self.class(at + offset) == Class::PlaceSuffix)?;
        let common = |at: usize| {
            let other = matches!(self.class(at), Class::Number | Class::Counter | Class::Honorific);
            self.is_han(at) && !other
        };
        (at..at + length).all(common).then_some(length + 1)
    }

    /// How many words after a place are the number of a house: 1-2-3, 一丁目2番3号.
    fn house_number(self, end: usize) -> usize {
        let unit = |at: usize| {
            let word = matches!(self.surface(at..at + 1), "号" | "号室" | "階" | "番" | "番地");
            at > end && (word || self.class(at) == Class::Counter)
        };
        let is_number = |at: usize| self.class(at) == Class::Number || unit(at);
        let words = (end..self.words.len()).take_while(|at| is_number(*at)).count();
        let number = self.surface(end..end + words);
        if number.contains(['-', '丁', '番', '−', '－', '‐', 'ー']) {
            words
        } else {
            0
        }
    }
}
