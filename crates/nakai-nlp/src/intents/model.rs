//! Separates intents: one linear function per intent, one-vs-rest.
//!
//! Trained as support vector machines with squared hinge loss by dual coordinate descent (Hsieh et al., "A Dual Coordinate Descent
//! Method for Large-scale Linear SVM", 2008), all intents of an example in one pass. To the weights of features of words comes how
//! typical each is for the intent, as naive Bayes would have it (Wang and Manning, "Baselines and Bigrams", 2012): it is the better
//! judge of a word that the machine saw once or twice.

use super::vocabulary::Entry;

/// What misclassified examples cost against large weights.
const COST: f32 = 1.0;
/// Training ends when no step was larger than this, or after so many passes. To go on changes weights, not answers.
const TOLERANCE: f32 = 1.0;
const PASSES: usize = 60;
/// How much typicality counts against the trained weights, and how rare a feature may be before it counts as missing: the share of
/// the examples of an intent of average size.
const TYPICALITY: f32 = 0.02;
const TYPICALITY_FLOOR: f32 = 0.1;

/// A training example: what the model sees of a text, each row once, and the number of its intent.
pub(super) struct Example<'e> {
    pub(super) entries: &'e [Entry],
    pub(super) intent: usize,
}

/// A linear function per intent, whose weights are stored feature by feature without the zeros.
#[derive(Debug, PartialEq)]
pub(super) struct LinearModel {
    /// By intent.
    pub(super) bias: Vec<f32>,
    /// Where the weights of each row start, and where the last one's end.
    pub(super) starts: Vec<u32>,
    pub(super) weights: Vec<Weight>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Weight {
    pub(super) intent: u16,
    pub(super) value: f32,
}

impl LinearModel {
    /// Trains on examples of `intents` intents over `rows` features. The same examples always give the same model.
    pub(super) fn train(examples: &[Example<'_>], rows: usize, intents: usize, is_word: impl Fn(u32) -> bool) -> Self {
        let mut machine = Machine::new(examples, rows, intents);
        machine.run();
        let Machine { bias, mut weights, .. } = machine;
        add_typicality(&mut weights, examples, intents, is_word);
        Self::sparse(bias, &weights, rows)
    }

    /// How far an utterance lies on the side of each intent, by intent; about 1 for a clear example of it, -1 for one of another.
    pub(super) fn margins(&self, entries: &[Entry]) -> Vec<f32> {
        let mut margins = self.bias.clone();
        for entry in entries {
            let row = entry.row as usize;
            let range = self.starts[row] as usize..self.starts[row + 1] as usize;
            for weight in &self.weights[range] {
                margins[usize::from(weight.intent)] += entry.value * weight.value;
            }
        }
        margins
    }

    fn sparse(bias: Vec<f32>, dense: &[f32], rows: usize) -> Self {
        let mut starts = Vec::with_capacity(rows + 1);
        let mut weights = Vec::new();
        for row in dense.chunks_exact(bias.len().max(1)) {
            starts.push(weights.len() as u32);
            weights.extend(
                (0..)
                    .zip(row)
                    .filter(|(_, value)| **value != 0.0)
                    .map(|(intent, value)| Weight { intent, value: *value }),
            );
        }
        starts.push(weights.len() as u32);
        weights.shrink_to_fit();
        Self { bias, starts, weights }
    }
}

/// The state of training. Matrices are one row after the other, a number per intent in each.
struct Machine<'e> {
    examples: &'e [Example<'e>],
    intents: usize,
    bias: Vec<f32>,
    /// A row per feature.
    weights: Vec<f32>,
    /// A row per example: how much it pushes the border of each intent.
    pushes: Vec<f32>,
    /// By example: the square of its length, its loss included.
    lengths: Vec<f32>,
    /// The margins of the example at hand, and the intents whose borders it moves with how far.
    margins: Vec<f32>,
    steps: Vec<(usize, f32)>,
}

impl<'e> Machine<'e> {
    fn new(examples: &'e [Example<'e>], rows: usize, intents: usize) -> Self {
        let length = |example: &Example<'_>| {
            let squares: f32 = example.entries.iter().map(|entry| entry.value * entry.value).sum();
            squares + 1.0 + 0.5 / COST
        };
        Self {
            intents,
            bias: vec![0.0; intents],
            weights: vec![0.0; rows * intents],
            pushes: vec![0.0; examples.len() * intents],
            lengths: examples.iter().map(length).collect(),
            margins: vec![0.0; intents],
            steps: Vec::with_capacity(intents),
            examples,
        }
    }

    fn run(&mut self) {
        let mut order: Vec<usize> = (0..self.examples.len()).collect();
        let mut random = Shuffle(0x9e37_79b9_7f4a_7c15);
        for _ in 0..PASSES {
            random.shuffle(&mut order);
            let largest = order.iter().map(|example| self.learn(*example)).fold(0.0, f32::max);
            if largest < TOLERANCE {
                break;
            }
        }
    }

    /// Moves every border as far as one example asks; gives how far from its optimum the worst one was.
    fn learn(&mut self, number: usize) -> f32 {
        let Example { entries, intent: own } = self.examples[number];
        let (intents, length) = (self.intents, self.lengths[number]);
        self.margins.copy_from_slice(&self.bias);
        for entry in entries {
            let row = &self.weights[entry.row as usize * intents..][..intents];
            for (margin, weight) in self.margins.iter_mut().zip(row) {
                *margin += entry.value * weight;
            }
        }
        self.steps.clear();
        let mut largest: f32 = 0.0;
        let pushes = &mut self.pushes[number * intents..][..intents];
        for (intent, (push, margin)) in pushes.iter_mut().zip(&self.margins).enumerate() {
            let side = if intent == own { 1.0 } else { -1.0 };
            let gradient = side * margin - 1.0 + *push * (0.5 / COST);
            let after = (*push - gradient / length).max(0.0);
            let step = after - *push;
            if step != 0.0 {
                *push = after;
                largest = largest.max(step.abs() * length);
                self.steps.push((intent, step * side));
            }
        }
        for (intent, step) in &self.steps {
            self.bias[*intent] += step;
        }
        for entry in entries {
            let row = &mut self.weights[entry.row as usize * intents..][..intents];
            for (intent, step) in &self.steps {
                row[*intent] += entry.value * step;
            }
        }
        largest
    }
}

/// Adds to each weight how much more often the feature is met in the intent than never.
fn add_typicality(weights: &mut [f32], examples: &[Example<'_>], intents: usize, is_word: impl Fn(u32) -> bool) {
    let mut sizes = vec![0.0_f32; intents];
    let mut met = Vec::new();
    for example in examples {
        sizes[example.intent] += 1.0;
        let words = example.entries.iter().filter(|entry| is_word(entry.row));
        met.extend(words.map(|entry| entry.row as usize * intents + example.intent));
    }
    let floor = TYPICALITY_FLOOR * intents as f32 / examples.len().max(1) as f32;
    met.sort_unstable();
    for same in met.chunk_by(|a, b| a == b) {
        let share = same.len() as f32 / sizes[same[0] % intents];
        weights[same[0]] += TYPICALITY * (1.0 + share / floor).ln();
    }
}

/// A random order that is the same in every run (Knuth's linear congruential generator).
struct Shuffle(u64);

impl Shuffle {
    fn shuffle(&mut self, order: &mut [usize]) {
        for last in (1..order.len()).rev() {
            self.0 = self
                .0
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            order.swap(last, (self.0 >> 33) as usize % (last + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example(rows: &[u32], intent: usize) -> (Vec<Entry>, usize) {
        (rows.iter().map(|row| Entry { row: *row, value: 1.0 }).collect(), intent)
    }

    fn trained() -> LinearModel {
        let examples = [
            example(&[0, 3], 0),
            example(&[0, 4], 0),
            example(&[1, 3], 1),
            example(&[1, 4], 1),
            example(&[2], 2),
        ];
        let examples: Vec<_> = examples
            .iter()
            .map(|(entries, intent)| Example {
                entries,
                intent: *intent,
            })
            .collect();
        LinearModel::train(&examples, 6, 3, |row| row != 5)
    }

    #[test]
    fn what_tells_intents_apart_decides() {
        let model = trained();
        for (rows, best) in [(&[0, 3][..], 0), (&[1, 3], 1), (&[1], 1), (&[2, 3], 2)] {
            let margins = model.margins(&example(rows, 0).0);
            assert!(
                margins.iter().all(|margin| *margin <= margins[best]),
                "{rows:?}: {margins:?}"
            );
            assert!(margins[best] > 0.0, "{rows:?}: {margins:?}");
        }
        // A feature of no example changes nothing.
        assert_eq!(model.margins(&example(&[5], 0).0), model.margins(&[]));
    }

    #[test]
    fn training_is_deterministic() {
        assert_eq!(trained(), trained());
    }
}
