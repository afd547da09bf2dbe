/// Of a longer text, the rest belongs to the last sentence: no text costs more than this many.
const MOST: usize = 256;

/// Cuts a text into sentences: at line ends, at Japanese and other full stops, and at stops that white space follows.
pub(crate) fn sentences(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    let mut cut = 0;
    std::iter::from_fn(move || {
        loop {
            if rest.is_empty() {
                return None;
            }
            cut += 1;
            let end = if cut < MOST { end_of_first(rest) } else { rest.len() };
            let (sentence, after) = rest.split_at(end);
            rest = after;
            let sentence = sentence.trim();
            if !sentence.is_empty() {
                return Some(sentence);
            }
            cut -= 1;
        }
    })
}

/// One past the last byte of the sentence that begins a text.
fn end_of_first(text: &str) -> usize {
    let mut characters = text.char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        let ends = match c {
            '\n' | '。' | '！' | '？' | '．' => true,
            '.' | '!' | '?' => characters
                .peek()
                .is_none_or(|(_, next)| next.is_whitespace() || !next.is_ascii()),
            _ => false,
        };
        if ends {
            return at + c.len_utf8();
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
            ("よい?はい", &["よい?", "はい"]),
        ] {
            assert_eq!(sentences(text).collect::<Vec<_>>(), expected, "{text}");
        }
    }

    #[test]
    fn a_text_has_a_bounded_number_of_sentences_and_none_is_lost() {
        let text = "a. ".repeat(10_000);
        let cut: Vec<&str> = sentences(&text).collect();
        assert_eq!(cut.len(), MOST);
        assert_eq!(cut.iter().map(|s| s.matches('a').count()).sum::<usize>(), 10_000);
    }
}
