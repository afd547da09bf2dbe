use nakai_types::Language::{self, En, Ja};
use proptest::prelude::*;

use super::{Anchor, Bound, NumberValue, cardinals, find, ordinals, percentages, ranges, written};

/// The mentions of a text as `text = value`.
fn listed(text: &str, found: &[crate::Mention<NumberValue>]) -> Vec<String> {
    found
        .iter()
        .map(|mention| format!("{} = {}", &text[mention.range.clone()], shown(mention.readings[0])))
        .collect()
}

fn shown(value: NumberValue) -> String {
    let end = |bound: Option<Bound>| bound.map_or_else(String::new, |bound| written(bound.value));
    match value {
        NumberValue::Number { value, .. } => written(value),
        NumberValue::Ordinal { anchor, offset } => match anchor {
            Anchor::Start => format!("#{offset}"),
            Anchor::Current => format!("here{offset:+}"),
            Anchor::End => format!("end{offset:+}"),
        },
        NumberValue::Percentage { value } => {
            value.map_or_else(|| "?%".to_owned(), |value| format!("{}%", written(value)))
        }
        NumberValue::Range { low, high } => {
            let open = if low.is_some_and(|low| low.included) { '[' } else { '(' };
            let close = if high.is_some_and(|high| high.included) {
                ']'
            } else {
                ')'
            };
            format!("{open}{}, {}{close}", end(low), end(high))
        }
    }
}

fn check(read: fn(&str, Language) -> Vec<crate::Mention<NumberValue>>, language: Language, cases: &[(&str, &[&str])]) {
    for (text, expected) in cases {
        assert_eq!(listed(text, &read(text, language)), *expected, "{text}");
    }
}

#[test]
fn english_numbers_are_read_in_words_and_digits() {
    check(
        cardinals,
        En,
        &[
            ("call me in five or 12 minutes", &["five = 5", "12 = 12"]),
            (
                "one million two hundred thousand and six",
                &["one million two hundred thousand and six = 1200006"],
            ),
            ("7 thousand 2 hundred and 5", &["7 thousand 2 hundred and 5 = 7205"]),
            (
                "a dozen eggs and half a dozen rolls",
                &["a dozen = 12", "half a dozen = 6"],
            ),
            ("seven point zero five", &["seven point zero five = 7.05"]),
            (
                "1,234,567.5 and 1.234,5",
                &["1,234,567.5 = 1234567.5", "1.234,5 = 1234.5"],
            ),
            ("3.5 million or 20k", &["3.5 million = 3500000", "20k = 20000"]),
            ("minus forty-two and -7", &["minus forty-two = -42", "-7 = -7"]),
            ("6.02e23 and 2^10", &["6.02e23 = 6.02E+23", "2^10 = 1024"]),
            ("10.0.0.1", &["10 = 10", "0 = 0", "0 = 0", "1 = 1"]),
            ("25ml of a4-80 paper", &["80 = 80"]),
            ("which one is the right one", &[]),
            ("ＲＯＯＭ　４２", &["４２ = 42"]),
        ],
    );
}

#[test]
fn english_fractions_are_read_with_their_whole_number() {
    check(
        cardinals,
        En,
        &[
            ("two thirds", &["two thirds = 0.666666666666667"]),
            ("two and a half", &["two and a half = 2.5"]),
            ("four million and a half", &["four million and a half = 4500000"]),
            ("three and a half million", &["three and a half million = 3500000"]),
            ("seven twenty-fifths", &["seven twenty-fifths = 0.28"]),
            ("one over eight", &["one over eight = 0.125"]),
            ("two out of five", &["two out of five = 0.4"]),
            ("5 out of 3", &["5 = 5", "3 = 3"]),
            ("2 3/4 cups, 2½ cups", &["2 3/4 = 2.75", "2½ = 2.5"]),
            ("on 12/3/2024", &["12 = 12", "3 = 3", "2024 = 2024"]),
        ],
    );
}

#[test]
fn english_ordinals_count_from_the_start_from_here_or_from_the_end() {
    check(
        ordinals,
        En,
        &[
            ("the third and the 22nd", &["third = #3", "22nd = #22"]),
            ("one hundred and twenty-first", &["one hundred and twenty-first = #121"]),
            (
                "the next one, not the previous order",
                &["next one = here+1", "previous = here-1"],
            ),
            ("the last but one", &["the last but one = end-1"]),
            ("two thirds", &[]),
        ],
    );
}

#[test]
fn english_percentages_have_a_value_or_are_the_word_alone() {
    check(
        percentages,
        En,
        &[
            ("10% - 20%", &["10% = 10%", "20% = 20%"]),
            ("20% off or 2.5 percent", &["20% = 20%", "2.5 percent = 2.5%"]),
            ("what percentage is that", &["percentage = ?%"]),
            ("http://a.b/?q=a%20b%3F", &[]),
        ],
    );
}

#[test]
fn english_ranges_are_comparisons_or_lie_between_two_numbers() {
    check(
        ranges,
        En,
        &[
            ("more than 5 boxes", &["more than 5 = (5, )"]),
            ("no more than five", &["no more than five = (, 5]"]),
            ("at least 3 and at most 9", &["at least 3 and at most 9 = [3, 9]"]),
            (
                "between the second and the fifth",
                &["between the second and the fifth = [2, 5)"],
            ),
            ("from 10 to 20", &["from 10 to 20 = [10, 20)"]),
            ("20 or more", &["20 or more = [20, )"]),
            (">= 7", &[">= 7 = [7, )"]),
            ("<> 7", &[]),
            ("call 555-1234-5678", &[]),
            ("2024-05", &[]),
        ],
    );
}

#[test]
fn japanese_numbers_are_read_in_every_script() {
    check(
        cardinals,
        Ja,
        &[
            ("３つ下さい", &["３ = 3"]),
            ("二千五百三十一", &["二千五百三十一 = 2531"]),
            ("壱万弐千", &["壱万弐千 = 12000"]),
            ("1億2,500万", &["1億2,500万 = 125000000"]),
            ("2.5万と一九九九", &["2.5万 = 25000", "一九九九 = 1999"]),
            ("三百二百", &["三百 = 300", "二百 = 200"]),
            ("三・一四、四点八", &["三・一四 = 3.14", "四点八 = 4.8"]),
            ("五分の二と二と四分の一", &["五分の二 = 0.4", "二と四分の一 = 2.25"]),
            ("マイナス5と−7", &["マイナス5 = -5", "−7 = -7"]),
            ("にじゅうさん", &["にじゅうさん = 23"]),
            ("2の10乗", &["2の10乗 = 1024"]),
            ("三ダース", &["三ダース = 36"]),
            ("四国の九条さん、一般の百貨店", &[]),
            ("10、20個", &["10 = 10", "20 = 20"]),
        ],
    );
}

#[test]
fn japanese_ordinals_percentages_and_ranges_are_read() {
    check(
        ordinals,
        Ja,
        &[
            ("第三と20番目", &["第三 = #3", "20番目 = #20"]),
            ("最後から二番目と次の注文", &["最後から二番目 = end-1", "次 = here+1"]),
            ("駅の前で3年前の目次を見た", &[]),
        ],
    );
    check(
        percentages,
        Ja,
        &[
            ("20％引きと三割", &["20％ = 20%", "三割 = 30%"]),
            ("3割2分5厘", &["3割2分5厘 = 32.5%"]),
        ],
    );
    check(
        ranges,
        Ja,
        &[
            ("100以上200未満", &["100以上200未満 = [100, 200)"]),
            ("5より大きい", &["5より大きい = (5, )"]),
            ("最大10", &["最大10 = (, 10]"]),
            ("20と30の間", &["20と30の間 = [20, 30)"]),
            (
                "xは10より大きくyは20より小さい",
                &["10より大きく = (10, )", "20より小さい = (, 20)"],
            ),
        ],
    );
}

#[test]
fn all_kinds_together_do_not_overlap_and_the_longest_is_taken() {
    check(
        find,
        En,
        &[
            ("more than 50% of the first 20", &["50% = 50%", "first = #1", "20 = 20"]),
            (
                "a couple of tickets for bus one twenty two",
                &["a couple of = 2", "one twenty two = 122"],
            ),
            ("more than five", &["more than five = (5, )"]),
        ],
    );
    check(find, Ja, &[("5個以下で3割引", &["5個以下 = (, 5]", "3割引 = 30%"])]);
}

#[test]
fn values_are_written_with_fifteen_digits() {
    for (value, expected) in [
        (0.0, "0"),
        (2.0 / 3.0, "0.666666666666667"),
        (1e-7, "1E-07"),
        (1.232e15, "1.232E+15"),
        (-12.5, "-12.5"),
        (100.0, "100"),
        (0.00001, "1E-05"),
        (0.0001, "0.0001"),
        (123_456_789_012_345.0, "123456789012345"),
    ] {
        assert_eq!(written(value), expected, "{value}");
    }
}

/// Texts of pieces that numbers are made of, which reach further than random characters.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "1",
        "23",
        "456",
        ",",
        ".",
        "-",
        "/",
        "e",
        "^",
        "%",
        " ",
        "one",
        "two",
        " hundred ",
        " million",
        " and ",
        " a ",
        "half",
        "thirds",
        "fifth",
        " point ",
        "between ",
        " to ",
        "more than ",
        " or ",
        "dozen",
        "一",
        "二",
        "十",
        "百",
        "千",
        "万",
        "億",
        "分の",
        "と",
        "・",
        "割",
        "半",
        "以上",
        "より大きい",
        "から",
        "第",
        "番目",
        "最後から",
        "マイナス",
        "いち",
        "じゅう",
        "次",
        "前",
        "\u{301}",
        "\u{202e}",
        "💡",
        "$",
        "kg",
        "dollars",
        " feet ",
        "円",
        "ドル",
        "度",
        "摂氏",
        "時速",
        "(",
        ")",
        "'",
        "\"",
        "°",
    ]);
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn nothing_panics_and_every_range_stands_on_characters_in_order(text in prop_oneof![any::<String>(), pieces()]) {
        for language in Language::ALL {
            for read in [find, cardinals, ordinals, percentages, ranges] {
                let mut end = 0;
                for mention in read(&text, language) {
                    prop_assert!(mention.range.start >= end && mention.range.end > mention.range.start);
                    prop_assert!(text.get(mention.range.clone()).is_some());
                    prop_assert!(!mention.readings.is_empty());
                    end = mention.range.end;
                }
            }
        }
    }
}

/// The time is not measured; a search that is not linear would not end.
#[test]
fn long_texts_of_one_piece_are_read_to_their_end() {
    for piece in [
        "1", "1.", "1,", "1 ", "一", "千", "million ", "one ", "- ", "から1", "a half ", "分の", "\u{301}", "い ",
    ] {
        let text = piece.repeat(50_000 / piece.len());
        for language in Language::ALL {
            find(&text, language);
        }
    }
}
