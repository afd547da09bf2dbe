use proptest::prelude::*;

use super::*;

fn surfaces(text: &str) -> Vec<String> {
    words(&Normalised::of(text))
        .iter()
        .map(|word| word.surface().to_owned())
        .collect()
}

#[test]
fn text_is_cut_into_words() {
    for (text, expected) in [
        ("Hello, how are you?", "Hello|how|are|you"),
        ("こんにちは、お元気ですか?", "こんにちは|お元気|です|か"),
        ("I'm sure you don't.", "I'm|sure|you|don't"),
        (
            "注文番号R-204815のエラーE1042です。",
            "注文|番号|R-204815|の|エラー|E1042|です",
        ),
        ("taro@example.jpに送って", "taro@example.jp|に|送っ|て"),
        (
            "https://example.jp/a?b=1 を見ました",
            "https://example.jp/a?b=1|を|見|まし|た",
        ),
        ("Wi-Fiは使えますか", "Wi-Fi|は|使え|ます|か"),
        ("３名で２泊、１０，０００円", "3|名|で|2|泊|10,000|円"),
        ("ご予約のお部屋、御社", "ご予約|の|お部屋|御社"),
        ("お美しいお庭", "お美しい|お庭"),
        ("ｷｬﾝｾﾙ　したい！！！", "キャンセル|し|たい"),
        ("What does おもてなし mean?", "What|does|おもてなし|mean"),
        ("👍 ♪ … ?!", ""),
        ("", ""),
        ("안녕하세요 мир", "안녕하세요|мир"),
        ("お", "お"),
        ("お Wi-Fi", "お|Wi-Fi"),
    ] {
        assert_eq!(surfaces(text).join("|"), expected, "{text}");
    }
}

#[test]
fn a_word_knows_its_part_of_speech_base_and_reading() {
    let text = Normalised::of("ご予約を取り消したい Booking 12");
    let found: Vec<_> = words(&text)
        .iter()
        .map(|w| {
            (
                w.part_of_speech(),
                w.base().into_owned(),
                w.reading().unwrap_or_default(),
            )
        })
        .collect();
    let expected = [
        ("名詞", "ご予約", "ゴヨヤク"),
        ("助詞", "を", "ヲ"),
        ("動詞", "取り消す", "トリケシ"),
        ("助動詞", "たい", "タイ"),
        ("word", "booking", ""),
        ("number", "12", ""),
    ];
    assert_eq!(
        found,
        expected.map(|(part, base, reading)| (part, base.to_owned(), reading.to_owned()))
    );
}

#[test]
fn tokens_show_what_was_typed() {
    let typed = "Ｅ１０４２ｴﾗｰです";
    let stop_words = StopWords::new(Language::Ja, &[]);
    let view = token_view(typed, &Normalised::of(typed), Language::Ja, &stop_words);
    let tokens: Vec<_> = view
        .tokens
        .iter()
        .map(|t| (t.surface.as_str(), t.base.as_str(), t.stop))
        .collect();
    assert_eq!(
        tokens,
        [
            ("Ｅ１０４２", "e1042", false),
            ("ｴﾗｰ", "エラー", false),
            ("です", "です", true)
        ]
    );
    assert!(view.tokens.iter().all(|t| t.span.of(typed) == Some(&t.surface)));
}

#[test]
fn a_megabyte_is_cut_in_linear_time() {
    for piece in ["a", "a.", "あ", "お", "漢", "ー", "1", " ", "a@", "。", "👍"] {
        let text = piece.repeat(1_000_000 / piece.len());
        words(&Normalised::of(&text));
    }
}

proptest! {
    #[test]
    fn words_are_in_order_and_miss_no_letter(
        text in proptest::collection::vec(prop_oneof!["\\PC{0,6}", "[ -~]{0,8}", "[ぁ-ヶ一-龠ーおご、。]{0,8}"], 0..6)
    ) {
        let typed = text.concat();
        let text = Normalised::of(&typed);
        let mut end = 0;
        for word in words(&text) {
            let gap = text.as_str().get(end..word.range().start);
            prop_assert!(gap.is_some_and(|gap| !gap.contains(is_japanese) && !gap.contains(|c: char| c.is_ascii_alphanumeric())));
            prop_assert!(!word.surface().is_empty());
            prop_assert!(!word.base().is_empty());
            end = word.range().end;
        }
        let rest = text.as_str().get(end..);
        prop_assert!(rest.is_some_and(|rest| !rest.contains(is_japanese)));
    }
}
