use super::{Folded, NumberKind};

/// A number that is written in digits, without its sign.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Literal {
    /// Where it ends, in characters.
    pub(crate) end: usize,
    pub(crate) value: f64,
    pub(crate) kind: NumberKind,
    /// Digits alone: no separators, no fraction, no multiplier.
    pub(crate) plain: bool,
}

/// A number has no more groups than this; what has is a list. It also keeps the search for an end short.
const MOST_GROUPS: usize = 8;

/// The signs that a language uses in numbers of digits.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Signs {
    /// Between groups of three digits.
    pub(crate) groups: &'static [char],
    /// Before the fraction.
    pub(crate) points: &'static [char],
    /// Whether a comma can stand before a fraction (`5,00`, `1.111,11`).
    pub(crate) decimal_comma: bool,
}

pub(crate) const ENGLISH: Signs = Signs {
    groups: &[','],
    points: &['.'],
    decimal_comma: true,
};

pub(crate) const JAPANESE: Signs = Signs {
    groups: &[',', '、'],
    points: &['.', '・'],
    decimal_comma: false,
};

/// Reads a number that starts here: its groups, its fraction and its exponent.
pub(crate) fn read(text: &Folded, at: usize, signs: Signs) -> Option<Literal> {
    if let Some(plain) = plain(text, at) {
        return Some(plain);
    }
    let (end, written, plain, fraction) = mantissa(text, at, signs)?;
    let value: f64 = written.parse().ok()?;
    let kind = if fraction {
        NumberKind::Decimal
    } else {
        NumberKind::Integer
    };
    let literal = Literal {
        end,
        value,
        kind,
        plain,
    };
    Some(exponent(text, literal).unwrap_or(literal))
}

/// A short number that no sign follows; most numbers are such.
fn plain(text: &Folded, at: usize) -> Option<Literal> {
    let end = digits(text, at);
    let next = text.at(end);
    let goes_on = matches!(next, '.' | ',' | '、' | '・' | '^' | 'e' | 'E' | 'x' | 'X' | '×' | '*')
        || (next.is_whitespace() && text.at(end + 1).is_ascii_digit());
    if end == at || end - at > 15 || goes_on {
        return None;
    }
    let digit = |c: &char| f64::from(c.to_digit(10).unwrap_or_default());
    Some(Literal {
        end,
        value: text
            .chars()
            .get(at..end)?
            .iter()
            .fold(0.0, |value, c| value * 10.0 + digit(c)),
        kind: NumberKind::Integer,
        plain: true,
    })
}

/// The digits as Rust writes them, with where they end, whether they are digits alone, and whether there is a fraction.
fn mantissa(text: &Folded, at: usize, signs: Signs) -> Option<(usize, String, bool, bool)> {
    let whole = digits(text, at);
    let is_point = |index: usize| signs.points.contains(&text.at(index)) && text.at(index + 1).is_ascii_digit();
    let mut written = collect(text, at, whole);
    if whole == at {
        // `.25`, but not the end of `...25`.
        if !is_point(at) || signs.points.contains(&text.before(at)) || text.before(at).is_ascii_digit() {
            return None;
        }
        let end = digits(text, at + 1);
        if is_point(end) {
            return None;
        }
        written = format!("0.{}", collect(text, at + 1, end));
        return Some((end, written, false, true));
    }
    if signs.decimal_comma
        && let Some((end, written)) = continental(text, at, whole)
    {
        return Some((end, written, false, true));
    }
    let mut end = grouped(text, at, whole, signs, &mut written);
    let plain = end == whole;
    let mut fraction = false;
    if is_point(end) {
        let last = digits(text, end + 1);
        // A chain such as `192.168.1.2` is no number; nor is its second part, which follows a point.
        let chain = is_point(last)
            || (plain && signs.points.contains(&text.before(at)) && text.before(at.saturating_sub(1)).is_ascii_digit());
        if !chain {
            written.push('.');
            written.push_str(&collect(text, end + 1, last));
            end = last;
            fraction = true;
        }
    } else if plain
        && whole - at <= 3
        && let Some(last) = comma_fraction(text, end, signs)
    {
        written.push('.');
        written.push_str(&collect(text, end + 1, last));
        end = last;
        fraction = true;
    }
    Some((end, written, plain && !fraction, fraction))
}

/// Where `,00` ends: two digits after a comma, in Japanese only zeros (a list such as `10、20` is two numbers).
fn comma_fraction(text: &Folded, end: usize, signs: Signs) -> Option<usize> {
    if !signs.groups.contains(&text.at(end)) {
        return None;
    }
    let last = digits(text, end + 1);
    let zeros = || text.at(end + 1) == '0' && text.at(end + 2) == '0';
    (last == end + 3 && (signs.decimal_comma || zeros()) && !signs.groups.contains(&text.at(last))).then_some(last)
}

/// Reads groups after the first digits: of three with a comma or a space, or the last of three after groups of two (`12,34,567`).
fn grouped(text: &Folded, at: usize, whole: usize, signs: Signs, written: &mut String) -> usize {
    let first = whole - at;
    if first > 3 {
        return whole;
    }
    for separator in signs.groups.iter().chain(&[' ', '\u{a0}', '\u{2009}', '\u{202f}']) {
        let mut groups = Vec::new();
        let mut end = whole;
        while text.at(end) == *separator && groups.len() < MOST_GROUPS {
            let last = digits(text, end + 1);
            if !(2..=3).contains(&(last - end - 1)) {
                break;
            }
            groups.push((end + 1, last));
            end = last;
        }
        // A separator that digits follow was meant as something else.
        let open = text.at(end) == *separator && text.at(end + 1).is_ascii_digit();
        let threes = groups.iter().all(|(start, end)| end - start == 3);
        let indian = *separator == ','
            && groups.len() > 1
            && groups.iter().rev().skip(1).all(|(start, end)| end - start == 2)
            && groups.last().is_some_and(|(start, end)| end - start == 3);
        if !groups.is_empty() && !open && (threes || indian) {
            for (start, end) in groups {
                written.push_str(&collect(text, start, end));
            }
            return end;
        }
    }
    whole
}

/// `1.111,11`: points between groups and a comma before the fraction.
fn continental(text: &Folded, at: usize, whole: usize) -> Option<(usize, String)> {
    if whole - at > 3 {
        return None;
    }
    let mut written = collect(text, at, whole);
    let mut end = whole;
    while text.at(end) == '.' && end - whole < 4 * MOST_GROUPS && digits(text, end + 1) == end + 4 {
        written.push_str(&collect(text, end + 1, end + 4));
        end += 4;
    }
    let last = digits(text, end + 1);
    if end == whole || text.at(end) != ',' || last == end + 1 {
        return None;
    }
    written.push('.');
    written.push_str(&collect(text, end + 1, last));
    Some((last, written))
}

/// `e+14`, `^23`, `x10^6` after a number.
fn exponent(text: &Folded, base: Literal) -> Option<Literal> {
    let ten = ["x10^", "×10^", "x10^", "*10^"]
        .iter()
        .find_map(|sign| text.starts_with(base.end, sign));
    let (start, of_ten) = match (ten, text.at(base.end)) {
        (Some(start), _) => (start, true),
        (None, 'e' | 'E') => (base.end + 1, true),
        (None, '^') => (base.end + 1, false),
        _ => return None,
    };
    let mut first = start;
    let mut negative = false;
    while matches!(text.at(first), '+' | '-') {
        negative |= text.at(first) == '-';
        first += 1;
    }
    let end = digits(text, first);
    if end == first || end - first > 4 || text.at(end).is_alphabetic() {
        return None;
    }
    let power: i32 = collect(text, first, end).parse().ok()?;
    let power = if negative { -power } else { power };
    let value = if of_ten {
        base.value * 10_f64.powi(power)
    } else {
        base.value.powi(power)
    };
    value.is_finite().then_some(Literal {
        end,
        value,
        kind: NumberKind::Power,
        plain: false,
    })
}

/// Reads a multiplier after a number (`10k`, `1.5 M`). `k`, `M`, `G` and `T` always, `b` only after a fraction, because `10b` can be bits.
pub(crate) fn multiplied(text: &Folded, literal: Literal) -> Option<Literal> {
    if literal.kind == NumberKind::Power {
        return None;
    }
    let start = text.skip_spaces(literal.end);
    let factor = match text.at(start) {
        'k' | 'K' => 1e3,
        'M' => 1e6,
        'G' => 1e9,
        'T' => 1e12,
        'b' | 'B' if literal.kind == NumberKind::Decimal => 1e9,
        _ => return None,
    };
    let abbreviated = text.at(start + 1) == '.' && text.at(start + 2).is_ascii_alphabetic();
    if text.at(start + 1).is_ascii_alphanumeric() || abbreviated {
        return None;
    }
    let value = round(literal.value * factor);
    Some(Literal {
        end: start + 1,
        value,
        kind: kind_of(value),
        plain: false,
    })
}

/// A number that was multiplied is an integer if it has no fraction left.
pub(crate) fn kind_of(value: f64) -> NumberKind {
    if value.fract() == 0.0 {
        NumberKind::Integer
    } else {
        NumberKind::Decimal
    }
}

/// Takes away what binary arithmetic adds to a product of decimals.
pub(crate) fn round(value: f64) -> f64 {
    format!("{value:.14e}").parse().unwrap_or(value)
}

/// Reads one of the characters that are a fraction.
pub(crate) fn vulgar(c: char) -> Option<f64> {
    const FRACTIONS: &[(char, f64, f64)] = &[
        ('¼', 1.0, 4.0),
        ('½', 1.0, 2.0),
        ('¾', 3.0, 4.0),
        ('⅐', 1.0, 7.0),
        ('⅑', 1.0, 9.0),
        ('⅒', 1.0, 10.0),
        ('⅓', 1.0, 3.0),
        ('⅔', 2.0, 3.0),
        ('⅕', 1.0, 5.0),
        ('⅖', 2.0, 5.0),
        ('⅗', 3.0, 5.0),
        ('⅘', 4.0, 5.0),
        ('⅙', 1.0, 6.0),
        ('⅚', 5.0, 6.0),
        ('⅛', 1.0, 8.0),
        ('⅜', 3.0, 8.0),
        ('⅝', 5.0, 8.0),
        ('⅞', 7.0, 8.0),
    ];
    FRACTIONS
        .iter()
        .find(|(written, ..)| *written == c)
        .map(|(_, numerator, denominator)| numerator / denominator)
}

/// Where digits that start here end.
pub(crate) fn digits(text: &Folded, mut at: usize) -> usize {
    while text.at(at).is_ascii_digit() {
        at += 1;
    }
    at
}

fn collect(text: &Folded, start: usize, end: usize) -> String {
    text.chars().get(start..end).unwrap_or_default().iter().collect()
}

/// Like [`round`], but leaves integers as they are, whatever their length.
pub(crate) fn round_exact(value: f64) -> f64 {
    if value.fract() == 0.0 { value } else { round(value) }
}
