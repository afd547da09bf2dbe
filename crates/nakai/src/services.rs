//! NLP and dialogue in this process, sharing what both read.

use std::{path::PathBuf, sync::Arc, time::Duration};

use anyhow::Result;
use nakai_bundle::Library;
use nakai_config::Problems;
use nakai_dialogue::{DialogueParts, EnvironmentSecrets, LocalDialogue, SecretSource};
use nakai_encoder::Encoder;
use nakai_knowledge::{EmbeddedOptions, Engine, KnowledgeConfig, RemoteOptions};
use nakai_llm::{Models, ModelsConfig};
use nakai_models::{ProviderEncoder, ProviderEncoderOptions, UnusableProviderEncoder};
use nakai_nlp::{LocalNlp, NlpConfig};
use nakai_ports::{SharedDialogue, SharedKnowledge, SharedNlp};

use crate::settings::{NlpSettings, Role, Settings};

/// The folder of encoders in the data folder.
pub(crate) const ENCODERS: &str = "encoders";

/// Both services in this process.
pub(crate) struct Local {
    pub(crate) nlp: SharedNlp,
    pub(crate) dialogue: SharedDialogue,
}

impl Local {
    /// Makes both services, without any bots yet.
    pub(crate) fn new(nlp: NlpConfig, models: Arc<Models>, knowledge: SharedKnowledge) -> Result<Self> {
        let library = Arc::new(Library::default());
        Ok(Self {
            nlp: Arc::new(LocalNlp::new(nlp, Arc::clone(&library))),
            dialogue: Arc::new(LocalDialogue::new(DialogueParts::new(library, models, knowledge)?)),
        })
    }
}

/// The language models of the settings and of the environment.
///
/// # Errors
/// If the price list can't be used: a problem of `models.prices`.
pub(crate) fn models(config: &ModelsConfig) -> Result<Arc<Models>> {
    let variable = |name: &str| String::from_utf8(EnvironmentSecrets.secret(name)?).ok();
    Ok(Arc::new(Models::new(config.clone(), variable)?))
}

/// The search engine of the settings. `directory` is where the indexes of this process are kept over a restart, if they are.
///
/// # Errors
/// If the machine's TLS settings can't be used.
pub(crate) fn knowledge(config: &KnowledgeConfig, directory: Option<PathBuf>) -> Result<Arc<dyn Engine>> {
    let embedded = EmbeddedOptions {
        directory,
        ..EmbeddedOptions::default()
    };
    Ok(nakai_knowledge::open(config, embedded, RemoteOptions::default())?)
}

/// The NLP service as the settings want it: trained models are kept in the data folder, and the encoder is opened if NLP runs here.
///
/// # Errors
/// If the encoder is not there or damaged: a problem of `nlp.encoder`.
pub(crate) fn nlp_config(settings: &Settings) -> Result<NlpConfig> {
    let mut config = NlpConfig {
        model_directory: Some(settings.data.join("models")),
        ..NlpConfig::default()
    };
    if settings.runs(Role::Nlp) {
        config.encoder = encoder(settings)?;
    }
    Ok(config)
}

/// The sentence encoder of the settings.
///
/// # Errors
/// If it is not there or damaged, or no model that may be asked: a problem of `nlp.encoder`.
pub(crate) fn encoder(settings: &Settings) -> Result<Encoder> {
    let id = &settings.nlp.encoder;
    let unusable = |error: String, cure: String| {
        let mut problems = Problems::default();
        problems.error("nlp.encoder", error, cure);
        problems
    };
    if id.is_empty() {
        return Ok(Encoder::shipped());
    }
    if id.contains('/') {
        let opened = provider_encoder(&settings.models, &settings.nlp)?;
        return opened.map_err(|error| {
            let cure =
                "name an embedding model of a provider that is set up under `models`, or leave the setting empty";
            unusable(error.to_string(), cure.into()).into()
        });
    }
    let opened = nakai_models::open(&settings.data.join(ENCODERS), id).map_err(|error| {
        unusable(
            error.to_string(),
            format!(
                "that is done with `nakai models add FILE --data {}`; or leave the setting empty for the encoder that is part of the program",
                settings.data.display()
            ),
        )
    })?;
    Ok(Encoder::Here(opened))
}

/// The embedding model of a provider that the settings name as the encoder.
///
/// # Errors
/// If the price list can't be used; inside, if there is no such model or it may not be asked.
pub(crate) fn provider_encoder(
    config: &ModelsConfig,
    nlp: &NlpSettings,
) -> Result<Result<Encoder, UnusableProviderEncoder>> {
    let options = ProviderEncoderOptions {
        model: nlp.encoder.clone(),
        dimensions: nlp.encoder_dimensions,
        turn: Duration::from_millis(nlp.encoder_timeout_ms),
        training: Duration::from_millis(config.timeouts.total_ms),
    };
    let opened = ProviderEncoder::new(models(config)?, options);
    Ok(opened.map(|encoder| Encoder::Elsewhere(Arc::new(encoder))))
}
