//! `POST /v1/embeddings`: vectors of texts, by a provider or by the encoder that is part of the program.

use std::sync::Arc;

use ::http::{HeaderMap, Request, request::Parts};
use axum::{body::Body, extract::State, response::Response};
use base64::{Engine, prelude::BASE64_STANDARD};
use nakai_llm::{AfterFirstToken, EmbedRequest, EmbeddingInput, TokenUsage};
use nakai_types::RawText;
use serde_json::{Value, json};

use super::{
    COST_MICROS, Dialect,
    asked::models,
    failure::{Failed, refuse},
    fields::{Fields, wrong},
    insert_model, insert_overhead,
};
use crate::{
    Action, Gateway, RequestContext, RequestError, TextEncoder,
    http::{SharedGateway, body, context_of, enter, header_value, json},
    model_calls::ModelCalls,
};

/// The encoder that is part of the program.
pub(super) const ENCODER: &str = "nakai/encoder";
/// How many texts a request may have, as at OpenAI.
const MAX_INPUTS: usize = 2048;

/// `POST /v1/embeddings`.
pub(super) async fn embeddings(State(gateway): SharedGateway, request: Request<Body>) -> Response {
    let (head, body) = request.into_parts();
    let context = context_of(&head);
    match answer(&gateway, &head, body, &context).await {
        Ok(response) => response,
        Err(error) => refuse(&Failed::Request(error), &context, Dialect::OpenAi),
    }
}

/// What is asked for.
struct Asked {
    models: Vec<String>,
    request: EmbedRequest,
    base64: bool,
    user: Option<RawText>,
}

/// What comes back.
struct Embedded {
    model: String,
    vectors: Vec<Vec<f32>>,
    usage: TokenUsage,
    cost_micros: u64,
    attempts: usize,
    overhead: std::time::Duration,
}

async fn answer(
    gateway: &Arc<Gateway>,
    head: &Parts,
    body: Body,
    context: &RequestContext,
) -> Result<Response, RequestError> {
    let caller = enter(gateway, head, Action::AskModels)?;
    body::require_json(&head.headers)?;
    let _admitted = gateway.admission.admit().await?;
    let body = body::read_up_to(gateway.config.max_model_body_bytes, body, &gateway.config).await?;
    let mut asked = read(&body)?;
    let embedded = match &gateway.encoder {
        Some(encoder) if asked.models.iter().any(|name| name == ENCODER) => {
            if asked.models.len() > 1 {
                return Err(wrong(
                    "models",
                    "has `nakai/encoder`, whose vectors no other model makes; name it alone",
                ));
            }
            encode(gateway, Arc::clone(encoder), asked.request, context).await?
        }
        _ => {
            let route = gateway.models.route(&asked.models, AfterFirstToken::Fail)?;
            let first = asked.models.first().map_or("", String::as_str);
            let mut calls = ModelCalls::begin(gateway, caller, context, "embedding", first);
            asked.request.user = calls.of_user(asked.user.take());
            let answered = route
                .embed(&asked.request, context.arrived + gateway.model_time())
                .await;
            calls.end();
            let (embeddings, attempts) = answered.inspect_err(|failed| calls.note(&failed.attempts, None))?;
            calls.note(&attempts, Some(embeddings.usage));
            let model = attempts.last().map(|attempt| attempt.target.as_ref().to_owned());
            Embedded {
                model: model.unwrap_or_default(),
                vectors: embeddings.vectors,
                usage: embeddings.usage,
                cost_micros: calls.cost_micros(),
                attempts: calls.count(),
                overhead: calls.overhead(),
            }
        }
    };
    let mut response = json(&written(&embedded, asked.base64));
    insert_headers(response.headers_mut(), &embedded);
    Ok(response)
}

fn read(body: &[u8]) -> Result<Asked, RequestError> {
    let mut fields = Fields::read(body)?;
    let models = models(&mut fields)?;
    let inputs = inputs(&mut fields)?;
    if inputs.is_empty() || inputs.len() > MAX_INPUTS {
        return Err(wrong("input", &format!("must have 1 to {MAX_INPUTS} texts")));
    }
    let base64 = match fields.text("encoding_format")?.as_deref() {
        None | Some("float") => false,
        Some("base64") => true,
        Some(_) => return Err(wrong("encoding_format", "must be float or base64")),
    };
    let request = EmbedRequest {
        inputs,
        dimensions: fields.whole_number("dimensions")?,
        input_type: fields.text("input_type")?,
        user: None,
    };
    Ok(Asked {
        models,
        request,
        base64,
        user: fields.text("user")?.map(RawText::new),
    })
}

/// A text, a list of texts, a text in token numbers, or a list of these.
fn inputs(fields: &mut Fields) -> Result<Vec<EmbeddingInput>, RequestError> {
    let wrong = || {
        wrong(
            "input",
            "must be a text, a list of texts that are not empty, or the same in token numbers",
        )
    };
    match fields.take("input") {
        Some(Value::Array(values)) if values.iter().all(Value::is_u64) => {
            Ok(vec![input(Value::Array(values)).ok_or_else(wrong)?])
        }
        Some(Value::Array(values)) => values.into_iter().map(|value| input(value).ok_or_else(wrong)).collect(),
        Some(value) => Ok(vec![input(value).ok_or_else(wrong)?]),
        None => Err(wrong()),
    }
}

fn input(value: Value) -> Option<EmbeddingInput> {
    match value {
        Value::String(text) => (!text.is_empty()).then_some(EmbeddingInput::Text(text)),
        Value::Array(numbers) => {
            let number = |value: &Value| u32::try_from(value.as_u64()?).ok();
            let tokens: Vec<u32> = numbers.iter().map(number).collect::<Option<_>>()?;
            (!tokens.is_empty()).then_some(EmbeddingInput::Tokens(tokens))
        }
        _ => None,
    }
}

/// Asks the encoder, on a thread where it may take its time.
async fn encode(
    gateway: &Gateway,
    encoder: Arc<dyn TextEncoder>,
    request: EmbedRequest,
    context: &RequestContext,
) -> Result<Embedded, RequestError> {
    if request
        .dimensions
        .is_some_and(|wanted| usize::try_from(wanted) != Ok(encoder.dimension()))
    {
        let what = format!(
            "must be {} or left out: the encoder makes no others",
            encoder.dimension()
        );
        return Err(wrong("dimensions", &what));
    }
    let texts = request.inputs.into_iter().map(|input| match input {
        EmbeddingInput::Text(text) => Ok(text),
        EmbeddingInput::Tokens(_) => Err(wrong("input", "must be texts: the encoder takes no token numbers")),
    });
    let texts: Vec<String> = texts.collect::<Result<_, _>>()?;
    let began = std::time::Instant::now();
    let encoded = gateway.tasks.spawn_blocking(move || {
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        encoder.encode(&texts)
    });
    Ok(Embedded {
        model: ENCODER.to_owned(),
        vectors: encoded.await.map_err(|_| RequestError::BrokenOff)?,
        usage: TokenUsage::default(),
        cost_micros: 0,
        attempts: 0,
        overhead: context.arrived.elapsed().saturating_sub(began.elapsed()),
    })
}

fn written(embedded: &Embedded, base64: bool) -> Value {
    let data = embedded.vectors.iter().enumerate().map(|(index, vector)| {
        let vector = if base64 {
            let bytes: Vec<u8> = vector.iter().flat_map(|number| number.to_le_bytes()).collect();
            json!(BASE64_STANDARD.encode(bytes))
        } else {
            json!(vector)
        };
        json!({"object": "embedding", "index": index, "embedding": vector})
    });
    json!({
        "object": "list",
        "data": data.collect::<Vec<_>>(),
        "model": embedded.model,
        "usage": {
            "prompt_tokens": embedded.usage.input,
            "total_tokens": embedded.usage.input,
            "cost_micros": embedded.cost_micros,
            "estimated": embedded.usage.estimated,
        },
    })
}

fn insert_headers(headers: &mut HeaderMap, embedded: &Embedded) {
    insert_model(headers, &embedded.model, embedded.attempts);
    insert_overhead(headers, embedded.overhead);
    headers.insert(COST_MICROS, header_value(&embedded.cost_micros.to_string()));
}
