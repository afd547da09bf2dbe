//! `nakai analyse`: how a text is understood, for those who write bots.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::Result;
use jiff::Timestamp;
use nakai_knowledge::Embedded;
use nakai_llm::Models;
use nakai_nlp::NlpConfig;
use nakai_ports::AnalyseRequest;
use nakai_types::{Analysis, EntityValue, RawText, TokenView};
use serde_json::{Value, json};

use crate::{
    cli,
    output::say,
    serve::bots,
    services::{self, Local},
    settings::Settings,
};

pub(crate) async fn run(settings: &Settings, options: &cli::Analyse) -> Result<()> {
    let loaded = bots::load(options.bot.as_ref())?;
    let archive = bots::archive(&loaded);
    let bot = archive.bot.clone();
    let config = NlpConfig {
        encoder: services::encoder(settings)?,
        ..NlpConfig::default()
    };
    let services = Local::new(config, Arc::new(Models::none()?), Arc::new(Embedded::default()))?;
    services.nlp.install(archive).await?;
    let text = RawText::new(options.text.clone());
    let view = services
        .nlp
        .tokens(text.clone(), options.language, Some(bot.clone()))
        .await?;
    let request = AnalyseRequest {
        bot,
        text,
        language: options.language,
        previous_language: None,
        now_ms: Timestamp::now().as_millisecond(),
        deadline: Instant::now() + Duration::from_secs(30),
    };
    let analysis = services.nlp.analyse(request).await?;
    if options.json {
        say(format_args!("{}", as_json(&options.text, &view, &analysis)));
    } else {
        print(&options.text, &view, &analysis);
    }
    Ok(())
}

fn print(text: &str, view: &TokenView, analysis: &Analysis) {
    let line = |name: &str, what: String| say(format_args!("{name:<10}{what}"));
    line(
        "language",
        format!("{}{}", analysis.language, if analysis.mixed { ", mixed" } else { "" }),
    );
    let words = |stop: bool| {
        let kept = view.tokens.iter().filter(|token| stop || !token.stop);
        kept.map(|token| token.surface.as_str()).collect::<Vec<_>>().join(" | ")
    };
    line("words", words(true));
    line("content", words(false));
    for entity in &analysis.entities {
        line(
            "entity",
            format!(
                "{}: {} = {}{}",
                entity.kind,
                entity.span.of(text).unwrap_or_default(),
                entity.value,
                alternatives(&entity.alternatives)
            ),
        );
    }
    for intent in &analysis.intents {
        line(
            "intent",
            format!("{:<24}{:>6.1} %", intent.name, 100.0 * intent.confidence),
        );
    }
    for intent in &analysis.also {
        line(
            "also",
            format!("{:<24}{:>6.1} %", intent.name, 100.0 * intent.confidence),
        );
    }
    if analysis.out_of_scope {
        line("", "out of scope: no intent is likely enough to act on".into());
    }
}

/// What else an entity may mean: ` (or 2026-11-20)`.
fn alternatives(values: &[EntityValue]) -> String {
    if values.is_empty() {
        return String::new();
    }
    let values: Vec<String> = values.iter().map(ToString::to_string).collect();
    format!(" (or {})", values.join(", "))
}

fn as_json(text: &str, view: &TokenView, analysis: &Analysis) -> Value {
    let tokens: Vec<Value> = (view.tokens.iter())
        .map(|t| {
            json!({ "surface": t.surface, "start": t.span.start, "end": t.span.end, "part_of_speech": t.part_of_speech,
                    "base": t.base, "reading": t.reading, "stop": t.stop })
        })
        .collect();
    let entities: Vec<Value> = (analysis.entities.iter())
        .map(|e| {
            json!({ "type": e.kind, "text": e.span.of(text), "start": e.span.start, "end": e.span.end, "value": e.value,
                    "alternatives": e.alternatives })
        })
        .collect();
    json!({ "language": analysis.language, "mixed": analysis.mixed, "tokens": tokens, "entities": entities,
            "intents": analysis.intents, "also": analysis.also, "out_of_scope": analysis.out_of_scope })
}
