mod composition;
mod numeral;
mod ordinal;
mod percentage;
mod range;

use super::{Folded, english::Found};
use numeral::Numeral;

pub(super) use ordinal::ordinals;
pub(super) use percentage::percentages;
pub(super) use range::ranges;

/// Reads numbers from a Japanese text.
#[derive(Debug)]
pub(crate) struct Reader<'a> {
    text: &'a Folded,
    /// Whether letters can touch the digits (`USD100`).
    with_units: bool,
}

/// What may follow a numeral of one character for it to be a number: a particle or a counter. Others are parts of words and names
/// (四川, 九条, 一般).
const FOLLOWERS: &str = "はがをにとでもつかのへやだよ年月日時分秒週匹個足本枚冊台人名件回歳才倍杯点";
/// Units of which a number is only a part.
const UNITS: &[&str] = &["ミリ", "センチ", "デシ", "リットル", "メートル", "ヘクト", "マイクロ"];

impl<'a> Reader<'a> {
    pub(crate) fn new(text: &'a Folded) -> Self {
        Self {
            text,
            with_units: false,
        }
    }

    /// A reader that also finds the numbers of quantities: digits that letters touch.
    pub(crate) fn with_units(text: &'a Folded) -> Self {
        Self { text, with_units: true }
    }

    /// Every number of the text that stands for itself, in order.
    pub(crate) fn cardinals(&self) -> Vec<Found> {
        self.alone(self.numbers())
    }

    /// Those numbers that no unit or word has as a part.
    pub(crate) fn alone(&self, mut numbers: Vec<Found>) -> Vec<Found> {
        numbers.retain(|number| self.stands_alone(number));
        numbers
    }

    /// Every numeral of the text, in order, also those that a unit or a word follows.
    pub(crate) fn numbers(&self) -> Vec<Found> {
        let mut found = Vec::new();
        let mut at = 0;
        while at < self.text.len() {
            let inside_a_word = is_hiragana(self.text.at(at)) && is_hiragana(self.text.before(at));
            if inside_a_word || !starts_numeral(self.text.at(at)) {
                at += 1;
                continue;
            }
            match self.number(at) {
                Some(number) => {
                    at = number.end;
                    found.push(number);
                }
                None => at = self.skip(at),
            }
        }
        found
    }

    /// Where to go on after a character that starts no number: after the digits of which it is one.
    fn skip(&self, at: usize) -> usize {
        let mut end = at + 1;
        while self.text.at(end - 1).is_ascii_digit() && self.text.at(end).is_ascii_digit() {
            end += 1;
        }
        end
    }

    /// A number with its sign that starts here.
    fn number(&self, at: usize) -> Option<Found> {
        let (start, negative) = self.sign(at);
        if !self.with_units && start == at && self.text.at(at).is_ascii_digit() {
            let before = self.text.before(at);
            if before.is_ascii_alphabetic() || before == '_' {
                return None;
            }
        }
        let numeral = self.quantity(start)?;
        Some(Found {
            start: at,
            end: numeral.end,
            value: if negative { -numeral.value } else { numeral.value },
            kind: numeral.kind,
            numerator: None,
        })
    }

    /// Reads a sign: a word, or a hyphen that joins nothing.
    fn sign(&self, at: usize) -> (usize, bool) {
        if let Some(end) = self.text.starts_with(at, "マイナス") {
            return (self.text.skip_spaces(end), true);
        }
        if self.text.at(at) != '-' {
            return (at, false);
        }
        let before = self.text.before(self.text.skip_spaces_back(at));
        let joins = before.is_ascii_alphanumeric() || matches!(before, '-' | '%');
        let after = self.text.skip_spaces(at + 1);
        if joins { (at, false) } else { (after, true) }
    }

    fn stands_alone(&self, number: &Found) -> bool {
        let next = self.text.at(number.end);
        let after = self.text.skip_spaces(number.end);
        let digits = self.text.before(number.end).is_ascii_digit();
        if next.is_ascii_alphabetic() && digits {
            return false;
        }
        if UNITS.iter().any(|unit| self.text.starts_with(after, unit).is_some()) {
            return false;
        }
        let ordinal = ["第", "だい"]
            .iter()
            .any(|word| self.text.ends_with(number.start, word).is_some());
        if ordinal {
            return false;
        }
        let in_kanji = !digits && !self.text.at(number.start).is_ascii_digit();
        if in_kanji && self.percent(number.end).is_some() {
            return false;
        }
        let single = number.end == number.start + 1 && in_kanji && number.kind == super::NumberKind::Integer;
        !single
            || next == '\0'
            || next.is_whitespace()
            || FOLLOWERS.contains(next)
            || is_punctuation(next)
            || ["キロ", "トン"]
                .iter()
                .any(|word| self.text.starts_with(number.end, word).is_some())
    }
}

fn is_hiragana(c: char) -> bool {
    ('ぁ'..='ゖ').contains(&c)
}

fn is_punctuation(c: char) -> bool {
    !c.is_alphanumeric() && c != 'ー' && c != '%' && c != '々'
}

/// Whether a number can start with a character; most characters are told by this alone.
fn starts_numeral(c: char) -> bool {
    match c {
        '0'..='9' | '.' | '-' | 'マ' | '半' => true,
        _ => numeral::starts(c) || super::digits::vulgar(c).is_some(),
    }
}

impl Reader<'_> {
    /// A fraction, a power, a number of dozens, or a number, without a sign.
    fn quantity(&self, at: usize) -> Option<Numeral> {
        if let Some(half) = self.half(at) {
            return Some(half);
        }
        let first = self.numeral(at)?;
        self.fraction(first)
            .or_else(|| self.slashed(at))
            .or_else(|| self.dozens(first))
            .or_else(|| self.power(first))
            .or(Some(first))
    }
}
