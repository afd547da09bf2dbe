use super::*;
use crate::intents::IntentClassifier;
use crate::intents::TrainingIntent;

fn set() -> TrainingSet {
    let intent = |name: &str, examples: &[&str]| TrainingIntent {
        name: name.into(),
        social: false,
        examples: examples.iter().map(ToString::to_string).collect(),
    };
    TrainingSet {
        intents: vec![
            intent(
                "change",
                &["予約を変更したい", "予約の変更はできますか", "change my booking"],
            ),
            intent("parking", &["駐車場はありますか", "is there a car park"]),
            intent("wifi", &["Wi-Fiのパスワードは何ですか", "wifi password"]),
            intent("greeting", &["こんにちは", "hello"]),
        ],
        out_of_scope: Vec::new(),
    }
}

#[test]
fn what_is_written_by_its_sound_is_read() {
    let set = set();
    let reading = Reading::new(&set);
    let spelling = Spelling::new(&set, None);
    let classifier = IntentClassifier::train_on_wording(&set);
    for (text, read) in [
        ("yoyaku wo henkou shitai", Some("予約を変更したい")),
        ("yoyaku o henko shitai", Some("予約を変更したい")),
        ("chuushajou wa arimasu ka?", Some("駐車場はありますか?")),
        ("tyuusyazyou wa arimasuka", Some("駐車場はありますか")),
        ("wifi no pasuwaado wa", Some("wifi のパスワードは")),
        ("konnichiwa", Some("こんにちは")),
        // Words that no example has.
        ("eki kara basu wa arimasu ka", Some("駅からバスはありますか")),
        ("denwa bangou wo oshiete kudasai", Some("電話番号を教えてください")),
        ("よやくをへんこうしたい", Some("予約を変更したい")),
        ("ぱすわーどは?", Some("パスワードは?")),
        // As it should be.
        ("こんにちは", None),
        ("予約をへんこうしたい", None),
        ("change my booking", None),
        ("no", None),
        ("is there a car park in kanagawa", None),
        ("kimono rental", None),
        ("", None),
    ] {
        assert_eq!(reading.read(text, &spelling).as_deref(), read, "{text}");
        let ranking = classifier.classify(&Folded::of(&Normalised::of(text)), 0.4);
        assert_eq!(ranking.romaji, read.is_some() && text.is_ascii(), "{text}");
    }
}
