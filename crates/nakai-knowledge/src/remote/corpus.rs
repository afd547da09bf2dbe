use std::{collections::HashMap, sync::Arc};

use nakai_encoder::SentenceEncoder;
use nakai_ports::{ArticlePassage, KnowledgeBase, KnowledgeError};
use nakai_search::{AnalysedPassage, Audiences, Passage, PassageAnalyser};

use crate::{
    engine::blocking,
    passages::{id, searched},
};

/// How many passages are analysed and written together: enough to keep threads and the server busy, few enough to take little memory.
const BATCH: usize = 128;

/// The articles of a version on their way to a server: analysed and given away batch by batch, so that they are never held twice.
pub(crate) struct Corpus {
    passages: std::iter::Peekable<std::vec::IntoIter<ArticlePassage>>,
    analyser: Arc<PassageAnalyser>,
    encoder: Arc<dyn SentenceEncoder>,
    synonyms: Vec<Vec<String>>,
    total: usize,
    taken: u32,
    encoded: usize,
    bytes: u64,
}

/// A passage as a server keeps it.
pub(crate) struct Entry {
    /// Its place in the order of ids, from 0.
    pub(crate) number: u32,
    /// The SHA-256 of what is searched of it.
    pub(crate) hash: [u8; 32],
    pub(crate) passage: ArticlePassage,
    pub(crate) analysed: AnalysedPassage,
}

/// Passages that come next.
pub(crate) struct Batch {
    first: u32,
    passages: Vec<ArticlePassage>,
    searched: Vec<Passage>,
    hashes: Vec<[u8; 32]>,
}

impl Batch {
    /// The SHA-256 of what is searched of each.
    pub(crate) fn hashes(&self) -> &[[u8; 32]] {
        &self.hashes
    }
}

impl Corpus {
    pub(super) fn new(knowledge: KnowledgeBase, encoder: Arc<dyn SentenceEncoder>, threads: usize) -> Self {
        let mut passages = knowledge.passages;
        // As in an index in memory: in the order of ids, and of those with the same id the last one counts.
        passages.reverse();
        passages.sort_by_cached_key(id);
        passages.dedup_by(|later, first| id(later) == id(first));
        let all = passages.iter().map(|passage| searched(passage, Audiences::ALL));
        Self {
            analyser: Arc::new(PassageAnalyser::new(Arc::clone(&encoder), threads, all)),
            encoder,
            synonyms: knowledge.synonyms,
            total: passages.len(),
            passages: passages.into_iter().peekable(),
            taken: 0,
            encoded: 0,
            bytes: 0,
        }
    }

    /// How many passages there are in all.
    pub(crate) const fn len(&self) -> usize {
        self.total
    }

    /// Whether all were given away.
    pub(crate) fn is_empty(&mut self) -> bool {
        self.passages.peek().is_none()
    }

    /// Words that mean the same, group by group.
    pub(crate) fn synonyms(&self) -> &[Vec<String>] {
        &self.synonyms
    }

    /// How many numbers a vector has.
    pub(crate) fn dimension(&self) -> usize {
        self.encoder.dimension()
    }

    /// How many of the passages given away so far had to be encoded.
    pub(super) const fn encoded(&self) -> usize {
        self.encoded
    }

    /// How many bytes were given away so far: words, terms and vectors.
    pub(crate) const fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The next passages, not analysed yet.
    pub(crate) fn next(&mut self) -> Option<Batch> {
        self.passages.peek()?;
        let passages: Vec<ArticlePassage> = self.passages.by_ref().take(BATCH).collect();
        let searched: Vec<Passage> = passages
            .iter()
            .map(|passage| searched(passage, Audiences::ALL))
            .collect();
        let first = self.taken;
        self.taken += u32::try_from(passages.len()).unwrap_or(u32::MAX);
        Some(Batch {
            first,
            hashes: searched.iter().map(Passage::content_hash).collect(),
            passages,
            searched,
        })
    }

    /// Analyses passages. `known` has what another version's bytes say of some of them, by hash.
    pub(crate) async fn analyse(
        &mut self,
        batch: Batch,
        known: HashMap<[u8; 32], Vec<u8>>,
    ) -> Result<Vec<Entry>, KnowledgeError> {
        let (analyser, dimension) = (Arc::clone(&self.analyser), self.dimension());
        let Batch {
            first,
            passages,
            searched,
            hashes,
        } = batch;
        let analyse = move || {
            // What can't be read is made anew.
            let read = |(hash, bytes): (_, Vec<u8>)| Some((hash, AnalysedPassage::from_bytes(&bytes, dimension).ok()?));
            let known: HashMap<[u8; 32], AnalysedPassage> = known.into_iter().filter_map(read).collect();
            let fresh = hashes.iter().filter(|hash| !known.contains_key(*hash)).count();
            (analyser.analyse(&searched, &known), hashes, fresh)
        };
        let (analysed, hashes, fresh) = blocking(analyse).await?;
        self.encoded += fresh;
        let entries = passages.into_iter().zip(analysed).zip(hashes).zip(first..);
        let entries: Vec<Entry> = entries
            .map(|(((passage, analysed), hash), number)| Entry {
                number,
                hash,
                passage,
                analysed,
            })
            .collect();
        let size = |entry: &Entry| entry.passage.text.len() + entry.analysed.size();
        self.bytes += entries.iter().map(size).sum::<usize>() as u64;
        Ok(entries)
    }
}
