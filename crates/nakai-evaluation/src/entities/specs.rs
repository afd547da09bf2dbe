//! Rows of the specifications of Recognizers-Text.

use std::fmt::Write as _;

use jiff::civil::DateTime;
use nakai_types::Language;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    Recognised, recognise,
    report::{EntitiesReport, Wrong},
};

/// What the models of each family recognise. Other specifications test stages of that library, or need its options.
const FAMILIES: [(&str, &[&str]); 5] = [
    (
        "Number",
        &["NumberModel", "NumberRangeModel", "OrdinalModel", "PercentModel"],
    ),
    (
        "NumberWithUnit",
        &["AgeModel", "CurrencyModel", "DimensionModel", "TemperatureModel"],
    ),
    ("DateTime", &["DateTimeModel"]),
    (
        "Sequence",
        &[
            "EmailModel",
            "GUIDModel",
            "HashtagModel",
            "IpAddressModel",
            "MentionModel",
            "PhoneNumberModel",
            "QuotedTextModel",
            "URLModel",
        ],
    ),
    ("Choice", &["BooleanModel"]),
];

/// An input and what must be found in it.
#[derive(Deserialize)]
pub(super) struct Row {
    spec: String,
    #[serde(rename = "Input")]
    input: String,
    #[serde(rename = "Context", default)]
    context: Option<Context>,
    #[serde(rename = "NotSupported", default)]
    not_supported: String,
    #[serde(rename = "NotSupportedByDesign", default)]
    not_supported_by_design: String,
    #[serde(rename = "IgnoreResolution", default, deserialize_with = "truth")]
    ignore_resolution: bool,
    #[serde(rename = "Results", default)]
    results: Vec<Expected>,
}

/// A truth value, which some rows write as a text.
fn truth<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    let value = Value::deserialize(deserializer)?;
    Ok(value.as_bool().unwrap_or(value.as_str() == Some("true")))
}

#[derive(Deserialize)]
struct Context {
    #[serde(rename = "ReferenceDateTime", default)]
    reference: Option<String>,
}

#[derive(Deserialize, Serialize, Clone)]
struct Expected {
    #[serde(rename = "Text")]
    text: String,
    /// In UTF-16 units.
    #[serde(rename = "Start", default)]
    start: Option<usize>,
    /// In UTF-16 units, included.
    #[serde(rename = "End", default)]
    end: Option<usize>,
    #[serde(rename = "TypeName", alias = "Typename", default)]
    type_name: String,
    #[serde(rename = "Resolution", default)]
    resolution: Value,
}

/// Scores a row in a language and adds it.
pub(super) fn add(report: &mut EntitiesReport, row: &Row, language: Language) {
    let model = row.spec.rsplit('/').next().unwrap_or_default();
    let family = FAMILIES.iter().find(|(_, models)| models.contains(&model));
    let Some((family, _)) = family else {
        report.leave_out(if model.ends_with("Model") {
            "models of no family of these"
        } else {
            "tests of stages or options of the reference implementation (Recognizers-Text), not of whole models"
        });
        return;
    };
    let unsupported = [&row.not_supported, &row.not_supported_by_design]
        .iter()
        .any(|platforms| platforms.to_lowercase().contains("dotnet"));
    if unsupported {
        report.leave_out("not supported by the reference implementation (Recognizers-Text for .NET)");
        return;
    }
    let reference = row.context.as_ref().and_then(|context| context.reference.as_deref());
    let reference = reference.and_then(|reference| reference.parse::<DateTime>().ok());
    let recognised = recognise(model, language, &row.input, reference);
    let supported = recognised.is_some();
    let mut found = recognised.unwrap_or_default();
    found.sort_by_key(|found| found.range.start);
    let same = |(expected, found): (&Expected, &Recognised)| expected.is(found, &row.input, row.ignore_resolution);
    let exact = supported && row.results.len() == found.len() && row.results.iter().zip(&found).all(same);
    let wrong = Wrong {
        spec: row.spec.clone(),
        input: row.input.clone(),
        expected: serde_json::to_value(&row.results).unwrap_or_default(),
        found: found.iter().map(|found| found.to_value(&row.input)).collect(),
    };
    report.count(family, Some(model), (!exact).then_some(wrong));
}

impl Expected {
    fn is(&self, found: &Recognised, input: &str, ignore_resolution: bool) -> bool {
        let text = input.get(found.range.clone()).unwrap_or_default();
        let place = match (self.start, self.end) {
            (Some(start), Some(end)) => (start, end + 1) == utf16(input, found),
            _ => fold(text) == fold(&self.text),
        };
        place && self.type_name == found.type_name && (ignore_resolution || same(&self.resolution, &found.resolution))
    }
}

impl Recognised {
    fn to_value(&self, input: &str) -> Value {
        let (start, end) = utf16(input, self);
        serde_json::json!({
            "Text": input.get(self.range.clone()),
            "Start": start,
            "End": end.saturating_sub(1),
            "TypeName": self.type_name,
            "Resolution": self.resolution,
        })
    }
}

/// Where something stands, in UTF-16 units.
fn utf16(input: &str, found: &Recognised) -> (usize, usize) {
    let units = |end: usize| input.get(..end).unwrap_or(input).encode_utf16().count();
    (units(found.range.start), units(found.range.end))
}

/// Full and half width and case do not matter in the text of a result.
fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars() {
        let half = match c {
            '！'..='～' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
            '\u{3000}' => ' ',
            other => other,
        };
        let _ = write!(folded, "{}", half.to_lowercase());
    }
    folded
}

/// Equal, where a number may be written as a text, upper case or lower.
fn same(expected: &Value, found: &Value) -> bool {
    match (expected, found) {
        (Value::Object(expected), Value::Object(found)) => expected
            .iter()
            .all(|(key, value)| same(value, found.get(key).unwrap_or(&Value::Null))),
        (Value::Array(expected), Value::Array(found)) => {
            expected.len() == found.len() && expected.iter().zip(found).all(|(a, b)| same(a, b))
        }
        (Value::Number(a), Value::Number(b)) => a.as_f64() == b.as_f64(),
        (Value::String(a), Value::String(b)) => fold(a) == fold(b),
        (a, b) => a == b,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const INPUT: &str = "the 🙂 costs 5 yen";

    fn found() -> Recognised {
        let start = INPUT.find('5').unwrap();
        Recognised {
            range: start..INPUT.len(),
            type_name: "currency".to_owned(),
            resolution: json!({ "value": "5", "unit": "Japanese yen", "isoCurrency": "JPY" }),
        }
    }

    fn expected(row: &Value) -> Expected {
        serde_json::from_value(row.clone()).unwrap()
    }

    #[test]
    fn offsets_are_utf_16_with_the_end_included() {
        let mut row =
            json!({ "Text": "5 yen", "TypeName": "currency", "Start": 13, "End": 17, "Resolution": { "value": "5" } });
        assert!(expected(&row).is(&found(), INPUT, false));
        for (key, other) in [("Start", json!(12)), ("End", json!(18)), ("TypeName", json!("age"))] {
            let right = row[key].clone();
            row[key] = other;
            assert!(!expected(&row).is(&found(), INPUT, false), "{key}");
            row[key] = right;
        }
    }

    #[test]
    fn every_value_that_is_expected_must_be_found() {
        for (resolution, same) in [
            (json!({ "value": "5", "unit": "Japanese yen" }), true),
            (json!({ "value": "5", "unit": "Yen" }), false),
            (json!({ "value": "5", "unit": "Japanese yen", "more": "x" }), false),
            (json!({ "value": "5", "more": null }), true),
        ] {
            let row = json!({ "Text": "５ Yen", "TypeName": "currency", "Resolution": resolution });
            assert_eq!(expected(&row).is(&found(), INPUT, false), same, "{row}");
            assert!(
                expected(&row).is(&found(), INPUT, true),
                "the resolution is not to be compared"
            );
        }
    }
}
