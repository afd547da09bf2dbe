//! Conversions between the domain's types and protobuf, all explicit. Reading is fallible: a peer may run another release.

mod dialogue;
mod model_call;
mod nlp;

pub(crate) use dialogue::{draft_from_proto, draft_to_proto, respond_from_proto, respond_to_proto};
pub(crate) use nlp::{
    analyse_from_proto, analyse_to_proto, analysis_from_proto, analysis_to_proto, token_view_from_proto,
    token_view_to_proto,
};

use std::time::{Duration, Instant};

use model_call::{model_call_from_proto, model_call_to_proto};
use nakai_types::{BotName, BotRef, EntityValue, IntentScore, Interval, Language, Quantity, Span, Version};
use tonic::Status;

use crate::{proto, status::malformed};

/// Time left until a deadline, as sent.
pub(crate) fn timeout_micros(deadline: Instant) -> u64 {
    u64::try_from(deadline.saturating_duration_since(Instant::now()).as_micros()).unwrap_or(u64::MAX)
}

/// The deadline on this machine's clock. A day is more than any turn takes, and keeps the sum in range.
fn deadline(timeout_micros: u64) -> Instant {
    const DAY: Duration = Duration::from_secs(86_400);
    Instant::now() + Duration::from_micros(timeout_micros).min(DAY)
}

pub(crate) fn bot_to_proto(bot: &BotRef) -> proto::BotRef {
    proto::BotRef {
        name: bot.name.to_string(),
        version: bot.version.digest().to_vec(),
    }
}

pub(crate) fn bot_from_proto(bot: &proto::BotRef) -> Result<BotRef, Status> {
    let name = BotName::new(&bot.name).map_err(|_| malformed("bot name"))?;
    let digest = bot
        .version
        .as_slice()
        .try_into()
        .map_err(|_| malformed("bot version"))?;
    Ok(BotRef {
        name,
        version: Version::from_digest(digest),
    })
}

pub(crate) fn required<T>(value: Option<T>, what: &str) -> Result<T, Status> {
    value.ok_or_else(|| malformed(what))
}

fn language_to_proto(language: Language) -> proto::Language {
    match language {
        Language::Ja => proto::Language::Ja,
        Language::En => proto::Language::En,
    }
}

pub(crate) fn optional_language_to_proto(language: Option<Language>) -> i32 {
    language.map_or(proto::Language::Unspecified, language_to_proto).into()
}

pub(crate) fn optional_language_from_proto(language: i32) -> Option<Language> {
    match proto::Language::try_from(language) {
        Ok(proto::Language::Ja) => Some(Language::Ja),
        Ok(proto::Language::En) => Some(Language::En),
        Ok(proto::Language::Unspecified) | Err(_) => None,
    }
}

fn language_from_proto(language: i32) -> Result<Language, Status> {
    required(optional_language_from_proto(language), "language")
}

fn span_to_proto(span: Span) -> Option<proto::Span> {
    Some(proto::Span {
        start: span.start as u64,
        end: span.end as u64,
    })
}

fn span_from_proto(span: Option<&proto::Span>) -> Result<Span, Status> {
    let span = required(span, "span")?;
    match (usize::try_from(span.start), usize::try_from(span.end)) {
        (Ok(start), Ok(end)) if start <= end => Ok(Span::new(start, end)),
        _ => Err(malformed("span")),
    }
}

fn value_to_proto(value: &EntityValue) -> proto::Value {
    use proto::value::Kind;
    let kind = match value {
        EntityValue::Integer(integer) => Kind::Integer(*integer),
        EntityValue::Number(number) => Kind::Number(*number),
        EntityValue::Text(text) => Kind::Text(text.clone()),
        EntityValue::Quantity(quantity) => Kind::Quantity(proto::Quantity {
            amount: quantity.amount,
            unit: quantity.unit.clone(),
        }),
        EntityValue::Interval(interval) => Kind::Interval(proto::Interval {
            start: interval.start.clone(),
            end: interval.end.clone(),
        }),
    };
    proto::Value { kind: Some(kind) }
}

fn value_from_proto(value: Option<proto::Value>) -> Result<EntityValue, Status> {
    use proto::value::Kind;
    Ok(match required(value.and_then(|v| v.kind), "value")? {
        Kind::Integer(integer) => EntityValue::Integer(integer),
        Kind::Number(number) => EntityValue::Number(number),
        Kind::Text(text) => EntityValue::Text(text),
        Kind::Quantity(proto::Quantity { amount, unit }) => EntityValue::Quantity(Quantity { amount, unit }),
        Kind::Interval(proto::Interval { start, end }) => EntityValue::Interval(Interval { start, end }),
    })
}

fn values_to_proto(values: &[EntityValue]) -> Vec<proto::Value> {
    values.iter().map(value_to_proto).collect()
}

fn values_from_proto(values: Vec<proto::Value>) -> Result<Vec<EntityValue>, Status> {
    values.into_iter().map(|value| value_from_proto(Some(value))).collect()
}

fn intents_to_proto(intents: &[IntentScore]) -> Vec<proto::IntentScore> {
    intents
        .iter()
        .map(|i| proto::IntentScore {
            name: i.name.to_string(),
            confidence: i.confidence,
        })
        .collect()
}

fn intents_from_proto(intents: Vec<proto::IntentScore>) -> Vec<IntentScore> {
    intents
        .into_iter()
        .map(|i| IntentScore {
            name: i.name.into(),
            confidence: i.confidence,
        })
        .collect()
}
