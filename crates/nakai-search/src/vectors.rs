use std::ops::Range;

use nakai_encoder::SentenceEncoder;

/// What an encoder makes of passages, in a byte a number.
///
/// Passage `p` has the whole vector `p` and the windows' vectors `starts[p]..starts[p + 1]`. Whole vectors stand together, since every
/// search reads them all.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Vectors {
    pub(crate) dimension: usize,
    /// What a byte of each whole vector is worth.
    pub(crate) whole_scales: Vec<f32>,
    pub(crate) wholes: Vec<i8>,
    pub(crate) starts: Vec<u32>,
    /// What a byte of each window's vector is worth.
    pub(crate) scales: Vec<f32>,
    pub(crate) numbers: Vec<i8>,
}

impl Vectors {
    pub(crate) fn new(dimension: usize) -> Self {
        Self {
            dimension,
            starts: vec![0],
            ..Self::default()
        }
    }

    /// How much memory they take, in bytes.
    pub(crate) const fn size(&self) -> usize {
        let (scales, starts) = (self.whole_scales.len() + self.scales.len(), self.starts.len());
        self.wholes.len() + self.numbers.len() + size_of::<f32>() * (scales + starts)
    }

    /// Takes the vector of the whole passage in work.
    pub(crate) fn push_whole(&mut self, vector: &[f32]) {
        self.whole_scales.push(quantised(vector, &mut self.wholes));
    }

    /// Takes the vector of the next window of the passage in work.
    pub(crate) fn push(&mut self, vector: &[f32]) {
        self.scales.push(quantised(vector, &mut self.numbers));
    }

    /// Takes over the vectors of a passage of other vectors.
    pub(crate) fn take(&mut self, other: &Self, passage: usize) {
        let whole = passage..passage + 1;
        self.whole_scales.extend(&other.whole_scales[whole.clone()]);
        self.wholes
            .extend(&other.wholes[whole.start * self.dimension..whole.end * self.dimension]);
        let range = other.range(passage);
        self.scales.extend(&other.scales[range.clone()]);
        self.numbers
            .extend(&other.numbers[range.start * self.dimension..range.end * self.dimension]);
    }

    /// The vectors of one passage alone.
    pub(crate) fn only(&self, passage: usize) -> Self {
        let mut only = Self::new(self.dimension);
        only.take(self, passage);
        only.finish();
        only
    }

    /// The vector of a passage as a whole.
    pub(crate) fn whole_vector(&self, passage: usize) -> Option<Vec<f32>> {
        let numbers = self
            .wholes
            .get(passage * self.dimension..(passage + 1) * self.dimension)?;
        let scale = self.whole_scales.get(passage)?;
        Some(numbers.iter().map(|number| f32::from(*number) * scale).collect())
    }

    /// Ends the passage in work.
    pub(crate) fn finish(&mut self) {
        self.starts.push(u32::try_from(self.scales.len()).unwrap_or(u32::MAX));
    }

    fn range(&self, passage: usize) -> Range<usize> {
        match self.starts.get(passage..passage + 2) {
            Some([start, end]) => *start as usize..*end as usize,
            _ => 0..0,
        }
    }

    /// The cosine of a question and a passage as a whole.
    pub(crate) fn whole(&self, question: &Encoded, passage: usize) -> f32 {
        let whole = passage..passage + 1;
        self.cosines(question, &self.wholes, &self.whole_scales, whole)
            .next()
            .unwrap_or_default()
    }

    /// The highest cosine of a question and the passage or one of its windows.
    pub(crate) fn closest(&self, question: &Encoded, passage: usize) -> f32 {
        self.cosines(question, &self.numbers, &self.scales, self.range(passage))
            .fold(self.whole(question, passage).max(0.0), f32::max)
    }

    /// The cosines of a question and each window of the passage, single sentences first.
    pub(crate) fn windows(&self, question: &Encoded, passage: usize) -> impl Iterator<Item = f32> {
        self.cosines(question, &self.numbers, &self.scales, self.range(passage))
    }

    fn cosines(
        &self,
        question: &Encoded,
        numbers: &[i8],
        scales: &[f32],
        vectors: Range<usize>,
    ) -> impl Iterator<Item = f32> {
        let bytes = vectors.start * self.dimension..vectors.end * self.dimension;
        let numbers = numbers.get(bytes).unwrap_or_default();
        let scales = scales.get(vectors).unwrap_or_default();
        numbers
            .chunks_exact(self.dimension.max(1))
            .zip(scales)
            .map(|(vector, scale)| dot(vector, &question.numbers) as f32 * scale * question.scale)
    }
}

/// A question's vector.
#[derive(Debug, Clone)]
pub(crate) struct Encoded {
    numbers: Vec<i8>,
    scale: f32,
}

impl Encoded {
    pub(crate) fn new(encoder: &dyn SentenceEncoder, question: &str) -> Self {
        let mut vector = Vec::with_capacity(encoder.dimension());
        encoder.encode(question, &mut vector);
        let mut numbers = Vec::with_capacity(vector.len());
        let scale = quantised(&vector, &mut numbers);
        Self { numbers, scale }
    }

    /// The vector as the bytes have it.
    pub(crate) fn vector(&self) -> Vec<f32> {
        self.numbers
            .iter()
            .map(|number| f32::from(*number) * self.scale)
            .collect()
    }
}

/// Appends a vector in a byte a number, and gives what a byte is worth.
fn quantised(vector: &[f32], numbers: &mut Vec<i8>) -> f32 {
    let largest = vector.iter().fold(0.0_f32, |largest, x| largest.max(x.abs()));
    let scale = largest.max(f32::MIN_POSITIVE) / 127.0;
    numbers.extend(vector.iter().map(|x| (x / scale).round() as i8));
    scale
}

/// The dot product, in a form that the compiler turns into vector instructions: products of bytes fit sixteen bits.
fn dot(a: &[i8], b: &[i8]) -> i32 {
    const LANES: usize = 16;
    let (a_lanes, a_rest) = a.as_chunks::<LANES>();
    let (b_lanes, b_rest) = b.as_chunks::<LANES>();
    let mut sums = [0_i32; LANES];
    for (a, b) in a_lanes.iter().zip(b_lanes) {
        for lane in 0..LANES {
            sums[lane] += i32::from(i16::from(a[lane]) * i16::from(b[lane]));
        }
    }
    let rest: i32 = a_rest
        .iter()
        .zip(b_rest)
        .map(|(a, b)| i32::from(*a) * i32::from(*b))
        .sum();
    sums.iter().sum::<i32>() + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dot_product_is_exact_at_any_length() {
        for length in [0, 1, 15, 16, 17, 512] {
            let a: Vec<i8> = (0..length).map(|i| (i * 37 % 255 - 127) as i8).collect();
            let b: Vec<i8> = (0..length).map(|i| (i * 91 % 255 - 127) as i8).collect();
            let expected: i32 = a.iter().zip(&b).map(|(a, b)| i32::from(*a) * i32::from(*b)).sum();
            assert_eq!(dot(&a, &b), expected);
        }
        assert_eq!(dot(&[-127; 512], &[127; 512]), -127 * 127 * 512);
    }
}
