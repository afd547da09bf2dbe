use std::sync::LazyLock;

use regex::Regex;

use super::{Found, Sequence, SequenceKind};
use crate::half_width::{after, before, is_word_character};

/// A form of a postal code.
struct Form {
    /// The code is the first group.
    pattern: Option<Regex>,
    /// How its canonical form is written.
    canonical: fn(&str) -> String,
    score: f64,
}

static FORMS: LazyLock<[Form; 6]> = LazyLock::new(|| {
    let form = |pattern: &str, canonical, score| Form {
        pattern: Regex::new(pattern).ok(),
        canonical,
        score,
    };
    [
        form(r"(〒 ?[0-9]{3}-?[0-9]{4})", japanese, 1.0),
        form(r"郵便番号 ?(?:は|が|:|：|、)? ?([0-9]{3}-?[0-9]{4})", japanese, 1.0),
        form(r"([0-9]{3}-[0-9]{4})", japanese, 0.4),
        form(
            concat!(
                r"\b(?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|PR|RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY])",
                r",? ([0-9]{5}(?:-[0-9]{4})?)",
            ),
            str::to_owned,
            0.9,
        ),
        form(
            r"(?i)\b(?:zip|zip ?code|postal code)(?: is|:|,)? ?([0-9]{5}(?:-[0-9]{4})?)",
            str::to_owned,
            1.0,
        ),
        form(
            r"\b((?i:GIR ?0AA|(?:[A-Z]{1,2}[0-9][A-Z0-9]?|[A-Z]{1,2}[0-9]{2}) ?[0-9][ABD-HJLNP-UW-Z]{2}))",
            british,
            0.8,
        ),
    ]
});

/// Finds postal codes of Japan (`〒150-0002`), the United States (`CA 94105`, `zip code 94105-1234`) and the United Kingdom (`SW1A 1AA`).
pub(super) fn find(text: &str, found: &mut Vec<Found>) {
    for form in FORMS.iter() {
        let Some(pattern) = &form.pattern else { continue };
        for captures in pattern.captures_iter(text) {
            let Some(code) = captures.get(1) else { continue };
            let touches = |c: Option<char>| c.is_some_and(|c| is_word_character(c) || matches!(c, '-' | '+' | '_'));
            // A dot between digits is a decimal point, a dot after a code the end of a sentence.
            let next = after(text, code.end());
            let goes_on = next == Some('.') && after(text, code.end() + 1).is_some_and(|c| c.is_ascii_digit());
            let unit = matches!(next, Some('円' | '%'));
            if touches(before(text, code.start())) || touches(next) || goes_on || unit {
                continue;
            }
            found.push(Found {
                range: code.range(),
                sequence: Sequence {
                    kind: SequenceKind::PostalCode,
                    value: code.as_str().to_owned(),
                    canonical: Some((form.canonical)(code.as_str())),
                    score: form.score,
                },
            });
        }
    }
}

fn japanese(code: &str) -> String {
    let digits: String = code.chars().filter(char::is_ascii_digit).collect();
    match digits.split_at_checked(3) {
        Some((area, rest)) => format!("{area}-{rest}"),
        None => digits,
    }
}

fn british(code: &str) -> String {
    let mut code: String = code
        .chars()
        .filter(|c| *c != ' ')
        .map(|c| c.to_ascii_uppercase())
        .collect();
    code.insert(code.len().saturating_sub(3), ' ');
    code
}
