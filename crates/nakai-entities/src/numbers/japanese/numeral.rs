use super::{
    Reader,
    composition::{Composition, Element},
    is_hiragana,
};
use crate::numbers::{NumberKind, digits};

/// A number without its sign.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Numeral {
    /// Where it ends, in characters.
    pub(super) end: usize,
    pub(super) value: f64,
    pub(super) kind: NumberKind,
}

/// No number has more digits in kanji.
const MOST_DIGITS: usize = 24;

/// Numbers in hiragana as they sound; of those that begin alike the longer first.
const SOUNDS: &[(&str, Element)] = &[
    ("いち", Element::Digits(1.0)),
    ("いっ", Element::Digits(1.0)),
    ("に", Element::Digits(2.0)),
    ("さん", Element::Digits(3.0)),
    ("しち", Element::Digits(7.0)),
    ("し", Element::Digits(4.0)),
    ("よん", Element::Digits(4.0)),
    ("よ", Element::Digits(4.0)),
    ("ご", Element::Digits(5.0)),
    ("ろく", Element::Digits(6.0)),
    ("ろっ", Element::Digits(6.0)),
    ("なな", Element::Digits(7.0)),
    ("はち", Element::Digits(8.0)),
    ("はっ", Element::Digits(8.0)),
    ("きゅう", Element::Digits(9.0)),
    ("く", Element::Digits(9.0)),
    ("じゅう", Element::Small(10.0)),
    ("じゅっ", Element::Small(10.0)),
    ("ひゃく", Element::Small(100.0)),
    ("びゃく", Element::Small(100.0)),
    ("ぴゃく", Element::Small(100.0)),
    ("せん", Element::Small(1000.0)),
    ("ぜん", Element::Small(1000.0)),
    ("まん", Element::Big(1e4)),
    ("おく", Element::Big(1e8)),
    ("ちょう", Element::Big(1e12)),
];

/// The digit of a kanji, also of one that is used in documents.
pub(super) fn kanji_digit(c: char) -> Option<u8> {
    Some(match c {
        '〇' | '零' => 0,
        '一' | '壱' | '壹' => 1,
        '二' | '弐' | '貳' => 2,
        '三' | '参' | '叁' => 3,
        '四' | '肆' => 4,
        '五' | '伍' => 5,
        '六' | '陸' => 6,
        '七' | '漆' => 7,
        '八' | '捌' => 8,
        '九' | '玖' => 9,
        _ => return None,
    })
}

fn scale(c: char) -> Option<Element> {
    Some(match c {
        '十' | '拾' => Element::Small(10.0),
        '百' => Element::Small(100.0),
        '千' | '阡' => Element::Small(1000.0),
        '万' | '萬' => Element::Big(1e4),
        '億' => Element::Big(1e8),
        '兆' => Element::Big(1e12),
        '京' => Element::Big(1e16),
        _ => return None,
    })
}

/// Whether a number in kanji or hiragana, or the word for zero, can start with a character.
pub(super) fn starts(c: char) -> bool {
    kanji_digit(c).is_some()
        || matches!(scale(c), Some(Element::Small(_)))
        || matches!(
            c,
            'い' | 'に' | 'さ' | 'し' | 'よ' | 'ご' | 'ろ' | 'な' | 'は' | 'き' | 'く' | 'じ' | 'ひ' | 'せ' | 'ゼ'
        )
}

impl Reader<'_> {
    /// A number in digits, kanji or hiragana: `29万1,890`, `百二十三万・八九`, `2.5 M`, `にじゅうさん`.
    pub(super) fn numeral(&self, at: usize) -> Option<Numeral> {
        if let Some(value) = digits::vulgar(self.text.at(at)) {
            return Some(Numeral {
                end: at + 1,
                value,
                kind: NumberKind::Fraction,
            });
        }
        if let Some(end) = self.text.starts_with(at, "ゼロ") {
            return Some(Numeral {
                end,
                value: 0.0,
                kind: NumberKind::Integer,
            });
        }
        let element = self.element(at);
        if let Some((end, Element::Digits(value), kind)) = element
            && kind != NumberKind::Power
            && self.text.before(end).is_ascii_digit()
        {
            let literal = digits::Literal {
                end,
                value,
                kind,
                plain: false,
            };
            if let Some(multiplied) = digits::multiplied(self.text, literal) {
                return Some(Numeral {
                    end: multiplied.end,
                    value: multiplied.value,
                    kind: multiplied.kind,
                });
            }
        }
        let numeral = match element {
            Some(first) => self.compose(at, first),
            None => self.sounds(at),
        }?;
        Some(self.with_decimals(at, numeral).unwrap_or(numeral))
    }

    /// Digits or a scale that start here.
    fn element(&self, at: usize) -> Option<(usize, Element, NumberKind)> {
        let c = self.text.at(at);
        if c.is_ascii_digit() || c == '.' {
            let literal = digits::read(self.text, at, digits::JAPANESE).filter(|literal| literal.value.is_finite())?;
            return Some((literal.end, Element::Digits(literal.value), literal.kind));
        }
        if let Some(scale) = scale(c) {
            return Some((at + 1, scale, NumberKind::Integer));
        }
        let mut end = at;
        let mut value = 0.0;
        while let Some(digit) = kanji_digit(self.text.at(end)) {
            value = value * 10.0 + f64::from(digit);
            end += 1;
            if end - at > MOST_DIGITS {
                return None;
            }
        }
        (end > at).then_some((end, Element::Digits(value), NumberKind::Integer))
    }

    /// Puts a number together from its elements, the first of which is read, as long as each scale is smaller than the one before.
    fn compose(&self, at: usize, first: (usize, Element, NumberKind)) -> Option<Numeral> {
        let mut state = Composition::default();
        let mut end = at;
        let mut element = Some(first);
        while let Some((after, part, kind)) = element {
            if !state.take(part, kind) {
                break;
            }
            end = after;
            // Spaces stand only on one side of a scale.
            let spaced = self.text.skip_spaces(after);
            let is_scale = !matches!(part, Element::Digits(_));
            let next = if is_scale || scale(self.text.at(spaced)).is_some() {
                spaced
            } else {
                after
            };
            element = self.element(next);
            // Digits that a wrong scale follows begin another number.
            if is_scale && element.is_some_and(|element| self.begins_another(element, &state)) {
                break;
            }
        }
        let (value, kind) = state.value()?;
        value.is_finite().then_some(Numeral { end, value, kind })
    }

    /// Whether digits belong to a scale that can't follow: the second number of `三百二百`.
    fn begins_another(&self, (after, element, kind): (usize, Element, NumberKind), state: &Composition) -> bool {
        if !matches!(element, Element::Digits(_)) {
            return false;
        }
        if kind != NumberKind::Integer {
            return true;
        }
        match scale(self.text.at(self.text.skip_spaces(after))) {
            Some(scale) => !state.accepts(scale),
            None => false,
        }
    }

    /// A number in hiragana. It must be a word of its own and have a scale, because most of its parts are other words too.
    fn sounds(&self, at: usize) -> Option<Numeral> {
        if !is_hiragana(self.text.at(at)) || is_hiragana(self.text.before(at)) {
            return None;
        }
        let mut state = Composition::default();
        let mut end = at;
        while let Some((after, element)) = SOUNDS
            .iter()
            .find_map(|(sound, element)| Some((self.text.starts_with(end, sound)?, *element)))
        {
            if !state.take(element, NumberKind::Integer) {
                return None;
            }
            end = after;
        }
        let (value, kind) = state.value()?;
        (!is_hiragana(self.text.at(end)) && value >= 10.0).then_some(Numeral { end, value, kind })
    }

    /// The fraction of a number in kanji: `二百・〇三`, `四点八`, `六十七・八十九`.
    fn with_decimals(&self, at: usize, whole: Numeral) -> Option<Numeral> {
        let in_kanji = !self.text.before(whole.end).is_ascii_digit() && !self.text.at(at).is_ascii_digit();
        if !in_kanji || whole.value.fract() != 0.0 {
            return None;
        }
        let mut start = whole.end;
        match self.text.at(start) {
            '・' | '点' | '.' => start += 1,
            '、' if self.text.at(start + 1) == '〇' && self.text.at(start + 2) == '〇' => start += 1,
            _ => return None,
        }
        let mut end = start;
        let mut decimals = String::new();
        while let Some(digit) = kanji_digit(self.text.at(end)) {
            decimals.push(char::from(b'0' + digit));
            end += 1;
            if end - start > MOST_DIGITS {
                return None;
            }
        }
        if scale(self.text.at(end)).is_some() {
            let numeral = self.compose(start, self.element(start)?)?;
            end = numeral.end;
            decimals = format!("{}", numeral.value);
        }
        if decimals.is_empty() || decimals.contains('.') {
            return None;
        }
        Some(Numeral {
            end,
            value: format!("{}.{decimals}", whole.value).parse().ok()?,
            kind: NumberKind::Decimal,
        })
    }

    /// What begins with a number that was read: `三分の二`, `5分の100万2205`, `二と四分の一`, `五 は 四 分の 一`.
    pub(super) fn fraction(&self, first: Numeral) -> Option<Numeral> {
        if let Some(fraction) = self.parts(first) {
            return Some(fraction);
        }
        let next = self.text.skip_spaces(first.end);
        let joint = ["と", "は", "又", "また"]
            .iter()
            .find_map(|joint| self.text.starts_with(next, joint))?;
        let fraction = self.parts(self.numeral(self.text.skip_spaces(joint))?)?;
        Some(Numeral {
            value: first.value + fraction.value,
            ..fraction
        })
    }

    /// `分の` and a numerator after a denominator.
    fn parts(&self, denominator: Numeral) -> Option<Numeral> {
        let of = self.text.starts_with(self.text.skip_spaces(denominator.end), "分")?;
        let of = self.text.starts_with(self.text.skip_spaces(of), "の")?;
        let (start, negative) = self.sign(self.text.skip_spaces(of));
        let numerator = self.numeral(start)?;
        let value = numerator.value / denominator.value;
        (denominator.value != 0.0).then_some(Numeral {
            end: numerator.end,
            value: if negative { -value } else { value },
            kind: NumberKind::Fraction,
        })
    }

    /// A power: `1.1の23乗`, `12.32×10の14乗`.
    pub(super) fn power(&self, base: Numeral) -> Option<Numeral> {
        let exponent = |base: Numeral| {
            let (start, negative) = self.sign(self.text.starts_with(base.end, "の")?);
            let exponent = self.numeral(start)?;
            let end = self.text.starts_with(exponent.end, "乗")?;
            let value = base.value.powf(if negative { -exponent.value } else { exponent.value });
            value.is_finite().then_some(Numeral {
                end,
                value,
                kind: NumberKind::Power,
            })
        };
        if let Some(power) = exponent(base) {
            return Some(power);
        }
        let power = exponent(self.numeral(self.text.starts_with(base.end, "×")?)?)?;
        Some(Numeral {
            value: digits::round(base.value * power.value),
            ..power
        })
    }

    /// `6/5`, `1 3/5`; a longer chain is a date or a path.
    pub(super) fn slashed(&self, at: usize) -> Option<Numeral> {
        let plain = |at: usize| digits::read(self.text, at, digits::JAPANESE).filter(|literal| literal.plain);
        let fraction = |at: usize| {
            let numerator = plain(at)?;
            if self.text.at(numerator.end) != '/' {
                return None;
            }
            let denominator = plain(numerator.end + 1)?;
            let chained = self.text.at(denominator.end) == '/' || self.text.at(denominator.end).is_ascii_alphabetic();
            (!chained && denominator.value != 0.0).then(|| (denominator.end, numerator.value / denominator.value))
        };
        if !self.text.at(at).is_ascii_digit() {
            return None;
        }
        let before = self.text.before(at);
        let signed = before == '-' && self.text.before(at - 1).is_ascii_alphanumeric();
        if before == '/' || signed {
            return None;
        }
        let whole = plain(at)?;
        let mixed = || fraction(self.text.starts_with(whole.end, " ")?).map(|(end, value)| (end, whole.value + value));
        let (end, value) = fraction(at).or_else(mixed)?;
        Some(Numeral {
            end,
            value,
            kind: NumberKind::Fraction,
        })
    }

    /// `半ダース`, `半数`.
    pub(super) fn half(&self, at: usize) -> Option<Numeral> {
        let (end, value, kind) = if let Some(end) = self.text.starts_with(at, "半ダース") {
            (end, 6.0, NumberKind::Integer)
        } else {
            (self.text.starts_with(at, "半数")?, 0.5, NumberKind::Fraction)
        };
        Some(Numeral { end, value, kind })
    }

    /// `三ダース`, `三百と二ダース`, beginning with a number that was read.
    pub(super) fn dozens(&self, first: Numeral) -> Option<Numeral> {
        let dozens = |number: Numeral| self.text.starts_with(self.text.skip_spaces(number.end), "ダース");
        let more = || {
            let second = self.numeral(self.text.starts_with(first.end, "と")?)?;
            Some((dozens(second)?, first.value + second.value * 12.0))
        };
        let (end, value) = dozens(first).map(|end| (end, first.value * 12.0)).or_else(more)?;
        Some(Numeral {
            end,
            value,
            kind: digits::kind_of(value),
        })
    }
}
