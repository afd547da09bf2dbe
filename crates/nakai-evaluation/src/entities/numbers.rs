use nakai_entities::{
    Mention,
    numbers::{self, Anchor, NumberKind, NumberValue, written},
};
use nakai_types::Language;
use serde_json::{Value, json};

use super::Recognised;

/// Recognises what `NumberModel`, `OrdinalModel`, `PercentModel` and `NumberRangeModel` do.
pub(super) fn recognise(model: &str, language: Language, input: &str) -> Option<Vec<Recognised>> {
    let mentions = match model {
        "NumberModel" => numbers::cardinals(input, language),
        "OrdinalModel" => numbers::ordinals(input, language),
        "PercentModel" => numbers::percentages(input, language),
        "NumberRangeModel" => numbers::ranges(input, language),
        _ => return None,
    };
    Some(mentions.into_iter().filter_map(recognised).collect())
}

fn recognised(mention: Mention<NumberValue>) -> Option<Recognised> {
    let (type_name, resolution) = match *mention.readings.first()? {
        NumberValue::Number { value, kind } => ("number", json!({"subtype": subtype(kind), "value": written(value)})),
        NumberValue::Ordinal { anchor, offset } => {
            let resolution = json!({
                "offset": offset.to_string(),
                "relativeTo": relative_to(anchor),
                "value": place(anchor, offset),
            });
            (
                if anchor == Anchor::Start {
                    "ordinal"
                } else {
                    "ordinal.relative"
                },
                resolution,
            )
        }
        NumberValue::Percentage { value } => ("percentage", percentage(value)),
        NumberValue::Range { low, high } => {
            let open = if low.is_some_and(|low| low.included) { '[' } else { '(' };
            let close = if high.is_some_and(|high| high.included) {
                ']'
            } else {
                ')'
            };
            let end = |bound: Option<numbers::Bound>| bound.map_or_else(String::new, |bound| written(bound.value));
            (
                "numberrange",
                json!({"value": format!("{open}{},{}{close}", end(low), end(high))}),
            )
        }
    };
    Some(Recognised {
        range: mention.range,
        type_name: type_name.to_owned(),
        resolution,
    })
}

fn subtype(kind: NumberKind) -> &'static str {
    match kind {
        NumberKind::Integer => "integer",
        NumberKind::Decimal => "decimal",
        NumberKind::Fraction => "fraction",
        NumberKind::Power => "power",
    }
}

fn relative_to(anchor: Anchor) -> &'static str {
    match anchor {
        Anchor::Start => "start",
        Anchor::Current => "current",
        Anchor::End => "end",
    }
}

fn place(anchor: Anchor, offset: i64) -> String {
    match anchor {
        Anchor::Start => offset.to_string(),
        _ => format!("{}{offset:+}", relative_to(anchor)),
    }
}

/// The specifications write the text `null` where there is no value.
fn percentage(value: Option<f64>) -> Value {
    json!({"value": value.map_or_else(|| "null".to_owned(), |value| format!("{}%", written(value)))})
}
