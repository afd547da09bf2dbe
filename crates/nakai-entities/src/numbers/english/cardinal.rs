use super::{Found, Kind, Part, Reader, words::Word};
use crate::numbers::{NumberKind, digits};

/// No scale is multiplied further.
pub(super) const LARGEST: f64 = 1e24;

impl Reader<'_> {
    /// Every number of the text, in order.
    pub(crate) fn cardinals(&self) -> Vec<Found> {
        let mut found = Vec::new();
        let mut index = 0;
        while index < self.tokens.len() {
            match self.number(index) {
                Some((next, number)) => {
                    found.push(number);
                    index = next;
                }
                None => index += 1,
            }
        }
        found
    }

    /// A number with its sign that starts at a token, and the token after it.
    fn number(&self, index: usize) -> Option<(usize, Found)> {
        let (first, negative) = self.sign(index);
        let token = *self.tokens.get(first)?;
        if let Kind::Symbol(symbol) = token.kind {
            return self.vulgar(index, first, symbol, negative);
        }
        let (part, numerator) = self.unsigned(first)?;
        let unusable = if self.with_units {
            self.joins_an_ordinal(part.next)
        } else {
            self.is_attached(index, first, part.next) || self.is_pronoun(first, part.next)
        };
        if unusable {
            return None;
        }
        let sign = if negative { -1.0 } else { 1.0 };
        Some((
            part.next,
            Found {
                start: self.start(index),
                end: self.end(part.next),
                value: sign * part.value,
                kind: part.kind,
                numerator: numerator.map(|(next, value)| (self.end(next), sign * value)),
            },
        ))
    }

    /// The longest number without a sign: a fraction, a part of a whole, or a number; with the numerator if it is a part with `in`.
    fn unsigned(&self, index: usize) -> Option<(Part, Option<(usize, f64)>)> {
        if let Some(part) = self.fraction(index) {
            return Some((part, None));
        }
        if let Some((part, numerator)) = self.part_of(index) {
            return Some((part, numerator));
        }
        let part = self.slashed(index).or_else(|| self.cardinal(index))?;
        Some((part, None))
    }

    /// Reads the sign before a number: a word, or a hyphen that stands before digits and joins nothing.
    fn sign(&self, index: usize) -> (usize, bool) {
        if self.word(index) == Some(Word::Minus) {
            return (index + 1, true);
        }
        let is_number = self.literal(index + 1).is_some();
        if self.symbol(index) != Some('-') || !is_number {
            return (index, false);
        }
        let start = self.start(index);
        let before = self.text.before(self.text.skip_spaces_back(start));
        let close = self.text.before(start).is_whitespace() && self.start(index + 1) == start + 1;
        let joins = before.is_ascii_digit() || before == '%' || (before.is_alphabetic() && !close);
        if joins || self.text.before(start) == '-' {
            (index, false)
        } else {
            (index + 1, true)
        }
    }

    /// Digits that letters touch are a part of a word or stand with a unit (`180ml`, `scp173`).
    fn is_attached(&self, index: usize, first: usize, next: usize) -> bool {
        let touches = |c: char| c.is_alphabetic() || c == '_';
        let starts_with_digits = self.literal(first).is_some();
        let ends_with_digits = next.checked_sub(1).is_some_and(|last| self.literal(last).is_some());
        (starts_with_digits && index == first && touches(self.text.before(self.start(first))))
            || (ends_with_digits && touches(self.text.at(self.end(next))))
            || self.joins_an_ordinal(next)
    }

    /// `twenty` of `twenty-fifth`.
    fn joins_an_ordinal(&self, next: usize) -> bool {
        matches!(self.symbol(next), Some('-' | '—'))
            && self.start(next) == self.end(next)
            && matches!(self.word(next + 1), Some(Word::Ordinal { plural: false, .. }))
    }

    /// `one` that stands for a thing (`which one`).
    fn is_pronoun(&self, first: usize, next: usize) -> bool {
        const BEFORE: &[&str] = &[
            "the", "this", "that", "which", "each", "every", "no", "any", "last", "next", "previous", "current",
            "first", "second", "third", "other", "another", "right", "wrong", "good", "new", "old", "some",
        ];
        next == first + 1
            && self.word(first) == Some(Word::Unit(1))
            && first
                .checked_sub(1)
                .is_some_and(|before| BEFORE.iter().any(|word| self.is(before, word)))
    }

    /// `⅔`, `2½`.
    fn vulgar(&self, index: usize, first: usize, symbol: char, negative: bool) -> Option<(usize, Found)> {
        let value = digits::vulgar(symbol)?;
        Some((
            first + 1,
            Found {
                start: self.start(index),
                end: self.end(first + 1),
                value: if negative { -value } else { value },
                kind: NumberKind::Fraction,
                numerator: None,
            },
        ))
    }

    /// A number in digits or in words, without a sign and without a fraction in words.
    pub(super) fn cardinal(&self, index: usize) -> Option<Part> {
        let part = self
            .colloquial_number(index)
            .or_else(|| self.whole(index))
            .or_else(|| self.written_literal(index))?;
        Some(self.with_decimals(part).unwrap_or(part))
    }

    fn written_literal(&self, index: usize) -> Option<Part> {
        let literal = self.literal(index)?;
        if let Some(value) = self.symbol(index + 1).and_then(digits::vulgar)
            && self.start(index + 1) == literal.end
            && literal.plain
        {
            return Some(Part {
                next: index + 2,
                value: literal.value + value,
                kind: NumberKind::Fraction,
                scale: 1.0,
            });
        }
        let value = literal.value;
        let kind = match literal.kind {
            NumberKind::Decimal if value.fract() == 0.0 => NumberKind::Integer,
            kind => kind,
        };
        Some(Part {
            next: index + 1,
            value,
            kind,
            scale: 1.0,
        })
    }

    /// `two hundred and two thousand`, `4 thousand 3 hundred and 21`, `2.5 million`, `three hundred and two dozens`.
    fn whole(&self, index: usize) -> Option<Part> {
        let mut total = 0.0;
        let mut last_scale = f64::INFINITY;
        let mut next = index;
        let mut ends_with_scale = 1.0;
        loop {
            let is_first = next == index;
            let start = if is_first { next } else { self.skip_and(next) };
            let Some(segment) = self.segment(start, is_first || start > next) else {
                break;
            };
            if segment.scale >= last_scale {
                break;
            }
            total += segment.value * segment.scale;
            next = segment.next;
            last_scale = segment.scale;
            ends_with_scale = segment.ends_with;
            if segment.scale == 1.0 {
                if segment.dozens {
                    ends_with_scale = 12.0;
                }
                break;
            }
        }
        (next > index).then(|| {
            let value = digits::round(total);
            Part {
                next,
                value,
                kind: digits::kind_of(value),
                scale: ends_with_scale,
            }
        })
    }

    /// A number up to its scale: `two hundred and two thousand`.
    fn segment(&self, index: usize, alone: bool) -> Option<Segment> {
        let (mut next, mut value) = self.small(index)?;
        let by_digits = self.literal(index).is_some();
        let mut ends_with = 1.0;
        let mut tail = value;
        let hundred = self.word(next) == Some(Word::Hundred);
        if hundred {
            next += 1;
            value *= 100.0;
            tail = value;
            ends_with = 100.0;
            let rest = self.skip_and(next);
            if let Some((end, small)) = self.small(rest)
                && small < 100.0
                && small.fract() == 0.0
                && self.word(rest) != Some(Word::A)
                && self.word(end) != Some(Word::Hundred)
            {
                next = end;
                value += small;
                tail = small;
                ends_with = 1.0;
            }
        }
        let mut scale = 1.0;
        while let Some(Word::Scale(factor)) = self.word(next)
            && scale < LARGEST
        {
            scale *= factor;
            ends_with = factor;
            next += 1;
        }
        let dozens = scale == 1.0 && self.word(next) == Some(Word::Dozen);
        if dozens {
            value += tail * 11.0;
            next += 1;
        }
        let scaled = scale > 1.0 || hundred || dozens;
        // Digits go on with a number only before a scale or after `and`; `a` is one only before a scale.
        let allowed = if by_digits {
            scaled
                || (alone
                    && self.literal(index).is_some_and(|literal| literal.plain)
                    && index > 0
                    && self.word(index - 1) == Some(Word::And))
        } else {
            self.word(index) != Some(Word::A) || scaled
        };
        allowed.then_some(Segment {
            next,
            value,
            scale,
            ends_with,
            dozens,
        })
    }

    /// A number below a hundred in words, or any in digits; the token after it and its value.
    fn small(&self, index: usize) -> Option<(usize, f64)> {
        if let Some(literal) = self.literal(index) {
            let usable = literal.kind != NumberKind::Power && !self.text.at(literal.end).is_alphabetic();
            return usable.then_some((index + 1, literal.value));
        }
        self.small_words(index)
    }

    /// A number below a hundred in words.
    pub(super) fn small_words(&self, index: usize) -> Option<(usize, f64)> {
        match self.word(index)? {
            Word::A => Some((index + 1, 1.0)),
            Word::Unit(value) | Word::Teen(value) => Some((index + 1, f64::from(value))),
            Word::Ten(ten) => {
                let unit = if matches!(self.symbol(index + 1), Some('-' | '—' | '‐')) {
                    index + 2
                } else {
                    index + 1
                };
                match self.word(unit) {
                    Some(Word::Unit(value)) if value > 0 => Some((unit + 1, f64::from(ten + value))),
                    _ => Some((index + 1, f64::from(ten))),
                }
            }
            _ => None,
        }
    }

    /// `two hundred point zero three`, `two point two million`.
    fn with_decimals(&self, whole: Part) -> Option<Part> {
        if self.word(whole.next) != Some(Word::Point) || whole.value.fract() != 0.0 {
            return None;
        }
        let (mut next, decimals) = self.decimals(whole.next + 1)?;
        let mut value: f64 = format!("{}.{decimals}", whole.value).parse().ok()?;
        let mut kind = NumberKind::Decimal;
        while let Some(Word::Scale(factor)) = self.word(next)
            && value < LARGEST
        {
            value = digits::round(value * factor);
            kind = digits::kind_of(value);
            next += 1;
        }
        Some(Part {
            next,
            value,
            kind,
            scale: 1.0,
        })
    }

    /// The digits after `point`: read one by one (`zero three`), as a number (`seventy-one`), or written.
    fn decimals(&self, index: usize) -> Option<(usize, String)> {
        if let Some(literal) = self.literal(index) {
            let digits = self.text.chars().get(self.start(index)..literal.end)?.iter().collect();
            return literal.plain.then_some((index + 1, digits));
        }
        let mut next = index;
        let mut digits = String::new();
        while let Some(Word::Unit(value)) = self.word(next) {
            digits.push(char::from(b'0' + value));
            next += 1;
        }
        if !digits.is_empty() {
            return Some((next, digits));
        }
        if self.word(index) == Some(Word::A) {
            return None;
        }
        let (next, value) = self.small(index)?;
        Some((next, format!("{value}")))
    }

    /// What is a number only when people speak: `one twenty two`, `point 77`, `thousand`, `a couple of`.
    fn colloquial_number(&self, index: usize) -> Option<Part> {
        if !self.colloquial {
            return None;
        }
        let part = |next: usize, value: f64| {
            Some(Part {
                next,
                value,
                kind: digits::kind_of(value),
                scale: 1.0,
            })
        };
        match self.word(index)? {
            Word::Unit(hundreds) if hundreds > 0 => {
                let (next, value) = self.small(index + 1)?;
                let goes_on = matches!(
                    self.word(next),
                    Some(Word::Hundred | Word::Scale(_) | Word::Dozen | Word::Ordinal { .. })
                );
                let spoken = matches!(self.word(index + 1), Some(Word::Ten(_) | Word::Teen(_))) && !goes_on;
                spoken
                    .then(|| part(next, f64::from(hundreds) * 100.0 + value))
                    .flatten()
            }
            Word::Point => {
                let (next, decimals) = self.decimals(index + 1)?;
                part(next, format!("0.{decimals}").parse().ok()?)
            }
            Word::Hundred if !self.is(index, "hundreds") => part(index + 1, 100.0),
            Word::Scale(scale) => {
                let plural = self.text.before(self.end(index + 1)) == 's';
                let mut value = scale;
                let mut next = index + 1;
                while let Some(Word::Scale(factor)) = self.word(next)
                    && value < LARGEST
                {
                    value *= factor;
                    next += 1;
                }
                (!plural).then(|| part(next, value)).flatten()
            }
            Word::A => ["pair", "couple"].iter().find_map(|noun| {
                let next = self.phrase(index + 1, noun)?;
                part(self.phrase(next, "of").unwrap_or(next), 2.0)
            }),
            Word::Spoken(value) => part(index + 1, f64::from(value)),
            _ => None,
        }
    }
}

struct Segment {
    next: usize,
    /// Without the scale.
    value: f64,
    scale: f64,
    /// The last scale, or a hundred that nothing follows.
    ends_with: f64,
    dozens: bool,
}
