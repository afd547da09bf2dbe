use jsonschema::error::ValidationErrorKind;
use nakai_config::{ProblemCode, Problems, did_you_mean};
use serde_json::Value;

use super::{
    flows::{is_safe_address, is_variable_name},
    templates::Templates,
};
use crate::model::{HttpMethod, HttpTool, McpServer, ToolsFile};

/// What templates of tools see.
const SEEN: &[&str] = &["arguments", "slots", "bot", "now", "language"];
/// What `type` may be in JSON Schema.
const TYPES: [&str; 7] = ["string", "number", "integer", "boolean", "array", "object", "null"];
/// The longest name that every provider takes.
const LONGEST_NAME: usize = 64;

/// Checks `tools.yaml`.
pub(super) fn check(file: &ToolsFile, templates: &Templates<'_>, problems: &mut Problems) {
    for (name, tool) in &file.tools {
        let key = format!("tools.{name}");
        check_name(name, &key, problems);
        if file.servers.contains_key(name) {
            problems.error(&key, "a server has the same name", "give one of the two another name");
        }
        check_tool(tool, &key, templates, problems);
    }
    for (name, server) in &file.servers {
        check_server(name, server, &format!("servers.{name}"), problems);
    }
}

fn check_tool(tool: &HttpTool, key: &str, templates: &Templates<'_>, problems: &mut Problems) {
    if tool.description.trim().is_empty() {
        problems.error(
            format!("{key}.description"),
            "the description is blank, so no model can know what the tool is for",
            "say what it does and when it is of use",
        );
    }
    check_parameters(&tool.parameters, &format!("{key}.parameters"), problems);
    let address = format!("{key}.url");
    templates.template(&tool.url, SEEN, &address, problems);
    check_arguments(&tool.url, tool, &address, problems);
    if !is_safe_address(&tool.url) {
        problems.coded(
            ProblemCode::ToolAddressUnsafe,
            address,
            "the address is neither `https` nor `http` on this machine, or its host is not written out",
            "write it like `https://tools.example.com/bookings/{{ arguments.number }}`",
        );
    }
    for (field, text) in &tool.body {
        let key = format!("{key}.body.{field}");
        templates.template(text, SEEN, &key, problems);
        check_arguments(text, tool, &key, problems);
    }
    if !tool.body.is_empty() && matches!(tool.method, HttpMethod::Get | HttpMethod::Delete) {
        problems.error(
            format!("{key}.body"),
            "a body is sent with POST, PUT and PATCH only",
            "change the method, or remove it",
        );
    }
    if let Some(variable) = &tool.sign_with {
        check_variable(variable, &format!("{key}.sign_with"), problems);
    }
}

/// Pushes what is wrong with the schema of a tool's arguments, at the place in it.
fn check_parameters(parameters: &Value, key: &str, problems: &mut Problems) {
    if parameters.get("type").and_then(Value::as_str) != Some("object") {
        problems.coded(
            ProblemCode::ToolSchemaInvalid,
            key,
            "arguments are an object, and the schema does not say so",
            "write `type: object` with `properties`",
        );
        return;
    }
    let mut invalid = |place: String, what: String, cure: String| {
        problems.coded(ProblemCode::ToolSchemaInvalid, format!("{key}{place}"), what, cure);
    };
    if let Err(error) = jsonschema::meta::validate(parameters) {
        let place = error.instance_path().to_string().replace('/', ".");
        match error.instance().as_str() {
            Some(name) if place.ends_with(".type") => {
                invalid(place, format!("there is no type `{name}`"), did_you_mean(name, TYPES));
            }
            _ => invalid(
                place,
                format!("this is no JSON Schema: {error}"),
                "write it as JSON Schema wants, for example `number: {type: string, description: …}`".into(),
            ),
        }
    } else if let Err(error) = jsonschema::validator_for(parameters) {
        let what = match error.kind() {
            ValidationErrorKind::Referencing(_) => "the schema refers to what is not in it".to_owned(),
            _ => format!("the schema can't be used: {error}"),
        };
        invalid(
            String::new(),
            what,
            "write it without references to other documents".into(),
        );
    }
}

/// Pushes an error for each argument that a template uses and the schema does not have.
fn check_arguments(text: &str, tool: &HttpTool, key: &str, problems: &mut Problems) {
    let properties = tool.parameters.get("properties").and_then(Value::as_object);
    for name in Templates::members(text, "arguments") {
        if !properties.is_some_and(|properties| properties.contains_key(&name)) {
            let known = properties.into_iter().flat_map(|properties| properties.keys());
            problems.error(
                key,
                format!("the tool has no argument `{name}`"),
                match did_you_mean(&name, known.map(String::as_str)) {
                    cure if cure.starts_with("did you mean") => cure,
                    _ => "add it to `parameters.properties`".into(),
                },
            );
        }
    }
}

fn check_server(name: &str, server: &McpServer, key: &str, problems: &mut Problems) {
    check_name(name, key, problems);
    if server.url.contains("{{") || !is_safe_address(&server.url) {
        problems.coded(
            ProblemCode::ToolAddressUnsafe,
            format!("{key}.url"),
            "the address is neither `https` nor `http` on this machine",
            "write it like `https://tools.example.com/mcp`",
        );
    }
    if server.allow.is_empty() {
        problems.error(
            format!("{key}.allow"),
            "no tool of the server may be called",
            "name those that may, or remove the server",
        );
    }
    for (index, tool) in server.allow.iter().enumerate() {
        check_name(&format!("{name}__{tool}"), &format!("{key}.allow[{index}]"), problems);
    }
    for (header, variable) in &server.headers_from {
        let key = format!("{key}.headers_from.{header}");
        let is_header = !header.is_empty()
            && header
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
        if !is_header {
            problems.error(&key, "this is no name of a header", "use letters, digits and `-`");
        }
        check_variable(variable, &key, problems);
    }
}

fn check_name(name: &str, key: &str, problems: &mut Problems) {
    let plain = name
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
    if name.is_empty() || name.len() > LONGEST_NAME || !plain {
        problems.error(
            key,
            format!("models can't call `{name}`"),
            format!("use letters, digits, `_` and `-`, at most {LONGEST_NAME}"),
        );
    }
}

fn check_variable(variable: &str, key: &str, problems: &mut Problems) {
    if !is_variable_name(variable) {
        problems.error(
            key,
            "this is no name of an environment variable",
            "name the variable that holds the key, like `BOOKING_KEY`; the key itself does not belong in a bundle",
        );
    }
}
