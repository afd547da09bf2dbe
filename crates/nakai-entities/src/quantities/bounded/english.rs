use super::{Amount, Bounded, comparable, convert};
use crate::{
    numbers::Folded,
    quantities::{
        Dimension, Item,
        english::{Amount as Number, Reader},
        lexicon::lexicon,
    },
};

const AT_LEAST: &[&str] = &[
    "more than",
    "greater than",
    "higher than",
    "larger than",
    "bigger than",
    "no less than",
    "not less than",
    "no fewer than",
    "at least",
    "minimum of",
    "above",
    "over",
    "exceeding",
    "exceeds",
    "in excess of",
    "from at least",
];
const AT_MOST: &[&str] = &[
    "less than",
    "lower than",
    "smaller than",
    "fewer than",
    "no more than",
    "not more than",
    "at most",
    "up to",
    "maximum of",
    "under",
    "below",
];
const ABOUT: &[&str] = &[
    "about",
    "around",
    "roughly",
    "approximately",
    "approx",
    "exactly",
    "precisely",
    "nearly",
    "almost",
    "circa",
];

pub(super) fn bounded(text: &Folded) -> Vec<Bounded> {
    let reader = Reader::new(text, true);
    let amounts = reader.amounts();
    let mut items = reader.items();
    items.retain(|item| item.value.is_some());
    items.extend(single_units(&reader, &amounts, &items));
    items.extend(amounts.iter().filter_map(|amount| bare_below_zero(&reader, amount)));
    items.sort_by_key(|item| (item.start, usize::MAX - item.end));
    for item in &mut items {
        below_zero(&reader, item);
    }
    let search = Search {
        reader: &reader,
        amounts,
    };
    let mut found = Vec::new();
    let mut index = 0;
    while let Some(item) = items.get(index) {
        // The readings of one place are kept apart.
        let readings: Vec<Item> = items
            .iter()
            .skip(index)
            .take_while(|other| other.start == item.start)
            .copied()
            .collect();
        let count = readings.len();
        let mut used = count;
        for reading in readings {
            let (bounded, more) = search.bound(reading, items.get(index + count..).unwrap_or_default());
            used = used.max(count + more);
            found.push(bounded);
        }
        index += used;
    }
    found
}

/// `a dollar`, `a kg`, `tenth of a gallon`: one unit, or a part of one.
fn single_units(reader: &Reader<'_>, amounts: &[Number], items: &[Item]) -> Vec<Item> {
    let numbers = &reader.numbers;
    let mut found = Vec::new();
    let mut covered = items.iter().peekable();
    for index in 0..numbers.len() {
        let start = numbers.start(index);
        while covered.next_if(|item| item.end <= start).is_some() {}
        if covered.peek().is_some_and(|item| item.start <= start) {
            continue;
        }
        let article = numbers.is(index, "a") || numbers.is(index, "an");
        let part = reader.part_of_unit(index);
        let (next, value) = match part {
            Some(part) => part,
            None if article => (index + 1, 1.0),
            None => continue,
        };
        let number = Number {
            first: index,
            next,
            value,
        };
        found.extend(
            reader
                .quantities_of(&number, amounts)
                .into_iter()
                .filter(|item| item.unit.name != "Bit"),
        );
    }
    found
}

/// `2 degrees below zero`, `2 below zero`.
fn below_zero(reader: &Reader<'_>, item: &mut Item) {
    if item.unit.dimension != Dimension::Temperature {
        return;
    }
    let after = reader.token_at(item.end);
    if let Some(next) = reader.numbers.phrase(after, "below zero") {
        item.value = item.value.map(|value| -value);
        item.end = reader.numbers.end(next);
    }
}

/// `2 below zero`, without a unit.
fn bare_below_zero(reader: &Reader<'_>, amount: &Number) -> Option<Item> {
    let numbers = &reader.numbers;
    let next = numbers.phrase(amount.next, "below zero")?;
    Some(Item {
        start: numbers.start(amount.first),
        end: numbers.end(next),
        value: Some(-amount.value),
        unit: *lexicon().unit_named("Degree", Dimension::Temperature)?,
        parts: 1,
    })
}

struct Search<'a> {
    reader: &'a Reader<'a>,
    amounts: Vec<Number>,
}

impl Search<'_> {
    /// Adds what follows to a quantity and reads the words around it; also gives how many items that took.
    fn bound(&self, item: Item, following: &[Item]) -> (Bounded, usize) {
        let (mut item, mut used) = self.sum(item, following);
        if let Some((high, more)) = self.up_to(&item, following.get(used..).unwrap_or_default()) {
            used += more;
            let low = item.value.unwrap_or_default();
            let value = convert(low, &item.unit, &high.unit).unwrap_or(low);
            let (start, _) = self.words_before(item.start, &["between", "from"]);
            let bounded = Bounded {
                start,
                end: high.end,
                amount: Amount::Between(value, high.value.unwrap_or_default()),
                unit: high.unit,
            };
            return (bounded, used);
        }
        let value = item.value.unwrap_or_default();
        if let Some((start, low)) = self.low_before(&item) {
            item.start = start;
            return (self.made(item, Amount::Between(low, value)), used);
        }
        // `no more than` ends like `more than`: the words that start first are meant.
        let (at_least, is_least) = self.words_before(item.start, AT_LEAST);
        let (at_most, is_most) = self.words_before(item.start, AT_MOST);
        if is_least && (!is_most || at_least < at_most) {
            item.start = at_least;
            return (self.made(item, Amount::AtLeast(value)), used);
        }
        if is_most {
            item.start = at_most;
            return (self.made(item, Amount::AtMost(value)), used);
        }
        item.start = self.words_before(item.start, &[]).0;
        (self.made(item, Amount::Exactly(value)), used)
    }

    fn made(&self, item: Item, amount: Amount) -> Bounded {
        Bounded {
            start: item.start,
            end: item.end,
            amount,
            unit: item.unit,
        }
    }

    /// `2 km and 1 meter`, `10 kms, 8 meters and 6 centimeters`, `1m and 1ft`.
    fn sum(&self, mut item: Item, following: &[Item]) -> (Item, usize) {
        let numbers = &self.reader.numbers;
        let mut used = 0;
        for next in following {
            let after = self.reader.token_at(item.end);
            let comma = after + usize::from(numbers.symbol(after) == Some(','));
            let joint = numbers.phrase(comma, "and").unwrap_or(comma);
            let (Some(whole), Some(part)) = (item.value, next.value) else {
                break;
            };
            let addable = matches!(
                item.unit.dimension,
                Dimension::Length | Dimension::Weight | Dimension::Volume
            ) && next.unit.dimension == item.unit.dimension
                && next.unit.name != item.unit.name;
            if numbers.start(joint) != next.start || !addable {
                break;
            }
            let Some(converted) = convert(part, &next.unit, &item.unit) else {
                break;
            };
            item.value = Some(crate::numbers::round(whole + converted));
            item.end = next.end;
            item.parts += 1;
            used += 1;
        }
        (item, used)
    }

    /// The higher end of a range that begins with a quantity: `10 dollars to 20 dollars`.
    fn up_to(&self, low: &Item, following: &[Item]) -> Option<(Item, usize)> {
        let numbers = &self.reader.numbers;
        let (index, high) = following
            .iter()
            .take(4)
            .enumerate()
            .find(|(_, high)| comparable(low, high))?;
        let after = self.reader.token_at(low.end);
        let opened = self.words_before(low.start, &["between", "from"]).1;
        let joint = self.joint(after, opened)?;
        let start = (joint..joint + 3).find(|at| numbers.start(*at) == high.start)?;
        let between_about =
            (joint..start).all(|at| numbers.symbol(at) == Some('~') || ABOUT.iter().any(|word| numbers.is(at, word)));
        let ordered = convert(low.value?, &low.unit, &high.unit)? <= high.value?;
        (between_about && ordered).then_some((*high, index + 1))
    }

    /// The token after what joins the ends of a range.
    fn joint(&self, index: usize, opened: bool) -> Option<usize> {
        let numbers = &self.reader.numbers;
        if matches!(numbers.symbol(index), Some('-' | '–' | '—' | '~')) {
            return Some(index + 1);
        }
        numbers
            .phrase(index, "to")
            .or_else(|| numbers.phrase(index, "and").filter(|_| opened))
    }

    /// The lower end, without a unit, of a range that ends with a quantity: `between 10 and 20 dollars`, `10-20 dollars`.
    fn low_before(&self, item: &Item) -> Option<(usize, f64)> {
        let numbers = &self.reader.numbers;
        let mut first = self.reader.token_at(item.start);
        while let Some(before) = first.checked_sub(1)
            && (numbers.symbol(before) == Some('~') || ABOUT.iter().any(|word| numbers.is(before, word)))
        {
            first = before;
        }
        let joint = first.checked_sub(1)?;
        let at = self.amounts.partition_point(|amount| amount.next < joint);
        let low = self.amounts.get(at).filter(|amount| amount.next == joint)?;
        let start = numbers.start(low.first);
        let (start, opened) = self.words_before(start, &["between", "from"]);
        self.joint(joint, opened).filter(|after| *after == first)?;
        (low.value <= item.value?).then_some((start, low.value))
    }

    /// Where the words that stand before a place start, without what says that it is about so much; and whether one of these words is
    /// there.
    fn words_before(&self, place: usize, words: &[&str]) -> (usize, bool) {
        let numbers = &self.reader.numbers;
        let mut first = self.reader.token_at(place);
        for _ in 0..2 {
            let Some(before) = first.checked_sub(1) else { break };
            if numbers.symbol(before) == Some('~') || ABOUT.iter().any(|word| numbers.is(before, word)) {
                first = before;
            }
        }
        let found = words.iter().find_map(|words| {
            let start = first.checked_sub(words.split(' ').count())?;
            (numbers.phrase(start, words) == Some(first)).then_some(start)
        });
        let with_about = found.map(|start| match start.checked_sub(1) {
            Some(before) if ABOUT.iter().any(|word| numbers.is(before, word)) => before,
            _ => start,
        });
        (numbers.start(with_about.unwrap_or(first)), found.is_some())
    }
}
