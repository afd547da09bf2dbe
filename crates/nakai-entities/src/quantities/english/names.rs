use super::{Named, Reader};
use crate::quantities::{
    Dimension, Unit,
    lexicon::{Entry, lexicon},
};

/// Finds the names of units and tells whether they mean them.
impl Reader<'_> {
    /// The units whose names start at a token, also after a hyphen or in brackets.
    pub(super) fn named(&self, index: usize) -> Vec<Named> {
        let symbol = self.numbers.symbol(index);
        let end = self.numbers.end(index);
        let hyphen = symbol == Some('-') && self.numbers.start(index) == end && self.text.at(end + 1).is_alphabetic();
        let bracket = symbol == Some('(');
        let start = index + usize::from(hyphen || bracket);
        let mut found = self.names(start);
        if hyphen {
            found.retain(|_| self.token(start).is_some_and(|token| token.chars().count() > 2));
        }
        if bracket {
            found.retain_mut(|named| {
                let closed = self.numbers.symbol(named.next) == Some(')');
                named.next += 1;
                named.end = self.numbers.end(named.next);
                closed
            });
        }
        found
    }

    fn names(&self, start: usize) -> Vec<Named> {
        let Some(first) = self.token(start) else {
            return Vec::new();
        };
        let most = lexicon().most_tokens(&first);
        let mut found = Vec::new();
        for next in (start + 1..=start + most).rev() {
            for entry in self.entries(start, next) {
                if let Some(unit) = lexicon().units.get(entry.unit)
                    && self.spelled(start, next, &entry)
                    && self.ends(start, next, unit)
                {
                    found.push(Named {
                        next,
                        end: self.numbers.end(next),
                        unit: self.sized(start, unit),
                        only_part: entry.only_part,
                    });
                }
            }
        }
        found
    }

    /// What tokens can mean together.
    pub(super) fn entries(&self, first: usize, next: usize) -> Vec<Entry> {
        let mut joined = String::new();
        for index in first..next {
            let Some(token) = self.token(index) else {
                return Vec::new();
            };
            if index > first {
                joined.push(' ');
                // `km 2` is no area.
                let digits = token.starts_with(|c: char| c.is_ascii_digit() || c == '^');
                if digits && self.numbers.start(index) > self.numbers.end(index) {
                    return Vec::new();
                }
            }
            joined.push_str(&token);
        }
        lexicon().english(&joined).to_vec()
    }

    /// A token in lower case.
    pub(super) fn token(&self, index: usize) -> Option<String> {
        let chars = self
            .text
            .chars()
            .get(self.numbers.start(index)..self.numbers.end(index + 1))?;
        // No name has a token that is longer.
        (!chars.is_empty() && chars.len() <= 16).then(|| chars.iter().flat_map(|c| c.to_lowercase()).collect())
    }

    /// Whether a name that must be in capitals is.
    pub(super) fn spelled(&self, first: usize, next: usize, entry: &Entry) -> bool {
        let chars = self
            .text
            .chars()
            .get(self.numbers.start(first)..self.numbers.end(next))
            .unwrap_or_default();
        !entry.capitals || chars.iter().all(|c| !c.is_lowercase())
    }

    /// `mb` is bits, `MB` bytes.
    fn sized(&self, index: usize, unit: &Unit) -> Unit {
        let start = self.numbers.start(index);
        let short = self.numbers.end(index + 1) - start == 2;
        if unit.dimension != Dimension::Information || !short || self.text.at(start + 1) != 'B' {
            return *unit;
        }
        let bytes = unit.name.replace("bit", "byte");
        lexicon()
            .units
            .iter()
            .find(|other| other.name == bytes)
            .copied()
            .unwrap_or(*unit)
    }

    /// Whether a name that ends here means its unit, as far as what stands around it tells.
    pub(super) fn ends(&self, first: usize, next: usize, unit: &Unit) -> bool {
        let (start, end) = (self.numbers.start(first), self.numbers.end(next));
        let after = self.text.at(end);
        if after.is_alphanumeric() && self.text.before(end).is_alphanumeric() {
            return false;
        }
        let short = end - start <= 2 && self.text.at(start).is_alphabetic();
        if short && after == '-' && self.is_code(end + 1) {
            return false;
        }
        let close = self.numbers.end(first) == start;
        let one = next == first + 1;
        match unit.name {
            "Degree" => {
                let (warmth, turning) = self.context();
                if unit.dimension == Dimension::Angle {
                    !warmth
                } else {
                    warmth || !turning
                }
            }
            "C" | "F" | "K" if one && end - start == 1 => self.is_scale(start, end),
            "Inch" if one && self.numbers.is(first, "in") => {
                let next = self.text.skip_spaces(end);
                let used = ["by", "x", "long", "wide", "tall", "high", "deep", "thick"];
                !self.text.at(next).is_alphanumeric() || used.iter().any(|word| self.numbers.is(first + 1, word))
            }
            "Inch" | "Foot" if one && !self.text.at(start).is_alphabetic() => {
                // A mark that closes a quotation is no unit.
                let number = self.text.before(self.numbers.start(first.saturating_sub(1)));
                (close || self.text.at(start) == '"') && number != self.text.at(start)
            }
            "Cent" if first > 0 => !self.numbers.is(first - 1, "per"),
            "Meter" if one && end - start == 1 => self.text.at(start) == 'm',
            "Picometer" if one && end - start == 2 => !self.is_time(first),
            _ => true,
        }
    }

    /// Whether what follows a hyphen makes a code of what stands before it (`L-202`), unlike the second end of a range (`3km-5km`).
    fn is_code(&self, after: usize) -> bool {
        let digits = (after..after + 8)
            .take_while(|at| self.text.at(*at).is_ascii_digit())
            .count();
        let next = self.text.at(after + digits);
        if digits == 0 {
            next.is_alphanumeric()
        } else {
            !next.is_alphabetic()
        }
    }

    /// A letter for a scale of temperature: a capital at the end of what is said.
    fn is_scale(&self, start: usize, end: usize) -> bool {
        let next = self.text.skip_spaces(end);
        let closes = next >= self.text.len() || matches!(self.text.at(next), '.' | ',' | ';' | '!' | '?' | ')');
        let number = self.text.skip_spaces_back(start);
        let digits = (0..5).take_while(|back| {
            number
                .checked_sub(back + 1)
                .is_some_and(|at| self.text.at(at).is_ascii_digit())
        });
        let count = digits.count();
        let begin = number.saturating_sub(count);
        let joined = self.text.before(begin) == '-' && self.text.before(begin.saturating_sub(1)).is_alphabetic();
        self.text.at(start).is_uppercase() && closes && count < 4 && !joined
    }

    /// `at 6pm` is a time.
    fn is_time(&self, unit: usize) -> bool {
        let words = [
            "at", "by", "before", "after", "until", "till", "from", "to", "around", "since", "between",
        ];
        unit.checked_sub(2)
            .is_some_and(|before| words.iter().any(|word| self.numbers.is(before, word)))
    }
}
