use std::sync::LazyLock;

use nakai_bundle::model::Localised;
use proptest::prelude::*;
use rstest::rstest;

use super::*;

fn definition(values: &[(&str, &[&str], &[&str])], lookup: &[&str], patterns: &[&str]) -> EntityDefinition {
    let texts = |texts: &[&str]| texts.iter().map(ToString::to_string).collect::<Vec<_>>();
    EntityDefinition {
        values: values
            .iter()
            .map(|(value, ja, en)| {
                (
                    value.to_string(),
                    Localised {
                        ja: Some(texts(ja)),
                        en: Some(texts(en)),
                    },
                )
            })
            .collect(),
        lookup: texts(lookup),
        patterns: texts(patterns),
        ..EntityDefinition::default()
    }
}

static FINDER: LazyLock<EntityFinder> = LazyLock::new(|| {
    let entities = [
        (
            "booking",
            definition(&[], &[], &[r"\b[a-z]-?\d{6}\b", r"予約番号は?(?P<value>\d{4,8})"]),
        ),
        (
            "facility",
            definition(
                &[
                    ("spa", &["スパ", "温泉"], &["spa", "hot spring"]),
                    ("open_air", &["露天", "露天風呂"], &["open-air bath"]),
                ],
                &[],
                &[],
            ),
        ),
        (
            "meal",
            definition(
                &[
                    ("breakfast", &["朝食", "朝ごはん"], &["breakfast"]),
                    ("set", &[], &["spa day", "n"]),
                ],
                &[],
                &[],
            ),
        ),
        (
            "station",
            definition(&[], &["Kyoto", "京都", "Shin-Kyoto", "東京", "東京駅", "JR"], &[]),
        ),
        ("town", definition(&[], &["東京"], &[])),
        ("wide", definition(&[], &["ガイド"], &[])),
    ];
    EntityFinder::new(&entities.map(|(name, definition)| (name.to_owned(), definition)).into()).unwrap()
});

fn find(finder: &EntityFinder, text: &str) -> Vec<(String, String, String)> {
    let normalised = Normalised::of(text);
    finder
        .find(&normalised, &Folded::of(&normalised))
        .into_iter()
        .map(|entity| {
            let EntityValue::Text(value) = entity.value else {
                panic!("{entity:?}")
            };
            (entity.kind.to_string(), entity.span.of(text).unwrap().to_owned(), value)
        })
        .collect()
}

#[rstest]
#[case("Is BREAKFAST near the Spa?", &[("meal", "BREAKFAST", "breakfast"), ("facility", "Spa", "spa")])]
// Words are whole words.
#[case("space, spas, aspa, spa2", &[])]
#[case("the spa-day, spa.", &[("facility", "spa", "spa"), ("facility", "spa", "spa")])]
// The longer wins; where it is no whole word the shorter one does.
#[case("a spa day", &[("meal", "spa day", "set")])]
#[case("spa days", &[("facility", "spa", "spa")])]
#[case("shin-kyoto", &[("station", "shin-kyoto", "Shin-Kyoto")])]
// Japanese needs no boundaries.
#[case("露天風呂付きの京都の宿", &[("facility", "露天風呂", "open_air"), ("station", "京都", "京都")])]
#[case("東京駅", &[("station", "東京駅", "東京駅")])]
// Among equals the first name.
#[case("東京へ", &[("station", "東京", "東京")])]
// Latin letters inside Japanese are whole words, inside of others not.
#[case("JR京都", &[("station", "JR", "JR"), ("station", "京都", "京都")])]
#[case("JRA", &[])]
#[case("spaは", &[("facility", "spa", "spa")])]
// What was typed is what the span covers.
#[case("ｶﾞｲﾄﾞとＫＹＯＴＯ", &[("wide", "ｶﾞｲﾄﾞ", "ガイド"), ("station", "ＫＹＯＴＯ", "Kyoto")])]
// Patterns.
#[case("booking R-204815 please", &[("booking", "R-204815", "r-204815")])]
#[case("予約番号１２３４５です", &[("booking", "１２３４５", "12345")])]
#[case("", &[])]
fn entities_are_found_where_they_were_typed(#[case] text: &str, #[case] expected: &[(&str, &str, &str)]) {
    let found = find(&FINDER, text);
    let found: Vec<_> = found
        .iter()
        .map(|(kind, typed, value)| (kind.as_str(), typed.as_str(), value.as_str()))
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn a_pattern_that_does_not_compile_is_named() {
    for pattern in ["(", r"\w{10000}"] {
        let entities = BTreeMap::from([("bad".to_owned(), definition(&[], &[], &["fine", pattern]))]);
        let error = EntityFinder::new(&entities).unwrap_err();
        assert!(
            matches!(error, InvalidEntity::Pattern { ref entity, number: 2, .. } if entity == "bad"),
            "{error}"
        );
    }
}

#[test]
fn a_megabyte_of_one_character_takes_linear_time() {
    let finder = EntityFinder::new(&BTreeMap::from([(
        "e".to_owned(),
        definition(&[("v", &["あ", "ああ", "あああ"], &["a", "a a"])], &[], &["a+b", "あ"]),
    )]))
    .unwrap();
    for unit in ["a", "あ", "a ", "\u{3099}"] {
        find(&finder, &unit.repeat(1_000_000 / unit.len()));
    }
}

proptest! {
    #[test]
    fn spans_lie_within_any_text_in_order_and_apart(text in "(\\PC|spa|東京|駅|ﾄﾞ|ｶﾞ|R-204815| ){0,40}") {
        let normalised = Normalised::of(&text);
        let found = FINDER.find(&normalised, &Folded::of(&normalised));
        let mut end = 0;
        for entity in found {
            prop_assert!(entity.span.of(&text).is_some_and(|typed| !typed.is_empty()));
            prop_assert!(entity.span.start >= end);
            end = entity.span.end;
        }
    }
}
