//! What only real sockets show: timers, limits, clients that go away, draining.

use std::{net::SocketAddr, sync::Arc};

use nakai_gateway::{GatewayConfig, Server, Stopped};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinHandle,
};
use tokio_util::sync::CancellationToken;

use super::sandbox::Sandbox;

struct Running {
    nakai: Arc<Sandbox>,
    address: SocketAddr,
    admin: SocketAddr,
    shutdown: CancellationToken,
    server: JoinHandle<Stopped>,
}

impl Running {
    async fn start(config: GatewayConfig) -> Self {
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        let config = GatewayConfig {
            listen: any,
            admin_listen: Some(any),
            ..config
        };
        let nakai = Arc::new(Sandbox::start(config).await);
        let server = Server::bind(Arc::clone(&nakai.gateway)).unwrap();
        let (address, admin) = (server.local_addr(), server.admin_addr().unwrap());
        let shutdown = CancellationToken::new();
        let server = tokio::spawn(server.serve(shutdown.clone()));
        Self {
            nakai,
            address,
            admin,
            shutdown,
            server,
        }
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    async fn stop(self) -> Stopped {
        self.shutdown.cancel();
        self.server.await.unwrap()
    }
}

fn chat(body: &str, more: &str) -> String {
    let length = body.len();
    format!(
        "POST /chat HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n{more}\r\n{body}"
    )
}

async fn read_to_end(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    // A reset is an end too.
    let _ = stream.read_to_end(&mut bytes).await;
    String::from_utf8_lossy(&bytes).into_owned()
}

#[tokio::test]
async fn a_client_that_goes_away_does_not_lose_the_turn() {
    let running = Running::start(GatewayConfig::default()).await;
    running.nakai.nlp.gate.close();
    let mut client = running.connect().await;
    client
        .write_all(chat(r#"{"text": "hello"}"#, "").as_bytes())
        .await
        .unwrap();
    running.nakai.nlp.gate.arrival().await;
    drop(client);
    running.nakai.nlp.gate.open();
    running.nakai.store.committed.notified().await;
    assert_eq!(running.nakai.store.record(0).utterance.as_str(), "hello");
    assert_eq!(running.stop().await, Stopped::Drained);
}

#[tokio::test]
async fn a_stop_finishes_open_turns_and_streams_and_takes_no_more() {
    let running = Running::start(GatewayConfig::default()).await;
    let mut idle = running.connect().await;
    running.nakai.nlp.gate.close();
    let (mut json, mut stream) = (running.connect().await, running.connect().await);
    json.write_all(chat(r#"{"text": "one"}"#, "").as_bytes()).await.unwrap();
    stream
        .write_all(chat(r#"{"text": "two"}"#, "accept: text/event-stream\r\n").as_bytes())
        .await
        .unwrap();
    running.nakai.nlp.gate.arrival().await;
    running.nakai.nlp.gate.arrival().await;

    running.shutdown.cancel();
    assert_eq!(read_to_end(&mut idle).await, "", "an idle connection is closed");
    assert!(
        TcpStream::connect(running.address).await.is_err(),
        "nobody listens any more"
    );
    let mut probe = TcpStream::connect(running.admin).await.unwrap();
    probe
        .write_all(b"GET /readyz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
        .await
        .unwrap();
    let ready = read_to_end(&mut probe).await;
    assert!(
        ready.starts_with("HTTP/1.1 503") && ready.contains("\"draining\":true"),
        "{ready}"
    );

    running.nakai.nlp.gate.open();
    let (json, stream) = (read_to_end(&mut json).await, read_to_end(&mut stream).await);
    assert!(
        json.contains("You said: one") && json.contains("connection: close"),
        "{json}"
    );
    assert!(stream.contains("event: done"), "{stream}");
    assert_eq!(running.server.await.unwrap(), Stopped::Drained);
}

#[tokio::test]
async fn a_stop_does_not_wait_for_ever() {
    let running = Running::start(GatewayConfig {
        drain_seconds: 0,
        ..GatewayConfig::default()
    })
    .await;
    running.nakai.nlp.gate.close();
    let mut client = running.connect().await;
    client
        .write_all(chat(r#"{"text": "one"}"#, "").as_bytes())
        .await
        .unwrap();
    running.nakai.nlp.gate.arrival().await;
    assert_eq!(
        running.stop().await,
        Stopped::CutShort {
            connections: 1,
            turns: 1
        }
    );
}

#[tokio::test]
async fn those_who_dawdle_over_a_head_are_thrown_out() {
    let running = Running::start(GatewayConfig {
        head_read_seconds: 1,
        ..GatewayConfig::default()
    })
    .await;
    let (mut silent, mut slow, mut preface, mut second) = (
        running.connect().await,
        running.connect().await,
        running.connect().await,
        running.connect().await,
    );
    slow.write_all(b"POST /chat HTTP/1.1\r\nhost: loc").await.unwrap();
    preface.write_all(b"PRI * HT").await.unwrap();
    second
        .write_all(b"GET /livez HTTP/1.1\r\nhost: localhost\r\n\r\n")
        .await
        .unwrap();
    let mut first_answer = [0; 4096];
    let length = second.read(&mut first_answer).await.unwrap();
    assert!(first_answer[..length].ends_with(b"ok"));
    second.write_all(b"GET /livez HT").await.unwrap();
    assert_eq!(read_to_end(&mut silent).await, "");
    assert_eq!(read_to_end(&mut slow).await, "");
    assert_eq!(read_to_end(&mut preface).await, "");
    assert_eq!(read_to_end(&mut second).await, "");
    assert_eq!(running.stop().await, Stopped::Drained);
}

#[tokio::test]
async fn an_idle_connection_is_closed_in_the_end() {
    let running = Running::start(GatewayConfig {
        idle_seconds: 1,
        ..GatewayConfig::default()
    })
    .await;
    let mut client = running.connect().await;
    client
        .write_all(b"GET /livez HTTP/1.1\r\nhost: localhost\r\n\r\n")
        .await
        .unwrap();
    assert!(read_to_end(&mut client).await.ends_with("ok"));
    assert_eq!(running.stop().await, Stopped::Drained);
}

#[tokio::test]
async fn bodies_that_are_too_slow_or_too_large_are_refused() {
    let config = GatewayConfig {
        body_read_seconds: 1,
        max_body_bytes: 300,
        ..GatewayConfig::default()
    };
    let running = Running::start(config).await;
    let head = |more: &str| {
        format!(
            "POST /chat HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\nconnection: close\r\n{more}\r\n\r\n"
        )
    };
    let (mut slow, mut large, mut chunked) = (
        running.connect().await,
        running.connect().await,
        running.connect().await,
    );
    slow.write_all(format!("{}{{\"te", head("content-length: 100")).as_bytes())
        .await
        .unwrap();
    large.write_all(head("content-length: 301").as_bytes()).await.unwrap();
    let chunks = format!(
        "{}12d\r\n{}\r\n0\r\n\r\n",
        head("transfer-encoding: chunked"),
        "a".repeat(301)
    );
    chunked.write_all(chunks.as_bytes()).await.unwrap();
    assert!(read_to_end(&mut slow).await.starts_with("HTTP/1.1 408"));
    assert!(read_to_end(&mut large).await.starts_with("HTTP/1.1 413"));
    assert!(read_to_end(&mut chunked).await.starts_with("HTTP/1.1 413"));
    assert_eq!(running.stop().await, Stopped::Drained);
}

#[tokio::test]
async fn at_the_limit_a_further_connection_waits_until_one_ends() {
    let running = Running::start(GatewayConfig {
        max_connections: 1,
        ..GatewayConfig::default()
    })
    .await;
    let (mut first, mut second) = (running.connect().await, running.connect().await);
    let request = b"GET /livez HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
    second.write_all(request).await.unwrap();
    first.write_all(request).await.unwrap();
    assert!(read_to_end(&mut first).await.ends_with("ok"));
    assert!(read_to_end(&mut second).await.ends_with("ok"));
    assert_eq!(running.stop().await, Stopped::Drained);
}

#[tokio::test]
async fn a_head_that_is_too_large_is_refused() {
    let running = Running::start(GatewayConfig {
        max_head_bytes: 8192,
        ..GatewayConfig::default()
    })
    .await;
    let mut client = running.connect().await;
    let head = format!(
        "GET /livez HTTP/1.1\r\nhost: localhost\r\nx-long: {}\r\n\r\n",
        "a".repeat(9000)
    );
    client.write_all(head.as_bytes()).await.unwrap();
    assert!(read_to_end(&mut client).await.starts_with("HTTP/1.1 431"));
    assert_eq!(running.stop().await, Stopped::Drained);
}

#[tokio::test]
async fn http2_without_tls_is_understood() {
    let running = Running::start(GatewayConfig::default()).await;
    let mut client = running.connect().await;
    // The preface of RFC 9113 and an empty SETTINGS frame; the answer begins with the server's own SETTINGS (type 4).
    client
        .write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0")
        .await
        .unwrap();
    let mut frame = [0; 9];
    client.read_exact(&mut frame).await.unwrap();
    assert_eq!(frame[3], 4);
    drop(client);
    assert_eq!(running.stop().await, Stopped::Drained);
}

#[tokio::test]
async fn the_admin_address_has_health_and_metrics_only() {
    let running = Running::start(GatewayConfig::default()).await;
    for (path, status) in [
        ("/livez", 200),
        ("/metrics", 200),
        ("/chat", 404),
        ("/api/v1/stats", 404),
    ] {
        let mut client = TcpStream::connect(running.admin).await.unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
        client.write_all(request.as_bytes()).await.unwrap();
        let reply = read_to_end(&mut client).await;
        assert!(reply.starts_with(&format!("HTTP/1.1 {status}")), "{path}: {reply}");
    }
    assert_eq!(running.stop().await, Stopped::Drained);
}
