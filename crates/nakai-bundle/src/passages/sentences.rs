/// Cuts a paragraph into sentences. Each comes with whether it starts a line.
pub(super) fn sentences(text: &str) -> impl Iterator<Item = (bool, &str)> {
    text.lines().flat_map(|line| {
        let mut rest = line;
        let mut first = true;
        std::iter::from_fn(move || {
            rest = rest.trim();
            if rest.is_empty() {
                return None;
            }
            let (sentence, after) = rest.split_at(end_of_first(rest));
            rest = after;
            Some((std::mem::take(&mut first), sentence.trim_end()))
        })
    })
}

/// One past the last byte of the sentence that begins a line.
fn end_of_first(line: &str) -> usize {
    let mut characters = line.char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        let full = matches!(c, '。' | '！' | '？' | '．');
        if !full && !matches!(c, '.' | '!' | '?') {
            continue;
        }
        let mut end = at + c.len_utf8();
        while let Some((at, closing)) = characters.next_if(|(_, c)| "。！？.!?」』）)\"'”’".contains(*c)) {
            end = at + closing.len_utf8();
        }
        let after = line.get(end..).unwrap_or_default();
        // `7 a.m. to 9`: a sentence does not begin with a small letter.
        let goes_on = after.trim_start().starts_with(char::is_lowercase);
        // `「はい。」と言う`: what is quoted is not the end.
        let quoted = full && after.starts_with(['と', 'の', 'が', 'を', 'に', 'は', 'で']) && end > at + c.len_utf8();
        if (full && !quoted) || (!full && after.starts_with(char::is_whitespace) && !goes_on) {
            return end;
        }
    }
    line.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_end_where_a_reader_would_say() {
        for (text, expected) in [
            ("", &[][..]),
            (
                "朝食は7時です。夕食は？18時！",
                &["朝食は7時です。", "夕食は？", "18時！"],
            ),
            (
                "Open from 7 a.m. to 9 p.m. daily. It is 2.5 km.",
                &["Open from 7 a.m. to 9 p.m. daily.", "It is 2.5 km."],
            ),
            (
                "「はい。」と答えます。次です。",
                &["「はい。」と答えます。", "次です。"],
            ),
            ("(See the map.) Then go!", &["(See the map.)", "Then go!"]),
            ("one\ntwo", &["one", "two"]),
        ] {
            assert_eq!(
                sentences(text).map(|(_, sentence)| sentence).collect::<Vec<_>>(),
                expected
            );
        }
    }
}
