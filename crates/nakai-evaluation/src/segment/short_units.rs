//! Makes the short units of Universal Dependencies (those of UniDic) of IPADIC's words.
//!
//! The two dictionaries draw the borders of words by other rules, not by other readings of a text. These rules cross over, each for a
//! class of words; `function_words` has the words of closed classes.
//!
//! | rule | IPADIC | short units |
//! |---|---|---|
//! | particles with a verb | `について` | `に` `つい` `て` |
//! | particles, conjunctions and adverbs with a particle | `ので`, `だから`, `本当に` | `の` `で`, `だ` `から`, `本当` `に` |
//! | demonstratives with what they point at | `その後`, `こういう`, `これら` | `その` `後`, `こう` `いう`, `これ` `ら` |
//! | numbers with a counter | `一つ` | `一` `つ` |
//! | nouns with a suffix, honorific nouns | `弁護士`, `圧倒的`, `お願い` | `弁護` `士`, `圧倒` `的`, `お` `願い` |
//! | names and marks in one word | `レアル・マドリード` | `レアル` `・` `マドリード` |
//! | the volitional `う`, powers of ten | `でしょ` `う`, `三` `十` | `でしょう`, `三十` |

mod function_words;

use super::Word;

/// Final characters that are words of their own after two Han characters.
const SUFFIXES: &str = "車所生人士館地日式部語院機店師堂病";
/// Marks that are words of their own.
const MARKS: &str = "・、。「」『』“”（）";

/// Gives the short units of a sentence.
pub(super) fn of(words: Vec<Word>, sentence: &str) -> Vec<Word> {
    let mut units: Vec<Word> = Vec::with_capacity(words.len() + words.len() / 8);
    for word in words {
        let surface = sentence.get(word.range.clone()).unwrap_or_default();
        if let Some(before) = units.last_mut()
            && before.range.end == word.range.start
            && (is_volitional(surface, &word) && matches!(before.categories[0], "動詞" | "助動詞" | "形容詞")
                || is_power_of_ten(surface, &word) && is_digit(before, sentence))
        {
            before.range.end = word.range.end;
            continue;
        }
        let mut start = word.range.start;
        for cut in cuts(surface, &word.categories) {
            let end = start + cut;
            units.push(Word {
                range: start..end,
                categories: word.categories,
            });
            start = end;
        }
    }
    units
}

/// `う` of `行こう` and `よう` of `食べよう`.
fn is_volitional(surface: &str, word: &Word) -> bool {
    word.categories[0] == "助動詞" && matches!(surface, "う" | "よう")
}

/// `十` of `三十`.
fn is_power_of_ten(surface: &str, word: &Word) -> bool {
    word.categories[1] == "数" && matches!(surface, "十" | "百" | "千")
}

fn is_digit(word: &Word, sentence: &str) -> bool {
    let surface = sentence.get(word.range.clone()).unwrap_or_default();
    word.categories[1] == "数" && head(surface, 1) == surface && "二三四五六七八九数".contains(surface)
}

/// The lengths in bytes of the units of a word: all of it, in order.
fn cuts(surface: &str, categories: &[&str; 4]) -> Vec<usize> {
    let parts: Vec<&str> = match categories {
        ["助詞", "格助詞", "連語", _] => compound_particle(surface),
        ["助詞" | "接続詞" | "副詞" | "連体詞" | "感動詞" | "フィラー", ..] => {
            function_word(surface, categories[0])
        }
        ["名詞", minor, ..] => noun(surface, minor),
        _ => Vec::new(),
    };
    if parts.is_empty() {
        vec![surface.len()]
    } else {
        parts.iter().map(|part| part.len()).collect()
    }
}

/// `について`: a particle and a form of a verb, which may end with a particle or auxiliary of its own.
fn compound_particle(surface: &str) -> Vec<&str> {
    let first = if surface.starts_with("って") {
        "って"
    } else {
        head(surface, 1)
    };
    let rest = &surface[first.len()..];
    let mut parts = vec![first];
    match rest {
        "" => {}
        "おける" => parts.extend(["おけ", "る"]),
        _ => match before_last(rest, &["て", "で", "た", "に"]) {
            Some((stem, end)) => parts.extend([stem, end]),
            None => parts.push(rest),
        },
    }
    parts
}

fn function_word<'s>(surface: &'s str, class: &str) -> Vec<&'s str> {
    if let Some(lengths) = function_words::find(surface, class) {
        let mut rest = surface;
        return lengths
            .iter()
            .map(|length| {
                let part = head(rest, *length);
                rest = &rest[part.len()..];
                part
            })
            .collect();
    }
    let has_ni = class == "副詞" && !function_words::ADVERBS_WITH_NI.contains(&surface);
    let ends: &[&str] = if has_ni { &["に", "的"] } else { &["的"] };
    before_last(surface, ends).map_or(Vec::new(), |(stem, end)| vec![stem, end])
}

fn noun<'s>(surface: &'s str, minor: &str) -> Vec<&'s str> {
    let length = surface.chars().count();
    if length < 2 {
        return Vec::new();
    }
    if surface.contains(|c| MARKS.contains(c)) {
        return surface
            .split_inclusive(|c| MARKS.contains(c))
            .flat_map(mark_after_text)
            .collect();
    }
    for demonstrative in ["その", "この", "あの", "どの"] {
        if let Some(rest) = surface
            .strip_prefix(demonstrative)
            .filter(|_| minor != "固有名詞" && surface != "この世")
        {
            return vec![&surface[..demonstrative.len()], rest];
        }
    }
    let end: &[&str] = match minor {
        "代名詞" if !surface.ends_with("ちら") => &["ら", "さん", "つ"],
        "形容動詞語幹" if length > 2 => &["的"],
        "接尾" => &["目"],
        _ if length == 2 && "一二三四五六七八九幾".contains(head(surface, 1)) => &["つ"],
        _ if matches!(surface, "ひとつ" | "ふたつ" | "みっつ") => &["つ"],
        _ => &[],
    };
    if let Some((stem, end)) = before_last(surface, end) {
        return vec![stem, end];
    }
    if matches!(surface, "年代" | "年生") && minor == "接尾" {
        return vec![head(surface, 1), &surface["年".len()..]];
    }
    if minor == "サ変接続"
        && let Some(rest) = surface.strip_prefix('お')
    {
        return vec![&surface[.."お".len()], rest];
    }
    let is_suffixed = length == 3
        && matches!(minor, "一般" | "サ変接続" | "副詞可能")
        && surface.chars().all(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    match surface.char_indices().next_back() {
        Some((at, last)) if is_suffixed && SUFFIXES.contains(last) => vec![&surface[..at], &surface[at..]],
        _ => Vec::new(),
    }
}

/// A text that ends with a mark, as the text and the mark.
fn mark_after_text(part: &str) -> Vec<&str> {
    match part.char_indices().next_back() {
        Some((at, last)) if at > 0 && MARKS.contains(last) => vec![&part[..at], &part[at..]],
        _ => vec![part],
    }
}

/// Cuts a text before one of `ends`, if anything stands before it.
fn before_last<'s>(text: &'s str, ends: &[&str]) -> Option<(&'s str, &'s str)> {
    let end = ends.iter().find(|end| text.ends_with(**end))?;
    let (stem, end) = text.split_at(text.len() - end.len());
    (!stem.is_empty()).then_some((stem, end))
}

/// The first characters of a text.
fn head(text: &str, characters: usize) -> &str {
    let end = text.char_indices().nth(characters).map_or(text.len(), |(at, _)| at);
    &text[..end]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::segment::Analyser;

    fn units(sentence: &str) -> String {
        let words = of(Analyser::default().words(sentence), sentence);
        let surfaces: Vec<&str> = words.iter().map(|word| &sentence[word.range.clone()]).collect();
        surfaces.join("|")
    }

    #[test]
    fn borders_are_those_of_short_units() {
        for units_of_it in [
            "それ|に|つい|て|話す",
            "東京|に|おけ|る|話",
            "雨|な|の|で|行か|ない",
            "本当|に|楽しい",
            "特に|楽しい",
            "その|後|行く",
            "そう|いう|話",
            "これ|ら|の|話",
            "こちら|へ",
            "一|つ|ください",
            "弁護|士|に|相談",
            "圧倒|的|だ",
            "お|願い|し|ます",
            "行く|でしょう",
            "一緒|に|行こう",
            "三十|人",
            "三|番|目",
        ] {
            let sentence = units_of_it.replace('|', "");
            assert_eq!(units(&sentence), units_of_it);
        }
    }

    proptest! {
        #[test]
        fn units_cover_what_the_words_cover(sentence in "[におけるてのでもだからその後こう一つお願い的・。 a弁護士でしょう]{0,30}") {
            let words = Analyser::default().words(&sentence);
            let covered = |words: &[Word]| {
                let ranges = words.iter().flat_map(|word| word.range.clone());
                ranges.collect::<Vec<usize>>()
            };
            let before = covered(&words);
            let units = of(words, &sentence);
            prop_assert_eq!(covered(&units), before);
            for unit in units {
                prop_assert!(sentence.get(unit.range.clone()).is_some_and(|surface| !surface.is_empty()));
            }
        }
    }
}
