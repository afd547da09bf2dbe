//! Whatever is said, there is an answer, and the same requests give the same answers.

use std::time::Instant;

use nakai_ports::{BundleArchive, BundleError, Dialogue, DialogueError, DialogueState};
use nakai_types::Language;
use proptest::prelude::*;

use crate::support::{Said, Talk, bundle, dialogue, said};

fn utterance() -> impl Strategy<Value = Said> {
    let words = prop::sample::select(vec![
        "",
        " ",
        "はい",
        "いいえ",
        "yes",
        "no",
        "3",
        "３名",
        "二人",
        "actually 3",
        "やっぱり4名で",
        "2名ではなく5名",
        "R-1",
        "[email_1]",
        "[phone_2",
        "お風呂は何時まで？",
        "what is the wifi password?",
        "Bath hours",
        "予約の変更",
        "Western room",
        "畳",
        "6",
        "1",
        "{{ slots.x }}",
        "%5Bemail_1%5D",
        "🛁🛁",
        "ではなく",
        "not ",
        "no,",
        "十百",
        "-",
        "９９９９９９９９９９９９９９９９９９９９",
    ]);
    let text =
        prop_oneof![3 => words.prop_map(str::to_owned), 1 => any::<String>(), 1 => "[ぁ-ん一-十a-z0-9 、。?]{0,12}"];
    let intents = prop::sample::select(vec![
        "greeting",
        "bath",
        "ask_anything",
        "change",
        "lost",
        "pickup",
        "human",
        "cancel",
        "start_over",
        "yes",
        "no",
        "unknown",
    ]);
    let intents = prop::collection::vec((intents, 0.0f32..1.0), 0..3);
    let entities = prop::collection::vec(
        (
            prop::sample::select(vec!["booking", "date", "other"]),
            prop::sample::select(vec!["R-1", "12/24", "12/25", "7"]),
        ),
        0..3,
    );
    (text, intents, entities).prop_map(|(text, intents, entities)| {
        let text = entities.iter().fold(text, |text, (_, value)| format!("{text} {value}"));
        let mut said = said(&text);
        for (name, confidence) in intents {
            // A human would silence the bot for the rest of the conversation: make that rare.
            said = said.intent(name, if name == "human" { confidence * 0.62 } else { confidence });
        }
        entities
            .into_iter()
            .fold(said, |said, (kind, value)| said.entity(kind, value, value))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn any_conversation_is_answered_and_replays_to_the_letter(turns in prop::collection::vec((utterance(), any::<bool>()), 1..25)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut talk = Talk::new(Language::Ja);
            for (said, english) in turns {
                talk.language = if english { Language::En } else { Language::Ja };
                // Fails on an empty reply.
                talk.say(said).await;
            }
            let again = dialogue(bundle(|_| {}));
            for (request, draft) in talk.past {
                assert_eq!(again.respond(request).await.unwrap(), draft);
            }
        });
    }
}

#[tokio::test]
async fn a_turn_needs_an_installed_bot_a_readable_state_and_time() {
    let talk = Talk::new(Language::En);
    let mut request = talk.request(&said("hi"));
    request.bot.name = "other".parse().unwrap();
    assert!(matches!(
        talk.dialogue.respond(request).await,
        Err(DialogueError::NotInstalled(_))
    ));
    let mut request = talk.request(&said("hi"));
    request.state = Some(DialogueState::from_json(r#"{"format":2}"#));
    assert!(matches!(
        talk.dialogue.respond(request).await,
        Err(DialogueError::UnreadableState(_))
    ));
    let mut request = talk.request(&said("hi"));
    request.deadline = Instant::now();
    assert!(matches!(
        talk.dialogue.respond(request).await,
        Err(DialogueError::DeadlineExceeded)
    ));
}

#[tokio::test]
async fn an_archive_that_is_not_what_it_claims_is_refused() {
    let talk = Talk::new(Language::En);
    let mut bot = talk.request(&said("hi")).bot;
    let bytes = axum::body::Bytes::from_static(b"no bundle");
    // The same version again is at hand, whatever comes with it.
    talk.dialogue
        .install(BundleArchive {
            bot: bot.clone(),
            bytes: bytes.clone(),
        })
        .await
        .unwrap();
    bot.version = nakai_types::Version::from_digest([8; 32]);
    let refused = talk.dialogue.install(BundleArchive { bot, bytes }).await;
    assert!(
        matches!(refused, Err(DialogueError::Bundle(BundleError::WrongVersion { .. }))),
        "{refused:?}"
    );
}
