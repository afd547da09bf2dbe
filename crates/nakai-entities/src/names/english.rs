//! Names in English: words in capitals, read by what they end with, what stands around them, and lists.

mod words;

use std::{ops::Range, sync::LazyLock};

use self::words::{Word, words};
use super::{Found, NameKind, lists::Lists};

static LISTS: LazyLock<Lists> = LazyLock::new(|| Lists::in_lower_case(include_str!("../../data/names_en.txt"), '|'));

/// Words of the longest name.
const LONGEST: usize = 8;

/// Words of the longest cue, and of the longest place in a list.
const CUE: usize = 4;

/// Words of a name in small letters, which only a strong cue shows.
const SMALL: usize = 3;
const STRONG_CUES: [&str; 7] = [
    "name is",
    "name's",
    "i am called",
    "call me",
    "correct it to",
    "change it to",
    "speaking with",
];

pub(super) fn find(text: &str) -> Vec<Found> {
    let words = words(text);
    let text = Text { words: &words };
    let mut found: Vec<Found> = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let run = text.run(at);
        if let Some(length) = text.listed_place(at).filter(|length| *length >= run.len()) {
            text.push(at..at + length, NameKind::Place, 0.9, &mut found);
            at += length;
            continue;
        }
        if run.is_empty() {
            at += text.in_small_letters(at, &mut found).max(1);
            continue;
        }
        at = run.end;
        text.name(run, &mut found);
    }
    found
}

#[derive(Clone, Copy)]
struct Text<'a> {
    words: &'a [Word<'a>],
}

impl<'a> Text<'a> {
    fn word(self, at: usize) -> Option<&'a Word<'a>> {
        self.words.get(at)
    }

    fn has(self, kind: &str, at: usize) -> bool {
        self.word(at)
            .is_some_and(|word| LISTS.has(kind, word.lower.trim_end_matches('.')))
    }

    /// Words in small letters with single spaces.
    fn phrase(self, words: Range<usize>) -> String {
        let words: Vec<&str> = self
            .words
            .get(words)
            .unwrap_or_default()
            .iter()
            .map(|word| word.lower.as_str())
            .collect();
        words.join(" ")
    }

    fn push(self, words: Range<usize>, kind: NameKind, score: f64, found: &mut Vec<Found>) {
        let last = words.end.checked_sub(1).and_then(|last| self.word(last));
        if let (Some(first), Some(last)) = (self.word(words.start), last) {
            let range = first.range.start..last.range.end;
            found.push(Found { range, kind, score });
        }
    }

    /// Says whether a word can be part of a name by its first letter.
    fn is_name(self, at: usize) -> bool {
        self.word(at).is_some_and(|word| {
            let known = LISTS.has("not_a_name", &word.lower) && !self.has("title", at);
            // Jan Novak is a person, Jan 5 is a day.
            let given =
                self.has("given", at) && self.follows(at + 1) && self.word(at + 1).is_some_and(|next| next.capital);
            let digits = word.text.contains(|c: char| c.is_numeric());
            let mail = word.gap.ends_with('@') || self.word(at + 1).is_some_and(|next| next.gap.starts_with('@'));
            word.capital && (!known || given) && !digits && !mail
        })
    }

    /// How many words from one on are a place of several words in the list, or one whose words alone are no names: Czech Republic.
    fn listed_place(self, at: usize) -> Option<usize> {
        let listed = |length: &usize| {
            let end = at + length;
            let joined = end <= self.words.len() && (at + 1..end).all(|at| self.follows(at));
            joined && LISTS.has("place", &self.phrase(at..end))
        };
        let capital = self.word(at).is_some_and(|word| word.capital);
        let longest = capital.then(|| (2..=CUE).rev().find(listed))?;
        longest.filter(|length| self.word(at + length - 1).is_some_and(|last| last.capital))
    }

    /// Says whether a word follows the one before it directly.
    fn follows(self, at: usize) -> bool {
        self.word(at)
            .is_some_and(|word| matches!(word.gap, " " | "  " | "\u{a0}"))
    }

    /// The words from one on that can be one name; empty if there is none.
    fn run(self, start: usize) -> Range<usize> {
        // Luigi's Restaurant.
        let owned = |at: usize| {
            self.word(at).is_some_and(|word| matches!(word.gap, "'s " | "’s "))
                && self.is_name(at)
                && (self.has("facility", at) || self.has("organisation", at))
        };
        let first = |at: usize| {
            self.is_name(at)
                && !(self.word(at).is_some_and(|word| word.starts) && self.has("common", at) && !self.has("given", at))
        };
        if !first(start) {
            return start..start;
        }
        let mut end = start + 1;
        while end - start < LONGEST && (self.follows(end) || owned(end)) {
            let joins = |kind: &str| self.has(kind, end) && self.follows(end + 1) && self.is_name(end + 1);
            let organisation = (start..end).any(|at| self.has("organisation", at)) || self.has("organisation", end + 1);
            let ends = self.has("organisation", end - 1) && self.word(end).is_some_and(|word| !word.capital);
            if self.is_name(end)
                || (!ends && self.has("organisation", end) && self.has("organisation", end - 1) && end - start > 1)
            {
                end += 1;
            } else if joins("connector") || (joins("organisation_connector") && organisation) {
                end += 2;
            } else {
                break;
            }
        }
        start..end
    }

    /// Appends the name that a run is, if it is one.
    fn name(self, run: Range<usize>, found: &mut Vec<Found>) {
        let run = self.without_title(run, found);
        if run.is_empty() || self.is_street(&run) {
            return;
        }
        if let Some((kind, score)) = self.kind(&run) {
            self.push(run, kind, score, found);
        }
    }

    /// Reads "Mr. John Smith": appends the person and leaves nothing.
    fn without_title(self, run: Range<usize>, found: &mut Vec<Found>) -> Range<usize> {
        let titled = run
            .start
            .checked_sub(1)
            .is_some_and(|at| self.has("title", at) && self.follows(run.start));
        let title = self.has("title", run.start) && run.len() > 1;
        if !(titled || title) {
            return run;
        }
        let person = run.start + usize::from(title)..run.end;
        if self.ends_with("organisation", &person) || self.ends_with("facility", &person) {
            return run;
        }
        self.push(person, NameKind::Person, 0.95, found);
        run.end..run.end
    }

    fn is_street(self, run: &Range<usize>) -> bool {
        let numbered = run
            .start
            .checked_sub(1)
            .and_then(|at| self.word(at))
            .is_some_and(Word::is_number)
            && self.follows(run.start);
        let named = (run.start..run.end).any(|at| self.has("street", at));
        let number_after = self
            .word(run.end)
            .is_some_and(|next| next.is_number() && next.text.len() < 5)
            && self.follows(run.end);
        let known = self.has("given", run.start) || LISTS.has("place", &self.phrase(run.clone()));
        (numbered || number_after) && (named || !known)
    }

    fn ends_with(self, kind: &str, run: &Range<usize>) -> bool {
        run.len() > 1 && self.has(kind, run.end - 1)
    }

    /// What a run names, and how sure that is.
    fn kind(self, run: &Range<usize>) -> Option<(NameKind, f64)> {
        let phrase = self.phrase(run.clone());
        let given = self.has("given", run.start);
        let (person, place) = (
            self.cue("person_before", run.start),
            self.cue("place_before", run.start),
        );
        if LISTS.has("organisation_name", &phrase) {
            return Some((NameKind::Organisation, 0.8));
        }
        // What a company sells: Apple Watch.
        let brand = self.has("organisation_name", run.start) && !given && !self.has("surname", run.start);
        if brand && !self.ends_with("organisation", run) {
            return None;
        }
        if LISTS.has("place", &phrase) && !(given && place == 0) {
            return Some((NameKind::Place, 0.9));
        }
        if self.ends_with("organisation", run) || self.is_organisation_of(run) {
            return Some((NameKind::Organisation, 0.8));
        }
        // Kyoto Station, the Grand Hotel Budapest.
        if self.ends_with("facility", run) || (run.len() > 2 && (run.start..run.end).any(|at| self.has("facility", at)))
        {
            return Some((NameKind::Facility, 0.8));
        }
        if self.is_before_state(run) {
            return Some((NameKind::Place, 0.8));
        }
        if self.is_strongly_cued(run.start) {
            return Some((NameKind::Person, 0.9));
        }
        let (first, last) = (self.word(run.start)?, run.end - 1);
        let surname = self.has("surname", last) && !(first.starts && run.len() == 1);
        if (run.start..run.end).all(|at| self.has("common", at) && !surname || self.has("title", at)) {
            return None;
        }
        let initial = (run.start..run.end).any(|at| self.is_initial(at)) && run.len() > 1;
        if (given || initial) && run.len() > 1 {
            return Some((NameKind::Person, 0.9));
        }
        if person > 0 && person >= place {
            return Some((NameKind::Person, 0.8));
        }
        if place > 0 && !given && self.cue("organisation_before", run.start) >= place {
            return Some((NameKind::Organisation, 0.4));
        }
        if place > 0 && !given && !self.is_possessor(last) {
            return Some((NameKind::Place, if run.len() > 1 { 0.6 } else { 0.7 }));
        }
        if given || surname {
            return Some((NameKind::Person, 0.7));
        }
        if self.cue("organisation_before", run.start) > 0 {
            return Some((NameKind::Organisation, 0.5));
        }
        self.line(run).or_else(|| self.unknown(run))
    }

    /// A run of which neither a list nor the words before it say what it is.
    fn unknown(self, run: &Range<usize>) -> Option<(NameKind, f64)> {
        let first = self.word(run.start)?;
        if first.shouts() {
            return None;
        }
        let acts = self
            .word(run.end)
            .is_some_and(|next| LISTS.has(if first.starts { "strong_verb" } else { "person_after" }, &next.lower));
        let common = (run.start..run.end).any(|at| self.has("common", at) && !self.is_initial(at));
        let double = first.text.contains('-') && first.text.split('-').all(|part| part.starts_with(char::is_uppercase));
        match run.len() {
            1 if double => Some((NameKind::Organisation, 0.4)),
            1 if acts || self.is_possessor(run.start) || self.is_listed(run) => Some((NameKind::Person, 0.5)),
            1 if !first.starts && (LISTS.ends("surname_end", &first.lower) || !first.text.is_ascii()) => {
                Some((NameKind::Person, 0.4))
            }
            2..=4 if !common => Some((NameKind::Person, 0.6)),
            _ => None,
        }
    }

    /// "A, B and C": people are named so, in one word each.
    fn is_listed(self, run: &Range<usize>) -> bool {
        let capital = |at: usize| self.word(at).is_some_and(|word| word.capital) && !self.has("common", at);
        let comma = |at: usize| self.word(at).is_some_and(|word| word.gap == ", ");
        let and = |at: usize| {
            self.word(at).is_some_and(|word| word.lower == "and")
                && self.follows(at)
                && self.follows(at + 1)
                && capital(at + 1)
        };
        let before_and =
            run.start > 1 && self.word(run.start - 1).is_some_and(|word| word.lower == "and") && capital(run.start - 2);
        and(run.end) || before_and || (comma(run.end) && capital(run.end) && and(run.end + 1))
    }

    fn is_initial(self, at: usize) -> bool {
        self.word(at)
            .is_some_and(|word| word.capital && word.text.trim_end_matches('.').chars().count() == 1)
    }

    /// "University of Tokyo", "Bank & Sons".
    fn is_organisation_of(self, run: &Range<usize>) -> bool {
        let joins = |at: usize| self.has("organisation", at) && self.has("organisation_connector", at + 1);
        (run.start..run.end.saturating_sub(1)).any(joins)
    }

    fn is_strongly_cued(self, at: usize) -> bool {
        (at.saturating_sub(SMALL)..at).any(|start| STRONG_CUES.contains(&self.phrase(start..at).as_str()))
    }

    /// How many words before a word are a cue of a kind.
    fn cue(self, kind: &str, at: usize) -> usize {
        let joined = self
            .word(at)
            .is_some_and(|word| matches!(word.gap.trim_matches(' '), "" | ":" | "," | ": \""));
        let earliest = at.saturating_sub(CUE);
        let start = (earliest..at).find(|start| LISTS.has(kind, &self.phrase(*start..at)));
        start.filter(|_| joined).map_or(0, |start| at - start)
    }

    fn is_possessor(self, at: usize) -> bool {
        self.word(at + 1)
            .is_some_and(|next| next.gap.starts_with("'s") || next.gap.starts_with("’s"))
    }

    /// "Kenosha, WI", "Lyon, France".
    fn is_before_state(self, run: &Range<usize>) -> bool {
        let state = |word: &Word<'_>| {
            let short = word.text.len() == 2 && word.shouts();
            matches!(word.gap, ", " | ",")
                && (short || (1..CUE).any(|length| LISTS.has("place", &self.phrase(run.end..run.end + length))))
        };
        run.len() < 4 && self.word(run.end).is_some_and(state)
    }

    /// A name that is a line by itself: the first line of a text is who writes or is written to, a later one is where.
    fn line(self, run: &Range<usize>) -> Option<(NameKind, f64)> {
        let starts = run.start == 0 || self.word(run.start)?.gap.contains('\n');
        let ends = self.word(run.end).is_none_or(|next| next.gap.contains('\n'));
        let alone = run.start == 0 && run.end == self.words.len();
        if !starts || !ends || alone {
            return None;
        }
        let street_next = self.word(run.end).is_some_and(Word::is_number);
        match run.start {
            _ if street_next && (run.start > 0 || run.len() == 1) => Some((NameKind::Organisation, 0.4)),
            0 => Some((NameKind::Person, 0.5)),
            _ => Some((NameKind::Place, 0.4)),
        }
    }

    /// Appends a name in small letters that starts at a word, and says how many words it has: after "my name is" a person, elsewhere a
    /// place that is in the list.
    fn in_small_letters(self, at: usize, found: &mut Vec<Found>) -> usize {
        if self.word(at).is_none_or(|word| word.capital || word.is_number()) {
            return 0;
        }
        let known = self.cue("person_before", at) > 0 && self.has("given", at) && !self.has("common", at);
        if known || self.is_strongly_cued(at) {
            let name = |at: usize| {
                self.word(at).is_some_and(|word| !word.is_number()) && !self.has("common", at) && !self.has("title", at)
            };
            let length = (at..at + SMALL)
                .take_while(|next| name(*next) && (*next == at || self.follows(*next)))
                .count();
            if length > 0 {
                self.push(at..at + length, NameKind::Person, 0.7, found);
            }
            return length;
        }
        if self.cue("place_before", at) == 0 {
            return 0;
        }
        let long = |length: &usize| {
            let joined = (at + 1..at + length).all(|at| self.follows(at));
            let phrase = self.phrase(at..at + length);
            joined
                && at + length <= self.words.len()
                && phrase.len() > 3
                && !LISTS.has("common", &phrase)
                && LISTS.has("place", &phrase)
        };
        let Some(length) = (1..=CUE).rev().find(long) else {
            return 0;
        };
        self.push(at..at + length, NameKind::Place, 0.7, found);
        length
    }
}
