//! What is kept of a trained classifier: little-endian numbers, then the SHA-256 of all of them.
//!
//! Names and phrases are not in it; they come from the training set that the classifier was trained on.

use sha2::{Digest, Sha256};

use super::{
    calibration::Calibration,
    features::Feature,
    model::{LinearModel, Weight},
    vocabulary::{Row, Vocabulary},
};

/// Numbers the format and what the numbers in it mean. Must grow whenever features, training or calibration change, or classifiers
/// that an older program trained are taken for what this one would train.
pub(super) const FORMAT: u32 = 1;

const DIGEST: usize = 32;

/// The trained parts of a classifier.
#[derive(Debug, PartialEq)]
pub(super) struct Trained {
    pub(super) vocabulary: Vocabulary,
    pub(super) model: LinearModel,
    pub(super) calibration: Calibration,
}

impl Trained {
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut writer = Writer(Vec::with_capacity(
            8 * self.model.weights.len() + 24 * self.vocabulary.rows.len(),
        ));
        writer.number(FORMAT);
        let Calibration {
            sharpness,
            none,
            none_if_unknown,
        } = self.calibration;
        writer.numbers([sharpness, none, none_if_unknown, self.vocabulary.unseen].map(f32::to_bits));
        writer.number(self.model.bias.len() as u32);
        writer.numbers(self.model.bias.iter().map(|bias| bias.to_bits()));
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
        let [sharpness, none, none_if_unknown, unseen] =
            [reader.float()?, reader.float()?, reader.float()?, reader.float()?];
        if reader.number()? as usize != intents {
            return None;
        }
        let bias = (0..intents).map(|_| reader.float()).collect::<Option<_>>()?;
        let count = reader.number()?;
        let row = |index| {
            let feature = Feature::from_bits(u64::from_le_bytes(reader.take()?));
            Some((
                feature,
                Row {
                    index,
                    rarity: reader.float()?,
                },
            ))
        };
        let rows = (0..count).map(row).collect::<Option<_>>()?;
        let starts = (0..=count).map(|_| reader.number()).collect::<Option<Vec<u32>>>()?;
        let weight = |_| {
            Some(Weight {
                intent: u16::from_le_bytes(reader.take()?),
                value: reader.float()?,
            })
        };
        let weights = (0..*starts.last()?).map(weight).collect::<Option<Vec<_>>>()?;
        let sound = starts.is_sorted() && weights.iter().all(|weight| usize::from(weight.intent) < intents);
        (sound && reader.0.is_empty()).then_some(Self {
            vocabulary: Vocabulary { rows, unseen },
            model: LinearModel { bias, starts, weights },
            calibration: Calibration {
                sharpness,
                none,
                none_if_unknown,
            },
        })
    }
}

struct Writer(Vec<u8>);

impl Writer {
    fn number(&mut self, number: u32) {
        self.0.extend(number.to_le_bytes());
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

    fn float(&mut self) -> Option<f32> {
        self.number().map(f32::from_bits)
    }
}
