//! NLP and dialogue in this process, sharing what both read.

use std::{path::PathBuf, sync::Arc};

use anyhow::Result;
use nakai_bundle::Library;
use nakai_config::Problems;
use nakai_dialogue::{DialogueParts, EnvironmentSecrets, LocalDialogue, SecretSource};
use nakai_encoder::SentenceEncoder;
use nakai_knowledge::{EmbeddedOptions, Engine, KnowledgeConfig, RemoteOptions};
use nakai_llm::{Models, ModelsConfig};
use nakai_nlp::{LocalNlp, NlpConfig};
use nakai_ports::{SharedDialogue, SharedKnowledge, SharedNlp};

use crate::settings::{Role, Settings};

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
/// If it is not there or damaged: a problem of `nlp.encoder`.
pub(crate) fn encoder(settings: &Settings) -> Result<Arc<dyn SentenceEncoder>> {
    let id = &settings.nlp.encoder;
    if id.is_empty() {
        return Ok(Arc::clone(nakai_encoder::shipped()));
    }
    let opened = nakai_models::open(&settings.data.join(ENCODERS), id).map_err(|error| {
        let mut problems = Problems::default();
        problems.error(
            "nlp.encoder",
            error.to_string(),
            format!(
                "that is done with `nakai models add FILE --data {}`; or leave the setting empty for the encoder that is part of the program",
                settings.data.display()
            ),
        );
        problems
    })?;
    Ok(opened)
}
