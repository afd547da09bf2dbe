use std::collections::{HashMap, HashSet};

/// Characters of the longest end of a word that is looked up.
const LONGEST_END: usize = 12;

/// Words by kind, from a file of lines `kind: words`.
#[derive(Debug)]
pub(super) struct Lists(HashMap<&'static str, HashSet<String>>);

impl Lists {
    /// Words as they are written, separated by a character.
    pub(super) fn of(file: &'static str, separator: char) -> Self {
        Self::from(file, separator, str::to_owned)
    }

    /// Words in lower case.
    pub(super) fn in_lower_case(file: &'static str, separator: char) -> Self {
        Self::from(file, separator, str::to_lowercase)
    }

    fn from(file: &'static str, separator: char, fold: fn(&str) -> String) -> Self {
        let mut lists: HashMap<&str, HashSet<String>> = HashMap::new();
        for line in file.lines().filter(|line| !line.starts_with('#')) {
            let Some((kind, words)) = line.split_once(": ") else {
                continue;
            };
            let words = words.split(separator).filter(|word| !word.is_empty()).map(fold);
            lists.entry(kind).or_default().extend(words);
        }
        Self(lists)
    }

    /// Says whether a word is of a kind.
    pub(super) fn has(&self, kind: &str, word: &str) -> bool {
        self.0.get(kind).is_some_and(|words| words.contains(word))
    }

    /// Says whether a word is one of a kind, or ends with one and something before it: not its last character alone.
    pub(super) fn ends(&self, kind: &str, word: &str) -> bool {
        let Some(words) = self.0.get(kind) else { return false };
        let mut ends = word
            .char_indices()
            .rev()
            .take(LONGEST_END)
            .skip(1)
            .filter_map(|(at, _)| word.get(at..));
        words.contains(word) || ends.any(|end| words.contains(end))
    }
}
