//! Answers in Japanese, which writes no spaces.

use std::ops::Range;

use super::{
    Found,
    words::{Meaning, Words},
};

/// The politeness that may follow an answer in Japanese.
const TAILS: [&str; 28] = [
    "ですよね",
    "ですよ",
    "ですね",
    "ですが",
    "ですので",
    "ですから",
    "です",
    "でーす",
    "だと思います",
    "だと思う",
    "と思います",
    "だよね",
    "だよ",
    "だね",
    "だな",
    "だ",
    "ます",
    "でした",
    "でございます",
    "じゃ",
    "よね",
    "よ",
    "ね",
    "な",
    "わ",
    "っす",
    "ー",
    "っ",
];

/// Words that are an answer also where the next word follows without a mark: はい明日で, いいえ東京です.
const INTERJECTIONS: [&str; 3] = ["はい", "いいえ", "ハイ"];

/// What makes a sentence before it an answer: 明日でいいです, その日で大丈夫です.
const AGREEING_ENDS: [&str; 12] = [
    "でいいです",
    "で良いです",
    "でよいです",
    "でいい",
    "で大丈夫です",
    "で大丈夫",
    "で結構です",
    "で構いません",
    "でかまいません",
    "で問題ありません",
    "でお願いします",
    "でおねがいします",
];
/// The same of a refusal: 朝食は要りません.
const REFUSING_ENDS: [&str; 12] = [
    "は要りません",
    "はいりません",
    "はいらない",
    "はいらないです",
    "は不要です",
    "は結構です",
    "は必要ありません",
    "は必要ないです",
    "は違います",
    "ではありません",
    "じゃないです",
    "はしません",
];

/// What may come before an answer: やっぱりやめます.
const BEGINNINGS: [&str; 16] = [
    "やっぱり",
    "やはり",
    "まあ",
    "まぁ",
    "それで",
    "それは",
    "それなら",
    "じゃあ",
    "では",
    "たぶん",
    "多分",
    "とりあえず",
    "私は",
    "今回は",
    "あ",
    "いま",
];

/// Reads a token as an answer: words and their politeness from its beginning to its end, or an end that makes it one.
pub(super) fn in_token(words: &Words, text: &str, token: &Range<usize>) -> Option<Found> {
    let whole = text.get(token.clone())?;
    let begun = BEGINNINGS.iter().filter_map(|beginning| whole.strip_prefix(beginning));
    let said = std::iter::once(whole).chain(begun).find_map(|said| {
        let (length, meaning) = answer(words, said)?;
        let start = token.end - said.len();
        Some((start..start + length, meaning))
    });
    let (range, meaning) = said.or_else(|| {
        let end = |ends: &[&str]| ends.iter().find(|end| whole.ends_with(**end)).map(|end| end.len());
        let (length, agrees) = match (end(&AGREEING_ENDS), end(&REFUSING_ENDS)) {
            (Some(length), _) => (length, true),
            (None, Some(length)) => (length, false),
            (None, None) => return None,
        };
        Some((token.end - length..token.end, Meaning::Answer { agrees, plain: false }))
    })?;
    Some(Found {
        range,
        tokens: 1,
        meaning,
    })
}

/// The length and the meaning of the first answer of a text that is nothing but answers, or begins with an interjection.
fn answer(words: &Words, said: &str) -> Option<(usize, Meaning)> {
    let mut first: Option<(usize, Meaning)> = None;
    let mut rest = said;
    while let Some((length, meaning)) = words.longest_prefix(rest) {
        let tail = rest.get(length..).unwrap_or_default();
        let polite = TAILS.iter().find(|polite| tail.starts_with(**polite));
        let end = length + polite.map_or(0, |polite| polite.len());
        let interjection = first.is_none() && INTERJECTIONS.iter().any(|word| rest.get(..length) == Some(word));
        let (end, meaning) = *first.get_or_insert((end, meaning));
        let left = tail.get(polite.map_or(0, |polite| polite.len())..).unwrap_or_default();
        // はいふ is a word of its own, はい明日で is not.
        let goes_on = left.chars().next().is_some_and(|c| !matches!(c, 'ぁ'..='ゖ' | 'ー'));
        if left.is_empty() || (interjection && goes_on) {
            return Some((end, meaning));
        }
        rest = left;
    }
    None
}
