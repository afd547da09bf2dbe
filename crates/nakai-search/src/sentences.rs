use std::ops::Range;

/// Of a longer text, the rest belongs to the last sentence: no text costs more than this many.
const MOST: usize = 256;

/// Cuts a text into sentences: at line ends, at Japanese and other full stops, and at stops that white space follows.
pub(crate) fn sentences(text: &str) -> impl Iterator<Item = &str> {
    sentence_ranges(text).filter_map(|range| text.get(range))
}

/// Where the sentences of a text stand, in bytes.
pub(crate) fn sentence_ranges(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut start = 0;
    let mut cut = 0;
    std::iter::from_fn(move || {
        loop {
            let rest = text.get(start..).filter(|rest| !rest.is_empty())?;
            cut += 1;
            let end = if cut < MOST { end_of_first(rest) } else { rest.len() };
            let from = start;
            start += end;
            let sentence = rest.get(..end)?;
            let trimmed = sentence.trim_start();
            if !trimmed.is_empty() {
                let from = from + sentence.len() - trimmed.len();
                return Some(from..from + trimmed.trim_end().len());
            }
            cut -= 1;
        }
    })
}

/// One past the last byte of the sentence that begins a text.
fn end_of_first(text: &str) -> usize {
    let mut characters = text.char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        let end = at + c.len_utf8();
        let ends = match c {
            '\n' => true,
            '。' | '！' | '？' | '．' => {
                // What is closed with the sentence belongs to it.
                let mut end = end;
                while let Some((at, closing)) = characters.next_if(|(_, c)| "」』）)".contains(*c)) {
                    end = at + closing.len_utf8();
                }
                return end;
            }
            // A sentence begins with no small letter (`7 a.m. to 9`), and ends after more than a number (`1. Turn left`).
            '.' | '!' | '?' => {
                let rest = text.get(end..).unwrap_or_default();
                let next = rest.chars().next();
                let small = rest.trim_start_matches(' ').starts_with(char::is_lowercase);
                let number = text
                    .get(..at)
                    .is_some_and(|begin| begin.trim_start().bytes().all(|b| b.is_ascii_digit()));
                next.is_none_or(|next| next.is_whitespace() || !next.is_ascii()) && !small && !(c == '.' && number)
            }
            _ => false,
        };
        if ends {
            return end;
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_after_its_stops() {
        for (text, expected) in [
            ("", &[][..]),
            ("\n \n", &[]),
            (
                "朝食は7時です。夕食は？\n18時",
                &["朝食は7時です。", "夕食は？", "18時"],
            ),
            (
                "It is 2.5 km. Take a taxi! OK",
                &["It is 2.5 km.", "Take a taxi!", "OK"],
            ),
            (
                "From 7 a.m. to 9 p.m. daily. Free.",
                &["From 7 a.m. to 9 p.m. daily.", "Free."],
            ),
            ("1. Turn left.\n2. Stop.", &["1. Turn left.", "2. Stop."]),
            ("「はい。」次です。", &["「はい。」", "次です。"]),
            ("よい?はい", &["よい?", "はい"]),
        ] {
            assert_eq!(sentences(text).collect::<Vec<_>>(), expected, "{text}");
        }
    }

    #[test]
    fn a_text_has_a_bounded_number_of_sentences_and_none_is_lost() {
        let text = "A. ".repeat(10_000);
        let cut: Vec<&str> = sentences(&text).collect();
        assert_eq!(cut.len(), MOST);
        assert_eq!(cut.iter().map(|s| s.matches('A').count()).sum::<usize>(), 10_000);
    }
}
