use std::fmt;

use nakai_types::ErrorKind;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

macro_rules! codes {
    ($($variant:ident = $name:literal, $kind:ident $(as $status:literal)?, $meaning:literal, $cure:literal;)*) => {
        /// The closed list of problems that a caller can meet. The name of a code never changes.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
        pub enum Code {
            $(#[doc = $meaning] #[serde(rename = $name)] $variant,)*
        }

        impl Code {
            /// All codes, in the order of the reference.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The name on the wire, in logs and in metrics.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }

            /// The kind of failure.
            pub const fn kind(self) -> ErrorKind {
                match self { $(Self::$variant => ErrorKind::$kind),* }
            }

            /// What it means, in one sentence without a full stop. The `title` of the problem.
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$variant => $meaning),* }
            }

            /// What the caller or the operator does about it.
            pub const fn cure(self) -> &'static str {
                match self { $(Self::$variant => $cure),* }
            }

            /// The URI that names it in `type`.
            pub const fn uri(self) -> &'static str {
                match self { $(Self::$variant => concat!("urn:nakai:error:", $name)),* }
            }

            /// The HTTP status: that of its kind, unless HTTP has a closer one.
            pub const fn status(self) -> u16 {
                match self { $(Self::$variant => codes!(@status self $($status)?)),* }
            }
        }
    };
    (@status $code:ident) => { crate::status_of($code.kind()) };
    (@status $code:ident $status:literal) => { $status };
}

codes! {
    InvalidJson = "invalid_json", Invalid,
        "the body is not JSON", "Send one JSON object in UTF-8. The detail names the line and column at which reading stopped.";
    InvalidRequest = "invalid_request", Invalid,
        "a field is missing, unknown, or not of its type", "Change the field that the detail names; `/openapi.json` describes every field.";
    EmptyText = "empty_text", Invalid,
        "the text is empty", "Send at least one character that is not white space.";
    TextTooLong = "text_too_long", TooLarge,
        "the text has too many characters", "Shorten the text, or raise `gateway.max_text_characters`.";
    BodyTooLarge = "body_too_large", TooLarge,
        "the body has too many bytes", "Send less, or raise `gateway.max_body_bytes`.";
    BodyTimeout = "body_timeout", Timeout as 408,
        "the body did not arrive in time", "Send the body at once; the limit is `gateway.body_read_seconds`.";
    BodyIncomplete = "body_incomplete", Invalid,
        "the connection broke before the body was complete", "Send the request again.";
    UnsupportedMediaType = "unsupported_media_type", Invalid as 415,
        "the content type is not JSON", "Send the header `content-type: application/json`.";
    Unauthenticated = "unauthenticated", Unauthenticated,
        "the caller did not say who it is, or not convincingly",
        "Send `authorization: Bearer KEY` or `x-api-key: KEY` with the value of `gateway.bootstrap_key`. Without a key only direct callers on the same machine are let in.";
    RouteNotFound = "route_not_found", NotFound,
        "there is no such route", "See `/openapi.json` for the routes.";
    MethodNotAllowed = "method_not_allowed", Invalid as 405,
        "the route does not know this method", "Use a method that the `allow` header lists.";
    BotNotFound = "bot_not_found", NotFound,
        "no bot of this name serves", "Use a name that `GET /api/v1/bots` lists, or push and activate the bot first.";
    ModelNotFound = "model_not_found", NotFound,
        "the model's name leads nowhere", "Name a model as `PROVIDER/MODEL` or a bot as `bot:NAME`; `GET /v1/models` lists both. A provider must be set up, by its key in the environment or under `models.providers`.";
    ModelNotAllowed = "model_not_allowed", Forbidden,
        "the settings do not let this model be asked", "Name another model, or add this one to `models.allow`.";
    ConversationNotFound = "conversation_not_found", NotFound,
        "there is no such conversation", "Leave `conversation_id` out to begin a new conversation.";
    ConversationOfAnotherBot = "conversation_of_another_bot", Conflict,
        "the conversation is with another bot", "Leave `bot` out, or leave `conversation_id` out to begin a new conversation.";
    ConversationBusy = "conversation_busy", RateLimited,
        "too many messages of this conversation wait for their turn", "Wait for replies before sending more.";
    ConversationChanged = "conversation_changed", Conflict,
        "other messages of this conversation kept coming first", "Send the message again.";
    TurnNotFound = "turn_not_found", NotFound,
        "there is no such turn", "Use a `turn_id` that a reply gave; turns are removed when their retention ends.";
    InvalidIdempotencyKey = "invalid_idempotency_key", Invalid,
        "the idempotency key can't be used", "Send 1 to 255 printable ASCII characters, for example a UUID.";
    IdempotencyKeyReused = "idempotency_key_reused", Invalid as 422,
        "the idempotency key was used with another body", "Use a new key for every new message.";
    IdempotencyKeyInFlight = "idempotency_key_in_flight", Conflict,
        "the first request with this idempotency key is still being answered", "Repeat the request after the time in `retry-after`.";
    Overloaded = "overloaded", Unavailable,
        "more turns are open than this server takes", "Repeat the request after the time in `retry-after`; if it lasts, add machines or raise `gateway.max_turns`.";
    NlpUnavailable = "nlp_unavailable", Unavailable,
        "the NLP service can't be reached", "Repeat the request later. Operators: see `/readyz` and the log.";
    DialogueUnavailable = "dialogue_unavailable", Unavailable,
        "the dialogue service can't be reached", "Repeat the request later. Operators: see `/readyz` and the log.";
    StoreUnavailable = "store_unavailable", Unavailable,
        "the database can't be used", "Repeat the request later. Operators: see `/readyz`, the log and `nakai doctor`.";
    DeadlineExceeded = "deadline_exceeded", Timeout,
        "the time set for the request ran out", "Repeat the request with the same idempotency key; the limit is `gateway.turn_seconds`.";
    ProviderKeyRejected = "provider_key_rejected", Internal as 502,
        "the model's provider rejects the key", "Operators: check the provider's key in the environment and that it belongs to this address.";
    ProviderNotAllowed = "provider_not_allowed", Internal as 502,
        "the provider's key may not use the model", "Operators: give the key access to the model. Callers: name another model.";
    ProviderModelNotFound = "provider_model_not_found", NotFound,
        "the provider has no such model", "Check the model's name in the provider's list.";
    ProviderInvalidRequest = "provider_invalid_request", Invalid,
        "the provider does not take the request", "Change the request as the message says.";
    ProviderContextTooLong = "provider_context_too_long", Invalid,
        "the request and its answer are longer than the model can take", "Shorten the messages or the longest answer, or name a model that takes more.";
    ProviderContentRefused = "provider_content_refused", Invalid,
        "the provider's filter refuses the request", "Say it in other words, or name another model.";
    ProviderRateLimited = "provider_rate_limited", RateLimited,
        "the provider takes no more requests or tokens for now", "Repeat the request after the time in `retry-after`. Operators: raise the limit at the provider. Callers: name stand-ins in `models`.";
    ProviderQuotaExhausted = "provider_quota_exhausted", Internal as 502,
        "the account at the provider has no money or quota left", "Operators: pay, or raise the quota at the provider.";
    ProviderOverloaded = "provider_overloaded", Unavailable,
        "the provider has too much to do", "Repeat the request later, or name stand-ins in `models`.";
    ProviderFailed = "provider_failed", Unavailable as 502,
        "the provider failed", "Repeat the request later, or name stand-ins in `models`.";
    ProviderUnreachable = "provider_unreachable", Unavailable as 502,
        "the provider can't be reached", "Operators: check the provider's address and the network.";
    ProviderFirstTokenTimeout = "provider_first_token_timeout", Timeout,
        "the provider did not begin to answer in time", "Repeat the request, or name stand-ins in `models`; the limit is `models.timeouts.first_token_ms`.";
    ProviderTokenTimeout = "provider_token_timeout", Timeout,
        "the provider fell silent in the middle of the answer", "Repeat the request; the limit is `models.timeouts.between_tokens_ms`.";
    ProviderTotalTimeout = "provider_total_timeout", Timeout,
        "the whole answer did not come in time", "Ask for a shorter answer; the limits are `models.timeouts.total_ms` and `gateway.model_seconds`.";
    ProviderStreamCut = "provider_stream_cut", Unavailable as 502,
        "the provider's answer broke off", "Repeat the request, or name stand-ins in `models`. What was sent so far is not the whole answer.";
    ProviderMalformed = "provider_malformed", Internal as 502,
        "the provider's answer can't be read", "Operators: check that the address speaks the protocol that the settings name.";
    BotUnusable = "bot_unusable", Internal,
        "the bot version of the conversation can't be used", "Operators: push the version again, or begin a new conversation. The log has the reason under the same request id.";
    Internal = "internal", Internal,
        "something failed that should not", "Operators: look into the log under the same request id. A report helps us to mend it.";
}

impl Code {
    /// The reference of all codes as Markdown, the content of `docs/reference/errors.md`.
    pub fn reference() -> String {
        let mut page = String::from(
            "# Errors\n\n\
             Every problem has the media type `application/problem+json` (RFC 9457) and a stable `code`. Its `type` is `urn:nakai:error:CODE`.\n\
             A problem that ends a customer's turn also has `reply`, a scripted apology to show, and `outcome`, which is `unavailable`.\n\
             The routes under `/v1` say the same in the form of OpenAI or Anthropic, with the same `code`.\n\n\
             | code | status | try again? | meaning | what to do |\n|---|---|---|---|---|\n",
        );
        for code in Self::ALL {
            let again = if code.kind().is_retryable() { "yes" } else { "no" };
            page.push_str(&format!(
                "| `{code}` | {} | {again} | {} | {} |\n",
                code.status(),
                code.meaning(),
                code.cure()
            ));
        }
        page
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_code_has_a_name_of_its_own_and_a_row_in_the_reference() {
        let names: BTreeSet<_> = Code::ALL.iter().map(|code| code.name()).collect();
        assert_eq!(names.len(), Code::ALL.len());
        let page = Code::reference();
        assert!(names.iter().all(|name| page.contains(&format!("| `{name}` |"))));
    }

    #[test]
    fn a_code_reads_back_from_the_wire() {
        for code in Code::ALL {
            let json = serde_json::to_string(code).unwrap();
            assert_eq!(json, format!("\"{code}\""));
            assert_eq!(serde_json::from_str::<Code>(&json).unwrap(), *code);
        }
    }

    #[test]
    fn statuses_stay_in_the_class_of_their_kind() {
        for code in Code::ALL {
            let ours = matches!(
                code.kind(),
                ErrorKind::Internal | ErrorKind::Unavailable | ErrorKind::Timeout
            ) && *code != Code::BodyTimeout;
            assert_eq!(code.status() >= 500, ours, "{code}");
        }
    }
}
