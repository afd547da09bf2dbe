use rstest::rstest;

use super::*;
use crate::{intents::TrainingIntent, text::Normalised};

const THRESHOLD: f32 = 0.4;

fn intent(name: &str, social: bool, examples: &[&str]) -> TrainingIntent {
    TrainingIntent {
        name: name.into(),
        social,
        examples: examples.iter().map(ToString::to_string).collect(),
    }
}

fn trained(set: &TrainingSet) -> IntentClassifier {
    IntentClassifier::train(set, &Encoder::shipped(), &mut SentenceVectors::default()).unwrap()
}

/// The front desk of a small inn.
#[rustfmt::skip]
fn inn() -> IntentClassifier {
    trained(&TrainingSet { out_of_scope: Vec::new(), intents: vec![
        intent("change_booking", false, &[
            "change my booking", "i want to change my reservation", "can i move my stay to another day", "i need to change the dates",
            "could you move my reservation to friday", "modify booking", "can we stay one more night", "i would like to reschedule",
            "予約を変更したい", "予約の変更をお願いします", "日程を変えたいのですが", "宿泊日を変更できますか", "予約の日にちを変えたいです",
            "泊まる日を変えることはできますか", "もう一泊したいのですが", "予約内容を変更したいのですが",
        ]),
        intent("goodbye", true, &[
            "bye", "goodbye", "see you", "see you later", "bye bye", "have a nice day", "take care",
            "さようなら", "ではまた", "失礼します", "またね", "バイバイ", "さよなら",
        ]),
        intent("greeting", true, &[
            "hello", "hi", "hey", "good morning", "good evening", "hi there", "hello there", "how are you", "nice to meet you",
            "こんにちは", "こんばんは", "おはようございます", "おはよう", "はじめまして", "やあ", "どうも",
        ]),
        intent("late_checkout", false, &[
            "can i check out late", "late checkout please", "is a late check-out possible", "can i leave the room later",
            "i want to check out at noon", "how much is a late checkout", "could we keep the room until one", "checkout time extension",
            "レイトチェックアウトはできますか", "チェックアウトを遅くしたい", "チェックアウトの時間を延ばせますか", "昼までいられますか",
            "遅めにチェックアウトしたいのですが", "チェックアウトを延長したい", "部屋を出るのを遅くできますか",
        ]),
        intent("support", false, &[
            "i need help", "can you help me", "help", "i need some assistance", "please help me", "i have a problem", "could you assist me",
            "i need support", "something is wrong", "help me please",
            "助けてください", "助けが必要です", "困っています", "手伝ってください", "サポートをお願いします", "問題があります", "助けて", "手を貸してください",
        ]),
        intent("thanks", true, &[
            "thanks", "thank you", "thank you very much", "thanks a lot", "that was very helpful, thanks", "cheers", "much appreciated",
            "ありがとう", "ありがとうございます", "助かりました", "どうもありがとう", "感謝します",
        ]),
        intent("wifi", false, &[
            "what is the wifi password", "how do i connect to the wifi", "wi-fi", "is there internet in the rooms", "wifi is not working",
            "do you have wireless internet", "internet access", "what's the network called",
            "wifiのパスワードは何ですか", "wi-fiは使えますか", "インターネットに接続できますか", "ネットが繋がりません", "無線lanはありますか",
            "wifiの繋ぎ方を教えてください", "ネット環境について教えて",
        ]),
    ]})
}

fn best(inn: &IntentClassifier, utterance: &str) -> Option<String> {
    let ranking = inn.classify(&Folded::of(&Normalised::of(utterance)), THRESHOLD);
    assert!(
        ranking.intents.is_sorted_by(|a, b| a.confidence >= b.confidence),
        "{utterance}"
    );
    assert!(ranking.intents.len() <= RANKED);
    if ranking.out_of_scope {
        None
    } else {
        ranking.intents.first().map(|best| best.name.to_string())
    }
}

#[test]
fn a_greeting_that_also_asks_something_is_the_question() {
    let inn = inn();
    let wrong: Vec<_> = [
        ("hello", "greeting"),
        ("Hello!!", "greeting"),
        ("hi there :)", "greeting"),
        ("Hello Nakai", "greeting"),
        ("hello, thanks", "greeting thanks"),
        ("thank you for the help", "thanks support"),
        ("こんにちは！", "greeting"),
        ("こんにちは〜、はじめまして。", "greeting"),
        ("おはようございます、仲居さん", "greeting"),
        ("ありがとうございます。", "thanks"),
        ("hello, I need help", "support"),
        ("hello i need help", "support"),
        ("Hi! Good morning. I need help, thanks", "support"),
        ("help, please. Thank you!", "support"),
        ("hey help", "support"),
        ("こんにちは、何か助けが必要です。", "support"),
        ("こんにちは何か助けが必要です", "support"),
        ("hi can i get a late checkout", "late_checkout"),
        ("Good evening, could I check out late tomorrow?", "late_checkout"),
        ("How are you? I'd like a late checkout.", "late_checkout"),
        ("can I get a late checkout? have a nice day", "late_checkout"),
        (
            "おはようございます。チェックアウトを遅くできますか？ありがとう！",
            "late_checkout",
        ),
        ("お世話になっております。予約を変更したいのですが", "change_booking"),
        (
            "お世話になっております予約を変更したいのですが、よろしくお願いします",
            "change_booking",
        ),
        ("すみません、予約の変更は可能でしょうか", "change_booking"),
        ("hello wifi?", "wifi"),
        ("こんにちは。Wi-Fiのパスワードは？", "wifi"),
        // What fits nothing is no greeting either.
        ("hello, name the capital of mongolia", ""),
        ("こんにちは、株価の動向を分析してほしい", ""),
    ]
    .into_iter()
    .filter_map(|(utterance, expected)| {
        let found = best(&inn, utterance).unwrap_or_default();
        let right = if expected.is_empty() {
            found.is_empty()
        } else {
            expected.split(' ').any(|e| e == found)
        };
        (!right).then_some((utterance, expected, found))
    })
    .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[rstest]
#[case("how can i change the date of my reservation", "change_booking")]
#[case("CAN I MOVE MY BOOKING", "change_booking")]
#[case("予約をへんこうしたい、日程の変更", "change_booking")]
#[case("ｗｉｆｉのパスワードを教えて", "wifi")]
#[case("late check out できますか", "late_checkout")]
#[case("チェックアウト late please", "late_checkout")]
fn other_words_for_the_same_are_understood(#[case] utterance: &str, #[case] expected: &str) {
    assert_eq!(best(&inn(), utterance).as_deref(), Some(expected));
}

#[rstest]
#[case("")]
#[case("   ")]
#[case("?!")]
#[case("xyzzy plugh")]
#[case("quantum chromodynamics lecture notes")]
#[case("量子色力学の講義")]
#[case("1234567")]
#[case("привет")]
fn what_fits_nothing_is_out_of_scope(#[case] utterance: &str) {
    assert_eq!(best(&inn(), utterance), None);
}

#[test]
fn every_example_is_recognised_as_what_it_is_an_example_of() {
    let inn = inn();
    for (example, expected) in [
        ("i would like to reschedule", "change_booking"),
        ("バイバイ", "goodbye"),
        ("wi-fi", "wifi"),
        ("help", "support"),
    ] {
        assert_eq!(best(&inn, example).as_deref(), Some(expected), "{example}");
    }
}

#[rstest]
#[case(&[])]
#[case(&[("only", &["one example"][..])])]
#[case(&[("empty", &[][..]), ("blank", &["", "!?"])])]
#[case(&[("a", &["yes"][..]), ("b", &["no"])])]
fn small_and_empty_training_sets_are_no_error(#[case] intents: &[(&str, &[&str])]) {
    let set = TrainingSet {
        intents: intents
            .iter()
            .map(|(name, examples)| intent(name, false, examples))
            .collect(),
        out_of_scope: Vec::new(),
    };
    let classifier = trained(&set);
    for (name, examples) in intents {
        for example in examples
            .iter()
            .filter(|example| example.chars().any(char::is_alphabetic))
        {
            assert_eq!(best(&classifier, example).as_deref(), Some(*name));
        }
    }
    assert_eq!(best(&classifier, "zzz"), None);
}

/// A set of the shape that bots have: several intents, so many examples that the meaning of all of them counts.
fn changing_set(changed: bool) -> TrainingSet {
    let topics = [
        "breakfast",
        "parking",
        "the bath",
        "a refund",
        "朝食",
        "駐車場",
        "温泉",
        "返金",
    ];
    let ways: [fn(&str) -> String; 8] = [
        |topic| format!("tell me about {topic}"),
        |topic| format!("i have a question on {topic}"),
        |topic| format!("how does {topic} work here"),
        |topic| format!("when can i have {topic}"),
        |topic| format!("what about {topic} on sunday"),
        |topic| format!("{topic}について教えてください"),
        |topic| format!("{topic}はどうなっていますか"),
        |topic| format!("{topic}はいくらですか"),
    ];
    let intents = topics.iter().enumerate().map(|(number, topic)| {
        let mut examples: Vec<String> = ways.iter().map(|way| way(topic)).collect();
        if changed && number == 0 {
            examples.push("do you serve eggs in the morning".to_owned());
            examples.remove(2);
        }
        TrainingIntent {
            name: format!("intent_{number}").into(),
            social: false,
            examples,
        }
    });
    TrainingSet {
        out_of_scope: vec!["who won the match".to_owned(), "明日の天気は".to_owned()],
        intents: intents.collect(),
    }
}

#[test]
fn training_after_a_change_gives_the_same_as_training_anew() {
    let encoder = &Encoder::shipped();
    let mut kept = SentenceVectors::default();
    let before = IntentClassifier::train(&changing_set(false), encoder, &mut kept).unwrap();
    let incremental = IntentClassifier::train(&changing_set(true), encoder, &mut kept).unwrap();
    let anew = trained(&changing_set(true));
    assert!(!anew.trained.meaning.is_empty());
    assert_eq!(incremental.to_bytes(), anew.to_bytes());
    assert_ne!(incremental.to_bytes(), before.to_bytes());
    // And back again: nothing of what was taken out is left.
    let back = IntentClassifier::train(&changing_set(false), encoder, &mut kept).unwrap();
    assert_eq!(back.to_bytes(), before.to_bytes());
}

#[test]
fn a_megabyte_of_one_character_takes_linear_time() {
    let inn = inn();
    for unit in ["a", "あ", "hi ", "hi. ", "、", "\u{200b}"] {
        assert_eq!(
            best(&inn, &unit.repeat(1_000_000 / unit.len())).filter(|best| best != "greeting"),
            None,
            "{unit:?}"
        );
    }
}
