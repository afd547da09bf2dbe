use fearless_simd::{Level, Simd, dispatch};

use crate::{
    floats,
    matrix::{Left, Matrix, PANEL},
};

/// A matrix of 8-bit numbers, each column with what one step of its numbers is worth.
pub struct Layer {
    pub(crate) matrix: Matrix,
    pub(crate) steps: Vec<f32>,
}

impl Layer {
    /// Makes 8-bit numbers of a matrix that is given row by row. None unless there are rows, their number is even and `columns` is a
    /// multiple of sixteen.
    pub fn of(numbers: &[f32], columns: usize) -> Option<Self> {
        let fits = columns > 0
            && !numbers.is_empty()
            && columns.is_multiple_of(PANEL)
            && numbers.len().is_multiple_of(2 * columns);
        if !fits {
            return None;
        }
        let mut steps = vec![f32::MIN_POSITIVE; columns];
        for row in numbers.chunks_exact(columns) {
            for (step, number) in steps.iter_mut().zip(row) {
                *step = step.max(number.abs() / f32::from(i8::MAX));
            }
        }
        let bytes: Vec<u8> = numbers
            .chunks_exact(columns)
            .flat_map(|row| {
                row.iter()
                    .zip(&steps)
                    .map(|(number, step)| (floats::whole(number / step) as i8).cast_unsigned())
            })
            .collect();
        Some(Self {
            matrix: Matrix::new(&bytes, columns),
            steps,
        })
    }

    /// How many numbers a row of a product has.
    pub fn columns(&self) -> usize {
        self.steps.len()
    }

    /// Multiplies rows, each of as many numbers as the matrix has rows, with the matrix. The product of a row does not depend on the
    /// others.
    pub fn times(&self, rows: &[f32], product: &mut Vec<f32>) {
        let length = self.matrix.rows();
        dispatch!(Level::new(), simd => self.product(simd, &Left::new(rows, length), product));
    }

    #[inline(always)]
    pub(crate) fn product<S: Simd>(&self, simd: S, left: &Left, product: &mut Vec<f32>) {
        self.matrix.product(simd, left, product);
        for row in product.chunks_exact_mut(self.steps.len()) {
            for (number, step) in row.iter_mut().zip(&self.steps) {
                *number *= step;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_are_near_those_of_the_exact_matrix() {
        let (rows, columns) = (32, 16);
        let numbers: Vec<f32> = (0..rows * columns).map(|at| (at as f32 * 0.7).sin()).collect();
        let row: Vec<f32> = (0..rows).map(|at| (at as f32 * 1.3).cos()).collect();
        let layer = Layer::of(&numbers, columns).unwrap();
        let mut product = Vec::new();
        layer.times(&row, &mut product);
        for (column, number) in product.iter().enumerate() {
            let exact: f32 = (0..rows).map(|at| row[at] * numbers[at * columns + column]).sum();
            assert!((number - exact).abs() < 0.05, "{column}: {number} {exact}");
        }
    }

    #[test]
    fn matrices_that_do_not_fit_are_refused() {
        for (length, columns) in [(0, 16), (32, 0), (30, 15), (16, 16), (48, 16), (40, 16)] {
            assert!(Layer::of(&vec![1.0; length], columns).is_none(), "{length} {columns}");
        }
    }
}
