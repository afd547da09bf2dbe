//! When a clause says the contrary of another one that speaks about the same.

use std::collections::BTreeSet;

use super::{ANYBODY, Clause, Condition, Demand, Part, Quantifier};
use crate::{
    english::{is_action, is_brought_to},
    facts::Fact,
    japanese::Predicate,
    opposites::{includes, opposed},
};

impl Clause {
    /// Whether both speak about the same, so that they contradict each other if only one denies.
    pub(crate) fn meets(&self, other: &Self) -> bool {
        self.part == Part::States
            && other.part == Part::States
            && match (&self.predicate, &other.predicate) {
                (Some(one), Some(other)) => one.meets(other),
                (None, None) => true,
                _ => false,
            }
    }

    /// Whether another clause that speaks about the same says the same; `None` if it says nothing of it, because it speaks about other
    /// times, numbers or conditions.
    pub(crate) fn agrees(&self, other: &Self) -> Option<bool> {
        if self.says_the_condition_of(other)
            || self.ignores_what_is_denied_by(other)
            || other.ignores_what_is_denied_by(self)
        {
            return None;
        }
        let (denies, opposed) = (self.denies != other.denies, opposed(&self.terms, &other.terms));
        // A is slower than B: the same as B is faster than A, and as B is not as slow as A.
        let compared = !self.subject.is_empty() && self.subject.iter().all(|word| other.standard.contains(word));
        // Not to keep is to return.
        if denies && (opposed || self.is_turned(other)) || (compared && (denies || opposed)) {
            return None;
        }
        if denies {
            return self.has_the_conditions_of(other).then_some(false);
        }
        let turned = self.is_turned(other);
        let agrees = !turned
            && !opposed
            && !self.demands_otherwise(other)
            && !self.counts_otherwise(other)
            && !self.is_swapped(other)
            && !self.acts_otherwise(other)
            && !self.defies(other);
        let about_the_same = if agrees {
            other.facts.is_empty() || self.has_the_conditions_of(other)
        } else {
            turned || self.facts.is_empty() || other.facts.is_empty() || self.has_the_conditions_of(other)
        };
        about_the_same.then_some(agrees)
    }

    /// Whether it states what the other makes a condition, as `if A, B` does where the other says `A if B`.
    fn says_the_condition_of(&self, other: &Self) -> bool {
        let own = &self.terms.words;
        let mut conditions = other.conditions.iter();
        !own.is_empty()
            && !own.iter().any(|word| other.terms.words.contains(word))
            && conditions.any(|known| own.is_subset(&known.words))
    }

    /// Whether the other denies a word that this clause does not have: `parking is free` says nothing of whether one may park.
    fn ignores_what_is_denied_by(&self, other: &Self) -> bool {
        let denied = other.negative.as_ref();
        denied.is_some_and(|word| !self.terms.words.contains(word) && !self.taken_over.contains(word))
    }

    /// Whether another clause says what it says under the same conditions: of what is denied at some times and for some numbers, other
    /// times and numbers say nothing.
    fn has_the_conditions_of(&self, other: &Self) -> bool {
        if self.facts.is_empty() {
            return other.facts.is_empty() || self.negated || (self.denies && other.denies);
        }
        if other.facts.is_empty() {
            return !self.negated && !other.later;
        }
        let agrees = |fact: &Fact| {
            other
                .facts
                .iter()
                .any(|known| fact.agrees(known) && fact.side.meets(known.side))
        };
        self.facts.iter().all(agrees)
    }

    /// Whether one is set before and the other after the same, or under a condition and under its contrary.
    fn is_turned(&self, other: &Self) -> bool {
        let sides = |facts: &[Fact], others: &[Fact]| {
            facts.iter().any(|fact| {
                let mut same = others.iter().filter(|known| fact.agrees(known)).peekable();
                same.peek().is_some() && !same.any(|known| fact.side.meets(known.side))
            })
        };
        let related = self.relations.iter().any(|(relation, head)| {
            let mut same = other
                .relations
                .iter()
                .filter(|(_, other)| other == head && !head.is_empty())
                .peekable();
            same.peek().is_some() && !same.any(|(other, _)| other == relation)
        });
        let conditional = self.shares_what_is_stated_with(other)
            && self.conditions.iter().any(|condition| {
                let mut alike = other
                    .conditions
                    .iter()
                    .filter(|known| !condition.regardless && condition.is_about(known))
                    .peekable();
                alike.peek().is_some() && !alike.any(|known| condition.agrees(known))
            });
        sides(&self.facts, &other.facts) || related || conditional
    }

    /// Whether the other has any of the words that it states under conditions.
    fn shares_what_is_stated_with(&self, other: &Self) -> bool {
        let is_condition = |word: &String| self.conditions.iter().any(|condition| condition.words.contains(word));
        let mut stated = self.terms.words.iter().filter(|word| !is_condition(word)).peekable();
        stated.peek().is_none() || stated.any(|word| other.terms.words.contains(word))
    }

    /// Whether it says that what the other makes a condition makes no difference.
    fn defies(&self, other: &Self) -> bool {
        let mut regardless = self.conditions.iter().filter(|condition| condition.regardless);
        self.shares_what_is_stated_with(other)
            && regardless.any(|condition| {
                let mut conditions = other.conditions.iter();
                conditions.any(|known| !known.regardless && condition.is_about(known))
            })
    }

    /// Whether one says that something has to be and the other that it can be.
    fn demands_otherwise(&self, other: &Self) -> bool {
        let demands = |one: Demand, other: Demand| {
            matches!(
                (one, other),
                (Demand::Must, Demand::Can | Demand::May) | (Demand::May, Demand::Must)
            )
        };
        !self.denies && !other.denies && demands(self.demand, other.demand)
    }

    /// Whether one speaks of more or fewer than the other.
    fn counts_otherwise(&self, other: &Self) -> bool {
        // What only adults may, children may not.
        let excluded = other.quantifiers.iter().any(|(known, of)| {
            let of_subject = *known == Quantifier::Only && other.subject.contains(of);
            of_subject && !self.subject.is_empty() && !self.subject.iter().any(|word| other.subject.contains(word))
        });
        excluded
            || self.quantifiers.iter().any(|(quantifier, head)| {
                if *quantifier == Quantifier::Only && !other.restricts {
                    return true;
                }
                other.quantifiers.iter().any(|(known, of)| match (quantifier, known) {
                    (Quantifier::All, Quantifier::Only) => head == ANYBODY,
                    (Quantifier::All, Quantifier::Most | Quantifier::Some) | (Quantifier::Some, Quantifier::All) => {
                        head == of
                    }
                    _ => false,
                })
            })
    }

    /// Whether what acts in one is acted upon in the other: `nurses help doctors`, `doctors help nurses`.
    fn is_swapped(&self, other: &Self) -> bool {
        if self.passive != other.passive || self.subject.is_empty() || other.subject.is_empty() {
            return false;
        }
        let own = |words: &[String], others: &[String], rest: &[String]| {
            let own: Vec<&String> = words.iter().filter(|word| !others.contains(word)).collect();
            (!own.is_empty()).then(|| own.iter().any(|word| rest.contains(word)))
        };
        let alike = |word: &String| other.rest.contains(word) && !is_brought_to(word);
        let shares = match &self.predicate {
            Some(Predicate::Other(_)) => self.predicate == other.predicate,
            Some(_) => false,
            None => self.rest.iter().any(alike),
        };
        let (here, there) = (
            own(&self.subject, &other.subject, &other.rest),
            own(&other.subject, &self.subject, &self.rest),
        );
        shares && here.is_some() && there.is_some() && (here == Some(true) || there == Some(true))
    }

    /// Whether it says of all, without exception, what others, which deny it of some, contradict.
    pub(crate) fn speaks_of_all(&self) -> bool {
        !self.restricts
            && self
                .quantifiers
                .iter()
                .any(|(quantifier, _)| *quantifier == Quantifier::All)
    }

    /// All words that it is about: its own, those that it takes over, and those of its conditions.
    pub(crate) fn words(&self) -> BTreeSet<&String> {
        let conditions = self.conditions.iter().flat_map(|condition| &condition.words);
        self.terms
            .words
            .iter()
            .chain(&self.taken_over)
            .chain(conditions)
            .collect()
    }

    /// Whether it says of its subject what `other` says of another one, while `sibling`, beside it, speaks of this subject: `A is paid, B is
    /// not limited` for `B is paid, A is not limited`.
    pub(crate) fn mixes_up(&self, other: &Self, sibling: &Self) -> bool {
        let own: Vec<&String> = self
            .subject
            .iter()
            .filter(|word| !other.subject.contains(word))
            .collect();
        let others: Vec<&String> = other
            .subject
            .iter()
            .filter(|word| !self.subject.contains(word))
            .collect();
        let names = |clause: &Self, word: &String| clause.terms.words.contains(word);
        let rest: Vec<&String> = self.rest.iter().filter(|word| !sibling.rest.contains(word)).collect();
        !own.is_empty()
            && !others.is_empty()
            && !rest.is_empty()
            && rest.iter().all(|word| other.rest.contains(word))
            && own
                .iter()
                .all(|word| sibling.subject.contains(word) && !names(other, word))
            && !others.iter().any(|word| names(sibling, word))
            && self.denies == other.denies
    }

    /// Whether a word of it is what the other allows or refuses without naming it.
    pub(crate) fn is_allowed_by(&self, word: &str, other: &Self) -> bool {
        self.demand != Demand::Plain && is_action(word) && other.terms.words.contains("allow")
    }

    /// The words of its subject; empty if it is not known.
    pub(crate) fn subject(&self) -> &[String] {
        &self.subject
    }

    /// Whether the same is done to the same by another: `当店が送料を負担`, `お客様が送料を負担`.
    fn acts_otherwise(&self, other: &Self) -> bool {
        let differ = |words: &[String], others: &[String]| {
            !words.is_empty() && !others.is_empty() && !words.iter().any(|word| others.contains(word))
        };
        let does = matches!(self.predicate, Some(Predicate::Other(_))) && self.predicate == other.predicate;
        let objects = |clause: &Self| -> BTreeSet<String> {
            let topic = clause.subject.iter().filter(|word| !clause.agent.contains(word));
            topic.chain(&clause.rest).cloned().collect()
        };
        does && differ(&self.agent, &other.agent) && !objects(self).is_disjoint(&objects(other))
    }

    /// The words of its subject, or all if that is not known: what a pronoun of the next sentence stands for.
    pub(super) fn topic(&self) -> BTreeSet<String> {
        if self.subject.is_empty() {
            &self.taken_over | &self.terms.words
        } else {
            self.subject.iter().cloned().collect()
        }
    }
}

impl Condition {
    /// Whether both are about the same.
    fn is_about(&self, other: &Self) -> bool {
        let shared = self.words.iter().filter(|word| includes(&other.words, word)).count();
        shared * 2 >= self.words.len().min(other.words.len()) && shared > 0
    }

    fn agrees(&self, other: &Self) -> bool {
        // `unless they are used` and `if they are unused` say the same.
        let negated = self
            .words
            .iter()
            .any(|word| !other.words.contains(word) && includes(&other.words, word));
        (self.denies == other.denies) != negated
    }
}
