//! One call of a tool, from a step of a flow to what later steps see as `result`.

use std::{borrow::Cow, collections::BTreeMap, time::Duration, time::Instant};

use nakai_bundle::model::HttpMethod;
use nakai_types::RawText;
use sha2::{Digest, Sha256};

use crate::{
    placeholder,
    program::Call,
    text::digest,
    tool::{ToolRequest, hex, signature},
    turn::Turn,
};

/// The largest answer that is kept for later steps, in bytes of JSON.
const MAX_RESULT: usize = 64 << 10;
/// What is left of the turn's time for the reply after a tool that does not answer.
const MARGIN: Duration = Duration::from_millis(50);

/// A call that did not work; the turn's decisions say why.
#[derive(Debug)]
pub(crate) struct Failed;

/// Calls a tool, unless it has worked with the very same request before (see [`crate::flow`]).
pub(crate) async fn call(turn: &mut Turn<'_>, position: usize, step: &Call) -> Result<(), Failed> {
    let outcome = match Prepared::new(turn, step) {
        Ok(prepared) if was_done(turn, position, prepared.grounds) => return Ok(()),
        Ok(prepared) => match send(turn, step, &prepared).await {
            Ok(status) => {
                done(turn, position, prepared.grounds);
                Ok(status)
            }
            failed => failed,
        },
        Err(fault) => Err(fault),
    };
    let (detail, result) = match outcome {
        Ok(status) => (format!("status {status}"), Ok(())),
        Err(fault) => (fault.into_owned(), Err(Failed)),
    };
    turn.decide("call", std::sync::Arc::clone(&step.step), Some(detail));
    result
}

fn was_done(turn: &mut Turn<'_>, position: usize, grounds: u64) -> bool {
    turn.state
        .flows
        .last_mut()
        .is_some_and(|active| active.was_done(position, grounds))
}

fn done(turn: &mut Turn<'_>, position: usize, grounds: u64) {
    if let Some(active) = turn.state.flows.last_mut() {
        active.note_done(position, grounds);
    }
}

/// What will be sent, with placeholders.
struct Prepared {
    url: String,
    body: Option<String>,
    grounds: u64,
}

impl Prepared {
    fn new(turn: &Turn<'_>, step: &Call) -> Result<Self, Cow<'static, str>> {
        let templates = &turn.bot.templates;
        let fault = |error: minijinja::Error| Cow::from(format!("not sent: {}", error.kind()));
        let scope = turn.scope();
        let url = templates.render_address(&step.url, || scope.clone()).map_err(fault)?;
        let body = match step.method {
            HttpMethod::Get | HttpMethod::Delete => None,
            HttpMethod::Post | HttpMethod::Put | HttpMethod::Patch => {
                let mut fields = BTreeMap::new();
                for (name, value) in &step.body {
                    fields.insert(name, templates.render(value, || scope.clone()).map_err(fault)?);
                }
                Some(serde_json::to_string(&fields).map_err(|_| "not sent: the body is no JSON")?)
            }
        };
        let grounds = digest([url.as_bytes(), body.as_deref().unwrap_or_default().as_bytes()]);
        Ok(Self { url, body, grounds })
    }
}

/// Sends a request and keeps the answer. Gives the status, or what went wrong.
async fn send(turn: &mut Turn<'_>, step: &Call, prepared: &Prepared) -> Result<u16, Cow<'static, str>> {
    let vault = &turn.request.vault;
    let (url, body) = if step.personal_data {
        let unknown = |unknown: placeholder::Unknown| {
            Cow::from(format!("not sent: the {} is not known any more", unknown.0.name()))
        };
        let body = prepared
            .body
            .as_deref()
            .map(|body| reveal_in_json(body, vault))
            .transpose()
            .map_err(unknown)?;
        (
            placeholder::reveal_in_address(&prepared.url, vault).map_err(unknown)?,
            body,
        )
    } else {
        (prepared.url.clone(), prepared.body.clone())
    };
    let signed = match &step.sign_with {
        None => None,
        Some(name) => {
            let key = turn
                .tools
                .secrets
                .secret(name)
                .ok_or_else(|| format!("not sent: the key {name} is not set"))?;
            let seconds = turn.request.now_ms.div_euclid(1000);
            let signed = signature(&key, seconds, body.as_deref().unwrap_or_default());
            Some(signed.ok_or_else(|| format!("not sent: the key {name} is empty"))?)
        }
    };
    let left = turn
        .request
        .deadline
        .saturating_duration_since(Instant::now())
        .saturating_sub(MARGIN);
    if left.is_zero() {
        return Err("not sent: no time is left in this turn".into());
    }
    let request = ToolRequest {
        method: step.method,
        url: RawText::new(url),
        body: body.map(RawText::new),
        signature: signed,
        idempotency_key: idempotency_key(turn, &step.step),
        timeout: step.timeout.min(left),
    };
    let answer = turn
        .tools
        .caller
        .call(request)
        .await
        .map_err(|failure| failure.to_string())?;
    if answer.status >= 400 {
        return Err(format!("status {}", answer.status).into());
    }
    if let Some(name) = &step.save {
        let mut result = match answer.body.as_slice() {
            [] => serde_json::Value::Null,
            body if body.len() > MAX_RESULT => return Err("the answer is larger than 64 KiB".into()),
            body => serde_json::from_slice(body).map_err(|_| "the answer is no JSON")?,
        };
        // The team's own data, so it is kept as it is, except for what we know to be this customer's personal data.
        placeholder::hide(&mut result, vault);
        if let Some(active) = turn.state.flows.last_mut() {
            active.results.insert(name.clone(), result);
        }
    }
    Ok(answer.status)
}

/// Puts personal data into a JSON object of texts.
fn reveal_in_json(body: &str, vault: &nakai_types::Vault) -> Result<String, placeholder::Unknown> {
    let mut fields: BTreeMap<String, String> = serde_json::from_str(body).unwrap_or_default();
    for value in fields.values_mut() {
        *value = placeholder::reveal(value, vault)?;
    }
    Ok(serde_json::to_string(&fields).unwrap_or_default())
}

/// The same for the same step of the same turn, however often the turn is repeated.
fn idempotency_key(turn: &Turn<'_>, step: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(turn.request.conversation.as_bytes());
    hash.update(turn.request.sequence.to_be_bytes());
    hash.update(step.as_bytes());
    hex(&hash.finalize()[..16])
}
