use std::{collections::HashMap, hash::BuildHasherDefault};

use super::{
    features::{Block, Feature},
    vocabulary::{FeatureHasher, Vector, Vocabulary, Weighed, rarity, vector},
};

/// The features of every example of a training set, each numbered by the row it will have.
pub(super) struct Corpus {
    /// The distinct features, by row.
    features: Vec<Feature>,
    /// The rows of each example, distinct.
    examples: Vec<Vec<u32>>,
}

/// How much each feature counts if only some of the examples are known.
pub(super) struct Rarities {
    /// 0 for a feature that none of them has.
    by_row: Vec<f32>,
    /// How many examples are known.
    examples: usize,
}

impl Corpus {
    /// Numbers the features of each example.
    pub(super) fn of(examples: impl Iterator<Item = Vec<Feature>>) -> Self {
        let mut numbers: HashMap<Feature, u32, BuildHasherDefault<FeatureHasher>> = HashMap::default();
        let mut features = Vec::new();
        let examples = examples
            .map(|mut example| {
                example.sort_unstable();
                example.dedup();
                let row = |feature| {
                    let next = features.len() as u32;
                    let row = *numbers.entry(feature).or_insert(next);
                    if row == next {
                        features.push(feature);
                    }
                    row
                };
                example.into_iter().map(row).collect()
            })
            .collect();
        Self { features, examples }
    }

    /// How many distinct features there are.
    pub(super) const fn rows(&self) -> usize {
        self.features.len()
    }

    /// How much each feature counts if only the examples of `subset` are known.
    pub(super) fn rarities(&self, subset: &[usize]) -> Rarities {
        let mut documents = vec![0; self.rows()];
        for example in subset {
            for row in &self.examples[*example] {
                documents[*row as usize] += 1;
            }
        }
        let weigh = |documents| {
            if documents == 0 {
                0.0
            } else {
                rarity(documents, subset.len())
            }
        };
        Rarities {
            by_row: documents.into_iter().map(weigh).collect(),
            examples: subset.len(),
        }
    }

    /// An example as the model sees it.
    pub(super) fn vector(&self, example: usize, rarities: &Rarities) -> Vector {
        let rows = &self.examples[example];
        let weighed = rows.iter().map(|row| {
            let rarity = rarities.by_row[*row as usize];
            Weighed {
                row: *row,
                rarity,
                block: self.features[*row as usize].block(),
            }
        });
        vector(weighed, rarity(0, rarities.examples))
    }

    /// Says which rows are features of words rather than of Japanese text.
    pub(super) fn is_word_row(&self, row: u32) -> bool {
        self.features[row as usize].block() != Block::JapaneseRuns
    }

    /// The vocabulary in which each feature counts as much as `rarities` says.
    pub(super) fn vocabulary(&self, rarities: &Rarities) -> Vocabulary {
        Vocabulary::new(
            self.features.iter().copied().zip(rarities.by_row.iter().copied()),
            rarities.examples,
        )
    }
}
