//! Targets that stand in for each other.

use nakai_llm::{AfterFirstToken, Protocol, ProviderCode};

use crate::support::{Server, collect, deadline, request, route};

const SAID: &str = "one two three four five";

#[tokio::test]
async fn the_next_target_takes_over_unseen_before_the_first_word() {
    let server = Server::start().await;
    for fault in ["500", "429", "401", "stall_first", "empty", "cut"] {
        let targets = vec![
            server.target(Protocol::OpenAiChat, &format!("scripted,fault={fault}")),
            server.target(Protocol::Anthropic, "scripted"),
        ];
        let route = route(targets, AfterFirstToken::Fail);
        let (generation, error) = collect(&route, request(SAID)).await;
        assert_eq!(error, None, "{fault}");
        assert_eq!(generation.text, SAID, "{fault}");
    }
}

#[tokio::test]
async fn the_attempts_say_what_was_tried() {
    let server = Server::start().await;
    let targets = vec![
        server.target(Protocol::Gemini, "scripted,fault=500"),
        server.target(Protocol::Bedrock, "scripted"),
    ];
    let route = route(targets, AfterFirstToken::Fail);
    let (_, attempts) = route.whole(&request(SAID), deadline()).await.unwrap();
    let tried: Vec<_> = attempts
        .iter()
        .map(|attempt| (&*attempt.target, attempt.error.as_ref().map(|error| error.code)))
        .collect();
    assert_eq!(
        tried,
        [
            ("scripted,fault=500", Some(ProviderCode::ServerFailed)),
            ("scripted", None)
        ]
    );
}

#[tokio::test]
async fn a_wrong_request_is_not_tried_elsewhere() {
    let server = Server::start().await;
    let targets = vec![
        server.target(Protocol::OpenAiChat, "scripted,fault=400"),
        server.target(Protocol::OpenAiChat, "scripted,id=second"),
    ];
    let failed = route(targets, AfterFirstToken::Fail)
        .whole(&request(SAID), deadline())
        .await
        .unwrap_err();
    assert_eq!(failed.error.code, ProviderCode::InvalidRequest);
    assert_eq!(server.provider.asked("scripted,id=second"), 0);
}

#[tokio::test]
async fn a_single_target_is_asked_again_after_a_passing_failure() {
    let server = Server::start().await;
    let script = "scripted,fault=503,times=1";
    let route = route(vec![server.target(Protocol::Anthropic, script)], AfterFirstToken::Fail);
    let (generation, _) = route.whole(&request(SAID), deadline()).await.unwrap();
    assert_eq!(generation.text, SAID);
    assert_eq!(server.provider.asked(script), 2);
}

#[tokio::test]
async fn an_answer_that_broke_off_goes_on_elsewhere_only_if_that_is_the_policy() {
    let server = Server::start().await;
    let targets = || {
        vec![
            server.target(Protocol::OpenAiChat, "scripted,fault=cut,after=2"),
            server.target(Protocol::OpenAiChat, "scripted,mode=lorem,words=3"),
        ]
    };
    let (generation, error) = collect(&route(targets(), AfterFirstToken::Fail), request(SAID)).await;
    assert_eq!(error.unwrap().code, ProviderCode::StreamCut);
    assert_eq!((generation.text.as_str(), generation.finish), ("one two ", None));

    let (generation, error) = collect(&route(targets(), AfterFirstToken::Continue), request(SAID)).await;
    assert_eq!(error, None);
    assert!(generation.text.starts_with("one two the inn "), "{}", generation.text);
    assert!(generation.finish.is_some());
}

#[tokio::test]
async fn a_target_that_keeps_failing_is_left_alone() {
    let server = Server::start().await;
    let targets = vec![
        server.target(Protocol::OpenAiChat, "scripted,fault=500"),
        server.target(Protocol::OpenAiChat, "scripted"),
    ];
    let route = route(targets, AfterFirstToken::Fail);
    for _ in 0..20 {
        let (generation, _) = route.whole(&request(SAID), deadline()).await.unwrap();
        assert_eq!(generation.text, SAID);
    }
    assert_eq!(server.provider.asked("scripted,fault=500"), 5);
}

#[tokio::test]
async fn who_drops_a_stream_stops_the_provider() {
    let server = Server::start().await;
    let target = server.target(Protocol::OpenAiChat, "scripted,mode=lorem,words=1000,delay_ms=5");
    let route = route(vec![target], AfterFirstToken::Fail);
    let mut stream = route.stream(request(SAID), deadline()).await.unwrap();
    for _ in 0..3 {
        stream.next().await.unwrap().unwrap();
    }
    assert!(stream.usage().estimated && stream.usage().input > 0);
    assert_eq!(server.provider.open_streams(), 1);
    drop(stream);
    server.provider.all_streams_closed().await;
}
