//! Reads Anthropic's messages.

use nakai_llm::{GenerateRequest, Message, Part, Role, ToolCall, ToolChoice, ToolDefinition};
use nakai_types::RawText;
use serde_json::{Value, json};

use super::{
    asked::{Asked, models},
    fields::{Fields, Item, wrong},
};
use crate::RequestError;

pub(super) fn read(body: &[u8]) -> Result<Asked, RequestError> {
    let mut fields = Fields::read(body)?;
    let models = models(&mut fields)?;
    let longest = fields.whole_number("max_tokens")?;
    let longest = longest.ok_or_else(|| wrong("max_tokens", "is missing"))?;
    let mut messages = Vec::new();
    let system = texts_of(content(&mut fields, "system")?)?;
    if !system.is_empty() {
        messages.push(Message::new(Role::System, system));
    }
    let said = fields.list("messages")?;
    if said.is_empty() {
        return Err(wrong("messages", "is missing or empty"));
    }
    for item in said {
        add_message(item, &mut messages)?;
    }
    let mut metadata = fields.object("metadata")?;
    let user = match &mut metadata {
        Some(metadata) => metadata.text("user_id")?.map(RawText::new),
        None => None,
    };
    let metadata = metadata.map(Fields::rest).unwrap_or_default();
    let metadata = metadata
        .into_iter()
        .filter_map(|(name, value)| Some((name, value.as_str()?.to_owned())))
        .collect();
    let request = GenerateRequest {
        messages,
        tools: fields.list("tools")?.into_iter().map(tool).collect::<Result<_, _>>()?,
        tool_choice: tool_choice(&mut fields)?,
        max_output_tokens: Some(longest),
        temperature: fields.number("temperature", 0.0, 1.0)?,
        top_p: fields.number("top_p", 0.0, 1.0)?,
        stop: fields.texts("stop_sequences")?,
        ..GenerateRequest::default()
    };
    Ok(Asked {
        models,
        request,
        stream: fields.flag("stream")?.unwrap_or_default(),
        include_usage: true,
        user,
        metadata,
    })
}

/// The blocks of a content, which may be a text too.
fn content(fields: &mut Fields, name: &str) -> Result<Vec<Item>, RequestError> {
    let path = fields.place(name);
    match fields.take(name) {
        None => Ok(Vec::new()),
        Some(Value::String(text)) => Ok(vec![Item {
            path,
            value: json!({"type": "text", "text": text}),
        }]),
        Some(Value::Array(values)) => Ok(values
            .into_iter()
            .enumerate()
            .map(|(number, value)| Item {
                path: format!("{path}[{number}]"),
                value,
            })
            .collect()),
        Some(_) => Err(fields.wrong(name, "must be a text or a list of blocks")),
    }
}

/// The words of blocks that may only be words.
fn texts_of(blocks: Vec<Item>) -> Result<String, RequestError> {
    let mut texts = Vec::new();
    for block in blocks {
        let mut block = block.fields()?;
        if block.required_text("type")? != "text" {
            return Err(block.wrong("type", "must be text here"));
        }
        texts.push(block.required_text("text")?);
    }
    Ok(texts.join("\n"))
}

/// One message of theirs may be several of ours: answers of tools come first, then what the user says.
fn add_message(item: Item, messages: &mut Vec<Message>) -> Result<(), RequestError> {
    let mut fields = item.fields()?;
    let role = match fields.required_text("role")?.as_str() {
        "user" => Role::User,
        "assistant" => Role::Assistant,
        _ => return Err(fields.wrong("role", "must be user or assistant")),
    };
    let mut message = Message {
        role,
        parts: Vec::new(),
        tool_calls: Vec::new(),
        tool_call_id: None,
    };
    for block in content(&mut fields, "content")? {
        let mut block = block.fields()?;
        match (role, block.required_text("type")?.as_str()) {
            (_, "text") => message.parts.push(Part::Text(block.required_text("text")?)),
            (Role::User, "image") => message.parts.push(Part::Image(image(&mut block)?)),
            (Role::User, "tool_result") => {
                let result = texts_of(content(&mut block, "content")?)?;
                messages.push(Message::tool(block.required_text("tool_use_id")?, result));
            }
            (Role::Assistant, "tool_use") => message.tool_calls.push(ToolCall {
                id: block.required_text("id")?,
                name: block.required_text("name")?,
                arguments: block.take("input").unwrap_or_else(|| json!({})).to_string(),
            }),
            // What a model said to itself is of no use to another one.
            (Role::Assistant, "thinking" | "redacted_thinking") => {}
            _ => {
                return Err(block.wrong(
                    "type",
                    "must be text, image, tool_result (of the user) or tool_use (of the assistant)",
                ));
            }
        }
    }
    if !message.parts.is_empty() || !message.tool_calls.is_empty() {
        messages.push(message);
    }
    Ok(())
}

fn image(block: &mut Fields) -> Result<String, RequestError> {
    let source = block.object("source")?;
    let mut source = source.ok_or_else(|| block.wrong("source", "is missing"))?;
    match source.required_text("type")?.as_str() {
        "base64" => Ok(format!(
            "data:{};base64,{}",
            source.required_text("media_type")?,
            source.required_text("data")?
        )),
        "url" => source.required_text("url"),
        _ => Err(source.wrong("type", "must be base64 or url")),
    }
}

fn tool(item: Item) -> Result<ToolDefinition, RequestError> {
    let mut fields = item.fields()?;
    if fields.text("type")?.is_some_and(|kind| kind != "custom") {
        return Err(fields.wrong(
            "type",
            "is a tool that runs at the provider, which is not supported; define your own",
        ));
    }
    Ok(ToolDefinition {
        name: fields.required_text("name")?,
        description: fields.text("description")?.unwrap_or_default(),
        parameters: fields
            .take("input_schema")
            .ok_or_else(|| fields.wrong("input_schema", "is missing"))?,
        strict: fields.flag("strict")?.unwrap_or_default(),
    })
}

fn tool_choice(fields: &mut Fields) -> Result<ToolChoice, RequestError> {
    let Some(mut choice) = fields.object("tool_choice")? else {
        return Ok(ToolChoice::Auto);
    };
    match choice.required_text("type")?.as_str() {
        "auto" => Ok(ToolChoice::Auto),
        "none" => Ok(ToolChoice::Never),
        "any" => Ok(ToolChoice::Any),
        "tool" => Ok(ToolChoice::Named(choice.required_text("name")?)),
        _ => Err(choice.wrong("type", "must be auto, any, tool or none")),
    }
}
