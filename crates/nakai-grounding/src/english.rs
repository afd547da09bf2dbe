//! What English sentences state: their clauses, each with whether it denies, demands or permits, and under which conditions.
//!
//! There is no tagger: function words, word endings and the order of words tell where a clause ends and where its predicate begins.
//! A clause without a subject of its own (`… but cannot export to PDF`, `…, but not on Linux`) takes over words of the one before.

use std::ops::Range;

use self::words::{ACTIONS, AUXILIARIES, BROUGHT_TO, RESTRICTIONS, UNSHARED};
use crate::{
    clause::{Demand, Quantifier, Relation},
    terms::TermFinder,
};

mod cut;
mod read;
mod words;

/// What stands for everybody where something is said of all.
pub(crate) const ANYBODY: &str = "anybody";

/// What a clause is to its sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// It states something.
    States,
    /// It says when something else holds.
    Condition {
        /// `even if`: that it holds whatever it says.
        regardless: bool,
    },
    /// It says why.
    Reason,
}

/// A clause of a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Clause {
    pub(crate) part: Part,
    /// Where it stands in the sentence, in bytes.
    pub(crate) range: Range<usize>,
    pub(crate) denies: bool,
    /// Whether it does so by a word such as `not`.
    pub(crate) negated: bool,
    /// What it denies by a word of its own, such as `pay` by `free`.
    pub(crate) negative: Option<String>,
    pub(crate) demand: Demand,
    /// The stems of its own words in their order, those that say the same as one.
    pub(crate) stems: Vec<String>,
    /// The stems behind `than`: what it compares its subject with.
    pub(crate) standard: Vec<String>,
    /// Which of the stems behind the subject limit no noun by a clause of their own.
    pub(crate) rest: Vec<String>,
    /// How many of those are its subject; 0 if that is not known.
    pub(crate) subject: usize,
    /// The stems that it takes over from the clause before.
    pub(crate) taken_over: Vec<String>,
    /// Whether its subject bears what the predicate says.
    pub(crate) passive: bool,
    /// What is said of how many, by the stem of what is counted.
    pub(crate) quantifiers: Vec<(Quantifier, String)>,
    /// What is set before or after what, by the stem of that.
    pub(crate) relations: Vec<(Relation, String)>,
    /// Whether it holds only after what the clause before says.
    pub(crate) later: bool,
    /// Whether its sentence restricts anything.
    pub(crate) restricts: bool,
    /// Whether it speaks of what an earlier sentence named.
    pub(crate) refers: bool,
}

struct Word {
    range: Range<usize>,
    lower: String,
    /// Whether a comma or the like stands before it.
    pause: bool,
}

/// Finds the clauses of a folded sentence.
pub(crate) fn clauses(finder: &TermFinder, folded: &str) -> Vec<Clause> {
    let words = words(folded);
    let reader = Reader { finder, words: &words };
    reader.clauses()
}

fn words(folded: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut begin = None;
    let mut end_of_last = 0;
    let characters: Vec<(usize, char)> = folded.char_indices().collect();
    for (place, (at, c)) in characters.iter().copied().enumerate() {
        let before_digit = characters.get(place + 1).is_some_and(|(_, next)| next.is_ascii_digit());
        let inside = c.is_alphanumeric()
            || (begin.is_some() && matches!(c, '\'' | '-'))
            || (begin.is_some() && before_digit && matches!(c, '.' | ',' | ':' | '/'));
        match (begin, inside) {
            (None, true) => begin = Some(at),
            (Some(from), false) => {
                words.push(word(folded, from..at, end_of_last));
                (begin, end_of_last) = (None, at);
            }
            _ => {}
        }
    }
    if let Some(from) = begin {
        words.push(word(folded, from..folded.len(), end_of_last));
    }
    words
}

fn word(folded: &str, range: Range<usize>, end_of_last: usize) -> Word {
    Word {
        pause: folded[end_of_last..range.start].contains([',', ';', ':', '(', ')', '.']),
        lower: folded[range.clone()].to_lowercase(),
        range,
    }
}

/// A run of words that becomes a clause.
#[derive(Clone)]
struct Run {
    begin: usize,
    end: usize,
    part: Part,
    opening: Opening,
    flips: bool,
}

/// How a run is joined to the one before.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Opening {
    /// By a conjunction or a comma.
    Joined,
    /// As a denied remainder: `…, but not on Linux`.
    Denied,
    /// As what is left out: `… except for the skin clinic`.
    Exception,
    /// By `which`.
    Relative,
}

struct Reader<'a> {
    finder: &'a TermFinder,
    words: &'a [Word],
}

impl Reader<'_> {
    fn clauses(&self) -> Vec<Clause> {
        let restricts = self
            .words
            .iter()
            .any(|word| RESTRICTIONS.contains(&word.lower.as_str()) || word.lower.ends_with("n't"));
        let runs = self.runs();
        let mut clauses: Vec<Clause> = Vec::new();
        // What a clause without a subject takes over from.
        let mut last: Option<(Run, Clause)> = None;
        for run in runs {
            let mut clause = self.clause(&run);
            clause.restricts = restricts;
            if let Some((before, stated)) = &last {
                self.take_over(&mut clause, &run, before, stated);
            }
            clause.denies ^= run.flips;
            if last.is_none() || (run.part == Part::States && run.opening != Opening::Relative) {
                last = Some((run.clone(), clause.clone()));
            }
            let free = (clause.part == Part::States && self.is_free(&run)).then(|| clause.free());
            clauses.push(clause);
            clauses.extend(free);
        }
        clauses
    }

    /// Gives a clause what it leaves to the one before, which `stated` it in the run `before`.
    fn take_over(&self, clause: &mut Clause, run: &Run, before: &Run, stated: &Clause) {
        match run.opening {
            Opening::Denied => {
                clause.taken_over = stated.all_stems();
                clause.denies = !stated.denies || self.is_denied(run);
                clause.demand = stated.demand;
            }
            Opening::Exception => {
                clause.taken_over = stated.all_stems();
                clause.denies = !stated.denies;
                clause.demand = stated.demand;
            }
            Opening::Relative => clause.taken_over.extend(stated.stems.last().cloned()),
            Opening::Joined if run.part == Part::States && self.lacks_subject(run) => {
                if stated.subject > 0 {
                    clause.taken_over = [&stated.taken_over[..], &stated.stems[..stated.subject]].concat();
                } else {
                    clause.taken_over = stated.all_stems();
                    clause.quantifiers.extend(stated.quantifiers.iter().cloned());
                }
                self.share_auxiliary(clause, run, before, stated);
            }
            Opening::Joined if clause.refers => {
                clause.taken_over = match stated.subject {
                    0 => stated.all_stems(),
                    subject => stated.stems[..subject].to_vec(),
                };
            }
            Opening::Joined => {}
        }
    }

    /// Denies and demands what is joined to a denied or demanded verb without an auxiliary of its own: `can't come and eat`.
    fn share_auxiliary(&self, clause: &mut Clause, run: &Run, before: &Run, stated: &Clause) {
        let first = self.lower(run.begin);
        let bare = !AUXILIARIES.contains(&first) && !first.ends_with('s') && !first.ends_with("ed");
        let is_shared = |at| {
            let word = self.lower(at);
            AUXILIARIES.contains(&word) && !UNSHARED.contains(&word)
        };
        let shares = first.ends_with("ing") || (before.begin..before.end).any(is_shared);
        if bare && shares && self.is_joined_by(run, &["and", "or"]) {
            clause.denies |= stated.denies;
            if clause.demand == Demand::Plain {
                clause.demand = stated.demand;
            }
        }
    }

    fn lower(&self, at: usize) -> &str {
        self.words.get(at).map_or("", |word| &word.lower)
    }
}

/// Whether a stem stands for several that say the same.
pub(crate) fn is_brought_to(stem: &str) -> bool {
    BROUGHT_TO.contains(&stem)
}

/// Whether a stem is an action that `allowed` stands for as well.
pub(crate) fn is_action(stem: &str) -> bool {
    ACTIONS.contains(&stem)
}

impl Clause {
    /// That what it states costs nothing.
    fn free(&self) -> Self {
        let mut free = self.clone();
        free.stems.push("pay".to_owned());
        (free.denies, free.negated) = (true, false);
        free.negative = Some("pay".to_owned());
        free
    }

    /// Its own stems with those it takes over.
    fn all_stems(&self) -> Vec<String> {
        [&self.taken_over[..], &self.stems[..]].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terms::fold;

    fn read(text: &str) -> Vec<Clause> {
        clauses(&TermFinder::new(), &fold(text))
    }

    fn cut(text: &str) -> Vec<(String, bool)> {
        let folded = fold(text);
        let read = clauses(&TermFinder::new(), &folded);
        read.into_iter()
            .map(|clause| (folded[clause.range].to_owned(), clause.denies))
            .collect()
    }

    #[test]
    fn clauses_end_where_another_begins() {
        for (text, expected) in [
            (
                "Pets can't stay, but dogs that assist are welcome, free of charge.",
                vec![
                    ("Pets can't stay", true),
                    ("dogs that assist are welcome, free of charge", false),
                    ("dogs that assist are welcome, free of charge", true),
                ],
            ),
            (
                "The free version has all tools but cannot export to PDF and adds a watermark.",
                vec![
                    ("The free version has all tools", false),
                    ("cannot export to PDF", true),
                    ("adds a watermark", false),
                ],
            ),
            (
                "Underwear, earrings and opened cosmetics cannot be returned.",
                vec![("Underwear, earrings and opened cosmetics cannot be returned", true)],
            ),
            (
                "It runs on macOS, but not on Linux.",
                vec![("It runs on macOS", false), ("not on Linux", true)],
            ),
            (
                "Parcels that need no signature are left at the door unless you object.",
                vec![
                    ("Parcels that need no signature are left at the door", false),
                    ("you object", true),
                ],
            ),
        ] {
            let expected: Vec<_> = expected
                .into_iter()
                .map(|(text, denies)| (text.to_owned(), denies))
                .collect();
            assert_eq!(cut(text), expected, "{text}");
        }
    }

    #[test]
    fn denials_are_told_from_affirmations() {
        for text in [
            "Pets aren't allowed.",
            "You need no reservation.",
            "Parking is free.",
            "Smoking is prohibited.",
        ] {
            assert!(cut(text)[0].1, "{text}");
        }
        for text in [
            "Pets are welcome.",
            "Not only guests can eat here.",
            "The free bus waits.",
            "Smoking is not prohibited.",
        ] {
            assert!(!cut(text)[0].1, "{text}");
        }
    }

    #[test]
    fn what_lacks_a_subject_takes_it_over() {
        let clauses = read("The free version has all tools but cannot export to PDF.");
        assert_eq!(clauses[1].taken_over, ["free", "version"]);
        let clauses = read("The program runs on macOS, but not on Linux.");
        assert!(clauses[1].taken_over.contains(&"run".to_owned()), "{clauses:?}");
    }
}
