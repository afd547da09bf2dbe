use std::{ops::Range, sync::LazyLock};

use nakai_types::Language;
use regex::Regex;

use super::{Found, Sequence, SequenceKind, phone_score};
use crate::half_width::{after, before, is_japanese, is_word_character};

/// How much of the text before a number can say what the number is, in bytes.
const CUE: usize = 48;

/// Digits of a number without its country, and with it and an extension.
const DOMESTIC: Range<usize> = 7..14;
const INTERNATIONAL: Range<usize> = 8..18;

/// What is said right before a number that is none of a phone.
static OTHER_NUMBER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)(?:\b(?:account|card|order|booking|reservation|invoice|ticket|customer|member|membership|policy|tracking|reference|ref",
        r"|confirmation|case|claim|pin|passport|licen[cs]e|routing|serial|model|part|zip|postal|tax|ssn|pnr|isbn|issn|jan|ean|sku|id)",
        r"(?:[ -]?(?:number|num|no|nr|code|id))?[.#]?",
        r"|(?:口座|カード|注文|予約|会員|お客様|顧客|受付|伝票|追跡|郵便|証券|社員|整理|管理|製造|シリアル|問い合わせ|問合せ|チケット|確認|認証|暗証)",
        r"(?:番号|No\.?|ID|コード))\s*(?:is|was|は|が|[:：=#、])?\s*$",
    ))
    .ok()
});

/// What is said before a number of a phone.
static PHONE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:tel|phone|telephone|mobile|cell|call|fax|whatsapp)|電話|携帯|連絡先|ケータイ|ファックス").ok()
});

static EXTENSION: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^ ?(?:(?i:x|ext\.?|extension)|内線) ?[0-9]{1,6}").ok());

/// Finds phone numbers of any country in half-width text.
pub(super) fn find(text: &str, language: Language, found: &mut Vec<Found>) {
    let mut at = 0;
    while let Some(rest) = text.get(at..)
        && let Some(start) = rest.find(|c: char| c.is_ascii_digit() || matches!(c, '+' | '('))
    {
        let start = at + start;
        let run = run(text, start);
        at = run.end.max(start + 1);
        let whole = number(text, run.clone());
        let ranges = match whole {
            Some(range) => vec![range],
            None => parts(text, run),
        };
        for range in ranges {
            let range = with_extension(text, range);
            at = at.max(range.end);
            let value = text.get(range.clone()).unwrap_or_default().to_owned();
            let sequence = Sequence {
                kind: SequenceKind::Phone,
                canonical: international(&value, language),
                score: phone_score::score(&value),
                value,
            };
            found.push(Found { range, sequence });
        }
    }
}

/// The digits from a place on, with brackets and with the separators that a phone number has between its groups.
fn run(text: &str, start: usize) -> Range<usize> {
    let mut end = start;
    let mut gap = String::new();
    for (at, c) in text.get(start..).unwrap_or_default().char_indices() {
        match c {
            '0'..='9' | '(' | ')' | '+' => {
                if !matches!(
                    gap.as_str(),
                    "" | " " | "-" | "." | "/" | "  " | " - " | "- " | " -" | "/ "
                ) {
                    break;
                }
                gap.clear();
                end = start + at + 1;
            }
            ' ' | '-' | '.' | '/' if gap.len() < 4 => gap.push(c),
            _ => break,
        }
    }
    start..end
}

/// The numbers of a run that is none as a whole: those between spaces and slashes that are clearly dialled.
fn parts(text: &str, run: Range<usize>) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut start = run.start;
    let digits = text.get(run).unwrap_or_default();
    for part in digits.split([' ', '/']) {
        let range = start..start + part.len();
        start = range.end + 1;
        let dialled = part.starts_with(['0', '+', '(']) && part.chars().filter(char::is_ascii_digit).count() > 8;
        parts.extend(dialled.then(|| number(text, range)).flatten());
    }
    parts
}

/// Where in a run a phone number stands.
fn number(text: &str, run: Range<usize>) -> Option<Range<usize>> {
    let mut range = run;
    let digits = text.get(range.clone())?;
    range.end = range.start + digits.rfind(|c: char| c.is_ascii_digit())? + 1;
    if let Some(inner) = text.get(range.clone())?.strip_prefix('(')
        && !inner.contains(')')
    {
        range.start += 1;
    }
    let number = text.get(range.clone())?;
    let stands = is_free(text, &range) && has_brackets_in_pairs(number) && !is_something_else(text, &range);
    (stands && has_digits(number)).then_some(range)
}

/// Says whether a number is not part of a longer word, number or formula.
fn is_free(text: &str, range: &Range<usize>) -> bool {
    let number = text.get(range.clone()).unwrap_or_default();
    let start = before(text, range.start);
    let earlier = start.and_then(|c| before(text, range.start - c.len_utf8()));
    let starts = match start {
        None => true,
        Some('-' | '/' | '.' | '\'' | '_') => {
            !earlier.is_some_and(|c| is_word_character(c) || matches!(c, '/' | '-' | '.'))
        }
        Some(':' | ',') => !earlier.is_some_and(|c| c.is_ascii_digit()),
        Some('%' | '*' | '=' | '#' | '$' | '¥' | '€' | '£' | '第' | '約' | '+' | ')' | '&' | '?') => false,
        Some(c) => number.starts_with(['+', '(']) || !is_word_character(c),
    };
    let end = after(text, range.end);
    let later = end.and_then(|c| after(text, range.end + c.len_utf8()));
    let ends = match end {
        None => true,
        Some('%' | '*' | '=' | '+' | '#' | '$' | '€' | '_' | '@') => false,
        Some('/' | '(') => !later.is_some_and(|c| is_word_character(c) || c == '='),
        Some(':' | ',') => !later.is_some_and(|c| c.is_ascii_digit()),
        Some('-' | '.') => !later.is_some_and(is_word_character),
        // A unit: 円, ポイント. A particle is in hiragana.
        Some(c) if is_japanese(c) => matches!(c, 'ぁ'..='ゖ' | '又' | '宛' | '内'),
        Some(c) => !is_word_character(c) || with_extension(text, range.clone()).end > range.end,
    };
    starts && ends
}

fn has_brackets_in_pairs(number: &str) -> bool {
    let (mut open, mut pairs, mut inside) = (false, 0, 0);
    for (at, c) in number.char_indices() {
        match c {
            '(' if open => return false,
            '(' => (open, inside) = (true, 0),
            ')' if !open || inside == 0 => return false,
            ')' => (open, pairs) = (false, pairs + 1),
            '+' if !matches!(number.get(..at), Some("" | "(")) => return false,
            c if c.is_ascii_digit() => inside += 1,
            _ => {}
        }
    }
    !open && pairs < 3
}

fn has_digits(number: &str) -> bool {
    let digits = number.chars().filter(char::is_ascii_digit).count();
    let single = groups(number).filter(|group| group.len() == 1).count();
    let range = if phone_score::has_country_code(number) {
        INTERNATIONAL
    } else {
        DOMESTIC
    };
    range.contains(&digits) && single < 3
}

fn groups(number: &str) -> impl Iterator<Item = &str> {
    number
        .split(|c: char| !c.is_ascii_digit())
        .filter(|group| !group.is_empty())
}

/// Says whether the digits are rather a date, a decimal, an address, another kind of number.
fn is_something_else(text: &str, range: &Range<usize>) -> bool {
    let number = text.get(range.clone()).unwrap_or_default();
    let groups: Vec<&str> = groups(number).collect();
    let lengths: Vec<usize> = groups.iter().map(|group| group.len()).collect();
    let marks: String = number.chars().filter(|c| !c.is_ascii_digit()).collect();
    let cue = text
        .get(floor(text, range.start.saturating_sub(CUE))..range.start)
        .unwrap_or_default();
    let is_said = |words: &LazyLock<Option<Regex>>| words.as_ref().is_some_and(|words| words.is_match(cue));
    if !number.starts_with(['+', '(']) && is_said(&OTHER_NUMBER) {
        return true;
    }
    match (lengths.as_slice(), marks.as_str()) {
        (_, ".") => true,
        ([8], "") => is_date(number.get(..4), number.get(4..6), number.get(6..)),
        ([4, 1..=2, 1..=2], "--" | "//" | "..") => is_date(Some(groups[0]), Some(groups[1]), Some(groups[2])),
        ([1..=2, 1..=2, 4], "--" | "//" | "..") => {
            is_date(Some(groups[2]), Some(groups[1]), Some(groups[0]))
                || is_date(Some(groups[2]), Some(groups[0]), Some(groups[1]))
        }
        ([_, _, _, _], "...") if groups.iter().all(|group| group.parse::<u8>().is_ok()) => true,
        // A number of social security, a postal code.
        ([3, 2, 4], "--") | ([5, 4], "-") => true,
        ([3, 4], "-") => number.starts_with('1'),
        // Two years.
        ([4, 4], "/") => true,
        ([4, 4], "-") => !is_said(&PHONE),
        // A version: only one country writes dots and no zero.
        (lengths, marks) if marks.chars().all(|c| c == '.') && !marks.is_empty() && !number.starts_with(['0', '+']) => {
            !matches!(lengths, [3, 3, 4] | [1, 3, 3, 4])
        }
        (lengths, _) if !number.starts_with(['0', '+', '(']) && lengths.iter().all(|length| *length < 3) => {
            !is_said(&PHONE)
        }
        _ => false,
    }
}

fn is_date(year: Option<&str>, month: Option<&str>, day: Option<&str>) -> bool {
    let within = |part: Option<&str>, range: Range<u16>| {
        let number = part.and_then(|part| part.parse().ok());
        number.is_some_and(|number| range.contains(&number))
    };
    within(year, 1900..2100) && within(month, 1..13) && within(day, 1..32)
}

/// The next character boundary at or before a byte.
fn floor(text: &str, at: usize) -> usize {
    (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default()
}

fn with_extension(text: &str, range: Range<usize>) -> Range<usize> {
    let rest = text.get(range.end..).unwrap_or_default();
    let extension = EXTENSION.as_ref().and_then(|extension| extension.find(rest));
    match extension {
        Some(extension) if !after(rest, extension.end()).is_some_and(is_word_character) => {
            range.start..range.end + extension.end()
        }
        _ => range,
    }
}

/// The number in the form of E.164, if its country is clear: it is written, or a number of this form is dialled in one country only
/// where the language is spoken.
fn international(number: &str, language: Language) -> Option<String> {
    let number = number.split(['x', 'X', 'e', 'E', '内']).next()?;
    let written = phone_score::has_country_code(number);
    let without_trunk = if written {
        number.replace("(0)", "")
    } else {
        number.to_owned()
    };
    let all: String = without_trunk.chars().filter(char::is_ascii_digit).collect();
    let digits = all.as_str();
    if written {
        let digits = if number.contains('+') {
            digits
        } else {
            digits.strip_prefix("00")?
        };
        let code = calling_code(digits)?;
        let (code, national) = digits.split_at_checked(code)?;
        // Only Italy keeps the zero that is dialled within the country.
        let national = match code {
            "39" => national,
            _ => national.strip_prefix('0').unwrap_or(national),
        };
        let complete = (6..=13).contains(&national.len()) && code.len() + national.len() <= 15;
        return complete.then(|| format!("+{code}{national}"));
    }
    match language {
        Language::Ja => {
            let national = digits.strip_prefix('0')?;
            let mobile = ["90", "80", "70", "60", "50", "20"]
                .iter()
                .any(|prefix| national.starts_with(prefix));
            let complete = match national.len() {
                9 => !national.starts_with('0'),
                10 => mobile,
                _ => false,
            };
            complete.then(|| format!("+81{national}"))
        }
        Language::En => {
            let national = match digits.len() {
                11 => digits.strip_prefix('1')?,
                _ => digits,
            };
            let bytes = national.as_bytes();
            let lengths: Vec<usize> = groups(number).map(str::len).collect();
            let grouped = matches!(
                lengths.as_slice(),
                [.., 3, 3, 4] | [.., 3, 7] | [.., 6, 4] | [.., 10] | [11]
            );
            let leads = |at: usize| bytes.get(at).is_some_and(|digit| (b'2'..=b'9').contains(digit));
            (grouped && national.len() == 10 && leads(0) && leads(3)).then(|| format!("+1{national}"))
        }
    }
}

/// The length of the calling code that a number starts with (ITU-T E.164): no code is the beginning of another.
fn calling_code(digits: &str) -> Option<usize> {
    let two = digits.get(..2)?;
    match two.as_bytes() {
        [b'1' | b'7', _] => Some(1),
        [b'0', _] => None,
        _ => {
            let code: u8 = two.parse().ok()?;
            let is_two = matches!(code, 20 | 27 | 30..=34 | 36 | 39..=41 | 43..=49 | 51..=58 | 60..=66 | 81 | 82 | 84 | 86 | 90..=95 | 98);
            Some(if is_two { 2 } else { 3 })
        }
    }
}
