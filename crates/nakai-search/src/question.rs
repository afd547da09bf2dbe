use crate::{
    SearchIndex,
    analyse::{Analyser, Kind},
    postings::Postings,
    sentences::sentences,
    synonyms::PreparedSynonyms,
    words::Words,
};

/// How much the kinds of terms count, by [`Kind`]: found with JaQuAD's training part and half of JSQuAD's and XQuAD's shared parts.
const KIND_WEIGHTS: [f32; Kind::COUNT] = [1.0, 0.3, 0.1, 0.3, 0.3, 0.15];
/// How much another member of a set of synonyms counts, compared with the word in the question.
const SYNONYM: f32 = 0.8;
/// A run of characters that more than one in this many passages has is not looked up: it says little and costs much.
const FREQUENT: usize = 5;
/// Below this many passages everything is looked up.
const FEW: usize = 1000;
/// Of a longer question only the first terms count, so that no question costs more than this.
const MAX_TERMS: usize = 1024;

/// Words of less emphasis are function words.
pub(crate) const TELLING: f32 = 0.4;

/// A term of the question that some passage has.
pub(crate) struct QueryTerm {
    /// Its number in the index.
    pub(crate) term: u32,
    /// What a passage gets that is full of it.
    pub(crate) weight: f32,
    /// How it stands in the question, if it is a word that says something.
    pub(crate) text: Option<String>,
}

/// A word of the question with another word for it.
pub(crate) struct Alternative {
    pub(crate) own: Vec<(u32, f32)>,
    pub(crate) other: Vec<(u32, f32)>,
}

/// What a question asks a certain index for.
pub(crate) struct Question {
    /// Each once.
    pub(crate) terms: Vec<QueryTerm>,
    pub(crate) alternatives: Vec<Alternative>,
    /// All terms with their weights, those of the alternatives too, in the order of their numbers, each once.
    pub(crate) weights: Vec<(u32, f32)>,
    /// What a passage would get that is full of all terms, also of those that no passage has.
    pub(crate) ideal: f32,
}

/// How many passages there are, and how many of them have a term: what makes terms rare.
pub(crate) trait Frequencies {
    /// How many passages there are.
    fn passages(&self) -> usize;
    /// How many passages have the term with this key.
    fn having(&self, key: u64) -> usize;
}

impl Frequencies for SearchIndex {
    fn passages(&self) -> usize {
        self.passages.len()
    }

    fn having(&self, key: u64) -> usize {
        let term = self.postings.find(key);
        term.map_or(0, |term| self.postings.of(term).0.len())
    }
}

/// A question taken to terms, before any index is asked.
pub(crate) struct QuestionTerms {
    /// By key, each once.
    terms: Vec<AskedTerm>,
    /// The keys of its words, in their order.
    words: Vec<u64>,
    /// Its words that say something.
    pub(crate) telling: Words,
}

/// A term of a question.
struct AskedTerm {
    key: u64,
    kind: Kind,
    emphasis: f32,
    /// How it stands in the question, if it is a word that says something.
    text: Option<String>,
}

impl QuestionTerms {
    /// Analyses a question.
    pub(crate) fn of(question: &str) -> Self {
        let mut terms: Vec<AskedTerm> = Vec::new();
        Analyser::with(|analyser| {
            for sentence in sentences(question) {
                if terms.len() >= MAX_TERMS {
                    break;
                }
                analyser.analyse_with_surfaces(bounded(sentence), |term, surface| {
                    let telling = surface.filter(|_| term.emphasis >= TELLING);
                    terms.push(AskedTerm {
                        key: term.key(),
                        kind: term.kind,
                        emphasis: term.emphasis,
                        text: telling.map(str::to_owned),
                    });
                });
            }
        });
        terms.truncate(MAX_TERMS);
        let words = terms.iter().filter(|term| term.kind == Kind::Word);
        let words = words.map(|term| term.key).collect();
        let telling = terms.iter().filter(|term| term.text.is_some());
        let telling = Words::new(telling.map(|term| term.key).collect());
        terms.sort_by_key(|term| term.key);
        terms.dedup_by_key(|term| term.key);
        Self { terms, words, telling }
    }

    /// The keys of its terms and of other words for them, ascending, each once.
    pub(crate) fn keys(&self, synonyms: &PreparedSynonyms) -> Vec<u64> {
        let mut keys: Vec<u64> = self.terms.iter().map(|term| term.key).collect();
        synonyms.find(&self.words, |own, other| keys.extend(own.iter().chain(other)));
        keys.sort_unstable();
        keys.dedup();
        keys
    }
}

impl Question {
    /// Weighs the terms of a question. `postings` number the terms, `frequencies` say how rare they are.
    pub(crate) fn new(
        question: &QuestionTerms,
        synonyms: &PreparedSynonyms,
        postings: &Postings,
        frequencies: &impl Frequencies,
    ) -> Self {
        let weigh = Weigh { postings, frequencies };
        let mut asked = Self {
            terms: Vec::new(),
            alternatives: Vec::new(),
            weights: Vec::new(),
            ideal: f32::MIN_POSITIVE,
        };
        synonyms.find(&question.words, |own, other| {
            asked.alternatives.extend(weigh.alternative(own, other));
        });
        for AskedTerm {
            key,
            kind,
            emphasis,
            text,
        } in &question.terms
        {
            let Some((term, weight)) = weigh.weight(*key, *kind) else {
                continue;
            };
            let weight = weight * emphasis;
            asked.ideal += weight;
            let Some(term) = term else { continue };
            asked.weights.push((term, weight));
            let text = text.clone();
            asked.terms.push(QueryTerm { term, weight, text });
        }
        for alternative in &asked.alternatives {
            asked.weights.extend(&alternative.other);
        }
        asked.weights.sort_by_key(|(term, _)| *term);
        asked.weights.dedup_by_key(|(term, _)| *term);
        asked
    }
}

/// The beginning of a sentence that is longer than any real one.
fn bounded(sentence: &str) -> &str {
    const LONGEST: usize = 4 * MAX_TERMS;
    &sentence[..sentence.floor_char_boundary(LONGEST)]
}

/// Weighs terms by how rare they are.
struct Weigh<'i, F> {
    postings: &'i Postings,
    frequencies: &'i F,
}

impl<F: Frequencies> Weigh<'_, F> {
    /// A term's number, if any passage has it, and its weight; `None` if it is too frequent to be looked up.
    fn weight(&self, key: u64, kind: Kind) -> Option<(Option<u32>, f32)> {
        let term = self.postings.find(key);
        let (all, having) = (self.frequencies.passages(), self.frequencies.having(key));
        if kind.is_run() && all > FEW && having > all / FREQUENT {
            return None;
        }
        let (all, having) = (all as f32, having as f32);
        let rarity = (1.0 + (all - having + 0.5) / (having + 0.5)).ln();
        Some((term, KIND_WEIGHTS[kind as usize] * rarity))
    }

    /// Weighs another word for a word of the question, so that it never counts more than that.
    fn alternative(&self, own: &[u64], other: &[u64]) -> Option<Alternative> {
        let weights = |keys: &[u64]| -> Vec<(Option<u32>, f32)> {
            keys.iter().filter_map(|key| self.weight(*key, Kind::Word)).collect()
        };
        let known = |weights: Vec<(Option<u32>, f32)>, scale: f32| -> Vec<(u32, f32)> {
            weights
                .into_iter()
                .filter_map(|(term, weight)| Some((term?, weight * scale)))
                .collect()
        };
        let sum = |weights: &[(Option<u32>, f32)]| weights.iter().map(|(_, weight)| weight).sum::<f32>();
        let (own, other) = (weights(own), weights(other));
        let scale = SYNONYM * (sum(&own) / sum(&other).max(f32::MIN_POSITIVE)).min(1.0);
        let other = known(other, scale);
        (!other.is_empty()).then(|| Alternative {
            own: known(own, 1.0),
            other,
        })
    }
}
