use super::*;
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
                "cancel",
                &[
                    "cancel my booking",
                    "i want to cancel",
                    "予約をキャンセルしたい",
                    "予約を取り消してください",
                ],
            ),
            intent(
                "allergies",
                &[
                    "i have a nut allergy",
                    "i'm allergic to shrimp",
                    "卵アレルギーがあります",
                    "食べられないものがあります",
                    "i can't eat eggs",
                ],
            ),
            intent(
                "lost",
                &[
                    "i can't find my key",
                    "i lost my phone",
                    "傘を忘れました",
                    "鍵が見つかりません",
                ],
            ),
            intent(
                "trouble",
                &[
                    "the heating doesn't work",
                    "i have no hot water",
                    "お湯が出ません",
                    "暖房が効かない",
                ],
            ),
            intent(
                "stop",
                &[
                    "don't send me mail",
                    "i do not want the newsletter",
                    "メールを送らないでください",
                ],
            ),
            intent("wifi", &["wifi password", "do you have wifi", "wi-fiは使えますか"]),
        ],
        out_of_scope: Vec::new(),
    }
}

#[test]
fn a_wish_is_denied_by_the_negation_of_its_own_word() {
    let set = set();
    let spoken = Spoken::new(&set);
    let denied = |clause: &str, name: &str| {
        let intent = set.intents.iter().position(|intent| *intent.name == *name).unwrap();
        denial(clause).is_some_and(|denial| spoken.is_denied(intent, &denial))
    };
    for (clause, intent, expected) in [
        ("please don't cancel my booking", "cancel", true),
        ("i do not wish to cancel the room", "cancel", true),
        ("never cancel without asking", "cancel", true),
        ("i'm not asking you to cancel", "cancel", true),
        ("no need to cancel", "cancel", true),
        ("i have no allergies", "allergies", true),
        ("i'm not allergic to anything", "allergies", true),
        ("予約はキャンセルしないでください", "cancel", true),
        ("キャンセルしたいわけではありません", "cancel", true),
        ("キャンセルしなくていいです", "cancel", true),
        ("キャンセルしたくないです", "cancel", true),
        ("予約は取り消しません", "cancel", true),
        ("アレルギーはありません", "allergies", true),
        ("アレルギーはないです", "allergies", true),
        ("何も忘れていません", "lost", true),
        // Problems and questions.
        ("i can't cancel", "cancel", false),
        ("don't you cancel for free", "cancel", false),
        ("i can't find my booking", "lost", false),
        ("the heating doesn't work", "trouble", false),
        ("i have no hot water", "trouble", false),
        ("i have no wifi", "wifi", false),
        ("i don't know how to cancel", "cancel", false),
        ("it says cancel and i do not cancel", "cancel", false),
        ("キャンセルできません", "cancel", false),
        ("キャンセルではありません", "cancel", true),
        ("食べられないものはありません", "allergies", true),
        ("キャンセルしないといけません", "cancel", false),
        ("キャンセルしないんですか", "cancel", false),
        ("卵が食べられません", "allergies", false),
        ("鍵が見つかりません", "lost", false),
        ("お湯が出ません", "trouble", false),
        ("wi-fiが使えません", "wifi", false),
        // The wish itself is negative.
        ("don't send me mail", "stop", false),
        ("please don't send anything", "stop", false),
        ("もうメールを送らないでください", "stop", false),
    ] {
        assert_eq!(denied(clause, intent), expected, "{clause}: {:?}", Said::of(clause));
    }
}

#[test]
fn what_is_meant_instead_is_found() {
    let clause = "i don't want to cancel i want to change it";
    let end = denial(clause).unwrap().end;
    assert_eq!(&clause[end..], " i want to change it");
    for (clause, left) in [
        ("大浴場ではなく貸切のほうです", Some("貸切のほうです")),
        ("キャンセルじゃなくて変更です", Some("変更です")),
        ("朝食だけではなく夕食も", None),
        ("予約じゃなくていいです", None),
        ("予約の変更です", None),
        ("ではなく変更です", None),
    ] {
        assert_eq!(instead(clause), left, "{clause}");
    }
}
