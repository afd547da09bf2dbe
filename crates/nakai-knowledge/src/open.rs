use std::sync::Arc;

use crate::{
    Embedded, EmbeddedOptions, Engine, EngineKind, KnowledgeConfig, RemoteOptions,
    opensearch::{Client, OpenSearch},
    postgres::Postgres,
    remote::Remote,
};

/// Why an engine can't be set up.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The settings are not those that [`KnowledgeConfig::check`] passes.
    #[error("the address of the search server can't be used; see `knowledge.url`")]
    Address,
    /// The machine's TLS settings can't be used.
    #[error("no HTTP client for the search server: {0}")]
    Client(#[from] reqwest::Error),
}

/// Sets up the engine that the settings name. A server is asked nothing yet: one that is away does not keep the program from starting.
///
/// # Errors
/// If the settings were not checked, or the machine's TLS settings can't be used.
pub fn open(
    config: &KnowledgeConfig,
    embedded: EmbeddedOptions,
    remote: RemoteOptions,
) -> Result<Arc<dyn Engine>, OpenError> {
    let remote = RemoteOptions {
        max_versions: config.max_versions,
        timeout: config.timeout(),
        ..remote
    };
    let encoder = remote.encoder.id().to_owned();
    Ok(match config.engine {
        EngineKind::Embedded => Arc::new(Embedded::new(embedded)),
        EngineKind::OpenSearch => {
            let address = config.opensearch().ok_or(OpenError::Address)?;
            let client = Client::new(address, remote.timeout)?;
            Arc::new(Remote::new(OpenSearch::new(client, &config.index, &encoder), remote))
        }
        EngineKind::Postgres => {
            let options = config.postgres().ok_or(OpenError::Address)?;
            let server = Postgres::new(options, &config.index, config.connections, remote.timeout, &encoder);
            Arc::new(Remote::new(server, remote))
        }
    })
}
