//! Products with matrices of 8-bit numbers. What is multiplied becomes 16-bit numbers, which processors multiply and add two at a time;
//! sums of whole numbers are exact, so a product is the same however many are reckoned at once and on whatever processor.

use fearless_simd::{i16x16, i32x8, prelude::*};

use crate::floats;

/// How many columns are reckoned at once.
pub(crate) const PANEL: usize = 16;
/// How many rows are multiplied at once, so that what is read of the matrix serves them all and all sums fit in registers.
const TILE: usize = 6;
/// How large all numbers of a row together may be, that no sum of products with 8-bit numbers overflows.
const LARGEST_ROW: f32 = 16_000_000.0;

/// A matrix of 8-bit numbers.
pub(crate) struct Matrix {
    rows: usize,
    columns: usize,
    /// By panel of [`PANEL`] columns, pair of rows and half of the panel: the two numbers of each column side by side.
    pairs: Vec<[[i8; PANEL]; 2]>,
}

impl Matrix {
    /// Lays out a matrix whose numbers come row by row. `columns` is a multiple of [`PANEL`], the number of rows is even.
    pub(crate) fn new(numbers: &[u8], columns: usize) -> Self {
        let rows = numbers.len() / columns;
        let mut pairs = Vec::with_capacity(numbers.len() / (2 * PANEL));
        for panel in 0..columns / PANEL {
            for two in numbers.chunks_exact(2 * columns) {
                let (upper, lower) = two.split_at(columns);
                let place = panel * PANEL..(panel + 1) * PANEL;
                let mut pair = [[0; PANEL]; 2];
                let of_columns = pair.as_flattened_mut().chunks_mut(2);
                for (of_column, (a, b)) in of_columns.zip(upper[place.clone()].iter().zip(&lower[place])) {
                    of_column[0] = a.cast_signed();
                    of_column[1] = b.cast_signed();
                }
                pairs.push(pair);
            }
        }
        Self { rows, columns, pairs }
    }

    pub(crate) fn rows(&self) -> usize {
        self.rows
    }

    /// Multiplies `left` with the matrix. Writes rows of as many numbers as the matrix has columns.
    #[inline(always)]
    pub(crate) fn product<S: Simd>(&self, simd: S, left: &Left, product: &mut Vec<f32>) {
        let count = left.steps.len();
        product.clear();
        product.resize(count * self.columns, 0.0);
        if left.width != self.rows / 2 {
            return;
        }
        for (panel, pairs) in self.pairs.chunks_exact(self.rows / 2).enumerate() {
            for (from, to) in tiles(count) {
                let place = Place {
                    panel,
                    from,
                    columns: self.columns,
                };
                let tile = &left.pairs[from * left.width..to * left.width];
                match to - from {
                    1 => multiply::<S, 1>(simd, pairs, tile, &left.steps, place, product),
                    2 => multiply::<S, 2>(simd, pairs, tile, &left.steps, place, product),
                    3 => multiply::<S, 3>(simd, pairs, tile, &left.steps, place, product),
                    4 => multiply::<S, 4>(simd, pairs, tile, &left.steps, place, product),
                    5 => multiply::<S, 5>(simd, pairs, tile, &left.steps, place, product),
                    _ => multiply::<S, TILE>(simd, pairs, tile, &left.steps, place, product),
                }
            }
        }
    }
}

/// Deals rows out to tiles: from which row to which each reaches. Tiles of much the same height keep more sums apart than full ones and
/// a small rest.
#[inline(always)]
fn tiles(rows: usize) -> impl Iterator<Item = (usize, usize)> {
    let tiles = rows.div_ceil(TILE);
    (0..tiles).map(move |tile| (tile * rows / tiles, (tile + 1) * rows / tiles))
}

/// Where in a product a tile stands.
#[derive(Clone, Copy)]
struct Place {
    panel: usize,
    from: usize,
    columns: usize,
}

/// Multiplies a tile of `ROWS` rows with one panel.
#[inline(always)]
fn multiply<S: Simd, const ROWS: usize>(
    simd: S,
    pairs: &[[[i8; PANEL]; 2]],
    tile: &[i32],
    steps: &[f32],
    place: Place,
    product: &mut [f32],
) {
    let (tile, _) = tile.as_chunks::<ROWS>();
    simd.vectorize(
        #[inline(always)]
        move || {
            let mut sums = [[i32x8::splat(simd, 0); 2]; ROWS];
            for ([first, second], of_rows) in pairs.iter().zip(tile) {
                let first = i16x16::simd_from(simd, widened(first));
                let second = i16x16::simd_from(simd, widened(second));
                for (sums, pair) in sums.iter_mut().zip(of_rows) {
                    let both: i16x16<S> = i32x8::splat(simd, *pair).bitcast();
                    sums[0] += first.pairwise_dot_product(both);
                    sums[1] += second.pairwise_dot_product(both);
                }
            }
            for (row, sums) in sums.into_iter().enumerate() {
                let row = place.from + row;
                let start = row * place.columns + place.panel * PANEL;
                let step = steps[row];
                for (half, sums) in product[start..start + PANEL].chunks_exact_mut(PANEL / 2).zip(sums) {
                    let sums: [i32; PANEL / 2] = sums.into();
                    for (number, sum) in half.iter_mut().zip(sums) {
                        *number = sum as f32 * step;
                    }
                }
            }
        },
    );
}

/// The same numbers in 16 bits. A loop, and not [`array::map`], which stays a call where crates are optimised in parts.
#[inline(always)]
fn widened(numbers: &[i8; PANEL]) -> [i16; PANEL] {
    let mut wide = [0; PANEL];
    for (wide, number) in wide.iter_mut().zip(numbers) {
        *wide = i16::from(*number);
    }
    wide
}

/// What stands to the left of a matrix in a product: rows of 16-bit numbers, each row with what one step of its numbers is worth.
pub(crate) struct Left {
    /// How many pairs a row has.
    width: usize,
    /// By tile and place in a row: two neighbouring numbers of each row of the tile, the first in the low half.
    pairs: Vec<i32>,
    steps: Vec<f32>,
}

impl Left {
    /// Rows of `length` numbers; `length` is even.
    #[inline(always)]
    pub(crate) fn new(rows: &[f32], length: usize) -> Self {
        let (count, width) = (rows.len() / length, length / 2);
        let mut left = Self {
            width,
            pairs: vec![0; count * width],
            steps: vec![0.0; count],
        };
        for (from, to) in tiles(count) {
            let tile = &mut left.pairs[from * width..to * width];
            for at in from..to {
                let row = &rows[at * length..(at + 1) * length];
                let step = (floats::largest(row) / f32::from(i16::MAX))
                    .max(floats::absolute_sum(row) / LARGEST_ROW)
                    .max(f32::MIN_POSITIVE);
                let scale = step.recip();
                let places = tile[at - from..].iter_mut().step_by(to - from);
                for (pair, [a, b]) in places.zip(row.as_chunks().0) {
                    *pair = floats::whole(b * scale) << 16 | floats::whole(a * scale) & 0xffff;
                }
                left.steps[at] = step;
            }
        }
        left
    }
}

/// Numbers in 16 bits each, with what one step is worth. For what is kept in memory.
pub(crate) struct Packed {
    pub(crate) numbers: Box<[i16]>,
    pub(crate) step: f32,
}

impl Packed {
    #[inline(always)]
    pub(crate) fn new(numbers: &[f32]) -> Self {
        let step = (floats::largest(numbers) / f32::from(i16::MAX)).max(f32::MIN_POSITIVE);
        let scale = step.recip();
        let mut whole = vec![0; numbers.len()].into_boxed_slice();
        for (whole, number) in whole.iter_mut().zip(numbers) {
            *whole = floats::whole(number * scale) as i16;
        }
        Self { numbers: whole, step }
    }
}

#[cfg(test)]
mod tests {
    use fearless_simd::{Level, dispatch};

    use super::*;

    fn numbers(count: usize, seed: u32) -> Vec<u32> {
        let mut state = seed;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state >> 8
        };
        (0..count).map(|_| next()).collect()
    }

    #[test]
    fn products_are_those_of_plain_loops() {
        let (rows, columns) = (64, 48);
        let bytes: Vec<u8> = numbers(rows * columns, 1).iter().map(|number| *number as u8).collect();
        let matrix = Matrix::new(&bytes, columns);
        for count in 0..20 {
            let left: Vec<f32> = numbers(count * rows, 2)
                .iter()
                .map(|number| (number % 2001) as f32 / 100.0 - 10.0)
                .collect();
            let mut product = Vec::new();
            dispatch!(Level::new(), simd => matrix.product(simd, &Left::new(&left, rows), &mut product));
            assert_eq!(product.len(), count * columns);
            for (at, number) in product.iter().enumerate() {
                let (row, column) = (at / columns, at % columns);
                let plain: f32 = (0..rows)
                    .map(|k| left[row * rows + k] * f32::from(bytes[k * columns + column].cast_signed()))
                    .sum();
                assert!((number - plain).abs() < 2.0, "{count} {at}: {number} {plain}");
            }
        }
    }

    #[test]
    fn rows_of_the_largest_numbers_do_not_overflow() {
        let matrix = Matrix::new(&[127; 1280 * PANEL], PANEL);
        let mut product = Vec::new();
        for number in [3.0e30, -1.0] {
            dispatch!(Level::new(), simd => matrix.product(simd, &Left::new(&[number; 1280], 1280), &mut product));
            assert!(
                (product[0] / (number * 1280.0 * 127.0) - 1.0).abs() < 1e-3,
                "{}",
                product[0]
            );
        }
    }
}
