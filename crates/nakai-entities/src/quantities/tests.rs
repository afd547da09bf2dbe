use nakai_types::Language::{self, En, Ja};
use proptest::prelude::*;

use super::{Amount, Dimension, find, find_bounded};
use crate::numbers::written;

fn listed(text: &str, language: Language) -> Vec<String> {
    find(text, language)
        .iter()
        .map(|mention| {
            let quantity = mention.readings[0];
            let value = quantity.value.map_or_else(|| "?".to_owned(), written);
            let code = quantity
                .unit
                .iso_code
                .map_or_else(String::new, |code| format!(" {code}"));
            format!(
                "{} = {value} {}{code}",
                &text[mention.range.clone()],
                quantity.unit.name
            )
        })
        .collect()
}

fn check(language: Language, cases: &[(&str, &[&str])]) {
    for (text, expected) in cases {
        assert_eq!(listed(text, language), *expected, "{text}");
    }
}

#[test]
fn english_money_has_its_currency_and_code() {
    check(
        En,
        &[
            ("it was $20 or 15 euros", &["$20 = 20 Dollar", "15 euros = 15 Euro EUR"]),
            ("CAD 1,200.50", &["CAD 1,200.50 = 1200.5 Canadian dollar CAD"]),
            ("us$ 3 million", &["us$ 3 million = 3000000 United States dollar USD"]),
            ("£2.5m", &["£2.5m = 2500000 Pound"]),
            ("30 MUSD", &["30 MUSD = 30000000 United States dollar USD"]),
            (
                "12 swiss francs 50 rappen",
                &["12 swiss francs 50 rappen = 12.5 Swiss franc CHF"],
            ),
            ("3 dollars 5 cents", &["3 dollars 5 cents = 3.05 Dollar"]),
            ("10 dollars two hundred times", &["10 dollars = 10 Dollar"]),
            ("40 brazilian reals", &["40 brazilian reals = 40 Brazilian real BRL"]),
            ("ALL 5 of them, TOP 10", &[]),
            ("Microsoft's $5 offer", &["$5 = 5 Dollar"]),
            ("$ 30 usd", &["$ 30 usd = 30 United States dollar USD"]),
            ("it rose 9 per cent", &[]),
        ],
    );
}

#[test]
fn english_measures_have_their_canonical_unit() {
    check(
        En,
        &[
            ("a 3-inch pipe of 2.5 kg", &["3-inch = 3 Inch", "2.5 kg = 2.5 Kilogram"]),
            (
                "60 sq ft and 12 m²",
                &["60 sq ft = 60 Square foot", "12 m² = 12 Square meter"],
            ),
            (
                "100 km/h is about 62 miles per hour",
                &[
                    "100 km/h = 100 Kilometer per hour",
                    "62 miles per hour = 62 Mile per hour",
                ],
            ),
            ("16 GB or 16 Gb", &["16 GB = 16 Gigabyte", "16 Gb = 16 Gigabit"]),
            ("rotate it by 90 degrees", &["90 degrees = 90 Degree"]),
            ("a 12 years old girl", &["12 years old = 12 Year"]),
            ("5 feet and 6 inches", &["5 feet and 6 inches = 5.5 Foot"]),
            ("scp-173m, 24 L-202", &[]),
            ("meet me at 6 pm", &[]),
        ],
    );
    let angle = find("rotate it by 90 degrees", En);
    assert_eq!(angle[0].readings[0].unit.dimension, Dimension::Angle);
}

#[test]
fn english_temperatures_have_a_scale_or_are_degrees() {
    check(
        En,
        &[
            ("it is 30 degrees outside", &["30 degrees = 30 Degree"]),
            (
                "98.6 degrees fahrenheit, 37 °C",
                &["98.6 degrees fahrenheit = 98.6 F", "37 °C = 37 C"],
            ),
            ("in celsius please", &["celsius = ? C"]),
            ("dividends rose from 11c to 17c", &[]),
        ],
    );
}

#[test]
fn what_can_be_a_weight_or_money_has_both_readings() {
    let found = find("200 pounds", En);
    let dimensions: Vec<Dimension> = found[0]
        .readings
        .iter()
        .map(|quantity| quantity.unit.dimension)
        .collect();
    assert_eq!(dimensions, [Dimension::Weight, Dimension::Currency]);
}

#[test]
fn japanese_quantities_are_read() {
    check(
        Ja,
        &[
            (
                "千円と5,000円",
                &["千円 = 1000 Japanese yen JPY", "5,000円 = 5000 Japanese yen JPY"],
            ),
            ("￥1200", &["￥1200 = 1200 Japanese yen JPY"]),
            ("3ドル50セント", &["3ドル50セント = 3.5 United States dollar USD"]),
            ("2億人民元", &["2億人民元 = 200000000 Chinese yuan CNY"]),
            (
                "百平方メートル、2.5リットル",
                &["百平方メートル = 100 Square meter", "2.5リットル = 2.5 Liter"],
            ),
            ("時速80キロ", &["時速80キロ = 80 Kilometer per hour"]),
            ("摂氏20度、25℃", &["摂氏20度 = 20 C", "25℃ = 25 C"]),
            ("気温は30度です", &["30度 = 30 Degree"]),
            ("7歳の子", &["7歳 = 7 Year"]),
            ("生後3ヶ月、契約は3ヶ月", &["3ヶ月 = 3 Month", "3ヶ月 = 3 Month"]),
            ("契約は3ヶ月です", &[]),
            ("500ml", &["500ml = 500 Milliliter"]),
            ("体重60キロ", &["60キロ = 60 Kilogram"]),
            ("氷点下5度", &["氷点下5度 = -5 Degree"]),
            ("もう一度お願いします", &[]),
            ("5元3角2分", &["5元3角2分 = 5.32 Chinese yuan CNY"]),
            ("USD100", &["USD100 = 100 United States dollar USD"]),
        ],
    );
}

#[test]
fn bounds_are_read_with_their_words() {
    let cases = [
        (En, "more than 5 kg", Amount::AtLeast(5.0), "Kilogram"),
        (En, "no more than 6 gallons", Amount::AtMost(6.0), "Gallon"),
        (En, "between 10 and 20 dollars", Amount::Between(10.0, 20.0), "Dollar"),
        (En, "from 3km to 5km", Amount::Between(3.0, 5.0), "Kilometer"),
        (En, "about 2-7 grams", Amount::Between(2.0, 7.0), "Gram"),
        (En, "a dollar and 42 cents", Amount::Exactly(1.42), "Dollar"),
        (En, "half a liter", Amount::Exactly(0.5), "Liter"),
        (En, "2 km and 1 meter", Amount::Exactly(2.001), "Kilometer"),
        (En, "2 degrees below zero", Amount::Exactly(-2.0), "Degree"),
        (Ja, "5キログラム以上", Amount::AtLeast(5.0), "Kilogram"),
        (
            Ja,
            "1000円から2000円まで",
            Amount::Between(1000.0, 2000.0),
            "Japanese yen",
        ),
        (Ja, "最大3メートル", Amount::AtMost(3.0), "Meter"),
    ];
    for (language, text, amount, unit) in cases {
        let found = find_bounded(text, language);
        let first = found.first().unwrap_or_else(|| panic!("nothing in {text}"));
        assert_eq!((first.range.clone(), found.len()), (0..text.len(), 1), "{text}");
        assert_eq!(
            (first.readings[0].amount, first.readings[0].unit.name),
            (amount, unit),
            "{text}"
        );
    }
}

#[test]
fn units_can_be_converted_by_their_factors() {
    let kilogram = find("2/1000 kilograms", En)[0].readings[0];
    let gram = find("2 grams", En)[0].readings[0];
    assert_eq!(
        kilogram.value.map(|value| value * kilogram.unit.factor),
        gram.value.map(|value| value * gram.unit.factor)
    );
}

/// Texts of pieces that quantities are made of, which reach further than random characters.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "1",
        "23",
        "4.5",
        ",",
        "-",
        "/",
        " ",
        "one",
        " hundred ",
        " and ",
        " a ",
        "half",
        "between ",
        " to ",
        "more than ",
        "$",
        "us$",
        "€",
        "kg",
        " km",
        "m",
        "k",
        "mb",
        " dollars",
        " cents",
        " feet ",
        " in",
        "degrees",
        "°",
        "c",
        "F",
        "(",
        ")",
        "'",
        "\"",
        "pm",
        "at ",
        "円",
        "ドル",
        "セント",
        "度",
        "摂氏",
        "の",
        "時速",
        "キロ",
        "歳",
        "ヶ月",
        "と",
        "から",
        "以上",
        "最大",
        "一",
        "千",
        "万",
        "\u{301}",
        "\u{202e}",
        "💡",
        "u.s. ",
    ]);
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn nothing_panics_and_every_range_stands_on_characters_in_order(text in prop_oneof![any::<String>(), pieces()]) {
        for language in Language::ALL {
            let plain: Vec<_> = find(&text, language).into_iter().map(|mention| mention.range).collect();
            let bounded: Vec<_> = find_bounded(&text, language).into_iter().map(|mention| mention.range).collect();
            for ranges in [plain, bounded] {
                let mut end = 0;
                for range in ranges {
                    prop_assert!(range.start >= end && range.end > range.start);
                    prop_assert!(text.get(range.clone()).is_some());
                    end = range.end;
                }
            }
        }
    }
}

/// The time is not measured; a search that is not linear would not end.
#[test]
fn long_texts_of_one_piece_are_read_to_their_end() {
    for piece in [
        "1",
        "$",
        "1$",
        "5 km ",
        "5 feet ",
        "1 and ",
        "$ 1 ",
        "千円",
        "1ドル",
        "摂氏",
        "1度",
        "a dollar ",
        "(1",
        "\u{301}",
    ] {
        let text = piece.repeat(50_000 / piece.len());
        for language in Language::ALL {
            find(&text, language);
            find_bounded(&text, language);
        }
    }
}
