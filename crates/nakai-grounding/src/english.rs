//! What English sentences state: their clauses, each with whether it denies, demands or permits, and under which conditions.
//!
//! There is no tagger: function words, word endings and the order of words tell where a clause ends and where its predicate begins.
//! A clause without a subject of its own (`… but cannot export to PDF`, `…, but not on Linux`) takes over words of the one before.

use std::ops::Range;

use self::words::{
    AFTER, ALL, AUXILIARIES, BROUGHT_TO, CHOICES, CONDITIONS, COPULAS, DEMANDS, DENIALS, DETERMINERS, HARMLESS,
    MEASURES, MOST, NEGATIVES, ONLY, PERMISSIONS, PERSONS, PREPOSITIONS, PRONOUNS, REASONS, RESTRICTIONS, SAME, SHARED,
    SOME, SUBJECTS, TIMES, UNTIL, VERBS,
};
use crate::{
    clause::{Demand, Quantifier, Relation},
    terms::{TermFinder, is_empty},
};

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
            let first = self.lower(run.begin);
            if let Some((before, stated)) = &last {
                match run.opening {
                    Opening::Denied => {
                        clause.taken_over = stated.all_stems();
                        clause.denies = !stated.denies || self.is_denied(&run);
                        clause.demand = stated.demand;
                    }
                    Opening::Exception => {
                        clause.taken_over = stated.all_stems();
                        clause.denies = !stated.denies;
                        clause.demand = stated.demand;
                    }
                    Opening::Relative => {
                        let noun = stated.stems.last().cloned();
                        clause.taken_over.extend(noun);
                    }
                    Opening::Joined if run.part == Part::States && self.lacks_subject(&run) => {
                        let subject = stated.subject;
                        clause.taken_over = if subject > 0 {
                            [&stated.taken_over[..], &stated.stems[..subject]].concat()
                        } else {
                            stated.all_stems()
                        };
                        // `can't come and eat`: the second verb is denied as well.
                        let verb = self.first_of(before, SHARED);
                        let shares = !AUXILIARIES.contains(&first) && !first.ends_with('s') && !first.ends_with("ed");
                        if verb.is_some() && shares && self.is_joined_by(&run, &["and", "or"]) {
                            clause.denies = clause.denies || stated.denies;
                            clause.demand = if clause.demand == Demand::Plain {
                                stated.demand
                            } else {
                                clause.demand
                            };
                        }
                    }
                    Opening::Joined => {
                        if clause.refers {
                            clause.taken_over = match stated.subject {
                                0 => stated.all_stems(),
                                subject => stated.stems[..subject].to_vec(),
                            };
                        }
                    }
                }
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

    /// Cuts the sentence where another clause begins.
    fn runs(&self) -> Vec<Run> {
        let mut runs: Vec<Run> = Vec::new();
        let mut at = 0;
        let mut run = Run {
            begin: 0,
            end: 0,
            part: Part::States,
            opening: Opening::Joined,
            flips: false,
        };
        while at < self.words.len() {
            if let Some((part, opening, flips, begin)) = self.opens(at) {
                if at > run.begin {
                    run.end = at;
                    runs.push(run.clone());
                }
                run = Run {
                    begin,
                    end: begin,
                    part,
                    opening,
                    flips,
                };
                at = begin.max(at + 1);
                continue;
            }
            at += 1;
        }
        run.end = self.words.len();
        if run.end > run.begin {
            runs.push(run);
        }
        self.merged(runs)
    }

    /// Puts runs without a predicate to those they belong to: parts of a list, and what follows a comma.
    fn merged(&self, runs: Vec<Run>) -> Vec<Run> {
        let mut merged: Vec<Run> = Vec::new();
        for run in runs {
            let Some(last) = merged.last_mut() else {
                merged.push(run);
                continue;
            };
            let plain = run.opening == Opening::Joined && run.part == Part::States;
            let adjoins = plain
                && (self.words[run.begin].pause || (run.begin > 0 && self.words[run.begin - 1].pause))
                && !self.is_joined_by(&run, &["but"]);
            let incomplete = last.part == Part::States && last.opening == Opening::Joined && !self.has_predicate(last);
            let lists = plain && incomplete && self.is_joined_by(&run, &["and", "or"]);
            if lists || (adjoins && (!self.has_predicate(&run) || incomplete) && last.part == Part::States) {
                last.end = run.end;
            } else {
                merged.push(run);
            }
        }
        merged
    }

    /// Whether a clause begins at a word: what it is, how it is joined, whether it is turned by its first word, and where its words begin.
    fn opens(&self, at: usize) -> Option<(Part, Opening, bool, usize)> {
        let (word, next) = (self.lower(at), self.lower(at + 1));
        let condition = |regardless| Part::Condition { regardless };
        if at > 0 && self.lower(at - 1) == "even" && CONDITIONS.contains(&word) {
            return Some((condition(true), Opening::Joined, false, at + 1));
        }
        if word == "even" && CONDITIONS.contains(&next) {
            return Some((condition(true), Opening::Joined, false, at + 2));
        }
        // `towels are provided`, but `provided (that) you …`
        let provided = word != "provided" || next == "that" || SUBJECTS.contains(&next);
        if CONDITIONS.contains(&word) && provided && !matches!(next, "possible" | "necessary") {
            return Some((condition(false), Opening::Joined, word == "unless", at + 1));
        }
        if REASONS.contains(&word) {
            return Some((Part::Reason, Opening::Joined, false, at + 1));
        }
        if word == "as" && matches!((next, self.lower(at + 2)), ("long" | "soon", "as")) {
            return Some((condition(false), Opening::Joined, false, at + 3));
        }
        if at == 0 {
            return None;
        }
        if word == "except" {
            let begin = if matches!(next, "for" | "on" | "in") {
                at + 2
            } else {
                at + 1
            };
            return Some((Part::States, Opening::Exception, false, begin));
        }
        if word == "with" && next == "the" && self.lower(at + 2) == "exception" {
            return Some((Part::States, Opening::Exception, false, at + 4));
        }
        let pause = self.words[at].pause;
        let states = |opening, begin| Some((Part::States, opening, false, begin));
        match word {
            // `but not on Linux` has no verb; `but not refunded` has one.
            "but" if next == "not" => states(Opening::Denied, at + 1),
            "but" | "while" | "whereas" | "although" | "though" | "yet" => states(Opening::Joined, at + 1),
            "not" if pause => states(Opening::Denied, at),
            "which" | "who" if pause => states(Opening::Relative, at + 1),
            "and" | "or" | "so" if self.begins_predicate(at + 1) => states(Opening::Joined, at + 1),
            "and" | "or" if pause && next != "not" => states(Opening::Joined, at + 1),
            "and" if next == "not" => states(Opening::Denied, at + 1),
            _ if pause => states(Opening::Joined, at),
            _ => None,
        }
    }

    /// Whether a verb or a subject with its verb stands here.
    fn begins_predicate(&self, at: usize) -> bool {
        let word = self.lower(at);
        if word == "then" || SUBJECTS.contains(&word) || AUXILIARIES.contains(&word) {
            return true;
        }
        let next = self.lower(at + 1);
        // `and usually takes`, `and bring the receipt`
        let adverb = word.ends_with("ly") || matches!(word, "also" | "never" | "always" | "still");
        if adverb {
            return AUXILIARIES.contains(&next) || self.is_verb(next);
        }
        if DETERMINERS.contains(&next) && !PREPOSITIONS.contains(&word) && !DETERMINERS.contains(&word) {
            return true;
        }
        if self.is_verb(word) && (word.ends_with('s') || word.ends_with("ed")) {
            return true;
        }
        // A subject of up to four words and an auxiliary.
        (1..=4).any(|ahead| {
            let stops = (0..ahead)
                .any(|between| at + between < self.words.len() && between > 0 && self.words[at + between].pause);
            !stops && AUXILIARIES.contains(&self.lower(at + ahead))
        })
    }

    fn is_verb(&self, word: &str) -> bool {
        VERBS.contains(&self.finder.stem(word).as_str())
    }

    fn has_predicate(&self, run: &Run) -> bool {
        (run.begin..run.end).any(|at| {
            let word = self.lower(at);
            AUXILIARIES.contains(&word) || SUBJECTS.contains(&word) || word == "please" || self.is_verb(word)
        })
    }

    /// Whether a run begins with its predicate.
    fn lacks_subject(&self, run: &Run) -> bool {
        let first = self.lower(run.begin);
        if SUBJECTS.contains(&first) || DETERMINERS.contains(&first) {
            return false;
        }
        if first == "then" || AUXILIARIES.contains(&first) {
            return true;
        }
        let predicate = self.predicate(run);
        predicate.is_none_or(|place| place == run.begin)
    }

    fn is_joined_by(&self, run: &Run, conjunctions: &[&str]) -> bool {
        run.begin > 0 && conjunctions.contains(&self.lower(run.begin - 1))
    }

    /// The words of a run but those of a clause that only limits a noun: `parcels that need a signature`.
    fn stating(&self, run: &Run) -> Vec<usize> {
        let mut stating = Vec::new();
        let mut at = run.begin;
        while at < run.end {
            let limits = matches!(self.lower(at), "that" | "who" | "which") && at > run.begin && {
                let noun = self.lower(at - 1);
                !AUXILIARIES.contains(&noun) && !is_empty(noun)
            };
            if limits {
                let own = at + 1 + usize::from(AUXILIARIES.contains(&self.lower(at + 1)));
                let next = (own + 1..run.end).find(|next| {
                    AUXILIARIES.contains(&self.lower(*next)) && !AUXILIARIES.contains(&self.lower(*next - 1))
                });
                at = next.unwrap_or(run.end);
                continue;
            }
            stating.push(at);
            at += 1;
        }
        stating
    }

    /// Whether a run denies by a word such as `not`.
    fn is_negated(&self, run: &Run) -> bool {
        self.stating(run).into_iter().any(|at| {
            let (word, next) = (self.lower(at), self.lower(at + 1));
            let before = if at > run.begin { self.lower(at - 1) } else { "" };
            let harmless = HARMLESS
                .iter()
                .any(|[one, other]| (word == *one && next == *other) || (before == *one && word == *other));
            // `not as rigorous as` is `less rigorous`.
            let less = word == "less"
                && !PREPOSITIONS.contains(&before)
                && next != "than"
                && !next.starts_with(|c: char| c.is_ascii_digit());
            // `if you come without a ticket` does not deny that you come.
            let harmless = harmless || (word == "without" && run.part != Part::States);
            !harmless && (DENIALS.contains(&word) || word.ends_with("n't") || less)
        })
    }

    /// Whether a run denies, by a word such as `not` or by one that says the opposite of another.
    fn is_denied(&self, run: &Run) -> bool {
        let negative = self.stating(run).into_iter().any(|at| self.is_negative(at, run));
        self.is_negated(run) != negative
    }

    /// Whether a word says the opposite of another as a predicate: `is free`, but not `the free version` and `keeps it free of charge`.
    fn is_negative(&self, at: usize, run: &Run) -> bool {
        let word = self.lower(at);
        if word == "free" {
            let is_copula = |place: usize| place >= run.begin && COPULAS.contains(&self.lower(place));
            // `are welcome, free of charge`
            if self.lower(at + 1) == "of" {
                let before = (run.begin..at)
                    .rev()
                    .find(|place| !matches!(self.lower(*place), "not" | "also" | "always"));
                return at == run.begin || before.is_some_and(is_copula);
            }
            return at == run.begin || (1..=3).any(|back| at >= back && is_copula(at - back));
        }
        NEGATIVES.iter().any(|(negative, _)| *negative == word)
    }

    /// Whether a run says besides that what it states costs nothing: `keeps it free of charge`, `at no extra charge`.
    fn is_free(&self, run: &Run) -> bool {
        (run.begin + 1..run.end).any(|at| match self.lower(at) {
            "free" => !self.is_negative(at, run) && (self.lower(at + 1) == "of" || self.lower(at - 1) == "for"),
            "no" => {
                let charge = |place| matches!(self.lower(place), "charge" | "cost");
                self.lower(at - 1) == "at" && (charge(at + 1) || charge(at + 2))
            }
            _ => false,
        })
    }

    /// Where the predicate of a run begins.
    fn predicate(&self, run: &Run) -> Option<usize> {
        let stating = self.stating(run);
        let auxiliary = stating
            .iter()
            .copied()
            .find(|at| AUXILIARIES.contains(&self.lower(*at)));
        auxiliary.or_else(|| {
            let mut places = stating.into_iter();
            // The first word of a sentence is a verb only as a request.
            places.find(|at| {
                self.is_verb(self.lower(*at))
                    && (*at == run.begin
                        || !PREPOSITIONS.contains(&self.lower(*at - 1)) && !DETERMINERS.contains(&self.lower(*at - 1)))
            })
        })
    }

    fn clause(&self, run: &Run) -> Clause {
        let predicate = self.predicate(run);
        let (mut stems, mut subject) = (Vec::new(), 0);
        let mut prepositional = false;
        let mut quantifiers = Vec::new();
        let mut relations = Vec::new();
        for at in run.begin..run.end {
            let word = self.lower(at);
            let head = || self.noun_after(at, run);
            if ONLY.contains(&word) && self.lower(at.wrapping_sub(1)) != "not" {
                quantifiers.push((Quantifier::Only, head()));
            } else if ALL.contains(&word) {
                let head = if PERSONS.contains(&word) {
                    ANYBODY.to_owned()
                } else {
                    head()
                };
                // `every day` says when.
                if !TIMES.contains(&head.as_str()) {
                    quantifiers.push((Quantifier::All, head));
                }
            } else if MOST.contains(&word) && self.lower(at.wrapping_sub(1)) != "at" {
                quantifiers.push((Quantifier::Most, head()));
            } else if SOME.contains(&word) {
                quantifiers.push((Quantifier::Some, head()));
            } else if UNTIL.contains(&word) && self.has_complement(at) {
                relations.push((Relation::Until, head()));
            } else if AFTER.contains(&word) && self.has_complement(at) {
                relations.push((Relation::After, head()));
            }
            let before_predicate = predicate.is_some_and(|place| at < place);
            if before_predicate && PREPOSITIONS.contains(&word) && stems.is_empty() {
                prepositional = true;
            }
            if let Some(stem) = self.stem(at, run) {
                stems.push(stem);
                if before_predicate {
                    subject = stems.len();
                }
            }
        }
        if prepositional {
            subject = 0;
        }
        let rest: Vec<String> = self
            .stating(run)
            .into_iter()
            .filter(|at| predicate.is_none_or(|place| *at >= place))
            .filter_map(|at| self.stem(at, run))
            .collect();
        let than = (run.begin..run.end).find(|at| self.lower(*at) == "than");
        let standard = than.map(|at| (at + 1..run.end).filter_map(|at| self.stem(at, run)).collect());
        let stating = self.stating(run);
        let says = |list: &[&str]| stating.iter().any(|at| list.contains(&self.lower(*at)));
        let has_to = stating
            .iter()
            .any(|at| matches!(self.lower(*at), "have" | "has" | "had") && self.lower(*at + 1) == "to");
        let demand = if says(DEMANDS) || has_to {
            Demand::Must
        } else if says(CHOICES) {
            Demand::May
        } else if says(PERMISSIONS) {
            Demand::Can
        } else {
            Demand::Plain
        };
        let passive = stating.iter().any(|at| {
            matches!(self.lower(*at), "is" | "are" | "be" | "was" | "were" | "been" | "being")
                && (1..=2).any(|ahead| {
                    let word = self.lower(*at + ahead);
                    word.ends_with("ed")
                        || word.ends_with("en")
                        || matches!(word, "sent" | "kept" | "left" | "paid" | "made" | "held" | "sold")
                })
        });
        let first = self.lower(run.begin);
        Clause {
            part: run.part,
            range: self.words[run.begin].range.start..self.words[run.end - 1].range.end,
            denies: self.is_denied(run),
            negated: self.is_negated(run),
            negative: stating
                .iter()
                .find(|at| self.is_negative(**at, run))
                .and_then(|at| self.stem(*at, run)),
            demand,
            stems,
            rest,
            standard: standard.unwrap_or_default(),
            subject,
            taken_over: Vec::new(),
            passive,
            quantifiers,
            relations,
            later: matches!(first, "then" | "afterwards" | "otherwise"),
            restricts: false,
            refers: (run.begin..run.end).any(|at| PRONOUNS.contains(&self.lower(at))),
        }
    }

    /// Whether something follows a word such as `before` that it sets something before: not in `the day before we …`, `after that`.
    fn has_complement(&self, at: usize) -> bool {
        let measure = at > 1 && MEASURES.contains(&self.lower(at - 1)) && is_empty(self.lower(at - 2));
        !measure && !matches!(self.lower(at + 1), "that" | "this" | "then")
    }

    /// The stem of the first noun behind a word that counts or limits it; empty if there is none.
    fn noun_after(&self, at: usize, run: &Run) -> String {
        let behind = (at + 1..run.end.min(at + 6)).find_map(|at| self.stem(at, run));
        behind.unwrap_or_default()
    }

    /// The stem of a word that carries something, one for all that say the same in a predicate.
    fn stem(&self, at: usize, run: &Run) -> Option<String> {
        let word = self.lower(at);
        if !word.starts_with(char::is_alphabetic) || is_empty(word) || ALL.contains(&word) {
            return None;
        }
        let free = word == "free" && self.lower(at + 1) == "of";
        if (free && !self.is_negative(at, run))
            || (word == "charge" && matches!(self.lower(at.wrapping_sub(1)), "of" | "extra" | "no"))
        {
            return None;
        }
        if self.is_negative(at, run) {
            let said = NEGATIVES.iter().find(|(negative, _)| *negative == word);
            return said.map(|(_, said)| (*said).to_owned());
        }
        let stem = self.finder.stem(word);
        Some(same(stem))
    }

    fn first_of(&self, run: &Run, list: &[&str]) -> Option<usize> {
        (run.begin..run.end).find(|at| list.contains(&self.lower(*at)))
    }

    fn lower(&self, at: usize) -> &str {
        self.words.get(at).map_or("", |word| &word.lower)
    }
}

/// Whether a stem stands for several that say the same.
pub(crate) fn is_brought_to(stem: &str) -> bool {
    BROUGHT_TO.contains(&stem)
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

/// The stem for all that say the same.
fn same(stem: String) -> String {
    let same = SAME.iter().find(|(word, _)| *word == stem);
    same.map_or(stem, |(_, same)| (*same).to_owned())
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
