use std::{collections::BTreeMap, sync::Arc};

use fearless_simd::{Level, Simd, dispatch};

use crate::{
    SentenceEncoder, floats,
    format::{BRANCH, DIMENSION, EPSILON, FEATURES, HIDDEN, WINDOWS},
    in_shares,
    known::{Known, Memory},
    matrix::{Left, Packed},
    pieces::{BEGIN, END, Pieces, UNKNOWN},
    weights::{Convolution, UnusableEncoder, Weights},
};

/// Of a longer text only the first pieces count, so that no text costs more than this.
const MAX_PIECES: usize = 256;
/// How many texts of a batch are encoded together at most, and how many pieces they have before no more are added: what is known of each
/// has to be in memory.
const TEXTS: usize = 64;
const TOGETHER: usize = 1024;
/// What is known of how many pieces is reckoned together.
const PIECES: usize = 96;

/// Universal Sentence Encoder multilingual 3: pieces of words, three branches of convolutions over two, three and five neighbours, and a
/// network over the sum of what they say (Yang et al. 2019, "Multilingual Universal Sentence Encoder for Semantic Retrieval").
pub struct UniversalSentenceEncoder {
    pieces: Pieces,
    weights: Weights,
    memory: Memory,
    level: Level,
}

impl UniversalSentenceEncoder {
    /// Opens the bytes of an encoder that `cargo xtask encoder` wrote, or `xtask/distil` after it.
    pub fn open(bytes: &'static [u8]) -> Result<Self, UnusableEncoder> {
        let mut weights = Weights::read(bytes)?;
        let pieces = Pieces::new(&mut weights);
        Ok(Self {
            pieces,
            weights,
            memory: Memory::new(),
            level: Level::new(),
        })
    }

    /// The pieces of a text between those for its beginning and its end; none of a text without any that is known.
    pub(crate) fn cut(&self, text: &str) -> Vec<u32> {
        let cut = self.pieces.cut(text);
        if cut.iter().all(|piece| self.pieces.says_nothing(*piece)) {
            return Vec::new();
        }
        let within = cut.into_iter().take(MAX_PIECES);
        std::iter::once(BEGIN).chain(within).chain([END]).collect()
    }

    /// Appends the vectors of texts that are cut into pieces.
    pub(crate) fn encode_together(&self, cuts: &[Vec<u32>], vectors: &mut Vec<f32>) {
        let mut known: BTreeMap<u32, Option<Arc<Known>>> = BTreeMap::new();
        for piece in cuts.iter().flatten() {
            known.entry(*piece).or_insert_with(|| self.memory.get(*piece));
        }
        dispatch!(self.level, simd => {
            let unknown: Vec<u32> = known.iter().filter(|(_, known)| known.is_none()).map(|(piece, _)| *piece).collect();
            for pieces in unknown.chunks(PIECES) {
                for (piece, new) in pieces.iter().zip(Known::of(simd, &self.weights, pieces)) {
                    self.memory.put(*piece, Arc::clone(&new));
                    known.insert(*piece, Some(new));
                }
            }
            let mut sums = Vec::with_capacity(cuts.len() * FEATURES);
            let mut lengths = Vec::with_capacity(cuts.len());
            for cut in cuts.iter().filter(|cut| !cut.is_empty()) {
                let pieces: Vec<&Known> = cut.iter().filter_map(|piece| known.get(piece)?.as_deref()).collect();
                self.add_up(&pieces, &mut sums);
                lengths.push(pieces.len() as f32);
            }
            let sentences = self.sentences(simd, &sums, &lengths);
            let mut sentences = sentences.chunks_exact(DIMENSION);
            for cut in cuts {
                let sentence = if cut.is_empty() { None } else { sentences.next() };
                vectors.extend_from_slice(sentence.unwrap_or(&[0.0; DIMENSION]));
            }
        });
    }

    /// Appends the sum of the normalised features of a text's pieces: [`FEATURES`] numbers.
    #[inline(always)]
    fn add_up(&self, pieces: &[&Known], sums: &mut Vec<f32>) {
        let weights = &self.weights;
        let mut features = vec![0.0; pieces.len() * FEATURES];
        for (row, piece) in features.chunks_exact_mut(FEATURES).zip(pieces) {
            floats::add_bytes(&mut row[..DIMENSION], &piece.embedding, piece.step);
        }
        let mut slot = 0;
        for (branch, (width, before)) in WINDOWS.into_iter().enumerate() {
            self.add_branch(pieces, branch, Window { slot, width, before }, &mut features);
            slot += width;
        }

        let mut sum = [0.0; FEATURES];
        let mut means = 0.0;
        for row in features.chunks_exact(FEATURES) {
            let (mean, scale) = floats::spread(row);
            means += mean * scale;
            floats::add_scaled(&mut sum, row, scale);
        }
        let gains = weights.gain.iter().zip(&weights.offset);
        let count = pieces.len() as f32;
        for (sum, (gain, offset)) in sum.iter_mut().zip(gains) {
            *sum = (*sum - means) * gain + count * offset;
        }
        sums.extend_from_slice(&sum);
    }

    /// Writes what a branch says of each piece into the pieces' rows of features.
    #[inline(always)]
    fn add_branch(&self, pieces: &[&Known], branch: usize, window: Window, features: &mut [f32]) {
        // What the branch starts from, and what the first convolution adds to it.
        let mut hidden = vec![0.0; pieces.len() * BRANCH];
        // What the second convolution sees.
        let mut second = vec![0.0; pieces.len() * BRANCH];
        let layer = &self.weights.first[branch];
        let further = &self.weights.second[branch];
        for at in 0..pieces.len() {
            let row = &mut second[at * BRANCH..(at + 1) * BRANCH];
            window.add(pieces, at, |piece| &piece.second, row);
        }
        for (at, row) in hidden.chunks_exact_mut(BRANCH).enumerate() {
            window.add(pieces, at, |piece| &piece.first, row);
            activate(row, layer);
            // Few numbers are left, so their products are added one by one.
            for (number, activity) in row.iter().enumerate() {
                if *activity > 0.0 {
                    let rows = &further.rows[number * window.width..(number + 1) * window.width];
                    for (place, row) in rows.iter().enumerate() {
                        if let Some(to) = (at + window.before).checked_sub(place).filter(|to| *to < pieces.len()) {
                            floats::add_bytes(&mut second[to * BRANCH..(to + 1) * BRANCH], row, *activity);
                        }
                    }
                }
            }
            let start = &pieces[at].start;
            floats::add_packed(row, &start.numbers[branch * BRANCH..(branch + 1) * BRANCH], start.step);
        }
        let from = DIMENSION + branch * BRANCH;
        for (at, row) in features.chunks_exact_mut(FEATURES).enumerate() {
            let sums = &mut second[at * BRANCH..(at + 1) * BRANCH];
            activate(sums, further);
            let hidden = &hidden[at * BRANCH..(at + 1) * BRANCH];
            for ((feature, a), b) in row[from..from + BRANCH].iter_mut().zip(sums).zip(hidden) {
                *feature = *a + b;
            }
        }
    }

    /// The vectors of sentences, of the sums of their pieces' features and the numbers of their pieces.
    #[inline(always)]
    fn sentences<S: Simd>(&self, simd: S, sums: &[f32], lengths: &[f32]) -> Vec<f32> {
        let Weights {
            output,
            output_bias,
            dense: [first, second, third],
            skips: [skip, late_skip],
            last,
            ..
        } = &self.weights;
        // The sum goes through the output layer rather than each piece: the layer is linear.
        let mut mean = Vec::new();
        output.product(simd, &Left::new(sums, FEATURES), &mut mean);
        for (row, length) in mean.chunks_exact_mut(DIMENSION).zip(lengths) {
            let scale = length.sqrt().recip();
            for (number, bias) in row.iter_mut().zip(output_bias) {
                *number = (*number + length * bias) * scale;
            }
        }
        let mean = Left::new(&mean, DIMENSION);
        let (mut a, mut b, mut y) = (Vec::new(), Vec::new(), Vec::new());
        first.product(simd, &mean, &mut a);
        positive(&mut a);
        second.product(simd, &Left::new(&a, HIDDEN), &mut b);
        skip.product(simd, &mean, &mut y);
        floats::add_scaled(&mut y, &b, 1.0);
        positive(&mut y);
        let y = Left::new(&y, HIDDEN);
        third.product(simd, &y, &mut a);
        positive(&mut a);
        last.product(simd, &Left::new(&a, DIMENSION), &mut b);
        let mut vectors = Vec::new();
        late_skip.product(simd, &y, &mut vectors);
        floats::add_scaled(&mut vectors, &b, 1.0);
        for vector in vectors.chunks_exact_mut(DIMENSION) {
            for number in vector.iter_mut() {
                *number = number.tanh();
            }
            let scale = floats::dot(vector, vector).max(EPSILON).sqrt().recip();
            for number in vector {
                *number *= scale;
            }
        }
        vectors
    }
}

impl SentenceEncoder for UniversalSentenceEncoder {
    fn id(&self) -> &str {
        "use-multilingual-3-ja-en-distilled"
    }

    fn dimension(&self) -> usize {
        DIMENSION
    }

    fn knows_word(&self, word: &str) -> bool {
        matches!(self.pieces.cut(word).as_slice(), [piece] if *piece != UNKNOWN)
    }

    fn vocabulary(&self) -> Vec<(&str, f32)> {
        self.pieces.all().collect()
    }

    fn encode(&self, text: &str, vector: &mut Vec<f32>) {
        self.encode_together(&[self.cut(text)], vector);
    }

    fn encode_batch(&self, texts: &[&str], threads: usize) -> Vec<f32> {
        in_shares(texts, threads, |share, vectors| {
            let mut cuts = Vec::new();
            let mut pieces = 0;
            for text in share {
                let cut = self.cut(text);
                pieces += cut.len();
                cuts.push(cut);
                if cuts.len() == TEXTS || pieces >= TOGETHER {
                    self.encode_together(&cuts, vectors);
                    cuts.clear();
                    pieces = 0;
                }
            }
            self.encode_together(&cuts, vectors);
        })
    }
}

/// The neighbours that a branch sees of a piece.
#[derive(Clone, Copy)]
struct Window {
    /// Where the branch's places begin among those of all branches.
    slot: usize,
    width: usize,
    /// How many neighbours stand before the piece.
    before: usize,
}

impl Window {
    /// Adds what the piece at `at` and its neighbours contribute.
    #[inline(always)]
    fn add<'k>(self, pieces: &[&'k Known], at: usize, part: impl Fn(&'k Known) -> &'k Packed, sums: &mut [f32]) {
        for place in 0..self.width {
            let neighbour = (at + place).checked_sub(self.before).and_then(|at| pieces.get(at));
            if let Some(piece) = neighbour {
                let part = part(piece);
                let from = (self.slot + place) * BRANCH;
                floats::add_packed(sums, &part.numbers[from..from + BRANCH], part.step);
            }
        }
    }
}

/// Makes of a convolution's sums what it passes on.
#[inline(always)]
fn activate(sums: &mut [f32], convolution: &Convolution) {
    let columns = convolution.steps.iter().zip(&convolution.bias);
    for (sum, (step, bias)) in sums.iter_mut().zip(columns) {
        *sum = (*sum * step + bias).max(0.0);
    }
}

#[inline(always)]
fn positive(numbers: &mut [f32]) {
    for number in numbers {
        *number = number.max(0.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What old processors reckon with differs in speed, not in what comes out.
    #[test]
    fn vectors_do_not_depend_on_the_instructions_of_the_processor() {
        let open = || UniversalSentenceEncoder::open(include_bytes!("../data/encoder.bin")).unwrap();
        let here = open();
        let old = UniversalSentenceEncoder {
            level: Level::baseline(),
            ..open()
        };
        let texts = ["where can I park my car?", "予約をキャンセルしたいのですが", "👍"];
        assert_eq!(here.encode_batch(&texts, 1), old.encode_batch(&texts, 1));
    }
}
