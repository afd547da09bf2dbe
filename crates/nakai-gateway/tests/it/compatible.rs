//! Bots and models as OpenAI's and Anthropic's clients see them.

use axum::body::Body;
use http::Request;
use http_body_util::BodyExt;
use nakai_config::Secret;
use nakai_gateway::GatewayConfig;
use nakai_ports::DialogueError;
use serde_json::{Value, json};

use super::{
    provider::{Provider, models_at, sse},
    sandbox::Sandbox,
};

const COMPLETIONS: &str = "/v1/chat/completions";
const MESSAGES: &str = "/v1/messages";

async fn nakai(provider: &Provider) -> Sandbox {
    Sandbox::with_models(GatewayConfig::default(), models_at(&provider.address)).await
}

fn ask(model: &str, text: &str) -> Value {
    json!({"model": model, "max_tokens": 100, "messages": [{"role": "user", "content": text}]})
}

fn streamed(mut body: Value) -> String {
    body["stream"] = json!(true);
    body["stream_options"] = json!({"include_usage": true});
    body.to_string()
}

#[tokio::test]
async fn a_bot_answers_as_a_model_does_and_goes_on_with_its_conversation() {
    let nakai = Sandbox::start(GatewayConfig::default()).await;
    let first = nakai
        .post(COMPLETIONS, &[], ask("bot:ryokan", "hello").to_string())
        .await;
    assert_eq!(first.status, 200, "{}", first.text);
    assert_eq!(first.json["choices"][0]["message"]["content"], "You said: hello");
    assert_eq!(first.json["choices"][0]["finish_reason"], "stop");
    assert_eq!(first.json["model"], "bot:ryokan");
    let conversation = first.header("x-nakai-conversation-id").to_owned();
    assert_eq!(first.json["nakai"]["conversation_id"], conversation);
    assert!(!first.header("x-nakai-overhead-ms").is_empty() && !first.header("x-nakai-bot-version").is_empty());

    let mut in_body = ask("bot:ryokan", "again");
    in_body["metadata"] = json!({"conversation_id": conversation, "page": "top"});
    in_body["user"] = json!("u-7");
    let second = nakai.post(COMPLETIONS, &[], in_body.to_string()).await;
    assert_eq!(second.header("x-nakai-conversation-id"), conversation);
    let by_header = nakai
        .post(
            MESSAGES,
            &[("x-nakai-conversation-id", &conversation)],
            ask("bot:ryokan", "and again").to_string(),
        )
        .await;
    assert_eq!(by_header.json["content"][0]["text"], "You said: and again");
    assert_eq!(nakai.store.record(2).sequence, 3);
    let record = nakai.store.record(1);
    assert_eq!((record.metadata["page"].as_str(), record.metadata.len()), ("top", 1));
    assert_eq!(record.user.as_deref().map(str::len), Some(32));

    let stranger = nakai
        .post(
            COMPLETIONS,
            &[("x-nakai-conversation-id", "01890a5d-ac96-774b-bcce-b302099a8057")],
            ask("bot:ryokan", "hello").to_string(),
        )
        .await;
    assert_eq!(
        (stranger.status, &stranger.json["error"]["code"]),
        (404, &json!("conversation_not_found"))
    );
}

#[tokio::test]
async fn a_bots_answer_streams_in_both_forms() {
    let nakai = Sandbox::start(GatewayConfig::default()).await;
    let reply = nakai
        .post(COMPLETIONS, &[], streamed(ask("bot:ryokan", "一。二")))
        .await;
    assert!(!reply.header("x-nakai-conversation-id").is_empty());
    let chunks = sse(&reply.text);
    let said: String = chunks
        .iter()
        .filter_map(|(_, chunk)| chunk["choices"][0]["delta"]["content"].as_str())
        .collect();
    assert_eq!(said, "You said: 一。二");
    let with_turn: Vec<_> = chunks
        .iter()
        .filter(|(_, chunk)| chunk.get("nakai").is_some())
        .collect();
    assert_eq!(with_turn.len(), 1);
    assert_eq!(with_turn[0].1["nakai"]["reply"], said);

    let reply = nakai.post(MESSAGES, &[], streamed(ask("bot:ryokan", "一。二"))).await;
    let events = sse(&reply.text);
    let said: String = events
        .iter()
        .filter_map(|(_, event)| event["delta"]["text"].as_str())
        .collect();
    assert_eq!(said, "You said: 一。二");
    assert_eq!(events.last().unwrap().0, "message_stop");
}

#[tokio::test]
async fn a_bot_that_can_not_answer_apologises_in_the_error() {
    let nakai = Sandbox::start(GatewayConfig::default()).await;
    *nakai.dialogue.failure.lock().unwrap() = Some(Box::new(|| DialogueError::Unreachable("10.0.0.7".into())));
    for (path, stream) in [
        (COMPLETIONS, false),
        (MESSAGES, false),
        (COMPLETIONS, true),
        (MESSAGES, true),
    ] {
        let mut body = ask("bot:ryokan", "hello");
        body["stream"] = json!(stream);
        let reply = nakai.post(path, &[], body.to_string()).await;
        let error = match stream {
            // The turn was open before it failed.
            true => sse(&reply.text).pop().unwrap().1["error"].clone(),
            false => {
                assert_eq!(
                    (reply.status, reply.header("retry-after")),
                    (503, "5"),
                    "{}",
                    reply.text
                );
                reply.json["error"].clone()
            }
        };
        assert_eq!(error["code"], "dialogue_unavailable");
        assert!(error["reply"].as_str().unwrap().contains("sorry"), "{error}");
        assert!(!reply.text.contains("10.0.0.7") && !reply.text.contains("\"stop\""));
    }
}

#[tokio::test]
async fn chunks_come_in_openais_order() {
    let provider = Provider::start().await;
    let nakai = nakai(&provider).await;
    let reply = nakai
        .post(COMPLETIONS, &[], streamed(ask("scripted/scripted", "one two 温泉")))
        .await;
    assert_eq!(
        (reply.header("content-type"), reply.header("x-accel-buffering")),
        ("text/event-stream", "no")
    );
    assert_eq!(
        (reply.header("x-nakai-model"), reply.header("x-nakai-attempts")),
        ("scripted/scripted", "1")
    );
    assert!(reply.text.ends_with("data: [DONE]\n\n"));
    let chunks: Vec<Value> = sse(&reply.text).into_iter().map(|(_, chunk)| chunk).collect();
    assert_eq!(
        chunks[0]["choices"][0]["delta"],
        json!({"role": "assistant", "content": ""})
    );
    let finishes: Vec<&Value> = chunks
        .iter()
        .map(|chunk| &chunk["choices"][0]["finish_reason"])
        .collect();
    let (usage, finish) = (chunks.len() - 1, chunks.len() - 2);
    assert!(finishes[..finish].iter().all(|reason| reason.is_null()));
    assert_eq!(finishes[finish], "stop");
    assert_eq!(chunks[usage]["choices"], json!([]));
    assert_eq!(chunks[usage]["usage"]["prompt_tokens"], 3);
    assert!(chunks[usage]["usage"]["prompt_tokens_details"]["cached_tokens"].is_u64());
    assert!(
        chunks[..usage]
            .iter()
            .all(|chunk| chunk["usage"].is_null() && chunk["id"] == chunks[0]["id"])
    );
    let said: String = chunks
        .iter()
        .filter_map(|chunk| chunk["choices"][0]["delta"]["content"].as_str())
        .collect();
    assert_eq!(said, "one two 温泉");

    let mut without = ask("scripted/scripted", "one");
    without["stream"] = json!(true);
    let reply = nakai
        .post("/openai/v1/chat/completions", &[], without.to_string())
        .await;
    assert!(!reply.text.contains("usage"), "{}", reply.text);
}

#[tokio::test]
async fn events_come_in_anthropics_order() {
    let provider = Provider::start().await;
    let nakai = nakai(&provider).await;
    let mut body = ask("claude/scripted,mode=tool", "look it up");
    body["tools"] = json!([{"name": "look_up", "description": "Looks up.", "input_schema": {"type": "object"}}]);
    let reply = nakai.post(MESSAGES, &[], streamed(body)).await;
    let events = sse(&reply.text);
    let names: Vec<&str> = events.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names[0], "message_start");
    assert_eq!(names[names.len() - 2..], ["message_delta", "message_stop"]);
    assert!(events.iter().all(|(name, event)| event["type"] == name.as_str()));
    let arguments: String = events
        .iter()
        .filter_map(|(_, event)| event["delta"]["partial_json"].as_str())
        .collect();
    assert_eq!(serde_json::from_str::<Value>(&arguments).unwrap()["query"], "温泉");
    assert_eq!(events[names.len() - 2].1["delta"]["stop_reason"], "tool_use");

    let reply = nakai
        .post(MESSAGES, &[], streamed(ask("scripted/scripted", "one two")))
        .await;
    let names: Vec<String> = sse(&reply.text).into_iter().map(|(name, _)| name).collect();
    assert_eq!(
        names,
        [
            "message_start",
            "content_block_start",
            "content_block_delta",
            "content_block_delta",
            "content_block_stop",
            "message_delta",
            "message_stop"
        ]
    );
}

#[tokio::test]
async fn tools_are_called_and_answered_whatever_the_provider_speaks() {
    let provider = Provider::start().await;
    let nakai = nakai(&provider).await;
    let function =
        json!({"name": "look_up", "description": "Looks up.", "parameters": {"type": "object"}, "strict": true});
    for model in ["scripted", "claude", "gemini"] {
        let mut body = ask(&format!("{model}/scripted,mode=tool"), "look it up");
        body["tools"] = json!([{"type": "function", "function": function}]);
        body["tool_choice"] = json!("required");
        let reply = nakai.post(COMPLETIONS, &[], body.to_string()).await;
        let message = reply.json["choices"][0]["message"].clone();
        assert_eq!(
            reply.json["choices"][0]["finish_reason"], "tool_calls",
            "{model}: {}",
            reply.text
        );
        let call = &message["tool_calls"][0];
        assert_eq!(
            (&message["content"], &call["function"]["name"]),
            (&Value::Null, &json!("look_up"))
        );

        let answer = json!({"role": "tool", "tool_call_id": call["id"], "content": "42"});
        body["messages"] = json!([{"role": "user", "content": "look it up"}, message, answer]);
        let reply = nakai.post(COMPLETIONS, &[], body.to_string()).await;
        let said = reply.json["choices"][0]["message"]["content"].as_str().unwrap();
        assert!(said.contains("42"), "{model}: {said}");
    }
}

#[tokio::test]
async fn another_model_stands_in_unseen() {
    let provider = Provider::start().await;
    let nakai = nakai(&provider).await;
    let mut body = ask("scripted/scripted,fault=500", "one two");
    body["models"] = json!(["scripted/scripted,fault=500", "claude/scripted"]);
    let reply = nakai.post(COMPLETIONS, &[], body.to_string()).await;
    assert_eq!(reply.json["choices"][0]["message"]["content"], "one two");
    assert_eq!(
        (reply.header("x-nakai-model"), reply.header("x-nakai-attempts")),
        ("claude/scripted", "2")
    );
    assert!(!reply.header("x-nakai-cost-micros").is_empty() && !reply.header("x-nakai-overhead-ms").is_empty());
}

#[tokio::test]
async fn a_client_that_leaves_stops_the_provider() {
    let provider = Provider::start().await;
    let nakai = nakai(&provider).await;
    let request = Request::post(COMPLETIONS)
        .header("content-type", "application/json")
        .body(Body::from(streamed(ask(
            "scripted/scripted,mode=lorem,words=2000,delay_ms=5",
            "x",
        ))))
        .unwrap();
    let response = nakai.app.respond("127.0.0.1:50000".parse().unwrap(), request).await;
    let mut body = response.into_body();
    body.frame().await.unwrap().unwrap();
    assert_eq!(provider.scripted.open_streams(), 1);
    drop(body);
    provider.scripted.all_streams_closed().await;
}

#[tokio::test]
async fn a_client_that_reads_nothing_fills_no_memory() {
    let provider = Provider::start().await;
    let nakai = nakai(&provider).await;
    let request = Request::post(COMPLETIONS)
        .header("content-type", "application/json")
        .body(Body::from(streamed(ask(
            "scripted/scripted,mode=lorem,words=60000",
            "x",
        ))))
        .unwrap();
    let response = nakai.app.respond("127.0.0.1:50000".parse().unwrap(), request).await;
    let mut body = response.into_body();
    body.frame().await.unwrap().unwrap();
    // Nobody reads on, so the provider, which could send 10 MB, is still at it: only what the sockets hold is under way.
    for _ in 0..1000 {
        tokio::task::yield_now().await;
    }
    assert_eq!(provider.scripted.open_streams(), 1);
}

#[tokio::test]
async fn what_can_not_be_done_is_refused_by_name() {
    let provider = Provider::start().await;
    let nakai = nakai(&provider).await;
    for (path, field, value, code, param) in [
        (COMPLETIONS, "n", json!(2), "invalid_request", "n"),
        (COMPLETIONS, "logprobs", json!(true), "invalid_request", "logprobs"),
        (COMPLETIONS, "messages", json!([]), "invalid_request", "messages"),
        (
            COMPLETIONS,
            "messages",
            json!([{"role": "cook", "content": "x"}]),
            "invalid_request",
            "messages[0].role",
        ),
        (
            COMPLETIONS,
            "messages",
            json!([{"role": "user", "content": [{"type": "input_audio"}]}]),
            "invalid_request",
            "messages[0].content[0].type",
        ),
        (COMPLETIONS, "temperature", json!(3), "invalid_request", "temperature"),
        (
            COMPLETIONS,
            "tools",
            json!([{"type": "web_search"}]),
            "invalid_request",
            "tools[0].type",
        ),
        (
            COMPLETIONS,
            "models",
            json!(["bot:ryokan"]),
            "invalid_request",
            "models",
        ),
        (COMPLETIONS, "model", json!("gpt-5"), "model_not_found", "model"),
        (COMPLETIONS, "model", json!("nowhere/gpt-5"), "model_not_found", "model"),
        (
            COMPLETIONS,
            "model",
            json!("scripted/secret"),
            "model_not_allowed",
            "model",
        ),
        (COMPLETIONS, "model", json!("bot:nobody"), "bot_not_found", ""),
        (MESSAGES, "max_tokens", Value::Null, "invalid_request", ""),
        (
            MESSAGES,
            "tools",
            json!([{"type": "web_search_20250305", "name": "s"}]),
            "invalid_request",
            "",
        ),
    ] {
        let mut body = ask("scripted/scripted", "taro@example.jp");
        body[field] = value;
        let reply = nakai.post(path, &[], body.to_string()).await;
        let error = &reply.json["error"];
        assert_eq!(error["code"], code, "{field}: {}", reply.text);
        assert_eq!(
            error["param"].as_str().unwrap_or_default(),
            param,
            "{field}: {}",
            reply.text
        );
        assert!(!reply.text.contains("taro"), "{}", reply.text);
    }
    for (body, code) in [
        ("{", "invalid_json"),
        ("[]", "invalid_request"),
        ("{}", "invalid_request"),
    ] {
        let reply = nakai.post(COMPLETIONS, &[], body).await;
        assert_eq!((reply.status, &reply.json["error"]["code"]), (400, &json!(code)));
    }
}

#[tokio::test]
async fn the_same_keys_open_these_doors() {
    let config = GatewayConfig {
        bootstrap_key: Some(Secret::new("correct-horse-battery".into())),
        trust_loopback: false,
        ..GatewayConfig::default()
    };
    let provider = Provider::start().await;
    let nakai = Sandbox::with_models(config, models_at(&provider.address)).await;
    let body = ask("scripted/scripted", "one").to_string();
    for (name, value, status) in [
        ("authorization", "Bearer correct-horse-battery", 200),
        ("x-api-key", "correct-horse-battery", 200),
        ("api-key", "correct-horse-battery", 200),
        ("api-key", "wrong", 401),
        ("x-other", "nothing", 401),
    ] {
        let openai = nakai.post(COMPLETIONS, &[(name, value)], body.clone()).await;
        let anthropic = nakai.post(MESSAGES, &[(name, value)], body.clone()).await;
        assert_eq!((openai.status, anthropic.status), (status, status), "{name}");
        if status == 401 {
            assert_eq!(openai.json["error"]["type"], "authentication_error");
            assert_eq!(anthropic.json["type"], "error");
            assert_eq!(anthropic.json["error"]["type"], "authentication_error");
        }
    }
}

#[tokio::test]
async fn bots_models_and_the_encoder_are_listed() {
    let provider = Provider::start().await;
    let nakai = nakai(&provider).await;
    let list = nakai.get("/v1/models").await.json;
    let ids: Vec<&str> = list["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|m| m["id"].as_str().unwrap())
        .collect();
    for id in ["bot:ryokan", "bot:sento", "nakai/encoder", "scripted/scripted"] {
        assert!(ids.contains(&id), "{ids:?}");
    }
    assert!(!ids.contains(&"scripted/secret"));
    for (id, status) in [
        ("bot:ryokan", 200),
        ("bot:nobody", 404),
        ("scripted/scripted", 200),
        ("scripted%2Fscripted", 200),
        ("scripted/secret", 403),
        ("nowhere/x", 404),
        ("nakai/encoder", 200),
    ] {
        let reply = nakai.get(&format!("/v1/models/{id}")).await;
        assert_eq!(reply.status, status, "{id}: {}", reply.text);
    }
    assert_eq!(nakai.get("/openai/v1/models").await.status, 200);
}

#[tokio::test]
async fn vectors_come_as_numbers_or_in_base64_from_providers_and_the_encoder() {
    let provider = Provider::start().await;
    let nakai = nakai(&provider).await;
    let embed = async |body: Value| nakai.post("/v1/embeddings", &[], body.to_string()).await;
    let own = embed(json!({"model": "nakai/encoder", "input": ["a", "温泉"]})).await;
    assert_eq!(own.json["data"][1]["embedding"], json!([1.0, 6.0]), "{}", own.text);
    let own =
        embed(json!({"model": "nakai/encoder", "input": "a", "encoding_format": "base64", "dimensions": 2})).await;
    assert_eq!(own.json["data"][0]["embedding"], "AACAPwAAgD8=");
    let theirs = embed(json!({"model": "scripted/scripted", "input": ["a", "b", "a"], "user": "u-7"})).await;
    let data = theirs.json["data"].as_array().unwrap().clone();
    assert_eq!((data.len(), &data[0]["embedding"]), (3, &data[2]["embedding"]));
    assert!(theirs.json["usage"]["prompt_tokens"].as_u64().unwrap() > 0);
    assert_eq!(theirs.header("x-nakai-model"), "scripted/scripted");
    let tokens = embed(json!({"model": "scripted/scripted", "input": [[1, 2], [3]]})).await;
    assert_eq!(tokens.json["data"].as_array().unwrap().len(), 2);
    for (model, input_type) in [
        ("bedrock/amazon.titan-embed-text-v2:0", Value::Null),
        ("bedrock/cohere.embed-multilingual-v3", json!("search_query")),
    ] {
        let theirs = embed(json!({"model": model, "input": ["a", "b", "a"], "input_type": input_type})).await;
        let data = theirs.json["data"].as_array().unwrap();
        assert_eq!(
            (data.len(), &data[0]["embedding"]),
            (3, &data[2]["embedding"]),
            "{model}"
        );
        assert!(theirs.json["usage"]["prompt_tokens"].as_u64().unwrap() > 0, "{model}");
    }
    for body in [
        json!({"model": "nakai/encoder", "input": []}),
        json!({"model": "nakai/encoder", "input": ""}),
        json!({"model": "nakai/encoder", "input": "a", "dimensions": 7}),
        json!({"model": "nakai/encoder", "input": [1, 2]}),
        json!({"model": "nakai/encoder", "input": "a", "encoding_format": "hex"}),
        json!({"models": ["nakai/encoder", "scripted/scripted"], "input": "a"}),
        json!({"model": "claude/scripted", "input": "a"}),
    ] {
        let refused = embed(body.clone()).await;
        assert_eq!(refused.status, 400, "{body}: {}", refused.text);
    }
}
