//! Turns text into the terms that passages are found by.
//!
//! Which terms there are depends on the script, not on a language, so that mixed text needs no decision: Japanese gives the dictionary
//! forms of its words, their readings and its runs of one and two characters; Latin gives stems and their runs of four letters; both
//! give pairs of neighbouring words.

mod english;
mod fold;
mod japanese;
mod latin;

use std::cell::RefCell;

use nakai_morph::{Dictionary, Morpheme, Workspace};

use english::English;
use fold::Script;

/// The kinds of terms. Each is a field of its own in scoring.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    /// A word in its dictionary form, or its stem.
    Word,
    /// Two words that follow each other.
    Pair,
    /// A Japanese word's reading in katakana.
    Reading,
    /// One Han character.
    Single,
    /// Two characters of Japanese text.
    Double,
    /// Four letters of a Latin word.
    Piece,
}

impl Kind {
    pub(crate) const COUNT: usize = 6;

    /// Whether it is a run of characters rather than words.
    pub(crate) const fn is_run(self) -> bool {
        matches!(self, Self::Single | Self::Double | Self::Piece)
    }
}

/// A term as it is met in a text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Term<'a> {
    pub(crate) kind: Kind,
    pub(crate) text: &'a str,
    /// How much it says about what the text is about, 0 to 1: little for function words.
    pub(crate) emphasis: f32,
}

impl Term<'_> {
    /// What names it in an index: a hash (FNV-1a, mixed), the same on every machine. That two of a bot's terms meet in one is less
    /// likely than one in ten million.
    pub(crate) fn key(&self) -> u64 {
        let first = 0xcbf2_9ce4_8422_2325_u64 ^ self.kind as u64;
        let hash = self.text.bytes().fold(first, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
        let mixed = (hash ^ (hash >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        mixed ^ (mixed >> 29)
    }
}

/// A word of the sentence in work.
struct Word {
    /// Where it stands in the folded sentence, in bytes.
    start: usize,
    end: usize,
    /// How it is spelt as a term.
    term: String,
    emphasis: f32,
}

/// Analyses texts, one after the other; it keeps the buffers between them.
pub(crate) struct Analyser {
    dictionary: &'static Dictionary,
    workspace: Workspace,
    morphemes: Vec<Morpheme>,
    english: English,
    folded: String,
    words: Vec<Word>,
    joined: String,
}

thread_local! {
    static ANALYSER: RefCell<Analyser> = RefCell::new(Analyser::new());
}

impl Analyser {
    /// Uses the analyser of this thread, which must not be in use.
    pub(crate) fn with<T>(work: impl FnOnce(&mut Self) -> T) -> T {
        ANALYSER.with_borrow_mut(work)
    }

    pub(crate) fn new() -> Self {
        Self {
            dictionary: Dictionary::ipadic(),
            workspace: Workspace::default(),
            morphemes: Vec::new(),
            english: English::new(),
            folded: String::new(),
            words: Vec::new(),
            joined: String::new(),
        }
    }

    /// Calls `sink` with each term of a sentence.
    pub(crate) fn analyse(&mut self, sentence: &str, mut sink: impl FnMut(Term<'_>)) {
        self.analyse_with_surfaces(sentence, |term, _| sink(term));
    }

    /// Calls `sink` with each term of a sentence and, if it is a word, how that stands there, folded.
    pub(crate) fn analyse_with_surfaces(&mut self, sentence: &str, mut sink: impl FnMut(Term<'_>, Option<&str>)) {
        fold::fold_into(sentence, &mut self.folded);
        self.words.clear();
        let japanese = self.folded.chars().any(|c| Script::of(c).is_japanese());
        self.latin_words();
        if japanese {
            self.japanese_words(&mut |term| sink(term, None));
            self.words.sort_by_key(|word| word.start);
            japanese::runs(&self.folded, &mut self.joined, &mut |term| sink(term, None));
        } else {
            latin::pieces(&self.folded, &mut |term| sink(term, None));
        }
        for word in &self.words {
            let term = Term {
                kind: Kind::Word,
                text: &word.term,
                emphasis: word.emphasis,
            };
            sink(term, self.folded.get(word.start..word.end));
        }
        self.pairs(&mut |term| sink(term, None));
        // Nothing of a question stays in buffers that outlive it.
        self.folded.clear();
        self.joined.clear();
        self.words.clear();
        self.morphemes.clear();
    }

    /// Neighbouring words, function words between them left out.
    fn pairs(&mut self, sink: &mut impl FnMut(Term<'_>)) {
        /// Words below this emphasis make no pairs.
        const LEAST: f32 = 0.4;
        let mut previous: Option<&Word> = None;
        for word in self.words.iter().filter(|word| word.emphasis >= LEAST) {
            if let Some(previous) = previous.filter(|previous| previous.end <= word.start) {
                self.joined.clear();
                self.joined.push_str(&previous.term);
                self.joined.push(' ');
                self.joined.push_str(&word.term);
                sink(Term {
                    kind: Kind::Pair,
                    text: &self.joined,
                    emphasis: previous.emphasis.min(word.emphasis),
                });
            }
            previous = Some(word);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(text: &str, kind: Kind) -> Vec<String> {
        let mut terms = Vec::new();
        Analyser::new().analyse(text, |term| {
            if term.kind == kind && term.emphasis >= 0.4 {
                terms.push(term.text.to_owned());
            }
        });
        terms
    }

    #[test]
    fn words_are_dictionary_forms_and_stems() {
        for (text, words) in [
            ("部屋を予約したい", &["部屋", "予約"][..]),
            ("Where are the guests' towels?", &["guest", "towel"]),
            ("お問い合わせ先のメールアドレス", &["問合", "先", "メールアドレス"]),
            ("Wi-Fiのパスワード", &["wi", "wifi", "fi", "パスワード"]),
            ("1,200円です", &["1200", "円"]),
        ] {
            assert_eq!(terms(text, Kind::Word), words, "{text}");
        }
    }

    #[test]
    fn neighbouring_words_make_pairs() {
        assert_eq!(
            terms("the price of breakfast rooms", Kind::Pair),
            ["price breakfast", "breakfast room"]
        );
        assert_eq!(
            terms("夕食の料金と予約の変更", Kind::Pair),
            ["夕食 料金", "料金 予約", "予約 変更"]
        );
    }

    #[test]
    fn readings_are_katakana() {
        assert_eq!(terms("予約を変更", Kind::Reading), ["ヨヤク", "ヘンコウ"]);
    }
}
