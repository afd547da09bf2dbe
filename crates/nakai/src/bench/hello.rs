use std::net::SocketAddr;

use anyhow::Result;
use axum::{Json, Router, routing::post};
use serde_json::{Value, json};

use crate::output::say;

/// The least that an HTTP server can do with a chat request: read its JSON and say hello.
pub(super) async fn run() -> Result<()> {
    let listener = tokio::net::TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await?;
    say(format_args!("listening on http://{}", listener.local_addr()?));
    let hello = post(|Json(_): Json<Value>| async { Json(json!({"reply": "Hello!"})) });
    Ok(axum::serve(listener, Router::new().route("/chat", hello)).await?)
}
