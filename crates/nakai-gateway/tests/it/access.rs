use axum::body::Body;
use http::Request;
use nakai_config::Secret;
use nakai_gateway::GatewayConfig;

use super::sandbox::Sandbox;

const REMOTE: &str = "192.0.2.7:4000";

fn with_key() -> GatewayConfig {
    GatewayConfig {
        bootstrap_key: Some(Secret::new("correct-horse-battery".into())),
        ..GatewayConfig::default()
    }
}

#[tokio::test]
async fn every_route_that_shows_data_asks_who_calls() {
    let nakai = Sandbox::start(with_key()).await;
    let id = "01890a5d-ac96-774b-bcce-b302099a8057";
    let conversation = format!("/api/v1/conversations/{id}/turns");
    let turn = format!("/api/v1/turns/{id}");
    for (method, path) in [
        ("POST", "/chat"),
        ("POST", "/api/v1/analyse"),
        ("GET", "/api/v1/bots"),
        ("GET", "/api/v1/stats"),
        ("GET", "/api/v1/usage"),
        ("GET", &turn),
        ("GET", &conversation),
    ] {
        let request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
        let reply = nakai.send(REMOTE, request).await;
        assert_eq!(
            (reply.status, reply.code()),
            (401, "unauthenticated"),
            "{method} {path}"
        );
        assert_eq!(reply.header("www-authenticate"), "Bearer realm=\"nakai\"");
    }
    for path in ["/livez", "/healthz", "/readyz", "/metrics", "/openapi.json"] {
        let reply = nakai
            .send(REMOTE, Request::get(path).body(Body::empty()).unwrap())
            .await;
        assert_eq!(reply.status, 200, "{path}");
    }
}

#[tokio::test]
async fn the_key_opens_the_door() {
    let nakai = Sandbox::start(with_key()).await;
    for (name, value) in [
        ("authorization", "Bearer correct-horse-battery"),
        ("x-api-key", "correct-horse-battery"),
    ] {
        let request = Request::post("/chat")
            .header("content-type", "application/json")
            .header(name, value);
        let reply = nakai
            .send(REMOTE, request.body(Body::from(r#"{"text":"hello"}"#)).unwrap())
            .await;
        assert_eq!(reply.status, 200, "{}", reply.text);
    }
}
