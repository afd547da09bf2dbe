use crate::{
    format::{BRANCH, DIMENSION, FORMAT, HEADER, MAGIC, MATRICES, ROW, VECTORS, WINDOWS},
    layer::Layer,
    matrix::Matrix,
};

/// Why bytes are no encoder.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnusableEncoder {
    /// The bytes do not begin as an encoder of this format does.
    #[error("the bytes are no encoder of format {FORMAT}; build one as `xtask/distil/README.md` says")]
    OtherFormat,
    /// A part is missing.
    #[error("the encoder's {0} are damaged; build it again as `xtask/distil/README.md` says")]
    Damaged(&'static str),
}

/// The parts of an encoder's file. Numbers stay as small as they are in the file.
pub(crate) struct Weights {
    /// All pieces, in the order of their numbers.
    pub(crate) pieces: Vec<&'static str>,
    /// The logarithm of the probability of each.
    pub(crate) scores: Vec<f32>,
    steps: Vec<f32>,
    table: &'static [[u8; ROW]],
    /// What makes of a piece what each branch starts from.
    pub(crate) projections: [Layer; 3],
    /// The biases, gains and offsets of the projections, those of all branches side by side.
    pub(crate) projection_bias: Vec<f32>,
    pub(crate) projection_gain: Vec<f32>,
    pub(crate) projection_offset: Vec<f32>,
    pub(crate) first: [Convolution; 3],
    pub(crate) second: [Convolution; 3],
    /// The gain and offset of all [`FEATURES`] of a piece.
    pub(crate) gain: Vec<f32>,
    pub(crate) offset: Vec<f32>,
    pub(crate) output: Layer,
    pub(crate) output_bias: Vec<f32>,
    pub(crate) dense: [Layer; 3],
    /// What goes round the first and the second hidden layer.
    pub(crate) skips: [Layer; 2],
    pub(crate) last: Layer,
}

/// A layer that sees some neighbouring pieces of a branch.
pub(crate) struct Convolution {
    /// What multiplies each of the neighbours, the foremost first.
    pub(crate) slots: Vec<Matrix>,
    /// The same numbers by number of a piece and slot: [`BRANCH`] numbers each.
    pub(crate) rows: Vec<[i8; BRANCH]>,
    pub(crate) steps: Vec<f32>,
    pub(crate) bias: Vec<f32>,
}

impl Weights {
    pub(crate) fn read(bytes: &'static [u8]) -> Result<Self, UnusableEncoder> {
        let mut rest = Rest(bytes);
        let magic = rest.take(MAGIC.len(), "magic")?;
        let header = rest.words(HEADER / 4 - 2, "header")?;
        let [FORMAT, count, length] = header[..] else {
            return Err(UnusableEncoder::OtherFormat);
        };
        if magic != MAGIC {
            return Err(UnusableEncoder::OtherFormat);
        }
        let count = count as usize;
        let ends = rest.words(count, "pieces")?;
        let scores = rest.numbers(count, "scores")?;
        let steps = rest.numbers(count, "steps")?;
        let (table, _) = rest.take(count.saturating_mul(ROW), "rows")?.as_chunks();
        let text = std::str::from_utf8(rest.take(length as usize, "pieces")?)
            .map_err(|_| UnusableEncoder::Damaged("pieces"))?;
        let starts = std::iter::once(0).chain(ends.iter().copied());
        let pieces = starts
            .zip(&ends)
            .map(|(start, end)| text.get(start as usize..*end as usize))
            .collect::<Option<Vec<_>>>()
            .ok_or(UnusableEncoder::Damaged("pieces"))?;
        let matrices = MATRICES.map(|(name, rows, columns)| rest.matrix(rows, columns, name));
        let [
            projection_2,
            projection_3,
            projection_5,
            first_2,
            first_3,
            first_5,
            second_2,
            second_3,
            second_5,
            output,
            dense_0,
            dense_1,
            skip_1,
            dense_2,
            skip_3,
            last,
        ] = matrices;
        let vectors = VECTORS.map(|(name, length)| rest.numbers(length, name));
        let [
            b2,
            b3,
            b5,
            g2,
            g3,
            g5,
            o2,
            o3,
            o5,
            f2,
            f3,
            f5,
            s2,
            s3,
            s5,
            gain,
            offset,
            output_bias,
        ] = vectors;
        Ok(Self {
            pieces,
            scores,
            steps,
            table,
            projections: [projection_2?.layer(), projection_3?.layer(), projection_5?.layer()],
            projection_bias: [b2?, b3?, b5?].concat(),
            projection_gain: [g2?, g3?, g5?].concat(),
            projection_offset: [o2?, o3?, o5?].concat(),
            first: [
                first_2?.convolution(f2?),
                first_3?.convolution(f3?),
                first_5?.convolution(f5?),
            ],
            second: [
                second_2?.convolution(s2?),
                second_3?.convolution(s3?),
                second_5?.convolution(s5?),
            ],
            gain: gain?,
            offset: offset?,
            output: output?.layer(),
            output_bias: output_bias?,
            dense: [dense_0?.layer(), dense_1?.layer(), dense_2?.layer()],
            skips: [skip_1?.layer(), skip_3?.layer()],
            last: last?.layer(),
        })
    }

    /// What stands for a piece: whole numbers from -31 to 31, and what one step of them is worth. Zeros for one that does not exist.
    pub(crate) fn embedding(&self, piece: u32) -> ([i8; DIMENSION], f32) {
        let mut row = [0; DIMENSION];
        let (Some(packed), Some(step)) = (self.table.get(piece as usize), self.steps.get(piece as usize)) else {
            return (row, 0.0);
        };
        let (low, fifth) = packed.split_at(DIMENSION / 2);
        let (eights, _) = row.as_chunks_mut::<8>();
        let (fours, _) = low.as_chunks::<4>();
        for ((eight, four), fifth) in eights.iter_mut().zip(fours).zip(fifth) {
            for (at, number) in eight.iter_mut().enumerate() {
                let low = four[at / 2] >> (at % 2 * 4) & 15;
                *number = 2 * (low | (fifth >> at & 1) << 4).cast_signed() - 31;
            }
        }
        (row, step / 2.0)
    }
}

/// How many neighbours all branches see together.
pub(crate) const SLOTS: usize = WINDOWS[0].0 + WINDOWS[1].0 + WINDOWS[2].0;

/// A matrix as it lies in the file.
struct Stored {
    numbers: &'static [u8],
    steps: Vec<f32>,
}

impl Stored {
    fn layer(self) -> Layer {
        Layer {
            matrix: Matrix::new(self.numbers, self.steps.len()),
            steps: self.steps,
        }
    }

    fn convolution(self, bias: Vec<f32>) -> Convolution {
        let slots = self.numbers.chunks_exact(BRANCH * BRANCH);
        let (stored, _) = self.numbers.as_chunks();
        let rows = (0..BRANCH).flat_map(|number| stored[number..].iter().step_by(BRANCH));
        let rows = rows.map(|row| row.map(u8::cast_signed)).collect();
        Convolution {
            slots: slots.map(|numbers| Matrix::new(numbers, BRANCH)).collect(),
            rows,
            steps: self.steps,
            bias,
        }
    }
}

/// What of a file is not read yet.
struct Rest(&'static [u8]);

impl Rest {
    fn take(&mut self, length: usize, name: &'static str) -> Result<&'static [u8], UnusableEncoder> {
        let (taken, rest) = self.0.split_at_checked(length).ok_or(UnusableEncoder::Damaged(name))?;
        self.0 = rest;
        Ok(taken)
    }

    fn words(&mut self, count: usize, name: &'static str) -> Result<Vec<u32>, UnusableEncoder> {
        let (words, _) = self.take(count.saturating_mul(4), name)?.as_chunks();
        Ok(words.iter().map(|word| u32::from_le_bytes(*word)).collect())
    }

    fn numbers(&mut self, count: usize, name: &'static str) -> Result<Vec<f32>, UnusableEncoder> {
        Ok(self.words(count, name)?.into_iter().map(f32::from_bits).collect())
    }

    fn matrix(&mut self, rows: usize, columns: usize, name: &'static str) -> Result<Stored, UnusableEncoder> {
        let steps = self.numbers(columns, name)?;
        let numbers = self.take(rows * columns, name)?;
        Ok(Stored { numbers, steps })
    }
}
