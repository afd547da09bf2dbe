use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::HttpMethod;

/// `tools.yaml`: what models may call. `generation.tools` in `bot.yaml` says which of it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ToolsFile {
    /// HTTP tools of the team, by name: letters, digits, `_` and `-`.
    pub tools: BTreeMap<String, HttpTool>,
    /// Servers with tools that speak the Model Context Protocol, by name.
    pub servers: BTreeMap<String, McpServer>,
}

/// An HTTP tool that a model may call.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HttpTool {
    /// What it does and when it is of use, for the model.
    pub description: String,
    /// JSON Schema of its arguments, an object. Arguments that do not fit never reach the tool.
    #[serde(default = "no_arguments")]
    pub parameters: Value,
    /// The address; a template over `arguments`, `slots` and `bot` whose values are percent-encoded. Must be `https`, or `http` on
    /// loopback.
    pub url: String,
    /// The method.
    #[serde(default)]
    pub method: HttpMethod,
    /// Fields of the JSON body; each value is a template over the same names. Sent with POST, PUT and PATCH. Left out: the arguments.
    #[serde(default)]
    pub body: BTreeMap<String, String>,
    /// How long the tool may take, in milliseconds, from 100 to 30000.
    #[serde(default = "three_seconds")]
    #[schemars(range(min = 100, max = 30000))]
    pub timeout_ms: u32,
    /// The environment variable with the key that signs the body, as in a flow's `call`.
    #[serde(default)]
    pub sign_with: Option<String>,
    /// Whether placeholders in the address and body are replaced by the personal data they stand for. The model never sees them.
    #[serde(default)]
    pub personal_data: bool,
}

/// A server with tools that speaks the Model Context Protocol over HTTP.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct McpServer {
    /// Its address: `https`, or `http` on loopback.
    pub url: String,
    /// Which of its tools may be called. No other is shown to the model.
    pub allow: Vec<String>,
    /// Headers that it wants, each with the environment variable that holds the value.
    #[serde(default)]
    pub headers_from: BTreeMap<String, String>,
    /// How long one call may take, in milliseconds, from 100 to 30000.
    #[serde(default = "three_seconds")]
    #[schemars(range(min = 100, max = 30000))]
    pub timeout_ms: u32,
    /// Whether placeholders in arguments are replaced by the personal data they stand for.
    #[serde(default)]
    pub personal_data: bool,
}

fn no_arguments() -> Value {
    serde_json::json!({"type": "object", "properties": {}, "additionalProperties": false})
}

const fn three_seconds() -> u32 {
    3000
}
