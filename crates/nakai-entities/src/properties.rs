//! What holds for every recogniser, on any text.

use std::ops::Range;

use nakai_types::Language;
use proptest::prelude::*;

use crate::{choices, lookup::Lookup, names, sequences};

/// The places of what each recogniser finds.
fn everything(text: &str, language: Language) -> [Vec<Range<usize>>; 4] {
    let lookup = Lookup::new([
        ("a", vec!["aaaaa", "ああああああああああ", "basic plan"]),
        ("b", vec!["12345", "申し込み", "サーバー", "。。。。。"]),
    ]);
    [
        sequences::find(text, language)
            .into_iter()
            .map(|mention| mention.range)
            .collect(),
        choices::find(text, language)
            .into_iter()
            .map(|mention| mention.range)
            .collect(),
        names::find(text, language)
            .into_iter()
            .map(|mention| mention.range)
            .collect(),
        lookup
            .find(text, |_| false)
            .into_iter()
            .map(|mention| mention.range)
            .collect(),
    ]
}

fn hold(text: &str) {
    for language in Language::ALL {
        for found in everything(text, language) {
            for range in &found {
                assert!(
                    text.get(range.clone()).is_some_and(|found| !found.is_empty()),
                    "{range:?} is no part of the text"
                );
            }
            assert!(found.is_sorted_by_key(|range| range.start), "not in order");
        }
    }
}

/// Texts that make a recogniser begin again and again.
const PIECES: [&str; 50] = [
    "a",
    "あ",
    "山",
    "ア",
    "1",
    "-",
    "(",
    "+",
    "1 ",
    "1-",
    "@",
    "a@",
    "a.",
    ".",
    ":",
    "::",
    "1.",
    "\"",
    "「",
    "#",
    "A",
    "A ",
    "Mr ",
    "は",
    "はい",
    "👍",
    "🏿",
    "\u{301}",
    "\u{202e}",
    " ",
    "\n",
    "田中",
    "山・",
    "order 1",
    "注文番号",
    "%7b",
    "http://",
    "no ",
    "東京都",
    "1a",
    "０ー",
    "株式会社",
    "Bob and ",
    "in ",
    "A, ",
    "Inc. ",
    "ﾞ",
    "ガﾞ",
    "〒",
    "(1)",
];

proptest! {
    #[test]
    fn every_place_is_a_part_of_any_text(text in "\\PC{0,80}") {
        hold(&text);
    }

    #[test]
    fn every_place_is_a_part_of_a_text_of_hard_pieces(pieces in proptest::collection::vec(proptest::sample::select(&PIECES[..]), 0..24)) {
        hold(&pieces.concat());
    }
}

#[test]
fn a_long_run_of_one_piece_is_read_to_its_end() {
    for piece in PIECES {
        hold(&piece.repeat(4000 / piece.len()));
    }
}

#[test]
fn a_long_text_is_read_to_its_end() {
    let text = "田中太郎と申します。My phone is 090-1234-5678, order #A-12345. はい、東京です。申込とbasic plam\n"
        .repeat(2000);
    for found in everything(&text, Language::Ja) {
        assert!(
            found.last().is_some_and(|range| range.end + 200 > text.len()),
            "stopped before the end"
        );
    }
}
