//! A team's HTTP tool, called by a model.

use std::time::Duration;

use minijinja::{Value as Scope, context, value::Serde};
use nakai_bundle::model::{self, HttpMethod};
use nakai_llm::ToolDefinition;
use nakai_types::RawText;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::toolbox::{Described, ToolFault};
use crate::{
    placeholder,
    templates::{Templates, Text},
    tool::{ToolFailure, ToolRequest, hex, signature},
    turn::Turn,
};

/// An HTTP tool, compiled.
pub(super) struct HttpTool {
    pub(super) described: Described,
    method: HttpMethod,
    url: Text,
    /// Empty: the arguments.
    body: Vec<(String, Text)>,
    timeout: Duration,
    sign_with: Option<String>,
    personal_data: bool,
}

impl HttpTool {
    pub(super) fn compile(name: &str, tool: &model::HttpTool, templates: &mut Templates) -> Result<Self, String> {
        let located = |fault: String| format!("tool `{name}`: {fault}");
        let body = tool
            .body
            .iter()
            .map(|(field, text)| Ok((field.clone(), templates.compile(text)?)))
            .collect::<Result<_, minijinja::Error>>()
            .map_err(|error| located(error.to_string()))?;
        let described = Described::new(ToolDefinition {
            name: name.to_owned(),
            description: tool.description.clone(),
            parameters: tool.parameters.clone(),
            strict: false,
        });
        Ok(Self {
            described: described.map_err(located)?,
            method: tool.method,
            url: templates
                .compile_address(&tool.url)
                .map_err(|error| located(error.to_string()))?,
            body,
            timeout: Duration::from_millis(tool.timeout_ms.into()),
            sign_with: tool.sign_with.clone(),
            personal_data: tool.personal_data,
        })
    }
}

/// Calls a tool with arguments that fit its schema, as the `number`th call of the turn.
pub(super) async fn call(
    turn: &Turn<'_>,
    tool: &HttpTool,
    arguments: &Value,
    limit: Duration,
    number: u32,
) -> Result<Value, ToolFault> {
    let templates = &turn.bot.templates;
    let scope = context! { arguments => Scope::from(Serde(arguments)), ..turn.scope() };
    // A template can only fail for an argument that is not there, which the schema left optional.
    let unfilled = |_| ToolFault::ArgumentsInvalid;
    let mut url = templates
        .render_address(&tool.url, || scope.clone())
        .map_err(unfilled)?;
    let mut body = match tool.method {
        HttpMethod::Get | HttpMethod::Delete => None,
        HttpMethod::Post | HttpMethod::Put | HttpMethod::Patch if tool.body.is_empty() => Some(arguments.clone()),
        HttpMethod::Post | HttpMethod::Put | HttpMethod::Patch => {
            let mut fields = Map::new();
            for (name, text) in &tool.body {
                let value = templates.render(text, || scope.clone()).map_err(unfilled)?;
                fields.insert(name.clone(), value.into());
            }
            Some(Value::Object(fields))
        }
    };
    if tool.personal_data {
        let unknown = |_: placeholder::Unknown| ToolFault::PersonalDataUnknown;
        url = placeholder::reveal_in_address(&url, &turn.request.vault).map_err(unknown)?;
        if let Some(body) = &mut body {
            placeholder::reveal_in(body, &turn.request.vault).map_err(unknown)?;
        }
    }
    let body = body.map(|body| body.to_string());
    let signed = match &tool.sign_with {
        None => None,
        Some(name) => {
            let key = turn.tools.secrets.secret(name).ok_or(ToolFault::KeyMissing)?;
            let seconds = turn.request.now_ms.div_euclid(1000);
            let signed = signature(&key, seconds, body.as_deref().unwrap_or_default());
            Some(signed.ok_or(ToolFault::KeyMissing)?)
        }
    };
    let request = ToolRequest {
        method: tool.method,
        url: RawText::new(url),
        body: body.map(RawText::new),
        signature: signed,
        idempotency_key: idempotency_key(turn, tool, number),
        timeout: tool.timeout.min(limit),
    };
    let answer = turn.tools.caller.call(request).await.map_err(|failure| match failure {
        ToolFailure::AddressNotAllowed => ToolFault::AddressNotAllowed,
        ToolFailure::Timeout => ToolFault::Timeout,
        ToolFailure::Unreachable => ToolFault::Unreachable,
        ToolFailure::TooLarge => ToolFault::AnswerTooLarge,
    })?;
    if answer.status >= 400 {
        return Err(ToolFault::Failed(Some(answer.status)));
    }
    if answer.body.is_empty() {
        return Ok(Value::Null);
    }
    match serde_json::from_slice(&answer.body) {
        Ok(value) => Ok(value),
        Err(_) => String::from_utf8(answer.body)
            .map(Value::String)
            .map_err(|_| ToolFault::AnswerUnreadable),
    }
}

/// The same for the same call of the same turn, however often the turn is repeated.
fn idempotency_key(turn: &Turn<'_>, tool: &HttpTool, number: u32) -> String {
    let mut hash = Sha256::new();
    hash.update(turn.request.conversation.as_bytes());
    hash.update(turn.request.sequence.to_be_bytes());
    hash.update(b"generation");
    hash.update(tool.described.definition.name.as_bytes());
    hash.update(number.to_be_bytes());
    hex(&hash.finalize()[..16])
}
