//! Conversations that do not go straight: corrections, digressions, leaving, starting over.

use nakai_types::{
    Language::{En, Ja},
    Outcome::{Answer, Flow, Reply},
};

use crate::support::{Talk, choices, rules, said};

/// At the question for the confirmation: R-1, 12/24, 2 guests.
async fn at_confirmation(language: nakai_types::Language) -> Talk {
    let mut talk = Talk::new(language);
    let first = said("R-1 12/24")
        .intent("change", 0.9)
        .entity("booking", "R-1", "R-1")
        .entity("date", "12/24", "12/24");
    talk.say(first).await;
    talk.say(said("2")).await;
    assert_eq!(talk.slot("guests"), "2");
    talk
}

#[tokio::test]
async fn a_correction_changes_the_slot_and_the_question_is_asked_again() {
    for text in [
        "no, 3 people",
        "actually 3",
        "make it three please",
        "not 2 but 3",
        "3 people, not 2",
    ] {
        let mut talk = at_confirmation(En).await;
        let draft = talk
            .expect(
                said(text),
                Flow,
                "I have changed number of guests to 3.\nR-1 to 12/24 for 3, right?",
            )
            .await;
        assert!(rules(&draft).contains(&"slot_corrected"), "{text}");
        talk.expect(said("yes"), Flow, "R-1 is changed.").await;
    }
    for text in [
        "いいえ、3名です",
        "やっぱり3名で",
        "2名ではなく3名です",
        "いや、2名じゃなくて3名",
    ] {
        let mut talk = at_confirmation(Ja).await;
        talk.expect(
            said(text),
            Flow,
            "人数を3に変更しました。\nR-1を12/24、3名でよろしいですか？",
        )
        .await;
    }
}

#[tokio::test]
async fn a_corrected_day_is_said_as_people_say_it() {
    for (language, text, day, expected) in [
        (
            En,
            "no, tomorrow",
            "tomorrow",
            "I have changed date to Friday 16 January.",
        ),
        (Ja, "やっぱり明日で", "明日", "日付を1月16日(金)に変更しました。"),
    ] {
        let mut talk = at_confirmation(language).await;
        let draft = talk.say(said(text).entity("date", day, "2026-01-16")).await;
        assert!(
            draft.reply.text.as_str().starts_with(expected),
            "{:?}",
            draft.reply.text
        );
        assert_eq!(talk.slot("date"), "2026-01-16");
    }
}

#[tokio::test]
async fn an_entity_is_corrected_without_ado() {
    let mut talk = at_confirmation(En).await;
    let text = said("12/25 is better").entity("date", "12/25", "12/25");
    talk.expect(text, Flow, "I have changed date to 12/25.\nR-1 to 12/25 for 2, right?")
        .await;
    // Also while another slot is asked for.
    let mut talk = Talk::new(Ja);
    talk.say(
        said("R-1を12/24に")
            .intent("change", 0.9)
            .entity("booking", "R-1", "R-1")
            .entity("date", "12/24", "12/24"),
    )
    .await;
    let text = said("すみません、やっぱり12月25日でお願いします").entity("date", "12月25日", "12/25");
    talk.expect(text, Flow, "日付を12/25に変更しました。\n何名様ですか？")
        .await;
    talk.expect(
        said("2名"),
        Flow,
        "小さなお部屋です。\nR-1を12/25、2名でよろしいですか？",
    )
    .await;
}

#[tokio::test]
async fn conditions_see_a_corrected_value_and_what_was_said_is_said_again_only_where_it_changes() {
    let mut talk = at_confirmation(En).await;
    let draft = talk
        .expect(
            said("actually 6 people"),
            Flow,
            "I have changed number of guests to 6.\nYou get a large room.\nWhich room?",
        )
        .await;
    assert_eq!(choices(&draft), ["Japanese room", "Western room"]);
    talk.expect(said("Western room"), Flow, "R-1 to 12/24 for 6, right?")
        .await;
    talk.expect(
        said("no, 7 people"),
        Flow,
        "I have changed number of guests to 7.\nR-1 to 12/24 for 7, right?",
    )
    .await;
    let back = "I have changed number of guests to 2.\nYou get a small room.\nR-1 to 12/24 for 2, right?";
    talk.expect(said("sorry, 2 people"), Flow, back).await;
}

#[tokio::test]
async fn a_correction_that_breaks_the_rule_changes_nothing() {
    let mut talk = at_confirmation(En).await;
    talk.expect(
        said("actually 12 people"),
        Flow,
        "I am sorry, number of guests can't be 12.\nR-1 to 12/24 for 2, right?",
    )
    .await;
    assert_eq!(talk.slot("guests"), "2");
}

#[tokio::test]
async fn free_text_is_no_correction_unless_it_begins_as_one() {
    let bundle = crate::support::bundle(|inn| {
        inn["flows"]["lost"]["slots"]["day"] =
            serde_json::json!({"type": "entity", "entity": "date", "title": {"en": "day"}});
        inn["flows"]["lost"]["steps"]
            .as_array_mut()
            .unwrap()
            .insert(0, serde_json::json!({"ask": {"slot": "day", "reply": "ask_date"}}));
    });
    let mut talk = Talk::with(En, crate::support::dialogue(bundle));
    talk.say(
        said("I lost something on 12/24")
            .intent("lost", 0.9)
            .entity("date", "12/24", "12/24"),
    )
    .await;
    let correction = said("sorry, actually on 12/23").entity("date", "12/23", "12/23");
    talk.expect(correction, Flow, "I have changed day to 12/23.\nWhat did you lose?")
        .await;
    let text = "the tickets for 12/25, not used yet";
    talk.expect(said(text).entity("date", "12/25", "12/25"), Flow, "Your e-mail?")
        .await;
    assert_eq!((talk.slot("item"), talk.slot("day")), (text.into(), "12/23".into()));
}

#[tokio::test]
async fn a_question_in_between_is_answered_and_the_flow_goes_on() {
    let mut talk = Talk::new(Ja);
    talk.say(said("予約の変更").intent("change", 0.9)).await;
    let answer = "大浴場は15時から24時までです。\n「予約の変更」の続きをお伺いします。\n予約番号は？";
    let draft = talk
        .expect(said("ところでお風呂は何時まで？").intent("bath", 0.8), Answer, answer)
        .await;
    assert!(rules(&draft).contains(&"digression") && rules(&draft).contains(&"resume"));
    // Small talk is answered without ado, an unsure intent is not followed.
    let draft = talk.say(said("どうも").intent("greeting", 0.8)).await;
    assert!(draft.reply.text.as_str().ends_with("\n予約番号は？"));
    talk.expect(said("うーん").intent("bath", 0.5), Flow, "すみません。\n予約番号は？")
        .await;
    talk.expect(said("R-1").entity("booking", "R-1", "R-1"), Flow, "日付は？")
        .await;
}

#[tokio::test]
async fn a_question_that_only_the_knowledge_base_understands_is_answered_too() {
    let mut talk = Talk::new(En);
    talk.say(said("change").intent("change", 0.9)).await;
    let answer = "Wifi is free in all rooms. The password is in your room.\nBack to “changing your booking”.\nYour booking number?";
    talk.expect(said("what is the wifi password?"), Answer, answer).await;
}

#[tokio::test]
async fn another_flow_interrupts_and_the_first_goes_on_afterwards() {
    let mut talk = Talk::new(En);
    talk.say(said("change R-1").intent("change", 0.9).entity("booking", "R-1", "R-1"))
        .await;
    talk.expect(
        said("oh, I also lost something").intent("lost", 0.9),
        Flow,
        "What did you lose?",
    )
    .await;
    talk.expect(said("an umbrella"), Flow, "Your e-mail?").await;
    let back = "We write to [email_1].\nBack to “changing your booking”.\nWhich date?";
    talk.expect(said("[email_1]"), Flow, back).await;
    assert_eq!(talk.slot("number"), "R-1");
}

#[tokio::test]
async fn a_paused_flow_that_is_asked_for_comes_back() {
    let mut talk = Talk::new(En);
    talk.say(said("change R-1").intent("change", 0.9).entity("booking", "R-1", "R-1"))
        .await;
    talk.say(said("a car").intent("pickup", 0.9)).await;
    talk.expect(
        said("go on with the booking").intent("change", 0.9),
        Flow,
        "Which date?",
    )
    .await;
    talk.expect(
        said("cancel that").intent("cancel", 0.9),
        Reply,
        "All right, I have stopped “changing your booking”.\nBack to “pick-up”.\nWhich date?",
    )
    .await;
}

#[tokio::test]
async fn paused_flows_are_bounded() {
    let flow = |title: &str| serde_json::json!({"title": {"en": title}, "slots": {"x": {"type": "yes_no"}}, "steps": [{"ask": {"slot": "x", "reply": "ask_number"}}]});
    let bundle = crate::support::bundle(|inn| {
        for i in 0..9 {
            inn["flows"][format!("f{i}")] = flow(&format!("F{i}"));
            inn["intents"][format!("i{i}")] = serde_json::json!({"flow": format!("f{i}")});
        }
    });
    let mut talk = Talk::with(En, crate::support::dialogue(bundle));
    for i in 0..9 {
        let draft = talk.say(said("something else").intent(&format!("i{i}"), 0.9)).await;
        assert_eq!(
            draft
                .decisions
                .iter()
                .filter(|decision| decision.rule == "cancel")
                .count(),
            usize::from(i >= 5),
            "{i}"
        );
    }
    let mut resumed = Vec::new();
    for _ in 0..5 {
        let draft = talk.say(said("yes")).await;
        resumed.push(draft.reply.text.as_str().lines().next().unwrap().to_owned());
    }
    assert_eq!(
        resumed[..4],
        ["Back to “F7”.", "Back to “F6”.", "Back to “F5”.", "Back to “F4”."]
    );
}

#[tokio::test]
async fn a_flow_can_be_left_and_everything_forgotten() {
    let mut talk = Talk::new(Ja);
    talk.expect(
        said("キャンセル").intent("cancel", 0.9),
        Reply,
        "取りやめるお手続きはございません。ほかにお手伝いできることはありますか。",
    )
    .await;
    talk.say(said("予約の変更").intent("change", 0.9)).await;
    let draft = talk
        .expect(
            said("やっぱりやめます").intent("cancel", 0.9),
            Reply,
            "「予約の変更」を取りやめました。",
        )
        .await;
    assert!(choices(&draft).is_empty() && rules(&draft).contains(&"cancel"));
    talk.say(said("予約の変更").intent("change", 0.9)).await;
    talk.say(said("忘れ物").intent("lost", 0.9)).await;
    let draft = talk.say(said("最初から").intent("start_over", 0.9)).await;
    assert!(rules(&draft).contains(&"start_over"));
    let draft = talk.say(said("やめる").intent("cancel", 0.9)).await;
    assert!(draft.reply.text.as_str().starts_with("取りやめる"));
}

#[tokio::test]
async fn the_bundles_own_wording_has_the_last_word() {
    let bundle = crate::support::bundle(|inn| {
        inn["replies"]["cancelled"] = serde_json::json!({"en": ["Stopped {{ flow }}."], "ja": ["中止"]});
    });
    let mut talk = Talk::with(En, crate::support::dialogue(bundle));
    talk.say(said("change").intent("change", 0.9)).await;
    talk.expect(
        said("stop").intent("cancel", 0.9),
        Reply,
        "Stopped changing your booking.",
    )
    .await;
}

#[tokio::test]
async fn the_language_may_change_in_the_middle_of_a_flow() {
    let mut talk = Talk::new(Ja);
    talk.say(said("予約の変更").intent("change", 0.9)).await;
    talk.language = En;
    talk.expect(said("it's R-1").entity("booking", "R-1", "R-1"), Flow, "Which date?")
        .await;
}

#[tokio::test]
async fn an_exact_answer_beats_an_intent_that_it_resembles() {
    let mut talk = at_confirmation(En).await;
    talk.expect(said("no").intent("cancel", 0.95), Flow, "Nothing is changed.")
        .await;
    let mut talk = at_confirmation(En).await;
    talk.say(said("actually 6 people")).await;
    talk.expect(
        said("Western room").intent("bath", 0.99),
        Flow,
        "R-1 to 12/24 for 6, right?",
    )
    .await;
}
