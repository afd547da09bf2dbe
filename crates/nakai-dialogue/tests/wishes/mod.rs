//! Several wishes in one utterance.

use nakai_types::{
    Language::{self, En, Ja},
    Outcome::{Answer, Flow, Handover, Reply},
};
use serde_json::json;

use crate::support::{Talk, bundle, dialogue, rules, said};

/// An inn that also says how to pay, and answers about the wireless network.
fn talk(language: Language) -> Talk {
    Talk::with(
        language,
        dialogue(bundle(|inn| {
            inn["intents"]["wifi"] = json!({"answer": "wifi"});
            inn["intents"]["network"] = json!({"answer": "wifi"});
            inn["intents"]["payment"] = json!({"reply": "payment"});
            inn["replies"]["payment"] = json!({"ja": ["カードが使えます。"], "en": ["We take cards."]});
        })),
    )
}

#[tokio::test]
async fn each_question_has_its_answer_in_the_order_in_which_it_was_said() {
    let mut talk_ja = talk(Ja);
    let draft = talk_ja
        .expect(
            said("お風呂は何時まで?あとカードとWi-Fiは?")
                .intent("bath", 0.9)
                .also("payment")
                .also("wifi"),
            Answer,
            "大浴場は15時から24時までです。\nカードが使えます。\n無線LANは全室で無料です。パスワードはお部屋にございます。",
        )
        .await;
    assert_eq!(rules(&draft).iter().filter(|rule| **rule == "also").count(), 2);
    assert_eq!(draft.reply.citations.len(), 2);
    talk(En)
        .expect(
            said("can I pay by card and when is the bath open")
                .intent("payment", 0.9)
                .also("bath"),
            Reply,
            "We take cards.\nThe large bath is open from 15:00 to 24:00.",
        )
        .await;
}

#[tokio::test]
async fn a_flow_comes_last_whichever_was_the_surer_so_that_its_question_ends_the_reply() {
    for (best, also) in [("change", "payment"), ("payment", "change")] {
        talk(En)
            .expect(
                said("can I pay by card, and I want to change my booking")
                    .intent(best, 0.9)
                    .also(also),
                Flow,
                "We take cards.\nYour booking number?",
            )
            .await;
    }
    // A second flow is not begun while the first asks.
    talk(En)
        .expect(
            said("change my booking and I lost something")
                .intent("change", 0.9)
                .also("lost"),
            Flow,
            "Your booking number?",
        )
        .await;
}

#[tokio::test]
async fn the_same_is_not_said_twice_and_no_more_than_three_are_answered() {
    let draft = talk(En)
        .say(said("wifi and network").intent("wifi", 0.9).also("network"))
        .await;
    assert_eq!(
        draft.reply.text.as_str(),
        "Wifi is free in all rooms. The password is in your room."
    );
    let draft = talk(En)
        .say(
            said("many")
                .intent("greeting", 0.9)
                .also("payment")
                .also("bath")
                .also("wifi"),
        )
        .await;
    assert!(!draft.reply.text.as_str().contains("Wifi"), "{:?}", draft.reply.text);
}

#[tokio::test]
async fn a_human_is_all_that_somebody_gets_who_asks_for_one() {
    let draft = talk(En)
        .say(said("a person please, and wifi?").intent("human", 0.9).also("wifi"))
        .await;
    assert_eq!(draft.reply.outcome, Handover);
    assert!(!draft.reply.text.as_str().contains("Wifi"));
}

#[tokio::test]
async fn a_flow_that_waits_goes_on_after_all_answers() {
    let mut talk = talk(En);
    talk.say(said("change my booking").intent("change", 0.9)).await;
    let draft = talk
        .say(
            said("can I pay by card? and when is the bath open?")
                .intent("payment", 0.9)
                .also("bath"),
        )
        .await;
    let text = draft.reply.text.as_str();
    assert!(text.starts_with("We take cards.\nThe large bath"), "{text}");
    assert!(text.ends_with("Your booking number?"), "{text}");
}
