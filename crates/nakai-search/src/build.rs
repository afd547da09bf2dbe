use std::{collections::HashMap, sync::Arc};

use nakai_encoder::SentenceEncoder;

use crate::{
    Passage, SearchIndex, Synonyms,
    analyse::Analyser,
    postings::{Field, PostingsBuilder},
    sentences::sentences,
    vectors::Vectors,
};

/// The most sentences that are encoded together besides the whole passage.
const WINDOW: usize = 2;

/// Makes an index of passages.
pub struct IndexBuilder {
    encoder: Arc<dyn SentenceEncoder>,
    passages: Vec<Passage>,
    synonyms: Synonyms,
    former: HashMap<[u8; 32], (Arc<SearchIndex>, usize)>,
}

impl IndexBuilder {
    /// Begins an index whose passages and questions are encoded by `encoder`.
    pub fn new(encoder: Arc<dyn SentenceEncoder>) -> Self {
        Self {
            encoder,
            passages: Vec::new(),
            synonyms: Synonyms::default(),
            former: HashMap::new(),
        }
    }

    /// Uses synonyms in questions.
    pub fn synonyms(&mut self, synonyms: Synonyms) {
        self.synonyms = synonyms;
    }

    /// Takes over what a former index knows of passages whose content has not changed. Encoding is nearly all the time that an index
    /// takes, so that a change of one passage of many is cheap. An index of another encoder is of no use and does no harm.
    pub fn reuse(&mut self, former: &Arc<SearchIndex>) {
        if former.encoder.id() != self.encoder.id() || former.vectors.dimension != self.encoder.dimension() {
            return;
        }
        for (at, passage) in former.passages.iter().enumerate() {
            self.former.insert(passage.content_hash(), (Arc::clone(former), at));
        }
    }

    /// Adds a passage. Of passages with the same id, the last one counts.
    pub fn add(&mut self, passage: Passage) {
        self.passages.push(passage);
    }

    /// Makes the index, with the passages in the order of their ids.
    pub fn build(self) -> SearchIndex {
        let Self {
            encoder,
            mut passages,
            synonyms,
            former,
        } = self;
        // The sort is stable: of equal ids the last one added stands last, and is kept.
        passages.reverse();
        passages.sort_by(|a, b| a.id.cmp(&b.id));
        passages.dedup_by(|later, first| later.id == first.id);

        let mean = passages.iter().map(length).sum::<f32>() / passages.len().max(1) as f32;
        let mut analyser = Analyser::new();
        let mut postings = PostingsBuilder::new();
        let mut vectors = Vectors::new(encoder.dimension());
        let mut sentence_terms: Vec<Vec<u32>> = Vec::new();
        let mut sentence_starts = vec![0_u32];
        for (number, passage) in (0_u32..).zip(&passages) {
            for (field, text) in [(Field::Title, &passage.title), (Field::Heading, &passage.heading)] {
                analyser.analyse(text, |term| {
                    postings.count(term.key(), term.kind, field);
                });
            }
            for sentence in sentences(&passage.text) {
                let mut terms = Vec::new();
                analyser.analyse(sentence, |term| {
                    terms.push(postings.count(term.key(), term.kind, Field::Body));
                });
                sentence_terms.push(terms);
            }
            sentence_starts.push(u32::try_from(sentence_terms.len()).unwrap_or(u32::MAX));
            postings.finish(number, length(passage) / mean.max(1.0));

            match former.get(&passage.content_hash()) {
                Some((index, at)) => vectors.take(&index.vectors, *at),
                None => encode(encoder.as_ref(), passage, &mut vectors),
            }
            vectors.finish();
        }
        let (postings, renumbered) = postings.build();
        let mut flat = Vec::new();
        let mut term_starts = vec![0_u32];
        for mut terms in sentence_terms {
            for term in &mut terms {
                *term = renumbered[*term as usize];
            }
            terms.sort_unstable();
            terms.dedup();
            flat.extend(terms);
            term_starts.push(u32::try_from(flat.len()).unwrap_or(u32::MAX));
        }
        SearchIndex {
            encoder,
            passages,
            synonyms: synonyms.prepared(&mut analyser),
            postings,
            sentence_starts,
            term_starts,
            sentence_terms: flat,
            vectors,
        }
    }
}

/// The length of a passage for scoring, in characters.
fn length(passage: &Passage) -> f32 {
    [&passage.title, &passage.heading, &passage.text]
        .into_iter()
        .map(|text| text.chars().count())
        .sum::<usize>() as f32
}

/// Encodes a passage: the whole, then windows of sentences.
fn encode(encoder: &dyn SentenceEncoder, passage: &Passage, vectors: &mut Vectors) {
    let whole = [&passage.title, &passage.heading, &passage.text]
        .map(String::as_str)
        .join("\n");
    vectors.push_whole(encoder, whole.trim());
    let sentences: Vec<&str> = sentences(&passage.text).collect();
    for size in 1..=WINDOW {
        for window in sentences.windows(size) {
            vectors.push(encoder, &window.join(" "));
        }
    }
}
