//! What goes out to the customer whose turn it was: placeholders are restored here, for these eyes only.

use std::{borrow::Cow, collections::BTreeMap, sync::Arc, time::Duration};

use nakai_api::{BotVersion, ChatResponse, CitationView, EntityView, HandoverView, IntentView, UsageView};
use nakai_governance::restore;
use nakai_types::{EntityValue, RawText, Screened, TurnRecord, UnderstoodEntity, Vault};

use crate::chat::Opening;

/// An answer, on disk and ready to be sent. Has no `Debug`: it holds what placeholders stand for.
pub struct Answer {
    /// The turn with its evidence, screened.
    pub record: Arc<TurnRecord>,
    /// Whether this is the answer that a first request with the same idempotency key got.
    pub replayed: bool,
    /// How long the turn took beside analysis, dialogue and store.
    pub overhead: Duration,
    released: Released,
}

/// The parts of an answer in which placeholders may stand, restored.
struct Released {
    reply: String,
    choices: Vec<String>,
    /// Text and value of each entity, in the order of the record's.
    entities: Vec<(String, EntityValue)>,
    handover: Option<(String, BTreeMap<String, EntityValue>)>,
}

impl Answer {
    /// Restores for the customer what screening took out.
    pub(crate) fn release(record: Arc<TurnRecord>, typed: &RawText, vault: &Vault) -> Self {
        Self::released(record, Some(typed), vault)
    }

    /// The same where nobody has any more what the customer typed.
    pub(crate) fn release_again(record: Arc<TurnRecord>, vault: &Vault) -> Self {
        Self::released(record, None, vault)
    }

    fn released(record: Arc<TurnRecord>, typed: Option<&RawText>, vault: &Vault) -> Self {
        let language = record.understanding.language;
        let text = |screened: &Screened| restore(screened, vault, language);
        let value = |value: &EntityValue| match value {
            EntityValue::Text(screened) if screened.starts_with('[') => {
                EntityValue::Text(text(&Screened::after_screening(screened.clone())))
            }
            other => other.clone(),
        };
        let typed = |entity: &UnderstoodEntity| match typed {
            Some(typed) => entity.span.of(typed.expose()).unwrap_or_default().to_owned(),
            None => text(&entity.text),
        };
        let reply = &record.reply;
        let released = Released {
            reply: text(&reply.text),
            choices: reply.choices.iter().map(|choice| text(&choice.0)).collect(),
            entities: record
                .understanding
                .entities
                .iter()
                .map(|e| (typed(e), value(&e.value)))
                .collect(),
            handover: reply.handover.as_ref().map(|handover| {
                let slots = handover
                    .slots
                    .iter()
                    .map(|(name, slot)| (name.clone(), value(slot)))
                    .collect();
                (text(&handover.summary), slots)
            }),
        };
        Self {
            record,
            replayed: false,
            overhead: Duration::ZERO,
            released,
        }
    }

    /// What was known of the turn before its answer.
    pub fn opening(&self) -> Opening {
        let TurnRecord {
            conversation,
            turn,
            bot,
            ..
        } = &*self.record;
        Opening {
            conversation: *conversation,
            turn: *turn,
            bot: bot.clone(),
            replayed: self.replayed,
        }
    }

    /// The words for the customer.
    pub fn reply(&self) -> &str {
        &self.released.reply
    }

    /// The whole answer as it goes over the wire.
    pub fn response(&self) -> ChatResponse<'_> {
        let (record, released) = (&*self.record, &self.released);
        let (understanding, reply, usage) = (&record.understanding, &record.reply, &record.usage);
        let entities = understanding
            .entities
            .iter()
            .zip(&released.entities)
            .map(|(entity, (text, value))| EntityView {
                kind: Cow::Borrowed(&*entity.kind),
                text: text.into(),
                start: entity.span.start,
                end: entity.span.end,
                value: value.clone(),
                alternatives: Cow::Borrowed(&entity.alternatives),
            });
        let citations = reply.citations.iter().map(|citation| CitationView {
            title: Cow::Borrowed(&*citation.title),
            url: citation.url.as_deref().map(Cow::Borrowed),
            passage: Cow::Borrowed(&*citation.passage),
        });
        let handover = reply
            .handover
            .as_ref()
            .zip(released.handover.as_ref())
            .map(|(handover, (summary, slots))| HandoverView {
                reason: Cow::Borrowed(&*handover.reason),
                summary: summary.into(),
                slots: slots.iter().map(|(name, value)| (name.into(), value.clone())).collect(),
            });
        ChatResponse {
            reply: Cow::Borrowed(&released.reply),
            conversation_id: record.conversation,
            turn_id: record.turn,
            language: understanding.language,
            outcome: reply.outcome,
            intent: understanding.intent().map(IntentView::from),
            also: understanding.also.iter().map(IntentView::from).collect(),
            entities: entities.collect(),
            choices: released.choices.iter().map(Cow::from).collect(),
            citations: citations.collect(),
            handover,
            bot: BotVersion {
                name: record.bot.name.as_str().into(),
                version: record.bot.version.to_string().into(),
            },
            usage: UsageView {
                input_tokens: usage.input_tokens,
                output_tokens: usage.output_tokens,
                cost_micros: usage.cost_micros,
            },
        }
    }
}
