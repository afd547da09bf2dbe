//! A transformer encoder as in BERT (Devlin et al. 2019) whose mean of all pieces is the vector of a sentence.

use fearless_simd::{Level, dispatch};
use nakai_encoder::Layer;

use crate::numbers::{exp, gelu, sum_of};

/// What stands for each piece of the vocabulary, in as few bits as the file has.
pub(crate) enum Table {
    /// By piece: the numbers, and what one step of them is worth.
    EightBit { numbers: Vec<i8>, steps: Vec<f32> },
    /// By piece: blocks of a step (16-bit float) and 32 numbers of four bits, the first sixteen in the low halves of their bytes.
    FourBit { blocks: Vec<[u8; BLOCK]> },
}

/// The length of a block of [`Table::FourBit`], in bytes, and how many numbers it holds.
pub(crate) const BLOCK: usize = 18;
pub(crate) const BLOCK_NUMBERS: usize = 32;

/// A linear layer.
pub(crate) struct Dense {
    layer: Layer,
    bias: Vec<f32>,
}

/// The gain and offset of a layer normalisation.
pub(crate) struct Norm {
    pub(crate) gain: Vec<f32>,
    pub(crate) offset: Vec<f32>,
}

/// One layer of the transformer.
pub(crate) struct Block {
    /// Queries, keys and values side by side.
    pub(crate) attention: Dense,
    pub(crate) attended: Dense,
    pub(crate) attention_norm: Norm,
    pub(crate) wide: Dense,
    pub(crate) narrow: Dense,
    pub(crate) norm: Norm,
}

pub(crate) struct Transformer {
    pub(crate) table: Table,
    /// What stands for each place in a text: places × width.
    pub(crate) places: Vec<f32>,
    pub(crate) norm: Norm,
    pub(crate) blocks: Vec<Block>,
    /// What is added to a variance before it divides.
    pub(crate) epsilon: f32,
    pub(crate) width: usize,
    pub(crate) heads: usize,
}

impl Dense {
    /// Of matrices as they are published, one row for each number that comes out, those of several layers side by side. None if their
    /// shapes do not fit.
    pub(crate) fn of(matrices: &[Vec<f32>], biases: &[Vec<f32>], inputs: usize) -> Option<Self> {
        let rows: Vec<&[f32]> = matrices
            .iter()
            .flat_map(|matrix| matrix.chunks_exact(inputs.max(1)))
            .collect();
        let transposed: Vec<f32> = (0..inputs)
            .flat_map(|input| rows.iter().map(move |row| row[input]))
            .collect();
        let layer = Layer::of(&transposed, rows.len())?;
        let bias = biases.concat();
        (bias.len() == layer.columns()).then_some(Self { layer, bias })
    }

    #[inline(always)]
    fn apply(&self, rows: &[f32], product: &mut Vec<f32>) {
        self.layer.times(rows, product);
        for row in product.chunks_exact_mut(self.bias.len()) {
            for (number, bias) in row.iter_mut().zip(&self.bias) {
                *number += bias;
            }
        }
    }
}

impl Norm {
    /// Layer normalisation (Ba et al. 2016) of rows after others are added to them.
    #[inline(always)]
    fn apply(&self, rows: &mut [f32], added: &[f32], epsilon: f32) {
        let width = self.gain.len();
        for (number, added) in rows.iter_mut().zip(added) {
            *number += added;
        }
        for row in rows.chunks_exact_mut(width) {
            let mean = sum_of(row, |number| number) / width as f32;
            let variance = sum_of(row, |number| (number - mean) * (number - mean)) / width as f32;
            let scale = (variance + epsilon).sqrt().recip();
            for ((number, gain), offset) in row.iter_mut().zip(&self.gain).zip(&self.offset) {
                *number = (*number - mean) * scale * gain + offset;
            }
        }
    }
}

impl Table {
    /// Adds what stands for a piece to a row.
    fn add(&self, piece: usize, row: &mut [f32]) {
        let width = row.len();
        match self {
            Self::EightBit { numbers, steps } => {
                let (Some(numbers), Some(step)) = (numbers.get(piece * width..(piece + 1) * width), steps.get(piece))
                else {
                    return;
                };
                for (sum, number) in row.iter_mut().zip(numbers) {
                    *sum += f32::from(*number) * step;
                }
            }
            Self::FourBit { blocks } => {
                let count = width / BLOCK_NUMBERS;
                let Some(blocks) = blocks.get(piece * count..(piece + 1) * count) else {
                    return;
                };
                for (sums, block) in row.chunks_exact_mut(BLOCK_NUMBERS).zip(blocks) {
                    for (sum, number) in sums.iter_mut().zip(four_bit(block)) {
                        *sum += number;
                    }
                }
            }
        }
    }
}

/// The numbers of a block of [`Table::FourBit`].
pub(crate) fn four_bit(block: &[u8; BLOCK]) -> [f32; BLOCK_NUMBERS] {
    let [low, high, halves @ ..] = block;
    let step = half_float(u16::from_le_bytes([*low, *high]));
    let mut numbers = [0.0; BLOCK_NUMBERS];
    for (at, byte) in halves.iter().enumerate() {
        numbers[at] = (f32::from(byte & 15) - 8.0) * step;
        numbers[at + BLOCK_NUMBERS / 2] = (f32::from(byte >> 4) - 8.0) * step;
    }
    numbers
}

/// A number of 16 bits in the layout of IEEE 754.
fn half_float(bits: u16) -> f32 {
    let sign = if bits >> 15 == 0 { 1.0 } else { -1.0 };
    let fraction = f32::from(bits & 0x3ff);
    match i32::from(bits >> 10 & 31) {
        0 => sign * fraction * 2.0_f32.powi(-24),
        exponent => sign * (1024.0 + fraction) * 2.0_f32.powi(exponent - 25),
    }
}

impl Transformer {
    /// Whether all parts have the sizes that the others need.
    pub(crate) fn fits(&self) -> bool {
        let norm = |norm: &Norm| norm.gain.len() == self.width && norm.offset.len() == self.width;
        let dense = |dense: &Dense, columns: usize| dense.layer.columns() == columns;
        let places = self.places.len() / self.width.max(1);
        let block = |block: &Block| {
            dense(&block.attention, 3 * self.width)
                && dense(&block.attended, self.width)
                && dense(&block.narrow, self.width)
                && norm(&block.attention_norm)
                && norm(&block.norm)
        };
        let even = self.heads > 0 && self.width > 0 && self.width.is_multiple_of(self.heads.max(1));
        even && places > 0 && norm(&self.norm) && self.blocks.iter().all(block)
    }

    /// The vector of a sentence, of unit length. Of more pieces than there are places, the first count.
    pub(crate) fn encode(&self, pieces: &[u32]) -> Vec<f32> {
        dispatch!(Level::new(), _ => self.sentence(pieces))
    }

    #[inline(always)]
    fn sentence(&self, pieces: &[u32]) -> Vec<f32> {
        let width = self.width;
        let count = pieces.len().min(self.places.len() / width);
        if count == 0 {
            return vec![0.0; width];
        }
        let mut rows = self.places[..count * width].to_vec();
        for (row, piece) in rows.chunks_exact_mut(width).zip(pieces) {
            self.table.add(*piece as usize, row);
        }
        self.norm.apply(&mut rows, &[], self.epsilon);
        let (mut a, mut b) = (Vec::new(), Vec::new());
        for block in &self.blocks {
            block.attention.apply(&rows, &mut a);
            let attended = self.attend(&a, count);
            block.attended.apply(&attended, &mut b);
            block.attention_norm.apply(&mut rows, &b, self.epsilon);
            block.wide.apply(&rows, &mut a);
            for number in &mut a {
                *number = gelu(*number);
            }
            block.narrow.apply(&a, &mut b);
            block.norm.apply(&mut rows, &b, self.epsilon);
        }
        let mut sentence = vec![0.0; width];
        for row in rows.chunks_exact(width) {
            for (sum, number) in sentence.iter_mut().zip(row) {
                *sum += number;
            }
        }
        let scale = sum_of(&sentence, |number| number * number)
            .max(f32::MIN_POSITIVE)
            .sqrt()
            .recip();
        for number in &mut sentence {
            *number *= scale;
        }
        sentence
    }

    /// What each piece takes from all, of rows of queries, keys and values.
    #[inline(always)]
    fn attend(&self, rows: &[f32], count: usize) -> Vec<f32> {
        let width = self.width;
        let head_width = width / self.heads;
        let scale = (head_width as f32).sqrt().recip();
        let mut attended = vec![0.0; count * width];
        let mut shares = vec![0.0; count];
        let mut keys = vec![0.0; width / self.heads * count];
        for head in 0..self.heads {
            let of = |row: usize, part: usize| {
                let from = row * 3 * width + part * width + head * head_width;
                &rows[from..from + head_width]
            };
            // Keys lie by number rather than by piece, so that the likenesses to all pieces are reckoned side by side.
            for piece in 0..count {
                for (at, number) in of(piece, 1).iter().enumerate() {
                    keys[at * count + piece] = *number;
                }
            }
            for piece in 0..count {
                shares.fill(0.0);
                for (number, keys) in of(piece, 0).iter().zip(keys.chunks_exact(count)) {
                    let number = number * scale;
                    for (share, key) in shares.iter_mut().zip(keys) {
                        *share += number * key;
                    }
                }
                let largest = shares.iter().copied().fold(f32::NEG_INFINITY, f32::max);
                for share in &mut shares {
                    *share = exp(*share - largest);
                }
                let whole = sum_of(&shares, |share| share).recip();
                let from = piece * width + head * head_width;
                let sums = &mut attended[from..from + head_width];
                for (other, share) in shares.iter().enumerate() {
                    let share = share * whole;
                    for (sum, number) in sums.iter_mut().zip(of(other, 2)) {
                        *sum += share * number;
                    }
                }
            }
        }
        attended
    }
}
