use super::{Found, Reader};
use crate::numbers::{Anchor, Bound, Interval, NumberKind, Place};

/// A comparison has no more words before its number.
const MOST_WORDS: usize = 10;

/// A number of a text as a bound, with its place in tokens.
#[derive(Debug, Clone, Copy)]
struct Atom {
    first: usize,
    next: usize,
    value: f64,
    is_ordinal: bool,
    /// The numerator of a fraction with `in`.
    numerator: Option<(usize, f64)>,
}

/// How a comparison relates a value to a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Relation {
    More,
    MoreOrEqual,
    Less,
    LessOrEqual,
    Equal,
}

/// A range in tokens.
#[derive(Debug, Clone, Copy)]
struct Comparison {
    first: usize,
    next: usize,
    low: Option<Bound>,
    high: Option<Bound>,
}

/// The ranges between the numbers and ordinals of a text, in order: comparisons with a number and ranges between two.
pub(crate) fn ranges(reader: &Reader<'_>, numbers: &[Found], ordinals: &[Place]) -> Vec<Interval> {
    let search = Search {
        reader,
        atoms: atoms(reader, numbers, ordinals),
    };
    let mut found = Vec::new();
    let mut index = 0;
    let mut next = 0;
    while index < reader.tokens.len() {
        // A range begins a few words before its first number.
        while search.atoms.get(next).is_some_and(|atom| atom.first < index) {
            next += 1;
        }
        let Some(atom) = search.atoms.get(next) else { break };
        index = index.max(atom.first.saturating_sub(MOST_WORDS));
        let range = search
            .between(index)
            .or_else(|| search.till(index))
            .or_else(|| search.comparison(index));
        match range {
            Some(range) => {
                found.push(Interval {
                    start: reader.start(range.first),
                    end: reader.end(range.next),
                    low: range.low,
                    high: range.high,
                });
                index = range.next;
            }
            None => index = search.skip(index),
        }
    }
    found
}

/// Numbers and ordinals, of those that overlap the longer.
fn atoms(reader: &Reader<'_>, numbers: &[Found], ordinals: &[Place]) -> Vec<Atom> {
    let mut spans: Vec<(Found, bool)> = numbers.iter().map(|number| (*number, false)).collect();
    for ordinal in ordinals {
        if ordinal.anchor == Anchor::Start {
            let number = Found {
                start: ordinal.start,
                end: ordinal.end,
                #[expect(clippy::cast_precision_loss, reason = "ordinals are below 10^15")]
                value: ordinal.offset as f64,
                kind: NumberKind::Integer,
                numerator: None,
            };
            spans.push((number, true));
        }
    }
    spans.sort_by_key(|(number, _)| (number.start, usize::MAX - number.end));
    let mut atoms = Vec::new();
    let mut last_end = 0;
    for (number, is_ordinal) in spans {
        if number.start < last_end {
            continue;
        }
        last_end = number.end;
        atoms.push(Atom {
            first: reader.token_at(number.start),
            next: reader.token_at(number.end),
            value: number.value,
            is_ordinal,
            numerator: number.numerator.map(|(end, value)| (reader.token_at(end), value)),
        });
    }
    atoms
}

struct Search<'a> {
    reader: &'a Reader<'a>,
    /// In order.
    atoms: Vec<Atom>,
}

impl Search<'_> {
    fn atom(&self, index: usize) -> Option<Atom> {
        let at = self.atoms.binary_search_by_key(&index, |atom| atom.first).ok()?;
        self.atoms.get(at).copied()
    }

    /// The atom here or after an article.
    fn atom_after_article(&self, index: usize) -> Option<Atom> {
        self.atom(index)
            .or_else(|| self.atom(self.reader.phrase(index, "the")?))
    }

    /// Where to go on when nothing starts here: after the number, or after signs that say nothing together (`<>`).
    fn skip(&self, index: usize) -> usize {
        let sign = |at: usize| matches!(self.reader.symbol(at), Some('<' | '>' | '='));
        if sign(index) && sign(index + 1) {
            return index + 2;
        }
        self.atom(index).map_or(index + 1, |atom| atom.next)
    }

    fn any(&self, index: usize, words: &[&str]) -> Option<usize> {
        words.iter().find_map(|words| self.reader.phrase(index, words))
    }

    /// `between the tenth and the fifteenth`.
    fn between(&self, index: usize) -> Option<Comparison> {
        let low = self.atom_after_article(self.reader.phrase(index, "between")?)?;
        let high = self.atom_after_article(self.reader.phrase(low.next, "and")?)?;
        half_open(index, low, high)
    }

    /// `from 10 to 20`, `20~100`. A chain of hyphens is no range but a telephone number or a date.
    fn till(&self, index: usize) -> Option<Comparison> {
        let start = self.reader.phrase(index, "from").unwrap_or(index);
        let low = self
            .atom_after_article(start)
            .filter(|low| start > index || low.first == index)?;
        let sign = |at: usize| matches!(self.reader.symbol(at), Some('-' | '~' | '–' | '—' | '〜'));
        let after = if sign(low.next) {
            let double = self.reader.symbol(low.next) == Some('-') && self.reader.symbol(low.next + 1) == Some('-');
            low.next + 1 + usize::from(double)
        } else {
            self.any(low.next, &["to", "through"])?
        };
        let high = self.atom_after_article(after)?;
        let chained = |at: usize| matches!(self.reader.symbol(at), Some('-' | '/' | '+'));
        let before = low
            .first
            .checked_sub(1)
            .is_some_and(|at| chained(at) && self.reader.end(low.first) == self.reader.start(low.first));
        let more = chained(high.next)
            && self.reader.start(high.next) == self.reader.end(high.next)
            && self.atom(high.next + 1).is_some();
        if low.is_ordinal != high.is_ordinal || (sign(low.next) && (before || more)) {
            return None;
        }
        half_open(index, low, high)
    }

    /// One comparison, or two that together are a range.
    fn comparison(&self, index: usize) -> Option<Comparison> {
        let first = self.single(index)?;
        Some(self.double(first).unwrap_or(first))
    }

    /// A comparison with the one after it, if they are a range: `more than 10 and less than 20`.
    fn double(&self, first: Comparison) -> Option<Comparison> {
        let comma = first.next + usize::from(self.reader.symbol(first.next) == Some(','));
        let after = self
            .any(comma, &["and", "but"])
            .or_else(|| (comma > first.next).then_some(comma))?;
        let second = self.single(after)?;
        let opposite = match (first.low, first.high, second.low, second.high) {
            (Some(low), None, None, Some(high)) | (None, Some(high), Some(low), None) => Some((low, high)),
            _ => None,
        };
        let (low, high) = opposite.filter(|(low, high)| low.can_reach(*high))?;
        Some(Comparison {
            first: first.first,
            next: second.next,
            low: Some(low),
            high: Some(high),
        })
    }

    /// One comparison: `more than 5`, `5 or more`, `equal to 5 or less`.
    fn single(&self, index: usize) -> Option<Comparison> {
        let prefix = self.prefix(index);
        let (after, relation) = match prefix {
            Some((after, relation)) => (after, Some(relation)),
            None => (index, None),
        };
        let atom = if relation.is_some() {
            self.atom_after_article(after)?
        } else {
            self.atom(after)?
        };
        let (mut next, mut value) = (atom.next, atom.value);
        let suffix = self.suffix(next, relation);
        let relation = match suffix {
            Some((after, relation)) => {
                next = after;
                relation
            }
            None => {
                // After a comparison `in` begins something else: `more than 2 in 5 years`.
                if let Some((end, numerator)) = atom.numerator {
                    (next, value) = (end, numerator);
                }
                relation?
            }
        };
        let bound = |included| Some(Bound { value, included });
        let (low, high) = match relation {
            Relation::More => (bound(false), None),
            Relation::MoreOrEqual => (bound(true), None),
            Relation::Less => (None, bound(false)),
            Relation::LessOrEqual => (None, bound(true)),
            Relation::Equal => (bound(true), bound(true)),
        };
        Some(Comparison {
            first: index,
            next,
            low,
            high,
        })
    }

    /// A comparison before a number.
    fn prefix(&self, index: usize) -> Option<(usize, Relation)> {
        let signs = (self.reader.symbol(index), self.reader.symbol(index + 1));
        match signs {
            (Some('>'), Some('=')) => return Some((index + 2, Relation::MoreOrEqual)),
            (Some('<'), Some('=')) => return Some((index + 2, Relation::LessOrEqual)),
            (Some('<' | '>' | '='), Some('<' | '>' | '=')) => return None,
            (Some('>'), _) => return Some((index + 1, Relation::More)),
            (Some('<'), _) => return Some((index + 1, Relation::Less)),
            (Some('='), _) => return Some((index + 1, Relation::Equal)),
            (Some('≥'), _) => return Some((index + 1, Relation::MoreOrEqual)),
            (Some('≤'), _) => return Some((index + 1, Relation::LessOrEqual)),
            _ => {}
        }
        if let Some(next) = self.equal(index) {
            let or = self.reader.phrase(next, "or").unwrap_or(next);
            return match self.unequal(or) {
                Some((after, Relation::More | Relation::MoreOrEqual)) => Some((after, Relation::MoreOrEqual)),
                Some((after, _)) => Some((after, Relation::LessOrEqual)),
                None => Some((next, Relation::Equal)),
            };
        }
        let (next, relation) = self.unequal(index)?;
        let or = self.reader.phrase(next, "or").unwrap_or(next);
        match (self.equal(or), relation) {
            (Some(after), Relation::More | Relation::MoreOrEqual) => Some((after, Relation::MoreOrEqual)),
            (Some(after), _) => Some((after, Relation::LessOrEqual)),
            (None, _) => Some((next, relation)),
        }
    }

    fn equal(&self, index: usize) -> Option<usize> {
        let next = self.any(index, &["equal", "equals", "equaling", "equalling"])?;
        Some(self.any(next, &["to", "than"]).unwrap_or(next))
    }

    fn unequal(&self, index: usize) -> Option<(usize, Relation)> {
        let more = || self.compared(index, MORE).or_else(|| self.any(index, MORE_ALONE));
        let less = || self.compared(index, LESS).or_else(|| self.any(index, LESS_ALONE));
        if let Some(no) = self.any(index, &["no", "not"]) {
            return self
                .compared(no, LESS)
                .map(|next| (next, Relation::MoreOrEqual))
                .or_else(|| Some((self.compared(no, MORE)?, Relation::LessOrEqual)));
        }
        let least = || self.any(index, &["at least", "a minimum of", "minimum of"]);
        let most = || self.any(index, &["at most", "up to", "a maximum of", "maximum of"]);
        least()
            .map(|next| (next, Relation::MoreOrEqual))
            .or_else(|| Some((most()?, Relation::LessOrEqual)))
            .or_else(|| Some((more()?, Relation::More)))
            .or_else(|| Some((less()?, Relation::Less)))
    }

    /// A comparative with or without `than`.
    fn compared(&self, index: usize, words: &[&str]) -> Option<usize> {
        let next = self.any(index, words)?;
        Some(self.reader.phrase(next, "than").unwrap_or(next))
    }

    /// A comparison after a number; `than` may end it only if no number follows, because then it begins another one.
    fn suffix(&self, index: usize, prefix: Option<Relation>) -> Option<(usize, Relation)> {
        let after = self.any(index, &["or", "and"])?;
        let closed = |next: usize| match self.reader.phrase(next, "than") {
            Some(than) => (!self.starts_number(than)).then_some(than),
            None => Some(next),
        };
        if prefix.is_none_or(|prefix| prefix == Relation::Equal) {
            let more = || {
                let next = self.any(after, MORE).or_else(|| self.any(after, &["above", "over"]))?;
                Some((closed(next)?, Relation::MoreOrEqual))
            };
            let less = || {
                let next = self.any(after, LESS).or_else(|| self.any(after, &["below", "under"]))?;
                Some((closed(next)?, Relation::LessOrEqual))
            };
            return more().or_else(less).filter(|(next, _)| !self.starts_number(*next));
        }
        let equal = self.equal(after).filter(|next| !self.starts_number(*next))?;
        match prefix {
            Some(Relation::More) => Some((equal, Relation::MoreOrEqual)),
            Some(Relation::Less) => Some((equal, Relation::LessOrEqual)),
            _ => None,
        }
    }

    fn starts_number(&self, index: usize) -> bool {
        self.atom_after_article(index).is_some()
    }
}

const MORE: &[&str] = &["bigger", "greater", "more", "higher", "larger"];
const MORE_ALONE: &[&str] = &[
    "above",
    "over",
    "exceeding",
    "exceeds",
    "exceeded",
    "exceed",
    "surpassing",
    "surpasses",
    "surpassed",
    "surpass",
    "in excess of",
];
const LESS: &[&str] = &["less", "lower", "smaller", "fewer"];
const LESS_ALONE: &[&str] = &["below", "under"];

/// A range from a number up to another, which is not in it.
fn half_open(first: usize, low: Atom, high: Atom) -> Option<Comparison> {
    (low.value <= high.value).then_some(Comparison {
        first,
        next: high.next,
        low: Some(Bound {
            value: low.value,
            included: true,
        }),
        high: Some(Bound {
            value: high.value,
            included: false,
        }),
    })
}
