//! All settings of the program in one value: each crate's section, and what concerns the process as a whole.

use std::{collections::BTreeSet, fmt, path::PathBuf, str::FromStr};

use nakai_config::{Problems, Secret};
use nakai_gateway::GatewayConfig;
use nakai_knowledge::KnowledgeConfig;
use nakai_llm::ModelsConfig;
use nakai_models::KNOWN;
use nakai_rpc::RpcConfig;
use nakai_store::StoreConfig;
use nakai_telemetry::logging::LogFormat;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The configuration of a Nakai process.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Settings {
    /// What this process runs. All three unless the services are spread over several processes.
    pub(crate) roles: BTreeSet<Role>,
    /// The folder for data: the database unless `store.url` names another, trained models, indexes of articles, the bootstrap key.
    pub(crate) data: PathBuf,
    /// Bundle folders of the bots to serve. Empty: the demo bot, unless bots are stored already.
    pub(crate) bots: Vec<PathBuf>,
    /// Serves a new version of a bot as soon as its folder changes and is free of errors.
    pub(crate) watch: bool,
    /// Log lines.
    pub(crate) log: LogSettings,
    /// How utterances are understood.
    pub(crate) nlp: NlpSettings,
    /// Search in the articles of bots.
    pub(crate) knowledge: KnowledgeConfig,
    /// Language models.
    pub(crate) models: ModelsConfig,
    /// The HTTP front door.
    pub(crate) gateway: GatewayConfig,
    /// How the services reach each other when they run in several processes.
    pub(crate) rpc: RpcConfig,
    /// The database of conversations and bots.
    pub(crate) store: StoreConfig,
}

/// Log lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct LogSettings {
    /// `json` for Elastic Common Schema documents, one a line; `text` for people; `auto` for text on a terminal and JSON elsewhere.
    pub(crate) format: String,
    /// Which lines: a level, or levels by module, for example `info,nakai_gateway=debug`.
    pub(crate) filter: String,
    /// The environment that lines name, for example `production`.
    pub(crate) environment: String,
}

/// How utterances are understood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct NlpSettings {
    /// The sentence encoder that intents are recognised with: the id of one that was added with `nakai models add`, or the full name of a
    /// provider's embedding model, such as `openai/text-embedding-3-small`. Empty: the one that is part of the program. A provider is asked
    /// where the wording is not sure, with personal data taken out, and costs its time and money.
    pub(crate) encoder: String,
    /// How many numbers the vectors of a provider's model shall have, where the model leaves that open.
    #[schemars(range(min = 1))]
    pub(crate) encoder_dimensions: Option<u32>,
    /// How long an utterance waits for a provider's vector, in milliseconds. After that its wording decides.
    #[schemars(range(min = 1))]
    pub(crate) encoder_timeout_ms: u64,
}

impl Default for NlpSettings {
    fn default() -> Self {
        Self {
            encoder: String::new(),
            encoder_dimensions: None,
            encoder_timeout_ms: 800,
        }
    }
}

impl NlpSettings {
    /// Adds everything that is wrong with this section to `problems`.
    fn check(&self, problems: &mut Problems) {
        let of_provider = self.encoder.contains('/');
        if !self.encoder.is_empty() && !of_provider && !KNOWN.iter().any(|model| model.id == self.encoder) {
            let ids: Vec<_> = KNOWN.iter().map(|model| format!("`{}`", model.id)).collect();
            problems.error(
                "nlp.encoder",
                "is none of the known encoders",
                format!(
                    "use {}, or a provider's model as `PROVIDER/MODEL`, or leave it empty; see `nakai models list`",
                    ids.join(" or ")
                ),
            );
        }
        if self.encoder_timeout_ms == 0 {
            problems.error(
                "nlp.encoder_timeout_ms",
                "leaves no time at all",
                "give the provider some hundred milliseconds, or leave `nlp.encoder` empty to ask none",
            );
        }
        match self.encoder_dimensions {
            Some(0) => problems.error("nlp.encoder_dimensions", "is no number of numbers", "leave it out"),
            Some(_) if !of_provider => problems.error(
                "nlp.encoder_dimensions",
                "is for models of providers",
                "leave it out, or name such a model in `nlp.encoder`",
            ),
            _ => {}
        }
    }
}

/// One of the three services.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Role {
    /// Takes requests, screens, records.
    Gateway,
    /// Understands utterances.
    Nlp,
    /// Decides what to answer.
    Dialogue,
}

impl Role {
    const ALL: [Self; 3] = [Self::Gateway, Self::Nlp, Self::Dialogue];
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Gateway => "gateway",
            Self::Nlp => "nlp",
            Self::Dialogue => "dialogue",
        })
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            roles: Role::ALL.into(),
            data: PathBuf::from("data"),
            bots: Vec::new(),
            watch: false,
            log: LogSettings::default(),
            nlp: NlpSettings::default(),
            knowledge: KnowledgeConfig::default(),
            models: ModelsConfig::default(),
            gateway: GatewayConfig::default(),
            rpc: RpcConfig::default(),
            store: StoreConfig::default(),
        }
    }
}

impl Default for LogSettings {
    fn default() -> Self {
        Self {
            format: "auto".into(),
            filter: "info".into(),
            environment: "production".into(),
        }
    }
}

impl Settings {
    /// Adds everything that is wrong, so that a person sees all of it at once.
    pub(crate) fn check(&self, problems: &mut Problems) {
        self.gateway.check(problems);
        self.knowledge.check(problems);
        self.models.check(problems);
        self.store.check(problems);
        self.rpc.check("rpc", problems);
        if LogFormat::from_str(&self.log.format).is_err() {
            problems.error("log.format", "is none of the formats", "use `auto`, `json` or `text`");
        }
        self.nlp.check(problems);
        self.check_roles(problems);
    }

    /// A process that lacks a service must know where it is.
    fn check_roles(&self, problems: &mut Problems) {
        if self.roles.is_empty() {
            problems.error("roles", "names no service", "name any of gateway, nlp, dialogue");
        }
        if !self.runs(Role::Gateway) {
            self.rpc.check_listen("rpc", problems);
            return;
        }
        let elsewhere = [
            (Role::Nlp, "nlp", &self.rpc.nlp),
            (Role::Dialogue, "dialogue", &self.rpc.dialogue),
        ];
        for (role, name, addresses) in elsewhere {
            if !self.runs(role) && addresses.is_empty() {
                problems.error(
                    format!("rpc.{name}"),
                    format!("the gateway needs the {name} service, which this process does not run"),
                    format!(
                        "give its address with `--{name} HOST:PORT` or in `rpc.{name}`, or add `{name}` to the roles"
                    ),
                );
            }
        }
    }

    /// Says whether this process runs a service.
    pub(crate) fn runs(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }

    /// The roles as people write them.
    pub(crate) fn role_names(&self) -> String {
        self.roles.iter().map(Role::to_string).collect::<Vec<_>>().join(",")
    }

    /// The store's settings, with the default database inside the data folder.
    pub(crate) fn store(&self) -> StoreConfig {
        let mut store = self.store.clone();
        if store.url.expose() == StoreConfig::default().url.expose() {
            store.url = Secret::new(format!("sqlite:{}", self.data.join("nakai.db").display()));
        }
        store
    }
}
