use std::{collections::HashMap, sync::Arc};

use nakai_encoder::SentenceEncoder;
use sha2::{Digest, Sha256};

use crate::{
    Passage, SearchIndex, Synonyms,
    analyse::Analyser,
    postings::PostingsBuilder,
    sentences::sentences,
    stored::FORMAT,
    terms::{PassageTerms, mean_length},
    vectors::Vectors,
};

/// The most sentences that are encoded together besides the whole passage.
const WINDOW: usize = 2;

/// How many passages are encoded together: enough to keep threads busy, few enough to take little memory.
const BATCH: usize = 256;

/// Makes an index of passages.
pub struct IndexBuilder {
    encoder: Arc<dyn SentenceEncoder>,
    threads: usize,
    passages: Vec<Passage>,
    synonyms: Synonyms,
    former: HashMap<[u8; 32], (Arc<SearchIndex>, usize)>,
}

impl IndexBuilder {
    /// Begins an index whose passages and questions are encoded by `encoder`.
    pub fn new(encoder: Arc<dyn SentenceEncoder>) -> Self {
        Self {
            encoder,
            threads: 1,
            passages: Vec::new(),
            synonyms: Synonyms::default(),
            former: HashMap::new(),
        }
    }

    /// What encodes passages and questions.
    pub const fn encoder(&self) -> &Arc<dyn SentenceEncoder> {
        &self.encoder
    }

    /// Encodes with so many threads; with one if this is not called.
    pub const fn threads(&mut self, threads: usize) {
        self.threads = threads;
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

    /// How many of the passages added so far have to be encoded, because no former index has them.
    pub fn to_encode(&self) -> usize {
        let known = |passage: &&Passage| !self.former.contains_key(&passage.content_hash());
        self.passages.iter().filter(known).count()
    }

    /// The SHA-256 of everything that the index will be made of: what was built with the same one is the same index.
    pub fn fingerprint(&self) -> [u8; 32] {
        let mut hash = Sha256::new();
        let mut text = |text: &str| {
            hash.update((text.len() as u64).to_le_bytes());
            hash.update(text);
        };
        text(&format!("{FORMAT} {}", self.passages.len()));
        text(self.encoder.id());
        for passage in &self.passages {
            for part in [&passage.id, &passage.title, &passage.heading, &passage.text] {
                text(part);
            }
            text(passage.language.code());
            text(&passage.audiences.0.to_string());
        }
        for set in self.synonyms.sets() {
            text(&set.len().to_string());
            set.iter().for_each(|member| text(member));
        }
        hash.finalize().into()
    }

    /// Makes the index, with the passages in the order of their ids.
    pub fn build(self) -> SearchIndex {
        let Self {
            encoder,
            threads,
            mut passages,
            synonyms,
            former,
        } = self;
        // The sort is stable: of equal ids the last one added stands last, and is kept.
        passages.reverse();
        passages.sort_by(|a, b| a.id.cmp(&b.id));
        passages.dedup_by(|later, first| later.id == first.id);

        let mean_length = mean_length(passages.iter());
        let mut analyser = Analyser::new();
        let mut postings = PostingsBuilder::default();
        let mut sentence_terms: Vec<Vec<u32>> = Vec::new();
        let mut sentence_starts = vec![0_u32];
        for (number, passage) in (0_u32..).zip(&passages) {
            let terms = PassageTerms::of(passage, mean_length, &mut analyser);
            let numbers = postings.add(number, &terms);
            let numbered = |place: &u32| numbers.get(*place as usize).copied();
            sentence_terms.extend(
                terms
                    .sentences()
                    .map(|places| places.iter().filter_map(numbered).collect()),
            );
            sentence_starts.push(u32::try_from(sentence_terms.len()).unwrap_or(u32::MAX));
        }
        let (postings, renumbered) = postings.build();
        let mut flat = Vec::new();
        let mut term_starts = vec![0_u32];
        for mut terms in sentence_terms {
            for term in &mut terms {
                *term = renumbered[*term as usize];
            }
            terms.sort_unstable();
            flat.extend(terms);
            term_starts.push(u32::try_from(flat.len()).unwrap_or(u32::MAX));
        }
        let vectors = encode(encoder.as_ref(), threads, &passages, |passage| {
            let (index, at) = former.get(&passage.content_hash())?;
            Some((&index.vectors, *at))
        });
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

/// Encodes passages, of each the whole and then windows of sentences, as far as `known` has no vectors of them: it gives other vectors
/// and the passage's place among those.
pub(crate) fn encode<'v>(
    encoder: &dyn SentenceEncoder,
    threads: usize,
    passages: &[Passage],
    known: impl Fn(&Passage) -> Option<(&'v Vectors, usize)>,
) -> Vectors {
    let mut vectors = Vectors::new(encoder.dimension());
    for batch in passages.chunks(BATCH) {
        let known: Vec<_> = batch.iter().map(&known).collect();
        let texts: Vec<Vec<String>> = batch
            .iter()
            .zip(&known)
            .map(|(passage, known)| if known.is_none() { parts(passage) } else { Vec::new() })
            .collect();
        let flat: Vec<&str> = texts.iter().flatten().map(String::as_str).collect();
        let encoded = encoder.encode_batch(&flat, threads);
        let mut encoded = encoded.chunks_exact(encoder.dimension().max(1));
        for (known, texts) in known.into_iter().zip(&texts) {
            if let Some((known, at)) = known {
                vectors.take(known, at);
            }
            for (place, vector) in encoded.by_ref().take(texts.len()).enumerate() {
                if place == 0 {
                    vectors.push_whole(vector);
                } else {
                    vectors.push(vector);
                }
            }
            vectors.finish();
        }
    }
    vectors
}

/// What is encoded of a passage: the whole, then windows of sentences.
fn parts(passage: &Passage) -> Vec<String> {
    let whole = [&passage.title, &passage.heading, &passage.text]
        .map(String::as_str)
        .join("\n");
    let sentences: Vec<&str> = sentences(&passage.text).collect();
    let windows = (1..=WINDOW).flat_map(|size| sentences.windows(size).map(|window| window.join(" ")));
    std::iter::once(whole.trim().to_owned()).chain(windows).collect()
}
