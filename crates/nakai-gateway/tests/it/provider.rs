//! A scripted provider on a free port, and models that are asked there.

use std::sync::Arc;

use nakai_llm::Models;
use nakai_scripted::ScriptedProvider;
use serde_json::{Value, json};

pub(crate) struct Provider {
    pub(crate) scripted: Arc<ScriptedProvider>,
    pub(crate) address: String,
}

impl Provider {
    pub(crate) async fn start() -> Self {
        let scripted = Arc::new(ScriptedProvider::default());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let router = nakai_scripted::router(Arc::clone(&scripted));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { scripted, address }
    }
}

/// The provider as `scripted`, `claude`, `gemini` and `bedrock`, each in its protocol; `impatient` is `scripted` with short time limits,
/// `gone` an address without a server.
pub(crate) fn models_at(address: &str) -> Models {
    let short = json!({"first_token_ms": 500, "between_tokens_ms": 500, "total_ms": 2000});
    let config = json!({
        "providers": {
            "scripted": {"base_url": format!("{address}/v1")},
            "impatient": {"base_url": format!("{address}/v1"), "timeouts": short},
            "gone": {"base_url": "http://127.0.0.1:1/v1"},
            "claude": {"base_url": address, "protocol": "anthropic"},
            "gemini": {"base_url": format!("{address}/v1beta"), "protocol": "gemini"},
            "bedrock": {"base_url": address, "protocol": "bedrock", "key": "AKID:secret"},
        },
        "allow": ["scripted/scripted*", "impatient/*", "claude/*", "gemini/*", "bedrock/*", "gone/*"],
    });
    Models::new(serde_json::from_value(config).unwrap(), |_| None).unwrap()
}

/// Reads an event stream: names, empty where there is none, with their data. Comments and `[DONE]` are left out.
pub(crate) fn sse(stream: &str) -> Vec<(String, Value)> {
    let mut events = Vec::new();
    for block in stream.split("\n\n") {
        let field = |name: &str| {
            block
                .lines()
                .find_map(|line| line.strip_prefix(name))
                .unwrap_or_default()
        };
        let data = field("data: ");
        if !data.is_empty() && data != "[DONE]" {
            events.push((field("event: ").to_owned(), serde_json::from_str(data).unwrap()));
        }
    }
    events
}
