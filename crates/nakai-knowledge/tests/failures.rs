//! A server that is away, hangs, or does not let us in.

use std::{
    io::{Read, Write},
    net::{Ipv4Addr, TcpListener},
    thread,
};

use nakai_config::Secret;
use nakai_knowledge::{EmbeddedOptions, Engine, EngineKind, KnowledgeConfig, RemoteOptions, open};
use nakai_ports::KnowledgeError;
use rstest::rstest;

use crate::{
    bench::{Bench, Kind},
    inn::{bot, inn, query},
};

fn reason<T: std::fmt::Debug>(answer: Result<T, KnowledgeError>) -> String {
    match answer {
        Err(KnowledgeError::Unavailable(reason)) => reason,
        other => panic!("{other:?}"),
    }
}

fn engine(kind: EngineKind, url: String, timeout_ms: u64) -> std::sync::Arc<dyn Engine> {
    let config = KnowledgeConfig {
        engine: kind,
        url: Some(Secret::new(url)),
        key: (kind == EngineKind::OpenSearch).then(|| Secret::new("nakai:hunter2".into())),
        timeout_ms,
        ..KnowledgeConfig::default()
    };
    open(&config, EmbeddedOptions::default(), RemoteOptions::default()).unwrap()
}

#[tokio::test]
async fn a_database_that_was_away_answers_again_without_a_restart() {
    let Some(mut bench) = Bench::start(Kind::Postgres) else {
        return;
    };
    bench.engine.index(&bot(1), inn()).await.unwrap();
    bench.engine.search(&query(1, "dog")).await.unwrap();
    bench.config.timeout_ms = 2_000;
    let connected = bench.another();
    connected.search(&query(1, "dog")).await.unwrap();
    bench.server.as_mut().unwrap().kill();
    let fresh = bench.another();
    for engine in [&connected, &fresh] {
        reason(engine.search(&query(1, "dog")).await);
        reason(engine.ping().await);
        reason(engine.index(&bot(2), inn()).await);
    }
    bench.server.as_mut().unwrap().restart().unwrap();
    for engine in [&bench.engine, &connected, &fresh] {
        engine.search(&query(1, "dog")).await.unwrap();
        engine.ping().await.unwrap();
        engine.index(&bot(2), inn()).await.unwrap();
    }
}

#[rstest]
#[case(EngineKind::OpenSearch, "http")]
#[case(EngineKind::Postgres, "postgres")]
#[tokio::test]
async fn nobody_at_the_address_is_unavailable(#[case] kind: EngineKind, #[case] scheme: &str) {
    let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .unwrap()
        .local_addr()
        .unwrap();
    let engine = engine(kind, format!("{scheme}://{free}"), 2_000);
    for said in [
        reason(engine.search(&query(1, "dog")).await),
        reason(engine.ping().await),
        reason(engine.index(&bot(1), inn()).await),
    ] {
        assert!(said.contains("connection") && !said.contains("hunter2"), "{said}");
    }
}

#[rstest]
#[case(EngineKind::OpenSearch, "http")]
#[case(EngineKind::Postgres, "postgres")]
#[tokio::test]
async fn a_server_that_hangs_does_not_take_the_whole_time_of_the_turn(#[case] kind: EngineKind, #[case] scheme: &str) {
    // Connections are taken by the system and never answered.
    let silent = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let engine = engine(kind, format!("{scheme}://{}", silent.local_addr().unwrap()), 200);
    // The turn has a minute; that the search gives up as unavailable, not as late, shows that it did before.
    reason(engine.search(&query(1, "dog")).await);
    reason(engine.ping().await);
}

#[tokio::test]
async fn a_key_that_is_refused_is_said_without_the_key() {
    let server = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = server.local_addr().unwrap();
    thread::spawn(move || {
        for connection in server.incoming() {
            let mut connection = connection.unwrap();
            let mut request = [0; 4096];
            let read = connection.read(&mut request).unwrap();
            let request = String::from_utf8_lossy(&request[..read]).to_lowercase();
            // `nakai:hunter2`
            assert!(
                request.contains("authorization: basic bmfrywk6ahvudgvymg=="),
                "{request}"
            );
            let answer = "HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
            connection.write_all(answer.as_bytes()).unwrap();
        }
    });
    let engine = engine(EngineKind::OpenSearch, format!("http://{address}"), 2_000);
    let said = reason(engine.ping().await);
    assert!(said.contains("knowledge.key") && !said.contains("hunter2"), "{said}");
}
