//! People, by family and given names, honorifics and what is said around a name.

use std::ops::Range;

use super::{
    Part,
    run::{Class, Run},
};
use crate::names::NameKind;

/// What is said right before a name, and right after it.
const CUES_BEFORE: [&str; 8] = [
    "名前は",
    "氏名は",
    "名義は",
    "名義が",
    "名前:",
    "名前：",
    "氏名:",
    "氏名：",
];
const CUES_AFTER: [&str; 9] = [
    "と申し",
    "と言いま",
    "といいま",
    "ともうし",
    "という者",
    "という名前",
    "の名前で",
    "の名義",
    "名義",
];

/// Characters of the longest name.
const LONGEST: usize = 12;

impl Run<'_> {
    /// The run as the name of a person, because the words around it say so.
    pub(super) fn cued_person(self) -> Option<Range<usize>> {
        let honorific = self.words.iter().rposition(|word| word.class == Class::Honorific);
        let range = self.range(0..honorific.filter(|at| *at > 0).unwrap_or(self.words.len()))?;
        let name = self.text.get(range.clone())?;
        let (earlier, later) = (self.text.get(..range.start)?, self.text.get(range.end..)?);
        let cued =
            CUES_AFTER.iter().any(|cue| later.starts_with(cue)) || CUES_BEFORE.iter().any(|cue| earlier.ends_with(cue));
        let other = |at: usize| {
            let number = matches!(self.class(at), Class::Number | Class::Counter);
            number || self.ends("organisation", at) || self.ends("facility", at)
        };
        // The name is all that is said: 林です.
        let said = later
            .strip_prefix("です")
            .unwrap_or("-")
            .trim_matches(['。', '.', '！', '!', ' ', '\n']);
        let person = |at: usize| {
            let name = matches!(
                self.class(at),
                Class::Family | Class::Given | Class::Person | Class::Honorific
            );
            name || self.is("family_name", at)
        };
        let cued = cued || (earlier.is_empty() && said.is_empty() && (0..self.words.len()).all(person));
        (cued && name.chars().count() <= LONGEST && !(0..self.words.len()).any(other)).then_some(range)
    }

    /// A person from a word on, without honorific.
    pub(super) fn person(self, at: usize) -> Option<Part> {
        let words = self.words_of_person(at)?;
        let surface = self.surface(at..at + words);
        let characters = surface.chars().count();
        let (score, stands) = match words {
            _ if self.class(at + words) == Class::Honorific => (0.95, characters <= LONGEST),
            1 if self.is("place_suffix", at + 1) || self.is("place", at) => return None,
            1 => (
                0.5,
                !self.is("not_a_name", at) && characters > 1 && self.stands_alone(at),
            ),
            _ => (0.8, characters > 2),
        };
        stands.then_some(Part {
            words,
            kind: Some(NameKind::Person),
            score,
        })
    }

    fn words_of_person(self, at: usize) -> Option<usize> {
        self.foreign_name(at)
            .or_else(|| self.family_and_given_name(at))
            .or_else(|| self.chinese_name(at))
            .or_else(|| self.cut_family_name(at))
            .or_else(|| self.numbered_name(at))
            .or_else(|| self.lone_name(at))
    }

    /// How many given names stand together.
    fn given_names(self, at: usize) -> usize {
        (at..at + 3).take_while(|at| self.class(*at) == Class::Given).count()
    }

    /// The given name that is left of the run, of parts that the dictionary does not know as one: 達仁, 義三郎.
    fn rest_as_given_name(self, at: usize) -> Option<usize> {
        let han = |at: &usize| {
            let other = matches!(self.class(*at), Class::Honorific | Class::PlaceSuffix | Class::Counter);
            self.is_han(*at) && !other
        };
        let words = (at..self.words.len()).take_while(han).count();
        let characters: usize = (at..at + words).map(|at| self.characters(at)).sum();
        let other = self.is("place_suffix", at) || (self.is("not_a_name", at) && self.characters(at) > 1);
        ((1..=3).contains(&characters) && !other && self.ends_at(at + words)).then_some(words)
    }

    /// 田中太郎, and 兵庫慎司, where the family name is a place to the dictionary.
    fn family_and_given_name(self, at: usize) -> Option<usize> {
        let (given, rest) = (self.given_names(at + 1), self.rest_as_given_name(at + 1));
        let is_name = match self.class(at) {
            Class::Family => given > 0 || (rest.is_some() && !self.is("role", at + 1)),
            Class::Place | Class::Noun | Class::Han | Class::Proper | Class::Organisation => {
                let han = self.is_han(at) && self.is_han(at + 1) && self.characters(at) < 3;
                han && given > 0 && !self.is("role", at) && (self.characters(at + 1) > 1 || rest.is_some())
            }
            _ => false,
        };
        is_name.then(|| rest.unwrap_or(given) + 1)
    }

    /// 習近平, of which the dictionary knows parts or nothing.
    fn chinese_name(self, at: usize) -> Option<usize> {
        if at > 0 {
            return None;
        }
        if self.is("chinese_surname", at) && self.words.len() < 4 {
            let name = |at: usize| matches!(self.class(at), Class::Han | Class::Given | Class::Family);
            let rest = self.rest_as_given_name(at + 1)?;
            return (at + 1..self.words.len()).any(name).then_some(rest + 1);
        }
        let word = self.word(at).filter(|word| word.class == Class::Han)?;
        let surname = word.surface.chars().next().map(String::from)?;
        let known = super::LISTS.has("chinese_surname", &surname);
        (known && self.ends_at(1) && self.characters(at) == 3).then_some(1)
    }

    /// A family name that the dictionary cuts: 淡|井|真紀.
    fn cut_family_name(self, at: usize) -> Option<usize> {
        let single = |at: usize| self.is_han(at) && self.characters(at) == 1;
        let first = matches!(self.class(at), Class::Han | Class::Noun | Class::Suffix);
        let second = matches!(
            self.class(at + 1),
            Class::Family | Class::Place | Class::Given | Class::Organisation
        );
        let given = self.given_names(at + 2);
        (at == 0 && first && second && single(at) && single(at + 1) && given > 0)
            .then(|| self.rest_as_given_name(at + 2).unwrap_or(given) + 2)
    }

    /// ヘンリー8世.
    fn numbered_name(self, at: usize) -> Option<usize> {
        let numbered = self.class(at + 1) == Class::Number && self.surface(at + 2..at + 3) == "世";
        (numbered && self.is_katakana(at)).then_some(3)
    }

    fn lone_name(self, at: usize) -> Option<usize> {
        match self.class(at) {
            Class::Family | Class::Person => Some(1),
            Class::Given => Some(self.given_names(at)),
            Class::Katakana | Class::Noun if self.is("foreign_name", at) => Some(1),
            Class::Place | Class::Katakana | Class::Han | Class::Proper | Class::Organisation => {
                (self.class(at + 1) == Class::Honorific).then_some(1)
            }
            _ => None,
        }
    }

    /// ジョン・スミス: parts of katakana with a dot between them, of which one is no common word.
    fn foreign_name(self, at: usize) -> Option<usize> {
        let part = |at: usize| {
            let noun = matches!(self.class(at), Class::Noun | Class::Katakana | Class::Latin) || self.is_proper(at);
            noun && self.is_katakana(at)
        };
        let (mut end, mut parts) = (at, 0);
        while part(end) {
            end += (end..self.words.len()).take_while(|at| part(*at)).count();
            parts += 1;
            if self.class(end) != Class::Dot || !part(end + 1) {
                break;
            }
            end += 1;
        }
        let other = |at: usize| {
            let lists = ["place", "organisation_name", "not_in_person", "organisation"];
            self.class(at) == Class::Country || lists.iter().any(|kind| self.is(kind, at))
        };
        let person = |at: usize| {
            matches!(
                self.class(at),
                Class::Katakana | Class::Person | Class::Family | Class::Given
            )
        };
        // FC, MF before a name.
        let initials = self.class(at) == Class::Latin && self.class(at + 1) != Class::Dot;
        let is_name = parts > 1 && self.class(at) != Class::Place && !initials;
        (is_name && (at..end).any(person) && !(at..end).any(other)).then_some(end - at)
    }

    /// Says whether a lone family or given name is not a part of something else.
    fn stands_alone(self, at: usize) -> bool {
        let beside = |at: usize| self.class(at) == Class::Dot || self.is("role", at);
        (self.ends_at(at + 1) || beside(at + 1)) && (at == 0 || beside(at - 1))
    }
}
