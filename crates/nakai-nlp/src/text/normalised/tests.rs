use proptest::prelude::*;

use super::*;

fn normal(text: &str) -> String {
    Normalised::of(text).as_str().to_owned()
}

#[test]
fn the_many_ways_to_type_one_thing_become_one() {
    for (typed, expected) in [
        ("Hello, World", "Hello, World"),
        ("ＡＢＣ　１２３①㈱", "ABC 1231(株)"),
        ("ﾊﾟｽﾜｰﾄﾞ", "パスワード"),
        ("か\u{3099}か゛ハ゜", "ががパ"),
        ("ゐのしし ゑびす ヰスキー ヱビス", "いのしし えびす イスキー エビス"),
        ("すゞき いすゞ こゝろ バナヽ", "すずき いすず こころ バナナ"),
        ("え！！！！？？", "え!?"),
        ("すごーーーーい〜〜〜", "すごーい~"),
        ("えっと... あの…… 1..2", "えっと… あの… 1..2"),
        ("。。。、、", "。、"),
        ("０９０ー１２３４ー５６７８", "090-1234-5678"),
        ("データー1", "データー1"),
        ("don’t “go”", "don't \"go\""),
        ("10〜12時、10～12時", "10~12時、10~12時"),
        ("a\u{200b}b\u{feff}", "ab"),
        ("👍🏽👨‍👩‍👧 OK", "👍🏽👨‍👩‍👧 OK"),
        ("e\u{301}", "é"),
        ("ｶﾞ", "ガ"),
        ("", ""),
    ] {
        assert_eq!(normal(typed), expected, "{typed}");
    }
}

#[test]
fn spans_point_at_what_was_typed() {
    let typed = "ｶﾞｲﾄﾞさん！！！ Ｅ１０４２です";
    let text = Normalised::of(typed);
    assert_eq!(text.as_str(), "ガイドさん! E1042です");
    for (part, original) in [
        ("ガイド", "ｶﾞｲﾄﾞ"),
        ("さん", "さん"),
        ("!", "！！！"),
        ("E1042", "Ｅ１０４２"),
        ("です", "です"),
    ] {
        let start = text.as_str().find(part).unwrap();
        assert_eq!(text.original(start..start + part.len()).of(typed), Some(original));
    }
}

#[test]
fn text_in_normal_form_is_borrowed() {
    for text in ["What time is check-in?", "チェックインは何時ですか?", ""] {
        assert!(matches!(Normalised::of(text).text, Cow::Borrowed(_)));
    }
}

#[test]
fn debug_shows_no_text() {
    assert_eq!(format!("{:?}", Normalised::of("ﾊﾞｽ")), "Normalised(6 bytes, 2 changes)");
}

/// Text in which what normalisation changes is frequent.
fn any_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "\\PC{0,4}",
        "[ -~]{0,4}",
        "[ぁ-ゟ゠-ヿ一-三ｦ-ﾟ]{0,6}",
        "[!?！？。、ー〜…・.]{0,5}",
        "[０-９Ａ-ｚ]{0,4}",
        "[\u{300}-\u{30f}\u{3099}\u{309a}゛゜\u{200b}\u{feff}\u{1100}-\u{11ff}]{0,3}",
    ];
    proptest::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn the_way_back_is_monotone_and_covers_the_whole(typed in any_text()) {
        let text = Normalised::of(&typed);
        let normal = text.as_str();
        prop_assert_eq!(text.original(0..normal.len()), Span::new(0, typed.len()));
        let bounds: Vec<usize> = normal.char_indices().map(|(at, _)| at).chain([normal.len()]).collect();
        let mut last = Span::new(0, 0);
        for pair in bounds.windows(2) {
            let span = text.original(pair[0]..pair[1]);
            prop_assert!(span.of(&typed).is_some(), "off a character boundary");
            prop_assert!(span.start >= last.start && span.end >= last.end, "not monotone");
            prop_assert!(span.start <= last.end, "a gap");
            last = span;
        }
        if normal.is_empty() {
            prop_assert!(typed.chars().all(normal_is_empty));
        } else {
            prop_assert_eq!(last.end, typed.len());
        }
    }

    #[test]
    fn cluster_by_cluster_is_nfkc_of_the_whole(typed in "[ -~ぁ-んァ-ヶｦ-ﾟ０-９\u{300}-\u{30f}\u{1100}-\u{11ff}가-각ﾡ-ￜ]{0,12}") {
        // Without the characters on which our own foldings act.
        let typed: String = typed.chars().filter(|c| !is_repeatable(*c) && !"ゐゑヰヱゝゞｰ".contains(*c)).collect();
        let nfkc: String = typed.nfkc().collect();
        prop_assume!(!nfkc.contains("..."));
        prop_assert_eq!(normal(&typed), nfkc);
    }
}

fn normal_is_empty(c: char) -> bool {
    normal(c.encode_utf8(&mut [0; 4])).is_empty()
}
