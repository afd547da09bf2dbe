use nakai_ports::{DialogueState, Draft, RespondRequest};
use nakai_types::{
    Choice, Citation, ConversationId, Decision, Handover, Outcome, PersonalData, Placeholder, RawText, Reply, Screened,
    Understanding, UnderstoodEntity, Vault,
};
use tonic::Status;

use super::{
    bot_from_proto, bot_to_proto, deadline, intents_from_proto, intents_to_proto, language_from_proto,
    language_to_proto, model_call_from_proto, model_call_to_proto, required, span_from_proto, span_to_proto,
    timeout_micros, value_from_proto, value_to_proto, values_from_proto, values_to_proto,
};
use crate::{proto, status::malformed};

pub(crate) fn respond_to_proto(request: &RespondRequest) -> proto::RespondRequest {
    let entry = |(placeholder, datum): (Placeholder, &RawText)| proto::VaultEntry {
        kind: personal_data_to_proto(placeholder.kind).into(),
        number: placeholder.number,
        datum: datum.expose().to_owned(),
    };
    proto::RespondRequest {
        bot: Some(bot_to_proto(&request.bot)),
        conversation: request.conversation.as_bytes().to_vec(),
        sequence: request.sequence,
        state: request.state.as_ref().map(|state| state.as_json().to_owned()),
        utterance: request.utterance.as_str().to_owned(),
        understanding: Some(understanding_to_proto(&request.understanding)),
        vault: request.vault.entries().map(entry).collect(),
        now_ms: request.now_ms,
        timeout_micros: timeout_micros(request.deadline),
    }
}

pub(crate) fn respond_from_proto(request: proto::RespondRequest) -> Result<RespondRequest, Status> {
    let conversation = request
        .conversation
        .as_slice()
        .try_into()
        .map_err(|_| malformed("conversation"))?;
    let mut vault = Vault::default();
    for entry in request.vault {
        let kind = personal_data_from_proto(entry.kind())?;
        vault.insert(
            Placeholder {
                kind,
                number: entry.number,
            },
            RawText::new(entry.datum),
        );
    }
    Ok(RespondRequest {
        bot: bot_from_proto(&required(request.bot, "bot")?)?,
        conversation: ConversationId::from_bytes(conversation),
        sequence: request.sequence,
        state: request.state.map(DialogueState::from_json),
        // Screened on the other side; this is where it comes back to life here.
        utterance: Screened::after_screening(request.utterance),
        understanding: understanding_from_proto(required(request.understanding, "understanding")?)?,
        vault,
        now_ms: request.now_ms,
        deadline: deadline(request.timeout_micros),
        listener: None,
    })
}

fn understanding_to_proto(understanding: &Understanding) -> proto::Understanding {
    let entity = |entity: &UnderstoodEntity| proto::UnderstoodEntity {
        kind: entity.kind.to_string(),
        span: span_to_proto(entity.span),
        text: entity.text.as_str().to_owned(),
        value: Some(value_to_proto(&entity.value)),
        alternatives: values_to_proto(&entity.alternatives),
    };
    proto::Understanding {
        language: language_to_proto(understanding.language).into(),
        mixed: understanding.mixed,
        intents: intents_to_proto(&understanding.intents),
        out_of_scope: understanding.out_of_scope,
        also: intents_to_proto(&understanding.also),
        entities: understanding.entities.iter().map(entity).collect(),
    }
}

fn understanding_from_proto(understanding: proto::Understanding) -> Result<Understanding, Status> {
    let entity = |entity: proto::UnderstoodEntity| {
        Ok(UnderstoodEntity {
            kind: entity.kind.into(),
            span: span_from_proto(entity.span.as_ref())?,
            text: Screened::after_screening(entity.text),
            value: value_from_proto(entity.value)?,
            alternatives: values_from_proto(entity.alternatives)?,
        })
    };
    Ok(Understanding {
        language: language_from_proto(understanding.language)?,
        mixed: understanding.mixed,
        intents: intents_from_proto(understanding.intents),
        out_of_scope: understanding.out_of_scope,
        also: intents_from_proto(understanding.also),
        entities: understanding
            .entities
            .into_iter()
            .map(entity)
            .collect::<Result<_, Status>>()?,
    })
}

fn personal_data_to_proto(kind: PersonalData) -> proto::PersonalData {
    match kind {
        PersonalData::Email => proto::PersonalData::Email,
        PersonalData::Phone => proto::PersonalData::Phone,
        PersonalData::Card => proto::PersonalData::Card,
    }
}

fn personal_data_from_proto(kind: proto::PersonalData) -> Result<PersonalData, Status> {
    match kind {
        proto::PersonalData::Email => Ok(PersonalData::Email),
        proto::PersonalData::Phone => Ok(PersonalData::Phone),
        proto::PersonalData::Card => Ok(PersonalData::Card),
        proto::PersonalData::Unspecified => Err(malformed("kind of personal data")),
    }
}

fn outcome_to_proto(outcome: Outcome) -> proto::Outcome {
    match outcome {
        Outcome::Reply => proto::Outcome::Reply,
        Outcome::Flow => proto::Outcome::Flow,
        Outcome::Answer => proto::Outcome::Answer,
        Outcome::Cached => proto::Outcome::Cached,
        Outcome::Fallback => proto::Outcome::Fallback,
        Outcome::Handover => proto::Outcome::Handover,
        Outcome::Refused => proto::Outcome::Refused,
        Outcome::Unavailable => proto::Outcome::Unavailable,
    }
}

fn outcome_from_proto(outcome: proto::Outcome) -> Result<Outcome, Status> {
    Ok(match outcome {
        proto::Outcome::Reply => Outcome::Reply,
        proto::Outcome::Flow => Outcome::Flow,
        proto::Outcome::Answer => Outcome::Answer,
        proto::Outcome::Cached => Outcome::Cached,
        proto::Outcome::Fallback => Outcome::Fallback,
        proto::Outcome::Handover => Outcome::Handover,
        proto::Outcome::Refused => Outcome::Refused,
        proto::Outcome::Unavailable => Outcome::Unavailable,
        proto::Outcome::Unspecified => return Err(malformed("outcome")),
    })
}

pub(crate) fn draft_to_proto(draft: Draft) -> proto::Draft {
    let Draft {
        reply,
        state,
        decisions,
        models,
    } = draft;
    let citation = |c: Citation| proto::Citation {
        title: c.title,
        url: c.url,
        passage: c.passage,
    };
    let handover = |h: Handover| proto::Handover {
        reason: h.reason,
        summary: h.summary.into_string(),
        slots: h
            .slots
            .iter()
            .map(|(name, value)| (name.clone(), value_to_proto(value)))
            .collect(),
    };
    let decision = |d: Decision| proto::Decision {
        rule: d.rule.into_owned(),
        subject: d.subject.to_string(),
        detail: d.detail.map(Screened::into_string),
    };
    proto::Draft {
        reply: Some(proto::Reply {
            text: reply.text.into_string(),
            outcome: outcome_to_proto(reply.outcome).into(),
            choices: reply.choices.into_iter().map(|choice| choice.0.into_string()).collect(),
            citations: reply.citations.into_iter().map(citation).collect(),
            handover: reply.handover.map(handover),
        }),
        state: state.as_json().to_owned(),
        decisions: decisions.into_iter().map(decision).collect(),
        models: models.into_iter().map(model_call_to_proto).collect(),
    }
}

pub(crate) fn draft_from_proto(draft: proto::Draft) -> Result<Draft, Status> {
    let reply = required(draft.reply, "reply")?;
    let outcome = outcome_from_proto(reply.outcome())?;
    let handover = |h: proto::Handover| -> Result<Handover, Status> {
        let slots = h
            .slots
            .into_iter()
            .map(|(name, value)| Ok((name, value_from_proto(Some(value))?)));
        Ok(Handover {
            reason: h.reason,
            summary: Screened::after_screening(h.summary),
            slots: slots.collect::<Result<_, Status>>()?,
        })
    };
    let decision = |d: proto::Decision| Decision {
        rule: d.rule.into(),
        subject: d.subject.into(),
        detail: d.detail.map(Screened::after_screening),
    };
    Ok(Draft {
        reply: Reply {
            text: Screened::after_screening(reply.text),
            outcome,
            choices: reply
                .choices
                .into_iter()
                .map(|c| Choice(Screened::after_screening(c)))
                .collect(),
            citations: (reply.citations.into_iter())
                .map(|c| Citation {
                    title: c.title,
                    url: c.url,
                    passage: c.passage,
                })
                .collect(),
            handover: reply.handover.map(handover).transpose()?,
        },
        state: DialogueState::from_json(draft.state),
        decisions: draft.decisions.into_iter().map(decision).collect(),
        models: draft.models.into_iter().map(model_call_from_proto).collect(),
    })
}
