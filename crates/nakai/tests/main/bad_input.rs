//! Rubbish in, a clear answer out: each case a documented code, and the server goes on.

use std::{fs, time::Duration};

use nakai_testkit::sandbox::{Database, Placement, Sandbox, Service};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::{
    NAKAI,
    answers::{sandbox, text},
};

#[tokio::test]
async fn each_kind_of_rubbish_has_its_code() {
    let nakai = sandbox!(Placement::OneProcess, Database::Sqlite);
    let known = nakai.say(None, "hello").await.unwrap();
    let stranger = "01890000-0000-7000-8000-000000000000";
    let cases: Vec<(&str, Vec<u8>, u16, &str)> = vec![
        ("no JSON", b"{\"text\": ".to_vec(), 400, "invalid_json"),
        ("not UTF-8", b"{\"text\": \"\xff\xfe\"}".to_vec(), 400, "invalid_json"),
        (
            "half a surrogate pair",
            br#"{"text": "\ud83d"}"#.to_vec(),
            400,
            "invalid_json",
        ),
        ("a wrong type", br#"{"text": 7}"#.to_vec(), 400, "invalid_request"),
        (
            "an unknown field",
            br#"{"text": "hello", "txet": 1}"#.to_vec(),
            400,
            "invalid_request",
        ),
        ("no text", b"{}".to_vec(), 400, "invalid_request"),
        (
            "nothing said",
            json!({ "text": " \u{3000}\n" }).to_string().into_bytes(),
            400,
            "empty_text",
        ),
        (
            "100,000 characters",
            json!({ "text": "温".repeat(9_000) }).to_string().into_bytes(),
            413,
            "text_too_long",
        ),
        ("a body of 10 MB", vec![b' '; 10 << 20], 413, "body_too_large"),
        (
            "an unknown bot",
            br#"{"text": "hello", "bot": "nobody"}"#.to_vec(),
            404,
            "bot_not_found",
        ),
        (
            "an unknown conversation",
            json!({ "text": "hello", "conversation_id": stranger })
                .to_string()
                .into_bytes(),
            404,
            "conversation_not_found",
        ),
        (
            "an id that is none",
            br#"{"text": "hello", "conversation_id": "x"}"#.to_vec(),
            400,
            "invalid_request",
        ),
        (
            "a language that is none",
            br#"{"text": "hello", "language": "tlh"}"#.to_vec(),
            400,
            "invalid_request",
        ),
    ];
    for (what, body, status, code) in cases {
        let request = nakai
            .http
            .post(nakai.url("/chat"))
            .header("content-type", "application/json")
            .body(body);
        // A server that refuses a body early may close the connection while the client still sends: then there is no answer to read.
        let Ok(response) = request.send().await else {
            assert_eq!(code, "body_too_large", "{what}");
            continue;
        };
        assert_eq!(response.status().as_u16(), status, "{what}");
        assert_eq!(response.headers()["content-type"], "application/problem+json", "{what}");
        let problem: Value = response.json().await.unwrap();
        assert_eq!(text(&problem, "code"), code, "{what}: {problem}");
        assert!(
            !text(&problem, "detail").is_empty() && !text(&problem, "request_id").is_empty(),
            "{what}: {problem}"
        );
    }
    let again = nakai.say(Some(text(&known, "conversation_id")), "hello").await.unwrap();
    assert_eq!(text(&again, "outcome"), "reply");
}

#[tokio::test]
async fn odd_characters_are_answered_like_any_text() {
    let nakai = sandbox!(Placement::OneProcess, Database::Sqlite);
    for said in [
        "hello\u{0}",
        "\u{202e}hello\u{202c}",
        "he\u{301}llo",
        "👩‍👩‍👧‍👦",
        "\u{feff}hello",
        "ｈｅｌｌｏ",
        "ﾊﾛｰ",
    ] {
        let answer = nakai.say(None, said).await.unwrap();
        assert!(!text(&answer, "reply").is_empty(), "{said:?}");
        assert!(!text(&answer, "reply").contains(['\u{0}', '\u{202e}']), "{said:?}");
    }
}

#[tokio::test]
async fn clients_that_dawdle_are_cut_off_and_others_are_served() {
    let limits = [
        "--set",
        "gateway.head_read_seconds=1",
        "--set",
        "gateway.body_read_seconds=1",
    ];
    let nakai = Sandbox::start_with(NAKAI, Placement::OneProcess, Database::Sqlite, &limits)
        .await
        .unwrap()
        .unwrap();
    let address = nakai.address(Service::Gateway).to_owned();
    let dawdle = |sent: &'static [u8]| {
        let address = address.clone();
        async move {
            let mut stream = TcpStream::connect(address).await.unwrap();
            stream.write_all(sent).await.unwrap();
            let mut answer = Vec::new();
            // Ends when the server closes the connection; a server that waits for ever fails the test by its own limit.
            let closed = tokio::time::timeout(Duration::from_secs(20), stream.read_to_end(&mut answer)).await;
            assert!(
                closed.is_ok(),
                "the connection is still open after {} bytes",
                sent.len()
            );
        }
    };
    let head = b"POST /chat HTTP/1.1\r\nhost: localhost\r\n";
    let body =
        b"POST /chat HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 50\r\n\r\n{";
    let (_, _, _, answer) = tokio::join!(dawdle(b""), dawdle(head), dawdle(body), nakai.say(None, "hello"));
    assert_eq!(text(&answer.unwrap(), "outcome"), "reply");
}

#[tokio::test]
async fn a_crowd_of_huge_bodies_leaves_memory_bounded() {
    let nakai = sandbox!(Placement::OneProcess, Database::Sqlite);
    let id = nakai.process_id(Service::Gateway).unwrap();
    // Training at the start needs more for a moment. From here the peak counts anew; where the system does not let it, from that.
    let _ = fs::write(format!("/proc/{id}/clear_refs"), "5");
    let before = peak_kib(id);
    let mut crowd = tokio::task::JoinSet::new();
    for _ in 0..32 {
        let request = nakai
            .http
            .post(nakai.url("/chat"))
            .header("content-type", "application/json");
        let request = request.body(vec![b'['; 10 << 20]);
        crowd.spawn(async move { request.send().await.map(|response| response.status().as_u16()) });
    }
    while let Some(answer) = crowd.join_next().await {
        // Refused, or cut off while it still sent; never taken.
        assert_eq!(answer.unwrap().unwrap_or(413), 413);
    }
    let taken = peak_kib(id).saturating_sub(before);
    assert!(taken < 64 << 10, "{taken} KiB for bodies of 320 MiB");
}

/// The most memory that the process has had at once.
fn peak_kib(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

#[tokio::test]
async fn wrong_headers_and_unknown_turns_have_their_codes_too() {
    let nakai = sandbox!(Placement::OneProcess, Database::Sqlite);
    let chat = || nakai.http.post(nakai.url("/chat"));
    let stranger = nakai.url("/api/v1/turns/01890000-0000-7000-8000-000000000000");
    let cases = [
        (
            chat().header("content-type", "text/plain").body("hello"),
            415,
            "unsupported_media_type",
        ),
        (
            chat()
                .header("idempotency-key", "k".repeat(300))
                .json(&json!({ "text": "hello" })),
            400,
            "invalid_idempotency_key",
        ),
        (nakai.http.get(stranger), 404, "turn_not_found"),
    ];
    for (request, status, code) in cases {
        let response = request.send().await.unwrap();
        assert_eq!(response.status().as_u16(), status, "{code}");
        let problem: Value = response.json().await.unwrap();
        assert_eq!(text(&problem, "code"), code, "{problem}");
    }
    assert_eq!(
        nakai.get("/api/v1/stats").await.unwrap().1["turns"],
        0,
        "nothing was recorded"
    );
}
