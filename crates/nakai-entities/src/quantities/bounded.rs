mod english;
mod japanese;

use nakai_types::Language;

use super::{Item, Unit};
use crate::{Mention, numbers::Folded};

/// How many units there are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Amount {
    /// So many.
    Exactly(f64),
    /// So many or more. Texts seldom mean the difference between `over` and `at least`.
    AtLeast(f64),
    /// So many or fewer.
    AtMost(f64),
    /// From so many to so many.
    Between(f64, f64),
}

/// An amount of units with its bounds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BoundedQuantity {
    /// How many.
    pub amount: Amount,
    /// Of what. Of several units that are added (`7 feet and 10 inches`) the first.
    pub unit: Unit,
}

/// A quantity with its bounds and its place in characters.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Bounded {
    start: usize,
    end: usize,
    amount: Amount,
    unit: Unit,
}

/// Finds quantities with the words that bound them (`more than 5 kg`, `between 10 and 20 dollars`), in order. Adds what people say
/// together (`2 km and 1 meter`), and reads `a dollar`, `half a liter` and `2 degrees below zero`. Units without a number are left out.
/// What a text leaves open has several readings.
pub fn find_bounded(text: &str, language: Language) -> Vec<Mention<BoundedQuantity>> {
    let folded = Folded::new(text);
    let found = match language {
        Language::En => english::bounded(&folded),
        Language::Ja => japanese::bounded(&folded),
    };
    let found = found.into_iter().map(|bounded| {
        let quantity = BoundedQuantity {
            amount: bounded.amount,
            unit: bounded.unit,
        };
        (bounded.start..bounded.end, bounded.unit.dimension, quantity)
    });
    super::readings(&folded, found.collect())
}

/// A value in another unit of the same kind.
fn convert(value: f64, from: &Unit, to: &Unit) -> Option<f64> {
    if from.name == to.name {
        return Some(value);
    }
    let same = from.dimension == to.dimension && from.factor > 0.0 && to.factor > 0.0;
    same.then(|| crate::numbers::round(value * from.factor / to.factor))
}

/// Whether two items measure the same kind of thing, so that they can be two ends of a range.
fn comparable(low: &Item, high: &Item) -> bool {
    let money = low.unit.iso_code == high.unit.iso_code || low.unit.name == high.unit.name;
    low.unit.dimension == high.unit.dimension && (low.unit.dimension != super::Dimension::Currency || money)
}
