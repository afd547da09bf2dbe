mod names;
mod parts;

use std::cell::OnceCell;

use super::{Dimension, Item, Unit, lexicon::lexicon};
use crate::numbers::{EnglishReader, Folded};

/// Words of texts about warmth, where degrees are no angle.
const WARMTH: &[&str] = &[
    "temperature",
    "temperatures",
    "thermostat",
    "weather",
    "hot",
    "cold",
    "warm",
    "cool",
    "heat",
    "heater",
    "heating",
    "fever",
    "outside",
    "oven",
    "freezing",
    "forecast",
    "ac",
    "celsius",
    "fahrenheit",
];
/// Words of texts about angles, where degrees are no warmth.
const TURNING: &[&str] = &[
    "rotate",
    "rotated",
    "rotation",
    "turn",
    "turned",
    "angle",
    "angles",
    "tilt",
    "tilted",
    "latitude",
    "longitude",
    "triangle",
];
/// Scales that are written as letters after amounts of money.
const SCALES: &[(&str, f64)] = &[
    ("k", 1e3),
    ("m", 1e6),
    ("mn", 1e6),
    ("mm", 1e6),
    ("mil", 1e6),
    ("b", 1e9),
    ("bn", 1e9),
    ("t", 1e12),
    ("tn", 1e12),
    ("thousand", 1e3),
    ("million", 1e6),
    ("billion", 1e9),
    ("trillion", 1e12),
];
/// No name of a unit has more tokens before a number.
const MOST_BEFORE: usize = 6;

/// A number with its place in tokens.
#[derive(Debug, Clone, Copy)]
pub(super) struct Amount {
    pub(super) first: usize,
    pub(super) next: usize,
    pub(super) value: f64,
}

/// A unit that was read, with its place in tokens.
#[derive(Debug, Clone, Copy)]
struct Named {
    next: usize,
    end: usize,
    unit: Unit,
    only_part: bool,
}

/// A quantity in tokens.
#[derive(Debug, Clone, Copy)]
struct Read {
    first: usize,
    next: usize,
    item: Item,
}

/// Reads quantities from an English text.
pub(super) struct Reader<'a> {
    pub(super) text: &'a Folded,
    pub(super) numbers: EnglishReader<'a>,
    /// Whether the text is about warmth, and whether it is about angles; asked for only where there are degrees.
    context: OnceCell<(bool, bool)>,
}

pub(super) fn items(text: &Folded) -> Vec<Item> {
    Reader::new(text, false).items()
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a Folded, colloquial: bool) -> Self {
        Self {
            text,
            numbers: EnglishReader::with_units(text, colloquial),
            context: OnceCell::new(),
        }
    }

    fn context(&self) -> (bool, bool) {
        *self.context.get_or_init(|| {
            let any = |words: &[&str]| {
                (0..self.numbers.len()).any(|index| words.iter().any(|word| self.numbers.is(index, word)))
            };
            (any(WARMTH), any(TURNING))
        })
    }

    /// The token that starts at a place or after it.
    pub(super) fn token_at(&self, place: usize) -> usize {
        self.numbers.token_at(place)
    }

    /// The quantities that an amount and the unit after it can be, with the parts of it that follow.
    pub(super) fn quantities_of(&self, amount: &Amount, amounts: &[Amount]) -> Vec<Item> {
        let following = amounts
            .get(amounts.partition_point(|other| other.first < amount.next)..)
            .unwrap_or_default();
        let mut items: Vec<Item> = Vec::new();
        for (named, factor) in self.after(amount) {
            let read = self.made(amount.first, amount.value * factor, named);
            let (read, _) = self.with_parts(read, following);
            if items.iter().all(|item| item.end == read.item.end) {
                items.push(read.item);
            }
        }
        items
    }

    /// A part before a unit: `half a`, `quarter`, `tenth of a`.
    pub(super) fn part_of_unit(&self, index: usize) -> Option<(usize, f64)> {
        let numbers = &self.numbers;
        let (next, value) = numbers.part(index)?;
        let of = numbers.phrase(next, "of").unwrap_or(next);
        let article = ["a", "an"].iter().find_map(|article| numbers.phrase(of, article));
        Some((article.unwrap_or(of), value))
    }

    /// The numbers of the text with their places in tokens.
    pub(super) fn amounts(&self) -> Vec<Amount> {
        let mut token = 0;
        let mut to = |place: usize| {
            while token < self.numbers.len() && self.numbers.start(token) < place {
                token += 1;
            }
            token
        };
        self.numbers
            .cardinals()
            .into_iter()
            .map(|number| Amount {
                first: to(number.start),
                next: to(number.end),
                value: number.value,
            })
            .collect()
    }

    /// The quantities of the text and the units without a number, in the order in which they were found.
    pub(super) fn items(&self) -> Vec<Item> {
        let amounts = if self.numbers.is_empty() {
            Vec::new()
        } else {
            self.amounts()
        };
        let mut found: Vec<Read> = Vec::new();
        let mut taken = 0;
        let mut index = 0;
        while let Some(amount) = amounts.get(index) {
            let read = self.read(amount, taken);
            let mut used = 1;
            for read in read {
                let (whole, count) = self.with_parts(read, amounts.get(index + 1..).unwrap_or_default());
                taken = taken.max(whole.next);
                used = used.max(1 + count);
                found.push(whole);
            }
            index += used;
        }
        let mut items: Vec<Item> = found.iter().map(|read| read.item).collect();
        items.extend(self.alone(&found));
        items
    }

    /// What an amount is of, one reading for each kind of dimension.
    fn read(&self, amount: &Amount, taken: usize) -> Vec<Read> {
        if let Some(read) = self.before(amount, taken) {
            return vec![read];
        }
        let start = self.numbers.start(amount.first);
        let before = self.text.before(start);
        if self.is_in_a_code(start) || before.is_alphabetic() || before == '_' {
            return Vec::new();
        }
        let mut readings: Vec<Read> = Vec::new();
        for (named, factor) in self.after(amount) {
            let read = self.made(amount.first, amount.value * factor, named);
            let kind = |unit: &Unit| match unit.dimension {
                Dimension::Age | Dimension::Currency | Dimension::Temperature => Some(unit.dimension),
                _ => None,
            };
            match readings
                .iter_mut()
                .find(|other| kind(&other.item.unit) == kind(&named.unit))
            {
                Some(other) if other.next < read.next => *other = read,
                Some(_) => {}
                None => readings.push(read),
            }
        }
        readings
    }

    /// Whether a hyphen joins a number to a word or a code (`scp-173`, `a4-80`), unlike the second end of a range (`3km-5km`).
    fn is_in_a_code(&self, start: usize) -> bool {
        if self.text.before(start) != '-' {
            return false;
        }
        let end = start - 1;
        let mut first = end;
        while end - first < 16 && self.text.before(first).is_alphanumeric() {
            first -= 1;
        }
        let letters = (first..end).any(|at| self.text.at(at).is_alphabetic());
        letters && !self.text.at(first).is_ascii_digit()
    }

    fn made(&self, first: usize, value: f64, named: Named) -> Read {
        Read {
            first,
            next: named.next,
            item: Item {
                start: self.numbers.start(first),
                end: named.end,
                value: Some(value),
                unit: named.unit,
                parts: 1,
            },
        }
    }

    /// A currency before an amount: `$ 20`, `us $ 5 million`, `USD200`.
    fn before(&self, amount: &Amount, taken: usize) -> Option<Read> {
        let last = amount.first.checked_sub(1)?;
        if !lexicon().can_end_before(&self.token(last)?) {
            return None;
        }
        let first = last.saturating_sub(MOST_BEFORE - 1).max(taken);
        let (first, unit) = (first..=last).find_map(|first| {
            let entry = self.entries(first, amount.first).into_iter().find(|entry| {
                let word = self.text.before(self.numbers.start(first)).is_alphanumeric();
                // A word before a word is another thing: `in EUR one can`.
                let fits = self.numbers.symbol(last).is_some()
                    || self.text.at(self.numbers.start(amount.first)).is_ascii_digit();
                entry.before
                    && !word
                    && fits
                    && self.spelled(first, amount.first, entry)
                    && self.is_whole_sign(first, last)
            })?;
            Some((first, lexicon().units.get(entry.unit).copied()?))
        })?;
        let (next, factor) = self.scale(amount.next).unwrap_or((amount.next, 1.0));
        if self.text.at(self.numbers.end(next)).is_alphanumeric() && factor == 1.0 {
            return None;
        }
        let mut named = Named {
            next,
            end: self.numbers.end(next),
            unit,
            only_part: false,
        };
        // The currency can be said again, and then exactly: `$ 30 usd`.
        let again = self
            .named(next)
            .into_iter()
            .find(|again| is_money(again) && again.unit.kind() == unit.kind());
        if let Some(again) = again {
            named = Named {
                unit: if unit.iso_code.is_some() { unit } else { again.unit },
                ..again
            };
        }
        Some(self.made(first, amount.value * factor, named))
    }

    /// A letter and a sign mean a currency only when they touch, because `' s $` is a genitive; some are written apart.
    fn is_whole_sign(&self, first: usize, last: usize) -> bool {
        let written = self
            .text
            .chars()
            .get(self.numbers.start(first)..self.numbers.end(last))
            .unwrap_or_default();
        let letters = written.iter().filter(|c| c.is_alphabetic()).count();
        let close = self.numbers.start(last) == self.numbers.end(last);
        let genitive = matches!(self.text.before(self.numbers.start(first)), '\'' | '’');
        first == last || ((letters > 1 || close || self.numbers.is(first, "c")) && !genitive)
    }

    /// A scale after an amount of money: `5m`, `2 bn`.
    fn scale(&self, index: usize) -> Option<(usize, f64)> {
        let token = self.token(index)?;
        let (name, factor) = SCALES.iter().find(|(name, _)| *name == token)?;
        let close = self.numbers.start(index) == self.numbers.end(index);
        let end = self.numbers.end(index + 1);
        let alone = !self.text.at(end).is_alphanumeric();
        (alone && (close || name.len() > 3)).then_some((index + 1, *factor))
    }

    /// The units that can follow an amount, with what the amount is to be multiplied with.
    fn after(&self, amount: &Amount) -> Vec<(Named, f64)> {
        let mut found: Vec<(Named, f64)> = self.named(amount.next).into_iter().map(|named| (named, 1.0)).collect();
        if let Some((next, factor)) = self.scale(amount.next) {
            found.extend(
                self.named(next)
                    .into_iter()
                    .filter(is_money)
                    .map(|named| (named, factor)),
            );
        }
        found.extend(self.multiplied_code(amount.next));
        for (named, factor) in &mut found {
            // `75 USD million`.
            if is_money(named)
                && let Some((next, scale)) = self.scale(named.next)
                && self.numbers.start(named.next) > named.end
            {
                named.next = next;
                named.end = self.numbers.end(next);
                *factor *= scale;
            }
        }
        found.retain(|(named, _)| !named.only_part);
        found
    }

    /// `30 MUSD`.
    fn multiplied_code(&self, index: usize) -> Option<(Named, f64)> {
        let token = self.token(index)?;
        let start = self.numbers.start(index);
        let factor = match self.text.at(start) {
            'M' => 1e6,
            'K' | 'k' => 1e3,
            'B' => 1e9,
            _ => return None,
        };
        let entry = lexicon().english(token.get(1..)?).iter().find(|entry| entry.before)?;
        let unit = lexicon()
            .units
            .get(entry.unit)
            .copied()
            .filter(|unit| unit.iso_code.is_some())?;
        let named = Named {
            next: index + 1,
            end: self.numbers.end(index + 1),
            unit,
            only_part: false,
        };
        Some((named, factor))
    }

    /// Units without a number, outside of what was found.
    fn alone(&self, found: &[Read]) -> Vec<Item> {
        let mut items = Vec::new();
        let mut covered = found.iter().peekable();
        let mut index = 0;
        while index < self.numbers.len() {
            while covered.next_if(|read| read.next <= index).is_some() {}
            if let Some(read) = covered.peek().filter(|read| read.first <= index) {
                index = read.next;
                continue;
            }
            index = self.alone_at(index, &mut items);
        }
        items
    }

    fn alone_at(&self, index: usize, items: &mut Vec<Item>) -> usize {
        let Some(first) = self.token(index) else {
            return index + 1;
        };
        for next in (index + 1..=index + lexicon().most_tokens(&first)).rev() {
            let mut any = false;
            for entry in self.entries(index, next) {
                let Some(unit) = lexicon().units.get(entry.unit).filter(|_| entry.alone) else {
                    continue;
                };
                let touches = self.text.before(self.numbers.start(index)).is_alphanumeric();
                if self.ends(index, next, unit) && !touches {
                    any = true;
                    items.push(Item {
                        start: self.numbers.start(index),
                        end: self.numbers.end(next),
                        value: None,
                        unit: *unit,
                        parts: 0,
                    });
                }
            }
            if any {
                return next;
            }
        }
        index + 1
    }
}

fn is_money(named: &Named) -> bool {
    named.unit.dimension == Dimension::Currency
}
