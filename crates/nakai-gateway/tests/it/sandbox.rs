//! A gateway over the fakes, and requests to it without sockets.

use std::{net::SocketAddr, sync::Arc};

use axum::body::Body;
use http::{HeaderMap, Request};
use http_body_util::BodyExt;
use nakai_gateway::{App, Bots, Gateway, GatewayConfig, GatewayParts, Surface};
use nakai_llm::Models;
use nakai_ports::BundleArchive;
use nakai_types::{BotName, BotRef, TenantId, Version};
use serde_json::Value;

use super::fakes::{FakeDialogue, FakeEncoder, FakeNlp, FakeStore};

pub(crate) struct Sandbox {
    pub(crate) gateway: Arc<Gateway>,
    pub(crate) app: App,
    pub(crate) nlp: Arc<FakeNlp>,
    pub(crate) dialogue: Arc<FakeDialogue>,
    pub(crate) store: Arc<FakeStore>,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
    /// `null` if it is no JSON.
    pub(crate) json: Value,
}

impl Reply {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn code(&self) -> &str {
        self.json["code"].as_str().unwrap_or("")
    }

    pub(crate) fn conversation(&self) -> String {
        self.json["conversation_id"].as_str().unwrap().to_owned()
    }
}

/// An answer on its way.
pub(crate) struct Streaming(Body);

impl Streaming {
    /// The next piece; `None` at the end.
    pub(crate) async fn piece(&mut self) -> Option<String> {
        let frame = self.0.frame().await?.unwrap();
        Some(String::from_utf8(frame.into_data().unwrap().to_vec()).unwrap())
    }
}

pub(crate) fn bundle(name: &str, version: u8) -> BundleArchive {
    let bot = BotRef {
        name: BotName::new(name).unwrap(),
        version: Version::from_digest([version; 32]),
    };
    BundleArchive {
        bot,
        bytes: bytes::Bytes::new(),
    }
}

impl Sandbox {
    /// With the bots `ryokan` (the default) and `sento`.
    pub(crate) async fn start(config: GatewayConfig) -> Self {
        Self::over(config, Arc::default()).await
    }

    /// Another process over a store that is there already.
    pub(crate) async fn over(config: GatewayConfig, store: Arc<FakeStore>) -> Self {
        Self::with(config, store, Models::none().unwrap()).await
    }

    /// With models to ask.
    pub(crate) async fn with_models(config: GatewayConfig, models: Models) -> Self {
        Self::with(config, Arc::default(), models).await
    }

    async fn with(config: GatewayConfig, store: Arc<FakeStore>, models: Models) -> Self {
        let (nlp, dialogue) = (Arc::<FakeNlp>::default(), Arc::<FakeDialogue>::default());
        let bots = Bots::new(
            TenantId::default(),
            store.clone(),
            nlp.clone(),
            dialogue.clone(),
            config.default_bot.clone(),
        );
        bots.activate(bundle("ryokan", 1)).await.unwrap();
        bots.activate(bundle("sento", 1)).await.unwrap();
        let parts = GatewayParts {
            nlp: nlp.clone(),
            dialogue: dialogue.clone(),
            conversations: store.clone(),
            usage: store.clone(),
            models: Arc::new(models),
            encoder: Some(Arc::new(FakeEncoder)),
            bots: Arc::new(bots),
            config,
        };
        let gateway = Gateway::new(parts);
        let app = App::new(&gateway, Surface::Public);
        Self {
            gateway,
            app,
            nlp,
            dialogue,
            store,
        }
    }

    pub(crate) async fn send(&self, peer: &str, request: Request<Body>) -> Reply {
        let peer: SocketAddr = peer.parse().unwrap();
        let response = self.app.respond(peer, request).await;
        let (head, body) = response.into_parts();
        let text = String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap();
        let json = serde_json::from_str(&text).unwrap_or(Value::Null);
        Reply {
            status: head.status.as_u16(),
            headers: head.headers,
            text,
            json,
        }
    }

    pub(crate) async fn post(&self, path: &str, headers: &[(&str, &str)], body: impl Into<Body>) -> Reply {
        let mut request = Request::post(path);
        if !headers.iter().any(|(name, _)| *name == "content-type") {
            request = request.header("content-type", "application/json");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send("127.0.0.1:50000", request.body(body.into()).unwrap()).await
    }

    /// Sends a message and reads its answer as it comes.
    pub(crate) async fn stream(&self, body: &'static str) -> Streaming {
        let request = Request::post("/chat")
            .header("content-type", "application/json")
            .header("accept", "text/event-stream")
            .body(Body::from(body))
            .unwrap();
        let response = self.app.respond("127.0.0.1:50000".parse().unwrap(), request).await;
        Streaming(response.into_body())
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.send("127.0.0.1:50000", Request::get(path).body(Body::empty()).unwrap())
            .await
    }

    /// Sends a message.
    pub(crate) async fn chat(&self, body: Value) -> Reply {
        self.post("/chat", &[], body.to_string()).await
    }

    /// Sends a text in a conversation.
    pub(crate) async fn say(&self, conversation: &str, text: &str) -> Reply {
        self.chat(serde_json::json!({"text": text, "conversation_id": conversation}))
            .await
    }
}
