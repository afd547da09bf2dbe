use std::sync::{Arc, atomic::Ordering};

use futures_util::future::join_all;
use nakai_gateway::GatewayConfig;
use serde_json::json;

use super::sandbox::{Sandbox, bundle};

#[tokio::test]
async fn a_conversation_stays_on_the_version_on_which_it_began() {
    let nakai = Sandbox::start(GatewayConfig::default()).await;
    let old = nakai.chat(json!({"text": "a"})).await;
    nakai.gateway.bots().activate(bundle("ryokan", 2)).await.unwrap();
    let stays = nakai.say(&old.conversation(), "b").await;
    let new = nakai.chat(json!({"text": "a"})).await;
    assert_eq!(stays.json["bot"], old.json["bot"]);
    assert_eq!(new.json["bot"]["version"], bundle("ryokan", 2).bot.version.to_string());
}

#[tokio::test]
async fn a_service_that_forgot_its_versions_gets_them_again_once() {
    let nakai = Sandbox::start(GatewayConfig::default()).await;
    nakai.nlp.installed.lock().unwrap().clear();
    nakai.dialogue.installed.lock().unwrap().clear();
    let before = nakai.nlp.installs.load(Ordering::SeqCst);
    let replies = join_all((0..20).map(|_| nakai.chat(json!({"text": "a"})))).await;
    assert!(replies.iter().all(|reply| reply.status == 200), "{replies:?}");
    assert_eq!(nakai.nlp.installs.load(Ordering::SeqCst), before + 1);
}

#[tokio::test]
async fn a_version_that_another_process_activated_is_taken_over() {
    let nakai = Sandbox::start(GatewayConfig::default()).await;
    nakai.store.activate_elsewhere(bundle("ryokan", 3));
    nakai.gateway.bots().refresh().await.unwrap();
    assert!(nakai.nlp.installed.lock().unwrap().contains(&bundle("ryokan", 3).bot));
    let reply = nakai.chat(json!({"text": "a"})).await;
    assert_eq!(
        reply.json["bot"]["version"],
        bundle("ryokan", 3).bot.version.to_string()
    );
}

#[tokio::test]
async fn a_conversation_whose_version_is_gone_says_so() {
    let nakai = Sandbox::start(GatewayConfig::default()).await;
    let conversation = nakai.chat(json!({"text": "a"})).await.conversation();
    nakai.store.forget_bundles();
    let restarted = Sandbox::over(GatewayConfig::default(), Arc::clone(&nakai.store)).await;
    restarted.nlp.installed.lock().unwrap().clear();
    nakai.store.forget_bundles();
    let reply = restarted.say(&conversation, "b").await;
    assert_eq!((reply.status, reply.code()), (500, "bot_unusable"));
}

#[tokio::test]
async fn the_default_bot_can_be_named() {
    let default_bot = Some(nakai_types::BotName::new("sento").unwrap());
    let nakai = Sandbox::start(GatewayConfig {
        default_bot,
        ..GatewayConfig::default()
    })
    .await;
    assert_eq!(nakai.chat(json!({"text": "a"})).await.json["bot"]["name"], "sento");
    assert_eq!(
        nakai.chat(json!({"text": "a", "bot": "ryokan"})).await.json["bot"]["name"],
        "ryokan"
    );
}
