//! Sentences that state nothing a passage could support: thanks, regrets, offers to help, questions, and that something is not known.

use crate::terms::{TermFinder, Terms, is_japanese};

/// What a sentence may begin with and go on to state anything: `はい、犬も泊まれます。`
const INTERJECTIONS: &[&str] = &[
    "of course",
    "certainly",
    "absolutely",
    "sure thing",
    "sure",
    "yes",
    "no",
    "hello",
    "i'm sorry, but",
    "i'm sorry,",
    "i am sorry, but",
    "i am sorry,",
    "we're sorry, but",
    "sorry, but",
    "sorry,",
    "unfortunately,",
    "はい",
    "いいえ",
    "もちろんです",
    "もちろん",
    "かしこまりました",
    "承知いたしました",
    "承知しました",
    "こんにちは",
    "申し訳ございませんが",
    "申し訳ありませんが",
    "恐れ入りますが",
];
/// Phrases, in lower case. A sentence that has one, and few words besides, is courtesy.
const PHRASES: &[&str] = &[
    "thank you",
    "thanks for",
    "you're welcome",
    "i'm happy to",
    "i am happy to",
    "glad to",
    "happy to help",
    "let me know",
    "feel free",
    "i hope",
    "we hope",
    "welcome to",
    "good question",
    "i'm sorry",
    "i am sorry",
    "we're sorry",
    "sorry,",
    "apolog",
    "unfortunately, i",
    "i don't know",
    "i do not know",
    "i don't have",
    "i do not have",
    "i couldn't find",
    "i could not find",
    "i can't find",
    "no information",
    "not sure",
    "have a nice",
    "have a good",
    "have a great",
    "have a lovely",
    "have a pleasant",
    "have a safe",
    "enjoy your",
    "see you",
    "if you have any",
    "any other question",
    "anything else",
    "here is what",
    "here is the information",
    "here are the details",
    "please contact",
    "please ask",
    "i can help",
    "i can't help",
    "ありがとうございます",
    "お問い合わせ",
    "申し訳ございません",
    "申し訳ありません",
    "恐れ入ります",
    "お気軽に",
    "ご不明",
    "ご質問",
    "お手伝い",
    "わかりません",
    "分かりません",
    "わかりかね",
    "お答えできません",
    "情報がありません",
    "情報がございません",
    "記載がありません",
    "記載がございません",
    "見つかりません",
    "お役に立て",
    "以下のとおり",
    "以下の通り",
    "次のとおり",
    "ご案内します",
    "ご案内いたします",
    "お楽しみください",
    "お問い合わせください",
    "お尋ねください",
];
/// A sentence with more words of its own than this states something, whatever phrase it begins with.
const MOST_WORDS: usize = 4;

/// Whether a folded sentence without numbers states nothing.
pub(crate) fn states_nothing(folded: &str, terms: &Terms, finder: &TermFinder) -> bool {
    let lower = folded.to_lowercase();
    let whole = lower.trim();
    let lower = without_interjections(whole);
    let words = if lower.len() < whole.len() {
        finder.terms(lower).words.len()
    } else {
        terms.words.len()
    };
    if words == 0 {
        return true;
    }
    let question = lower.ends_with('?') || (is_japanese(lower) && (lower.ends_with("か。") || lower.ends_with("か")));
    if question && !is_assertive_question(lower) {
        return true;
    }
    let welcomes = lower.contains("お待ちして") && !lower.contains("でお待ちして");
    words <= MOST_WORDS && (welcomes || PHRASES.iter().any(|phrase| says(lower, phrase)))
}

/// What is left of a sentence behind the interjections that begin it.
fn without_interjections(mut text: &str) -> &str {
    let is_pause = |c: char| c.is_whitespace() || matches!(c, ',' | '.' | '!' | '、' | '。' | '！' | '-' | '–' | '—');
    while let Some(rest) = INTERJECTIONS.iter().find_map(|begin| text.strip_prefix(begin)) {
        // `Surely` and `はいつも` are other words.
        if !(rest.is_empty() || rest.starts_with(is_pause) || text[..text.len() - rest.len()].ends_with(is_pause)) {
            break;
        }
        text = rest.trim_start_matches(is_pause);
    }
    text
}

/// Whether a text has a phrase, which begins with a whole word if it is Latin.
fn says(text: &str, phrase: &str) -> bool {
    text.match_indices(phrase).any(|(at, _)| {
        let inside = text[..at].ends_with(|c: char| c.is_ascii_alphanumeric());
        !(inside && phrase.starts_with(|c: char| c.is_ascii_alphanumeric()))
    })
}

/// A question that states something: "Did you know that ...?"
fn is_assertive_question(lower: &str) -> bool {
    ["did you know", "ご存じ", "ご存知"]
        .iter()
        .any(|phrase| lower.contains(phrase))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terms::fold;

    #[test]
    fn courtesy_states_nothing_and_news_does() {
        let finder = TermFinder::new();
        let nothing = |text: &str| {
            let folded = fold(text);
            states_nothing(&folded, &finder.terms(&folded), &finder)
        };
        for text in [
            "Of course!",
            "Thank you for your question.",
            "I'm sorry, I don't know that.",
            "Would you like me to book a taxi?",
            "お問い合わせありがとうございます。",
            "申し訳ございませんが、わかりかねます。",
            "Yes, of course! Have a nice stay.",
            "はい、かしこまりました。",
            "I'm sorry, but I could not find that.",
            "申し訳ございません。",
            "ほかにご質問はございますか。",
            "皆様のお越しをお待ちしております。",
        ] {
            assert!(nothing(text), "{text}");
        }
        for text in [
            "There is a swimming pool on the roof.",
            "屋上にプールがございます。",
            "西口でお待ちしております。",
            "Of course, our swimming pool on the roof is heated all winter.",
            "Yes, dogs are allowed.",
            "Of course, pets can stay.",
            "We have a sauna.",
            "If they have a cat, they must bring a cat.",
            "Make sure to bring towels.",
            "Here is our pool.",
            "I'm sorry, but the bath is closed.",
            "はい、犬も泊まれます。",
            "いいえ、犬は泊まれません。",
            "もちろん、プールもございます。",
            "申し訳ございませんが、駐車場はありません。",
        ] {
            assert!(!nothing(text), "{text}");
        }
    }
}
