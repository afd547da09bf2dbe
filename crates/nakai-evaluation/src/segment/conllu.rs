//! Reads treebanks in CoNLL-U: a word a line, ten columns, an empty line after each sentence.

use std::ops::Range;

use crate::Unusable;

/// A sentence and its words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Sentence {
    pub(super) text: String,
    /// Where each word stands, in bytes of the text.
    pub(super) words: Vec<Range<usize>>,
    /// The universal part of speech of each word, empty if the file has none.
    pub(super) parts: Vec<String>,
}

/// Reads all sentences. Ranges of several words (`1-2`) and empty nodes (`1.1`) are no words.
///
/// # Errors
/// The first line that is none of the format, or whose word does not stand in the text.
pub(super) fn read(name: &str, treebank: &str) -> Result<Vec<Sentence>, Unusable> {
    let mut sentences = Vec::new();
    let mut sentence = Sentence::default();
    let mut given = false;
    for (number, line) in (1..).zip(treebank.lines().chain([""])) {
        if line.trim().is_empty() {
            let done = std::mem::take(&mut sentence);
            given = false;
            if !done.words.is_empty() {
                sentences.push(done);
            }
            continue;
        }
        if let Some(comment) = line.strip_prefix('#') {
            if let Some(text) = comment.trim_start().strip_prefix("text =") {
                sentence.text = text.trim().to_owned();
                given = true;
            }
            continue;
        }
        let mut columns = line.split('\t');
        let id = columns.next().unwrap_or_default();
        let form = columns.next().filter(|form| !form.is_empty());
        let (Some(form), true) = (form, id.starts_with(|c: char| c.is_ascii_digit())) else {
            let problem = "expected a word: its number, its form and eight other columns, separated by tabs";
            return Err(Unusable::line(name, number, problem));
        };
        if id.contains(['-', '.']) {
            continue;
        }
        let end = sentence.words.last().map_or(0, |word| word.end);
        if !given {
            sentence.text.push_str(form);
            if line.contains("SpaceAfter=Yes") {
                sentence.text.push(' ');
            }
        }
        let rest = &sentence.text[end..];
        let trimmed = rest.trim_start();
        if !trimmed.starts_with(form) {
            let problem =
                format!("`{form}` does not follow in the text; expected the words of `# text` in their order");
            return Err(Unusable::line(name, number, problem));
        }
        let start = end + rest.len() - trimmed.len();
        sentence.words.push(start..start + form.len());
        sentence.parts.push(columns.nth(1).unwrap_or_default().to_owned());
    }
    Ok(sentences)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn words_stand_where_the_text_has_them() {
        let treebank = "# sent_id = 1\n# text = AとB C\n1-2\tAと\n1\tA\ta\tNOUN\n2\tと\tと\tADP\n2.1\tx\n3\tB\tb\tNOUN\n4\tC\tc\tNOUN\n\n1\t猫\n2\tだ\n";
        let sentences = read("a", treebank).unwrap();
        assert_eq!(sentences.len(), 2);
        assert_eq!(sentences[0].words, [0..1, 1..4, 4..5, 6..7]);
        assert_eq!(sentences[0].parts, ["NOUN", "ADP", "NOUN", "NOUN"]);
        assert_eq!((sentences[1].text.as_str(), sentences[1].words.len()), ("猫だ", 2));
    }

    #[test]
    fn a_line_of_another_format_is_an_error_with_its_place() {
        for (treebank, part) in [
            ("# text = 猫\n1 猫\n", "a, line 2: expected a word"),
            ("text,intent\n", "a, line 1: expected a word"),
            (
                "# text = 猫だ\n1\t猫\n2\tです\n",
                "a, line 3: `です` does not follow in the text",
            ),
        ] {
            let error = read("a", treebank).unwrap_err().to_string();
            assert!(error.starts_with(part), "{error}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(treebank in "(?s)[#a1猫\\t\\n= -]{0,60}") {
            for sentence in read("a", &treebank).into_iter().flatten() {
                for word in sentence.words {
                    prop_assert!(sentence.text.get(word).is_some());
                }
            }
        }
    }
}
