//! Fits [`MeaningModel`]s: one of all examples, and some that each go without a part of them.
//!
//! With the nearness *K* of every example to every landmark, the weights solve `(KᵀK + RIDGE * K_landmarks) W = Kᵀ(targets - mean)`.
//! The examples are the rows of *K*, so `KᵀK` is a sum over examples: without a part of them it is less by what the part adds.

use super::{MeaningModel, Scores, SentenceVector, nearness};
use crate::intents::parallel::in_parallel;

/// So many examples are landmarks if there are so many, ...
const LANDMARKS: usize = 1000;
/// ... and one in so many if that is more, but no more than this. More are more exact, and cost training their square.
const EXAMPLES_PER_LANDMARK: usize = 4;
const MOST_LANDMARKS: usize = 2000;
/// What large weights cost against errors.
const RIDGE: f64 = 0.1;
/// What keeps landmarks apart that are the same.
const JITTER: f64 = 1e-3;
/// What is added to the diagonal instead, as a share of it, where vectors are so much alike that rounding is larger than what tells
/// them apart; the first that is enough. Encoders of few numbers and those that press everything into one corner make such vectors.
const MORE_JITTER: [f64; 3] = [1e-5, 1e-4, 1e-3];
/// What is left of the diagonal of a matrix that is positive definite beyond rounding.
const LEAST_PIVOT: f64 = RIDGE * JITTER / 2.0;
/// So many examples are added up in single precision before they join a sum of double precision.
const CHUNK: usize = 512;
/// So many rows are reckoned with while a row of another landmark is in the processor's cache.
const TILE: usize = 8;

/// What all the models share.
pub(in crate::intents) struct Fit<'v> {
    vectors: &'v [SentenceVector],
    /// Which examples are landmarks.
    landmarks: Vec<usize>,
    /// By example, in the order of the rows' columns: which example stands there.
    order: Vec<usize>,
    /// A row per landmark: how near each example is to it.
    rows: Vec<Vec<f32>>,
    /// The lower half of `KᵀK` row by row: of all examples, then of those that each part goes without.
    sums: Vec<Vec<Vec<f64>>>,
}

impl<'v> Fit<'v> {
    /// Takes the vectors of the examples with the class of each and the set of parts that go without it, one bit each.
    pub(in crate::intents) fn new(vectors: &'v [SentenceVector], classes: &[usize], without: &[u8]) -> Self {
        let landmarks = landmarks(classes);
        let mut order: Vec<usize> = (0..vectors.len()).collect();
        order.sort_by_key(|example| without[*example]);
        let rows = in_parallel(landmarks.len(), |landmark| {
            let landmark = &vectors[landmarks[landmark]];
            let near = |example: &usize| nearness(landmark.cosine(&vectors[*example]));
            order.iter().map(near).collect::<Vec<f32>>()
        });
        // Stretches of examples that the same parts go without.
        let mut chunks: Vec<(usize, usize, u8)> = Vec::new();
        let mut start = 0;
        for same in order.chunk_by(|a, b| without[*a] == without[*b]) {
            for chunk in same.chunks(CHUNK) {
                chunks.push((start, start + chunk.len(), without[chunk[0]]));
                start += chunk.len();
            }
        }
        let parts = u8::BITS - without.iter().fold(0, |all, parts| all | parts).leading_zeros();
        let count = 1 + parts as usize;
        let tiles = in_parallel(rows.len().div_ceil(TILE), |tile| {
            tile_sums(&rows, tile * TILE, &chunks, count)
        });
        let mut sums: Vec<Vec<Vec<f64>>> = vec![Vec::with_capacity(rows.len()); count];
        for row in tiles.into_iter().flatten() {
            for (sum, row) in sums.iter_mut().zip(row) {
                sum.push(row);
            }
        }
        Self {
            vectors,
            landmarks,
            order,
            rows,
            sums,
        }
    }

    /// Fits the model of all examples.
    pub(in crate::intents) fn all(&self, classes: &[usize], count: usize) -> MeaningModel {
        let classes: Vec<Option<usize>> = classes.iter().copied().map(Some).collect();
        let (weights, bias) = self.weights(&classes, count, None);
        MeaningModel {
            landmarks: self
                .landmarks
                .iter()
                .map(|example| self.vectors[*example].clone())
                .collect(),
            weights,
            bias,
        }
    }

    /// Fits a model without a part, whose examples have no class in `classes`, and scores some of these.
    pub(in crate::intents) fn held_out(
        &self,
        part: usize,
        classes: &[Option<usize>],
        count: usize,
        held: &[usize],
    ) -> Vec<Scores> {
        let (weights, bias) = self.weights(classes, count, Some(part));
        let columns = self.columns();
        let scores = |example: &usize| {
            let column = columns[*example];
            let mut by_class = bias.clone();
            let mut nearest = 0.0_f32;
            let rows = self.rows.iter().zip(weights.chunks_exact(count.max(1)));
            for (landmark, (row, weights)) in self.landmarks.iter().zip(rows) {
                for (score, weight) in by_class.iter_mut().zip(weights) {
                    *score += row[column] * weight;
                }
                if classes[*landmark].is_some() {
                    nearest = nearest.max(row[column]);
                }
            }
            Scores {
                by_class,
                distance: 1.0 - cosine(nearest),
            }
        };
        held.iter().map(scores).collect()
    }

    /// The weights of the landmarks and the bias, fitted to the examples that have a class.
    fn weights(&self, classes: &[Option<usize>], count: usize, part: Option<usize>) -> (Vec<f32>, Vec<f32>) {
        let mut shares = vec![0.0_f64; count];
        let targets: Vec<Option<usize>> = self.order.iter().map(|example| classes[*example]).collect();
        targets.iter().flatten().for_each(|class| shares[*class] += 1.0);
        let total: f64 = shares.iter().sum();
        if total == 0.0 {
            return (vec![0.0; self.rows.len() * count], vec![0.0; count]);
        }
        shares.iter_mut().for_each(|share| *share /= total);
        let mut weights = Vec::with_capacity(self.rows.len());
        for row in &self.rows {
            let mut products = vec![0.0_f64; count];
            let mut all = 0.0;
            for (near, class) in row.iter().zip(&targets) {
                if let Some(class) = class {
                    products[*class] += f64::from(*near);
                    all += f64::from(*near);
                }
            }
            products
                .iter_mut()
                .zip(&shares)
                .for_each(|(product, share)| *product -= share * all);
            weights.push(products);
        }
        let solved = std::iter::once(0.0).chain(MORE_JITTER).find_map(|jitter| {
            let mut matrix = self.matrix(part, jitter);
            factor(&mut matrix).then_some(matrix)
        });
        let weights = match solved {
            Some(factor) => {
                solve(&factor, &mut weights);
                weights.into_iter().flatten().map(|weight| weight as f32).collect()
            }
            // Vectors that are all the same tell nothing apart.
            None => vec![0.0; self.rows.len() * count],
        };
        (weights, shares.into_iter().map(|share| share as f32).collect())
    }

    /// The lower half of `KᵀK + RIDGE * K_landmarks` without a part, with so much of its diagonal added to that.
    fn matrix(&self, part: Option<usize>, jitter: f64) -> Vec<Vec<f64>> {
        let mut matrix: Vec<Vec<f64>> = self.sums[0].clone();
        let columns = self.columns();
        for (i, (row, sums)) in self.rows.iter().zip(&mut matrix).enumerate() {
            for (j, sum) in sums.iter_mut().enumerate() {
                // A part of nothing has no sums.
                if let Some(part) = part.and_then(|part| self.sums.get(part + 1)) {
                    *sum -= part[i][j];
                }
                *sum += RIDGE * f64::from(row[columns[self.landmarks[j]]]);
            }
            sums[i] += RIDGE * JITTER + jitter * sums[i];
        }
        matrix
    }

    /// In which column each example stands.
    fn columns(&self) -> Vec<usize> {
        let mut columns = vec![0; self.order.len()];
        self.order
            .iter()
            .enumerate()
            .for_each(|(column, example)| columns[*example] = column);
        columns
    }
}

/// The cosine that gave a nearness; -1 if there was nothing to be near to.
fn cosine(nearness: f32) -> f32 {
    (nearness.max(f32::MIN_POSITIVE).ln() / super::SHARPNESS + 1.0).max(-1.0)
}

/// Chooses landmarks: all examples, or of each class as many as the square root of its size says. In the order of the examples.
fn landmarks(classes: &[usize]) -> Vec<usize> {
    let most = LANDMARKS.max(classes.len() / EXAMPLES_PER_LANDMARK).min(MOST_LANDMARKS);
    if classes.len() <= most {
        return (0..classes.len()).collect();
    }
    let mut of_class: std::collections::BTreeMap<usize, Vec<usize>> = std::collections::BTreeMap::new();
    for (example, class) in classes.iter().enumerate() {
        of_class.entry(*class).or_default().push(example);
    }
    let mut ranked: Vec<(f32, usize)> = Vec::with_capacity(classes.len());
    for examples in of_class.values_mut() {
        let size = (examples.len() as f32).sqrt();
        // Neighbours in a list tend to be alike; this order has nothing to do with theirs.
        examples.sort_by_key(|example| (*example as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        ranked.extend(
            (0..)
                .zip(&*examples)
                .map(|(rank, example)| ((rank as f32 + 0.5) / size, *example)),
        );
    }
    ranked.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let mut chosen: Vec<usize> = ranked.into_iter().take(most).map(|(_, example)| example).collect();
    chosen.sort_unstable();
    chosen
}

/// The rows of all sums, of which there are `count`, from `first` on, as many as a tile has.
fn tile_sums(rows: &[Vec<f32>], first: usize, chunks: &[(usize, usize, u8)], count: usize) -> Vec<Vec<Vec<f64>>> {
    let last = (first + TILE).min(rows.len());
    let mut tile: Vec<Vec<Vec<f64>>> = (first..last).map(|row| vec![vec![0.0; row + 1]; count]).collect();
    for (start, end, without) in chunks {
        for (j, other) in rows[..last].iter().enumerate() {
            for (row, sums) in (first.max(j)..last).zip(&mut tile[first.max(j) - first..]) {
                let sum = f64::from(nakai_encoder::dot(&rows[row][*start..*end], &other[*start..*end]));
                sums[0][j] += sum;
                for (part, sums) in sums[1..].iter_mut().enumerate() {
                    if without >> part & 1 == 1 {
                        sums[j] += sum;
                    }
                }
            }
        }
    }
    tile
}

/// Factors a positive definite matrix, given by its lower half, by Cholesky's method; the factor replaces it. Says whether it could:
/// `false` if rounding has made it anything else.
fn factor(matrix: &mut [Vec<f64>]) -> bool {
    for first in (0..matrix.len()).step_by(TILE) {
        let (above, rest) = matrix.split_at_mut(first);
        let (tile, _) = rest.split_at_mut(TILE.min(rest.len()));
        for (j, other) in above.iter().enumerate() {
            tile.iter_mut().for_each(|row| eliminate(row, j, other));
        }
        for i in 0..tile.len() {
            let (above, rest) = tile.split_at_mut(i);
            let Some(row) = rest.first_mut() else { return false };
            for (j, other) in above.iter().enumerate() {
                eliminate(row, first + j, other);
            }
            let own = first + i;
            let pivot = row[own] - dot(&row[..own], &row[..own]);
            // Only rounding can make it smaller than that.
            if pivot.is_nan() || pivot < LEAST_PIVOT {
                return false;
            }
            row[own] = pivot.sqrt();
        }
    }
    true
}

/// Solves `matrix * x = right` for a matrix that was factored by [`factor`]. `x` replaces `right`.
fn solve(matrix: &[Vec<f64>], right: &mut [Vec<f64>]) {
    for (i, row) in matrix.iter().enumerate() {
        let (above, rest) = right.split_at_mut(i);
        let Some(own) = rest.first_mut() else { return };
        for (factor, other) in row.iter().zip(&*above) {
            subtract(own, *factor, other);
        }
        own.iter_mut().for_each(|number| *number /= row[i]);
    }
    for (i, row) in matrix.iter().enumerate().rev() {
        let (above, rest) = right.split_at_mut(i);
        let Some(own) = rest.first_mut() else { return };
        own.iter_mut().for_each(|number| *number /= row[i]);
        for (factor, other) in row.iter().zip(above) {
            subtract(other, *factor, own);
        }
    }
}

/// Makes the number of a row in column `j` that of the factor, whose row `j` is `other`.
fn eliminate(row: &mut [f64], j: usize, other: &[f64]) {
    row[j] = (row[j] - dot(&row[..j], &other[..j])) / other[j];
}

fn subtract(from: &mut [f64], factor: f64, numbers: &[f64]) {
    for (number, other) in from.iter_mut().zip(numbers) {
        *number -= factor * other;
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    const LANES: usize = 8;
    let (a_lanes, a_rest) = a.as_chunks::<LANES>();
    let (b_lanes, b_rest) = b.as_chunks::<LANES>();
    let mut sums = [0.0; LANES];
    for (a, b) in a_lanes.iter().zip(b_lanes) {
        for lane in 0..LANES {
            sums[lane] += a[lane] * b[lane];
        }
    }
    let rest: f64 = a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum();
    sums.iter().sum::<f64>() + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Examples of three classes around three directions, a bit of noise on each.
    fn examples(count: usize) -> (Vec<SentenceVector>, Vec<usize>) {
        let example = |n: usize| {
            let mut vector = [0.0_f32; 16];
            vector[n % 3] = 1.0;
            vector[3 + n * 7 % 13] += 0.5;
            let length = vector.iter().map(|x| x * x).sum::<f32>().sqrt();
            SentenceVector::new(&vector.map(|x| x / length))
        };
        ((0..count).map(example).collect(), (0..count).map(|n| n % 3).collect())
    }

    fn best(scores: &Scores) -> usize {
        (0..scores.by_class.len())
            .max_by(|a, b| scores.by_class[*a].total_cmp(&scores.by_class[*b]))
            .unwrap()
    }

    #[test]
    fn examples_are_told_apart_with_and_without_them() {
        let (vectors, classes) = examples(60);
        let without: Vec<u8> = (0..60).map(|n| 1 << (n / 3 % 3)).collect();
        let fit = Fit::new(&vectors, &classes, &without);
        let model = fit.all(&classes, 3);
        for (vector, class) in vectors.iter().zip(&classes) {
            let scores = model.scores(vector);
            assert_eq!(best(&scores), *class);
            assert!(scores.distance < 0.01);
        }
        for part in 0..3 {
            let kept: Vec<Option<usize>> = (0..60)
                .map(|n| (without[n] >> part & 1 == 0).then_some(classes[n]))
                .collect();
            let held: Vec<usize> = (0..60).filter(|n| kept[*n].is_none()).collect();
            // Without the part it is as if the part had never been there.
            let alone: (Vec<_>, Vec<_>) = (0..60)
                .filter(|n| kept[*n].is_some())
                .map(|n| (vectors[n].clone(), classes[n]))
                .unzip();
            let alone = Fit::new(&alone.0, &alone.1, &vec![0; alone.1.len()]).all(&alone.1, 3);
            for (example, scores) in held.iter().zip(fit.held_out(part, &kept, 3, &held)) {
                assert_eq!(best(&scores), classes[*example]);
                let alone = alone.scores(&vectors[*example]);
                for (a, b) in scores.by_class.iter().zip(&alone.by_class) {
                    assert!((a - b).abs() < 0.1, "{scores:?} {alone:?}");
                }
            }
        }
    }

    #[test]
    fn vectors_that_hardly_differ_make_no_model_of_infinities() {
        // A thousand vectors in a corner of two dimensions; then all the same.
        for spread in [0.2_f32, 1e-3, 0.0] {
            let vector = |n: usize| {
                let angle = 0.5 + spread * n as f32 / 1000.0;
                SentenceVector::new(&[angle.cos(), angle.sin()])
            };
            let vectors: Vec<SentenceVector> = (0..1000).map(vector).collect();
            let classes: Vec<usize> = (0..1000).map(|n| n / 500).collect();
            let model = Fit::new(&vectors, &classes, &vec![0; 1000]).all(&classes, 2);
            let scores = |n: usize| model.scores(&vectors[n]).by_class;
            assert!(
                scores(3)
                    .iter()
                    .chain(&scores(997))
                    .all(|score| (-1.0..2.0).contains(score))
            );
            if spread > 0.1 {
                assert!(scores(3)[0] > scores(3)[1] && scores(997)[1] > scores(997)[0]);
            }
        }
    }

    #[test]
    fn of_many_examples_some_are_landmarks_of_every_class() {
        for (examples, expected) in [(900, 900), (3000, 1000), (6000, 1500), (20_000, 2000)] {
            let mut classes = vec![0; examples];
            classes[examples - 10..].fill(1);
            let chosen = landmarks(&classes);
            assert_eq!(chosen.len(), expected);
            assert!(chosen.iter().filter(|example| **example >= examples - 10).count() == 10);
            assert!(chosen.is_sorted());
        }
    }

    #[test]
    fn equations_are_solved() {
        // [[4, 2], [2, 3]] x = [8, 7] has the solution [1.25, 1.5].
        let mut matrix = vec![vec![4.0], vec![2.0, 3.0]];
        let mut right = vec![vec![8.0], vec![7.0]];
        assert!(factor(&mut matrix));
        solve(&matrix, &mut right);
        assert!(
            (right[0][0] - 1.25).abs() < 1e-9 && (right[1][0] - 1.5).abs() < 1e-9,
            "{right:?}"
        );
    }

    #[test]
    fn equations_of_several_tiles_are_solved() {
        let count = 3 * TILE + 1;
        let number = |i: usize, j: usize| if i == j { count as f64 } else { 1.0 / (1 + i + j) as f64 };
        let solution = |i: usize| i as f64 - 3.0;
        let mut matrix: Vec<Vec<f64>> = (0..count).map(|i| (0..=i).map(|j| number(i, j)).collect()).collect();
        let mut right: Vec<Vec<f64>> = (0..count)
            .map(|i| vec![(0..count).map(|j| number(i.max(j), i.min(j)) * solution(j)).sum()])
            .collect();
        assert!(factor(&mut matrix));
        solve(&matrix, &mut right);
        for (i, found) in right.iter().enumerate() {
            assert!((found[0] - solution(i)).abs() < 1e-9, "{i}: {found:?}");
        }
    }
}
