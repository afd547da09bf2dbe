//! Orders passages by what speaks for them, and says how sure the first is.

use crate::Mode;

/// What speaks for a passage. Every number is about 0 to 1, however many passages there are.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Evidence {
    /// The share of the question's terms, weighted by their rarity, that the passage has.
    pub(crate) coverage: f32,
    /// The share of them that one sentence has, those of the sentence before counting half.
    pub(crate) sentence: f32,
    /// The cosine of the question and the passage.
    pub(crate) whole: f32,
    /// The cosine of the question and the closest window of the passage.
    pub(crate) window: f32,
}

/// How much each piece of evidence counts, in the order of [`Evidence`]. Found, as softmax regressions over the candidates, with
/// questions of JaQuAD's training part and half of JSQuAD's and XQuAD's shared parts, and rounded. One set for both languages.
const fn weights(mode: Mode) -> [f32; 4] {
    match mode {
        Mode::Text => [1.0, 0.5, 0.0, 0.0],
        Mode::Vector => [0.0, 0.0, 0.4, 1.0],
        Mode::Fused => [1.0, 0.5, 0.0, 0.3],
    }
}

/// A logistic regression: its constant, then how much the score and the lead over the best rival count. Fitted to the same questions,
/// each asked once of all passages and, at half the weight, once of those outside the article that has the answer: a third of questions
/// is taken to have none. On the other halves the area under the curve is .98 fused, and .93 by vectors alone.
const fn calibration(mode: Mode) -> [f32; 3] {
    match mode {
        Mode::Text => [-5.3, 6.5, 15.4],
        Mode::Vector => [-5.2, 4.8, 21.3],
        Mode::Fused => [-5.6, 5.4, 14.5],
    }
}

impl Evidence {
    /// By what passages are ordered.
    pub(crate) fn score(&self, mode: Mode) -> f32 {
        let evidence = [self.coverage, self.sentence, self.whole, self.window];
        evidence
            .iter()
            .zip(weights(mode))
            .map(|(evidence, weight)| evidence * weight)
            .sum()
    }
}

/// The probability that a passage answers the question, from its score and that of the best other one.
pub(crate) fn confidence(mode: Mode, score: f32, rival: f32) -> f32 {
    let [constant, by_score, by_lead] = calibration(mode);
    let logit = constant + by_score * score + by_lead * (score - rival);
    1.0 / (1.0 + (-logit).exp())
}

/// Keeps the `k` highest scores above zero, the highest first; of equal ones the lower number.
pub(crate) fn best(scores: impl Iterator<Item = (u32, f32)>, k: usize) -> Vec<u32> {
    let mut heap = std::collections::BinaryHeap::with_capacity(k.saturating_add(1).min(1024));
    let mut least = 0.0;
    for (number, score) in scores {
        // NaN is in no order and never found.
        if score > least {
            heap.push(Ranked { score, number });
            if heap.len() > k {
                heap.pop();
                least = heap.peek().map_or(f32::INFINITY, |worst: &Ranked| worst.score);
            }
        }
    }
    heap.into_sorted_vec().into_iter().map(|ranked| ranked.number).collect()
}

/// A passage's place: the greatest is the worst, so that a heap gives that away first.
struct Ranked {
    score: f32,
    number: u32,
}

impl Ord for Ranked {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        other.score.total_cmp(&self.score).then(self.number.cmp(&other.number))
    }
}

impl PartialOrd for Ranked {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Ranked {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Ranked {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_come_first_and_ties_go_by_number() {
        let scores = [0.0, 0.5, 0.9, 0.5, 0.5, f32::NAN, 0.1];
        let numbered = || (0_u32..).zip(scores);
        assert_eq!(best(numbered(), 3), [2, 1, 3]);
        assert_eq!(best(numbered(), 10), [2, 1, 3, 4, 6]);
        assert_eq!(best(numbered(), 0), [0_u32; 0]);
    }

    #[test]
    fn confidence_grows_with_score_and_lead() {
        for mode in [Mode::Text, Mode::Vector, Mode::Fused] {
            let sure = confidence(mode, 1.0, 0.3);
            assert!(sure > confidence(mode, 0.6, 0.3), "{mode:?}");
            assert!(sure > confidence(mode, 1.0, 0.9), "{mode:?}");
            assert!((0.0..=1.0).contains(&sure), "{mode:?}");
        }
    }
}
