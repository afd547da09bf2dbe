//! What a model may call, and the calls of one turn within their limits.

use std::{
    collections::HashSet,
    sync::Arc,
    time::{Duration, Instant},
};

use jsonschema::Validator;
use nakai_bundle::model::{GenerationPolicy, ToolsFile};
use nakai_llm::{ToolCall, ToolDefinition};
use serde_json::{Value, json};

use super::{
    http_tool::{self, HttpTool},
    mcp::{self, McpServer},
};
use crate::{placeholder, templates::Templates, turn::Turn};

/// More of an answer is not shown to a model, in bytes of JSON.
const MAX_ANSWER: usize = 16 << 10;

/// Everything that a bot's models may call, compiled.
pub(super) struct Toolbox {
    http: Vec<HttpTool>,
    servers: Vec<McpServer>,
}

impl Toolbox {
    /// Takes what the bot's policy names.
    pub(super) fn compile(
        file: &ToolsFile,
        policy: &GenerationPolicy,
        templates: &mut Templates,
    ) -> Result<Self, String> {
        let (mut http, mut servers) = (Vec::new(), Vec::new());
        for name in &policy.tools {
            match (file.tools.get(name), file.servers.get(name)) {
                (Some(tool), _) => http.push(HttpTool::compile(name, tool, templates)?),
                (None, Some(server)) => servers.push(McpServer::new(name, server)),
                (None, None) => return Err(format!("there is no tool or server `{name}`")),
            }
        }
        Ok(Self { http, servers })
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.http.is_empty() && self.servers.is_empty()
    }
}

/// A tool as models see it, with the check of its arguments.
#[derive(Clone)]
pub(super) struct Described {
    pub(super) definition: ToolDefinition,
    pub(super) validator: Arc<Validator>,
}

impl Described {
    /// # Errors
    /// If the parameters are no schema.
    pub(super) fn new(definition: ToolDefinition) -> Result<Self, String> {
        let validator = jsonschema::validator_for(&definition.parameters).map_err(|error| error.to_string())?;
        Ok(Self {
            definition,
            validator: Arc::new(validator),
        })
    }
}

/// Why a call gave nothing. The codes are told to the model and stand in the turn's decisions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ToolFault {
    NotAllowed,
    ArgumentsInvalid,
    Refused,
    LimitReached,
    TimeOver,
    Timeout,
    Unreachable,
    Failed(Option<u16>),
    AnswerTooLarge,
    AnswerUnreadable,
    AddressNotAllowed,
    KeyMissing,
    PersonalDataUnknown,
}

impl ToolFault {
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::NotAllowed => "tool_not_allowed",
            Self::ArgumentsInvalid => "tool_arguments_invalid",
            Self::Refused => "tool_refused",
            Self::LimitReached => "tool_limit_reached",
            Self::TimeOver => "tool_time_over",
            Self::Timeout => "tool_timeout",
            Self::Unreachable => "tool_unreachable",
            Self::Failed(_) => "tool_failed",
            Self::AnswerTooLarge => "tool_answer_too_large",
            Self::AnswerUnreadable => "tool_answer_unreadable",
            Self::AddressNotAllowed => "tool_address_not_allowed",
            Self::KeyMissing => "tool_key_missing",
            Self::PersonalDataUnknown => "tool_personal_data_unknown",
        }
    }

    /// What the model is to do about it.
    const fn advice(self) -> &'static str {
        match self {
            Self::NotAllowed => "There is no such tool. Call one of those that you were given, or answer without.",
            Self::ArgumentsInvalid => {
                "The arguments do not fit the tool's schema. Call it once more with arguments that do."
            }
            Self::Refused => "The arguments did not fit again. Do not call any tool; answer without.",
            Self::LimitReached | Self::TimeOver => "No more calls are possible. Answer with what you have.",
            Self::PersonalDataUnknown => {
                "The personal data behind a placeholder are not known any more. Ask the customer for them again."
            }
            Self::Timeout
            | Self::Unreachable
            | Self::Failed(_)
            | Self::AnswerTooLarge
            | Self::AnswerUnreadable
            | Self::AddressNotAllowed
            | Self::KeyMissing => {
                "The tool does not work at the moment. Answer without, and say that this can't be looked up now."
            }
        }
    }
}

/// What a model is told of a call.
pub(super) struct ToolResult {
    /// JSON.
    pub(super) text: String,
    /// Whether the tool answered.
    pub(super) is_answer: bool,
}

enum How<'a> {
    Http(&'a HttpTool),
    Mcp(&'a McpServer),
}

/// The calls of one turn.
pub(super) struct Session<'a> {
    tools: Vec<(Described, How<'a>)>,
    calls: u32,
    most_calls: u32,
    time_left: Duration,
    deadline: Instant,
    /// Tools whose arguments did not fit.
    misfits: HashSet<String>,
    refused: bool,
}

impl<'a> Session<'a> {
    /// Asks the servers what they offer. One that does not answer is left out, which the turn's decisions tell.
    pub(super) async fn open(
        turn: &mut Turn<'_>,
        toolbox: &'a Toolbox,
        policy: &GenerationPolicy,
        deadline: Instant,
    ) -> Self {
        let mut session = Self {
            tools: Vec::new(),
            calls: 0,
            most_calls: policy.max_tool_calls,
            time_left: Duration::from_millis(policy.tool_time_ms.into()),
            deadline,
            misfits: HashSet::new(),
            refused: false,
        };
        for tool in &toolbox.http {
            session.tools.push((tool.described.clone(), How::Http(tool)));
        }
        for server in &toolbox.servers {
            let started = Instant::now();
            let limit = session.limit(server.timeout);
            match server.offered(turn.tools, limit).await {
                Ok(offered) => session
                    .tools
                    .extend(offered.iter().map(|tool| (tool.clone(), How::Mcp(server)))),
                Err(fault) => turn.decide("tool", server.name.as_str(), Some(fault.code().into())),
            }
            session.time_left = session.time_left.saturating_sub(started.elapsed());
        }
        session
    }

    pub(super) fn names(&self) -> Vec<String> {
        self.tools
            .iter()
            .map(|(tool, _)| tool.definition.name.clone())
            .collect()
    }

    pub(super) fn definitions(&self) -> Vec<ToolDefinition> {
        self.tools.iter().map(|(tool, _)| tool.definition.clone()).collect()
    }

    /// Whether no call is possible any more.
    pub(super) const fn is_over(&self) -> bool {
        self.refused || self.calls >= self.most_calls || self.time_left.is_zero()
    }

    /// How long something may take that would like `wish`.
    fn limit(&self, wish: Duration) -> Duration {
        let left = self.deadline.saturating_duration_since(Instant::now());
        wish.min(self.time_left).min(left)
    }

    /// Makes a call, within all limits. The turn's decisions tell the tool, what came of it and how long it took; never arguments.
    pub(super) async fn call(&mut self, turn: &mut Turn<'_>, call: &ToolCall) -> ToolResult {
        let started = Instant::now();
        let known = self.tools.iter().any(|(tool, _)| tool.definition.name == call.name);
        let result = self.attempt(turn, call).await;
        self.calls += 1;
        self.time_left = self.time_left.saturating_sub(started.elapsed());
        let status = match &result {
            Ok(_) => "ok".to_owned(),
            Err((ToolFault::Failed(Some(status)), _)) => format!("tool_failed with status {status}"),
            Err((fault, _)) => fault.code().to_owned(),
        };
        // A name that the model made up may hold anything.
        let name = if known { call.name.as_str() } else { "unknown" };
        turn.decide(
            "tool",
            name,
            Some(format!("{status}, {} µs", started.elapsed().as_micros())),
        );
        match result {
            Ok(mut value) => {
                placeholder::hide(&mut value, &turn.request.vault);
                let text = value.to_string();
                if text.len() > MAX_ANSWER {
                    return told(ToolFault::AnswerTooLarge, None);
                }
                ToolResult { text, is_answer: true }
            }
            Err((fault, reason)) => told(fault, reason.as_deref()),
        }
    }

    async fn attempt(&mut self, turn: &Turn<'_>, call: &ToolCall) -> Result<Value, (ToolFault, Option<String>)> {
        let plain = |fault| (fault, None);
        if self.calls >= self.most_calls {
            return Err(plain(ToolFault::LimitReached));
        }
        let limit = self.limit(Duration::MAX);
        if limit.is_zero() {
            return Err(plain(ToolFault::TimeOver));
        }
        let (tool, how) = self
            .tools
            .iter()
            .find(|(tool, _)| tool.definition.name == call.name)
            .ok_or_else(|| plain(ToolFault::NotAllowed))?;
        let arguments = match arguments(&call.arguments, &tool.validator) {
            Ok(arguments) => arguments,
            Err(reason) if self.misfits.insert(call.name.clone()) => {
                return Err((ToolFault::ArgumentsInvalid, Some(reason)));
            }
            Err(_) => {
                self.refused = true;
                return Err(plain(ToolFault::Refused));
            }
        };
        let answer = match how {
            How::Http(tool) => http_tool::call(turn, tool, &arguments, limit, self.calls).await,
            How::Mcp(server) => mcp::call(turn, server, &call.name, arguments, limit).await,
        };
        answer.map_err(plain)
    }
}

/// Reads arguments and holds them against the tool's schema. The error is for the model alone: it may repeat what was given.
fn arguments(text: &str, validator: &Validator) -> Result<Value, String> {
    let text = if text.trim().is_empty() { "{}" } else { text };
    let arguments: Value = serde_json::from_str(text).map_err(|error| format!("the arguments are no JSON: {error}"))?;
    let faults: Vec<String> = validator
        .iter_errors(&arguments)
        .take(5)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    if faults.is_empty() {
        Ok(arguments)
    } else {
        Err(faults.join("; "))
    }
}

fn told(fault: ToolFault, reason: Option<&str>) -> ToolResult {
    let message = match reason {
        Some(reason) => format!("{} ({reason})", fault.advice()),
        None => fault.advice().to_owned(),
    };
    ToolResult {
        text: json!({"error": fault.code(), "message": message}).to_string(),
        is_answer: false,
    }
}
