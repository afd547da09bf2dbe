//! `nakai prices`: what models cost, as calls are reckoned.

use anyhow::Result;
use nakai_llm::Price;

use crate::{output::say, services, settings::Settings};

pub(crate) fn run(settings: &Settings, json: bool) -> Result<()> {
    let models = services::models(&settings.models)?;
    let prices = models.prices();
    if json {
        say(format_args!("{}", serde_json::to_string(prices)?));
        return Ok(());
    }
    say(format_args!(
        "US dollars a million tokens, as of {}; a name stands for all models that begin with it",
        prices.as_of
    ));
    say(format_args!(
        "{:<40}{:>10}{:>10}{:>12}{:>10}",
        "model", "input", "cached", "cache write", "output"
    ));
    for (model, price) in &prices.models {
        let Price {
            input,
            cached_input,
            cache_write,
            output,
        } = *price;
        say(format_args!(
            "{model:<40}{:>10}{:>10}{:>12}{:>10}",
            dollars(input),
            dollars(cached_input.unwrap_or(input)),
            dollars(cache_write.unwrap_or(input)),
            dollars(output)
        ));
    }
    if settings.models.prices.is_none() {
        say(format_args!(
            "Other prices: name a file of your own with `models.prices`."
        ));
    }
    Ok(())
}

fn dollars(micros: u64) -> String {
    let text = format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000);
    let short = text.trim_end_matches('0');
    short.strip_suffix('.').unwrap_or(short).to_owned()
}
