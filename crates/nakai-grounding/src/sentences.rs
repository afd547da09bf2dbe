/// A sentence without any end is cut behind this many bytes, so that a model that never ends one is still heard.
const LONGEST: usize = 2_000;

/// Words that a full stop behind them does not end a sentence.
const ABBREVIATIONS: [&str; 18] = [
    "mr", "mrs", "ms", "dr", "st", "no", "vs", "etc", "e.g", "i.e", "approx", "a.m", "p.m", "inc", "ltd", "tel", "ext",
    "prof",
];

/// Cuts a text that comes in pieces into sentences. What it gives, put together, is the text: white space stays in front of the sentence
/// that it precedes, and marks such as `[1]` stay with the sentence that they follow.
#[derive(Debug, Default)]
pub struct Sentences {
    held: String,
}

impl Sentences {
    /// Takes a piece and gives the sentences that are whole now.
    pub fn push(&mut self, piece: &str) -> Vec<String> {
        self.held.push_str(piece);
        let mut whole = Vec::new();
        while let Some(end) = end_of_first(&self.held) {
            let rest = self.held.split_off(end);
            whole.push(std::mem::replace(&mut self.held, rest));
        }
        whole
    }

    /// Gives what is left when the text is over.
    pub fn finish(self) -> Option<String> {
        (!self.held.trim().is_empty()).then_some(self.held)
    }
}

/// Cuts a whole text into sentences, without the white space around them.
pub fn sentences(text: &str) -> Vec<String> {
    let mut cutter = Sentences::default();
    let mut all = cutter.push(text);
    all.extend(cutter.finish());
    all.into_iter()
        .map(|sentence| sentence.trim().to_owned())
        .filter(|sentence| !sentence.is_empty())
        .collect()
}

/// One past the last byte of the first sentence, once what follows shows that it is over.
fn end_of_first(text: &str) -> Option<usize> {
    let begin = text.len() - text.trim_start().len();
    let mut brackets = 0_u32;
    for (at, c) in text.char_indices().skip_while(|(at, _)| *at < begin) {
        let end = at + c.len_utf8();
        match c {
            '「' | '『' | '（' => brackets += 1,
            '」' | '』' | '）' => brackets = brackets.saturating_sub(1),
            '\n' => return Some(at),
            '。' | '！' | '？' | '．' if brackets == 0 => return after_marks(text, end),
            '.' | '!' | '?' => {
                let rest = &text[end..];
                match rest.chars().next() {
                    None => return None,
                    Some(next) if next.is_whitespace() || !next.is_ascii() || next == '[' => {}
                    Some(_) => continue,
                }
                if c == '.' && (is_abbreviation(&text[begin..at]) || goes_on(rest)) {
                    continue;
                }
                return after_marks(text, end);
            }
            _ if at - begin > LONGEST => return Some(at),
            _ => {}
        }
    }
    None
}

/// Where a sentence ends that has come to its stop at `end`: behind closing quotes and marks such as `[1]`. `None` while more of those may
/// come.
fn after_marks(text: &str, mut end: usize) -> Option<usize> {
    loop {
        let rest = &text[end..];
        let closing = rest.len()
            - rest
                .trim_start_matches(['"', '\'', '”', '’', '」', '』', '）', ')', '。', '!', '?', '！', '？'])
                .len();
        end += closing;
        let rest = &text[end..];
        let spaces = rest.len() - rest.trim_start_matches(' ').len();
        match rest[spaces..].chars().next() {
            None => return None,
            Some('[') => {
                let Some(close) = rest[spaces..].find(']') else {
                    // Nothing that long is a mark.
                    return if rest.len() > 32 { Some(end) } else { None };
                };
                let mark = &rest[spaces + 1..spaces + close];
                if mark.is_empty()
                    || !mark
                        .bytes()
                        .all(|byte| byte.is_ascii_digit() || matches!(byte, b',' | b' '))
                {
                    return Some(end);
                }
                end += spaces + close + 1;
            }
            Some(_) => return Some(end),
        }
    }
}

fn is_abbreviation(before: &str) -> bool {
    let word = before
        .rsplit(|c: char| c.is_whitespace() || c == '(')
        .next()
        .unwrap_or_default();
    let lower = word.to_ascii_lowercase();
    ABBREVIATIONS.contains(&lower.as_str())
        || (word.len() == 1 && word.bytes().all(|byte| byte.is_ascii_alphabetic() && byte != b'I'))
        || (word.len() <= 2
            && !word.is_empty()
            && word.bytes().all(|byte| byte.is_ascii_digit())
            && before.trim().len() == word.len())
}

/// Whether a small letter follows, as within a sentence.
fn goes_on(rest: &str) -> bool {
    rest.trim_start().chars().next().is_some_and(char::is_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_end_at_their_stops_and_keep_their_marks() {
        for (text, expected) in [
            ("", &[][..]),
            (
                "朝食は7時です。[1]夕食は？\n18時",
                &["朝食は7時です。[1]", "夕食は？", "18時"],
            ),
            (
                "It is 2.5 km. Take a taxi! [2] OK",
                &["It is 2.5 km.", "Take a taxi! [2]", "OK"],
            ),
            (
                "See Mr. Sato at 8 p.m. tonight. Bye.",
                &["See Mr. Sato at 8 p.m. tonight.", "Bye."],
            ),
            (
                "「はい。」と言います。次です。",
                &["「はい。」と言います。", "次です。"],
            ),
            ("1. Towels. 2. Soap.", &["1. Towels.", "2. Soap."]),
            (
                "Dogs can't stay [1]. Cats neither [1, 2].",
                &["Dogs can't stay [1].", "Cats neither [1, 2]."],
            ),
        ] {
            assert_eq!(sentences(text), expected, "{text}");
        }
    }

    #[test]
    fn a_text_in_pieces_gives_the_same_sentences_and_loses_nothing() {
        let text = "Breakfast is at 7:30. [1] It is free!  朝食は7時です。[2] 無料です。\n- one\n- two";
        let mut cutter = Sentences::default();
        let mut pieces: Vec<String> = text.chars().flat_map(|c| cutter.push(&c.to_string())).collect();
        pieces.extend(cutter.finish());
        assert_eq!(pieces.concat(), text);
        let trimmed: Vec<&str> = pieces.iter().map(|piece| piece.trim()).collect();
        assert_eq!(trimmed, sentences(text));
    }

    #[test]
    fn what_never_ends_is_cut() {
        let mut cutter = Sentences::default();
        assert!(!cutter.push(&"あ".repeat(LONGEST)).is_empty());
    }
}
