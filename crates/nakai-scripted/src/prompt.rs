//! What a request of any protocol asks for, as far as scripts need it.

use serde_json::Value;

/// A request without its protocol.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Prompt {
    pub(crate) model: String,
    pub(crate) stream: bool,
    /// Everything that is said in it, in order: instructions, customers, passages, answers of tools.
    pub(crate) texts: Vec<String>,
    /// What the customer said last.
    pub(crate) last: String,
    /// What a tool answered, if that is the last thing said.
    pub(crate) tool_answer: Option<String>,
    /// The name of the first tool.
    pub(crate) tool: Option<String>,
    /// Whether OpenAI's usage chunk is wanted.
    pub(crate) include_usage: bool,
}

impl Prompt {
    /// Reads a request's body.
    pub(crate) fn read(body: &Value) -> Self {
        let mut prompt = Self {
            model: body["model"].as_str().unwrap_or_default().to_owned(),
            stream: body["stream"].as_bool().unwrap_or_default(),
            include_usage: body["stream_options"]["include_usage"].as_bool().unwrap_or_default(),
            ..Self::default()
        };
        for system in [
            &body["system"],
            &body["systemInstruction"]["parts"],
            &body["instructions"],
        ] {
            prompt.texts.extend(texts(system));
        }
        let turns = ["messages", "contents", "input"]
            .iter()
            .find_map(|name| body.get(name))
            .cloned()
            .unwrap_or_default();
        match &turns {
            Value::Array(turns) => turns.iter().for_each(|turn| prompt.add(turn)),
            turn => prompt.add_said("user", turn),
        }
        let tools = body
            .get("tools")
            .or_else(|| body["toolConfig"].get("tools"))
            .cloned()
            .unwrap_or_default();
        prompt.tool = first_name(&tools);
        prompt
    }

    fn add(&mut self, turn: &Value) {
        let role = turn["role"].as_str().unwrap_or_default();
        let content = turn.get("content").or_else(|| turn.get("parts")).unwrap_or(turn);
        let answers: Vec<String> = tool_answers(turn, role);
        self.tool_answer = answers.last().cloned();
        self.texts.extend(answers);
        if self.tool_answer.is_none() {
            self.add_said(role, content);
        }
    }

    fn add_said(&mut self, role: &str, content: &Value) {
        let said = texts(content);
        if role == "user" {
            self.last = said.last().cloned().unwrap_or_default();
        }
        self.texts.extend(said);
    }
}

/// All words of a content: a text, or a list of parts with a `text`.
fn texts(content: &Value) -> Vec<String> {
    match content {
        Value::String(text) => vec![text.clone()],
        Value::Array(parts) => parts
            .iter()
            .filter_map(|part| part.as_str().or_else(|| part["text"].as_str()))
            .map(str::to_owned)
            .collect(),
        _ => Vec::new(),
    }
}

/// What tools answered in a turn.
fn tool_answers(turn: &Value, role: &str) -> Vec<String> {
    if role == "tool" {
        return texts(&turn["content"]);
    }
    if turn["type"] == "function_call_output" {
        return texts(&turn["output"]);
    }
    let parts = turn
        .get("content")
        .or_else(|| turn.get("parts"))
        .and_then(Value::as_array);
    let answers = parts.into_iter().flatten().filter_map(|part| {
        if part["type"] == "tool_result" {
            return texts(&part["content"]).pop();
        }
        if let Some(result) = part.get("toolResult") {
            return texts(&result["content"]).pop();
        }
        part.get("functionResponse")
            .map(|answer| answer["response"].to_string())
    });
    answers.collect()
}

/// The first `name` in the tools of any protocol.
fn first_name(value: &Value) -> Option<String> {
    match value {
        Value::Array(values) => values.iter().find_map(first_name),
        Value::Object(fields) => match fields.get("name") {
            Some(Value::String(name)) => Some(name.clone()),
            _ => fields.values().find_map(first_name),
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_protocol_is_read() {
        for body in [
            json!({"messages": [{"role": "system", "content": "be kind"}, {"role": "user", "content": "hello"}],
                   "tools": [{"type": "function", "function": {"name": "look"}}]}),
            json!({"system": "be kind", "messages": [{"role": "user", "content": [{"type": "text", "text": "hello"}]}],
                   "tools": [{"name": "look", "input_schema": {}}]}),
            json!({"systemInstruction": {"parts": [{"text": "be kind"}]}, "contents": [{"role": "user", "parts": [{"text": "hello"}]}],
                   "tools": [{"functionDeclarations": [{"name": "look"}]}]}),
            json!({"input": [{"type": "message", "role": "system", "content": [{"type": "input_text", "text": "be kind"}]},
                             {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "hello"}]}],
                   "tools": [{"type": "function", "name": "look"}]}),
            json!({"system": [{"text": "be kind"}], "messages": [{"role": "user", "content": [{"text": "hello"}]}],
                   "toolConfig": {"tools": [{"toolSpec": {"name": "look"}}]}}),
        ] {
            let prompt = Prompt::read(&body);
            assert_eq!(prompt.texts, ["be kind", "hello"], "{body}");
            assert_eq!(
                (prompt.last.as_str(), prompt.tool.as_deref()),
                ("hello", Some("look")),
                "{body}"
            );
        }
    }

    #[test]
    fn answers_of_tools_are_seen() {
        for turn in [
            json!({"role": "tool", "tool_call_id": "1", "content": "42"}),
            json!({"role": "user", "content": [{"type": "tool_result", "tool_use_id": "1", "content": "42"}]}),
            json!({"type": "function_call_output", "call_id": "1", "output": "42"}),
            json!({"role": "user", "content": [{"toolResult": {"toolUseId": "1", "content": [{"text": "42"}]}}]}),
        ] {
            let prompt = Prompt::read(&json!({"messages": [{"role": "user", "content": "how much"}, turn]}));
            assert_eq!(prompt.tool_answer.as_deref(), Some("42"));
        }
    }
}
