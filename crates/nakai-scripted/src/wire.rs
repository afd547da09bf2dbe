//! How each protocol writes an answer. Sizes, orders and names are those of the providers' documentation.

mod anthropic;
mod bedrock;
mod gemini;
mod openai_chat;
mod openai_responses;

use bytes::Bytes;
use serde_json::{Value, json};

use crate::answer::{Answer, Usage};

/// A protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wire {
    OpenAiChat,
    OpenAiResponses,
    Anthropic,
    Gemini,
    Bedrock,
}

/// What belongs to an answer beside its words.
#[derive(Debug, Clone)]
pub(crate) struct Envelope {
    pub(crate) id: String,
    pub(crate) model: String,
    /// Whether OpenAI's usage chunk is wanted.
    pub(crate) include_usage: bool,
}

/// An answer in pieces as they go over the network: the opening, one for each piece of text, the end.
pub(crate) struct Frames {
    pub(crate) opening: Vec<Bytes>,
    pub(crate) pieces: Vec<Bytes>,
    pub(crate) end: Vec<Bytes>,
}

impl Wire {
    /// The whole answer as one body.
    pub(crate) fn whole(self, envelope: &Envelope, answer: &Answer) -> Value {
        match self {
            Self::OpenAiChat => openai_chat::whole(envelope, answer),
            Self::OpenAiResponses => openai_responses::whole(envelope, answer),
            Self::Anthropic => anthropic::whole(envelope, answer),
            Self::Gemini => gemini::whole(envelope, answer),
            Self::Bedrock => bedrock::whole(answer),
        }
    }

    /// The answer in pieces.
    pub(crate) fn frames(self, envelope: &Envelope, answer: &Answer) -> Frames {
        match self {
            Self::OpenAiChat => openai_chat::frames(envelope, answer),
            Self::OpenAiResponses => openai_responses::frames(envelope, answer),
            Self::Anthropic => anthropic::frames(envelope, answer),
            Self::Gemini => gemini::frames(envelope, answer),
            Self::Bedrock => bedrock::frames(answer),
        }
    }

    /// The body of a refusal, and the header that names its kind where the protocol has one.
    pub(crate) fn failure(self, status: u16) -> (Value, Option<(&'static str, &'static str)>) {
        let message = format!("scripted failure {status}");
        match self {
            Self::OpenAiChat | Self::OpenAiResponses => {
                let (kind, code) = match status {
                    401 => ("invalid_request_error", "invalid_api_key"),
                    403 => ("permission_error", "not_allowed"),
                    404 => ("invalid_request_error", "model_not_found"),
                    429 => ("requests", "rate_limit_exceeded"),
                    400..500 => ("invalid_request_error", "invalid_request"),
                    _ => ("server_error", "server_error"),
                };
                (
                    json!({"error": {"message": message, "type": kind, "param": null, "code": code}}),
                    None,
                )
            }
            Self::Anthropic => {
                let kind = match status {
                    401 => "authentication_error",
                    403 => "permission_error",
                    404 => "not_found_error",
                    429 => "rate_limit_error",
                    529 | 503 => "overloaded_error",
                    400..500 => "invalid_request_error",
                    _ => "api_error",
                };
                (
                    json!({"type": "error", "error": {"type": kind, "message": message}}),
                    None,
                )
            }
            Self::Gemini => {
                let kind = match status {
                    401 => "UNAUTHENTICATED",
                    403 => "PERMISSION_DENIED",
                    404 => "NOT_FOUND",
                    429 => "RESOURCE_EXHAUSTED",
                    503 => "UNAVAILABLE",
                    400..500 => "INVALID_ARGUMENT",
                    _ => "INTERNAL",
                };
                (
                    json!({"error": {"code": status, "message": message, "status": kind}}),
                    None,
                )
            }
            Self::Bedrock => {
                let kind = match status {
                    401 => "UnrecognizedClientException",
                    403 => "AccessDeniedException",
                    404 => "ResourceNotFoundException",
                    429 => "ThrottlingException",
                    503 => "ServiceUnavailableException",
                    400..500 => "ValidationException",
                    _ => "InternalServerException",
                };
                (json!({"message": message}), Some(("x-amzn-errortype", kind)))
            }
        }
    }

    /// What a stream says when something goes wrong in it.
    pub(crate) fn error_frame(self) -> Bytes {
        match self {
            Self::OpenAiChat => {
                data(&json!({"error": {"message": "scripted failure", "type": "server_error", "code": null}}))
            }
            Self::OpenAiResponses => event(
                "error",
                &json!({"type": "error", "code": "server_error", "message": "scripted failure"}),
            ),
            Self::Anthropic => event(
                "error",
                &json!({"type": "error", "error": {"type": "overloaded_error", "message": "scripted failure"}}),
            ),
            Self::Gemini => {
                data(&json!({"error": {"code": 503, "message": "scripted failure", "status": "UNAVAILABLE"}}))
            }
            Self::Bedrock => bedrock::exception("modelStreamErrorException", "scripted failure"),
        }
    }

    pub(crate) const fn stream_type(self) -> &'static str {
        match self {
            Self::Bedrock => "application/vnd.amazon.eventstream",
            _ => "text/event-stream",
        }
    }
}

/// A server-sent event without a name.
fn data(value: &Value) -> Bytes {
    Bytes::from(format!("data: {value}\n\n"))
}

/// A server-sent event with a name.
fn event(name: &str, value: &Value) -> Bytes {
    Bytes::from(format!("event: {name}\ndata: {value}\n\n"))
}

fn total(usage: Usage) -> u64 {
    usage.input + usage.output
}
