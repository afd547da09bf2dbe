use std::collections::BTreeMap;

use nakai_api::ChatRequest;
use nakai_llm::{AfterFirstToken, GenerateRequest, Part, Role};
use nakai_types::{BotName, RawText};

use super::fields::{Fields, wrong};
use crate::{Gateway, Message, RequestError};

/// What the name of a bot begins with.
pub(super) const BOT: &str = "bot:";
/// How many models may stand in for each other.
const MAX_MODELS: usize = 8;
/// The metadata that names the conversation with a bot.
const CONVERSATION: &str = "conversation_id";

/// What a caller asks for, in whatever words. Has no `Debug`: it holds what customers say.
pub(super) struct Asked {
    /// The bot or model, and the models that stand in for it.
    pub(super) models: Vec<String>,
    pub(super) request: GenerateRequest,
    /// Whether the answer shall come in pieces.
    pub(super) stream: bool,
    /// Whether the last piece shall say what was used, where that is the caller's choice.
    pub(super) include_usage: bool,
    /// Who the customer is, in the caller's words.
    pub(super) user: Option<RawText>,
    pub(super) metadata: Vec<(String, String)>,
}

/// Reads `model`, and `models` for those that stand in for it. Either will do; both together are `model` first.
pub(super) fn models(fields: &mut Fields) -> Result<Vec<String>, RequestError> {
    let mut models: Vec<String> = fields.text("model")?.into_iter().collect();
    for name in fields.texts("models")? {
        if !models.contains(&name) {
            models.push(name);
        }
    }
    if models.iter().all(String::is_empty) {
        return Err(wrong("model", "is missing; GET /v1/models lists what can be named"));
    }
    if models.len() > MAX_MODELS {
        return Err(wrong("models", &format!("has more than {MAX_MODELS} models")));
    }
    if models.len() > 1 && models.iter().any(|name| name.starts_with(BOT)) {
        return Err(wrong(
            "models",
            "has a bot; a bot has no stand-ins, so name it alone in `model`",
        ));
    }
    Ok(models)
}

/// What the header `x-nakai-after-first-token` wants.
pub(super) fn after_first_token(headers: &http::HeaderMap) -> Result<AfterFirstToken, RequestError> {
    let value = headers
        .get("x-nakai-after-first-token")
        .map(http::HeaderValue::as_bytes);
    match value {
        None | Some(b"fail") => Ok(AfterFirstToken::Fail),
        Some(b"continue") => Ok(AfterFirstToken::Continue),
        Some(_) => Err(RequestError::InvalidRequest(
            "the header `x-nakai-after-first-token` must be `fail` or `continue`".into(),
        )),
    }
}

impl Asked {
    /// The bot, if one is asked.
    pub(super) fn bot(&self) -> Option<&str> {
        self.models.first()?.strip_prefix(BOT)
    }

    /// The customer's message to a bot: the last of the user's. What was said before is the bot's own to remember, so what the caller
    /// says of it does not count.
    pub(super) fn message(self, gateway: &Gateway, headers: &http::HeaderMap) -> Result<Message, RequestError> {
        let bot = self.bot().unwrap_or_default();
        BotName::new(bot).map_err(|_| wrong("model", "must be `bot:` and a bot's name"))?;
        let last = self
            .request
            .messages
            .last()
            .filter(|message| message.role == Role::User);
        let last =
            last.ok_or_else(|| wrong("messages", "must end with a message of the user's when a bot is asked"))?;
        if last.parts.iter().any(|part| matches!(part, Part::Image(_))) {
            return Err(wrong("messages", "has a picture; bots take words only"));
        }
        let header = headers.get("x-nakai-conversation-id").map(|value| {
            value
                .to_str()
                .map(str::to_owned)
                .map_err(|_| RequestError::InvalidRequest("the header `x-nakai-conversation-id` is no id".into()))
        });
        let mut metadata: BTreeMap<&str, &str> = self
            .metadata
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let named = metadata.remove(CONVERSATION).map(str::to_owned);
        let conversation = header.transpose()?.or(named);
        let language = metadata.remove("language");
        let text = last.text();
        let request = ChatRequest {
            text: text.into(),
            conversation_id: conversation.map(Into::into),
            bot: Some(bot.into()),
            user: self.user.as_ref().map(|user| user.expose().into()),
            language: language.map(Into::into),
            metadata: Some(
                metadata
                    .into_iter()
                    .map(|(name, value)| (name.into(), value.into()))
                    .collect(),
            ),
        };
        Message::check(request, &gateway.config)
    }
}
