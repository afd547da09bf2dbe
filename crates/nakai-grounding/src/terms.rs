//! The words that carry what a sentence says: dictionary forms in Japanese, stems in English.

use std::collections::BTreeSet;

use nakai_morph::{Dictionary, Workspace};
use rust_stemmers::{Algorithm, Stemmer};
use unicode_normalization::UnicodeNormalization;

use crate::japanese::{self, nominal};

/// English words that carry nothing of their own.
const EMPTY_ENGLISH: &[&str] = &[
    "another",
    "anybody",
    "anyone",
    "anything",
    "else",
    "everybody",
    "everyone",
    "somebody",
    "someone",
    "something",
    "a",
    "about",
    "after",
    "again",
    "all",
    "also",
    "am",
    "an",
    "and",
    "any",
    "are",
    "as",
    "at",
    "available",
    "be",
    "been",
    "before",
    "being",
    "between",
    "both",
    "but",
    "by",
    "can",
    "cannot",
    "could",
    "did",
    "do",
    "does",
    "during",
    "each",
    "every",
    "for",
    "from",
    "get",
    "had",
    "has",
    "have",
    "he",
    "her",
    "here",
    "his",
    "how",
    "however",
    "i",
    "if",
    "in",
    "into",
    "is",
    "it",
    "its",
    "just",
    "may",
    "me",
    "more",
    "most",
    "must",
    "my",
    "need",
    "no",
    "nor",
    "not",
    "of",
    "on",
    "only",
    "or",
    "other",
    "our",
    "out",
    "own",
    "per",
    "please",
    "s",
    "shall",
    "she",
    "should",
    "so",
    "some",
    "such",
    "t",
    "than",
    "that",
    "the",
    "their",
    "them",
    "then",
    "there",
    "these",
    "they",
    "this",
    "those",
    "through",
    "to",
    "too",
    "under",
    "until",
    "up",
    "us",
    "very",
    "was",
    "we",
    "were",
    "what",
    "when",
    "where",
    "which",
    "while",
    "who",
    "will",
    "with",
    "without",
    "would",
    "yes",
    "you",
    "your",
    "yours",
    "ours",
    "use",
    "also",
    "re",
    "ll",
    "ve",
    "don",
    "doesn",
    "isn",
    "aren",
    "won",
    "didn",
    "wasn",
    "able",
    "yen",
    "m",
    "p",
    "pm",
    "minute",
    "minutes",
    "hour",
    "hours",
    "percent",
    "o'clock",
];
/// Forms of English verbs that the stemmer does not bring back to the verb.
const IRREGULAR: &[(&str, &str)] = &[
    ("began", "begin"),
    ("begun", "begin"),
    ("bought", "buy"),
    ("broken", "break"),
    ("brought", "bring"),
    ("built", "build"),
    ("came", "come"),
    ("chose", "choose"),
    ("chosen", "choose"),
    ("found", "find"),
    ("gave", "give"),
    ("given", "give"),
    ("gone", "go"),
    ("went", "go"),
    ("got", "get"),
    ("held", "hold"),
    ("kept", "keep"),
    ("knew", "know"),
    ("known", "know"),
    ("left", "leave"),
    ("lost", "lose"),
    ("made", "make"),
    ("paid", "pay"),
    ("ran", "run"),
    ("rose", "rise"),
    ("risen", "rise"),
    ("said", "say"),
    ("sent", "send"),
    ("shown", "show"),
    ("sold", "sell"),
    ("spent", "spend"),
    ("stolen", "steal"),
    ("taken", "take"),
    ("took", "take"),
    ("told", "tell"),
    ("written", "write"),
    ("wrote", "write"),
];
/// Japanese words that carry nothing of their own, in their dictionary form.
const EMPTY_JAPANESE: &[&str] = &[
    "する",
    "ある",
    "いる",
    "なる",
    "できる",
    "言う",
    "行う",
    "ない",
    "いい",
    "よい",
    "くださる",
    "頂く",
    "いただく",
    "おる",
    "ござる",
    "こと",
    "もの",
    "ため",
    "際",
    "場合",
    "当館",
    "お客様",
    "お客",
    "客",
    "様",
    "方",
    "円",
    "時",
    "分",
    "半",
    "時間",
    "分間",
    "名",
    "人",
    "日",
    "泊",
    "可能",
    "利用",
    "ご利用",
    "用意",
    "願う",
    "致す",
    "いたす",
    "申し上げる",
    "的",
    "中",
    "等",
    "など",
    "旨",
    "これ",
    "それ",
    "あれ",
    "ここ",
    "そこ",
    "とおり",
    "下さる",
    "出来る",
    "頂ける",
    "いただける",
    "くだされる",
    "れる",
    "られる",
    "せる",
    "つく",
    "付く",
    "承る",
    "おり",
    "うえ",
    "ごろ",
    "頃",
    "約",
    "以降",
    "以前",
    "前",
    "後",
    "間",
    "内",
    "午前",
    "午後",
];

/// The words of a sentence.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Terms {
    /// What it is about.
    pub(crate) words: BTreeSet<String>,
    /// Of those, names: words in capitals or katakana and proper nouns.
    pub(crate) names: BTreeSet<String>,
    /// Latin words in their order, as they stand, to join those that are also written as one.
    pub(crate) latin: Vec<String>,
}

/// Whether a lower-case English word carries nothing of its own.
pub(crate) fn is_empty(word: &str) -> bool {
    EMPTY_ENGLISH.contains(&word.split('\'').next().unwrap_or_default())
}

/// Whether a Japanese word in its dictionary form carries nothing of its own.
pub(crate) fn is_empty_japanese(word: &str) -> bool {
    EMPTY_JAPANESE.contains(&word)
}

/// Finds the words of sentences, one after the other.
pub(crate) struct TermFinder {
    dictionary: &'static Dictionary,
    stemmer: Stemmer,
}

impl TermFinder {
    pub(crate) fn new() -> Self {
        Self {
            dictionary: Dictionary::ipadic(),
            stemmer: Stemmer::create(Algorithm::English),
        }
    }

    /// Finds the words of a sentence that went through [`fold`].
    pub(crate) fn terms(&self, folded: &str) -> Terms {
        let mut terms = Terms::default();
        self.latin(folded, &mut terms);
        if is_japanese(folded) {
            self.japanese(folded, &mut terms);
        }
        terms
    }

    /// The clauses of a Japanese sentence that went through [`fold`].
    pub(crate) fn japanese_clauses(&self, folded: &str) -> Vec<japanese::Clause> {
        let (mut workspace, mut morphemes) = (Workspace::default(), Vec::new());
        self.dictionary.analyse(folded, &mut workspace, &mut morphemes);
        japanese::clauses(folded, self.dictionary, &morphemes)
    }

    /// The stem of a lower-case Latin word.
    pub(crate) fn stem(&self, word: &str) -> String {
        let joined = word.replace('-', "");
        let plain = joined.split('\'').next().unwrap_or_default();
        let plain = IRREGULAR
            .iter()
            .find(|(form, _)| *form == plain)
            .map_or(plain, |(_, verb)| verb);
        if plain.is_ascii() && plain.len() <= 40 {
            self.stemmer.stem(plain).into_owned()
        } else {
            plain.to_owned()
        }
    }

    fn latin(&self, folded: &str, terms: &mut Terms) {
        let is_inner = |c: char| c.is_alphanumeric() && !is_japanese_character(c);
        let mut first = true;
        for word in folded.split(|c: char| !(is_inner(c) || matches!(c, '-' | '\''))) {
            let word = word.trim_matches(['-', '\'']);
            if !word.chars().next().is_some_and(char::is_alphabetic) {
                continue;
            }
            let is_name = !first && word.chars().next().is_some_and(char::is_uppercase);
            first = false;
            let lower = word.to_lowercase();
            // A hyphen makes one word of two: `check-out`, `Wi-Fi`.
            let joined = lower.replace('-', "");
            let plain = joined.split('\'').next().unwrap_or_default();
            if plain.is_empty() || EMPTY_ENGLISH.contains(&plain) {
                terms.latin.push(plain.to_owned());
                continue;
            }
            let stem = self.stem(plain);
            if is_name {
                terms.names.insert(stem.clone());
            }
            terms.latin.push(plain.to_owned());
            terms.words.insert(stem);
        }
    }

    fn japanese(&self, folded: &str, terms: &mut Terms) {
        let (mut workspace, mut morphemes) = (Workspace::default(), Vec::new());
        self.dictionary.analyse(folded, &mut workspace, &mut morphemes);
        let mut before = "";
        for morpheme in &morphemes {
            let prefix = std::mem::take(&mut before);
            let Some(surface) = folded.get(morpheme.range()) else {
                continue;
            };
            if !surface.chars().any(is_japanese_character) {
                continue;
            }
            let base = self.dictionary.base(morpheme, folded).into_owned();
            let part = morpheme.part_of_speech();
            if part.major() == "接頭詞" {
                before = surface;
            }
            let carries = match (part.major(), part.minor()) {
                ("名詞", "非自立" | "特殊" | "代名詞" | "接続詞的" | "動詞非自立的" | "数") => {
                    false
                }
                ("名詞", _) => true,
                ("動詞" | "形容詞", "自立") | ("副詞", "一般") => true,
                _ => false,
            };
            if !carries || EMPTY_JAPANESE.contains(&base.as_str()) {
                continue;
            }
            let katakana = surface.chars().count() > 2 && surface.chars().all(|c| matches!(c, 'ァ'..='ヺ' | 'ー'));
            if part.minor() == "固有名詞" || (katakana && part.major() == "名詞") {
                terms.names.insert(base.clone());
            }
            let word = match (part.major(), prefix) {
                // 未使用 is not 使用.
                (_, "未" | "非" | "無" | "不") => format!("{prefix}{base}"),
                ("動詞", _) | ("名詞", "") => nominal(&base),
                _ => base,
            };
            terms.words.insert(word);
        }
    }
}

/// Writes a text in one way: NFKC, straight quotes, without marks such as `[1]`.
pub(crate) fn fold(text: &str) -> String {
    let mut folded: String = text
        .nfkc()
        .map(|c| match c {
            '’' | '‘' => '\'',
            '‐' | '‑' | '–' | '—' => '-',
            '*' | '#' | '`' | '_' => ' ',
            c => c,
        })
        .collect();
    while let Some(open) = folded.find('[') {
        let Some(close) = folded[open..].find(']') else { break };
        let mark = &folded[open + 1..open + close];
        if mark.is_empty()
            || !mark
                .bytes()
                .all(|byte| byte.is_ascii_digit() || matches!(byte, b',' | b' '))
        {
            break;
        }
        folded.replace_range(open..=open + close, "");
    }
    folded
}

pub(crate) const fn is_japanese_character(c: char) -> bool {
    matches!(c, 'ぁ'..='ゖ' | 'ァ'..='ヺ' | 'ー' | '々' | '一'..='鿿')
}

pub(crate) fn is_japanese(text: &str) -> bool {
    text.chars().any(is_japanese_character)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_stems_and_dictionary_forms() {
        let finder = TermFinder::new();
        let words = |text: &str| finder.terms(&fold(text)).words.into_iter().collect::<Vec<_>>();
        assert_eq!(
            words("Towels are provided in the check-out room. [1]"),
            ["checkout", "provid", "room", "towel"]
        );
        assert_eq!(
            words("大浴場は清掃のため閉めております。[2]"),
            ["浴場", "清掃", "閉める"]
        );
        let names = finder.terms(&fold("Take the bus to Kyoto Station")).names;
        assert!(names.contains("kyoto"), "{names:?}");
    }

    #[test]
    fn a_placeholder_is_no_mark() {
        assert_eq!(fold("[email_1] and [12]"), "[email 1] and [12]");
        assert_eq!(fold("so [1, 2]."), "so .");
    }
}
