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
    http::{Request, Response},
};
use nakai_llm::{
    AfterFirstToken, GenerateRequest, Message, OutputFormat, Protocol, ProviderError, Role, ToolChoice, ToolDefinition,
};
use serde_json::{Value, json};

use crate::support::{Server, collect, deadline, route};

/// What the provider saw, and what it says.
#[derive(Default)]
struct Scene {
    case: Value,
    path: String,
    body: Value,
}

type Shared = Arc<Mutex<Scene>>;

async fn provider(State(scene): State<Shared>, request: Request<Body>) -> Response<Body> {
    let path = request.uri().path().to_owned();
    let body: Bytes = axum::body::to_bytes(request.into_body(), 1 << 20).await.unwrap();
    let mut scene = scene.lock().unwrap();
    scene.path = path;
    scene.body = serde_json::from_slice(&body).unwrap();
    let case = &scene.case;
    let mut response = Response::builder().status(case["status"].as_u64().unwrap_or(200) as u16);
    if let Some(header) = case["header"].as_array() {
        response = response.header(header[0].as_str().unwrap(), header[1].as_str().unwrap());
    }
    let said = match case["stream"].as_str() {
        Some(stream) => stream.to_owned(),
        None => case["answer"].to_string(),
    };
    response.body(Body::from(said)).unwrap()
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
        Err(error) => return assert_eq!(expect["error"], error.code.name(), "{at}"),
        Ok(generation) => generation,
    };
    assert_eq!(expect["text"], generation.text, "{at}");
    assert_eq!(expect["finish"], generation.finish.unwrap().name(), "{at}");
    let calls: Vec<Value> = generation
        .tool_calls
        .iter()
        .map(|call| json!({"name": call.name, "arguments": serde_json::from_str::<Value>(&call.arguments).unwrap()}))
        .collect();
    assert_eq!(expect["calls"].as_array().cloned().unwrap_or_default(), calls, "{at}");
    let mut usage = serde_json::to_value(generation.usage.unwrap()).unwrap();
    assert_eq!(
        usage.as_object_mut().unwrap().remove("estimated"),
        Some(json!(false)),
        "{at}"
    );
    assert_eq!(expect["usage"], usage, "{at}");
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
            let mut target = server.target(protocol, "model-1");
            target.base_url.clone_from(&address);
            let route = route(vec![target], AfterFirstToken::Fail);
            let asked = request(case["ask"].as_str().unwrap());
            let answered = if case.get("stream").is_some() {
                let (generation, error) = collect(&route, asked).await;
                error.map_or(Ok(generation), Err)
            } else {
                let whole = route.whole(&asked, deadline()).await;
                whole.map(|(generation, _)| generation).map_err(|failed| failed.error)
            };
            {
                let scene = scene.lock().unwrap();
                assert_eq!(case["path"], scene.path, "{at}");
                if let Some(body) = case.get("body") {
                    assert_eq!(*body, scene.body, "{at}");
                }
            }
            compare(&at, &case["expect"], answered);
            seen += 1;
        }
    }
    assert!(seen > 30, "only {seen} cases");
}
