//! How well intents are recognised.

use std::{num::NonZeroUsize, path::PathBuf, sync::Arc};

use anyhow::Result;
use nakai_encoder::SentenceEncoder;
use nakai_evaluation::{
    Labelled,
    nlu::{NluOptions, evaluate},
    read_labelled,
};

use crate::cli::BenchNlu;

pub(super) fn run(options: &BenchNlu) -> Result<()> {
    let train = read(&options.train)?;
    let test = read(&options.test)?;
    let trial = NluOptions {
        oos: options.oos.clone(),
        outside: read(&options.outside)?,
        shots: options.shots.map(NonZeroUsize::get),
        seed: options.seed,
        folds: options.folds,
        noise: options.noise.map(|noise| (noise, options.rate)),
        threshold: options.threshold,
        encoder: encoder(options)?,
    };
    let test = (!options.test.is_empty()).then_some(test.as_slice());
    super::print(&evaluate(&train, test, &trial)?, options.json)
}

/// The encoder of a name: none, the shipped one, or one that was added to the data folder.
fn encoder(options: &BenchNlu) -> Result<Option<Arc<dyn SentenceEncoder>>> {
    Ok(match options.encoder.as_str() {
        "none" => None,
        "shipped" => Some(Arc::clone(nakai_encoder::shipped())),
        id => Some(nakai_models::open(&options.data.join("encoders"), id)?),
    })
}

fn read(files: &[PathBuf]) -> Result<Vec<Labelled>> {
    let mut utterances = Vec::new();
    for file in files {
        utterances.append(&mut read_labelled(file)?);
    }
    Ok(utterances)
}
