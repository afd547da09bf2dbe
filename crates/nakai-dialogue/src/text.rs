//! Small services for words: folding, cutting, and a digest that never changes.

use std::borrow::Cow;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

/// Makes two ways of typing the same thing equal: NFKC, lower case, no space or punctuation around it.
pub(crate) fn fold(text: &str) -> String {
    let around = |c: char| {
        c.is_whitespace()
            || matches!(
                c,
                '。' | '、' | '.' | ',' | '!' | '！' | '?' | '？' | '…' | '「' | '」' | '"' | '~' | '〜' | '♪'
            )
    };
    let normal: Cow<'_, str> = match is_nfkc_quick(text.chars()) {
        IsNormalized::Yes => Cow::Borrowed(text),
        _ => Cow::Owned(text.nfkc().collect()),
    };
    normal.to_lowercase().trim_matches(around).to_owned()
}

/// Gives at most `chars` characters, with `…` where something was cut.
pub(crate) fn shortened(text: &str, chars: usize) -> String {
    match text.char_indices().nth(chars) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}

/// FNV-1a with 64 bits over parts: the same on every machine and in every release, unlike the standard library's hasher.
pub(crate) fn digest<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for part in parts {
        for byte in part.iter().chain(&[0xff]) {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    hash
}

/// Says whether `word` occurs in `text` (both folded): as whole words if it is Latin, anywhere if it is Japanese.
pub(crate) fn mentions(text: &str, word: &str) -> bool {
    positions(text, word).next().is_some()
}

/// Where `word` occurs in `text`, in bytes; see [`mentions`].
pub(crate) fn positions<'a>(text: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    let latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    text.match_indices(if word.is_empty() { "\0" } else { word })
        .map(|(start, _)| start)
        .filter(move |start| {
            let (before, after) = (
                text[..*start].chars().next_back(),
                text[start + word.len()..].chars().next(),
            );
            let joined_before = latin(word.chars().next()) && latin(before);
            let joined_after = latin(word.chars().next_back()) && latin(after);
            !joined_before && !joined_after
        })
}

/// Says whether an utterance (folded) has the form of a question.
pub(crate) fn is_question(original: &str, folded: &str) -> bool {
    const JAPANESE_ENDS: [&str; 9] = [
        "か",
        "かな",
        "かね",
        "かしら",
        "の?",
        "って",
        "でしたっけ",
        "だっけ",
        "でしょう",
    ];
    const JAPANESE_WORDS: [&str; 11] = [
        "何時",
        "いつ",
        "どこ",
        "いくら",
        "どうやって",
        "どうすれば",
        "どうしたら",
        "なぜ",
        "どれ",
        "どの",
        "教えて",
    ];
    const ENGLISH_STARTS: [&str; 21] = [
        "what", "what's", "when", "where", "where's", "how", "why", "who", "which", "is", "are", "do", "does", "did",
        "can", "could", "will", "would", "may", "should", "tell",
    ];
    original.contains(['?', '？'])
        || JAPANESE_ENDS.iter().any(|end| folded.ends_with(end))
        || JAPANESE_WORDS.iter().any(|word| folded.contains(word))
        || folded
            .split_whitespace()
            .next()
            .is_some_and(|first| ENGLISH_STARTS.contains(&first))
}

/// Takes politeness off the end of an answer (folded): `明日でお願いします` is `明日`, `tomorrow please` is `tomorrow`.
pub(crate) fn without_politeness(folded: &str) -> &str {
    const POLITE: [&str; 12] = [
        "でお願いいたします",
        "でお願いします",
        "お願いいたします",
        "お願いします",
        "でおねがいします",
        "になります",
        "でございます",
        "です",
        "だ",
        "で",
        "please",
        "thanks",
    ];
    let mut rest = folded;
    while let Some(shorter) = POLITE.iter().find_map(|end| rest.strip_suffix(end)) {
        rest = shorter.trim_end_matches([' ', ',', '、', '。', '.']);
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_joins_ways_of_typing() {
        for (typed, same) in [
            ("ＡＢＣ！", "abc"),
            (" Yes. ", "yes"),
            ("ﾂｲﾝ", "ツイン"),
            ("はい。", "はい"),
            ("", ""),
            ("？", ""),
        ] {
            assert_eq!(fold(typed), same);
        }
    }

    #[test]
    fn latin_words_match_whole_and_japanese_ones_anywhere() {
        assert!(mentions("a twin room", "twin"));
        assert!(!mentions("twins", "twin"));
        assert!(!mentions("twin", ""));
        assert!(mentions("ツインの部屋", "ツイン"));
    }

    #[test]
    fn questions_are_known_by_their_form() {
        for (text, expected) in [
            ("お風呂は何時まで", true),
            ("行けますか", true),
            ("Is there a bath", true),
            ("breakfast?", true),
            ("明日です", false),
            ("3 people", false),
        ] {
            assert_eq!(is_question(text, &fold(text)), expected, "{text}");
        }
    }

    #[test]
    fn politeness_comes_off() {
        for (text, bare) in [
            ("明日でお願いします", "明日"),
            ("tomorrow, please", "tomorrow"),
            ("3名です", "3名"),
            ("です", ""),
        ] {
            assert_eq!(without_politeness(text), bare);
        }
    }
}
