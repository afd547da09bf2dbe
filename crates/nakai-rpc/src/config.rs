use std::{fs, net::SocketAddr, path::PathBuf};

use nakai_config::Problems;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tonic::transport::{Certificate, ClientTlsConfig, Identity, ServerTlsConfig};

use crate::Target;

/// How the services reach each other when they run in several processes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RpcConfig {
    /// Address on which this process serves NLP and dialogue to others, if it runs them without the gateway.
    #[schemars(with = "String")]
    pub listen: SocketAddr,
    /// Addresses of the NLP service, `host:port`, if it runs elsewhere. A name with several addresses is balanced over all.
    pub nlp: Vec<String>,
    /// Addresses of the dialogue service, `host:port`, if it runs elsewhere. A name with several addresses is balanced over all.
    pub dialogue: Vec<String>,
    /// Certificates for mutual TLS between the services.
    pub tls: Option<TlsFiles>,
    /// Allows plain text to and from addresses other than loopback, for a network that encrypts by itself.
    pub allow_plaintext: bool,
}

impl Default for RpcConfig {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 3001)),
            nlp: Vec::new(),
            dialogue: Vec::new(),
            tls: None,
            allow_plaintext: false,
        }
    }
}

/// Files of mutual TLS, PEM.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TlsFiles {
    /// The certificates by which the other side is believed.
    pub ca: PathBuf,
    /// This side's certificate chain.
    pub certificate: PathBuf,
    /// This side's private key.
    pub key: PathBuf,
}

/// Why the services can't be connected.
#[derive(Debug, thiserror::Error)]
pub enum RpcError {
    /// A file of the TLS settings can't be read.
    #[error("`rpc.tls`: {} can't be read: {source}", path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The TLS material is not usable.
    #[error("`rpc.tls` can't be used: {0}; check that the files are PEM and that key and certificate belong together")]
    Tls(tonic::transport::Error),
    /// The address can't be listened on.
    #[error("can't listen on {address}: {source}; set `rpc.listen` to a free address")]
    Listen {
        /// Which address.
        address: SocketAddr,
        /// Why.
        source: std::io::Error,
    },
    /// The server ended by itself.
    #[error("the RPC server ended: {0}")]
    Serve(tonic::transport::Error),
}

impl RpcConfig {
    /// Adds what is wrong with these settings; `prefix` is their dotted key.
    pub fn check(&self, prefix: &str, problems: &mut Problems) {
        for (name, addresses) in [("nlp", &self.nlp), ("dialogue", &self.dialogue)] {
            for (index, address) in addresses.iter().enumerate() {
                let key = format!("{prefix}.{name}[{index}]");
                match address.parse::<Target>() {
                    Err(error) => problems.error(key, error.to_string(), "write for example `nlp.internal:3001`"),
                    Ok(target) => self.check_plaintext(&key, target.is_loopback(), problems),
                }
            }
        }
    }

    /// Adds a problem if this process would serve plain text to other machines.
    pub fn check_listen(&self, prefix: &str, problems: &mut Problems) {
        self.check_plaintext(&format!("{prefix}.listen"), self.listen.ip().is_loopback(), problems);
    }

    fn check_plaintext(&self, key: &str, loopback: bool, problems: &mut Problems) {
        if !loopback && self.tls.is_none() && !self.allow_plaintext {
            problems.error(
                key,
                "utterances would cross the network unencrypted",
                "set `rpc.tls`, or `rpc.allow_plaintext: true` if the network encrypts by itself",
            );
        }
    }
}

impl TlsFiles {
    pub(crate) fn client(&self) -> Result<ClientTlsConfig, RpcError> {
        Ok(ClientTlsConfig::new()
            .ca_certificate(Certificate::from_pem(read(&self.ca)?))
            .identity(self.identity()?))
    }

    pub(crate) fn server(&self) -> Result<ServerTlsConfig, RpcError> {
        Ok(ServerTlsConfig::new()
            .identity(self.identity()?)
            .client_ca_root(Certificate::from_pem(read(&self.ca)?)))
    }

    fn identity(&self) -> Result<Identity, RpcError> {
        Ok(Identity::from_pem(read(&self.certificate)?, read(&self.key)?))
    }
}

fn read(path: &PathBuf) -> Result<Vec<u8>, RpcError> {
    fs::read(path).map_err(|source| RpcError::File {
        path: path.clone(),
        source,
    })
}
