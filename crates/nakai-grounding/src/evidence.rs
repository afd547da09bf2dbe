mod by_clause;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::OnceLock,
};

use crate::{
    clause::{Clause, clauses, topic},
    facts::{Fact, facts},
    sentences::sentences,
    small_talk::states_nothing,
    terms::{TermFinder, Terms, fold, is_japanese},
};

/// Sentences that cover at least this share of what the best one covers may lend their numbers.
const NEAR_BEST: f32 = 0.6;
/// How much sharing several facts counts beside sharing all words.
const FACTS: f32 = 0.5;
/// Below this cosine two sentences have nothing to do with each other; a distance of [`CLOSENESS`] above it they say the same.
const UNRELATED: f32 = 0.35;
const CLOSENESS: f32 = 0.45;
/// How much of a term counts whose passage names it only in another sentence.
const ELSEWHERE: f32 = 0.5;

/// How much of a Japanese word counts of which a sentence has the Chinese characters in another word: `広い範囲`, `広範囲`.
const WRITTEN: f32 = 0.7;

/// What passages say, ready to hold sentences against.
pub struct Evidence {
    finder: TermFinder,
    sentences: Vec<Stated>,
    vocabulary: BTreeSet<String>,
    /// In how many sentences each word is.
    frequency: BTreeMap<String, f32>,
}

/// A sentence of a passage.
struct Stated {
    /// Its place among all sentences.
    place: usize,
    passage: usize,
    text: String,
    terms: Terms,
    facts: Vec<Fact>,
    clauses: Vec<Clause>,
    vector: OnceLock<Vec<f32>>,
}

impl Stated {
    fn has(&self, fact: &Fact) -> bool {
        self.facts.iter().any(|known| fact.agrees(known))
    }

    /// Whether a fact does not count what another number of this sentence counts: `5 men and 7 women` has no 5 women.
    fn counts(&self, fact: &Fact) -> bool {
        let alike = |known: &&Fact| known.counted.iter().filter(|word| fact.counted.contains(word)).count();
        let same = self.facts.iter().filter(|known| fact.agrees(known));
        if same.clone().any(|known| known.counted.is_empty()) {
            return true;
        }
        let same = same.map(|known| alike(&known)).max();
        let other = self
            .facts
            .iter()
            .filter(|known| !fact.agrees(known))
            .map(|known| alike(&known))
            .max();
        same >= other
    }
}

/// What became of a sentence.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// Whether it may stand.
    pub finding: Finding,
    /// How much of it the passages support, 0 to 1; 1 for a sentence that states nothing.
    pub support: f32,
    /// The passage that supports it best, by its place in the list.
    pub passage: Option<usize>,
}

/// Why a sentence may stand or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finding {
    /// The passages support it.
    Supported,
    /// It states nothing: courtesy, a question, that something is not known.
    StatesNothing,
    /// Too little of it is in the passages.
    TooLittle,
    /// A number, time or price of it is not in what the passages say about this.
    OtherFacts,
    /// A name of it is nowhere in the passages.
    OtherName,
    /// It affirms what the passages deny, or the other way round.
    Contradicts,
}

impl Finding {
    /// Its name in records.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Supported => "supported",
            Self::StatesNothing => "states_nothing",
            Self::TooLittle => "too_little",
            Self::OtherFacts => "other_facts",
            Self::OtherName => "other_name",
            Self::Contradicts => "contradicts",
        }
    }
}

impl Verdict {
    /// Whether the sentence may stand.
    pub const fn is_supported(&self) -> bool {
        matches!(self.finding, Finding::Supported | Finding::StatesNothing)
    }
}

impl Evidence {
    /// Reads passages, which may begin with their titles on a line of their own.
    pub fn new<'a>(passages: impl IntoIterator<Item = &'a str>) -> Self {
        let finder = TermFinder::new();
        let mut stated: Vec<Stated> = Vec::new();
        let (mut vocabulary, mut frequency) = (BTreeSet::new(), BTreeMap::new());
        for (passage, text) in passages.into_iter().enumerate() {
            let mut before = BTreeSet::new();
            for sentence in sentences(text) {
                let folded = fold(&sentence);
                let terms = finder.terms(&folded);
                for word in &terms.words {
                    *frequency.entry(word.clone()).or_insert(0.0) += 1.0;
                }
                vocabulary.extend(terms.words.iter().cloned());
                let facts = facts(&folded);
                let clauses = clauses(&finder, &folded, &facts, &before);
                before = topic(&clauses);
                stated.push(Stated {
                    place: stated.len(),
                    passage,
                    clauses,
                    facts,
                    text: sentence,
                    terms,
                    vector: OnceLock::new(),
                });
            }
        }
        Self {
            finder,
            sentences: stated,
            vocabulary,
            frequency,
        }
    }

    /// Holds a sentence against the passages; `least` is how much of it they must support, 0 to 1.
    pub fn check(&self, sentence: &str, least: f32) -> Verdict {
        let folded = fold(sentence);
        let mut terms = self.finder.terms(&folded);
        self.join(&mut terms);
        let stated = facts(&folded);
        if stated.is_empty() && states_nothing(&folded, &terms, &self.finder) {
            return Verdict {
                finding: Finding::StatesNothing,
                support: 1.0,
                passage: None,
            };
        }
        let mut covers: Vec<(f32, &Stated)> = self
            .sentences
            .iter()
            .map(|evidence| (self.cover(&terms, evidence), evidence))
            .collect();
        covers.sort_by(|(a, _), (b, _)| b.total_cmp(a));
        let Some((best, evidence)) = covers.first().copied() else {
            return Verdict {
                finding: Finding::TooLittle,
                support: 0.0,
                passage: None,
            };
        };
        let near = self.near(&covers, &stated);
        let (closeness, closest) = self.closeness(sentence, &covers);
        let support = best.max(0.5 * best + 0.5 * closeness);
        let passage = Some(if best > 0.3 { evidence.passage } else { closest });
        let mut clauses = clauses(&self.finder, &folded, &stated, &BTreeSet::new());
        for clause in &mut clauses {
            self.join(&mut clause.terms);
        }
        let has_facts = stated.iter().all(|fact| self.has_fact(fact, &near))
            && clauses.iter().all(|clause| self.has_facts_of(clause, &near));
        let finding = if !has_facts {
            Finding::OtherFacts
        } else if terms.names.iter().any(|name| !self.names(name)) && self.same_script(sentence) {
            Finding::OtherName
        } else if self.contradicts(&clauses) {
            Finding::Contradicts
        } else if support < least || self.invents_a_reason(&clauses) {
            Finding::TooLittle
        } else {
            Finding::Supported
        };
        Verdict {
            finding,
            support: support.clamp(0.0, 1.0),
            passage,
        }
    }

    /// The places of the sentences that have most of the words of a sentence, by how much each covers; several facts count as words do, a
    /// single one may be that of anything.
    fn near(&self, covers: &[(f32, &Stated)], facts: &[Fact]) -> Vec<usize> {
        let has_all = |evidence: &Stated| facts.len() > 1 && facts.iter().all(|fact| evidence.has(fact));
        let likeness = |cover: f32, evidence: &Stated| cover + if has_all(evidence) { FACTS } else { 0.0 };
        let likenesses = covers
            .iter()
            .map(|(cover, evidence)| (likeness(*cover, evidence), evidence.place));
        let best = likenesses
            .clone()
            .fold(0.0, |best, (likeness, _)| f32::max(best, likeness));
        likenesses
            .filter(|(likeness, _)| *likeness >= best * NEAR_BEST)
            .map(|(_, place)| place)
            .collect()
    }

    /// Whether one of these sentences has a fact, or the one that goes on behind it: `Take a taxi. It costs 1,200 yen.`
    fn has_fact(&self, fact: &Fact, near: &[usize]) -> bool {
        let has = |evidence: &Stated| evidence.has(fact);
        near.iter().any(|at| {
            let evidence = &self.sentences[*at];
            let next = self
                .sentences
                .get(at + 1)
                .filter(|next| next.passage == evidence.passage);
            has(evidence) || next.is_some_and(has)
        }) || (fact.is_rate
            && !near
                .iter()
                .any(|at| self.sentences[*at].facts.iter().any(|known| known.is_rate)))
    }

    /// Adds words that the passages write as one: `check out` where they say `check-out`.
    fn join(&self, terms: &mut Terms) {
        for pair in terms.latin.windows(2) {
            let joined = pair.concat();
            if self.vocabulary.contains(&joined) {
                terms.words.insert(joined);
                if let [first, _] = pair {
                    let stem = self.finder.terms(first).words;
                    terms.words.retain(|word| !stem.contains(word));
                }
            }
        }
    }

    /// How much of the words' weight a sentence of a passage has, 0 to 1.
    fn cover(&self, terms: &Terms, evidence: &Stated) -> f32 {
        let (mut all, mut covered) = (0.0, 0.0);
        for word in &terms.words {
            let weight = self.weight(word);
            all += weight;
            if evidence.terms.words.contains(word) {
                covered += weight;
            } else if is_written_in(word, &evidence.text) {
                covered += weight * WRITTEN;
            } else if self.is_in_passage(word, evidence.passage) {
                covered += weight * ELSEWHERE;
            }
        }
        if all == 0.0 { 0.0 } else { covered / all }
    }

    /// Rare words tell more than those that many sentences have.
    fn weight(&self, word: &str) -> f32 {
        #[expect(clippy::cast_precision_loss, reason = "passages have far fewer than 2^24 sentences")]
        let all = self.sentences.len() as f32;
        let having = self.frequency.get(word).copied().unwrap_or(1.0);
        (1.0 + all / (having + 0.5)).ln()
    }

    /// How close in meaning the closest sentence is, 0 to 1, with its passage. Only those that share most words are asked, and all if none
    /// shares any, as in another language.
    fn closeness(&self, sentence: &str, covers: &[(f32, &Stated)]) -> (f32, usize) {
        const ASKED: usize = 6;
        let encoder = nakai_encoder::shipped();
        let mut vector = Vec::new();
        encoder.encode(sentence, &mut vector);
        let shares = covers.first().is_some_and(|(cover, _)| *cover > 0.2);
        let asked = if shares { ASKED } else { covers.len() };
        covers
            .iter()
            .take(asked)
            .map(|(_, evidence)| {
                let other = evidence.vector.get_or_init(|| {
                    let mut vector = Vec::new();
                    encoder.encode(&evidence.text, &mut vector);
                    vector
                });
                let cosine = nakai_encoder::dot(&vector, other);
                (((cosine - UNRELATED) / CLOSENESS).clamp(0.0, 1.0), evidence.passage)
            })
            .fold((0.0, 0), |best, next| if next.0 > best.0 { next } else { best })
    }

    /// Whether the passages have a name, in Japanese also as a part of a longer word.
    fn names(&self, name: &str) -> bool {
        self.vocabulary.contains(name)
            || (is_japanese(name) && self.sentences.iter().any(|evidence| evidence.text.contains(name)))
    }

    /// Whether the passages are in the script of the sentence, so that a name of it can be looked for.
    fn same_script(&self, sentence: &str) -> bool {
        let japanese = is_japanese(sentence);
        self.sentences
            .iter()
            .any(|evidence| is_japanese(&evidence.text) == japanese)
    }

    fn is_in_passage(&self, word: &str, passage: usize) -> bool {
        self.vocabulary.contains(word)
            && self
                .sentences
                .iter()
                .any(|other| other.passage == passage && other.terms.words.contains(word))
    }
}

/// Whether a text has all Chinese characters of a word, one behind the other, or a katakana word within a longer one.
fn is_written_in(word: &str, text: &str) -> bool {
    let kanji: String = word.chars().filter(|c| matches!(c, '一'..='鿿')).collect();
    if kanji.is_empty() {
        return is_japanese(word)
            && word.chars().count() > 1
            && word.chars().all(|c| matches!(c, 'ァ'..='ヺ' | 'ー'))
            && text.contains(word);
    }
    text.contains(&kanji)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paraphrases_stand_and_inventions_fall() {
        let evidence = Evidence::new([
            "Pets\nPets are not allowed at Nakai-tei, neither in the rooms nor in the lobby. Assistance dogs are welcome.",
            "お風呂\n大浴場は14時から24時までご利用いただけます。貸切風呂は45分3,300円です。",
        ]);
        for (sentence, finding) in [
            ("Pets can't be brought into the rooms.", Finding::Supported),
            ("Pets are allowed in the rooms.", Finding::Contradicts),
            ("Of course!", Finding::StatesNothing),
            ("貸切風呂の料金は45分で3,300円です。", Finding::Supported),
            ("貸切風呂の料金は45分で3,000円です。", Finding::OtherFacts),
            ("大浴場は午後2時から深夜24時まで入れます。", Finding::Supported),
            ("屋上に温水プールがございます。", Finding::OtherName),
            ("Our gym on the top floor has new machines.", Finding::TooLittle),
        ] {
            let verdict = evidence.check(sentence, 0.5);
            assert_eq!(verdict.finding, finding, "{sentence}: {verdict:?}");
        }
        assert_eq!(evidence.check("貸切風呂は3,300円です。", 0.5).passage, Some(1));
    }

    #[test]
    fn without_passages_only_courtesy_stands() {
        let evidence = Evidence::new([]);
        assert!(evidence.check("Thank you!", 0.5).is_supported());
        assert!(!evidence.check("Breakfast is at 7.", 0.5).is_supported());
    }
}
