use std::{
    path::Path,
    time::{Duration, Instant},
};

use anyhow::Result;
use nakai_ports::AnalyseRequest;
use nakai_types::{Language, RawText};

use super::check;
use crate::{output::say, serve::bots, services::Local};

/// Trains a bot and asks it for its own examples: those that it gets wrong contradict others, or stand alone.
pub(super) async fn run(folder: &Path) -> Result<()> {
    let loaded = check::load(folder)?;
    let services = Local::new(None)?;
    let started = Instant::now();
    services.nlp.install(bots::archive(&loaded)).await?;
    let trained = started.elapsed();
    let (mut count, mut wrong, mut confidence) = (0_u32, Vec::new(), 0.0);
    for (name, intent) in &loaded.bundle.intents {
        for (language, examples) in intent.examples.iter() {
            for example in examples {
                let analysis = services
                    .nlp
                    .analyse(ask(&loaded.bundle.bot_ref, example, language))
                    .await?;
                count += 1;
                match analysis.intents.first() {
                    Some(best) if *best.name == **name => confidence += f64::from(best.confidence),
                    best => wrong.push((name, example, best.map_or("none", |b| &*b.name).to_owned())),
                }
            }
        }
    }
    let right = count.saturating_sub(u32::try_from(wrong.len())?);
    let milliseconds = trained.as_secs_f64() * 1000.0;
    say(format_args!(
        "trained on {count} examples of {} intents in {milliseconds:.0} ms",
        loaded.bundle.intents.len()
    ));
    say(format_args!(
        "{right} of its own examples are recognised, with a mean confidence of {:.2}",
        confidence / f64::from(right.max(1))
    ));
    for (name, example, instead) in wrong {
        say(format_args!(
            "  {name}: \"{example}\" is taken for {instead}; give {name} more examples like it, or move it"
        ));
    }
    Ok(())
}

fn ask(bot: &nakai_types::BotRef, text: &str, language: Language) -> AnalyseRequest {
    AnalyseRequest {
        bot: bot.clone(),
        text: RawText::new(text.to_owned()),
        language: Some(language),
        previous_language: None,
        deadline: Instant::now() + Duration::from_secs(30),
    }
}
