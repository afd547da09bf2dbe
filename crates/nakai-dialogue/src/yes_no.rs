//! Yes and no, in both languages whatever the conversation's: people type `OK` in Japanese too.

use crate::text::mentions;

/// What an utterance says, and whether it says nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct YesNo {
    pub(crate) yes: bool,
    pub(crate) nothing_else: bool,
}

// `大丈夫です` and `結構です` alone mean yes to "is this right?" and no to "would you like it?": they are left to the bot's own intents.
const YES_JA: [&str; 29] = [
    "はい",
    "ええ",
    "うん",
    "そうです",
    "そう",
    "お願いします",
    "お願いいたします",
    "おねがいします",
    "お願い",
    "それで大丈夫です",
    "それで結構です",
    "それでいいです",
    "それでお願いします",
    "いいですよ",
    "いいよ",
    "問題ありません",
    "問題ないです",
    "了解",
    "了解です",
    "承知しました",
    "わかりました",
    "もちろん",
    "ぜひ",
    "正しいです",
    "合っています",
    "合ってます",
    "間違いありません",
    "間違いないです",
    "希望します",
];
const NO_JA: [&str; 19] = [
    "いいえ",
    "いえ",
    "いや",
    "いやです",
    "ううん",
    "違います",
    "違う",
    "ちがいます",
    "ちがう",
    "だめ",
    "だめです",
    "ダメです",
    "やめます",
    "やめておきます",
    "不要です",
    "いりません",
    "要りません",
    "必要ありません",
    "遠慮します",
];
const YES_EN: [&str; 23] = [
    "yes",
    "yeah",
    "yep",
    "yup",
    "y",
    "sure",
    "ok",
    "okay",
    "right",
    "correct",
    "exactly",
    "please",
    "absolutely",
    "definitely",
    "fine",
    "of course",
    "go ahead",
    "sounds good",
    "that's right",
    "that is right",
    "that's correct",
    "please do",
    "i do",
];
const NO_EN: [&str; 14] = [
    "no",
    "nope",
    "nah",
    "n",
    "not really",
    "no thanks",
    "no thank you",
    "don't",
    "do not",
    "negative",
    "wrong",
    "that's wrong",
    "not correct",
    "i don't",
];
/// What may stand beside yes or no without adding anything.
const FILLERS: [&str; 8] = [
    "お願いします",
    "お願いいたします",
    "おねがいします",
    "大丈夫です",
    "結構です",
    "please",
    "thank you",
    "thanks",
];

/// Reads yes or no at the head of a folded utterance.
pub(crate) fn parse(folded: &str) -> Option<YesNo> {
    let (yes, no) = (head(folded, &YES_JA, &YES_EN), head(folded, &NO_JA, &NO_EN));
    let (yes, length) = match (yes, no) {
        (None, None) => return None,
        (Some(length), None) => (true, length),
        (None, Some(length)) => (false, length),
        (Some(a), Some(b)) => (a > b, a.max(b)),
    };
    let around = |c: char| c.is_whitespace() || ",、。.!-".contains(c);
    let rest = folded[length..].trim_matches(around);
    let contradicted = if yes {
        NO_EN.iter().any(|word| word.len() > 1 && mentions(rest, word))
    } else {
        head(rest, &YES_JA[..1], &YES_EN[..1]).is_some()
    };
    let nothing_else = rest.is_empty()
        || FILLERS.contains(&rest)
        || [&YES_JA[..], &YES_EN[..]]
            .iter()
            .any(|words| yes && words.contains(&rest))
        || [&NO_JA[..], &NO_EN[..]]
            .iter()
            .any(|words| !yes && words.contains(&rest));
    (!contradicted).then_some(YesNo { yes, nothing_else })
}

/// The length of the longest of the words with which the text begins. A Latin word must end there; a Japanese one must be followed by
/// a pause or politeness, because `いや` also begins `いやな` and `はい` begins `はいる`.
fn head(text: &str, japanese: &[&str], latin: &[&str]) -> Option<usize> {
    let ends_latin = |rest: &str| !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '\'');
    let ends_japanese = |rest: &str| {
        rest.is_empty()
            || rest.starts_with(|c: char| c.is_whitespace() || "、。,.!".contains(c))
            || FILLERS.iter().any(|f| rest.starts_with(f))
            || rest.starts_with("です")
    };
    let japanese = japanese
        .iter()
        .filter(|word| text.strip_prefix(**word).is_some_and(ends_japanese));
    let latin = latin
        .iter()
        .filter(|word| text.strip_prefix(**word).is_some_and(ends_latin));
    japanese.chain(latin).map(|word| word.len()).max()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yes_and_no_are_known_in_both_languages() {
        for (text, yes, nothing_else) in [
            ("はい", true, true),
            ("はい、お願いします", true, true),
            ("お願いします", true, true),
            ("それで結構です", true, true),
            ("いいえ", false, true),
            ("いえ、大丈夫です", false, true),
            ("いいえ、3名です", false, false),
            ("Yes!", true, true),
            ("yes please", true, true),
            ("OK", true, true),
            ("ok, what time is breakfast?", true, false),
            ("no thank you", false, true),
            ("no, 3 people", false, false),
            ("ＯＫ", true, true),
            ("No.", false, true),
            ("違います", false, true),
        ] {
            let parsed = parse(&crate::text::fold(text)).unwrap_or_else(|| panic!("{text}"));
            assert_eq!((parsed.yes, parsed.nothing_else), (yes, nothing_else), "{text}");
        }
    }

    #[test]
    fn other_words_are_neither() {
        for text in [
            "",
            "はいる",
            "いやな感じ",
            "大丈夫です",
            "nothing",
            "yesterday",
            "okinawa",
            "明日",
            "yes, no, wait",
        ] {
            assert_eq!(parse(&crate::text::fold(text)), None, "{text}");
        }
    }
}
