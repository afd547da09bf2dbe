//! Requests and answers in each provider's own form, after the page that each file names.

#![expect(clippy::unwrap_used, reason = "what tests stand on must be there")]

use std::{
    fs,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::State,
    http::{HeaderMap, Request, Response},
};
use nakai_llm::{
    AfterFirstToken, Attempt, EmbedRequest, EmbeddingInput, Embeddings, GenerateRequest, Message, OutputFormat,
    Protocol, ProviderError, Role, RouteError, ToolCall, ToolChoice, ToolDefinition,
};
use serde_json::{Value, json};

use crate::support::{Server, collect, deadline, route};

/// What the provider saw, and what it says.
#[derive(Default)]
struct Scene {
    case: Value,
    path: String,
    headers: HeaderMap,
    body: Value,
}

type Shared = Arc<Mutex<Scene>>;

async fn provider(State(scene): State<Shared>, request: Request<Body>) -> Response<Body> {
    let path = request.uri().path().to_owned();
    let headers = request.headers().clone();
    let body: Bytes = axum::body::to_bytes(request.into_body(), 1 << 20).await.unwrap();
    let mut scene = scene.lock().unwrap();
    scene.path = path;
    scene.headers = headers;
    scene.body = serde_json::from_slice(&body).unwrap();
    let case = &scene.case;
    let mut response = Response::builder().status(case["status"].as_u64().unwrap_or(200) as u16);
    if let Some(header) = case["header"].as_array() {
        response = response.header(header[0].as_str().unwrap(), header[1].as_str().unwrap());
    }
    let said = match (case["stream"].as_str(), case["frames"].as_array()) {
        (Some(stream), _) => stream.as_bytes().to_vec(),
        (None, Some(frames)) => frames.iter().flat_map(frame).collect(),
        (None, None) => case["answer"].to_string().into_bytes(),
    };
    response.body(Body::from(said)).unwrap()
}

/// A name and what it carries in AWS's event stream encoding; `!` before the name marks an exception.
fn frame(event: &Value) -> Vec<u8> {
    let name = event[0].as_str().unwrap();
    let (kind, header, name) = match name.strip_prefix('!') {
        Some(name) => ("exception", ":exception-type", name),
        None => ("event", ":event-type", name),
    };
    let payload = event[1].to_string().into_bytes();
    let mut headers = Vec::new();
    for (header, value) in [(":message-type", kind), (header, name)] {
        headers.push(header.len() as u8);
        headers.extend(header.as_bytes());
        headers.extend([7, 0, value.len() as u8]);
        headers.extend(value.as_bytes());
    }
    let lengths = [12 + headers.len() + payload.len() + 4, headers.len()];
    let mut frame: Vec<u8> = lengths
        .iter()
        .flat_map(|length| (*length as u32).to_be_bytes())
        .collect();
    frame.extend(crc32fast::hash(&frame).to_be_bytes());
    frame.extend([headers, payload].concat());
    frame.extend(crc32fast::hash(&frame).to_be_bytes());
    frame
}

fn request(ask: &str) -> GenerateRequest {
    let schema = json!({"type": "object", "properties": {"location": {"type": "string"}}, "required": ["location"]});
    let mut request = GenerateRequest {
        messages: vec![
            Message::new(Role::System, "You are a helpful assistant."),
            Message::new(Role::User, "Hello!"),
        ],
        max_output_tokens: Some(64),
        ..GenerateRequest::default()
    };
    match ask {
        "tool" => {
            request.tool_choice = ToolChoice::Any;
            request.tools = vec![ToolDefinition {
                name: "get_weather".into(),
                description: "Gets the weather.".into(),
                parameters: schema,
                strict: false,
            }];
        }
        "answered" | "answered elsewhere" => {
            // A call that Gemini signed: it wants the signature back, and nobody else knows of it.
            let signed = "call_1.thought.c2lnbmF0dXJl+/=";
            let id = if ask == "answered" { signed } else { "call_1" };
            request.messages.push(Message {
                role: Role::Assistant,
                parts: Vec::new(),
                tool_calls: vec![ToolCall {
                    id: id.into(),
                    name: "get_weather".into(),
                    arguments: r#"{"location": "San Francisco, CA"}"#.into(),
                }],
                tool_call_id: None,
            });
            request.messages.push(Message::tool(id, "rain"));
        }
        "schema" => {
            request.output = OutputFormat::JsonSchema {
                name: "place".into(),
                schema,
                strict: true,
            };
        }
        _ => {}
    }
    request
}

fn compare(at: &str, expect: &Value, answered: Result<nakai_llm::Generation, ProviderError>) {
    let generation = match answered {
        Err(error) => {
            assert_eq!(expect["error"], error.code.name(), "{at}");
            let wait = error.retry_after.map(|wait| wait.as_secs_f64());
            return assert_eq!(expect["retry_after_seconds"].as_f64(), wait, "{at}");
        }
        Ok(generation) => generation,
    };
    assert_eq!(expect["text"], generation.text, "{at}");
    assert_eq!(expect["finish"], generation.finish.unwrap().name(), "{at}");
    let calls: Vec<Value> = generation
        .tool_calls
        .iter()
        .map(|call| json!({"name": call.name, "arguments": serde_json::from_str::<Value>(&call.arguments).unwrap()}))
        .collect();
    let mut expected = expect["calls"].as_array().cloned().unwrap_or_default();
    for (expected, call) in expected.iter_mut().zip(&generation.tool_calls) {
        if let Some(id) = expected.as_object_mut().unwrap().remove("id") {
            assert_eq!(id, call.id, "{at}");
        }
    }
    assert_eq!(expected, calls, "{at}");
    if let Some(model) = expect.get("model") {
        assert_eq!(*model, generation.model, "{at}");
    }
    let mut usage = serde_json::to_value(generation.usage.unwrap()).unwrap();
    assert_eq!(
        usage.as_object_mut().unwrap().remove("estimated"),
        Some(json!(false)),
        "{at}"
    );
    assert_eq!(expect["usage"], usage, "{at}");
}

fn texts(texts: &[&str]) -> EmbedRequest {
    EmbedRequest {
        inputs: texts.iter().map(|text| EmbeddingInput::Text((*text).into())).collect(),
        dimensions: Some(3),
        ..EmbedRequest::default()
    }
}

fn compare_vectors(at: &str, expect: &Value, answered: Result<(Embeddings, Vec<Attempt>), RouteError>) {
    match answered {
        Err(failed) => assert_eq!(expect["error"], failed.error.code.name(), "{at}"),
        Ok((embeddings, _)) => {
            assert_eq!(expect["vectors"], json!(embeddings.vectors), "{at}");
            assert_eq!(expect["input"], embeddings.usage.input, "{at}");
            assert_eq!(expect["estimated"], embeddings.usage.estimated, "{at}");
        }
    }
}

/// What was sent: the address, the key, the body.
fn compare_request(at: &str, golden: &Value, case: &Value, scene: &Scene) {
    assert_eq!(case["path"], scene.path, "{at}");
    for (name, begin) in golden["headers"].as_object().unwrap() {
        let value = scene.headers.get(name).map(|value| value.to_str().unwrap());
        let expected = value.is_some_and(|value| value.starts_with(begin.as_str().unwrap()));
        assert!(expected, "{at}: {name}");
    }
    if let Some(body) = case.get("body") {
        assert_eq!(*body, scene.body, "{at}");
    }
}

#[tokio::test]
async fn requests_and_answers_have_the_documented_form() {
    let scene = Shared::default();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let router = Router::new().fallback(provider).with_state(Arc::clone(&scene));
    tokio::spawn(async move { axum::serve(listener, router).await });
    let server = Server::start().await;

    let mut seen = 0;
    for file in fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden")).unwrap() {
        let golden: Value = serde_json::from_slice(&fs::read(file.unwrap().path()).unwrap()).unwrap();
        let protocol: Protocol = serde_json::from_value(golden["protocol"].clone()).unwrap();
        for case in golden["cases"].as_array().unwrap() {
            let at = format!("{protocol:?}: {}", case["name"]);
            scene.lock().unwrap().case = case.clone();
            let model = case.get("model").or(golden.get("model")).and_then(Value::as_str);
            let mut target = server.target(protocol, model.unwrap_or("model-1"));
            target.base_url.clone_from(&address);
            let route = route(vec![target], AfterFirstToken::Fail);
            let ask = case["ask"].as_str().unwrap();
            let asked = request(ask);
            if let "embed" | "embed one" = ask {
                let wanted = if ask == "embed" {
                    texts(&["a", "温泉"])
                } else {
                    texts(&["a"])
                };
                compare_vectors(&at, &case["expect"], route.embed(&wanted, deadline()).await);
                compare_request(&at, &golden, case, &scene.lock().unwrap());
                seen += 1;
                continue;
            }
            let answered = if case.get("stream").or(case.get("frames")).is_some() {
                let (generation, error) = collect(&route, asked).await;
                error.map_or(Ok(generation), Err)
            } else {
                let whole = route.whole(&asked, deadline()).await;
                whole.map(|(generation, _)| generation).map_err(|failed| failed.error)
            };
            compare_request(&at, &golden, case, &scene.lock().unwrap());
            compare(&at, &case["expect"], answered);
            seen += 1;
        }
    }
    assert!(seen > 75, "only {seen} cases");
}
