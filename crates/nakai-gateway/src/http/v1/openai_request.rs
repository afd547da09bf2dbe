//! Reads OpenAI's chat completions.

use nakai_llm::{GenerateRequest, Message, OutputFormat, Part, Role, ToolCall, ToolChoice, ToolDefinition};
use nakai_types::RawText;
use serde_json::{Value, json};

use super::{
    asked::{Asked, models},
    fields::{Fields, Item, wrong},
};
use crate::RequestError;

/// Fields whose answers would be lost on the way back, so they are refused rather than ignored.
const REFUSED: [(&str, &str); 5] = [
    ("audio", "is not supported; answers are words"),
    ("functions", "is OpenAI's older form; use `tools`"),
    ("function_call", "is OpenAI's older form; use `tool_choice`"),
    ("top_logprobs", "is not supported; answers have no probabilities"),
    (
        "web_search_options",
        "is not supported; name a model that searches by itself",
    ),
];

pub(super) fn read(body: &[u8]) -> Result<Asked, RequestError> {
    let mut fields = Fields::read(body)?;
    let models = models(&mut fields)?;
    if fields.take("n").is_some_and(|n| n != json!(1)) {
        return Err(wrong("n", "must be 1; ask again for another answer"));
    }
    if fields.flag("logprobs")? == Some(true) {
        return Err(wrong("logprobs", "is not supported; answers have no probabilities"));
    }
    if fields.texts("modalities")?.iter().any(|name| name != "text") {
        return Err(wrong("modalities", "may only have `text`"));
    }
    for (name, why) in REFUSED {
        if fields.take(name).is_some() {
            return Err(wrong(name, why));
        }
    }
    let stream = fields.flag("stream")?.unwrap_or_default();
    let include_usage = match fields.object("stream_options")? {
        Some(mut options) => options.flag("include_usage")?.unwrap_or_default(),
        None => false,
    };
    let longest = fields.whole_number("max_completion_tokens")?;
    let longest = longest.or(fields.whole_number("max_tokens")?);
    let messages = fields.list("messages")?;
    if messages.is_empty() {
        return Err(wrong("messages", "is missing or empty"));
    }
    let user = fields.text("user")?.map(RawText::new);
    let metadata = fields.text_map("metadata")?;
    let mut request = GenerateRequest {
        messages: messages.into_iter().map(message).collect::<Result<_, _>>()?,
        tools: fields.list("tools")?.into_iter().map(tool).collect::<Result<_, _>>()?,
        tool_choice: tool_choice(&mut fields)?,
        output: output(&mut fields)?,
        max_output_tokens: longest,
        temperature: fields.number("temperature", 0.0, 2.0)?,
        top_p: fields.number("top_p", 0.0, 1.0)?,
        stop: fields.texts("stop")?,
        seed: fields.integer("seed")?,
        ..GenerateRequest::default()
    };
    request.further = fields.rest();
    if !metadata.is_empty() {
        let texts = metadata.iter().map(|(name, value)| (name.clone(), json!(value)));
        request
            .further
            .insert("metadata".into(), Value::Object(texts.collect()));
    }
    Ok(Asked {
        models,
        request,
        stream,
        include_usage,
        user,
        metadata,
    })
}

fn message(item: Item) -> Result<Message, RequestError> {
    let mut fields = item.fields()?;
    let role = match fields.required_text("role")?.as_str() {
        "system" | "developer" => Role::System,
        "user" => Role::User,
        "assistant" => Role::Assistant,
        "tool" => Role::Tool,
        _ => return Err(fields.wrong("role", "must be system, developer, user, assistant or tool")),
    };
    let tool_call_id = fields.text("tool_call_id")?;
    if role == Role::Tool && tool_call_id.is_none() {
        return Err(fields.wrong("tool_call_id", "is missing"));
    }
    Ok(Message {
        role,
        parts: parts(&mut fields)?,
        tool_calls: fields
            .list("tool_calls")?
            .into_iter()
            .map(tool_call)
            .collect::<Result<_, _>>()?,
        tool_call_id,
    })
}

fn parts(fields: &mut Fields) -> Result<Vec<Part>, RequestError> {
    match fields.take("content") {
        None => Ok(Vec::new()),
        Some(Value::String(text)) => Ok(vec![Part::Text(text)]),
        Some(Value::Array(values)) => {
            let path = fields.place("content");
            let items = values.into_iter().enumerate().map(|(number, value)| Item {
                path: format!("{path}[{number}]"),
                value,
            });
            items.map(part).collect()
        }
        Some(_) => Err(fields.wrong("content", "must be a text or a list of parts")),
    }
}

fn part(item: Item) -> Result<Part, RequestError> {
    let mut fields = item.fields()?;
    match fields.required_text("type")?.as_str() {
        "text" => Ok(Part::Text(fields.required_text("text")?)),
        "refusal" => Ok(Part::Text(fields.required_text("refusal")?)),
        "image_url" => {
            let image = fields.object("image_url")?;
            let mut image = image.ok_or_else(|| fields.wrong("image_url", "is missing"))?;
            Ok(Part::Image(image.required_text("url")?))
        }
        _ => Err(fields.wrong("type", "must be text or image_url; sound and files are not supported")),
    }
}

fn tool_call(item: Item) -> Result<ToolCall, RequestError> {
    let mut fields = item.fields()?;
    let function = fields.object("function")?;
    let mut function = function.ok_or_else(|| fields.wrong("function", "is missing"))?;
    Ok(ToolCall {
        id: fields.required_text("id")?,
        name: function.required_text("name")?,
        arguments: function.text("arguments")?.unwrap_or_default(),
    })
}

fn tool(item: Item) -> Result<ToolDefinition, RequestError> {
    let mut fields = item.fields()?;
    if fields.text("type")?.is_some_and(|kind| kind != "function") {
        return Err(fields.wrong("type", "must be function"));
    }
    let function = fields.object("function")?;
    let mut function = function.ok_or_else(|| fields.wrong("function", "is missing"))?;
    Ok(ToolDefinition {
        name: function.required_text("name")?,
        description: function.text("description")?.unwrap_or_default(),
        parameters: function
            .take("parameters")
            .unwrap_or_else(|| json!({"type": "object", "properties": {}})),
        strict: function.flag("strict")?.unwrap_or_default(),
    })
}

fn tool_choice(fields: &mut Fields) -> Result<ToolChoice, RequestError> {
    const WHAT: &str = "must be none, auto, required, or name a function";
    match fields.take("tool_choice") {
        None => Ok(ToolChoice::Auto),
        Some(Value::String(word)) => match word.as_str() {
            "auto" => Ok(ToolChoice::Auto),
            "none" => Ok(ToolChoice::Never),
            "required" => Ok(ToolChoice::Any),
            _ => Err(fields.wrong("tool_choice", WHAT)),
        },
        Some(choice) => match choice["function"]["name"].as_str() {
            Some(name) => Ok(ToolChoice::Named(name.to_owned())),
            None => Err(fields.wrong("tool_choice", WHAT)),
        },
    }
}

fn output(fields: &mut Fields) -> Result<OutputFormat, RequestError> {
    let Some(mut format) = fields.object("response_format")? else {
        return Ok(OutputFormat::Text);
    };
    match format.required_text("type")?.as_str() {
        "text" => Ok(OutputFormat::Text),
        "json_object" => Ok(OutputFormat::JsonObject),
        "json_schema" => {
            let schema = format.object("json_schema")?;
            let mut schema = schema.ok_or_else(|| format.wrong("json_schema", "is missing"))?;
            Ok(OutputFormat::JsonSchema {
                name: schema.required_text("name")?,
                strict: schema.flag("strict")?.unwrap_or_default(),
                schema: schema.take("schema").unwrap_or_else(|| json!({"type": "object"})),
            })
        }
        _ => Err(format.wrong("type", "must be text, json_object or json_schema")),
    }
}
