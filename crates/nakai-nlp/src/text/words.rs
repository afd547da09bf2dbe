use std::{borrow::Cow, cell::RefCell, ops::Range};

use nakai_morph::{Dictionary, Morpheme, Workspace};
use nakai_types::{Language, Token, TokenView};

use super::{
    Normalised, StopWords,
    scan::{Kind, Scan, Scanned, is_japanese},
};

/// One word of a normalised text. Its dictionary form and reading are worked out when asked for.
#[derive(Debug, Clone)]
pub struct Word<'n> {
    text: &'n str,
    range: Range<usize>,
    origin: Origin,
}

/// How a word was found.
#[derive(Debug, Clone, Copy)]
enum Origin {
    /// By its characters.
    Scanned(Kind),
    /// By the Japanese dictionary. An honorific prefix of the word comes before the morpheme.
    Analysed(Morpheme),
}

impl<'n> Word<'n> {
    /// Where the word stands in the normalised text, in bytes.
    pub fn range(&self) -> Range<usize> {
        self.range.clone()
    }

    /// The word as it stands in the normalised text.
    pub fn surface(&self) -> &'n str {
        self.text.get(self.range()).unwrap_or_default()
    }

    /// IPADIC's first category in Japanese (`名詞`, `動詞`, ...), `word` or `number` in other scripts.
    pub fn part_of_speech(&self) -> &'static str {
        match self.origin {
            Origin::Scanned(Kind::Number) => "number",
            Origin::Scanned(Kind::Word | Kind::Address) => "word",
            Origin::Analysed(morpheme) => morpheme.part_of_speech().major(),
        }
    }

    /// IPADIC's four categories of a Japanese word, `*` where there is none; `None` in other scripts.
    pub fn categories(&self) -> Option<[&'static str; 4]> {
        match self.origin {
            Origin::Scanned(_) => None,
            Origin::Analysed(morpheme) => Some(morpheme.part_of_speech().categories()),
        }
    }

    /// The dictionary form: that of an inflected Japanese word, lower case in other scripts. Copies only if it differs from the
    /// surface.
    pub fn base(&self) -> Cow<'n, str> {
        match self.origin {
            Origin::Scanned(_) if self.surface().chars().any(char::is_uppercase) => {
                self.surface().to_lowercase().into()
            }
            Origin::Scanned(_) => self.surface().into(),
            Origin::Analysed(morpheme) => match Dictionary::ipadic().base(&morpheme, self.text) {
                Cow::Borrowed(_) => self.surface().into(),
                Cow::Owned(base) => [self.prefix(&morpheme), &base].concat().into(),
            },
        }
    }

    /// The reading in katakana; `None` where the dictionary has none.
    pub fn reading(&self) -> Option<String> {
        let Origin::Analysed(morpheme) = self.origin else {
            return None;
        };
        let reading = Dictionary::ipadic().reading(&morpheme, self.text)?;
        let prefix = match self.prefix(&morpheme) {
            "" => return Some(reading),
            // Of the two readings of this prefix the one before words of Chinese origin is by far the more frequent.
            "ご" | "御" => "ゴ",
            _ => "オ",
        };
        Some([prefix, &reading].concat())
    }

    fn prefix(&self, morpheme: &Morpheme) -> &'n str {
        self.text
            .get(self.range.start..morpheme.range().start)
            .unwrap_or_default()
    }
}

/// Cuts a text into words. Punctuation, symbols and white space are none. Japanese words are the dictionary's, with an honorific
/// prefix (`お`, `ご`, `御`) kept on its word; words of other scripts, ids, numbers and addresses stay in one piece in any text.
pub fn words<'n>(text: &'n Normalised<'_>) -> Vec<Word<'n>> {
    let text = text.as_str();
    let scanned = Scan::of(text).map(|Scanned { range, kind }| Word {
        text,
        range,
        origin: Origin::Scanned(kind),
    });
    if !text.contains(is_japanese) {
        return scanned.collect();
    }
    BUFFERS.with_borrow_mut(|Buffers { workspace, morphemes }| {
        morphemes.clear();
        Dictionary::ipadic().analyse(text, workspace, morphemes);
        let mut words = Vec::with_capacity(morphemes.len());
        let mut scanned = scanned.peekable();
        let mut prefix: Option<Range<usize>> = None;
        for morpheme in morphemes.iter() {
            let range = morpheme.range();
            let before = prefix.take().filter(|prefix| prefix.end == range.start);
            while let Some(word) = scanned.next_if(|word| word.range.start < range.end) {
                words.push(word);
            }
            let is_scanned = words.last().is_some_and(|word: &Word<'_>| word.range.end > range.start);
            let surface = text.get(range.clone()).unwrap_or_default();
            if is_scanned || !surface.contains(char::is_alphanumeric) {
                continue;
            }
            if morpheme.part_of_speech().major() == "接頭詞" && matches!(surface, "お" | "ご" | "御") {
                prefix = Some(range.clone());
            }
            let start = match before {
                Some(prefix) if takes_prefix(morpheme) => {
                    words.pop();
                    prefix.start
                }
                _ => range.start,
            };
            words.push(Word {
                text,
                range: start..range.end,
                origin: Origin::Analysed(*morpheme),
            });
        }
        words.extend(scanned);
        words
    })
}

fn takes_prefix(morpheme: &Morpheme) -> bool {
    matches!(morpheme.part_of_speech().major(), "名詞" | "動詞" | "形容詞" | "副詞")
}

thread_local! {
    /// The analyser's buffers, so that a turn allocates none.
    static BUFFERS: RefCell<Buffers> = RefCell::default();
}

#[derive(Default)]
struct Buffers {
    workspace: Workspace,
    morphemes: Vec<Morpheme>,
}

/// Gives the words of a text as the wire shows them, with spans and surfaces of what was typed.
pub fn token_view(original: &str, text: &Normalised<'_>, language: Language, stop_words: &StopWords) -> TokenView {
    let token = |word: &Word<'_>| {
        let span = text.original(word.range());
        Token {
            surface: span.of(original).unwrap_or_default().to_owned(),
            span,
            part_of_speech: word.part_of_speech().to_owned(),
            base: word.base().into_owned(),
            reading: word.reading().unwrap_or_default(),
            stop: stop_words.contains(word),
        }
    };
    TokenView {
        language,
        tokens: words(text).iter().map(token).collect(),
    }
}

#[cfg(test)]
mod tests;
