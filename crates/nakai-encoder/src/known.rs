//! What the network makes of a piece whatever stands around it. The branches add up what a piece and its neighbours contribute before
//! anything else happens to the sums, so most of what a text costs is reckoned once a piece, and remembered for the next text.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use fearless_simd::Simd;

use crate::{
    floats,
    format::{BRANCH, DIMENSION, WINDOWS},
    matrix::{Left, Packed},
    weights::{SLOTS, Weights},
};

/// What is known of a piece by itself.
pub(crate) struct Known {
    /// What stands for it, in whole numbers, and what one step of them is worth.
    pub(crate) embedding: [i8; DIMENSION],
    pub(crate) step: f32,
    /// What each branch starts from: branches × [`BRANCH`].
    pub(crate) start: Packed,
    /// What the start contributes to the first and to the second convolution of each branch, for each place among the neighbours that
    /// the piece can have: [`SLOTS`] × [`BRANCH`], in steps of the columns.
    pub(crate) first: Packed,
    pub(crate) second: Packed,
}

impl Known {
    /// Reckons what is known of pieces.
    #[inline(always)]
    pub(crate) fn of<S: Simd>(simd: S, weights: &Weights, pieces: &[u32]) -> Vec<Arc<Self>> {
        const STARTS: usize = WINDOWS.len() * BRANCH;
        let embeddings: Vec<([i8; DIMENSION], f32)> = pieces.iter().map(|piece| weights.embedding(*piece)).collect();
        let mut rows = vec![0.0; pieces.len() * DIMENSION];
        for (row, (embedding, step)) in rows.chunks_exact_mut(DIMENSION).zip(&embeddings) {
            for (number, whole) in row.iter_mut().zip(embedding) {
                *number = f32::from(*whole) * step;
            }
        }
        let left = Left::new(&rows, DIMENSION);
        let mut starts = vec![0.0; pieces.len() * STARTS];
        let mut product = Vec::new();
        for (branch, layer) in weights.projections.iter().enumerate() {
            layer.matrix.product(simd, &left, &mut product);
            for (start, product) in starts.chunks_exact_mut(STARTS).zip(product.chunks_exact(BRANCH)) {
                let place = branch * BRANCH..(branch + 1) * BRANCH;
                let bias = &weights.projection_bias[place.clone()];
                for (((number, product), step), bias) in
                    start[place].iter_mut().zip(product).zip(&layer.steps).zip(bias)
                {
                    *number = product * step + bias;
                }
            }
        }
        // The projections of all branches are normalised together.
        for start in starts.chunks_exact_mut(STARTS) {
            let (mean, scale) = floats::spread(start);
            let gains = weights.projection_gain.iter().zip(&weights.projection_offset);
            for (number, (gain, offset)) in start.iter_mut().zip(gains) {
                *number = (*number - mean) * scale * gain + offset;
            }
        }

        let mut first = vec![0.0; pieces.len() * SLOTS * BRANCH];
        let mut second = first.clone();
        let mut slot = 0;
        for branch in 0..WINDOWS.len() {
            let of_branch: Vec<f32> = starts
                .chunks_exact(STARTS)
                .flat_map(|start| &start[branch * BRANCH..(branch + 1) * BRANCH])
                .copied()
                .collect();
            let left = Left::new(&of_branch, BRANCH);
            let matrices = weights.first[branch].slots.iter().zip(&weights.second[branch].slots);
            for (of_first, of_second) in matrices {
                for (matrix, sums) in [(of_first, &mut first), (of_second, &mut second)] {
                    matrix.product(simd, &left, &mut product);
                    let rows = sums.chunks_exact_mut(SLOTS * BRANCH);
                    for (row, product) in rows.zip(product.chunks_exact(BRANCH)) {
                        row[slot * BRANCH..(slot + 1) * BRANCH].copy_from_slice(product);
                    }
                }
                slot += 1;
            }
        }

        let sums = first
            .chunks_exact(SLOTS * BRANCH)
            .zip(second.chunks_exact(SLOTS * BRANCH));
        let all = embeddings.into_iter().zip(starts.chunks_exact(STARTS)).zip(sums);
        all.map(|(((embedding, step), start), (first, second))| {
            Arc::new(Self {
                embedding,
                step,
                start: Packed::new(start),
                first: Packed::new(first),
                second: Packed::new(second),
            })
        })
        .collect()
    }
}

/// Some pieces, the one asked for last first.
type Set = Vec<(u32, Arc<Known>)>;

/// The pieces met lately. Takes up to 16 MB: 12.3 kB a piece.
pub(crate) struct Memory {
    /// A piece has its place in one set. The pieces that texts have most have the smallest numbers, and do not contend for places.
    sets: Vec<Mutex<Set>>,
}

impl Memory {
    const SETS: usize = 320;
    /// How many pieces a set remembers; the one that was not asked for longest makes room.
    const PLACES: usize = 4;

    pub(crate) fn new() -> Self {
        Self {
            sets: (0..Self::SETS).map(|_| Mutex::default()).collect(),
        }
    }

    fn set(&self, piece: u32) -> MutexGuard<'_, Set> {
        let set = &self.sets[piece as usize % Self::SETS];
        set.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn get(&self, piece: u32) -> Option<Arc<Known>> {
        let mut set = self.set(piece);
        let place = set.iter().position(|(number, _)| *number == piece)?;
        set[..=place].rotate_right(1);
        Some(Arc::clone(&set[0].1))
    }

    pub(crate) fn put(&self, piece: u32, known: Arc<Known>) {
        let mut set = self.set(piece);
        if set.iter().all(|(number, _)| *number != piece) {
            set.truncate(Self::PLACES - 1);
            set.insert(0, (piece, known));
        }
    }
}
