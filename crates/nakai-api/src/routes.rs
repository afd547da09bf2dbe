//! One function for each route of the gateway, for its documentation only: the gateway has the handlers. The problems that every route
//! shares are added by [`openapi`](crate::openapi).

use crate::{
    AnalyseRequest, AnalyseResponse, BotList, ChatRequest, ChatResponse, ModelEntry, ModelList, Readiness, Stats, Turn,
    TurnList, UsageReport,
};

/// Answers one message of a customer.
///
/// The answer is on disk before it is sent. As JSON, as server-sent events (`accept: text/event-stream`: `turn`, then `delta`s, then
/// `done` with the JSON answer, or `error` with a problem), or as the bare reply (`accept: text/plain`).
#[utoipa::path(
    post, path = "/chat", tag = "chat", operation_id = "chat",
    params(
        ("Idempotency-Key" = Option<String>, Header, min_length = 1, max_length = 255, pattern = "^[!-~]+$",
         description = "A key of the caller's choice: the same key with the same body gets the first answer again."),
        ("Last-Event-ID" = Option<String>, Header,
         description = "With `accept: text/event-stream`: the `id` of the last event that came before the connection broke. What is missing follows; nothing is answered twice."),
        ("traceparent" = Option<String>, Header, description = "W3C trace context, continued in logs and in the answer."),
        ("x-request-id" = Option<String>, Header, description = "An id for the request; made if left out."),
    ),
    request_body(content = ChatRequest, content_type = "application/json"),
    responses((
        status = 200, description = "The answer.",
        content(
            (ChatResponse = "application/json"),
            (String = "text/plain"),
            (String = "text/event-stream"),
        ),
        headers(
            ("x-nakai-turn-id" = String, description = "The turn."),
            ("x-nakai-conversation-id" = String, description = "The conversation."),
            ("x-nakai-bot-version" = String, description = "The bot version that answered."),
            ("x-nakai-overhead-ms" = String, description = "Milliseconds the turn took beside analysis, dialogue and store."),
            ("idempotency-replayed" = String, description = "`true` where this is the first request's answer again."),
        ),
    )),
)]
pub const fn chat() {}

/// The event stream of a turn again, for a client whose connection broke: behind `Last-Event-ID`, or from its beginning.
///
/// Nothing is answered twice. Streams are kept for a minute, and only for the caller that they were made for; later, and after a restart, the
/// stored answer is told. `POST /chat` with `Last-Event-ID` does the same.
#[utoipa::path(
    get, path = "/chat/streams/{turn}", tag = "chat", operation_id = "stream",
    params(
        ("turn" = String, Path, format = "uuid", description = "The `turn_id` of the stream's first event."),
        ("Last-Event-ID" = Option<String>, Header, description = "The `id` of the last event that came."),
    ),
    responses(
        (status = 200, description = "What is missing.", body = String, content_type = "text/event-stream"),
        (status = 204, description = "Nothing is missing."),
    ),
)]
pub const fn stream() {}

/// Shows what each step of understanding makes of a text. Nothing is stored.
#[utoipa::path(
    post, path = "/api/v1/analyse", tag = "understanding", operation_id = "analyse",
    request_body(content = AnalyseRequest, content_type = "application/json"),
    responses((status = 200, description = "What was understood.", body = AnalyseResponse)),
)]
pub const fn analyse() {}

/// Shows a turn with its evidence: what was understood, which rules decided, what was answered.
#[utoipa::path(
    get, path = "/api/v1/turns/{id}", tag = "turns", operation_id = "turn",
    params(("id" = String, Path, format = "uuid", description = "The `turn_id` of a reply.")),
    responses((status = 200, description = "The turn.", body = Turn)),
)]
pub const fn turn() {}

/// Lists the turns of a conversation, in order.
#[utoipa::path(
    get, path = "/api/v1/conversations/{id}/turns", tag = "turns", operation_id = "turns",
    params(
        ("id" = String, Path, format = "uuid", description = "The `conversation_id` of a reply."),
        ("after" = Option<u64>, Query, description = "Only turns after this one of the conversation."),
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 200, description = "How many at most; 50 if left out."),
    ),
    responses((status = 200, description = "The turns.", body = TurnList)),
)]
pub const fn turns() {}

/// Sums up what turns and calls of models used.
#[utoipa::path(
    get, path = "/api/v1/usage", tag = "usage", operation_id = "usage",
    params(
        ("by" = Option<String>, Query,
         description = "By what to tell usage apart: any of `tenant`, `user`, `key`, `bot`, `version`, `intent`, `flow`, `model`, `purpose`, `day`, separated by commas; left out: one sum of all."),
        ("since_ms" = Option<i64>, Query, description = "From when on, milliseconds since 1970-01-01 UTC."),
        ("until_ms" = Option<i64>, Query, description = "Until before when."),
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 10000,
         description = "How many groups at most, those that cost most first; 1000 if left out."),
    ),
    responses((status = 200, description = "What was used.", body = UsageReport)),
)]
pub const fn usage() {}

/// Lists the bots that serve, with their versions.
#[utoipa::path(
    get, path = "/api/v1/bots", tag = "bots", operation_id = "bots",
    responses((status = 200, description = "The bots.", body = BotList)),
)]
pub const fn bots() {}

/// Counts what is stored and what is under way.
#[utoipa::path(
    get, path = "/api/v1/stats", tag = "operation", operation_id = "stats",
    responses((status = 200, description = "The counts.", body = Stats)),
)]
pub const fn stats() {}

/// Asks a bot (`bot:NAME`) or a model (`PROVIDER/MODEL`) in the form of OpenAI's chat completions. Also under `/openai/v1`.
///
/// `docs/openai.md` says what is taken, what is passed on and what is refused. With `stream` the answer is server-sent events.
#[utoipa::path(
    post, path = "/v1/chat/completions", tag = "compatible", operation_id = "chat_completions",
    params(
        ("x-nakai-conversation-id" = Option<String>, Header, format = "uuid", description = "With a bot: the conversation to go on with."),
        ("x-nakai-after-first-token" = Option<String>, Header, pattern = "^(fail|continue)$",
         description = "What becomes of a model's answer that breaks off: `fail` ends it with an error, `continue` lets the next model of `models` go on."),
    ),
    request_body(content = Object, description = "As OpenAI describes it, with `models` for stand-ins.", content_type = "application/json"),
    responses((
        status = 200, description = "The answer, as OpenAI describes it. A bot's has `nakai` with what `/chat` answers.",
        content((Object = "application/json"), (String = "text/event-stream")),
        headers(
            ("x-nakai-model" = String, description = "The model that answered."),
            ("x-nakai-attempts" = String, description = "How many calls of models there were."),
            ("x-nakai-overhead-ms" = String, description = "Milliseconds beside the time at providers, or beside analysis, dialogue and store."),
            ("x-nakai-cost-micros" = String, description = "Millionths of a US dollar; not with `stream`, where the last chunk has it."),
            ("x-nakai-conversation-id" = String, description = "With a bot: the conversation."),
            ("x-nakai-turn-id" = String, description = "With a bot: the turn."),
            ("x-nakai-bot-version" = String, description = "With a bot: the bot version that answered."),
        ),
    )),
)]
pub const fn chat_completions() {}

/// Asks a bot or a model in the form of Anthropic's messages.
///
/// The same as `/v1/chat/completions` in other words, with the same headers.
#[utoipa::path(
    post, path = "/v1/messages", tag = "compatible", operation_id = "messages",
    request_body(content = Object, description = "As Anthropic describes it, with `models` for stand-ins.", content_type = "application/json"),
    responses((
        status = 200, description = "The answer, as Anthropic describes it. A bot's has `nakai` with what `/chat` answers.",
        content((Object = "application/json"), (String = "text/event-stream")),
    )),
)]
pub const fn messages() {}

/// Makes vectors of texts, in the form of OpenAI's embeddings. Also under `/openai/v1`.
#[utoipa::path(
    post, path = "/v1/embeddings", tag = "compatible", operation_id = "embeddings",
    request_body(content = Object, description = "As OpenAI describes it. `nakai/encoder` is the encoder that is part of the program.", content_type = "application/json"),
    responses((status = 200, description = "The vectors, as OpenAI describes them.", body = Object)),
)]
pub const fn embeddings() {}

/// Lists what can be named as `model`: bots and models. Also under `/openai/v1`.
#[utoipa::path(
    get, path = "/v1/models", tag = "compatible", operation_id = "models",
    responses((status = 200, description = "The list.", body = ModelList)),
)]
pub const fn models() {}

/// Says whether something can be named as `model`.
#[utoipa::path(
    get, path = "/v1/models/{id}", tag = "compatible", operation_id = "model",
    params(("id" = String, Path, description = "`bot:NAME`, or `PROVIDER/MODEL` with its `/` as it is or as `%2F`.")),
    responses((status = 200, description = "It can.", body = ModelEntry)),
)]
pub const fn model() {}

/// Says that the process runs. Touches nothing.
#[utoipa::path(
    get, path = "/livez", tag = "operation", operation_id = "livez",
    responses((status = 200, description = "It runs.", body = String, content_type = "text/plain")),
)]
pub const fn livez() {}

/// The same as `/livez`, for those who look here.
#[utoipa::path(
    get, path = "/healthz", tag = "operation", operation_id = "healthz",
    responses((status = 200, description = "It runs.", body = String, content_type = "text/plain")),
)]
pub const fn healthz() {}

/// Says whether requests should be sent here: asks each dependency, at most once a second.
#[utoipa::path(
    get, path = "/readyz", tag = "operation", operation_id = "readyz",
    responses(
        (status = 200, description = "It can serve.", body = Readiness),
        (status = 503, description = "It can't serve, or is stopping.", body = Readiness),
    ),
)]
pub const fn readyz() {}

/// Metrics in Prometheus' text format.
#[utoipa::path(
    get, path = "/metrics", tag = "operation", operation_id = "metrics",
    responses((status = 200, description = "The metrics.", body = String, content_type = "text/plain; version=0.0.4")),
)]
pub const fn metrics() {}

/// This document.
#[utoipa::path(
    get, path = "/openapi.json", tag = "operation", operation_id = "openapi",
    responses((status = 200, description = "OpenAPI 3.1.", body = Object)),
)]
pub const fn openapi() {}
