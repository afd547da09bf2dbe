use std::borrow::Cow;

use nakai_api::{AnalyseRequest, ChatRequest};
use nakai_types::{BotName, ConversationId, Language, RawText};
use serde_json::error::Category;

use crate::{GatewayConfig, RequestError, body_fields, text};

/// How many texts a caller may attach to a request.
const MAX_METADATA: usize = 16;
/// How many characters an attached text may have.
const MAX_METADATA_CHARACTERS: usize = 512;
/// How many characters a caller's name for the customer may have.
const MAX_USER_CHARACTERS: usize = 256;

/// One message of a customer, read and checked.
pub struct Message {
    /// What the customer typed.
    pub text: RawText,
    /// The conversation to go on with.
    pub conversation: Option<ConversationId>,
    /// The bot of a new conversation.
    pub bot: Option<BotName>,
    /// Who the customer is, in the caller's words.
    pub user: Option<RawText>,
    /// The language that the caller asks for.
    pub language: Option<Language>,
    /// What the caller attached.
    pub metadata: Vec<(String, RawText)>,
    /// The key under which the caller may repeat the request.
    pub idempotency_key: Option<String>,
    /// SHA-256 of the body; zeros where there is no key.
    pub body_hash: [u8; 32],
}

impl Message {
    /// Reads the body of `POST /chat`.
    pub fn read(body: &[u8], config: &GatewayConfig) -> Result<Self, RequestError> {
        Self::check(from_json(body, &body_fields::CHAT)?, config)
    }

    /// Checks what was read.
    pub(crate) fn check(request: ChatRequest<'_>, config: &GatewayConfig) -> Result<Self, RequestError> {
        let mut metadata = Vec::new();
        if let Some(attached) = request.metadata {
            if attached.len() > MAX_METADATA {
                return Err(invalid(format!(
                    "`metadata` has {} texts, {MAX_METADATA} are allowed",
                    attached.len()
                )));
            }
            for (name, value) in attached {
                metadata.push((metadata_name(&name)?, metadata_value(value)?));
            }
        }
        if request
            .user
            .as_deref()
            .is_some_and(|user| longer_than(user, MAX_USER_CHARACTERS))
        {
            return Err(invalid(format!(
                "`user` has more than {MAX_USER_CHARACTERS} characters; send an id"
            )));
        }
        Ok(Self {
            text: checked_text(request.text, config)?,
            conversation: request.conversation_id.as_deref().map(parse_conversation).transpose()?,
            bot: request.bot.as_deref().map(parse_bot).transpose()?,
            user: request.user.map(|user| RawText::new(user.into_owned())),
            language: request.language.as_deref().map(parse_language).transpose()?,
            metadata,
            idempotency_key: None,
            body_hash: [0; 32],
        })
    }

    /// The language in which to apologise when nothing better is known.
    pub fn apology_language(&self) -> Language {
        self.language
            .unwrap_or_else(|| text::language_of_script(self.text.expose()))
    }
}

/// A text to analyse, read and checked.
pub(crate) struct Probe {
    pub(crate) text: RawText,
    pub(crate) language: Option<Language>,
    pub(crate) bot: Option<BotName>,
}

impl Probe {
    /// Reads the body of `POST /api/v1/analyse`.
    pub(crate) fn read(body: &[u8], config: &GatewayConfig) -> Result<Self, RequestError> {
        let request: AnalyseRequest<'_> = from_json(body, &body_fields::ANALYSE)?;
        Ok(Self {
            text: checked_text(request.text, config)?,
            language: request.language.as_deref().map(parse_language).transpose()?,
            bot: request.bot.as_deref().map(parse_bot).transpose()?,
        })
    }
}

fn from_json<'a, T: serde::Deserialize<'a>>(
    body: &'a [u8],
    fields: &'static [body_fields::Field],
) -> Result<T, RequestError> {
    // RFC 8259 lets a reader skip a byte order mark; some Windows tools write one.
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    // serde would take an array for an object, its values in the order of the fields.
    if body.trim_ascii_start().starts_with(b"[") {
        return Err(body_fields::explain(body, fields));
    }
    serde_json::from_slice(body).map_err(|error| match error.classify() {
        // serde's own message would quote the caller's text, so the fields are looked at again, one by one.
        Category::Data => body_fields::explain(body, fields),
        Category::Syntax | Category::Eof | Category::Io => {
            let message = error.to_string();
            let reason = message.split(" at line ").next().unwrap_or_default().to_owned();
            RequestError::InvalidJson {
                reason,
                line: error.line(),
                column: error.column(),
            }
        }
    })
}

fn checked_text(text: Cow<'_, str>, config: &GatewayConfig) -> Result<RawText, RequestError> {
    let limit = config.max_text_characters;
    if longer_than(&text, limit) {
        return Err(RequestError::TextTooLong {
            characters: text.chars().count(),
            limit,
        });
    }
    let text = text::defuse(text.into_owned());
    if text.trim().is_empty() {
        Err(RequestError::EmptyText)
    } else {
        Ok(RawText::new(text))
    }
}

/// Counts characters only where the bytes leave it open.
fn longer_than(text: &str, limit: usize) -> bool {
    text.len() > limit && text.chars().count() > limit
}

fn parse_conversation(id: &str) -> Result<ConversationId, RequestError> {
    id.parse()
        .map_err(|_| invalid("`conversation_id` is no id; send one that a reply gave, or leave it out"))
}

fn parse_bot(name: &str) -> Result<BotName, RequestError> {
    BotName::new(name).map_err(|error| invalid(format!("`bot`: {error}")))
}

fn parse_language(tag: &str) -> Result<Language, RequestError> {
    tag.parse().map_err(|error| invalid(format!("`language`: {error}")))
}

/// Names are kept as they are, so they must look like names and not like data.
fn metadata_name(name: &str) -> Result<String, RequestError> {
    let legal = name.len() <= 64
        && name.bytes().next().is_some_and(|b| b.is_ascii_alphabetic())
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'));
    if legal {
        Ok(name.to_owned())
    } else {
        Err(invalid(
            "a name in `metadata` must be 1 to 64 characters of A-Z, a-z, 0-9, `_`, `-` and `.`, and start with a letter",
        ))
    }
}

fn metadata_value(value: Cow<'_, str>) -> Result<RawText, RequestError> {
    if longer_than(&value, MAX_METADATA_CHARACTERS) {
        return Err(invalid(format!(
            "a text in `metadata` has more than {MAX_METADATA_CHARACTERS} characters"
        )));
    }
    Ok(RawText::new(text::defuse(value.into_owned())))
}

fn invalid(detail: impl Into<Cow<'static, str>>) -> RequestError {
    RequestError::InvalidRequest(detail.into())
}

#[cfg(test)]
mod tests {
    use nakai_api::Code;
    use rstest::rstest;

    use super::*;

    fn refusal(body: &[u8]) -> (Code, String) {
        match Message::read(body, &GatewayConfig::default()) {
            Ok(_) => panic!("was accepted"),
            Err(error) => (error.code(), error.detail().into_owned()),
        }
    }

    #[test]
    fn a_text_alone_is_a_message() {
        let message = Message::read(
            "\u{feff}{\"text\": \"\\u304a\u{306f}\"}".as_bytes(),
            &GatewayConfig::default(),
        )
        .unwrap();
        assert_eq!(message.text.expose(), "おは");
        assert_eq!(message.apology_language(), Language::Ja);
        assert!(message.conversation.is_none() && message.bot.is_none() && message.metadata.is_empty());
    }

    #[rstest]
    #[case::not_json(br#"{"text": "a",}"#.as_slice(), Code::InvalidJson, "line 1, column 14")]
    #[case::cut_off(br#"{"text": "a"#.as_slice(), Code::InvalidJson, "EOF")]
    #[case::nothing(b"".as_slice(), Code::InvalidJson, "EOF")]
    #[case::unpaired_surrogate(br#"{"text": "\ud83d"}"#.as_slice(), Code::InvalidJson, "hex escape")]
    #[case::not_utf8(b"{\"text\": \"\xff\"}".as_slice(), Code::InvalidJson, "unicode")]
    #[case::two_values(br#"{"text": "a"} {}"#.as_slice(), Code::InvalidJson, "trailing")]
    #[case::no_object(br#"["a"]"#.as_slice(), Code::InvalidRequest, "must be a JSON object")]
    #[case::no_text(br"{}".as_slice(), Code::InvalidRequest, "`text` is missing")]
    #[case::number_as_text(br#"{"text": 5}"#.as_slice(), Code::InvalidRequest, "`text` must be a text")]
    #[case::null_text(br#"{"text": null}"#.as_slice(), Code::InvalidRequest, "`text` must be a text")]
    #[case::misspelt(br#"{"text": "a", "converstion_id": "x"}"#.as_slice(), Code::InvalidRequest, "did you mean `conversation_id`")]
    #[case::unknown(br#"{"text": "a", "temperature": 1}"#.as_slice(), Code::InvalidRequest, "`temperature`")]
    #[case::twice(br#"{"text": "a", "text": "b"}"#.as_slice(), Code::InvalidRequest, "more than once")]
    #[case::bad_metadata(br#"{"text": "a", "metadata": {"n": 1}}"#.as_slice(), Code::InvalidRequest, "`metadata` must be")]
    #[case::metadata_name(br#"{"text": "a", "metadata": {"taro@example.jp": "1"}}"#.as_slice(), Code::InvalidRequest, "name in `metadata`")]
    #[case::bad_conversation(br#"{"text": "a", "conversation_id": "7"}"#.as_slice(), Code::InvalidRequest, "`conversation_id`")]
    #[case::bad_bot(br#"{"text": "a", "bot": "Ryo kan"}"#.as_slice(), Code::InvalidRequest, "`bot`")]
    #[case::bad_language(br#"{"text": "a", "language": "fr"}"#.as_slice(), Code::InvalidRequest, "`language`")]
    #[case::empty(br#"{"text": " \n\u0000"}"#.as_slice(), Code::EmptyText, "empty")]
    fn what_is_wrong_is_named(#[case] body: &[u8], #[case] code: Code, #[case] hint: &str) {
        let (found, detail) = refusal(body);
        assert_eq!(found, code, "{detail}");
        assert!(detail.contains(hint), "{detail}");
    }

    #[test]
    fn a_refusal_never_repeats_what_the_customer_typed() {
        for body in [
            r#"{"text": "a", "metadata": "taro@example.jp"}"#,
            r#"{"text": ["taro@example.jp"]}"#,
            r#"{"text": "a", "taro@example.jp": 1}"#,
            r#"{"text": "a", "language": "taro@example.jp"}"#,
            r#"{"text": "taro@example.jp" x}"#,
        ] {
            assert!(!refusal(body.as_bytes()).1.contains("taro"), "{body}");
        }
    }

    #[test]
    fn characters_are_counted_not_bytes() {
        let config = GatewayConfig {
            max_text_characters: 3,
            ..GatewayConfig::default()
        };
        assert!(Message::read(r#"{"text": "あああ"}"#.as_bytes(), &config).is_ok());
        let error = Message::read(r#"{"text": "ああああ"}"#.as_bytes(), &config)
            .err()
            .unwrap();
        assert_eq!(error.to_string(), "`text` has 4 characters, 3 are allowed; shorten it");
    }
}
