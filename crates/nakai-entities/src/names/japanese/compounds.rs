//! Names that end, or begin, with what they name.

use super::{
    LISTS, Part,
    run::{Class, Run},
};
use crate::{half_width::before, names::NameKind};

/// Characters of the longest compound.
const LONGEST: usize = 24;

/// What stands before the name of a company.
const COMPANY: [&str; 5] = ["株式会社", "有限会社", "合同会社", "㈱", "㈲"];

impl Run<'_> {
    /// A name that ends with what it is, the longest first: 日本銀行, 東京駅. Also with it at its beginning: 株式会社山田商事.
    pub(super) fn compound(self, at: usize) -> Option<Part> {
        let first = self.word(at)?;
        let starts = !matches!(
            first.class,
            Class::Number | Class::Counter | Class::Dot | Class::Honorific | Class::Suffix
        );
        if !starts || self.is("role", at) {
            return None;
        }
        let end = (at..self.words.len())
            .find(|at| self.ends_at(*at))
            .unwrap_or(self.words.len());
        if COMPANY.contains(&first.surface) && end > at + 1 {
            return Some(Part {
                words: end - at,
                kind: Some(NameKind::Organisation),
                score: 0.9,
            });
        }
        (at..end).rev().find_map(|last| self.compound_to(at, last))
    }

    fn compound_to(self, at: usize, last: usize) -> Option<Part> {
        let words = last + 1 - at;
        let surface = self.surface(at..at + words);
        if surface.chars().count() > LONGEST {
            return None;
        }
        let part = |kind, score| Some(Part { words, kind, score });
        if LISTS.has("organisation_name", surface) {
            // 衆議院議員 is a person.
            let person = self.is("demonym", at + words);
            return part((!person).then_some(NameKind::Organisation), 0.7);
        }
        if last == at {
            // 羽田空港 is one word to the dictionary.
            let known = self.is_proper(at) && self.class(at) != Class::Katakana;
            let facility = known && self.ends("facility", at) && !self.is("facility", at);
            return facility.then_some(Part {
                words,
                kind: Some(NameKind::Facility),
                score: 0.8,
            });
        }
        if self.ends("event", last) {
            return part(None, 0.0);
        }
        let named = (at..last).any(|at| self.is_proper(at) || self.class(at) == Class::Dot);
        // 港区 is no harbour.
        if named && self.ends("facility", last) && self.class(last + 1) != Class::PlaceSuffix {
            let branch = self.is("hotel", last) && self.class(last + 1) == Class::Place && self.ends_at(last + 2);
            return Some(Part {
                words: words + usize::from(branch),
                kind: Some(NameKind::Facility),
                score: 0.8,
            });
        }
        // 山東省 is a province, 外務省 a ministry.
        if self.surface(last..last + 1) == "省" && self.class(last - 1) == Class::Place
            || self.is("not_before_organisation", at)
        {
            return None;
        }
        // The dictionary cuts 委員会 in two.
        let end = self.surface(last.saturating_sub(1).max(at)..last + 1);
        let ends = |kind: &str| self.ends(kind, last) || (last - at > 1 && LISTS.ends(kind, end));
        if ends("organisation") && (named || ends("organisation_of_nouns")) {
            return part(Some(NameKind::Organisation), 0.8);
        }
        let in_place = matches!(self.class(at), Class::Place | Class::Country);
        let unit = self.is("organisation_after_name", last) && (self.is_proper(last - 1) || in_place);
        // 日本|自由党, 米国|赤十字.
        let national = in_place && self.class(last) == Class::Organisation && last == at + 1 && self.is_han(last);
        let club = self.is("club", last) || self.is("club", at);
        // ボストン・レッドソックス: a place and a plural.
        let team = last == at + 2 && self.class(at + 1) == Class::Dot && (in_place || self.is("place", at));
        let team = team && self.is_katakana(last) && surface.ends_with(['ズ', 'ツ', 'ス']);
        if unit || national || team || (club && words < 4 && named) {
            return part(Some(NameKind::Organisation), 0.7);
        }
        None
    }

    /// A word that the dictionary or the list knows as the name of an organisation.
    pub(super) fn known_organisation(self, at: usize) -> Option<Part> {
        let word = self.word(at)?;
        let listed = self.is("organisation_name", at);
        let known = word.class == Class::Organisation && self.characters(at) > 1;
        let cut = before(self.text, word.start).is_some_and(|c| c.is_ascii_alphanumeric());
        ((listed || known) && !cut && !self.is("not_a_name", at)).then_some(Part {
            words: 1,
            kind: Some(NameKind::Organisation),
            score: if listed { 0.7 } else { 0.6 },
        })
    }
}
