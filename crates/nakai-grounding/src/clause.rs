//! Clauses of sentences in both languages, and when one says the contrary of another.

mod comparison;

use std::{collections::BTreeSet, ops::Range};

use crate::{
    english,
    facts::Fact,
    japanese::{self, Predicate, nominal},
    terms::{TermFinder, Terms, is_japanese},
};

pub(crate) use crate::english::{ANYBODY, Part};

/// Whether a clause says that something has to be or can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Demand {
    /// Neither.
    Plain,
    /// It can be.
    Can,
    /// It is left to whoever is meant.
    May,
    /// It has to be.
    Must,
}

/// Of how many something is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Quantifier {
    All,
    Most,
    Some,
    /// Of these and no others.
    Only,
}

/// On which side of something else a thing is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Relation {
    Until,
    After,
}

/// What a sentence makes the condition of what it states.
#[derive(Debug, Clone)]
pub(crate) struct Condition {
    words: BTreeSet<String>,
    denies: bool,
    /// That it makes no difference.
    regardless: bool,
}

/// A clause of a sentence.
#[derive(Clone)]
pub(crate) struct Clause {
    pub(crate) part: Part,
    pub(crate) terms: Terms,
    /// Words that it takes over from the clause before, which names them for both.
    pub(crate) taken_over: BTreeSet<String>,
    pub(crate) facts: Vec<Fact>,
    /// What it says of its words; not known in English, where any may be held against any.
    pub(crate) predicate: Option<Predicate>,
    pub(crate) denies: bool,
    /// Whether it does so by a word such as `not`, rather than by one such as `free`.
    negated: bool,
    /// The word that it denies by one such as `free`.
    negative: Option<String>,
    demand: Demand,
    quantifiers: Vec<(Quantifier, String)>,
    relations: Vec<(Relation, String)>,
    conditions: Vec<Condition>,
    /// The words of its subject, and those of the rest; the subject is empty if it is not known.
    subject: Vec<String>,
    rest: Vec<String>,
    /// Of the subject, what Japanese marks as that which acts.
    agent: Vec<String>,
    /// What it compares its subject with.
    standard: Vec<String>,
    passive: bool,
    restricts: bool,
    /// Whether it holds only after what the clause before says.
    later: bool,
}

/// The clauses of a folded sentence that has these facts. `before` is what the sentence before speaks about.
pub(crate) fn clauses(finder: &TermFinder, folded: &str, facts: &[Fact], before: &BTreeSet<String>) -> Vec<Clause> {
    if is_japanese(folded) {
        japanese_clauses(finder, folded, facts, before)
    } else {
        english_clauses(finder, folded, facts, before)
    }
}

/// What a sentence with these clauses speaks about.
pub(crate) fn topic(clauses: &[Clause]) -> BTreeSet<String> {
    if let Some(last) = clauses.last().filter(|clause| clause.predicate.is_some()) {
        return last.taken_over.clone();
    }
    let first = clauses.iter().find(|clause| clause.part == Part::States);
    first.map(Clause::topic).unwrap_or_default()
}

fn within(facts: &[Fact], range: &Range<usize>) -> Vec<Fact> {
    facts.iter().filter(|fact| range.contains(&fact.at)).cloned().collect()
}

fn japanese_clauses(finder: &TermFinder, folded: &str, facts: &[Fact], before: &BTreeSet<String>) -> Vec<Clause> {
    let restricts = japanese::restricts(folded);
    let words = |range: &Range<usize>| finder.terms(&folded[range.clone()]).words;
    let mut clauses: Vec<Clause> = Vec::new();
    let mut topic = before.clone();
    for found in finder.japanese_clauses(folded) {
        let text = &folded[found.range.clone()];
        let mut terms = finder.terms(text);
        let excluded = found.exclusion.as_ref().map(&words);
        if let Some(range) = &found.exclusion {
            // Words of the exclusion that the clause has once more belong to it as well.
            let kept = [found.range.start..range.start, range.end..found.range.end];
            terms.words = kept.iter().flat_map(&words).collect();
        }
        // What a predicate says is compared as such, whatever its word.
        terms
            .words
            .retain(|word| *word != found.word && Predicate::of(word) != found.predicate);
        let conditions = found.conditions.iter().map(|condition| Condition {
            words: words(&condition.range),
            denies: condition.denies,
            regardless: condition.regardless,
        });
        // The next predicates have the same topic until another one is named.
        if !found.arguments.subject.is_empty() {
            topic = found.arguments.subject.iter().cloned().collect();
        }
        let clause = Clause {
            part: Part::States,
            terms,
            taken_over: topic.clone(),
            facts: within(facts, &found.range),
            predicate: Some(found.predicate),
            denies: found.denies,
            negated: found.denies,
            negative: None,
            demand: found.demand,
            quantifiers: japanese::quantifiers(text),
            relations: found.relations,
            conditions: conditions.collect(),
            subject: found.arguments.subject,
            agent: found.arguments.agent,
            rest: found.arguments.rest,
            standard: Vec::new(),
            passive: false,
            restricts,
            later: false,
        };
        if let Some(excluded) = excluded {
            clauses.push(Clause {
                taken_over: &clause.terms.words | &clause.taken_over,
                terms: Terms {
                    words: excluded,
                    ..Terms::default()
                },
                denies: !clause.denies,
                negated: !clause.denies,
                subject: Vec::new(),
                ..clause.clone()
            });
        }
        // 無料でお預かりします: what is done costs nothing.
        if text.contains("無料で") && !matches!(clause.predicate, Some(Predicate::Costs)) {
            let mut free = clause.clone();
            free.terms.words.insert(nominal(&found.word));
            (free.predicate, free.denies, free.negated) = (Some(Predicate::Costs), true, false);
            clauses.push(free);
        }
        clauses.push(clause);
    }
    clauses
}

fn english_clauses(finder: &TermFinder, folded: &str, facts: &[Fact], before: &BTreeSet<String>) -> Vec<Clause> {
    let found = english::clauses(finder, folded);
    let conditions: Vec<Condition> = found
        .iter()
        .filter_map(|clause| match clause.part {
            Part::Condition { regardless } => Some(Condition {
                words: clause.stems.iter().cloned().collect(),
                denies: clause.denies,
                regardless,
            }),
            _ => None,
        })
        .collect();
    let found = found.into_iter();
    found
        .map(|clause| {
            let mut terms = finder.terms(&folded[clause.range.clone()]);
            terms.words = clause.stems.iter().cloned().collect();
            let mut taken_over: BTreeSet<String> = clause.taken_over.into_iter().collect();
            if clause.refers && taken_over.is_empty() {
                taken_over.clone_from(before);
            }
            Clause {
                part: clause.part,
                terms,
                taken_over,
                facts: within(facts, &clause.range),
                predicate: None,
                denies: clause.denies,
                negated: clause.negated,
                negative: clause.negative,
                demand: clause.demand,
                quantifiers: clause.quantifiers,
                relations: clause.relations,
                conditions: conditions.clone(),
                subject: clause.stems[..clause.subject].to_vec(),
                rest: clause.rest,
                agent: Vec::new(),
                standard: clause.standard,
                passive: clause.passive,
                restricts: clause.restricts,
                later: clause.later,
            }
        })
        .collect()
}
