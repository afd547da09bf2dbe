#![expect(clippy::unwrap_used, reason = "what tests stand on must be there")]

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use nakai_config::Secret;
use nakai_llm::{
    AfterFirstToken, GenerateRequest, Generation, Message, Protocol, ProviderError, Role, Route, Target, Timeouts,
};
use nakai_scripted::ScriptedProvider;

pub(crate) const PROTOCOLS: [Protocol; 6] = [
    Protocol::OpenAiChat,
    Protocol::OpenAiResponses,
    Protocol::AzureOpenAi,
    Protocol::Anthropic,
    Protocol::Gemini,
    Protocol::Bedrock,
];

/// A provider on a free port of this machine.
pub(crate) struct Server {
    pub(crate) provider: Arc<ScriptedProvider>,
    address: String,
}

impl Server {
    pub(crate) async fn start() -> Self {
        let provider = Arc::new(ScriptedProvider::default());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let router = nakai_scripted::router(Arc::clone(&provider));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { provider, address }
    }

    pub(crate) fn target(&self, protocol: Protocol, script: &str) -> Target {
        let base = match protocol {
            Protocol::OpenAiChat | Protocol::OpenAiResponses => "/v1",
            Protocol::Gemini => "/v1beta",
            Protocol::AzureOpenAi | Protocol::Anthropic | Protocol::Bedrock => "",
        };
        let key = if protocol == Protocol::Bedrock {
            "AKID:secret"
        } else {
            "key"
        };
        Target {
            name: script.into(),
            protocol,
            base_url: format!("{}{base}", self.address),
            model: script.to_owned(),
            key: Some(Secret::new(key.to_owned())),
            headers: Vec::new(),
            timeouts: timeouts(script),
        }
    }
}

/// Short where nothing will come, long where something will.
fn timeouts(script: &str) -> Timeouts {
    let mut timeouts = Timeouts::default();
    let short = Duration::from_millis(300);
    if script.contains("stall_first") {
        timeouts.first_token = short;
    } else if script.contains("stall") {
        timeouts.between_tokens = short;
    }
    timeouts
}

pub(crate) fn route(targets: Vec<Target>, policy: AfterFirstToken) -> Arc<Route> {
    let client = Route::client(Duration::from_secs(1)).unwrap();
    Arc::new(Route::new(client, targets, policy))
}

pub(crate) fn request(text: &str) -> GenerateRequest {
    GenerateRequest {
        messages: vec![Message::new(Role::System, "Be brief."), Message::new(Role::User, text)],
        ..GenerateRequest::default()
    }
}

pub(crate) fn deadline() -> Instant {
    Instant::now() + Duration::from_secs(20)
}

/// Everything that came, and the error with which it ended.
pub(crate) async fn collect(route: &Arc<Route>, request: GenerateRequest) -> (Generation, Option<ProviderError>) {
    let mut generation = Generation::default();
    let mut stream = match route.stream(request, deadline()).await {
        Ok(stream) => stream,
        Err(failed) => return (generation, Some(failed.error)),
    };
    while let Some(event) = stream.next().await {
        match event {
            Ok(event) => generation.add(event),
            Err(error) => return (generation, Some(error)),
        }
    }
    (generation, None)
}
