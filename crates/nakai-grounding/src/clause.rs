//! Clauses of sentences in both languages, and which of them can be held against each other.

use std::ops::Range;

use crate::{
    facts::Fact,
    japanese::Predicate,
    polarity,
    terms::{TermFinder, Terms, is_japanese},
};

/// A clause of a sentence.
pub(crate) struct Clause {
    pub(crate) terms: Terms,
    pub(crate) facts: Vec<Fact>,
    /// What it says of its words; not known in English, where any may be held against any.
    pub(crate) predicate: Option<Predicate>,
    pub(crate) denies: bool,
}

impl Clause {
    /// Whether both speak about the same, so that they contradict each other if only one denies.
    pub(crate) fn meets(&self, other: &Self) -> bool {
        match (&self.predicate, &other.predicate) {
            (Some(one), Some(other)) => one.meets(other),
            (None, None) => true,
            _ => false,
        }
    }

    /// Whether another clause says what it says under the same conditions: of what is denied at some times and for some numbers, other
    /// times and numbers say nothing.
    pub(crate) fn has_the_conditions_of(&self, other: &Self) -> bool {
        if self.facts.is_empty() {
            return other.facts.is_empty() || self.denies;
        }
        if other.facts.is_empty() {
            return !self.denies;
        }
        let agrees = |fact: &Fact| {
            other
                .facts
                .iter()
                .any(|known| fact.agrees(known) && fact.side.meets(known.side))
        };
        self.facts.iter().all(agrees)
    }
}

/// The clauses of a folded sentence that has these facts.
pub(crate) fn clauses(finder: &TermFinder, folded: &str, facts: &[Fact]) -> Vec<Clause> {
    let clause = |range: Range<usize>, predicate, denies| Clause {
        terms: finder.terms(&folded[range.clone()]),
        facts: facts.iter().filter(|fact| range.contains(&fact.at)).cloned().collect(),
        predicate,
        denies,
    };
    if is_japanese(folded) {
        let found = finder.japanese_clauses(folded).into_iter();
        // What a predicate says is compared as such, whatever its word.
        return found
            .map(|found| {
                let mut clause = clause(found.range, Some(found.predicate), found.denies);
                clause.terms.words.remove(&found.word);
                clause
            })
            .collect();
    }
    let found = polarity::clauses(folded).into_iter();
    found.map(|(range, denies)| clause(range, None, denies)).collect()
}
