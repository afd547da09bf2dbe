use nakai_bundle::model::BuiltinEntity;
use nakai_entities::{
    numbers::{self, Anchor, NumberValue},
    quantities::{self, Dimension, Unit},
};
use nakai_types::{EntityValue, Language, Quantity};

use super::{Found, Wanted, push, wants};

/// From here on not every whole number has a floating-point number of its own.
const LARGEST_WHOLE: f64 = 9_007_199_254_740_992.0;

const MEASURED: [BuiltinEntity; 5] = [
    BuiltinEntity::Money,
    BuiltinEntity::Age,
    BuiltinEntity::Temperature,
    BuiltinEntity::Distance,
    BuiltinEntity::Weight,
];

/// Appends numbers and amounts.
pub(super) fn find(wanted: &[Wanted], text: &str, language: Language, found: &mut Vec<Found<'_>>) {
    type Finder = fn(&str, Language) -> Vec<nakai_entities::Mention<NumberValue>>;
    for (entity, finder) in [
        (BuiltinEntity::Number, numbers::cardinals as Finder),
        (BuiltinEntity::Ordinal, numbers::ordinals),
        (BuiltinEntity::Percentage, numbers::percentages),
    ] {
        if wants(wanted, &[entity]) {
            for mention in finder(text, language) {
                let values = mention.readings.iter().filter_map(number).map(|value| (entity, value));
                push(wanted, mention.range, values, found);
            }
        }
    }
    if wants(wanted, &MEASURED) {
        for mention in quantities::find(text, language) {
            let values = mention.readings.iter().filter_map(quantity);
            push(wanted, mention.range, values, found);
        }
    }
}

/// The value of a number. `last` and `next` count from a place that only the text knows, so they stay words: `last`, `last-1`,
/// `current+1`.
fn number(value: &NumberValue) -> Option<EntityValue> {
    match *value {
        NumberValue::Number { value, .. } => Some(plain(value)),
        NumberValue::Percentage { value } => value.map(plain),
        NumberValue::Ordinal { anchor, offset } => Some(match (anchor, offset) {
            (Anchor::Start, _) => EntityValue::Integer(offset),
            (Anchor::End, 0) => EntityValue::Text("last".into()),
            (Anchor::End, _) => EntityValue::Text(format!("last{offset:+}")),
            (Anchor::Current, 0) => EntityValue::Text("current".into()),
            (Anchor::Current, _) => EntityValue::Text(format!("current{offset:+}")),
        }),
        NumberValue::Range { .. } => None,
    }
}

fn plain(value: f64) -> EntityValue {
    if value.fract() == 0.0 && value.abs() < LARGEST_WHOLE {
        #[expect(clippy::cast_possible_truncation, reason = "whole, and small enough")]
        let whole = value as i64;
        EntityValue::Integer(whole)
    } else {
        EntityValue::Number(value)
    }
}

/// An amount with its entity; `None` for what is measured otherwise, and for a unit without a number.
fn quantity(quantity: &quantities::Quantity) -> Option<(BuiltinEntity, EntityValue)> {
    let entity = match quantity.unit.dimension {
        Dimension::Currency => BuiltinEntity::Money,
        Dimension::Age => BuiltinEntity::Age,
        Dimension::Temperature => BuiltinEntity::Temperature,
        Dimension::Length => BuiltinEntity::Distance,
        Dimension::Weight => BuiltinEntity::Weight,
        Dimension::Angle | Dimension::Area | Dimension::Volume | Dimension::Speed | Dimension::Information => {
            return None;
        }
    };
    let amount = quantity.value?;
    let unit = unit(&quantity.unit);
    Some((entity, EntityValue::Quantity(Quantity { amount, unit })))
}

/// The ISO 4217 code of a currency, the name of another unit in small letters. A currency of several countries that is said without one is
/// that of the country whose people name none.
fn unit(unit: &Unit) -> String {
    if let Some(code) = unit.iso_code {
        return code.to_owned();
    }
    match (unit.dimension, unit.name) {
        (Dimension::Currency, "Dollar") => "USD".into(),
        (Dimension::Currency, "Pound") => "GBP".into(),
        (Dimension::Currency, "Korean won") => "KRW".into(),
        (Dimension::Temperature, "C") => "celsius".into(),
        (Dimension::Temperature, "F") => "fahrenheit".into(),
        (Dimension::Temperature, "K") => "kelvin".into(),
        (_, name) => name.to_lowercase(),
    }
}
