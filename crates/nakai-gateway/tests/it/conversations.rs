use std::sync::{Arc, atomic::Ordering};

use futures_util::future::join_all;
use nakai_gateway::GatewayConfig;
use serde_json::json;

use super::sandbox::Sandbox;

#[tokio::test]
async fn a_turn_has_everything_that_a_caller_needs() {
    let nakai = Sandbox::start(GatewayConfig::default()).await;
    let reply = nakai.chat(json!({"text": "部屋は twin で"})).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    let record = nakai.store.record(0);
    assert_eq!(
        reply.json,
        json!({
            "reply": "You said: 部屋は twin で",
            "conversation_id": record.conversation,
            "turn_id": record.turn,
            "language": "ja",
            "outcome": "reply",
            "intent": {"name": "booking", "confidence": 0.75},
            "entities": [{"type": "room", "text": "twin", "start": 10, "end": 14, "value": "twin_room"}],
            "choices": [],
            "citations": [],
            "handover": null,
            "bot": {"name": "ryokan", "version": record.bot.version},
            "usage": {"input_tokens": 0, "output_tokens": 0, "cost_micros": 0},
        })
    );
    assert_eq!(reply.header("x-nakai-turn-id"), record.turn.to_string());
    assert_eq!(reply.header("x-nakai-conversation-id"), record.conversation.to_string());
    assert_eq!(reply.header("x-nakai-bot-version"), record.bot.version.to_string());
    assert!(reply.header("x-nakai-overhead-ms").parse::<f64>().unwrap() >= 0.0);
    let steps: Vec<_> = record.steps.iter().map(|step| &*step.step).collect();
    assert_eq!(steps, ["load", "analyse", "screen", "respond"]);
}

#[tokio::test]
async fn what_is_wanted_too_is_told() {
    let nakai = Sandbox::start(GatewayConfig::default()).await;
    let reply = nakai.chat(json!({"text": "a room and parking"})).await;
    assert_eq!(reply.json["also"], json!([{"name": "parking", "confidence": 0.5}]));
    assert_eq!(nakai.store.record(0).understanding.also.len(), 1);
}

#[tokio::test]
async fn an_utterance_out_of_scope_has_no_intent() {
    let nakai = Sandbox::start(GatewayConfig::default()).await;
    let reply = nakai.chat(json!({"text": "nonsense"})).await;
    assert!(reply.json["intent"].is_null());
    assert_eq!(
        nakai.store.record(0).understanding.intents.len(),
        1,
        "the record still says what was nearest"
    );
}

#[tokio::test]
async fn a_conversation_goes_on_from_memory_and_after_a_restart_from_the_store() {
    let nakai = Sandbox::start(GatewayConfig::default()).await;
    let conversation = nakai.chat(json!({"text": "こんにちは"})).await.conversation();
    nakai.say(&conversation, "090").await;
    assert_eq!(nakai.store.loads.load(Ordering::SeqCst), 0);

    let restarted = Sandbox::over(GatewayConfig::default(), Arc::clone(&nakai.store)).await;
    let reply = restarted.say(&conversation, "090").await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    assert_eq!(
        (nakai.store.record(2).sequence, nakai.store.loads.load(Ordering::SeqCst)),
        (3, 1)
    );
    let languages = restarted.nlp.previous_languages.lock().unwrap().clone();
    assert_eq!(languages, [Some(nakai_types::Language::En)]);
}

#[tokio::test]
async fn messages_of_a_conversation_are_answered_in_the_order_in_which_they_came() {
    let nakai = Sandbox::start(GatewayConfig::default()).await;
    let conversation = nakai.chat(json!({"text": "0"})).await.conversation();
    nakai.nlp.gate.close();
    let texts: Vec<String> = (1..=8).map(|n| n.to_string()).collect();
    let all = join_all(texts.iter().map(|text| nakai.say(&conversation, text)));
    let (replies, ()) = tokio::join!(all, async {
        nakai.nlp.gate.arrival().await;
        nakai.nlp.gate.open();
    });
    for (reply, text) in replies.iter().zip(&texts) {
        assert_eq!(reply.json["reply"], format!("You said: {text}"), "{}", reply.text);
    }
    let order: Vec<_> = nakai
        .store
        .records
        .lock()
        .unwrap()
        .iter()
        .map(|r| r.utterance.to_string())
        .collect();
    assert_eq!(order, ["0", "1", "2", "3", "4", "5", "6", "7", "8"]);
}

/// The fakes check that no two turns of a conversation overlap and that each continues from the one before.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_conversations_at_once_stay_apart() {
    let config = GatewayConfig {
        max_waiting_messages: 100,
        ..GatewayConfig::default()
    };
    let nakai = Arc::new(Sandbox::start(config).await);
    let mut conversations = Vec::new();
    for _ in 0..10 {
        conversations.push(nakai.chat(json!({"text": "hi"})).await.conversation());
    }
    let tasks = (0..200).map(|n| {
        let (nakai, conversation) = (Arc::clone(&nakai), conversations[n % 10].clone());
        tokio::spawn(async move { nakai.say(&conversation, "again").await.status })
    });
    for status in join_all(tasks).await {
        assert_eq!(status.unwrap(), 200);
    }
    assert_eq!(nakai.store.records.lock().unwrap().len(), 210);
    assert_eq!(nakai.gateway.turns_in_flight(), 0);
}

#[tokio::test]
async fn a_turn_that_another_process_overtook_is_repeated_on_the_new_state() {
    let nakai = Sandbox::start(GatewayConfig::default()).await;
    let conversation = nakai.chat(json!({"text": "hello"})).await.conversation();
    nakai.store.intrusions.store(2, Ordering::SeqCst);
    let reply = nakai.say(&conversation, "and now").await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    assert_eq!(nakai.store.record(1).sequence, 4);

    nakai.store.intrusions.store(3, Ordering::SeqCst);
    let reply = nakai.say(&conversation, "and now").await;
    assert_eq!((reply.status, reply.code()), (409, "conversation_changed"));
    assert_eq!(
        nakai.say(&conversation, "once more").await.status,
        200,
        "the next one starts from what is stored"
    );
}

#[tokio::test]
async fn nothing_of_a_failed_turn_is_kept() {
    let nakai = Sandbox::start(GatewayConfig::default()).await;
    let conversation = nakai.chat(json!({"text": "hello"})).await.conversation();
    *nakai.dialogue.failure.lock().unwrap() = Some(Box::new(|| nakai_ports::DialogueError::Unreachable("x".into())));
    assert_eq!(nakai.say(&conversation, "lost").await.status, 503);
    *nakai.dialogue.failure.lock().unwrap() = None;
    assert_eq!(nakai.say(&conversation, "kept").await.status, 200);
    assert_eq!(nakai.store.record(1).sequence, 2);
}

#[tokio::test]
async fn control_characters_are_white_space_and_offsets_still_fit_what_was_typed() {
    let nakai = Sandbox::start(GatewayConfig::default()).await;
    let typed = "a\u{0}\u{202e}twin";
    let reply = nakai.chat(json!({"text": typed})).await;
    assert_eq!(reply.json["reply"], "You said: a \u{2009}twin");
    let entity = &reply.json["entities"][0];
    let (start, end) = (
        entity["start"].as_u64().unwrap() as usize,
        entity["end"].as_u64().unwrap() as usize,
    );
    assert_eq!(&typed[start..end], "twin");
}
