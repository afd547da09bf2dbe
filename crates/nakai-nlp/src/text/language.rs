use nakai_types::Language;

use super::{
    Normalised,
    scan::{Kind, Scan, is_han, is_kana},
    stop_words::is_common_english,
};

/// The language of an utterance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Detected {
    /// The language in which to read and to answer.
    pub language: Language,
    /// Whether it has whole words of another language too. A name or a brand (`Wi-Fi`, `Apple Pay`, `東京`) is none.
    pub mixed: bool,
}

/// What a text shows of its language.
#[derive(Default)]
struct Signs {
    /// Unbroken stretches of Japanese script, and whether any kana is among it.
    japanese_runs: usize,
    kana: bool,
    /// Words in Latin letters; ids, numbers and addresses are none.
    latin_words: usize,
    /// Those of them that every English text is full of (`the`, `is`, `please`).
    common_words: usize,
    /// Whether two Latin words follow each other of which the second is written small: no brand, but a phrase.
    phrase: bool,
}

/// Finds the language of a text. `requested` decides if there is one. Else the script does: kana are Japanese, unless they are
/// quoted in an English sentence (`What does おもてなし mean?`), and Latin words are English. Where the script says nothing (digits,
/// ids, Han characters only, one word that may be a name), the language of the conversation so far decides, then `default`.
pub fn detect(
    text: &Normalised<'_>,
    requested: Option<Language>,
    previous: Option<Language>,
    default: Language,
) -> Detected {
    let signs = Signs::of(text.as_str());
    let language = requested
        .or_else(|| signs.language(previous))
        .or(previous)
        .unwrap_or(default);
    let mixed = match language {
        Language::Ja => signs.common_words > 0 || signs.phrase,
        Language::En => signs.kana || (signs.japanese_runs > 0 && signs.latin_words == 0),
    };
    Detected { language, mixed }
}

impl Signs {
    fn of(text: &str) -> Self {
        let mut signs = Self::default();
        if !text.is_ascii() {
            let mut inside = false;
            for c in text.chars() {
                let kana = is_kana(c);
                signs.kana |= kana;
                let japanese = kana || is_han(c);
                signs.japanese_runs += usize::from(japanese && !inside);
                inside = japanese;
            }
        }
        let mut last_end = None;
        for word in Scan::of(text).filter(|word| word.kind == Kind::Word) {
            let surface = text.get(word.range.clone()).unwrap_or_default();
            if !is_latin_word(surface) {
                continue;
            }
            signs.latin_words += 1;
            signs.common_words += usize::from(is_common_english(surface));
            let follows = last_end.is_some_and(|end: usize| text.get(end..word.range.start) == Some(" "));
            signs.phrase |= follows && surface.starts_with(char::is_lowercase);
            last_end = Some(word.range.end);
        }
        signs
    }

    /// What the script alone says.
    const fn language(&self, previous: Option<Language>) -> Option<Language> {
        let quotes_japanese = self.common_words >= 2 && self.latin_words >= 2 * self.japanese_runs;
        if self.kana {
            return Some(if quotes_japanese { Language::En } else { Language::Ja });
        }
        match (self.latin_words, self.common_words) {
            (_, 1..) => Some(Language::En),
            (0, 0) => None,
            _ if self.japanese_runs > 0 => None,
            // One word may be a name that is the same in both languages: it does not turn a conversation round.
            (1, 0) if previous.is_some() => None,
            _ => Some(Language::En),
        }
    }
}

/// Says whether a word is of Latin letters only (`don't` and `check-in` are, `E1042` and `привет` are not).
fn is_latin_word(surface: &str) -> bool {
    surface.chars().all(|c| match c {
        '\'' | '-' | '.' => true,
        _ => c.is_ascii_alphabetic() || matches!(c, '\u{c0}'..='\u{24f}'),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use Language::{En, Ja};

    #[test]
    fn the_script_decides_then_the_conversation_then_the_bot() {
        for (text, previous, default, language, mixed) in [
            ("チェックインは何時ですか", None, En, Ja, false),
            ("What time is check-in?", None, Ja, En, false),
            ("refund", None, Ja, En, false),
            ("Hello", Some(Ja), Ja, En, false),
            ("I want to cancel", Some(Ja), Ja, En, false),
            // Nothing to go by.
            ("料金", None, Ja, Ja, false),
            ("東京駅", Some(Ja), En, Ja, false),
            ("12", Some(En), Ja, En, false),
            ("R-204815", Some(Ja), En, Ja, false),
            ("taro@example.jp", None, Ja, Ja, false),
            ("👍", Some(En), Ja, En, false),
            ("", None, Ja, Ja, false),
            ("привет", None, En, En, false),
            ("PayPay", Some(Ja), En, Ja, false),
            ("JR 東京駅", None, Ja, Ja, false),
            // Names and brands do not make a text mixed.
            ("Wi-Fiは使えますか", None, En, Ja, false),
            ("wifiのパスワード", None, En, Ja, false),
            ("Apple Payで払えますか", None, En, Ja, false),
            // Words do.
            ("チェックアウト time は何時 please", None, En, Ja, true),
            ("late check out できますか", None, En, Ja, true),
            ("返金 please", None, Ja, En, false),
            ("What does おもてなし mean?", None, Ja, En, true),
            ("この error message が出ます", None, En, Ja, true),
        ] {
            let found = detect(&Normalised::of(text), None, previous, default);
            assert_eq!(found, Detected { language, mixed }, "{text}");
        }
    }

    #[test]
    fn the_requested_language_decides_over_the_script() {
        let found = detect(&Normalised::of("チェックインは何時ですか"), Some(En), Some(Ja), Ja);
        assert_eq!(
            found,
            Detected {
                language: En,
                mixed: true
            }
        );
    }
}
