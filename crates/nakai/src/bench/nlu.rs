//! How well intents are recognised.

use std::{num::NonZeroUsize, path::PathBuf};

use anyhow::Result;
use nakai_encoder::Encoder;
use nakai_evaluation::{
    Labelled,
    nlu::{NluError, NluOptions, evaluate},
    read_labelled,
};
use nakai_llm::ModelsConfig;

use crate::{cli::BenchNlu, services::provider_encoder, settings::NlpSettings};

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
    let report = match evaluate(&train, test, &trial) {
        Ok(report) => report,
        // As a file that can't be used is told by every other command.
        Err(NluError::Unusable(file)) => return Err(file.into()),
        Err(error) => return Err(error.into()),
    };
    super::print(&report, options.json)
}

/// The encoder of a name: none, the shipped one, a provider's whose key is in the environment, or one that was added to the data folder.
fn encoder(options: &BenchNlu) -> Result<Option<Encoder>> {
    Ok(match options.encoder.as_str() {
        "none" => None,
        "shipped" => Some(Encoder::shipped()),
        model if model.contains('/') => {
            let nlp = NlpSettings {
                encoder: model.to_owned(),
                ..NlpSettings::default()
            };
            Some(provider_encoder(&ModelsConfig::default(), &nlp)??)
        }
        id => Some(Encoder::Here(nakai_models::open(&options.data.join("encoders"), id)?)),
    })
}

fn read(files: &[PathBuf]) -> Result<Vec<Labelled>> {
    let mut utterances = Vec::new();
    for file in files {
        utterances.append(&mut read_labelled(file)?);
    }
    Ok(utterances)
}
