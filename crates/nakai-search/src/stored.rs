//! Writes an index to bytes and reads it again.
//!
//! The bytes: [`MAGIC`], [`FORMAT`], the SHA-256 of the rest; then the encoder's id, the passages, the synonyms, the postings, the
//! sentences and the vectors. Numbers are little-endian, and each text or list has its length before it.

use std::sync::Arc;

use nakai_encoder::SentenceEncoder;
use nakai_types::Language;
use sha2::{Digest, Sha256};

use crate::{Audiences, Passage, SearchIndex, Synonyms, analyse::Analyser, postings::Postings, vectors::Vectors};

const MAGIC: [u8; 8] = *b"NAKAISRC";
/// Changes with the layout, and with everything that changes what terms or vectors a text has.
pub(crate) const FORMAT: u32 = 2;
const CHECKSUM_AT: usize = MAGIC.len() + size_of::<u32>();
const BODY_AT: usize = CHECKSUM_AT + 32;

/// Why bytes are no index.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnusableIndex {
    /// The bytes do not begin as an index of this format does.
    #[error("the bytes are no search index of format {FORMAT}; build the index again")]
    OtherFormat,
    /// The bytes are not those that were written.
    #[error("the search index is damaged; build it again")]
    Damaged,
    /// The vectors in it are of another encoder.
    #[error("the search index was made with the encoder `{0}`; build it again")]
    OtherEncoder(String),
}

impl SearchIndex {
    /// Writes the index to bytes. The same passages always give the same.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut body = Writer(Vec::new());
        body.text(self.encoder.id());
        body.number(self.passages.len());
        for passage in &self.passages {
            for text in [&passage.id, &passage.title, &passage.heading, &passage.text] {
                body.text(text);
            }
            body.text(passage.language.code());
            body.0.extend(passage.audiences.0.to_le_bytes());
        }
        let sets = self.synonyms.synonyms.sets();
        body.number(sets.len());
        for set in sets {
            body.number(set.len());
            set.iter().for_each(|member| body.text(member));
        }
        body.list(&self.postings.keys, u64::to_le_bytes);
        for list in [
            &self.postings.starts,
            &self.postings.passages,
            &self.sentence_starts,
            &self.term_starts,
            &self.sentence_terms,
            &self.vectors.starts,
        ] {
            body.list(list, u32::to_le_bytes);
        }
        body.list(&self.postings.strengths, u8::to_le_bytes);
        body.list(&self.vectors.whole_scales, f32::to_le_bytes);
        body.list(&self.vectors.wholes, i8::to_le_bytes);
        body.list(&self.vectors.scales, f32::to_le_bytes);
        body.list(&self.vectors.numbers, i8::to_le_bytes);

        let mut bytes = MAGIC.to_vec();
        bytes.extend(FORMAT.to_le_bytes());
        bytes.extend(Sha256::digest(&body.0));
        bytes.extend(body.0);
        bytes
    }

    /// Reads an index that [`Self::to_bytes`] wrote. `encoder` must be the one that it was made with.
    pub fn from_bytes(bytes: &[u8], encoder: Arc<dyn SentenceEncoder>) -> Result<Self, UnusableIndex> {
        let (head, body) = bytes.split_at_checked(BODY_AT).ok_or(UnusableIndex::OtherFormat)?;
        let (begin, checksum) = head.split_at(CHECKSUM_AT);
        if begin != [&MAGIC[..], &FORMAT.to_le_bytes()].concat() {
            return Err(UnusableIndex::OtherFormat);
        }
        if Sha256::digest(body).as_slice() != checksum {
            return Err(UnusableIndex::Damaged);
        }
        let mut body = Reader(body);
        let id = body.text().ok_or(UnusableIndex::Damaged)?;
        if id != encoder.id() {
            return Err(UnusableIndex::OtherEncoder(id));
        }
        read(&mut body, encoder)
            .filter(|index| index.is_sound() && body.0.is_empty())
            .ok_or(UnusableIndex::Damaged)
    }

    /// Whether the lists fit each other. Lists that do not would give wrong hits, never a panic.
    fn is_sound(&self) -> bool {
        let starts = |starts: &[u32], many: usize, of: usize| {
            starts.len() == many + 1 && starts.is_sorted() && starts.last().is_some_and(|last| *last as usize == of)
        };
        let sentences = self.term_starts.len().saturating_sub(1);
        let passages = self.passages.len();
        self.passages.is_sorted_by(|a, b| a.id < b.id)
            && self.postings.keys.is_sorted()
            && starts(
                &self.postings.starts,
                self.postings.keys.len(),
                self.postings.passages.len(),
            )
            && self.postings.passages.len() == self.postings.strengths.len()
            && starts(&self.sentence_starts, passages, sentences)
            && starts(&self.term_starts, sentences, self.sentence_terms.len())
            && self.vectors.whole_scales.len() == passages
            && self.vectors.wholes.len() == passages * self.vectors.dimension
            && starts(&self.vectors.starts, passages, self.vectors.scales.len())
            && self.vectors.scales.len() * self.vectors.dimension == self.vectors.numbers.len()
    }
}

fn read(body: &mut Reader<'_>, encoder: Arc<dyn SentenceEncoder>) -> Option<SearchIndex> {
    let passages = (0..body.number()?).map(|_| passage(body)).collect::<Option<_>>()?;
    let mut sets = Vec::new();
    for _ in 0..body.number()? {
        sets.push((0..body.number()?).map(|_| body.text()).collect::<Option<_>>()?);
    }
    let keys = body.list(u64::from_le_bytes)?;
    let mut numbers = || body.list(u32::from_le_bytes);
    let (starts, posted) = (numbers()?, numbers()?);
    let (sentence_starts, term_starts, sentence_terms) = (numbers()?, numbers()?, numbers()?);
    let vector_starts = numbers()?;
    Some(SearchIndex {
        passages,
        synonyms: Synonyms::new(sets).prepared(&mut Analyser::new()),
        postings: Postings {
            keys,
            starts,
            passages: posted,
            strengths: body.list(u8::from_le_bytes)?,
        },
        sentence_starts,
        term_starts,
        sentence_terms,
        vectors: Vectors {
            dimension: encoder.dimension(),
            starts: vector_starts,
            whole_scales: body.list(f32::from_le_bytes)?,
            wholes: body.list(i8::from_le_bytes)?,
            scales: body.list(f32::from_le_bytes)?,
            numbers: body.list(i8::from_le_bytes)?,
        },
        encoder,
    })
}

fn passage(body: &mut Reader<'_>) -> Option<Passage> {
    Some(Passage {
        id: body.text()?,
        title: body.text()?,
        heading: body.text()?,
        text: body.text()?,
        language: body.text()?.parse::<Language>().ok()?,
        audiences: Audiences(u64::from_le_bytes(body.take()?)),
    })
}

struct Writer(Vec<u8>);

impl Writer {
    fn number(&mut self, number: usize) {
        self.0.extend((number as u64).to_le_bytes());
    }

    fn text(&mut self, text: &str) {
        self.number(text.len());
        self.0.extend(text.as_bytes());
    }

    fn list<T: Copy, const SIZE: usize>(&mut self, list: &[T], bytes: impl Fn(T) -> [u8; SIZE]) {
        self.number(list.len());
        self.0.extend(list.iter().flat_map(|item| bytes(*item)));
    }
}

struct Reader<'b>(&'b [u8]);

impl Reader<'_> {
    fn take<const SIZE: usize>(&mut self) -> Option<[u8; SIZE]> {
        let (taken, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*taken)
    }

    fn number(&mut self) -> Option<usize> {
        usize::try_from(u64::from_le_bytes(self.take()?)).ok()
    }

    fn bytes(&mut self, length: usize) -> Option<&[u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    fn text(&mut self) -> Option<String> {
        let length = self.number()?;
        String::from_utf8(self.bytes(length)?.to_vec()).ok()
    }

    fn list<T, const SIZE: usize>(&mut self, item: impl Fn([u8; SIZE]) -> T) -> Option<Vec<T>> {
        let length = self.number()?.checked_mul(SIZE)?;
        let (items, _) = self.bytes(length)?.as_chunks();
        Some(items.iter().map(|bytes| item(*bytes)).collect())
    }
}
