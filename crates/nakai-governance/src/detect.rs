//! Finds personal data by pattern: e-mail addresses, telephone numbers, payment cards.

use std::{ops::Range, sync::LazyLock};

use nakai_types::{PersonalData, Span};
use regex::Regex;

use crate::folded::Folded;

/// An address as people write it: the local part of RFC 5321 without quotes, and a domain with at least one dot.
static EMAIL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)[a-z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9-]*[a-z0-9])+").ok()
});

/// A run of digits with the separators that people put between them.
static NUMBER: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(?:\+|\(\+?)?\d(?:[ \-./()]{0,2}\d){6,}").ok());

/// Fewer digits than any telephone number or card that is masked.
const FEWEST_DIGITS: usize = 9;
/// The most groups of digits with spaces between them that make one number: the four or five of a card, with some room.
const MOST_WORDS: usize = 8;

/// Finds all personal data in `text`, in order, without overlaps.
pub(crate) fn personal_data(text: &str) -> Vec<(Span, PersonalData)> {
    if !is_suspicious(text) {
        return Vec::new();
    }
    let folded = Folded::of(text);
    let mut found = Vec::new();
    if let Some(email) = &*EMAIL {
        found.extend(email.find_iter(&folded.text).map(|m| (m.range(), PersonalData::Email)));
    }
    if let Some(number) = &*NUMBER {
        for candidate in number.find_iter(&folded.text) {
            let inside_email = found
                .iter()
                .any(|(r, _)| r.start < candidate.end() && candidate.start() < r.end);
            if !inside_email {
                found.extend(numbers_of(&folded.text, candidate.range()));
            }
        }
    }
    found.sort_by_key(|(range, _)| range.start);
    found
        .into_iter()
        .map(|(range, kind)| {
            (
                Span::new(folded.original(range.start), folded.original(range.end)),
                kind,
            )
        })
        .collect()
}

/// A cheap look that rules out most utterances: personal data of our kinds have an at sign or many digits.
fn is_suspicious(text: &str) -> bool {
    let mut digits = 0;
    for c in text.chars() {
        match c {
            '@' | '＠' => return true,
            '0'..='9' | '０'..='９' => digits += 1,
            _ => {}
        }
        if digits >= FEWEST_DIGITS {
            return true;
        }
    }
    false
}

/// Takes a run of digits apart: several numbers may stand in a row with nothing but spaces between them. The longest part that is
/// something counts, from the left.
fn numbers_of(text: &str, range: Range<usize>) -> Vec<(Range<usize>, PersonalData)> {
    let words: Vec<Range<usize>> = text[range]
        .split(' ')
        .map(|word| {
            let start = word.as_ptr().addr() - text.as_ptr().addr();
            start..start + word.len()
        })
        .collect();
    let mut found = Vec::new();
    let mut first = 0;
    while first < words.len() {
        let longest = (first..words.len().min(first + MOST_WORDS)).rev().find_map(|last| {
            let part = words[first].start..words[last].end;
            classify(text, part.clone()).map(|kind| (last, part, kind))
        });
        match longest {
            Some((last, part, kind)) => {
                found.push((part, kind));
                first = last + 1;
            }
            None => first += 1,
        }
    }
    found
}

/// Says what a run of digits is: a card if the check digit fits, a telephone number if it is written like one, else nothing.
fn classify(text: &str, range: Range<usize>) -> Option<PersonalData> {
    // Part of a longer word or number, such as an order id: not ours.
    let before = text[..range.start].chars().next_back();
    let after = text[range.end..].chars().next();
    if before.is_some_and(|c| c.is_ascii_alphanumeric()) || after.is_some_and(|c| c.is_ascii_alphanumeric()) {
        return None;
    }
    let candidate = &text[range];
    let digits: Vec<u8> = candidate.bytes().filter(u8::is_ascii_digit).map(|b| b - b'0').collect();
    if is_card(candidate, &digits) {
        return Some(PersonalData::Card);
    }
    let international = candidate.starts_with('+') || candidate.starts_with("(+");
    let national = digits.first() == Some(&0) && (10..=11).contains(&digits.len());
    let north_american =
        digits.len() == 10 && candidate.bytes().any(|b| !b.is_ascii_digit()) && groups_of_3_3_4(candidate);
    let written_as_phone = (international && (9..=15).contains(&digits.len())) || national || north_american;
    written_as_phone.then_some(PersonalData::Phone)
}

/// A payment card as the networks number them: 13 to 19 digits, the first from 2 to 6, one kind of separator or none, and a check
/// digit that fits.
fn is_card(candidate: &str, digits: &[u8]) -> bool {
    let mut separators = candidate.chars().filter(|c| !c.is_ascii_digit());
    let first = separators.next();
    (13..=19).contains(&digits.len())
        && digits.first().is_some_and(|first| (2..=6).contains(first))
        && first.is_none_or(|first| matches!(first, ' ' | '-' | '.') && separators.all(|other| other == first))
        && passes_luhn(digits)
}

fn groups_of_3_3_4(candidate: &str) -> bool {
    let lengths: Vec<usize> = candidate
        .split(|c: char| !c.is_ascii_digit())
        .map(str::len)
        .filter(|&n| n > 0)
        .collect();
    lengths == [3, 3, 4] || lengths == [3, 7]
}

/// The check of ISO/IEC 7812-1, annex B.
fn passes_luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(i, &d)| {
            let doubled = u32::from(d) * if i % 2 == 1 { 2 } else { 1 };
            if doubled > 9 { doubled - 9 } else { doubled }
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(&str, PersonalData)> {
        personal_data(text)
            .into_iter()
            .map(|(span, kind)| (span.of(text).unwrap(), kind))
            .collect()
    }

    #[test]
    fn finds_what_people_type_in_either_width() {
        use PersonalData::{Card, Email, Phone};
        let cases: &[(&str, &[(&str, PersonalData)])] = &[
            (
                "メールは taro.yamada+inn@example.co.jp です",
                &[("taro.yamada+inn@example.co.jp", Email)],
            ),
            (
                "ｔａｒｏ＠ｅｘａｍｐｌｅ．ｊｐまで",
                &[("ｔａｒｏ＠ｅｘａｍｐｌｅ．ｊｐ", Email)],
            ),
            (
                "電話は０９０－１２３４－５６７８です",
                &[("０９０－１２３４－５６７８", Phone)],
            ),
            ("09012345678", &[("09012345678", Phone)]),
            ("call +81 (0)90-1234-5678 please", &[("+81 (0)90-1234-5678", Phone)]),
            (
                "(415) 555-0132 or 03-1234-5678",
                &[("(415) 555-0132", Phone), ("03-1234-5678", Phone)],
            ),
            (
                "4111 1111 1111 1111, a@b.example",
                &[("4111 1111 1111 1111", Card), ("a@b.example", Email)],
            ),
            ("0558ー00ー0123", &[("0558ー00ー0123", Phone)]),
            (
                "090-5555-1234 4111 1111 1111 1111",
                &[("090-5555-1234", Phone), ("4111 1111 1111 1111", Card)],
            ),
            (
                "090 5555 1234　03-1234-5678",
                &[("090 5555 1234", Phone), ("03-1234-5678", Phone)],
            ),
            ("room 12 090-5555-1234", &[("090-5555-1234", Phone)]),
        ];
        for (text, expected) in cases {
            assert_eq!(&found(text), expected, "{text}");
        }
    }

    #[test]
    fn leaves_other_numbers_alone() {
        for text in [
            "予約番号はR-204815です",
            "2026-01-15 12:00 から 2026-01-18 まで",
            "12,000円を2回、合計24,000円",
            "4111 1111 1111 1112",
            "ORDER0901234567890X",
            "room 305, 2 adults, 19:30",
            "@",
            "0000 0000 0000 0000 0",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }
}
