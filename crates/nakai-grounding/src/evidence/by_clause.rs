//! Holds a sentence against passages clause by clause.

use super::{ELSEWHERE, Evidence, Stated};
use crate::{
    clause::{Clause, Part},
    facts::Fact,
    japanese::is_predicate,
    opposites::includes,
};

/// A clause must cover this much of another to be held against it.
const SAME_CLAUSE: f32 = 0.6;
/// So much of a reason must be in one sentence of the passages.
const GIVEN_REASON: f32 = 0.5;
/// How much of a word counts that the same sentence has in another clause, and how much more the subject of a clause counts than the rest.
const BESIDE: f32 = 0.3;
const SUBJECT: f32 = 2.0;

impl Evidence {
    /// Whether one of these sentences has the facts of a clause together, and says them of the same.
    pub(super) fn has_facts_of(&self, clause: &Clause, near: &[usize]) -> bool {
        if clause.facts.is_empty() {
            return true;
        }
        let japanese = clause.predicate.is_some();
        let exact: Vec<&Fact> = clause.facts.iter().filter(|fact| fact.in_digits).collect();
        let together = japanese
            || exact.len() < 2
            || near
                .iter()
                .any(|at| exact.iter().all(|fact| self.sentences[*at].has(fact)));
        let counts = |fact: &Fact| {
            let mut having = near
                .iter()
                .map(|at| &self.sentences[*at])
                .filter(|evidence| evidence.has(fact))
                .peekable();
            having.peek().is_none() || having.any(|evidence| evidence.counts(fact))
        };
        together && clause.facts.iter().all(counts) && (japanese || !self.says_facts_of_another(clause, near))
    }

    /// Whether the sentences with the facts of a clause do not name its subject, while another says the same of it with other facts.
    pub(super) fn says_facts_of_another(&self, clause: &Clause, near: &[usize]) -> bool {
        let subject = clause.subject();
        let names = |evidence: &Stated| {
            subject.iter().any(|word| {
                let mut clauses = evidence.clauses.iter();
                evidence.terms.words.contains(word) || clauses.any(|clause| clause.taken_over.contains(word))
            })
        };
        let mut carriers = near.iter().map(|at| &self.sentences[*at]);
        if subject.is_empty()
            || carriers.any(|evidence| clause.facts.iter().any(|fact| evidence.has(fact)) && names(evidence))
        {
            return false;
        }
        self.sentences.iter().any(|evidence| {
            let mut clauses = evidence.clauses.iter();
            clauses.any(|other| {
                let others = !other.facts.is_empty()
                    && !other
                        .facts
                        .iter()
                        .any(|known| clause.facts.iter().any(|fact| fact.agrees(known)));
                others && self.cover_by_clause(clause, other, evidence) >= SAME_CLAUSE
            })
        })
    }

    /// Whether a clause says the contrary of the clause of the passages that is most like it.
    pub(super) fn contradicts(&self, clauses: &[Clause]) -> bool {
        clauses.iter().any(|clause| {
            let least = if clause.predicate.is_some() { 1 } else { 2 };
            if clause.words().len() + clause.facts.len() < least {
                return false;
            }
            let mut best = (0.0_f32, false);
            for evidence in &self.sentences {
                for other in &evidence.clauses {
                    if !clause.meets(other) {
                        continue;
                    }
                    let Some(agrees) = clause.agrees(other) else {
                        continue;
                    };
                    let cover = self.cover_by_clause(clause, other, evidence);
                    let denied_of_some = clause.speaks_of_all()
                        && clause.denies != other.denies
                        && cover >= best.0 * 0.9
                        && cover >= SAME_CLAUSE;
                    let mut siblings = evidence.clauses.iter();
                    if denied_of_some || siblings.any(|sibling| clause.mixes_up(other, sibling)) {
                        return true;
                    }
                    // Of those that are about as like, one that agrees is enough.
                    if cover > best.0 * 1.1 || (cover > best.0 * 0.9 && agrees) {
                        best = (cover.max(best.0), agrees);
                    }
                }
            }
            best.0 >= SAME_CLAUSE && !best.1
        })
    }

    /// How much of the weight of a clause's words a clause of a passage has, 0 to 1. What the clause speaks about counts more. Words from
    /// elsewhere in the sentence count in part, in Japanese, which names its topic once for several sentences, also from elsewhere in the passage.
    pub(super) fn cover_by_clause(&self, clause: &Clause, other: &Clause, evidence: &Stated) -> f32 {
        let (mut all, mut covered) = (0.0, 0.0);
        let japanese = clause.predicate.is_some();
        let others = other.words();
        for word in clause.words() {
            if japanese && is_predicate(word) {
                continue;
            }
            let is_subject = clause.subject().contains(word);
            let weight = self.weight(word) * if is_subject { SUBJECT } else { 1.0 };
            all += weight;
            if others.contains(word) || includes(&other.terms.words, word) || clause.is_allowed_by(word, other) {
                covered += weight;
            } else if japanese && self.is_in_passage(word, evidence.passage) {
                covered += weight * ELSEWHERE;
            } else if evidence.terms.words.contains(word) {
                covered += weight * BESIDE;
            }
        }
        if all == 0.0 {
            // A predicate with nothing but its facts, which agree: `22時以降もチェックインを承ります`.
            let same = japanese && !clause.facts.is_empty() && clause.predicate == other.predicate;
            return f32::from(u8::from(same));
        }
        covered / all
    }

    /// Whether the passages say nothing like the reason that a sentence gives.
    pub(super) fn invents_a_reason(&self, clauses: &[Clause]) -> bool {
        let mut reasons = clauses
            .iter()
            .filter(|clause| clause.part == Part::Reason && !clause.terms.words.is_empty());
        reasons.any(|reason| {
            let covers = self
                .sentences
                .iter()
                .map(|evidence| self.cover(&reason.terms, evidence));
            covers.fold(0.0, f32::max) < GIVEN_REASON
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::Evidence;

    const PASSAGES: [&str; 2] = [
        "Your plan\nYou may change to a larger plan at any time. Calls abroad are only possible if you have switched them on. Only the account \
         holder can lift a block. Administrators can reset the passwords of members. Most bags arrive within two days. Dogs are not allowed \
         inside, except for guide dogs. The app runs on macOS, but not on Linux. A second bag costs 45 euros online and 70 euros at the airport. \
         The bath is open from 15:00 to 24:00.",
        "料金\n不良品の送料は当店が負担いたします。停止の解除はご本人だけができます。手荷物は、ライト運賃を除く全ての運賃に含まれます。\
         カードは、暗証番号を教えていなければ補償されます。空港を出る前にカウンターへお申し出ください。未使用の商品に限り返品できます。",
    ];

    #[test]
    fn what_a_clause_turns_round_is_found() {
        let evidence = Evidence::new(PASSAGES);
        for (sentence, stands) in [
            ("The bath is open until 24:00.", true),
            ("You can change to a larger plan whenever you like.", true),
            ("You must change to a larger plan.", false),
            (
                "Calls abroad are possible even if you have not switched them on.",
                false,
            ),
            ("Anyone can lift a block.", false),
            ("Administrators can reset members' passwords.", true),
            ("Members can reset the passwords of administrators.", false),
            ("All bags arrive within two days.", false),
            ("Guide dogs are allowed inside.", true),
            ("Guide dogs are not allowed inside.", false),
            ("The app runs on Linux.", false),
            ("A second bag costs 70 euros at the airport.", true),
            ("A second bag costs 70 euros online.", false),
            ("不良品の送料は当店の負担です。", true),
            ("不良品の送料はお客様が負担いたします。", false),
            ("停止の解除は誰でもできます。", false),
            ("手荷物はライト運賃に含まれます。", false),
            ("ライト運賃には手荷物が含まれません。", true),
            ("暗証番号を教えていてもカードは補償されます。", false),
            ("空港を出た後にカウンターへお申し出ください。", false),
            ("使用した商品も返品できます。", false),
        ] {
            let verdict = evidence.check(sentence, 0.5);
            assert_eq!(verdict.is_supported(), stands, "{sentence}: {verdict:?}");
        }
    }
}
