//! Whole numbers in figures and kanji.

use super::grammar::Grammar;

/// Figures or kanji that are too long are no part of an expression of time.
const LONGEST: usize = 8;

/// A number as it is written.
#[derive(Clone, Copy)]
pub(super) struct Numeral {
    pub(super) value: u32,
    /// How many figures a number has that is written figure by figure (`2019`, 二〇一九); 0 for 千九百.
    pub(super) figures: usize,
    pub(super) kanji: bool,
}

impl Grammar<'_> {
    /// The number that starts here.
    pub(super) fn numeral(&self, at: usize) -> Option<(Numeral, usize)> {
        if self.text.get(at)?.is_ascii_digit() {
            self.figures(at)
        } else {
            self.kanji(at)
        }
    }

    /// A number within bounds that starts here.
    pub(super) fn small(&self, at: usize, from: u32, to: u32) -> Option<(i8, usize)> {
        let (numeral, end) = self.numeral(at)?;
        if numeral.value < from || numeral.value > to {
            return None;
        }
        Some((i8::try_from(numeral.value).ok()?, end))
    }

    fn figures(&self, at: usize) -> Option<(Numeral, usize)> {
        let mut value = 0;
        let mut end = at;
        while let Some(figure) = self.text.get(end).and_then(|c| c.to_digit(10)) {
            if end - at == LONGEST {
                return None;
            }
            value = value * 10 + figure;
            end += 1;
        }
        let figures = end - at;
        Some((
            Numeral {
                value,
                figures,
                kanji: false,
            },
            end,
        ))
    }

    fn kanji(&self, at: usize) -> Option<(Numeral, usize)> {
        let (mut total, mut current, mut end, mut multiplied) = (0, 0, at, false);
        while let Some(c) = self.text.get(end) {
            if end - at > LONGEST {
                return None;
            }
            if let Some(figure) = kanji_figure(c) {
                current = u32::saturating_mul(current, 10).saturating_add(figure);
            } else if let Some(factor) = kanji_factor(c) {
                multiplied = true;
                match factor {
                    20 | 30 => total = u32::saturating_add(total, factor),
                    _ => total = total.saturating_add(current.max(1).saturating_mul(factor)),
                }
                current = 0;
            } else {
                break;
            }
            end += 1;
        }
        (end > at).then_some((
            Numeral {
                value: total.saturating_add(current),
                figures: if multiplied { 0 } else { end - at },
                kanji: true,
            },
            end,
        ))
    }

    /// A number that may have decimals, and may be said as 数 (several, which counts as three) or 半 (half).
    pub(super) fn amount(&self, at: usize) -> Option<(f64, usize)> {
        match self.text.get(at)? {
            '数' => return Some((3.0, at + 1)),
            '半' => return Some((0.5, at + 1)),
            _ => {}
        }
        let (numeral, end) = self.numeral(at)?;
        let value = f64::from(numeral.value);
        let decimals = (!numeral.kanji && self.text.get(end) == Some('.'))
            .then(|| self.figures(end + 1))
            .flatten();
        let Some((decimals, end)) = decimals else {
            return Some((value, end));
        };
        let shift = i32::try_from(decimals.figures).unwrap_or(0);
        Some((value + f64::from(decimals.value) / 10_f64.powi(shift), end))
    }
}

/// The value of a kanji that stands for a figure.
pub(super) fn kanji_figure(c: char) -> Option<u32> {
    let figure = match c {
        '〇' | '零' => 0,
        '一' => 1,
        '二' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        _ => return None,
    };
    Some(figure)
}

fn kanji_factor(c: char) -> Option<u32> {
    let factor = match c {
        '十' => 10,
        '廿' => 20,
        '卅' => 30,
        '百' => 100,
        '千' => 1000,
        _ => return None,
    };
    Some(factor)
}

/// Whether a character continues a number to its left.
pub(super) fn is_numeral(c: char) -> bool {
    c.is_ascii_digit() || kanji_figure(c).is_some() || kanji_factor(c).is_some()
}
