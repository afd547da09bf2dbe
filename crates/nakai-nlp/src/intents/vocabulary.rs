use std::{
    collections::HashMap,
    hash::{BuildHasherDefault, Hasher},
};

use super::features::{Block, Feature};

/// How much the rarity of a feature counts: the exponent of its inverse document frequency. 1 is plain TF-IDF; less suits short
/// utterances better, in which common words such as `how` and `when` tell intents apart.
const RARITY_EXPONENT: f32 = 0.7;

/// The features that occur in a training set and how much each counts.
#[derive(Debug, PartialEq)]
pub(super) struct Vocabulary {
    pub(super) rows: HashMap<Feature, Row, BuildHasherDefault<FeatureHasher>>,
    /// How much a feature counts that is not among them.
    pub(super) unseen: f32,
}

/// What the vocabulary knows of a feature.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Row {
    /// Its row in the model.
    pub(super) index: u32,
    /// The weight of the feature; 0 if it is not in use.
    pub(super) rarity: f32,
}

/// A feature of a text with its weight.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Entry {
    /// The feature's row in the model.
    pub(super) row: u32,
    pub(super) value: f32,
}

/// A text as the model sees it.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Vector {
    /// Known features, each once.
    pub(super) entries: Vec<Entry>,
    /// How much of the text is in no training example, 0 to 1: the share of its words and Japanese runs, by their rarity.
    pub(super) unknown: f32,
}

impl Vocabulary {
    /// Takes the distinct features of a training set of `total` examples; row numbers are their places.
    pub(super) fn new(rarities: impl Iterator<Item = (Feature, f32)>, total: usize) -> Self {
        let rows = (0..)
            .zip(rarities)
            .map(|(index, (feature, rarity))| (feature, Row { index, rarity }))
            .collect();
        Self {
            rows,
            unseen: rarity(0, total),
        }
    }

    /// Turns distinct features into a vector. Each block of the text has the same length in it, all blocks together have the length √2;
    /// what is unknown counts for the length, so a text of which little is known is short.
    pub(super) fn vector(&self, features: &[Feature]) -> Vector {
        let unknown = Row { index: 0, rarity: 0.0 };
        let weighed = features.iter().map(|feature| {
            let Row { index, rarity } = *self.rows.get(feature).unwrap_or(&unknown);
            Weighed {
                row: index,
                rarity,
                block: feature.block(),
            }
        });
        vector(weighed, self.unseen)
    }
}

/// A feature of a text. Its rarity is 0 if it is unknown.
pub(super) struct Weighed {
    pub(super) row: u32,
    pub(super) rarity: f32,
    pub(super) block: Block,
}

/// Builds the vector of a text, in which unknown features have the rarity `unseen`.
pub(super) fn vector(features: impl ExactSizeIterator<Item = Weighed>, unseen: f32) -> Vector {
    let mut known = [0.0; Block::COUNT];
    let mut missing = [0.0; Block::COUNT];
    let mut entries = Vec::with_capacity(features.len());
    let mut blocks = Vec::with_capacity(features.len());
    for Weighed { row, rarity, block } in features {
        if rarity > 0.0 {
            known[block as usize] += rarity * rarity;
            entries.push(Entry { row, value: rarity });
            blocks.push(block);
        } else {
            missing[block as usize] += unseen * unseen;
        }
    }
    let squares: [f32; Block::COUNT] = std::array::from_fn(|block| known[block] + missing[block]);
    let present = squares.iter().filter(|square| **square > 0.0).count();
    let scales = squares.map(|square| {
        if square > 0.0 {
            (2.0 / (square * present as f32)).sqrt()
        } else {
            0.0
        }
    });
    for (entry, block) in entries.iter_mut().zip(blocks) {
        entry.value *= scales[block as usize];
    }
    // Pieces of an unknown word are mostly known, and say nothing of what it means.
    let telling = [Block::Words as usize, Block::JapaneseRuns as usize];
    let missing: f32 = telling.iter().map(|block| missing[*block]).sum();
    let total: f32 = telling.iter().map(|block| squares[*block]).sum();
    Vector {
        entries,
        unknown: if total > 0.0 { missing / total } else { 1.0 },
    }
}

/// How much a feature counts that `documents` of `total` examples have.
pub(super) fn rarity(documents: u32, total: usize) -> f32 {
    (((1.0 + total as f32) / (1.0 + documents as f32)).ln() + 1.0).powf(RARITY_EXPONENT)
}

/// Passes a feature through: it is a hash already.
#[derive(Default)]
pub(super) struct FeatureHasher(u64);

impl Hasher for FeatureHasher {
    fn finish(&self) -> u64 {
        // The lowest bits, by which a table finds its bucket, name the block.
        self.0.rotate_left(32)
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}
