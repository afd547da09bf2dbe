use std::ops::Range;

/// Cuts a text into sentences, without the white space around them.
pub fn sentences(text: &str) -> impl Iterator<Item = &str> {
    sentence_ranges(text).filter_map(|range| text.get(range))
}

/// Where the sentences of a text stand, in bytes: they end at line ends, at Japanese stops, and at other stops that white space or
/// Japanese follows. Takes linear time.
pub fn sentence_ranges(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut start = 0;
    std::iter::from_fn(move || {
        loop {
            let rest = text.get(start..).filter(|rest| !rest.is_empty())?;
            let from = start;
            let end = end_of_first(rest);
            start += end;
            let sentence = rest.get(..end)?;
            let trimmed = sentence.trim_start();
            if !trimmed.is_empty() {
                let from = from + sentence.len() - trimmed.len();
                return Some(from..from + trimmed.trim_end().len());
            }
        }
    })
}

/// One past the last byte of the sentence that begins a text.
fn end_of_first(text: &str) -> usize {
    let mut characters = text.char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        let full = match c {
            '\n' => return at + 1,
            '。' | '！' | '？' | '．' => true,
            '.' | '!' | '?' => false,
            _ => continue,
        };
        let stop = at + c.len_utf8();
        let mut end = stop;
        // What is closed with the sentence belongs to it.
        while let Some((at, closing)) = characters.next_if(|(_, c)| "。！？.!?」』）)\"'”’".contains(*c)) {
            end = at + closing.len_utf8();
        }
        let rest = text.get(end..).unwrap_or_default();
        let ends = if full {
            // `「はい。」と言う`: what is quoted is not the end.
            !(end > stop && rest.starts_with(['と', 'の', 'が', 'を', 'に', 'は', 'で']))
        } else {
            // A sentence begins with no small letter (`7 a.m. to 9`), and ends after more than a number (`1. Turn left`).
            let begin = text.get(..at).unwrap_or_default().trim_start();
            let number = c == '.' && begin.bytes().all(|byte| byte.is_ascii_digit());
            let small = rest.trim_start_matches(' ').starts_with(char::is_lowercase);
            let apart = rest.chars().next().is_none_or(|c| c.is_whitespace() || !c.is_ascii());
            apart && !small && !number
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
    fn sentences_end_where_a_reader_would_say() {
        for (text, expected) in [
            ("", &[][..]),
            ("\n \n", &[]),
            (
                "朝食は7時です。夕食は？\n18時！",
                &["朝食は7時です。", "夕食は？", "18時！"],
            ),
            (
                "It is 2.5 km. Take a taxi! OK",
                &["It is 2.5 km.", "Take a taxi!", "OK"],
            ),
            (
                "Open from 7 a.m. to 9 p.m. daily. It is 2.5 km.",
                &["Open from 7 a.m. to 9 p.m. daily.", "It is 2.5 km."],
            ),
            ("1. Turn left.\n2. Stop.", &["1. Turn left.", "2. Stop."]),
            ("「はい。」次です。", &["「はい。」", "次です。"]),
            (
                "「はい。」と答えます。次です。",
                &["「はい。」と答えます。", "次です。"],
            ),
            ("(See the map.) Then go!", &["(See the map.)", "Then go!"]),
            ("よい?はい", &["よい?", "はい"]),
            ("one\ntwo", &["one", "two"]),
        ] {
            assert_eq!(sentences(text).collect::<Vec<_>>(), expected, "{text}");
        }
    }
}
