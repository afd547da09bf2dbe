//! `nakai models`: sentence encoders that are no part of the program.

use std::path::Path;

use anyhow::{Context, Result};
use nakai_models::{KNOWN, Model};
use serde_json::{Value, json};

use crate::{cli, output::say, services::ENCODERS};

pub(crate) fn run(command: &cli::Models) -> Result<()> {
    match command {
        cli::Models::List { data, json } => {
            list(&data.join(ENCODERS), *json);
            Ok(())
        }
        cli::Models::Add { file, data, json } => add(file, &data.join(ENCODERS), *json),
    }
}

fn list(directory: &Path, json: bool) {
    let installed = nakai_models::list(directory);
    let missing = |model: &Model| match installed.iter().find(|installed| installed.model == model) {
        Some(installed) => installed.missing.clone(),
        None => model.files.iter().map(|file| file.name).collect(),
    };
    if json {
        let encoders: Vec<Value> = KNOWN.iter().map(|model| as_json(model, &missing(model))).collect();
        say(format_args!("{}", json!({ "encoders": encoders })));
        return;
    }
    say(format_args!(
        "id                     languages  numbers  licence     state"
    ));
    for model in KNOWN {
        let missing = missing(model);
        let state = if missing.is_empty() {
            format!("installed; use it with `nlp.encoder: {}`", model.id)
        } else {
            format!("`{}`, then `nakai models add FILE`", model.fetch())
        };
        say(format_args!(
            "{:<22} {:<10} {:>7}  {:<11} {state}",
            model.id,
            model.languages.join(", "),
            model.dimension,
            model.licence,
        ));
    }
}

fn add(file: &Path, directory: &Path, json: bool) -> Result<()> {
    let added = nakai_models::add(file, directory).with_context(|| format!("{} was not added", file.display()))?;
    let Some(model) = KNOWN.iter().find(|model| model.id == added.id) else {
        return Ok(());
    };
    if json {
        say(format_args!("{}", as_json(model, &added.missing)));
        return Ok(());
    }
    say(format_args!(
        "{} is in {}",
        model.id,
        directory.join(model.id).display()
    ));
    say(format_args!("{} ({})", model.attribution, model.licence));
    if added.missing.is_empty() {
        say(format_args!("Use it with `nlp.encoder: {}`.", model.id));
    } else {
        say(format_args!(
            "It still lacks {}; add them too.",
            added.missing.join(", ")
        ));
    }
    Ok(())
}

fn as_json(model: &Model, missing: &[&str]) -> Value {
    json!({
        "id": model.id,
        "languages": model.languages,
        "dimension": model.dimension,
        "licence": model.licence,
        "attribution": model.attribution,
        "installed": missing.is_empty(),
        "missing": missing,
        "fetch": model.fetch(),
    })
}
