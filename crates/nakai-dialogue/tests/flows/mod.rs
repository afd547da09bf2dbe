//! Flows that go straight: questions, answers, conditions, ends.

use std::sync::Arc;

use nakai_types::{
    Language::{En, Ja},
    Outcome::{Answer, Flow, Reply},
};

use crate::support::{Talk, choices, rules, said};

#[tokio::test]
async fn a_flow_asks_what_it_needs_and_does_it_ja() {
    let mut talk = Talk::new(Ja);
    talk.expect(said("予約を変更したい").intent("change", 0.9), Flow, "予約番号は？")
        .await;
    talk.expect(
        said("R-204815です").entity("booking", "R-204815", "R-204815"),
        Flow,
        "日付は？",
    )
    .await;
    let draft = talk
        .expect(
            said("12月24日").entity("date", "12月24日", "12/24"),
            Flow,
            "何名様ですか？",
        )
        .await;
    assert_eq!(choices(&draft), ["1名", "2名"]);
    let draft = talk
        .expect(
            said("二人でお願いします"),
            Flow,
            "小さなお部屋です。\nR-204815を12/24、2名でよろしいですか？",
        )
        .await;
    assert_eq!(choices(&draft), ["はい", "いいえ"]);
    let draft = talk.expect(said("はい"), Flow, "R-204815を変更しました。").await;
    assert_eq!(talk.slot("guests"), "2");
    assert_eq!(rules(&draft), ["intent", "slot_filled", "reply", "flow_step"]);
    talk.say(said("こんにちは").intent("greeting", 0.9)).await;
    assert!(talk.slots().is_empty());
}

#[tokio::test]
async fn a_flow_takes_what_the_first_sentence_says_en() {
    let mut talk = Talk::new(En);
    let first = said("change booking R-204815 to Dec 24")
        .intent("change", 0.9)
        .entity("booking", "R-204815", "R-204815")
        .entity("date", "Dec 24", "12/24");
    talk.expect(first, Flow, "How many guests?").await;
    let draft = talk
        .expect(said("six people"), Flow, "You get a large room.\nWhich room?")
        .await;
    assert_eq!(choices(&draft), ["Japanese room", "Western room"]);
    talk.expect(said("a tatami one please"), Flow, "R-204815 to 12/24 for 6, right?")
        .await;
    assert_eq!(talk.slot("room"), "japanese");
    talk.expect(said("no thanks"), Flow, "Nothing is changed.").await;
    assert_eq!(talk.slot("confirmed"), "false");
}

#[tokio::test]
async fn one_answer_may_fill_several_slots() {
    let mut talk = Talk::new(En);
    talk.say(said("change my booking").intent("change", 0.9)).await;
    let answer = said("R-204815, for Dec 24")
        .entity("booking", "R-204815", "R-204815")
        .entity("date", "Dec 24", "12/24");
    talk.expect(answer, Flow, "How many guests?").await;
    // What fits another slot than the one asked for is taken too, and costs no attempt.
    let mut talk = Talk::new(En);
    talk.say(said("change my booking").intent("change", 0.9)).await;
    for _ in 0..1 {
        talk.expect(
            said("for Dec 24").entity("date", "Dec 24", "12/24"),
            Flow,
            "Your booking number?",
        )
        .await;
    }
    talk.expect(said("R-1").entity("booking", "R-1", "R-1"), Flow, "How many guests?")
        .await;
}

#[tokio::test]
async fn two_slots_of_one_entity_take_its_values_in_order() {
    let mut talk = Talk::new(En);
    let first = said("a car from Monday to Friday")
        .intent("pickup", 0.9)
        .entity("date", "Monday", "mon")
        .entity("date", "Friday", "fri");
    let draft = talk
        .expect(
            first,
            Flow,
            "Wifi is free in all rooms. The password is in your room.\n3 cars from mon to fri",
        )
        .await;
    assert_eq!(draft.reply.citations[0].title, "Wireless network");
}

#[tokio::test]
async fn an_answer_that_does_not_fit_is_asked_again_and_then_goes_to_a_human() {
    for (language, change, question, retry, waits) in [
        (
            Ja,
            "予約の変更",
            "予約番号は？",
            "すみません。\n予約番号は？",
            "担当者におつなぎします。少々お待ちください。",
        ),
        (
            En,
            "change",
            "Your booking number?",
            "Sorry.\nYour booking number?",
            "I am passing you on to a colleague. One moment, please.",
        ),
    ] {
        let mut talk = Talk::new(language);
        talk.expect(said(change).intent("change", 0.9), Flow, question).await;
        let draft = talk.expect(said("hmm"), Flow, retry).await;
        assert_eq!(draft.decisions[1].detail.as_ref().unwrap().as_str(), "attempt 1 of 2");
        let draft = talk.expect(said("hmmm"), nakai_types::Outcome::Handover, waits).await;
        assert_eq!(draft.reply.handover.unwrap().reason, "not_understood");
    }
}

#[tokio::test]
async fn when_the_attempts_are_used_up_the_other_steps_run() {
    let mut talk = Talk::new(En);
    talk.expect(said("pick me up").intent("pickup", 0.9), Flow, "Which date?")
        .await;
    talk.expect(said("erm"), Flow, "You get a small room.\nUntil when?")
        .await;
    assert_eq!(talk.slot("from"), "today");
}

#[tokio::test]
async fn a_value_that_breaks_the_rule_is_refused() {
    let mut talk = Talk::new(Ja);
    let first = said("R-1を12/24に変更")
        .intent("change", 0.9)
        .entity("booking", "R-1", "R-1")
        .entity("date", "12/24", "12/24");
    talk.expect(first, Flow, "何名様ですか？").await;
    let draft = talk.expect(said("12名"), Flow, "すみません。\n何名様ですか？").await;
    assert!(rules(&draft).contains(&"slot_rejected"));
    talk.expect(
        said("４名"),
        Flow,
        "小さなお部屋です。\nR-1を12/24、4名でよろしいですか？",
    )
    .await;
}

#[tokio::test]
async fn personal_data_fill_slots_as_placeholders() {
    let mut talk = Talk::new(En);
    talk.expect(said("I lost something").intent("lost", 0.9), Flow, "What did you lose?")
        .await;
    talk.expect(said("my blue umbrella"), Flow, "Your e-mail?").await;
    talk.expect(said("none"), Flow, "Sorry.\nYour e-mail?").await;
    talk.expect(said("it's [email_1]"), Flow, "We write to [email_1].")
        .await;
    assert_eq!(talk.slot("item"), "my blue umbrella");
}

#[tokio::test]
async fn replies_never_repeat_themselves_and_answers_cite_their_article() {
    let mut talk = Talk::new(En);
    let mut last = String::new();
    for _ in 0..20 {
        let draft = talk.say(said("hi").intent("greeting", 0.9)).await;
        assert_ne!(draft.reply.text.as_str(), last);
        last = draft.reply.text.into_string();
    }
    let draft = talk
        .expect(
            said("when can I bathe").intent("bath", 0.9),
            Answer,
            "The large bath is open from 15:00 to 24:00.",
        )
        .await;
    assert_eq!(
        draft.reply.citations[0].url.as_deref(),
        Some("https://inn.example/baths")
    );
    assert_eq!(&*draft.decisions[1].subject, "baths");
    talk.language = Ja;
    talk.expect(
        said("無線LANのパスワードは？").intent("ask_anything", 0.9),
        Answer,
        "無線LANは全室で無料です。パスワードはお部屋にございます。",
    )
    .await;
}

#[tokio::test]
async fn templates_see_slots_facts_time_and_language_and_a_broken_one_is_an_apology() {
    let wordings = [
        (
            "{{ bot.phone }} {{ bot.title }} {{ bot.name }} {{ language }}",
            "0558-00-0123 Inn inn en",
        ),
        (
            "{{ now.date }} {{ now.time }} {{ now.weekday }} {{ now.hour }}",
            "2026-01-15 12:00 thursday 12",
        ),
        ("{{ now.datetime }}", "2026-01-15T12:00:00+09:00"),
        ("{{ entities.date }}", "12/24"),
        ("{% if slots.nothing %}a{% else %}b{% endif %}", "b"),
        (
            "{{ slots.nothing }}",
            "I am sorry, I could not answer that properly. Please try again.",
        ),
        ("   ", "I am sorry, I could not answer that properly. Please try again."),
    ];
    for (wording, expected) in wordings {
        let bundle = crate::support::bundle(|inn| inn["replies"]["greeting"]["en"] = serde_json::json!([wording]));
        let mut talk = Talk::with(En, crate::support::dialogue(bundle));
        let draft = talk
            .expect(
                said("hi 12/24")
                    .intent("greeting", 0.9)
                    .entity("date", "12/24", "12/24"),
                Reply,
                expected,
            )
            .await;
        assert_eq!(rules(&draft).contains(&"template"), expected.contains("sorry"));
    }
}

#[tokio::test]
async fn a_bundle_with_faults_is_refused_with_their_place() {
    use nakai_dialogue::{DialogueParts, LocalDialogue};
    use nakai_knowledge::Embedded;
    use nakai_llm::Models;
    use serde_json::json;
    type Patch = fn(&mut serde_json::Value);
    let cases: [(Patch, &str); 4] = [
        (
            |inn| inn["replies"]["greeting"]["en"] = json!(["{{ x"]),
            "reply `greeting`",
        ),
        (
            |inn| inn["intents"]["change"]["flow"] = json!("nowhere"),
            "intent `change`: there is no flow `nowhere`",
        ),
        (|inn| inn["bot"]["timezone"] = json!("Asia/Nowhere"), "time zone"),
        (
            |inn| inn["bot"]["handover"]["hours"] = json!("9 to 5"),
            "hand-over hours",
        ),
    ];
    for (patch, fault) in cases {
        let dialogue = LocalDialogue::new(
            DialogueParts::new(
                Arc::default(),
                Arc::new(Models::none().unwrap()),
                Arc::new(Embedded::default()),
            )
            .unwrap(),
        );
        let error = dialogue
            .install_bundle(Arc::new(crate::support::bundle(patch)))
            .await
            .unwrap_err();
        assert!(error.to_string().contains(fault), "{error}");
    }
}
