//! SIGKILL at random moments under load: what was answered is there after the restart, and none twice.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use nakai_testkit::sandbox::{Database, Placement, Sandbox, Service};
use rstest::rstest;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::{NAKAI, answers::text};

const KILLS: u64 = 20;
const CUSTOMERS: usize = 8;

/// An answer that a customer received.
struct Received {
    conversation: String,
    turn: String,
}

/// Talks until the server is gone; gives what was answered.
async fn talk(http: reqwest::Client, url: String, answered: Arc<AtomicU64>, over: Arc<AtomicBool>) -> Vec<Received> {
    let mut received = Vec::new();
    let mut conversation: Option<String> = None;
    while !over.load(Ordering::Relaxed) {
        let body = json!({ "text": "what time is breakfast?", "conversation_id": conversation });
        let Ok(response) = http.post(&url).json(&body).send().await else {
            break;
        };
        let status = response.status();
        // The body may be cut by the kill: then nothing was received.
        let Ok(answer) = response.json::<Value>().await else {
            break;
        };
        assert!(status.is_success(), "{status}: {answer}");
        answered.fetch_add(1, Ordering::Relaxed);
        let (id, turn) = (
            text(&answer, "conversation_id").to_owned(),
            text(&answer, "turn_id").to_owned(),
        );
        received.push(Received {
            conversation: id.clone(),
            turn,
        });
        // A new conversation now and then, so that both kinds of write are under way at the kill.
        conversation = (received.len() % 5 != 0).then_some(id);
    }
    received
}

#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_answered_turn_survives_and_none_is_there_twice(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let Some(mut nakai) = Sandbox::start(NAKAI, Placement::OneProcess, database).await.unwrap() else {
        return;
    };
    let mut received = Vec::new();
    for kill in 0..KILLS {
        let (answered, over) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(false)));
        let mut customers = JoinSet::new();
        for _ in 0..CUSTOMERS {
            // A client of its own each time: no connection outlives the server.
            let http = reqwest::Client::builder()
                .timeout(Duration::from_secs(30))
                .build()
                .unwrap();
            customers.spawn(talk(http, nakai.url("/chat"), Arc::clone(&answered), Arc::clone(&over)));
        }
        // The moment differs from kill to kill: after 7, 20, 33 … answers.
        while answered.load(Ordering::Relaxed) < 7 + 13 * kill {
            tokio::task::yield_now().await;
        }
        nakai.kill(Service::Gateway).unwrap();
        over.store(true, Ordering::Relaxed);
        while let Some(customer) = customers.join_next().await {
            received.extend(customer.unwrap());
        }
        nakai.restart(Service::Gateway).unwrap();
    }
    assert!(received.len() > 1000, "only {} answers", received.len());
    let mut stored: HashMap<String, Vec<Value>> = HashMap::new();
    for answer in &received {
        if !stored.contains_key(&answer.conversation) {
            let path = format!("/api/v1/conversations/{}/turns?limit=200", answer.conversation);
            let (status, page) = nakai.get(&path).await.unwrap();
            assert_eq!(status, 200, "{page}");
            stored.insert(answer.conversation.clone(), page["turns"].as_array().unwrap().clone());
        }
        let turns = &stored[&answer.conversation];
        let copies = turns.iter().filter(|turn| turn["turn"] == answer.turn.as_str()).count();
        assert_eq!(copies, 1, "turn {} of {}", answer.turn, answer.conversation);
    }
    for (conversation, turns) in &stored {
        let sequences: Vec<u64> = turns.iter().map(|t| t["sequence"].as_u64().unwrap()).collect();
        let expected: Vec<u64> = (1..=turns.len() as u64).collect();
        assert_eq!(sequences, expected, "{conversation}");
    }
}
