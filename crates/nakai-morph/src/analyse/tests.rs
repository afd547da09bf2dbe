use proptest::prelude::*;

use super::*;

fn morphemes(text: &str) -> Vec<Morpheme> {
    let mut out = Vec::new();
    Dictionary::ipadic().analyse(text, &mut Workspace::default(), &mut out);
    out
}

fn segmentation(text: &str) -> String {
    morphemes(text)
        .iter()
        .map(|m| &text[m.range()])
        .collect::<Vec<_>>()
        .join("|")
}

/// Sentences of our own with the segmentation of MeCab 0.996 and IPADIC 2.7.0.
const GOLDEN: &str = include_str!("golden.txt");

#[test]
fn sentences_are_cut_as_mecab_cuts_them() {
    let sentences: Vec<&str> = GOLDEN.lines().collect();
    assert!(sentences.len() >= 60);
    for expected in sentences {
        let text = expected.replace('|', "");
        assert_eq!(segmentation(&text), expected);
    }
}

#[test]
fn inflected_words_have_their_dictionary_form_and_reading() {
    let dictionary = Dictionary::ipadic();
    for (text, base, reading) in [
        ("書か", "書く", "カカ"),
        ("行っ", "行く", "イッ"),
        ("美しかっ", "美しい", "ウツクシカッ"),
        ("食べる", "食べる", "タベル"),
        ("なけれ", "ない", "ナケレ"),
        ("東京", "東京", "トウキョウ"),
        ("ください", "くださる", "クダサイ"),
    ] {
        let found = morphemes(text);
        assert_eq!(found.len(), 1, "{text}");
        assert_eq!(dictionary.base(&found[0], text), base);
        assert_eq!(dictionary.reading(&found[0], text).as_deref(), Some(reading));
    }
}

#[test]
fn names_and_places_are_told_apart() {
    let categories = |text: &str| morphemes(text)[0].part_of_speech().categories();
    assert_eq!(categories("佐藤さん"), ["名詞", "固有名詞", "人名", "姓"]);
    assert_eq!(categories("花子さん"), ["名詞", "固有名詞", "人名", "名"]);
    assert_eq!(categories("京都に行く"), ["名詞", "固有名詞", "地域", "一般"]);
}

#[test]
fn an_unknown_word_is_guessed_and_has_no_reading_unless_it_is_kana() {
    let dictionary = Dictionary::ipadic();
    for (text, reading) in [("Zyxwv", None), ("ゲロッパリンゴス", Some("ゲロッパリンゴス"))] {
        let found = morphemes(text);
        assert_eq!(found.len(), 1, "{text}");
        assert!(!dictionary.knows(&found[0]));
        assert_eq!(dictionary.reading(&found[0], text).as_deref(), reading);
        assert_eq!(found[0].part_of_speech().major(), "名詞");
    }
}

#[test]
fn a_kanji_that_is_newer_than_the_dictionary_is_a_kanji() {
    assert_eq!(segmentation("👍𠮷野さん"), "👍|𠮷野|さん");
}

#[test]
fn space_is_in_no_word_and_lines_stand_alone() {
    assert_eq!(segmentation("  部屋 を\t予約 "), "部屋|を|予約");
    assert_eq!(segmentation("部屋\nを予約\n\n"), "部屋|を|予約");
    assert_eq!(segmentation(""), "");
    assert_eq!(segmentation(" \n "), "");
}

#[test]
fn a_megabyte_of_anything_takes_bounded_memory() {
    let mut workspace = Workspace::default();
    let mut out = Vec::new();
    for piece in [
        "あ",
        "ア",
        "漢",
        "一",
        "a",
        "!",
        " ",
        "。",
        "の",
        "すもも",
        "👍",
        "\u{3099}",
        "\n",
        "ー",
        "１",
    ] {
        let text = piece.repeat(1_000_000 / piece.len());
        out.clear();
        Dictionary::ipadic().analyse(&text, &mut workspace, &mut out);
        let covered: usize = out.iter().map(|m| m.range().len()).sum();
        assert_eq!(covered, if piece.trim().is_empty() { 0 } else { text.len() }, "{piece}");
    }
    assert!(
        workspace.nodes.capacity() <= WINDOW * 128,
        "{} nodes",
        workspace.nodes.capacity()
    );
}

#[test]
fn a_long_text_is_cut_at_the_end_of_a_sentence() {
    let sentence = "予約を変更したいのですが、どうすればよいですか。";
    let text = sentence.repeat(200);
    assert_eq!(segmentation(&text), [segmentation(sentence).as_str(); 200].join("|"));
}

/// What IPADIC takes for white space.
fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\u{b}' | '\u{d0}')
}

fn any_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "\\PC{0,6}",
        ".{0,4}",
        "[ -~]{0,8}",
        "[ぁ-ヿ一-龠０-９Ａ-ｚ、。 　\n]{0,12}"
    ];
    proptest::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn ranges_rebuild_the_text(text in any_text()) {
        let dictionary = Dictionary::ipadic();
        let mut rebuilt = String::new();
        let mut end = 0;
        for morpheme in morphemes(&text) {
            let range = morpheme.range();
            rebuilt.push_str(&text[end..range.start]);
            prop_assert!(text[end..range.start].chars().all(is_space), "a word is missing");
            prop_assert!(!range.is_empty());
            rebuilt.push_str(&text[range.clone()]);
            end = range.end;
            dictionary.base(&morpheme, &text);
            dictionary.reading(&morpheme, &text);
        }
        rebuilt.push_str(&text[end..]);
        prop_assert!(text[end..].chars().all(is_space));
        prop_assert_eq!(rebuilt, text);
    }

    #[test]
    fn a_workspace_carries_nothing_over(first in any_text(), second in any_text()) {
        let mut workspace = Workspace::default();
        let mut out = Vec::new();
        Dictionary::ipadic().analyse(&first, &mut workspace, &mut out);
        out.clear();
        Dictionary::ipadic().analyse(&second, &mut workspace, &mut out);
        prop_assert_eq!(out, morphemes(&second));
    }
}
