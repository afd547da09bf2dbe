//! Sentences that state nothing a passage could support: thanks, regrets, offers to help, questions, and that something is not known.

use crate::terms::{Terms, is_japanese};

/// Beginnings and phrases, in lower case.
const PHRASES: &[&str] = &[
    "of course",
    "certainly",
    "sure",
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
    "hello",
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
    "have a ",
    "enjoy your",
    "see you",
    "if you have any",
    "any other question",
    "anything else",
    "here is",
    "here are",
    "please contact",
    "please ask",
    "i can help",
    "i can't help",
    "ありがとうございます",
    "お問い合わせ",
    "もちろん",
    "かしこまりました",
    "承知",
    "申し訳",
    "恐れ入り",
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
    "はい、",
    "いいえ、",
    "こんにちは",
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
pub(crate) fn states_nothing(folded: &str, terms: &Terms) -> bool {
    let lower = folded.to_lowercase();
    let lower = lower.trim();
    if terms.words.is_empty() {
        return true;
    }
    let question = lower.ends_with('?') || (is_japanese(lower) && (lower.ends_with("か。") || lower.ends_with("か")));
    if question && !is_assertive_question(lower) {
        return true;
    }
    let welcomes = lower.contains("お待ちして") && !lower.contains("でお待ちして");
    terms.words.len() <= MOST_WORDS && (welcomes || PHRASES.iter().any(|phrase| says(lower, phrase)))
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
    use crate::terms::{TermFinder, fold};

    #[test]
    fn courtesy_states_nothing_and_news_does() {
        let finder = TermFinder::new();
        let nothing = |text: &str| {
            let folded = fold(text);
            states_nothing(&folded, &finder.terms(&folded))
        };
        for text in [
            "Of course!",
            "Thank you for your question.",
            "I'm sorry, I don't know that.",
            "Would you like me to book a taxi?",
            "お問い合わせありがとうございます。",
            "申し訳ございませんが、わかりかねます。",
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
        ] {
            assert!(!nothing(text), "{text}");
        }
    }
}
