use nakai_entities::{
    numbers::written,
    quantities::{self, Dimension, Quantity},
};
use nakai_types::Language;
use serde_json::{Value, json};

use super::Recognised;

/// Recognises what `AgeModel`, `CurrencyModel`, `DimensionModel` and `TemperatureModel` do.
pub(super) fn recognise(model: &str, language: Language, input: &str) -> Option<Vec<Recognised>> {
    let type_name = match model {
        "AgeModel" => "age",
        "CurrencyModel" => "currency",
        "DimensionModel" => "dimension",
        "TemperatureModel" => "temperature",
        _ => return None,
    };
    let mut found: Vec<(bool, Recognised)> = Vec::new();
    for mention in quantities::find(input, language) {
        let Some(quantity) = mention.readings.iter().find(|quantity| type_of(quantity) == type_name) else {
            continue;
        };
        let recognised = Recognised {
            range: mention.range,
            type_name: type_name.to_owned(),
            resolution: resolution(quantity),
        };
        found.push((quantity.value.is_none(), recognised));
    }
    // The specifications list units without a number last, except for currencies.
    if type_name != "currency" {
        found.sort_by_key(|(alone, _)| *alone);
    }
    Some(found.into_iter().map(|(_, recognised)| recognised).collect())
}

fn type_of(quantity: &Quantity) -> &'static str {
    match quantity.unit.dimension {
        Dimension::Age => "age",
        Dimension::Currency => "currency",
        Dimension::Temperature => "temperature",
        _ => "dimension",
    }
}

fn resolution(quantity: &Quantity) -> Value {
    let unit = &quantity.unit;
    // Lengths of several parts are written with all their digits.
    let write = |value: f64| {
        if quantity.parts > 1 && unit.dimension == Dimension::Length {
            format!("{value}")
        } else {
            written(value)
        }
    };
    let mut resolution = json!({"unit": unit.name, "value": quantity.value.map(write)});
    if let Some(code) = unit.iso_code {
        resolution["isoCurrency"] = json!(code);
    }
    if let Some(subtype) = subtype(quantity) {
        resolution["subtype"] = json!(subtype);
    }
    resolution
}

fn subtype(quantity: &Quantity) -> Option<&'static str> {
    let by_weight = matches!(quantity.unit.name, "Gallon" | "Barrel");
    match quantity.unit.dimension {
        // The specifications count these as weights.
        Dimension::Volume if by_weight => Some("Weight"),
        Dimension::Volume => Some("Volume"),
        Dimension::Weight => Some("Weight"),
        Dimension::Length => Some("Length"),
        Dimension::Area => Some("Area"),
        Dimension::Speed => Some("Speed"),
        Dimension::Information => Some("Information"),
        Dimension::Angle => Some("Angle"),
        Dimension::Age | Dimension::Currency | Dimension::Temperature => None,
    }
}
