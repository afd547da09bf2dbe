//! NLP and dialogue in this process, sharing what both read.

use std::{path::PathBuf, sync::Arc};

use anyhow::Result;
use nakai_bundle::Library;
use nakai_dialogue::LocalDialogue;
use nakai_nlp::{LocalNlp, NlpConfig};
use nakai_ports::{SharedDialogue, SharedNlp};

/// Both services in this process.
pub(crate) struct Local {
    pub(crate) nlp: SharedNlp,
    pub(crate) dialogue: SharedDialogue,
}

impl Local {
    /// Makes both services, without any bots yet. Trained models are kept in `models`, if a folder is given.
    pub(crate) fn new(models: Option<PathBuf>) -> Result<Self> {
        let library = Arc::new(Library::default());
        let config = NlpConfig {
            model_directory: models,
            ..NlpConfig::default()
        };
        Ok(Self {
            nlp: Arc::new(LocalNlp::new(config, Arc::clone(&library))),
            dialogue: Arc::new(LocalDialogue::new(library)?),
        })
    }
}
