//! What an English clause says: where its predicate begins, what it denies, demands, counts and compares.

use super::{
    ANYBODY, Clause, Part, Reader, Run,
    words::{
        AFTER, ALL, AUXILIARIES, CHOICES, COPULAS, DEMANDS, DENIALS, DETERMINERS, HARMLESS, MEASURES, MOST, NEGATIVES,
        ONLY, PERMISSIONS, PERSONS, PREPOSITIONS, PRONOUNS, SAME, SOME, SUBJECTS, TIMES, UNTIL,
    },
};
use crate::{
    clause::{Demand, Quantifier, Relation},
    terms::is_empty,
};

impl Reader<'_> {
    /// The words of a run but those of a clause that only limits a noun: `parcels that need a signature`.
    pub(super) fn stating(&self, run: &Run) -> Vec<usize> {
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
    pub(super) fn is_negated(&self, run: &Run) -> bool {
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
    pub(super) fn is_denied(&self, run: &Run) -> bool {
        let negative = self.stating(run).into_iter().any(|at| self.is_negative(at, run));
        self.is_negated(run) != negative
    }

    /// Whether a word says the opposite of another as a predicate: `is free`, but not `the free version` and `keeps it free of charge`.
    pub(super) fn is_negative(&self, at: usize, run: &Run) -> bool {
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
    pub(super) fn is_free(&self, run: &Run) -> bool {
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
    pub(super) fn predicate(&self, run: &Run) -> Option<usize> {
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

    pub(super) fn clause(&self, run: &Run) -> Clause {
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
        let pronoun = predicate.is_some_and(|place| place > run.begin && SUBJECTS.contains(&self.lower(place - 1)));
        if prepositional || pronoun {
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
    pub(super) fn has_complement(&self, at: usize) -> bool {
        let measure = at > 1 && MEASURES.contains(&self.lower(at - 1)) && is_empty(self.lower(at - 2));
        !measure && !matches!(self.lower(at + 1), "that" | "this" | "then")
    }

    /// The stem of the first noun behind a word that counts or limits it; empty if there is none.
    pub(super) fn noun_after(&self, at: usize, run: &Run) -> String {
        let behind = (at + 1..run.end.min(at + 6)).find_map(|at| self.stem(at, run));
        behind.unwrap_or_default()
    }

    /// The stem of a word that carries something, one for all that say the same in a predicate.
    pub(super) fn stem(&self, at: usize, run: &Run) -> Option<String> {
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
}

/// The stem for all that say the same.
fn same(stem: String) -> String {
    let same = SAME.iter().find(|(word, _)| *word == stem);
    same.map_or(stem, |(_, same)| (*same).to_owned())
}
