//! Tools of servers that speak the Model Context Protocol over HTTP.
//!
//! A session lasts for one list or one call: nothing is kept open between turns, and a server that is restarted is not noticed.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use nakai_bundle::model;
use nakai_llm::ToolDefinition;
use rmcp::{
    RoleClient,
    model::CallToolRequestParams,
    service::RunningService,
    transport::{StreamableHttpClientTransport, streamable_http_client::StreamableHttpClientTransportConfig},
};
use serde_json::{Value, json};

use super::toolbox::{Described, ToolFault};
use crate::{local::Tools, placeholder, tool::allowed_address, turn::Turn};

/// How long what a server offers is remembered.
const FRESH: Duration = Duration::from_secs(300);
/// The largest answer that is read, in bytes.
const MAX_ANSWER: usize = 1 << 20;
/// What stands between the names of a server and its tool.
const JOINT: &str = "__";

/// A server, with what it offered last.
pub(super) struct McpServer {
    pub(super) name: String,
    pub(super) timeout: Duration,
    url: String,
    allow: Vec<String>,
    headers_from: Vec<(String, String)>,
    personal_data: bool,
    offered: Mutex<Option<(Instant, Arc<[Described]>)>>,
}

impl McpServer {
    pub(super) fn new(name: &str, server: &model::McpServer) -> Self {
        Self {
            name: name.to_owned(),
            timeout: Duration::from_millis(server.timeout_ms.into()),
            url: server.url.clone(),
            allow: server.allow.clone(),
            headers_from: server.headers_from.clone().into_iter().collect(),
            personal_data: server.personal_data,
            offered: Mutex::default(),
        }
    }

    /// The tools that the server offers and the bot allows, under names that begin with the server's.
    pub(super) async fn offered(&self, tools: &Tools, limit: Duration) -> Result<Arc<[Described]>, ToolFault> {
        let known = self.offered.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((_, offered)) = known.filter(|(at, _)| at.elapsed() < FRESH) {
            return Ok(offered);
        }
        let listed = within(limit, async {
            let session = self.connect(tools).await?;
            let listed = session.list_all_tools().await.map_err(|_| ToolFault::Unreachable);
            close(session).await;
            listed
        });
        let offered: Arc<[Described]> = listed
            .await?
            .into_iter()
            .filter(|tool| self.allow.iter().any(|allowed| *allowed == tool.name))
            .filter_map(|tool| {
                let definition = ToolDefinition {
                    name: format!("{}{JOINT}{}", self.name, tool.name),
                    description: tool.description.unwrap_or_default().into_owned(),
                    parameters: Value::Object((*tool.input_schema).clone()),
                    strict: false,
                };
                // A tool whose schema can't be checked is not offered.
                Described::new(definition).ok()
            })
            .collect();
        *self.offered.lock().unwrap_or_else(PoisonError::into_inner) = Some((Instant::now(), Arc::clone(&offered)));
        Ok(offered)
    }

    async fn connect(&self, tools: &Tools) -> Result<RunningService<RoleClient, ()>, ToolFault> {
        allowed_address(&self.url).ok_or(ToolFault::AddressNotAllowed)?;
        let mut headers = HashMap::new();
        for (header, variable) in &self.headers_from {
            let secret = tools.secrets.secret(variable).ok_or(ToolFault::KeyMissing)?;
            let name = header.parse().map_err(|_| ToolFault::KeyMissing)?;
            let mut value = http::HeaderValue::from_bytes(&secret).map_err(|_| ToolFault::KeyMissing)?;
            value.set_sensitive(true);
            headers.insert(name, value);
        }
        let config = StreamableHttpClientTransportConfig::with_uri(self.url.as_str())
            .custom_headers(headers)
            .max_json_response_size(MAX_ANSWER)
            .max_sse_event_size(MAX_ANSWER);
        let transport = StreamableHttpClientTransport::with_client(tools.models.client().clone(), config);
        rmcp::serve_client((), transport)
            .await
            .map_err(|_| ToolFault::Unreachable)
    }
}

/// Calls a tool of a server by the name that the model knows, with arguments that fit its schema.
pub(super) async fn call(
    turn: &Turn<'_>,
    server: &McpServer,
    name: &str,
    mut arguments: Value,
    limit: Duration,
) -> Result<Value, ToolFault> {
    let name = name
        .strip_prefix(&server.name)
        .and_then(|name| name.strip_prefix(JOINT))
        .ok_or(ToolFault::NotAllowed)?;
    if server.personal_data {
        placeholder::reveal_in(&mut arguments, &turn.request.vault).map_err(|_| ToolFault::PersonalDataUnknown)?;
    }
    let mut params = CallToolRequestParams::new(name.to_owned());
    if let Value::Object(arguments) = arguments {
        params = params.with_arguments(arguments);
    }
    let result = within(server.timeout.min(limit), async {
        let session = server.connect(turn.tools).await?;
        let result = session.call_tool(params).await.map_err(|_| ToolFault::Failed(None));
        close(session).await;
        result
    });
    let result = result.await?;
    if result.is_error == Some(true) {
        return Err(ToolFault::Failed(None));
    }
    if let Some(structured) = result.structured_content {
        return Ok(structured);
    }
    let texts: Vec<&str> = result
        .content
        .iter()
        .filter_map(|content| content.as_text().map(|text| text.text.as_str()))
        .collect();
    Ok(json!(texts.join("\n")))
}

async fn within<T>(limit: Duration, call: impl Future<Output = Result<T, ToolFault>>) -> Result<T, ToolFault> {
    tokio::time::timeout(limit, call)
        .await
        .unwrap_or(Err(ToolFault::Timeout))
}

/// Ends a session and waits for its task. That it is over already is no fault.
async fn close(session: RunningService<RoleClient, ()>) {
    let _ = session.cancel().await;
}
