use nakai_ports::AnalyseRequest;
use nakai_types::{Analysis, Entity, RawText, Token, TokenView};
use tonic::Status;

use super::{
    bot_from_proto, bot_to_proto, deadline, intents_from_proto, intents_to_proto, language_from_proto,
    language_to_proto, model_call_from_proto, model_call_to_proto, optional_language_from_proto,
    optional_language_to_proto, required, span_from_proto, span_to_proto, timeout_micros, value_from_proto,
    value_to_proto, values_from_proto, values_to_proto,
};
use crate::proto;

pub(crate) fn analyse_to_proto(request: &AnalyseRequest) -> proto::AnalyseRequest {
    proto::AnalyseRequest {
        bot: Some(bot_to_proto(&request.bot)),
        text: request.text.expose().to_owned(),
        language: optional_language_to_proto(request.language),
        previous_language: optional_language_to_proto(request.previous_language),
        timeout_micros: timeout_micros(request.deadline),
        now_ms: request.now_ms,
    }
}

pub(crate) fn analyse_from_proto(request: proto::AnalyseRequest) -> Result<AnalyseRequest, Status> {
    Ok(AnalyseRequest {
        bot: bot_from_proto(&required(request.bot, "bot")?)?,
        text: RawText::new(request.text),
        language: optional_language_from_proto(request.language),
        previous_language: optional_language_from_proto(request.previous_language),
        now_ms: request.now_ms,
        deadline: deadline(request.timeout_micros),
    })
}

pub(crate) fn analysis_to_proto(analysis: &Analysis) -> proto::Analysis {
    let entity = |entity: &Entity| proto::Entity {
        kind: entity.kind.to_string(),
        span: span_to_proto(entity.span),
        value: Some(value_to_proto(&entity.value)),
        alternatives: values_to_proto(&entity.alternatives),
    };
    proto::Analysis {
        language: language_to_proto(analysis.language).into(),
        mixed: analysis.mixed,
        intents: intents_to_proto(&analysis.intents),
        out_of_scope: analysis.out_of_scope,
        also: intents_to_proto(&analysis.also),
        entities: analysis.entities.iter().map(entity).collect(),
        models: analysis.models.iter().cloned().map(model_call_to_proto).collect(),
    }
}

pub(crate) fn analysis_from_proto(analysis: proto::Analysis) -> Result<Analysis, Status> {
    let entity = |entity: proto::Entity| {
        Ok(Entity {
            kind: entity.kind.into(),
            span: span_from_proto(entity.span.as_ref())?,
            value: value_from_proto(entity.value)?,
            alternatives: values_from_proto(entity.alternatives)?,
        })
    };
    Ok(Analysis {
        language: language_from_proto(analysis.language)?,
        mixed: analysis.mixed,
        intents: intents_from_proto(analysis.intents),
        out_of_scope: analysis.out_of_scope,
        also: intents_from_proto(analysis.also),
        entities: analysis
            .entities
            .into_iter()
            .map(entity)
            .collect::<Result<_, Status>>()?,
        models: analysis.models.into_iter().map(model_call_from_proto).collect(),
    })
}

pub(crate) fn token_view_to_proto(view: TokenView) -> proto::TokenView {
    let token = |token: Token| proto::Token {
        surface: token.surface,
        span: span_to_proto(token.span),
        part_of_speech: token.part_of_speech,
        base: token.base,
        reading: token.reading,
        stop: token.stop,
    };
    proto::TokenView {
        language: language_to_proto(view.language).into(),
        tokens: view.tokens.into_iter().map(token).collect(),
    }
}

pub(crate) fn token_view_from_proto(view: proto::TokenView) -> Result<TokenView, Status> {
    let token = |token: proto::Token| {
        Ok(Token {
            surface: token.surface,
            span: span_from_proto(token.span.as_ref())?,
            part_of_speech: token.part_of_speech,
            base: token.base,
            reading: token.reading,
            stop: token.stop,
        })
    };
    Ok(TokenView {
        language: language_from_proto(view.language)?,
        tokens: view.tokens.into_iter().map(token).collect::<Result<_, Status>>()?,
    })
}
