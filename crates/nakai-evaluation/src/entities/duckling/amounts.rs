//! Numbers and quantities: `(NumeralValue 7)`, `(simple Kilometre 3)`, `(between Dollar (10, 20))`.

use nakai_entities::quantities::{Amount, BoundedQuantity, Dimension, Unit, find_bounded};
use nakai_types::Language;
use serde_json::{Value, json};

use super::{Expression, Found};
use crate::entities::recognise;

/// The model of Recognizers-Text that recognises what Duckling has in a dimension without units.
const MODELS: [(&str, &str); 3] = [
    ("Numeral", "NumberModel"),
    ("Ordinal", "OrdinalModel"),
    ("Email", "EmailModel"),
];

/// What units measure in a dimension of Duckling.
const MEASURES: [(&str, &[Dimension]); 5] = [
    ("Temperature", &[Dimension::Temperature]),
    ("AmountOfMoney", &[Dimension::Currency]),
    ("Distance", &[Dimension::Length]),
    ("Volume", &[Dimension::Volume]),
    ("Quantity", &[Dimension::Weight, Dimension::Volume]),
];

/// Duckling's units, in lower case, with their size in metres, grams or litres.
const UNITS: [(&str, Dimension, f64); 23] = [
    ("millimetre", Dimension::Length, 0.001),
    ("centimetre", Dimension::Length, 0.01),
    ("m", Dimension::Length, 1.0),
    ("metre", Dimension::Length, 1.0),
    ("kilometre", Dimension::Length, 1000.0),
    ("inch", Dimension::Length, 0.0254),
    ("foot", Dimension::Length, 0.3048),
    ("yard", Dimension::Length, 0.9144),
    ("mile", Dimension::Length, 1609.344),
    ("milligram", Dimension::Weight, 0.001),
    ("gram", Dimension::Weight, 1.0),
    ("kilogram", Dimension::Weight, 1000.0),
    ("ounce", Dimension::Weight, 28.349_523_125),
    ("pound", Dimension::Weight, 453.592_37),
    ("millilitre", Dimension::Volume, 0.001),
    ("centilitre", Dimension::Volume, 0.01),
    ("decilitre", Dimension::Volume, 0.1),
    ("litre", Dimension::Volume, 1.0),
    ("hectolitre", Dimension::Volume, 100.0),
    ("gallon", Dimension::Volume, 3.785_411_784),
    ("cup", Dimension::Volume, 0.236_588_236_5),
    ("pint", Dimension::Volume, 0.473_176_473),
    ("quart", Dimension::Volume, 0.946_352_946),
];

/// Finds what a text has of a dimension; `None` for a dimension that is none of Nakai's.
pub(super) fn find(
    dimension: &str,
    text: &str,
    language: Language,
    expected: Option<&Expression>,
) -> Option<Vec<Found>> {
    if let Some((_, measures)) = MEASURES.iter().find(|(name, _)| *name == dimension) {
        return Some(quantities(measures, text, language, expected));
    }
    let (_, model) = MODELS.iter().find(|(name, _)| *name == dimension)?;
    let recognised = recognise(model, language, text, None)?.into_iter();
    let found = recognised.map(|found| Found {
        equal: expected.is_some_and(|expected| is_value(expected, &found.resolution)),
        range: found.range,
        value: found.resolution,
    });
    Some(found.collect())
}

/// What a text has of some measures; of several readings the first of these.
fn quantities(measures: &[Dimension], text: &str, language: Language, expected: Option<&Expression>) -> Vec<Found> {
    let mentions = find_bounded(text, language).into_iter();
    let found = mentions.filter_map(|mention| {
        let fits = |quantity: &&BoundedQuantity| measures.contains(&quantity.unit.dimension);
        let quantity = mention.readings.iter().find(fits)?;
        Some(Found {
            range: mention.range.clone(),
            equal: expected.is_some_and(|expected| is_quantity(expected, quantity)),
            value: json!({ "amount": format!("{:?}", quantity.amount), "unit": quantity.unit.name }),
        })
    });
    found.collect()
}

fn is_value(expected: &Expression, found: &Value) -> bool {
    match expected.parts() {
        [Expression::Name(function), Expression::Number(wanted)] => {
            let is_offset = function == "OrdinalData" && found.get("offset").is_some();
            let number = word(found, if is_offset { "offset" } else { "value" }).and_then(|word| word.parse().ok());
            number.is_some_and(|number| near(*wanted, number))
        }
        [_, Expression::Text(wanted)] => word(found, "value").is_some_and(|found| found.eq_ignore_ascii_case(wanted)),
        _ => false,
    }
}

/// Compares `(simple Gram 2 Nothing)`. What it is an amount of (`(Just "tea")`) is nothing that is found.
fn is_quantity(expected: &Expression, found: &BoundedQuantity) -> bool {
    let [Expression::Name(function), Expression::Name(unit), amount, product @ ..] = expected.parts() else {
        return false;
    };
    if product.iter().any(|product| product.name() != Some("Nothing")) {
        return false;
    }
    let Some(rate) = rate(unit, &found.unit) else {
        return false;
    };
    let same = |wanted: f64, found: f64| near(wanted, found * rate);
    match (function.as_str(), amount.parts(), found.amount) {
        ("simple", [Expression::Number(wanted)], Amount::Exactly(found))
        | ("above", [Expression::Number(wanted)], Amount::AtLeast(found))
        | ("under", [Expression::Number(wanted)], Amount::AtMost(found)) => same(*wanted, found),
        ("between", [Expression::Number(from), Expression::Number(to)], Amount::Between(least, most)) => {
            same(*from, least) && same(*to, most)
        }
        _ => false,
    }
}

/// How many of Duckling's unit one of ours is; `None` if they are not to be compared.
fn rate(wanted: &str, found: &Unit) -> Option<f64> {
    match found.dimension {
        Dimension::Currency => is_currency(wanted, found.name, found.iso_code).then_some(1.0),
        Dimension::Temperature => (wanted == found.name || wanted.starts_with(found.name)).then_some(1.0),
        _ => {
            let name = wanted.to_lowercase();
            let (_, dimension, size) = UNITS.iter().find(|(unit, ..)| *unit == name)?;
            (*dimension == found.dimension).then_some(found.factor / size)
        }
    }
}

/// Says whether a currency of Duckling, a code or the common name of several (`Dollar`), is one of ours.
fn is_currency(wanted: &str, name: &str, code: Option<&str>) -> bool {
    let common_name = name.rsplit(' ').next().unwrap_or_default();
    match wanted {
        // `bucks` and the like.
        "Unnamed" => true,
        "INR" if name == "Rupee" => true,
        _ => code.is_some_and(|code| code == wanted) || common_name.eq_ignore_ascii_case(wanted),
    }
}

/// Equal but for what sizes of units are rounded by.
fn near(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-4 * a.abs().max(b.abs())
}

fn word(value: &Value, key: &str) -> Option<String> {
    match value.get(key)? {
        Value::String(word) => Some(word.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entities::duckling::expression::parse;

    #[test]
    fn numbers_are_compared_by_their_value() {
        for (expected, found, equal) in [
            ("(NumeralValue (-1.2e6))", json!({ "value": "-1200000" }), true),
            ("(NumeralValue 0)", json!({ "value": "0" }), true),
            ("(NumeralValue 5)", json!({ "value": "6" }), false),
            ("(OrdinalData 3)", json!({ "offset": "3", "value": "x" }), true),
            ("(EmailData \"a@b.org\")", json!({ "value": "a@b.org" }), true),
        ] {
            assert_eq!(is_value(&parse(expected).unwrap(), &found), equal, "{expected} {found}");
        }
    }

    #[test]
    fn equal_amounts_may_have_other_units() {
        for (dimension, text, expected, equal) in [
            ("Distance", "3 km", "(simple Metre 3000)", true),
            ("Distance", "3 km", "(simple Kilometre 2)", false),
            ("Distance", "3 km", "(above Kilometre 3)", false),
            ("Quantity", "2 kg", "(simple Gram 2000 Nothing)", true),
            ("Quantity", "2 kg", "(simple Gram 2000 (Just \"tea\"))", false),
            ("Quantity", "2 kg", "(simple Litre 2 Nothing)", false),
            ("Temperature", "37°C", "(simple Celsius 37)", true),
            ("Temperature", "37°C", "(simple Fahrenheit 37)", false),
            ("AmountOfMoney", "$5", "(simple Dollar 5)", true),
            ("AmountOfMoney", "$5", "(simple Pound 5)", false),
            ("AmountOfMoney", "5 yen", "(simple JPY 5)", true),
        ] {
            let found = find(dimension, text, Language::En, parse(expected).as_ref()).unwrap();
            assert_eq!(found.len(), 1, "{text}");
            assert_eq!(found[0].equal, equal, "{text} {expected}");
        }
        assert!(find("Distance", "$5", Language::En, None).unwrap().is_empty());
    }
}
