//! What is kept of a trained classifier: little-endian numbers, then the SHA-256 of all of them.
//!
//! Names and phrases are not in it; they come from the training set that the classifier was trained on.

use sha2::{Digest, Sha256};

use super::{
    calibration::Calibration,
    confidence::Confidence,
    features::Feature,
    meaning::{MeaningModel, SentenceVector},
    model::{LinearModel, Weight},
    vocabulary::{Row, Vocabulary},
};

/// Numbers the format and what the numbers in it mean. Must grow whenever features, training or calibration change, or classifiers
/// that an older program trained are taken for what this one would train.
pub(super) const FORMAT: u32 = 4;

const DIGEST: usize = 32;

/// The trained parts of a classifier.
#[derive(Debug, PartialEq)]
pub(super) struct Trained {
    pub(super) intents: usize,
    pub(super) vocabulary: Vocabulary,
    /// By wording. Its classes are the intents and, if there were examples of it, none of them.
    pub(super) model: LinearModel,
    /// By meaning, of the same classes; empty if no encoder was asked.
    pub(super) meaning: MeaningModel,
    /// For the wording alone.
    pub(super) by_wording: Calibration,
    /// For both together.
    pub(super) by_both: Calibration,
    /// From which confidence on the wording alone decides.
    pub(super) sure: f32,
    /// Below which confidence of the best intent an utterance is out of scope, unless the bot says otherwise.
    pub(super) threshold: f32,
}

impl Trained {
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut writer = Writer(Vec::with_capacity(
            8 * self.model.weights.len() + 24 * self.vocabulary.rows.len(),
        ));
        writer.number(FORMAT);
        writer.number(self.intents as u32);
        for calibration in [&self.by_wording, &self.by_both] {
            writer.floats(calibration.weights);
            writer.floats(calibration.confidence.0);
        }
        writer.floats([self.sure, self.threshold, self.vocabulary.unseen]);
        writer.number(self.model.bias.len() as u32);
        writer.floats(self.model.bias.iter().copied());
        let mut rows: Vec<_> = self.vocabulary.rows.iter().collect();
        rows.sort_unstable_by_key(|(_, row)| row.index);
        writer.number(rows.len() as u32);
        for (feature, row) in rows {
            writer.0.extend(feature.to_bits().to_le_bytes());
            writer.number(row.rarity.to_bits());
        }
        writer.numbers(self.model.starts.iter().copied());
        for weight in &self.model.weights {
            writer.0.extend(weight.intent.to_le_bytes());
            writer.number(weight.value.to_bits());
        }
        writer.number(self.meaning.landmarks.len() as u32);
        writer.number(self.meaning.landmarks.first().map_or(0, |landmark| landmark.0.len()) as u32);
        for landmark in &self.meaning.landmarks {
            writer
                .0
                .extend(landmark.0.iter().flat_map(|number| number.to_le_bytes()));
        }
        writer.floats(self.meaning.weights.iter().copied());
        writer.floats(self.meaning.bias.iter().copied());
        let digest = Sha256::digest(&writer.0);
        writer.0.extend(digest);
        writer.0
    }

    /// Reads what [`Self::to_bytes`] wrote for a training set of so many intents; `None` if it is anything else or was damaged.
    pub(super) fn from_bytes(bytes: &[u8], intents: usize) -> Option<Self> {
        let (content, digest) = bytes.split_at_checked(bytes.len().checked_sub(DIGEST)?)?;
        if Sha256::digest(content)[..] != *digest {
            return None;
        }
        let mut reader = Reader(content);
        if reader.number()? != FORMAT {
            return None;
        }
        if reader.number()? as usize != intents {
            return None;
        }
        let mut calibration = || {
            Some(Calibration {
                weights: reader.floats()?,
                confidence: Confidence(reader.floats()?),
            })
        };
        let (by_wording, by_both) = (calibration()?, calibration()?);
        let [sure, threshold, unseen] = reader.floats()?;
        let classes = reader.number()? as usize;
        if classes < intents || classes > intents + 1 {
            return None;
        }
        let bias = reader.list(classes, f32::from_le_bytes)?;
        let count = reader.number()? as usize;
        let rows = reader.list(count, |[a, b, c, d, e, f, g, h, rarity @ ..]: [u8; 12]| {
            let feature = u64::from_le_bytes([a, b, c, d, e, f, g, h]);
            (Feature::from_bits(feature), f32::from_le_bytes(rarity))
        })?;
        let rows = (0..)
            .zip(rows)
            .map(|(index, (feature, rarity))| (feature, Row { index, rarity }))
            .collect();
        let starts = reader.list(count.checked_add(1)?, u32::from_le_bytes)?;
        let weights = reader.list(*starts.last()? as usize, |[a, b, value @ ..]: [u8; 6]| Weight {
            intent: u16::from_le_bytes([a, b]),
            value: f32::from_le_bytes(value),
        })?;
        let sound = starts.is_sorted() && weights.iter().all(|weight| usize::from(weight.intent) < classes);
        let (landmarks, dimension) = (reader.number()? as usize, reader.number()? as usize);
        let landmark = |_| Some(SentenceVector(reader.list(dimension, i16::from_le_bytes)?.into()));
        let landmarks = (0..landmarks).map(landmark).collect::<Option<Vec<_>>>()?;
        let scored = if landmarks.is_empty() { 0 } else { classes };
        let meaning = MeaningModel {
            weights: reader.list(landmarks.len() * scored, f32::from_le_bytes)?,
            bias: reader.list(scored, f32::from_le_bytes)?,
            landmarks,
        };
        (sound && reader.0.is_empty()).then_some(Self {
            intents,
            vocabulary: Vocabulary { rows, unseen },
            model: LinearModel { bias, starts, weights },
            meaning,
            by_wording,
            by_both,
            sure,
            threshold,
        })
    }
}

struct Writer(Vec<u8>);

impl Writer {
    fn number(&mut self, number: u32) {
        self.0.extend(number.to_le_bytes());
    }

    fn floats(&mut self, floats: impl IntoIterator<Item = f32>) {
        self.numbers(floats.into_iter().map(f32::to_bits));
    }

    fn numbers(&mut self, numbers: impl IntoIterator<Item = u32>) {
        numbers.into_iter().for_each(|number| self.number(number));
    }
}

struct Reader<'b>(&'b [u8]);

impl Reader<'_> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*taken)
    }

    fn number(&mut self) -> Option<u32> {
        self.take().map(u32::from_le_bytes)
    }

    fn floats<const N: usize>(&mut self) -> Option<[f32; N]> {
        self.list(N, f32::from_le_bytes)?.try_into().ok()
    }

    /// Reads `count` items of `SIZE` bytes each, with no more memory than they need.
    fn list<T, const SIZE: usize>(&mut self, count: usize, item: impl Fn([u8; SIZE]) -> T) -> Option<Vec<T>> {
        let (bytes, rest) = self.0.split_at_checked(count.checked_mul(SIZE)?)?;
        self.0 = rest;
        let (items, _) = bytes.as_chunks();
        Some(items.iter().map(|bytes| item(*bytes)).collect())
    }
}
