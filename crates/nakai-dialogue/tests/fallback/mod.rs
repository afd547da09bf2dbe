//! Not understood, and handed over.

use std::{future::pending, sync::Arc};

use async_trait::async_trait;
use nakai_ports::{
    Dialogue, DialogueError, FoundPassage, Indexed, Knowledge, KnowledgeBase, KnowledgeError, KnowledgeQuery,
};
use nakai_types::{
    BotRef, EntityValue,
    Language::{En, Ja},
    Outcome::{Answer, Fallback, Flow, Handover, Reply},
};

use crate::support::{Talk, bundle, choices, dialogue, dialogue_searching, rules, said};

#[tokio::test]
async fn rung_by_rung_to_a_human() {
    for (language, again, which, human, yes) in [
        (
            Ja,
            "申し訳ありません、うまく理解できませんでした。別の言葉で教えていただけますか。",
            "次の中にご希望のものはありますか。",
            "お役に立てず申し訳ありません。担当者におつなぎしましょうか。",
            "はい、お願いします",
        ),
        (
            En,
            "I am sorry, I did not understand. Could you say it in other words?",
            "Is it one of these?",
            "I am sorry that I can't help. Shall I pass you on to a colleague?",
            "yes please",
        ),
    ] {
        let mut talk = Talk::new(language);
        talk.expect(said("qqq"), Fallback, again).await;
        let draft = talk.expect(said("qqqq").intent("lost", 0.3), Fallback, which).await;
        let titles = match language {
            Ja => ["忘れ物", "お風呂の時間", "予約の変更"],
            En => ["Lost property", "Bath hours", "Change a booking"],
        };
        assert_eq!(choices(&draft), titles);
        talk.expect(said("qqqqq"), Fallback, human).await;
        talk.expect(said("qqqqqq"), Fallback, human).await;
        let draft = talk.say(said(yes)).await;
        assert_eq!(draft.reply.outcome, Handover);
        assert_eq!(draft.reply.handover.unwrap().reason, "not_understood");
    }
}

#[tokio::test]
async fn what_is_understood_brings_back_to_the_first_rung() {
    let mut talk = Talk::new(En);
    let first = talk.say(said("qqq")).await.reply.text;
    talk.say(said("hi").intent("greeting", 0.9)).await;
    assert_eq!(talk.say(said("qqq")).await.reply.text, first);
}

#[tokio::test]
async fn offers_are_understood() {
    for (answer, expected) in [
        (said("Bath hours"), "The large bath is open from 15:00 to 24:00."),
        (
            said("bath hours").intent("lost", 0.9),
            "The large bath is open from 15:00 to 24:00.",
        ),
        (said("1"), "The large bath is open from 15:00 to 24:00."),
        (said("2"), "Your booking number?"),
        (said("yes").intent("yes", 0.9), "Is it one of these?"),
        (
            said("no").intent("no", 0.9),
            "I am sorry that I can't help. Shall I pass you on to a colleague?",
        ),
        (said("hello").intent("greeting", 0.9), "Welcome"),
    ] {
        let mut talk = Talk::new(En);
        talk.say(said("qqq")).await;
        talk.say(said("qqqq")).await;
        let draft = talk.say(answer).await;
        assert!(
            draft.reply.text.as_str() == expected || expected == "Welcome" && rules(&draft).contains(&"reply"),
            "{expected}: {draft:?}"
        );
    }
}

#[tokio::test]
async fn a_single_choice_is_taken_by_yes_and_a_human_may_be_declined() {
    let bundle =
        crate::support::bundle(|inn| inn["bot"]["fallback"] = serde_json::json!({"ask_again": 0, "choices": ["bath"]}));
    let mut talk = Talk::with(En, crate::support::dialogue(bundle));
    talk.say(said("qqq")).await;
    talk.expect(
        said("yes").intent("yes", 0.9),
        Answer,
        "The large bath is open from 15:00 to 24:00.",
    )
    .await;
    let bundle =
        crate::support::bundle(|inn| inn["bot"]["fallback"] = serde_json::json!({"ask_again": 0, "offer_choices": 0}));
    let mut talk = Talk::with(En, crate::support::dialogue(bundle));
    let draft = talk.say(said("qqq")).await;
    assert_eq!(choices(&draft), ["Yes", "No"]);
    talk.expect(
        said("no").intent("no", 0.9),
        Reply,
        "All right. If you like, please tell me once more in other words.",
    )
    .await;
    talk.expect(
        said("yes").intent("yes", 0.9),
        Reply,
        "All right. Is there anything else I can help with?",
    )
    .await;
}

#[tokio::test]
async fn the_knowledge_base_answers_what_no_intent_knows() {
    let mut talk = Talk::new(En);
    talk.expect(
        said("is there a password for the wifi"),
        Answer,
        "Wifi is free in all rooms. The password is in your room.",
    )
    .await;
    let draft = talk.say(said("who is the president of France")).await;
    assert_eq!(draft.reply.outcome, Fallback);
}

#[tokio::test]
async fn a_question_that_nothing_answers_gets_an_honest_word_and_the_offer_of_a_human() {
    let mut talk = Talk::new(En);
    let draft = talk.say(said("do you have a casino?")).await;
    assert_eq!(draft.reply.outcome, Fallback);
    let words = "I am sorry, I don't have any information about that. Shall I pass you on to a colleague?";
    assert_eq!(draft.reply.text.as_str(), words);
    assert!(draft.reply.citations.is_empty());
    let draft = talk.say(said("yes").intent("yes", 0.9)).await;
    assert_eq!(draft.reply.outcome, Handover);
}

#[tokio::test]
async fn an_article_in_the_other_language_only_is_announced_and_cited() {
    let mut inn = bundle(|_| {});
    inn.articles
        .retain(|article| article.path != "baths" || article.front_matter.language == Ja);
    let mut talk = Talk::with(En, dialogue(inn));
    let draft = talk.say(said("when is the bath open?").intent("bath", 0.9)).await;
    assert_eq!(draft.reply.outcome, Answer);
    let words = "I have this in Japanese only:\n大浴場は15時から24時までです。";
    assert_eq!(draft.reply.text.as_str(), words);
    assert_eq!(draft.reply.citations[0].title, "お風呂の時間");
}

/// A search engine that is down.
struct Gone;

#[async_trait]
impl Knowledge for Gone {
    async fn index(&self, _: &BotRef, _: KnowledgeBase) -> Result<Indexed, KnowledgeError> {
        self.ping().await.map(|()| Indexed::default())
    }

    async fn search(&self, _: &KnowledgeQuery) -> Result<Vec<FoundPassage>, KnowledgeError> {
        self.ping().await.map(|()| Vec::new())
    }

    async fn ping(&self) -> Result<(), KnowledgeError> {
        Err(KnowledgeError::Unavailable("connection refused".into()))
    }
}

#[tokio::test]
async fn without_a_search_engine_customers_get_the_fallback_and_what_needs_no_search() {
    let mut talk = Talk::with(En, dialogue_searching(bundle(|_| {}), Arc::new(Gone)));
    let draft = talk.say(said("is there a password for the wifi")).await;
    assert_eq!(draft.reply.outcome, Fallback);
    let decision = draft.decisions.iter().find(|decision| &*decision.rule == "knowledge");
    let decision = decision.expect("the turn says why nothing was searched");
    assert_eq!(&*decision.subject, "unavailable");
    let detail = decision.detail.as_ref().unwrap().as_str();
    assert!(detail.contains("connection refused"), "{detail}");
    // An intent that names its article is answered as ever.
    let bath = said("when is the bath open?").intent("bath", 0.9);
    talk.expect(bath, Answer, "The large bath is open from 15:00 to 24:00.")
        .await;
}

/// A search engine that takes what it is given and never says anything more.
struct Hanging;

#[async_trait]
impl Knowledge for Hanging {
    async fn index(&self, _: &BotRef, _: KnowledgeBase) -> Result<Indexed, KnowledgeError> {
        Ok(Indexed::default())
    }

    async fn search(&self, _: &KnowledgeQuery) -> Result<Vec<FoundPassage>, KnowledgeError> {
        pending().await
    }

    async fn ping(&self) -> Result<(), KnowledgeError> {
        pending().await
    }
}

#[tokio::test]
async fn a_search_engine_that_hangs_is_lost_and_the_dialogue_service_is_not() {
    let dialogue = dialogue_searching(bundle(|_| {}), Arc::new(Hanging));
    let lost = dialogue.ping().await.unwrap_err();
    assert!(
        matches!(&lost, DialogueError::SearchUnavailable(reason) if reason.contains("in time")),
        "{lost:?}"
    );
    let lost = dialogue_searching(bundle(|_| {}), Arc::new(Gone))
        .ping()
        .await
        .unwrap_err();
    assert!(
        matches!(&lost, DialogueError::SearchUnavailable(reason) if reason.contains("refused")),
        "{lost:?}"
    );
}

#[tokio::test]
async fn a_button_selects_its_intent_whatever_was_understood() {
    let mut talk = Talk::new(Ja);
    talk.expect(said("予約の変更").intent("greeting", 0.9), Flow, "予約番号は？")
        .await;
}

#[tokio::test]
async fn a_hand_over_tells_the_human_what_happened_and_silences_the_bot() {
    let mut talk = Talk::new(Ja);
    talk.say(said("お風呂は？").intent("bath", 0.9)).await;
    talk.say(said("R-1の変更").intent("change", 0.9).entity("booking", "R-1", "R-1"))
        .await;
    let draft = talk
        .expect(
            said("人と話したい [email_1]").intent("human", 0.9),
            Handover,
            "担当者におつなぎします。少々お待ちください。",
        )
        .await;
    let handover = draft.reply.handover.unwrap();
    assert_eq!(handover.reason, "requested");
    assert_eq!(handover.slots["number"], EntityValue::Text("R-1".into()));
    let summary = "ご用件：お風呂の時間、予約の変更\nお手続き：予約の変更 (予約番号：R-1)\n最近のご発言：\n- お風呂は？\n- R-1の変更\n- 人と話したい [email_1]";
    assert_eq!(handover.summary.as_str(), summary);

    let draft = talk
        .expect(
            said("もしもし").intent("start_over", 0.99),
            Handover,
            "担当者が確認しております。少々お待ちください。",
        )
        .await;
    assert_eq!(rules(&draft), ["reply", "silent"]);
    assert!(draft.reply.handover.is_none());

    talk.state = Some(nakai_dialogue::given_back(talk.state.as_ref().unwrap()).unwrap());
    talk.expect(said("予約の変更").intent("change", 0.9), Flow, "予約番号は？")
        .await;
}

#[tokio::test]
async fn outside_the_hours_the_customer_hears_when_somebody_is_there() {
    for (language, reply) in [(Ja, "朝9時以降にご連絡します。"), (En, "We answer after 9:00.")] {
        let mut talk = Talk::new(language);
        talk.now_ms += 7 * 3_600_000;
        talk.expect(said("a human").intent("human", 0.9), Handover, reply).await;
    }
}
