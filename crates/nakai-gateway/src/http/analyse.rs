use std::{borrow::Cow, mem, sync::Arc};

use ::http::{Request, request::Parts};
use axum::{body::Body, extract::State, response::Response};
use nakai_api::{AnalyseResponse, BotVersion, EntityView, IntentView, Word};
use nakai_ports::AnalyseRequest;

use crate::{
    Action, Gateway, RequestContext, RequestError,
    context::now_ms,
    http::{SharedGateway, body, context_of, enter, json, refuse},
    message::Probe,
    model_calls::keep_of_analysis,
};

/// `POST /api/v1/analyse`: lets a support lead see how a text is understood. What was typed goes back to who typed it and nowhere else.
pub(super) async fn analyse(State(gateway): SharedGateway, request: Request<Body>) -> Response {
    let (head, body) = request.into_parts();
    let context = context_of(&head);
    match answer(&gateway, &head, body, &context).await {
        Ok(response) => response,
        Err(error) => refuse(&error, &context),
    }
}

async fn answer(
    gateway: &Arc<Gateway>,
    head: &Parts,
    body: Body,
    context: &RequestContext,
) -> Result<Response, RequestError> {
    let deadline = context.arrived + gateway.turn_time();
    let caller = enter(gateway, head, Action::Analyse)?;
    body::require_json(&head.headers)?;
    let body = body::read(body, &gateway.config).await?;
    let probe = Probe::read(&body, &gateway.config)?;
    let bot = gateway.bots.pick(probe.bot.as_ref())?;

    let mut analysis = gateway
        .services
        .analyse(&|| AnalyseRequest {
            bot: bot.clone(),
            text: probe.text.clone(),
            language: probe.language,
            previous_language: None,
            now_ms: now_ms(),
            deadline,
        })
        .await?;
    keep_of_analysis(gateway, &caller, context, mem::take(&mut analysis.models));
    let view = gateway
        .services
        .tokens(&probe.text, analysis.language, &bot, deadline)
        .await?;

    let typed = probe.text.expose();
    let words = view.tokens.iter().map(|token| Word {
        text: Cow::Borrowed(&*token.surface),
        start: token.span.start,
        end: token.span.end,
        part_of_speech: Cow::Borrowed(&*token.part_of_speech),
        base: Cow::Borrowed(&*token.base),
        reading: Cow::Borrowed(&*token.reading),
        stop: token.stop,
    });
    let entities = analysis.entities.iter().map(|entity| EntityView {
        kind: Cow::Borrowed(&*entity.kind),
        text: entity.span.of(typed).unwrap_or_default().into(),
        start: entity.span.start,
        end: entity.span.end,
        value: entity.value.clone(),
        alternatives: Cow::Borrowed(&entity.alternatives),
    });
    Ok(json(&AnalyseResponse {
        bot: BotVersion {
            name: bot.name.as_str().into(),
            version: bot.version.to_string().into(),
        },
        language: analysis.language,
        mixed: analysis.mixed,
        tokens: words.collect(),
        tokens_without_stop_words: view
            .tokens
            .iter()
            .filter(|t| !t.stop)
            .map(|t| Cow::Borrowed(&*t.base))
            .collect(),
        intents: analysis.intents.iter().map(IntentView::from).collect(),
        out_of_scope: analysis.out_of_scope,
        also: analysis.also.iter().map(IntentView::from).collect(),
        entities: entities.collect(),
    }))
}
