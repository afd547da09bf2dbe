use std::collections::HashMap;

use nakai_encoder::{Encoder, Unavailable};
use sha2::{Digest, Sha256};

use crate::intents::parallel::cores;

/// What 1 is in a [`SentenceVector`]. Products of two numbers of vectors no longer than 1 add up to less than 2³¹.
pub(in crate::intents) const SCALE: f32 = 16384.0;

/// How many texts an encoder elsewhere is given before what it gave is kept.
const AT_ONCE: usize = 512;

/// The vector of a sentence in whole numbers: half as large, and its products are the same on every machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::intents) struct SentenceVector(pub(in crate::intents) Box<[i16]>);

impl SentenceVector {
    pub(in crate::intents) fn new(vector: &[f32]) -> Self {
        // Numbers of a vector of length 1 are at most 1.
        Self(vector.iter().map(|number| (number * SCALE).round() as i16).collect())
    }

    /// The cosine of the angle between two vectors of the same encoder.
    pub(in crate::intents) fn cosine(&self, other: &Self) -> f32 {
        nakai_encoder::whole_dot(&self.0, &other.0) as f32 / (SCALE * SCALE)
    }
}

/// The vectors of texts that were encoded for a training, so that the next one need not encode them again. Knows hashes of the texts,
/// not the texts.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct SentenceVectors {
    /// Which encoder made them.
    encoder: String,
    by_text: HashMap<[u8; 16], SentenceVector>,
}

impl SentenceVectors {
    /// Gives the vectors of texts, and encodes those that it does not know yet on all cores. Forgets what is not among the texts.
    ///
    /// # Errors
    /// If the encoder is elsewhere and can't be had. What it gave before that is kept, and nothing forgotten.
    pub(in crate::intents) fn encode(
        &mut self,
        texts: &[&str],
        encoder: &Encoder,
    ) -> Result<Vec<SentenceVector>, Unavailable> {
        if self.encoder != encoder.id() {
            self.encoder = encoder.id().to_owned();
            self.by_text.clear();
        }
        let keys: Vec<[u8; 16]> = texts.iter().map(|text| key(text)).collect();
        let mut missing: Vec<(&[u8; 16], &str)> = keys.iter().zip(texts.iter().copied()).collect();
        missing.retain(|(key, _)| !self.by_text.contains_key(*key));
        missing.sort_unstable();
        missing.dedup_by_key(|(key, _)| *key);
        let at_once = if encoder.is_elsewhere() { AT_ONCE } else { usize::MAX };
        for missing in missing.chunks(at_once) {
            let texts: Vec<&str> = missing.iter().map(|(_, text)| *text).collect();
            let numbers = encoder.encode_batch(&texts, cores())?;
            let new = numbers
                .chunks_exact(numbers.len() / texts.len())
                .map(SentenceVector::new);
            self.by_text.extend(missing.iter().map(|(key, _)| **key).zip(new));
        }
        let mut known = std::mem::take(&mut self.by_text);
        let vectors = keys.iter().map(|key| {
            let kept = self.by_text.entry(*key);
            kept.or_insert_with(|| known.remove(key).unwrap_or_else(|| SentenceVector::new(&[])))
                .clone()
        });
        Ok(vectors.collect())
    }

    /// How many texts it knows.
    pub fn len(&self) -> usize {
        self.by_text.len()
    }

    /// Says whether it knows no texts.
    pub fn is_empty(&self) -> bool {
        self.by_text.is_empty()
    }

    /// Writes what [`Self::from_bytes`] reads: the encoder's id, then each text's hash and numbers.
    pub(in crate::intents) fn to_bytes(&self) -> Vec<u8> {
        let dimension = self.by_text.values().next().map_or(0, |vector| vector.0.len());
        let mut bytes = Vec::with_capacity(64 + self.by_text.len() * (16 + 2 * dimension));
        bytes.extend((self.encoder.len() as u32).to_le_bytes());
        bytes.extend(self.encoder.as_bytes());
        bytes.extend((dimension as u32).to_le_bytes());
        let mut sorted: Vec<_> = self.by_text.iter().collect();
        sorted.sort_unstable_by_key(|(key, _)| **key);
        for (key, vector) in sorted {
            bytes.extend(key);
            bytes.extend(vector.0.iter().flat_map(|number| number.to_le_bytes()));
        }
        let digest = Sha256::digest(&bytes);
        bytes.extend(digest);
        bytes
    }

    /// Reads what [`Self::to_bytes`] wrote; `None` if it is anything else or was damaged.
    pub(in crate::intents) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (content, digest) = bytes.split_at_checked(bytes.len().checked_sub(32)?)?;
        if Sha256::digest(content)[..] != *digest {
            return None;
        }
        let (length, rest) = content.split_first_chunk()?;
        let (encoder, rest) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
        let (dimension, rest) = rest.split_first_chunk()?;
        let dimension = u32::from_le_bytes(*dimension) as usize;
        let one = |bytes: &[u8]| {
            let (key, numbers) = bytes.split_first_chunk::<16>()?;
            let (numbers, _) = numbers.as_chunks();
            Some((
                *key,
                SentenceVector(numbers.iter().map(|number| i16::from_le_bytes(*number)).collect()),
            ))
        };
        Some(Self {
            encoder: std::str::from_utf8(encoder).ok()?.to_owned(),
            by_text: rest.chunks_exact(16 + 2 * dimension).map(one).collect::<Option<_>>()?,
        })
    }
}

fn key(text: &str) -> [u8; 16] {
    let digest = Sha256::digest(text.as_bytes());
    std::array::from_fn(|at| digest[at])
}

#[cfg(test)]
mod tests {
    use nakai_encoder::Asked;

    use super::*;

    #[test]
    fn cosines_in_whole_numbers_are_cosines() {
        let vector = |text: &str| SentenceVector::new(&Encoder::shipped().encode(text, &mut Asked::default()).unwrap());
        let (a, b) = (
            vector("how do i connect to the wifi"),
            vector("what is the wifi password"),
        );
        assert!((a.cosine(&a) - 1.0).abs() < 1e-3, "{}", a.cosine(&a));
        let floats = |vector: &SentenceVector| vector.0.iter().map(|n| f32::from(*n) / SCALE).collect::<Vec<_>>();
        assert!((a.cosine(&b) - nakai_encoder::dot(&floats(&a), &floats(&b))).abs() < 1e-4);
        // Text without any word is as far from everything as can be.
        assert_eq!(vector("").cosine(&a), 0.0);
    }

    #[test]
    fn known_texts_are_kept_and_others_forgotten() {
        let encoder = &Encoder::shipped();
        let mut vectors = SentenceVectors::default();
        let first = vectors.encode(&["hello", "bye", "hello"], encoder).unwrap();
        assert_eq!((first.len(), vectors.len()), (3, 2));
        assert_eq!(first[0], first[2]);
        let read = SentenceVectors::from_bytes(&vectors.to_bytes()).unwrap();
        assert_eq!(read, vectors);
        let second = vectors.encode(&["bye", "hi"], encoder).unwrap();
        assert_eq!((&second[0], vectors.len()), (&first[1], 2));
        let mut damaged = vectors.to_bytes();
        damaged[20] ^= 1;
        assert_eq!(SentenceVectors::from_bytes(&damaged), None);
        assert_eq!(SentenceVectors::from_bytes(b""), None);
    }
}
