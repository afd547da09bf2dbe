//! Chooses the sentences of a passage that answer, so that nobody has to read the rest.

use std::ops::Range;

use crate::sentences::sentence_ranges;

/// How many sentences an answer has at most, unless a list is part of it. A passage of no more is an answer as a whole.
const MOST: usize = 3;

/// The part of a text that answers a question best: sentences that follow each other, never a part of a list.
///
/// `scores` says of each sentence how much speaks for it.
pub(crate) fn answer(text: &str, scores: &[f32]) -> Range<usize> {
    let sentences: Vec<Range<usize>> = sentence_ranges(text).collect();
    let score = |at: usize| scores.get(at).copied().unwrap_or_default();
    let best = (0..sentences.len()).reduce(|best, at| if score(at) > score(best) { at } else { best });
    let (Some(best), true) = (best, sentences.len() > MOST) else {
        return 0..text.len();
    };
    // The best sentence with its neighbours: those before it say what it is about, those after it what else holds.
    let sum = |first: &usize| (*first..first + MOST).map(score).sum::<f32>();
    let windows = best.saturating_sub(MOST - 1)..=best.min(sentences.len() - MOST);
    let first = windows
        .reduce(|a, b| if sum(&b) > sum(&a) { b } else { a })
        .unwrap_or(best);
    let mut chosen = first..first + MOST;
    let is_item = |at: usize| sentences.get(at).and_then(|s| text.get(s.clone())).is_some_and(is_item);
    // A list is given whole, with the line that introduces it.
    while chosen.start > 0 && is_item(chosen.start) {
        chosen.start -= 1;
    }
    while (chosen.start..chosen.end).any(is_item) && is_item(chosen.end) {
        chosen.end += 1;
    }
    match sentences
        .get(chosen)
        .map(|sentences| (sentences.first(), sentences.last()))
    {
        Some((Some(first), Some(last))) => first.start..last.end,
        _ => 0..text.len(),
    }
}

/// Says whether a line is an item of a list.
fn is_item(line: &str) -> bool {
    let number = line.trim_start_matches(|c: char| c.is_ascii_digit());
    line.starts_with(['・', '•', '-', '*']) || (number.len() < line.len() && number.starts_with(". "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen<'t>(text: &'t str, scores: &[f32]) -> &'t str {
        &text[answer(text, scores)]
    }

    #[test]
    fn an_answer_is_the_best_sentence_with_what_belongs_to_it() {
        let text = "One. Two. Three. Four. Five.";
        assert_eq!(chosen(text, &[0.0, 0.0, 0.1, 0.9, 0.2]), "Three. Four. Five.");
        assert_eq!(chosen(text, &[0.9, 0.0, 0.0, 0.0, 0.0]), "One. Two. Three.");
        assert_eq!(chosen("One. Two. Three.", &[0.0, 0.0, 1.0]), "One. Two. Three.");
        assert_eq!(chosen("", &[]), "");
        assert_eq!(chosen("一。二。三。四。", &[0.0, 0.0, 0.0, 1.0]), "二。三。四。");
    }

    #[test]
    fn a_list_stays_whole_with_its_introduction() {
        let text = "Before. We lend:\n・irons\n・pillows\n・umbrellas\n・boots\nAfter that. The end.";
        let list = "We lend:\n・irons\n・pillows\n・umbrellas\n・boots";
        let answer = chosen(text, &[0.0, 0.0, 0.0, 0.0, 0.9, 0.0, 0.0, 0.0]);
        assert!(answer.contains(list), "{answer}");
        assert!(!answer.contains("The end"), "{answer}");
    }
}
