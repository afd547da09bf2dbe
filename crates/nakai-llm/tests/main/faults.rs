//! What is made of each way in which providers fail.

use axum::Router;
use futures_util::future::join_all;
use nakai_llm::{AfterFirstToken, Fault, Protocol, ProviderCode};

use crate::support::{PROTOCOLS, Server, collect, deadline, request, route};

const SAID: &str = "one two three 温泉です four";

/// Fault, what a stream ends with, whether something was said before.
const FAULTS: [(&str, ProviderCode, bool); 13] = [
    ("401", ProviderCode::KeyRejected, false),
    ("403", ProviderCode::NotAllowed, false),
    ("404", ProviderCode::ModelNotFound, false),
    ("400", ProviderCode::InvalidRequest, false),
    ("500", ProviderCode::ServerFailed, false),
    ("stall_first", ProviderCode::FirstTokenTimeout, false),
    ("empty", ProviderCode::StreamCut, false),
    ("stall,after=2", ProviderCode::TokenTimeout, true),
    ("cut,after=2", ProviderCode::StreamCut, true),
    ("cut_utf8,after=3", ProviderCode::StreamCut, true),
    ("no_end,after=2", ProviderCode::StreamCut, true),
    ("garbage,after=2", ProviderCode::Malformed, true),
    ("429", ProviderCode::RateLimited, false),
];

#[tokio::test]
async fn every_fault_has_its_code_in_every_protocol() {
    let server = Server::start().await;
    let server = &server;
    let cases = FAULTS
        .iter()
        .flat_map(|case| PROTOCOLS.map(|protocol| (*case, protocol)));
    // All at once: some of them wait for something that never comes.
    join_all(cases.map(|((fault, code, said), protocol)| async move {
        let route = route(
            vec![server.target(protocol, &format!("scripted,fault={fault}"))],
            AfterFirstToken::Fail,
        );
        let (generation, error) = collect(&route, request(SAID)).await;
        let error = error.unwrap_or_else(|| panic!("{protocol:?} {fault}: no error"));
        assert_eq!(error.code, code, "{protocol:?} {fault}: {error}");
        assert_eq!(!generation.text.is_empty(), said, "{protocol:?} {fault}");
        assert!(
            SAID.starts_with(&generation.text),
            "{protocol:?} {fault}: {}",
            generation.text
        );
        assert_eq!(generation.finish, None, "{protocol:?} {fault}: no fake end");
    }))
    .await;
}

#[tokio::test]
async fn an_error_inside_a_stream_is_an_error() {
    let server = Server::start().await;
    for protocol in PROTOCOLS {
        let route = route(
            vec![server.target(protocol, "scripted,fault=error_event,after=2")],
            AfterFirstToken::Fail,
        );
        let (generation, error) = collect(&route, request(SAID)).await;
        assert_eq!(error.unwrap().code.fault(), Fault::Provider, "{protocol:?}");
        assert_eq!(
            (generation.text.as_str(), generation.finish),
            ("one two ", None),
            "{protocol:?}"
        );
    }
}

#[tokio::test]
async fn a_whole_answer_that_breaks_off_is_no_answer() {
    let server = Server::start().await;
    for (fault, code) in [
        ("cut", ProviderCode::StreamCut),
        ("cut_utf8", ProviderCode::StreamCut),
        ("garbage", ProviderCode::Malformed),
        ("empty", ProviderCode::Malformed),
    ] {
        for protocol in PROTOCOLS {
            let route = route(
                vec![server.target(protocol, &format!("scripted,fault={fault}"))],
                AfterFirstToken::Fail,
            );
            let failed = route.whole(&request(SAID), deadline()).await.unwrap_err();
            assert_eq!(failed.error.code, code, "{protocol:?} {fault}");
        }
    }
}

#[tokio::test]
async fn tokens_that_no_provider_counted_are_estimated_and_marked() {
    let server = Server::start().await;
    for protocol in PROTOCOLS {
        if protocol == Protocol::Anthropic {
            // Its usage is never left out; what is missing counts as nothing.
            continue;
        }
        let route = route(
            vec![server.target(protocol, "scripted,fault=no_usage")],
            AfterFirstToken::Fail,
        );
        let mut stream = route.stream(request(SAID), deadline()).await.unwrap();
        while let Some(event) = stream.next().await {
            event.unwrap();
        }
        let usage = stream.usage();
        assert!(
            usage.estimated && usage.input > 0 && usage.output > 0,
            "{protocol:?}: {usage:?}"
        );
    }
}

#[tokio::test]
async fn usage_that_can_not_be_is_counted_anew_and_marked() {
    let server = Server::start().await;
    for protocol in PROTOCOLS {
        let route = route(
            vec![server.target(protocol, "scripted,fault=wrong_usage")],
            AfterFirstToken::Fail,
        );
        let mut stream = route.stream(request(SAID), deadline()).await.unwrap();
        while let Some(event) = stream.next().await {
            event.unwrap();
        }
        let (whole, _) = route.whole(&request(SAID), deadline()).await.unwrap();
        for usage in [stream.usage(), whole.usage.unwrap()] {
            assert!(usage.estimated, "{protocol:?}: {usage:?}");
            let counted = (5..50).contains(&usage.input) && (5..50).contains(&usage.output);
            assert!(counted, "{protocol:?}: {usage:?}");
        }
    }
}

#[tokio::test]
async fn pieces_that_came_with_something_broken_are_given_before_the_error() {
    let chunk =
        |text: &str| format!("data: {{\"id\":\"1\",\"choices\":[{{\"delta\":{{\"content\":\"{text}\"}}}}]}}\n\n");
    let said = [
        chunk("one "),
        chunk("two "),
        "data: {\"oh\":\n\n".to_owned(),
        chunk("three"),
    ]
    .concat();
    let router = Router::new().fallback(|| async move { said });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut target = Server::start().await.target(Protocol::OpenAiChat, "model");
    target.base_url = format!("http://{}/v1", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    let (generation, error) = collect(&route(vec![target], AfterFirstToken::Fail), request(SAID)).await;
    assert_eq!(generation.text, "one two ");
    assert_eq!(error.unwrap().code, ProviderCode::Malformed);
}

#[tokio::test]
async fn an_address_without_a_server_is_unreachable() {
    let server = Server::start().await;
    let mut target = server.target(Protocol::OpenAiChat, "scripted");
    // Port 1 of this machine belongs to nobody.
    target.base_url = "http://127.0.0.1:1/v1".into();
    let (_, error) = collect(&route(vec![target], AfterFirstToken::Fail), request(SAID)).await;
    assert_eq!(error.unwrap().code, ProviderCode::Unreachable);
}
