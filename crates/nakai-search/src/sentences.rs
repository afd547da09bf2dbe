use std::ops::Range;

/// Of a longer text, the rest belongs to the last sentence: no text costs more than this many.
const MOST: usize = 256;

/// Cuts a text into a bounded number of sentences.
pub(crate) fn sentences(text: &str) -> impl Iterator<Item = &str> {
    sentence_ranges(text).filter_map(|range| text.get(range))
}

/// Where they stand in the text, in bytes.
pub(crate) fn sentence_ranges(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut ranges = nakai_text::sentence_ranges(text);
    let mut cut = 0;
    std::iter::from_fn(move || {
        let mut range = ranges.next()?;
        cut += 1;
        if cut == MOST {
            range.end = ranges.by_ref().last().map_or(range.end, |last| last.end);
        }
        Some(range)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_a_bounded_number_of_sentences_and_none_is_lost() {
        let text = "A. ".repeat(10_000);
        let cut: Vec<&str> = sentences(&text).collect();
        assert_eq!(cut.len(), MOST);
        assert_eq!(cut.iter().map(|s| s.matches('A').count()).sum::<usize>(), 10_000);
    }
}
