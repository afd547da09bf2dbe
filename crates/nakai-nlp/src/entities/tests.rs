use std::sync::LazyLock;

use nakai_bundle::model::{Localised, TimeConvention};
use nakai_types::Language;
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
    EntityFinder::new(
        &entities.map(|(name, definition)| (name.to_owned(), definition)).into(),
        &BTreeMap::new(),
    )
    .unwrap()
});

/// Monday, 2026-11-23, 10:00.
fn circumstances() -> Circumstances {
    Circumstances {
        language: Language::Ja,
        mixed: true,
        now: jiff::civil::date(2026, 11, 23).at(10, 0, 0, 0),
        zone: jiff::tz::TimeZone::get("Asia/Tokyo").unwrap(),
        convention: TimeConvention::Recognizers,
    }
}

fn find(finder: &EntityFinder, text: &str) -> Vec<(String, String, String)> {
    let normalised = Normalised::of(text);
    finder
        .find(&normalised, &Folded::of(&normalised), &circumstances())
        .into_iter()
        .map(|entity| {
            let mut value = entity.value.to_string();
            for other in entity.alternatives {
                value.push_str(&format!(" | {other}"));
            }
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

/// A finder of built-in entities by their own names.
fn builtin(names: &[&'static str]) -> EntityFinder {
    let wanted = names
        .iter()
        .map(|name| (*name, (BuiltinEntity::named(name).unwrap(), TimePreference::Future)));
    EntityFinder::new(&BTreeMap::new(), &wanted.collect()).unwrap()
}

#[rstest]
#[case(&["money", "number"], "一人5千円で", &[("number", "一", "1"), ("money", "5千円", "5000 JPY")])]
#[case(&["number"], "5千円", &[("number", "5千", "5000")])]
#[case(&["date", "time"], "明後日の夕方6時に3名で", &[("date", "明後日の夕方6時", "2026-11-25"), ("time", "明後日の夕方6時", "18:00")])]
#[case(&["date_time", "date"], "明後日の夕方6時に", &[("date_time", "明後日の夕方6時", "2026-11-25T18:00")])]
#[case(
    &["number", "money", "date"],
    "two adults for $120.50 on the 3rd of next month",
    &[("number", "two", "2"), ("money", "$120.50", "120.5 USD"), ("date", "the 3rd of next month", "2026-12-03")]
)]
#[case(&["number"], "two adults for £5", &[("number", "two", "2"), ("number", "5", "5")])]
#[case(&["money"], "€15 or 2.5万ウォン", &[("money", "€15", "15 EUR"), ("money", "2.5万ウォン", "25000 KRW")])]
#[case(&["phone"], "電話は０９０-1234-5678です", &[("phone", "０９０-1234-5678", "+819012345678")])]
#[case(&["postal_code", "number"], "〒150-0002です", &[("postal_code", "〒150-0002", "150-0002")])]
#[case(&["order_number"], "where is order #AB-12345?", &[("order_number", "AB-12345", "AB-12345")])]
#[case(&["email", "url"], "Taro@Example.co.jp https://example.com/A", &[
    ("email", "Taro@Example.co.jp", "taro@example.co.jp"), ("url", "https://example.com/A", "https://example.com/A"),
])]
#[case(&["person"], "山田太郎と申します", &[("person", "山田太郎", "山田太郎")])]
#[case(&["person"], "my name is Jane Miller", &[("person", "Jane Miller", "Jane Miller")])]
#[case(&["place", "person"], "東京駅から", &[("place", "東京駅", "東京駅")])]
#[case(&["organization"], "株式会社山田商事の者です", &[("organization", "株式会社山田商事", "株式会社山田商事")])]
#[case(&["ordinal"], "the second one", &[("ordinal", "second", "2")])]
#[case(&["ordinal", "number"], "三番目の部屋", &[("ordinal", "三番目", "3")])]
#[case(&["percentage", "number"], "15%引き", &[("percentage", "15%", "15")])]
#[case(&["percentage"], "twenty percent", &[("percentage", "twenty percent", "20")])]
#[case(&["age"], "5歳の子供", &[("age", "5歳", "5 year")])]
#[case(&["age"], "a six year old", &[("age", "six year old", "6 year")])]
#[case(&["temperature"], "38.5℃の熱", &[("temperature", "38.5℃", "38.5 celsius")])]
#[case(&["distance", "weight"], "3 km and 20 kg", &[("distance", "3 km", "3 kilometer"), ("weight", "20 kg", "20 kilogram")])]
#[case(&["number"], "two and a half", &[("number", "two and a half", "2.5")])]
#[case(&["number"], "二十五", &[("number", "二十五", "25")])]
#[case(&["ordinal"], "the last one", &[("ordinal", "last", "last")])]
#[case(&["percentage"], "三割引き", &[("percentage", "三割引き", "30")])]
#[case(&["temperature"], "90 degrees fahrenheit", &[("temperature", "90 degrees fahrenheit", "90 fahrenheit")])]
#[case(&["date"], "来週の金曜", &[("date", "来週の金曜", "2026-12-04")])]
#[case(&["date", "time"], "tomorrow morning", &[("date", "tomorrow morning", "2026-11-24")])]
#[case(&["date"], "昨晩", &[("date", "昨晩", "2026-11-22")])]
#[case(&["date"], "今夜", &[("date", "今夜", "2026-11-23")])]
#[case(&["date"], "next week", &[])]
#[case(&["time"], "6時に", &[("time", "6時", "06:00 | 18:00")])]
#[case(&["time_range"], "15時から17時", &[("time_range", "15時から17時", "15:00/17:00")])]
#[case(&["date_range"], "from Monday to Wednesday", &[("date_range", "from Monday to Wednesday", "2026-11-23/2026-11-25 | 2026-11-16/2026-11-18")])]
#[case(&["date", "duration"], "12月3日から2泊", &[("date", "12月3日", "2026-12-03 | 2025-12-03"), ("duration", "2泊", "P2D")])]
#[case(&["duration"], "1時間半", &[("duration", "1時間半", "PT1.5H")])]
#[case(&["recurrence"], "毎週月曜", &[("recurrence", "毎週月曜", "XXXX-WXX-1")])]
// What is two things is what a bot asks for; of two that it asks for, the likelier with the other.
#[case(&["weight"], "200 pounds", &[("weight", "200 pounds", "200 pound")])]
#[case(&["money"], "200 pounds", &[("money", "200 pounds", "200 GBP")])]
#[case(&["money", "weight"], "200 pounds", &[("weight", "200 pounds", "200 pound | 200 GBP")])]
// Both languages in one text.
#[case(&["person", "money"], "Jane Millerです。5000円 for two", &[("person", "Jane Miller", "Jane Miller"), ("money", "5000円", "5000 JPY")])]
fn built_in_entities_are_found_with_their_values(
    #[case] names: &[&'static str],
    #[case] text: &str,
    #[case] expected: &[(&str, &str, &str)],
) {
    let found = find(&builtin(names), text);
    let found: Vec<_> = found
        .iter()
        .map(|(kind, typed, value)| (kind.as_str(), typed.as_str(), value.as_str()))
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn one_stretch_is_a_day_to_come_and_a_day_that_was_for_entities_that_prefer_either() {
    let date = |preference| (BuiltinEntity::Date, preference);
    let wanted = BTreeMap::from([
        ("arrival", date(TimePreference::Future)),
        ("lost_on", date(TimePreference::Past)),
    ]);
    let finder = EntityFinder::new(&BTreeMap::new(), &wanted).unwrap();
    let value = |name: &str| {
        let found = find(&finder, "金曜日");
        found
            .into_iter()
            .find(|(kind, ..)| kind == name)
            .map(|(.., value)| value)
    };
    assert!(value("arrival").is_some_and(|value| value.starts_with("2026-11-27")));
    assert!(value("lost_on").is_some_and(|value| value.starts_with("2026-11-20")));
}

#[test]
fn times_are_those_of_the_bots_time_zone_and_convention() {
    let wanted = BTreeMap::from([
        ("call_at", (BuiltinEntity::DateTime, TimePreference::Future)),
        ("visit", (BuiltinEntity::DateTimeRange, TimePreference::Future)),
    ]);
    let finder = EntityFinder::new(&BTreeMap::new(), &wanted).unwrap();
    let values = |text: &str, convention| {
        let normalised = Normalised::of(text);
        let circumstances = Circumstances {
            language: Language::En,
            convention,
            ..circumstances()
        };
        let found = finder.find(&normalised, &Folded::of(&normalised), &circumstances);
        let values: Vec<String> = found.iter().map(|entity| entity.value.to_string()).collect();
        values.join(", ")
    };
    for convention in [TimeConvention::Recognizers, TimeConvention::Duckling] {
        let zoned = values("ring me tomorrow at 8:30 am GMT", convention);
        assert_eq!(zoned, "2026-11-24T17:30");
    }
    let evening = |convention| values("we come tomorrow evening", convention);
    assert_eq!(
        evening(TimeConvention::Recognizers),
        "2026-11-24T16:00/2026-11-24T20:00"
    );
    assert_eq!(evening(TimeConvention::Duckling), "2026-11-24T18:00/2026-11-25T00:00");
}

#[rstest]
#[case("where is the open-air bth", &[("facility", "open-air bth", "open_air")])]
#[case("brekfast please", &[("meal", "brekfast", "breakfast")])]
#[case("朝ご飯とおんせん", &[])]
#[case("ｶｲﾄﾞ", &[])]
#[case("近くのケーキ", &[])]
#[case("the blast", &[])]
fn words_are_found_with_a_slip_but_not_in_place_of_other_words(
    #[case] text: &str,
    #[case] expected: &[(&str, &str, &str)],
) {
    let found = find(&FINDER, text);
    let found: Vec<_> = found
        .iter()
        .map(|(kind, typed, value)| (kind.as_str(), typed.as_str(), value.as_str()))
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn an_ordinary_word_is_not_another_one_mistyped() {
    let entities = BTreeMap::from([
        (
            "item".to_owned(),
            definition(&[], &["watch", "スイート", "towel", "charger"], &[]),
        ),
        ("other".to_owned(), definition(&[], &["wotch"], &[])),
    ]);
    let finder = EntityFinder::new(&entities, &BTreeMap::new()).unwrap();
    for text in ["a match", "スイーツ", "a tower", "the charge"] {
        assert_eq!(find(&finder, text), [], "{text}");
    }
    for (text, value) in [
        ("my wacth", "watch"),
        ("a towl", "towel"),
        ("wotch", "wotch"),
        ("すいーと", "スイート"),
    ] {
        assert_eq!(
            find(&finder, text).first().map(|(.., value)| value.as_str()),
            Some(value),
            "{text}"
        );
    }
}

#[test]
fn a_pattern_that_does_not_compile_is_named() {
    for pattern in ["(", r"\w{10000}"] {
        let entities = BTreeMap::from([("bad".to_owned(), definition(&[], &[], &["fine", pattern]))]);
        let error = EntityFinder::new(&entities, &BTreeMap::new()).unwrap_err();
        assert!(
            matches!(error, InvalidEntity::Pattern { ref entity, number: 2, .. } if entity == "bad"),
            "{error}"
        );
    }
}

#[test]
fn a_megabyte_of_one_character_takes_linear_time() {
    let entities = BTreeMap::from([(
        "e".to_owned(),
        definition(&[("v", &["あ", "ああ", "あああ"], &["a", "a a"])], &[], &["a+b", "あ"]),
    )]);
    let finder = EntityFinder::new(&entities, &BTreeMap::new()).unwrap();
    for unit in ["a", "あ", "a ", "\u{3099}"] {
        find(&finder, &unit.repeat(1_000_000 / unit.len()));
    }
    // All recognisers together do more with each character.
    for unit in ["a", "1", "一", "a ", "5千円、", "1/", "3rd of ", "\u{202e}"] {
        find(&EVERYTHING, &unit.repeat(100_000 / unit.len()));
    }
}

static EVERYTHING: LazyLock<EntityFinder> = LazyLock::new(|| builtin(&BuiltinEntity::ALL.map(BuiltinEntity::name)));

proptest! {
    #[test]
    fn built_in_entities_lie_within_any_text(text in "(\\PC|5千円|明日|3rd|Jane|山田|ﾄﾞ|０９０-|1234|%|[0-9]| ){0,40}") {
        let normalised = Normalised::of(&text);
        for entity in EVERYTHING.find(&normalised, &Folded::of(&normalised), &circumstances()) {
            prop_assert!(entity.span.of(&text).is_some_and(|typed| !typed.is_empty()));
        }
    }

    #[test]
    fn spans_lie_within_any_text_in_order_and_apart(text in "(\\PC|spa|東京|駅|ﾄﾞ|ｶﾞ|R-204815| ){0,40}") {
        let normalised = Normalised::of(&text);
        let found = FINDER.find(&normalised, &Folded::of(&normalised), &circumstances());
        let mut end = 0;
        for entity in found {
            prop_assert!(entity.span.of(&text).is_some_and(|typed| !typed.is_empty()));
            prop_assert!(entity.span.start >= end);
            end = entity.span.end;
        }
    }
}
