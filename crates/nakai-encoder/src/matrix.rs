//! Products with matrices of 8-bit numbers. What is multiplied becomes 16-bit numbers, which processors multiply and add two at a time;
//! sums of whole numbers are exact, so a product is the same however many are reckoned at once and on whatever processor.

use fearless_simd::{i16x32, i32x16, prelude::*};

use crate::floats;

/// How many columns stand together in a matrix.
pub(crate) const PANEL: usize = 16;
/// How many rows are multiplied at once, so that what is read of the matrix serves them all and all sums fit in registers.
const TILE: usize = 6;
/// How many panels a single row is multiplied with at once: each addition to a sum waits for the one before, and the processor has others
/// to do meanwhile.
const PANELS_OF_ROW: usize = 4;
/// How large all numbers of a row together may be, that no sum of products with 8-bit numbers overflows.
const LARGEST_ROW: f32 = 16_000_000.0;

/// A matrix of 8-bit numbers.
pub(crate) struct Matrix {
    rows: usize,
    columns: usize,
    /// By panel of [`PANEL`] columns and pair of rows.
    pairs: Vec<Pair>,
}

/// Two rows of a panel, the two numbers of each column side by side.
type Pair = [i8; 2 * PANEL];

impl Matrix {
    /// Lays out a matrix whose numbers come row by row. `columns` is a multiple of [`PANEL`], the number of rows is even.
    pub(crate) fn new(numbers: &[u8], columns: usize) -> Self {
        let rows = numbers.len() / columns;
        let mut pairs = Vec::with_capacity(numbers.len() / (2 * PANEL));
        for panel in 0..columns / PANEL {
            for two in numbers.chunks_exact(2 * columns) {
                let (upper, lower) = two.split_at(columns);
                let place = panel * PANEL..(panel + 1) * PANEL;
                let mut pair = [0; 2 * PANEL];
                let (of_columns, _) = pair.as_chunks_mut();
                for (of_column, (a, b)) in of_columns
                    .iter_mut()
                    .zip(upper[place.clone()].iter().zip(&lower[place]))
                {
                    *of_column = [a.cast_signed(), b.cast_signed()];
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
        let panels = self.columns / PANEL;
        let together = if count == 1 { panels - panels % PANELS_OF_ROW } else { 0 };
        for panel in (0..together).step_by(PANELS_OF_ROW) {
            self.multiply::<S, 1, PANELS_OF_ROW>(simd, left, Place { panel, row: 0 }, product);
        }
        for panel in together..panels {
            for (row, end) in tiles(count) {
                let place = Place { panel, row };
                match end - row {
                    1 => self.multiply::<S, 1, 1>(simd, left, place, product),
                    2 => self.multiply::<S, 2, 1>(simd, left, place, product),
                    3 => self.multiply::<S, 3, 1>(simd, left, place, product),
                    4 => self.multiply::<S, 4, 1>(simd, left, place, product),
                    5 => self.multiply::<S, 5, 1>(simd, left, place, product),
                    _ => self.multiply::<S, TILE, 1>(simd, left, place, product),
                }
            }
        }
    }

    /// Multiplies a tile of `ROWS` rows with `PANELS` panels, from a place on.
    #[inline(always)]
    fn multiply<S: Simd, const ROWS: usize, const PANELS: usize>(
        &self,
        simd: S,
        left: &Left,
        place: Place,
        product: &mut [f32],
    ) {
        let Left { width, pairs, steps } = left;
        let (tile, _) = pairs[place.row * width..(place.row + ROWS) * width].as_chunks::<ROWS>();
        let panels: [&[Pair]; PANELS] = std::array::from_fn(|panel| {
            let panel = place.panel + panel;
            &self.pairs[panel * width..(panel + 1) * width]
        });
        simd.vectorize(
            #[inline(always)]
            move || {
                let mut sums = [[i32x16::splat(simd, 0); PANELS]; ROWS];
                for at in 0..tile.len() {
                    for panel in 0..PANELS {
                        let of_columns = i16x32::simd_from(simd, widened(&panels[panel][at]));
                        for row in 0..ROWS {
                            let both: i16x32<S> = i32x16::splat(simd, tile[at][row]).bitcast();
                            sums[row][panel] += of_columns.pairwise_dot_product(both);
                        }
                    }
                }
                for (row, sums) in (place.row..).zip(sums) {
                    let start = row * self.columns + place.panel * PANEL;
                    let panels = product[start..start + PANELS * PANEL].chunks_exact_mut(PANEL);
                    for (panel, sums) in panels.zip(sums) {
                        let sums: [i32; PANEL] = sums.into();
                        for (number, sum) in panel.iter_mut().zip(sums) {
                            *number = sum as f32 * steps[row];
                        }
                    }
                }
            },
        );
    }
}

/// Deals rows out to tiles: from which row to which each reaches. Tiles of much the same height keep more sums apart than full ones and
/// a small rest.
#[inline(always)]
fn tiles(rows: usize) -> impl Iterator<Item = (usize, usize)> {
    let tiles = rows.div_ceil(TILE);
    (0..tiles).map(move |tile| (tile * rows / tiles, (tile + 1) * rows / tiles))
}

/// Where in a product a tile begins.
#[derive(Clone, Copy)]
struct Place {
    panel: usize,
    row: usize,
}

/// The same numbers in 16 bits. Loops count here, for [`array::map`] and zipped iterators stay calls where crates are optimised in parts.
#[inline(always)]
fn widened(numbers: &Pair) -> [i16; 2 * PANEL] {
    let mut wide = [0; 2 * PANEL];
    for at in 0..wide.len() {
        wide[at] = i16::from(numbers[at]);
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
        let (rows, columns) = (64, 80);
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
