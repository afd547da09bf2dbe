use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use super::{Found, Sequence, SequenceKind};
use crate::half_width::{after, before, is_word_character};

/// A word that says that a number of an order or the like comes next, and the number.
static SAID: LazyLock<[Option<Regex>; 2]> = LazyLock::new(|| {
    [
        Regex::new(concat!(
            r"(?i)\b(?:order|booking|reservation|confirmation|reference|ref|ticket|invoice|case|claim|tracking|shipment|parcel|pnr",
            r"|record locator|customer|member|membership|account|policy|contract|application|rma|return|receipt|transaction|itinerary)",
            r"[ -]?(?:reference|ref|confirmation)?[ -]?(?:numbers?|num|no|nr|code|id)?\b[.]?(?: (?:is|was))?[ :=]*",
            r"(?:#|no\.?|number|id)?[ :=]*(?:is|was)? ?",
            r"([A-Z0-9][A-Z0-9-]{3,29})",
        ))
        .ok(),
        Regex::new(concat!(
            r"(?i)(?:(?:注文|予約|受付|受注|会員|お?客様|顧客|問い?合わ?せ|伝票|追跡|確認|請求書?|契約|申込み?|整理|管理|照会|搭乗|チケット|発券|オーダー|取引|配送|荷物)",
            r"(?:確認)?(?:番号|ナンバー|No\.?|ID|コード|#)|(?:注文|予約|オーダー)(?:id|no\.?|#))",
            r"[ 　]*(?:は|が|の|:|：|、|が?以下|=|です。?)?[「『\[（(]?[ 　]*",
            r"([A-Z0-9#][A-Z0-9-]{3,29})",
        ))
        .ok(),
    ]
});

/// A number that says what it is by its form: `ABC-123456`, `AB12345678`.
static FORM: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"([A-Z]{1,6}-(?:[0-9]{2,6}-)?[0-9]{4,12}(?:-[A-Z0-9]{1,6})?|[A-Z]{2,4}[0-9]{6,12})").ok()
});

/// Names of standards have the form of a number of an order.
const STANDARDS: [&str; 12] = [
    "ISO", "IEC", "JIS", "RFC", "UTF", "DIN", "EN", "IEEE", "ANSI", "FIPS", "CVE", "KB",
];

/// Finds numbers of orders, bookings, tickets, accounts: by the word before them, or by their form.
pub(super) fn find(text: &str, found: &mut Vec<Found>) {
    for pattern in SAID.iter().flatten() {
        for captures in pattern.captures_iter(text) {
            let Some(number) = captures.get(1) else { continue };
            let said = captures
                .get(0)
                .and_then(|said| text.get(said.start()..number.start()))
                .unwrap_or_default();
            if is_named(said) || is_rare(number.as_str()) {
                push(text, number.range(), 0.9, found);
            }
        }
    }
    for number in FORM.iter().flat_map(|pattern| pattern.find_iter(text)) {
        let series = number.as_str().trim_end_matches(|c: char| !c.is_ascii_alphabetic());
        let series = series.split('-').next().unwrap_or_default();
        if !STANDARDS.contains(&series) {
            push(text, number.range(), 0.6, found);
        }
    }
}

/// Says whether the words before a number say that it is one: "order 2000" may be an order of 2000 pieces, "order no. 2000" is not.
fn is_named(said: &str) -> bool {
    let words = said.to_ascii_lowercase();
    !said.is_ascii()
        || ["#", ":", "=", "num", "no", "id", "code", "ref", " is", " was", "pnr"]
            .iter()
            .any(|mark| words.contains(mark))
}

/// Says whether a number is none of pieces, money or years.
fn is_rare(number: &str) -> bool {
    number.len() > 4 && !number.ends_with("000") || number.chars().any(|c| c.is_ascii_alphabetic())
}

fn push(text: &str, mut range: Range<usize>, score: f64, found: &mut Vec<Found>) {
    let number = text.get(range.clone()).unwrap_or_default();
    range.end -= number.len() - number.trim_end_matches('-').len();
    let Some(number) = text.get(range.clone()) else { return };
    let letters = number.chars().any(|c| c.is_ascii_alphabetic());
    let digits = number.chars().filter(char::is_ascii_digit).count();
    let touches = |c: Option<char>| c.is_some_and(|c| is_word_character(c) || matches!(c, '-' | '_' | '/' | '@'));
    // A record locator may have no digit, and is in capitals then.
    let locator = number.len() == 6 && !number.chars().any(|c| c.is_ascii_lowercase());
    let is_number = digits > 1 || (letters && digits > 0 && number.len() > 4) || (score > 0.8 && locator);
    if !is_number || is_date(number) || touches(before(text, range.start)) || touches(after(text, range.end)) {
        return;
    }
    found.push(Found {
        sequence: Sequence {
            kind: SequenceKind::Reference,
            value: number.to_owned(),
            canonical: Some(number.trim_start_matches('#').to_ascii_uppercase()),
            score,
        },
        range,
    });
}

/// `2026-11-25`.
fn is_date(number: &str) -> bool {
    let lengths: Vec<usize> = number.split('-').map(str::len).collect();
    matches!(lengths.as_slice(), [4, 1..=2, 1..=2] | [1..=2, 1..=2, 4])
        && !number.chars().any(|c| c.is_ascii_alphabetic())
}
