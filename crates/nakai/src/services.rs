//! NLP and dialogue in this process, sharing what both read.

use std::sync::Arc;

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
    /// Makes both services, without any bots yet.
    pub(crate) fn new() -> Result<Self> {
        let library = Arc::new(Library::default());
        Ok(Self {
            nlp: Arc::new(LocalNlp::new(NlpConfig::default(), Arc::clone(&library))),
            dialogue: Arc::new(LocalDialogue::new(library)?),
        })
    }
}
