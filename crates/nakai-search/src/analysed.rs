//! Passages for engines that keep them elsewhere.

use std::{borrow::Borrow, collections::HashMap, sync::Arc};

use nakai_encoder::SentenceEncoder;

use crate::{
    Passage, UnusableIndex,
    analyse::Analyser,
    build::encode,
    stored::{Reader, Writer},
    terms::{PassageTerms, mean_length},
    vectors::Vectors,
};

/// A passage as it is searched: its terms, its sentences and what the encoder makes of it. An engine that keeps passages elsewhere stores
/// it with them and gives it to [`crate::Candidates`].
#[derive(Debug, Clone, PartialEq)]
pub struct AnalysedPassage {
    pub(crate) terms: PassageTerms,
    /// Those of this passage alone.
    pub(crate) vectors: Vectors,
}

impl AnalysedPassage {
    /// The keys of its terms, ascending, and how strongly it has each, 1 to 255. The share of a question that a passage has is the sum of
    /// [`crate::Lookup::weights`] times these.
    pub fn terms(&self) -> impl Iterator<Item = (u64, u8)> {
        let strengths = self.terms.strengths.iter().copied();
        self.terms.keys.iter().copied().zip(strengths)
    }

    /// The vector of the passage as a whole; `None` if the encoder knows nothing of it, so that it has no direction.
    pub fn vector(&self) -> Option<Vec<f32>> {
        self.vectors
            .whole_vector(0)
            .filter(|vector| vector.iter().any(|x| *x != 0.0))
    }

    /// How many bytes [`Self::to_bytes`] makes of it, but for a few.
    pub fn size(&self) -> usize {
        let terms = size_of::<u64>() * self.terms.keys.len() + self.terms.strengths.len();
        let sentences = self.terms.sentence_starts.len() + self.terms.sentence_terms.len();
        terms + size_of::<u32>() * sentences + self.vectors.size()
    }

    /// Writes it to bytes, for the same [`crate::FORMAT`] and encoder. The same passage among passages of the same mean length always gives
    /// the same.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut writer = Writer(Vec::new());
        writer.list(&self.terms.keys, u64::to_le_bytes);
        writer.list(&self.terms.strengths, u8::to_le_bytes);
        writer.list(&self.terms.sentence_starts, u32::to_le_bytes);
        writer.list(&self.terms.sentence_terms, u32::to_le_bytes);
        writer.list(&self.vectors.whole_scales, f32::to_le_bytes);
        writer.list(&self.vectors.wholes, i8::to_le_bytes);
        writer.list(&self.vectors.scales, f32::to_le_bytes);
        writer.list(&self.vectors.numbers, i8::to_le_bytes);
        writer.0
    }

    /// Reads what [`Self::to_bytes`] wrote; `dimension` is that of the encoder.
    ///
    /// # Errors
    /// [`UnusableIndex::Damaged`] if the bytes are none that were written with vectors of this dimension.
    pub fn from_bytes(bytes: &[u8], dimension: usize) -> Result<Self, UnusableIndex> {
        read(&mut Reader(bytes), dimension)
            .filter(|passage| passage.is_sound())
            .ok_or(UnusableIndex::Damaged)
    }

    fn is_sound(&self) -> bool {
        let (terms, vectors) = (&self.terms, &self.vectors);
        terms.keys.len() == terms.strengths.len()
            && terms.keys.is_sorted()
            && terms.sentence_starts.is_sorted()
            && vectors.whole_scales.len() == 1
            && vectors.wholes.len() == vectors.dimension
            && vectors.numbers.len() == vectors.scales.len() * vectors.dimension
    }
}

fn read(reader: &mut Reader<'_>, dimension: usize) -> Option<AnalysedPassage> {
    let terms = PassageTerms {
        keys: reader.list(u64::from_le_bytes)?,
        strengths: reader.list(u8::from_le_bytes)?,
        sentence_starts: reader.list(u32::from_le_bytes)?,
        sentence_terms: reader.list(u32::from_le_bytes)?,
    };
    let mut vectors = Vectors {
        whole_scales: reader.list(f32::from_le_bytes)?,
        wholes: reader.list(i8::from_le_bytes)?,
        scales: reader.list(f32::from_le_bytes)?,
        numbers: reader.list(i8::from_le_bytes)?,
        ..Vectors::new(dimension)
    };
    vectors.finish();
    reader.0.is_empty().then_some(AnalysedPassage { terms, vectors })
}

/// Analyses passages, some at a time, as an index of all of them would.
pub struct PassageAnalyser {
    encoder: Arc<dyn SentenceEncoder>,
    threads: usize,
    mean_length: f32,
}

impl PassageAnalyser {
    /// `all` are the passages that will be searched together, in the order of their ids; only their lengths are looked at.
    pub fn new<P: Borrow<Passage>>(
        encoder: Arc<dyn SentenceEncoder>,
        threads: usize,
        all: impl Iterator<Item = P>,
    ) -> Self {
        Self {
            encoder,
            threads,
            mean_length: mean_length(all),
        }
    }

    /// Analyses some of the passages. `known` are passages that another version had, by [`Passage::content_hash`]: their vectors are taken
    /// over.
    pub fn analyse(&self, passages: &[Passage], known: &HashMap<[u8; 32], AnalysedPassage>) -> Vec<AnalysedPassage> {
        let vectors = encode(self.encoder.as_ref(), self.threads, passages, |passage| {
            Some((&known.get(&passage.content_hash())?.vectors, 0))
        });
        let mut analyser = Analyser::new();
        let analysed = passages.iter().enumerate().map(|(at, passage)| AnalysedPassage {
            terms: PassageTerms::of(passage, self.mean_length, &mut analyser),
            vectors: vectors.only(at),
        });
        analysed.collect()
    }
}
