//! Whole numbers in what people type: `3`, `３名`, `二十三`, `ふたり`, `twenty-three`.

use std::ops::Range;

/// A number and the bytes of the folded text where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FoundNumber {
    pub(crate) value: i64,
    pub(crate) range: Range<usize>,
}

/// Finds all whole numbers of a folded text, in order.
///
/// Left out, because they are something else: numbers with a fraction, numbers that are part of a code (`r-204815`, `3pm`), kanji
/// numerals that are part of a word (`一緒`).
pub(crate) fn find(text: &str) -> Vec<FoundNumber> {
    let mut found = digits(text);
    found.extend(kanji(text));
    found.extend(kana(text));
    found.extend(english(text));
    found.sort_by_key(|number| number.range.start);
    found
}

fn digits(text: &str) -> Vec<FoundNumber> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let start = at;
        while at < bytes.len() && (bytes[at].is_ascii_digit() || is_separator(bytes, at, b',', 3)) {
            at += 1;
        }
        let end = at;
        let fraction = is_separator(bytes, at, b'.', 1);
        if fraction {
            at += 1;
            while at < bytes.len() && bytes[at].is_ascii_digit() {
                at += 1;
            }
        }
        let before = start.checked_sub(1).map(|i| bytes[i]);
        let second = start.checked_sub(2).map(|i| bytes[i]);
        let hyphen = before == Some(b'-');
        let part_of_code = |b: Option<u8>| b.is_some_and(|b| b.is_ascii_alphabetic() || b == b'_' || b == b'.');
        let code = part_of_code(before)
            || (hyphen && second.is_some_and(|b| b.is_ascii_alphabetic()))
            || bytes.get(end).is_some_and(|b| b.is_ascii_alphabetic() || *b == b'_');
        let negative = hyphen && !second.is_some_and(|b| b.is_ascii_digit());
        if let Ok(value) = text[start..end].replace(',', "").parse::<i64>()
            && !fraction
            && !code
        {
            let range = if negative { start - 1..end } else { start..end };
            found.push(FoundNumber {
                value: if negative { -value } else { value },
                range,
            });
        }
    }
    found
}

/// Says whether `bytes[at]` is `separator` with at least `digits` digits after it.
fn is_separator(bytes: &[u8], at: usize, separator: u8, digits: usize) -> bool {
    bytes.get(at) == Some(&separator)
        && bytes
            .get(at + 1..at + 1 + digits)
            .is_some_and(|next| next.iter().all(u8::is_ascii_digit))
}

fn kanji_digit(c: char) -> Option<i64> {
    "〇一二三四五六七八九"
        .chars()
        .position(|digit| digit == c)
        .or((c == '零').then_some(0))
        .and_then(|value| i64::try_from(value).ok())
}

fn kanji(text: &str) -> Vec<FoundNumber> {
    /// What may follow a numeral that counts something; after any other kanji the numeral is part of a word.
    const COUNTERS: &str = "人名様個泊日月年時分枚本室部屋歳才回度件円番号匹頭台杯階組点週";
    let is_kanji = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let start = at;
        let Some((value, next)) = kanji_number(&chars, at) else {
            at += 1;
            continue;
        };
        at = next;
        let end = chars.get(at).map_or(text.len(), |(offset, _)| *offset);
        let joined_after = chars
            .get(at)
            .is_some_and(|(_, c)| is_kanji(*c) && !COUNTERS.contains(*c) && kanji_digit(*c).is_none());
        let joined_before = start > 0 && "第同唯統".contains(chars[start - 1].1);
        if !joined_after && !joined_before {
            found.push(FoundNumber {
                value,
                range: chars[start].0..end,
            });
        }
    }
    found
}

/// Reads one numeral up to 999 from `at` on, and says where it ends.
fn kanji_number(chars: &[(usize, char)], mut at: usize) -> Option<(i64, usize)> {
    let start = at;
    let (mut total, mut last_unit) = (0, 1000);
    loop {
        let digit = chars.get(at).and_then(|(_, c)| kanji_digit(*c));
        let unit_at = if digit.is_some() { at + 1 } else { at };
        let unit = match chars.get(unit_at).map(|(_, c)| *c) {
            Some('百') => 100,
            Some('十') => 10,
            _ => 1,
        };
        if unit >= last_unit || (digit.is_none() && unit == 1) {
            break;
        }
        total += digit.unwrap_or(1) * unit;
        last_unit = unit;
        at = if unit == 1 { unit_at } else { unit_at + 1 };
        if unit == 1 {
            break;
        }
    }
    (at > start).then_some((total, at))
}

fn kana(text: &str) -> impl Iterator<Item = FoundNumber> {
    const WORDS: [(&str, i64); 11] = [
        ("ひとり", 1),
        ("ふたり", 2),
        ("ひとつ", 1),
        ("ふたつ", 2),
        ("みっつ", 3),
        ("よっつ", 4),
        ("いつつ", 5),
        ("むっつ", 6),
        ("ななつ", 7),
        ("やっつ", 8),
        ("ここのつ", 9),
    ];
    WORDS.into_iter().flat_map(move |(word, value)| {
        text.match_indices(word).map(move |(start, _)| FoundNumber {
            value,
            range: start..start + word.len(),
        })
    })
}

fn english(text: &str) -> Vec<FoundNumber> {
    let mut found: Vec<FoundNumber> = Vec::new();
    // The number being read: its words so far and where the last one ends.
    let mut open: Option<(FoundNumber, i64)> = None;
    for (start, word) in latin_words(text) {
        let end = start + word.len();
        let value = english_word(word);
        let adjacent = open
            .as_ref()
            .is_some_and(|(number, _)| text[number.range.end..start].chars().all(|c| c == ' ' || c == '-'));
        match (value, &mut open) {
            (Some(100), Some((number, last))) if adjacent && *last < 10 && number.value > 0 => {
                (number.value, number.range.end, *last) = (number.value * 100, end, 100);
            }
            (Some(unit @ 1..=9), Some((number, last))) if adjacent && (*last >= 20) => {
                (number.value, number.range.end, *last) = (number.value + unit, end, unit);
            }
            (Some(value), _) => {
                found.extend(open.take().map(|(number, _)| number));
                open = Some((
                    FoundNumber {
                        value,
                        range: start..end,
                    },
                    value,
                ));
            }
            (None, _) => found.extend(open.take().map(|(number, _)| number)),
        }
    }
    found.extend(open.map(|(number, _)| number));
    found
}

fn latin_words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| (word.as_ptr().addr() - text.as_ptr().addr(), word))
}

fn english_word(word: &str) -> Option<i64> {
    const UNDER_TWENTY: [&str; 20] = [
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
    ];
    const TENS: [&str; 8] = [
        "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
    ];
    let position = |words: &[&str]| {
        words
            .iter()
            .position(|w| *w == word)
            .and_then(|p| i64::try_from(p).ok())
    };
    match word {
        "hundred" => Some(100),
        "couple" => Some(2),
        _ => position(&UNDER_TWENTY).or_else(|| position(&TENS).map(|p| 20 + 10 * p)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str) -> Vec<i64> {
        find(&crate::text::fold(text))
            .into_iter()
            .map(|number| number.value)
            .collect()
    }

    #[test]
    fn numbers_are_read_as_people_type_them() {
        for (text, expected) in [
            ("3", vec![3]),
            ("３名です", vec![3]),
            ("1,200円", vec![1200]),
            ("3人、2泊", vec![3, 2]),
            ("-5", vec![-5]),
            ("2-3", vec![2, 3]),
            ("二人", vec![2]),
            ("二十三", vec![23]),
            ("十人で", vec![10]),
            ("九十九", vec![99]),
            ("百二十", vec![120]),
            ("二、三人", vec![2, 3]),
            ("〇", vec![0]),
            ("ふたりです", vec![2]),
            ("みっつ", vec![3]),
            ("three people", vec![3]),
            ("twenty-three", vec![23]),
            ("twenty three", vec![23]),
            ("one hundred", vec![100]),
            ("a couple", vec![2]),
            ("two adults and one child", vec![2, 1]),
            ("nineteen", vec![19]),
        ] {
            assert_eq!(values(text), expected, "{text}");
        }
    }

    #[test]
    fn what_only_looks_like_a_number_is_none() {
        for text in [
            "R-204815",
            "r204815",
            "3pm",
            "2nd",
            "[phone_1]",
            "3.5",
            "一緒に",
            "第二",
            "everyone",
            "someone",
            "",
            "、",
            "99999999999999999999",
        ] {
            assert_eq!(values(text), Vec::<i64>::new(), "{text}");
        }
    }
}
