use super::{Amount, Named, Read, Reader};
use crate::quantities::Dimension;

/// Adds up amounts that are said together.
impl Reader<'_> {
    /// Adds to an amount the parts that follow it: `3 dollars 50 cents`, `15 dollars 50`, `5 feet and 2 inches`. Also gives how many
    /// amounts these were.
    pub(super) fn with_parts(&self, whole: Read, following: &[Amount]) -> (Read, usize) {
        let mut whole = whole;
        let mut count = 0;
        for amount in following {
            let and = self.numbers.phrase(whole.next, "and").unwrap_or(whole.next);
            if amount.first != and {
                break;
            }
            let Some(value) = whole.item.value else { break };
            let Some((part, factor)) = self.part(&whole, amount, and > whole.next) else {
                break;
            };
            whole.next = part.next;
            whole.item.end = part.end;
            whole.item.value = Some(crate::numbers::round(value + amount.value * factor));
            if whole.item.unit.dimension == Dimension::Length {
                whole.item.value = Some(value + amount.value * factor);
            }
            whole.item.parts += 1;
            count += 1;
            if whole.item.unit.dimension == Dimension::Currency {
                break;
            }
        }
        (whole, count)
    }

    /// A part of a whole: where it ends, and how many of the whole one of it is.
    fn part(&self, whole: &Read, amount: &Amount, and: bool) -> Option<(Named, f64)> {
        let unit = &whole.item.unit;
        let named = self.named(amount.next);
        if unit.dimension == Dimension::Currency {
            if let Some(part) = named.iter().find(|named| named.unit.is_part_of(unit)) {
                return Some((*part, part.unit.factor));
            }
            let end = self.numbers.end(amount.next);
            let next = self.text.skip_spaces(end);
            let two_digits = (10.0..100.0).contains(&amount.value) || end - self.numbers.start(amount.first) == 2;
            let closes = next >= self.text.len() || matches!(self.text.at(next), '.' | ',' | ';' | '!' | '?' | ')');
            let decimal = self.text.at(end) == '.' && self.text.at(end + 1).is_ascii_digit();
            let complete = whole.item.value.is_some_and(|value| value.fract() == 0.0) && amount.value.fract() == 0.0;
            let free =
                named.is_empty() && self.text.at(next) != '%' && !self.text.at(end).is_alphanumeric() && !decimal;
            let said = if and { closes } else { two_digits };
            let money = unit.part_of.is_none() && complete && free && said && (0.0..100.0).contains(&amount.value);
            return money.then_some((
                Named {
                    next: amount.next,
                    end,
                    unit: *unit,
                    only_part: false,
                },
                0.01,
            ));
        }
        if unit.dimension != Dimension::Length && unit.dimension != Dimension::Weight {
            return None;
        }
        let part = named
            .iter()
            .find(|named| named.unit.dimension == unit.dimension && named.unit.factor < unit.factor)?;
        Some((*part, part.unit.factor / unit.factor))
    }
}
