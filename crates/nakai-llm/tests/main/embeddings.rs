//! Vectors of texts, and what becomes of the ways in which they fail.

use std::sync::Arc;

use nakai_llm::{AfterFirstToken, EmbedRequest, EmbeddingInput, Protocol, ProviderCode};

use crate::support::{Server, deadline, route};

fn texts(texts: &[&str]) -> EmbedRequest {
    EmbedRequest {
        inputs: texts
            .iter()
            .map(|text| EmbeddingInput::Text((*text).to_owned()))
            .collect(),
        ..EmbedRequest::default()
    }
}

#[tokio::test]
async fn each_text_gets_its_vector() {
    let server = Server::start().await;
    for protocol in [Protocol::OpenAiChat, Protocol::OpenAiResponses] {
        let route = route(vec![server.target(protocol, "scripted")], AfterFirstToken::Fail);
        let (embeddings, attempts) = route.embed(&texts(&["a", "温泉", "a"]), deadline()).await.unwrap();
        assert_eq!(embeddings.vectors.len(), 3);
        assert_eq!(embeddings.vectors[0], embeddings.vectors[2]);
        assert_ne!(embeddings.vectors[0], embeddings.vectors[1]);
        assert!(embeddings.usage.input > 0 && !embeddings.usage.estimated);
        assert_eq!(attempts.len(), 1);
    }
}

#[tokio::test]
async fn bedrocks_models_take_one_text_or_many_and_only_some_count() {
    let server = Server::start().await;
    let many: Vec<String> = (0..100).map(|number| format!("text {}", number % 50)).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    for (model, counts) in [
        ("amazon.titan-embed-text-v2:0", true),
        ("us.cohere.embed-multilingual-v3", false),
    ] {
        let route = route(vec![server.target(Protocol::Bedrock, model)], AfterFirstToken::Fail);
        let (embeddings, attempts) = route.embed(&texts(&many), deadline()).await.unwrap();
        assert_eq!(embeddings.vectors.len(), 100, "{model}");
        assert_eq!(
            embeddings.vectors[..50],
            embeddings.vectors[50..],
            "{model}: in their order"
        );
        assert_ne!(embeddings.vectors[0], embeddings.vectors[1], "{model}");
        assert_eq!(embeddings.usage.estimated, !counts, "{model}");
        assert!(embeddings.usage.input >= 100, "{model}: {:?}", embeddings.usage);
        assert_eq!(attempts.len(), 1, "{model}: one answer, however many calls it takes");
    }
    // Two calls for Cohere, a hundred for Titan; one of them fails.
    for model in [
        "cohere.embed-english-v3,fault=429,times=1",
        "amazon.titan-embed-text-v2:0,fault=500,times=1",
    ] {
        let route = route(vec![server.target(Protocol::Bedrock, model)], AfterFirstToken::Fail);
        let (embeddings, attempts) = route.embed(&texts(&many), deadline()).await.unwrap();
        assert_eq!((embeddings.vectors.len(), attempts.len()), (100, 2), "{model}");
    }
    let other = route(
        vec![server.target(Protocol::Bedrock, "amazon.nova-lite-v1:0")],
        AfterFirstToken::Fail,
    );
    let failed = other.embed(&texts(&["a"]), deadline()).await.unwrap_err();
    assert_eq!(failed.error.code, ProviderCode::InvalidRequest);
    assert!(failed.error.detail.unwrap().contains("titan-embed"));
}

#[tokio::test]
async fn faults_have_their_codes_and_the_next_target_takes_over() {
    let server = Server::start().await;
    for (fault, code) in [
        ("429", ProviderCode::RateLimited),
        ("401", ProviderCode::KeyRejected),
        ("500", ProviderCode::ServerFailed),
        ("cut", ProviderCode::StreamCut),
        ("garbage", ProviderCode::Malformed),
        ("empty", ProviderCode::Malformed),
    ] {
        let broken = server.target(Protocol::OpenAiChat, &format!("scripted,fault={fault}"));
        let failed = route(vec![broken.clone()], AfterFirstToken::Fail)
            .embed(&texts(&["a"]), deadline())
            .await;
        assert_eq!(failed.unwrap_err().error.code, code, "{fault}");
        let both = vec![broken, server.target(Protocol::OpenAiChat, "scripted")];
        let (_, attempts) = route(both, AfterFirstToken::Fail)
            .embed(&texts(&["a"]), deadline())
            .await
            .unwrap();
        assert_eq!(attempts.len(), 2, "{fault}");
    }
}

#[tokio::test]
async fn usage_that_can_not_be_is_counted_anew() {
    let server = Server::start().await;
    for (protocol, model) in [
        (Protocol::OpenAiChat, "scripted,fault=wrong_usage"),
        (Protocol::Bedrock, "amazon.titan-embed-text-v2:0,fault=wrong_usage"),
    ] {
        let route = route(vec![server.target(protocol, model)], AfterFirstToken::Fail);
        let (embeddings, _) = route.embed(&texts(&["two words"]), deadline()).await.unwrap();
        assert_eq!(
            (embeddings.usage.input, embeddings.usage.estimated),
            (3, true),
            "{model}"
        );
    }
}

#[tokio::test]
async fn a_protocol_without_embeddings_says_so() {
    let server = Server::start().await;
    let route = route(
        vec![server.target(Protocol::Anthropic, "scripted")],
        AfterFirstToken::Fail,
    );
    let failed = Arc::clone(&route).embed(&texts(&["a"]), deadline()).await.unwrap_err();
    assert_eq!(failed.error.code, ProviderCode::InvalidRequest);
    assert!(failed.error.detail.unwrap().contains("another provider"));
}
