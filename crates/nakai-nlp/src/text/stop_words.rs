use std::collections::HashSet;

use nakai_types::Language;

use super::{Normalised, Word};

/// Words that say nothing of an utterance's topic, in one language: the built-in list and a bot's own.
///
/// Negation and question words are not on the lists, because they change what the customer wants.
#[derive(Debug, Clone)]
pub struct StopWords {
    built_in: &'static [&'static str],
    extra: HashSet<Box<str>>,
}

impl StopWords {
    /// Makes the list of a language with a bot's own words added; these are normalised and compared without regard to case.
    pub fn new(language: Language, extra: &[String]) -> Self {
        let built_in = match language {
            Language::Ja => JAPANESE,
            Language::En => ENGLISH,
        };
        let extra = extra
            .iter()
            .map(|word| Normalised::of(word.trim()).as_str().to_lowercase().into())
            .collect();
        Self { built_in, extra }
    }

    /// Says whether a word, as it stands in the text or in its dictionary form, is on the list.
    pub fn contains(&self, word: &Word<'_>) -> bool {
        self.has(word.surface()) || self.has(&word.base())
    }

    fn has(&self, word: &str) -> bool {
        if find(self.built_in, word) {
            return true;
        }
        if self.extra.is_empty() {
            return false;
        }
        if word.chars().any(char::is_uppercase) {
            self.extra.contains(word.to_lowercase().as_str())
        } else {
            self.extra.contains(word)
        }
    }
}

/// Says whether a word is one that every English text is full of.
pub(super) fn is_common_english(word: &str) -> bool {
    find(ENGLISH, word) || find(ENGLISH_COURTESY, word)
}

/// Looks a word up in a sorted lower-case list, whatever the case of its ASCII letters.
fn find(list: &[&str], word: &str) -> bool {
    let lower = || word.bytes().map(|b| b.to_ascii_lowercase());
    list.binary_search_by(|entry| entry.bytes().cmp(lower())).is_ok()
}

/// Articles, pronouns, prepositions, auxiliaries. Sorted.
#[rustfmt::skip]
const ENGLISH: &[&str] = &[
    "a", "about", "also", "am", "an", "and", "any", "are", "as", "at", "be", "because", "been", "before", "being", "but",
    "by", "can", "could", "did", "do", "does", "doing", "during", "each", "for", "from", "had", "has", "have", "having",
    "he", "her", "here", "hers", "him", "his", "how", "i", "i'd", "i'll", "i'm", "i've", "if", "in", "into", "is", "it",
    "it's", "its", "just", "let", "let's", "me", "mine", "my", "myself", "of", "on", "or", "our", "ours", "ourselves",
    "shall", "she", "should", "so", "some", "such", "than", "that", "that's", "the", "their", "theirs", "them",
    "themselves", "then", "there", "there's", "these", "they", "they're", "this", "those", "through", "to", "too",
    "until", "upon", "us", "very", "was", "we", "we'd", "we'll", "we're", "we've", "were", "what", "what's", "when", "where",
    "which", "while", "who", "whom", "whose", "will", "with", "would", "you", "you'd", "you'll", "you're", "you've", "your",
    "yours", "yourself", "yourselves",
];

/// Words that mark a text as English although they are no stop words. Sorted.
#[rustfmt::skip]
const ENGLISH_COURTESY: &[&str] = &[
    "can't", "cannot", "don't", "good", "hello", "help", "hey", "hi", "need", "no", "not", "please", "sorry", "thank",
    "thanks", "want", "why", "yes",
];

/// Particles, auxiliaries and verbs and nouns that only carry grammar. Sorted by code point.
#[rustfmt::skip]
const JAPANESE: &[&str] = &[
    "あ", "あの", "ある", "あれ", "いう", "いく", "いただく", "いただける", "いる", "う", "え", "えっと", "お",
    "おく", "おる", "か", "から", "が", "ください", "くださる", "くらい", "くる", "くれる", "ぐらい", "けど",
    "けれど", "けれども", "ここ", "こと", "この", "これ", "ご", "ござる", "さ", "させる", "し", "しか", "しまう",
    "する", "せる", "そう", "そこ", "そして", "その", "それ", "ぞ", "た", "ため", "たり", "だ", "だけ", "ちょっと",
    "って", "つつ", "て", "で", "です", "では", "でも", "と", "とか", "ところ", "な", "ながら", "など", "なる", "に",
    "ね", "の", "ので", "のに", "は", "ば", "ばかり", "へ", "ほど", "ます", "また", "まで", "みる", "も", "もの",
    "もらう", "もらえる", "や", "よ", "よう", "より", "らしい", "られる", "れる", "わ", "を",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::words;

    #[test]
    fn lists_are_sorted_and_unique() {
        for list in [ENGLISH, ENGLISH_COURTESY, JAPANESE] {
            let wrong = list.windows(2).find(|pair| pair[0] >= pair[1]);
            assert_eq!(wrong, None);
        }
    }

    #[test]
    fn a_bots_own_words_are_added_whatever_their_form() {
        let list = StopWords::new(Language::En, &["Ｎａｋａｉ ".to_owned()]);
        let text = Normalised::of("The NAKAI inn");
        let stop: Vec<bool> = words(&text).iter().map(|word| list.contains(word)).collect();
        assert_eq!(stop, [true, true, false]);
    }
}
