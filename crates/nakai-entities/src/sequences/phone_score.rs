//! How likely digits are a phone number, from the way they are written.
//!
//! The score that customers of Microsoft's Recognizers-Text know, derived from its specifications: what makes a number look like one that
//! is dialled (a country, an area code, separators, enough digits) counts for it, what makes it look like a mere number against it.

/// Of seven digits or more, before anything else is known.
const BASE: f64 = 0.3;
const COUNTRY_CODE: f64 = 0.4;
const AREA_CODE: f64 = 0.3;
/// For each of up to three separators.
const SEPARATOR: f64 = 0.2;
const MOST_SEPARATORS: usize = 3;
/// For each digit over eight, up to three.
const DIGIT: f64 = 0.1;
const USUAL_DIGITS: usize = 8;
const MOST_DIGITS: f64 = 3.0;
/// For each equal digit at the end over two.
const SAME_AT_END: f64 = 0.1;
/// For each digit over eleven of a number without any separator.
const UNSEPARATED: f64 = 0.1;
const MOST_UNSEPARATED: usize = 11;
/// For each run of five digits and more after the first.
const LONG_GROUP: f64 = 0.1;
const LONG: usize = 5;
const DOUBLED_SEPARATOR: f64 = 0.2;
/// For a dot right after a bracket.
const ODD_SEPARATOR: f64 = 0.4;
/// For the form of a number of the United States without area code, `223-4567`.
const LOCAL: f64 = 0.15;

/// Scores a phone number in half-width characters.
pub(super) fn score(number: &str) -> f64 {
    let digits = number.chars().filter(char::is_ascii_digit).count();
    let mut score = BASE + (count(digits) - count(USUAL_DIGITS)).min(MOST_DIGITS) * DIGIT;
    if has_country_code(number) {
        score += COUNTRY_CODE;
    } else if number.contains('(') {
        score += AREA_CODE;
    }
    let separators: Vec<usize> = separators(number);
    score += count(separators.len().min(MOST_SEPARATORS)) * SEPARATOR;
    if separators.iter().any(|length| *length > 1) {
        score -= DOUBLED_SEPARATOR;
    }
    if number.contains(").") {
        score -= ODD_SEPARATOR;
    }
    let groups = number.split(|c: char| !c.is_ascii_digit()).map(str::len);
    score -= count(groups.filter(|length| *length >= LONG).count().saturating_sub(1)) * LONG_GROUP;
    score -= count(same_at_end(number).saturating_sub(2)) * SAME_AT_END;
    if number.len() == digits {
        score -= count(digits.saturating_sub(MOST_UNSEPARATED)) * UNSEPARATED;
    }
    if is_local(number) {
        score += LOCAL;
    }
    // Two decimals: what is beyond them comes from adding, not from the number.
    (score.clamp(0.0, 1.0) * 100.0).round() / 100.0
}

/// `+44`, `0044`, `(+44)`.
pub(super) fn has_country_code(number: &str) -> bool {
    let rest = number.trim_start_matches(['(', ' ']);
    let rest = rest.strip_prefix('+').or_else(|| rest.strip_prefix("00"));
    rest.is_some_and(|rest| rest.trim_start().starts_with(|c: char| c.is_ascii_digit()))
}

/// The lengths of the runs of separators.
fn separators(number: &str) -> Vec<usize> {
    let mut lengths = Vec::new();
    let mut length = 0;
    for c in number.chars() {
        if matches!(c, ' ' | '-' | '/' | '.') {
            length += 1;
        } else if length > 0 {
            lengths.push(length);
            length = 0;
        }
    }
    lengths
}

fn same_at_end(number: &str) -> usize {
    let last = number.chars().next_back();
    number.chars().rev().take_while(|c| Some(*c) == last).count()
}

fn is_local(number: &str) -> bool {
    let (exchange, line) = number.split_at_checked(3).unwrap_or_default();
    let line = line.trim_start().strip_prefix('-').unwrap_or_default().trim_start();
    exchange.starts_with(|c: char| matches!(c, '2'..='9'))
        && exchange.chars().all(|c| c.is_ascii_digit())
        && line.len() == 4
        && line.chars().all(|c| c.is_ascii_digit())
}

/// Exact for any count of characters of a phone number.
fn count(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_scores_by_the_way_it_is_written() {
        for (number, expected) in [
            ("12345678", 0.3),
            ("92995299770", 0.6),
            ("541-754-3010", 0.9),
            ("+1 541-754-3010", 1.0),
            ("0899555555", 0.1),
            ("07893 564893", 0.7),
            ("0176- 12345678", 0.6),
            ("00212644444444", 0.1),
            ("(+39) 012234", 0.9),
            ("(123).456.7890", 0.8),
            ("223-4567", 0.55),
            ("012-3333", 0.2),
            ("08000000000", 0.0),
        ] {
            assert!((score(number) - expected).abs() < 1e-9, "{number}: {}", score(number));
        }
    }
}
