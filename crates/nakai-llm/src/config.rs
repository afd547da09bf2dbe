use std::{collections::BTreeMap, path::PathBuf, time::Duration};

use nakai_config::{ProblemCode, Problems, Secret};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{PriceList, Protocol, Provider, Timeouts};

/// Language models. The well-known providers need no line here: their keys are taken from the usual variables of the environment, such
/// as `OPENAI_API_KEY`, or from the files that `OPENAI_API_KEY_FILE` and the like name.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ModelsConfig {
    /// Further providers, or other settings for the well-known ones, by name. A model is named `PROVIDER/MODEL`.
    pub providers: BTreeMap<String, ProviderConfig>,
    /// A file with prices that replace those that ship; `nakai prices --json` shows its form.
    pub prices: Option<PathBuf>,
    /// Which models may be asked: full names, or beginnings of names that end with `*`, such as `openai/*`. Empty: every model of the
    /// providers that are set up.
    pub allow: Vec<String>,
    /// How long models may take, unless their provider says otherwise.
    pub timeouts: TimeoutsConfig,
}

/// A provider of models.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProviderConfig {
    /// How it is spoken to.
    #[serde(default)]
    pub protocol: Protocol,
    /// Its address without the last part of the path, for example `http://127.0.0.1:11434/v1`.
    pub base_url: String,
    /// Its key, if it wants one. Better in the environment variable that `key_from` names.
    #[serde(default)]
    pub key: Option<Secret>,
    /// The environment variable with the key; the variable of the same name with `_FILE` behind it may name a file instead.
    #[serde(default)]
    pub key_from: Option<String>,
    /// How long its models may take.
    #[serde(default)]
    pub timeouts: Option<TimeoutsConfig>,
}

/// How long a model may take, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TimeoutsConfig {
    /// For a connection.
    #[schemars(range(min = 1))]
    pub connect_ms: u64,
    /// From the request to the first piece of the answer.
    #[schemars(range(min = 1))]
    pub first_token_ms: u64,
    /// From one piece to the next.
    #[schemars(range(min = 1))]
    pub between_tokens_ms: u64,
    /// For everything.
    #[schemars(range(min = 1))]
    pub total_ms: u64,
}

impl Default for TimeoutsConfig {
    fn default() -> Self {
        let Timeouts {
            connect,
            first_token,
            between_tokens,
            total,
        } = Timeouts::default();
        let ms = |duration: Duration| u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
        Self {
            connect_ms: ms(connect),
            first_token_ms: ms(first_token),
            between_tokens_ms: ms(between_tokens),
            total_ms: ms(total),
        }
    }
}

impl From<TimeoutsConfig> for Timeouts {
    fn from(config: TimeoutsConfig) -> Self {
        Self {
            connect: Duration::from_millis(config.connect_ms),
            first_token: Duration::from_millis(config.first_token_ms),
            between_tokens: Duration::from_millis(config.between_tokens_ms),
            total: Duration::from_millis(config.total_ms),
        }
    }
}

impl ModelsConfig {
    /// Adds everything that is wrong with this section to `problems`, under keys that begin with `models.`.
    pub fn check(&self, problems: &mut Problems) {
        check_timeouts("models.timeouts", &self.timeouts, problems);
        for (name, provider) in &self.providers {
            let key = format!("models.providers.{name}");
            if name.is_empty() || name.contains(['/', ':', '*']) {
                problems.error(
                    &key,
                    "is no name for a provider",
                    "use letters, digits, `-` and `_`: a model is named `PROVIDER/MODEL`",
                );
            }
            let address = reqwest::Url::parse(&provider.base_url);
            if !address.is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host()) {
                problems.error(
                    format!("{key}.base_url"),
                    "is no address",
                    "write it whole, for example `http://127.0.0.1:11434/v1`",
                );
            }
            if provider.key.is_some() && provider.key_from.is_some() {
                problems.error(
                    format!("{key}.key_from"),
                    "there is a `key` as well",
                    "leave one of both out",
                );
            }
            if let Some(timeouts) = &provider.timeouts {
                check_timeouts(&format!("{key}.timeouts"), timeouts, problems);
            }
        }
        if let Some(path) = &self.prices
            && let Err(error) = PriceList::of_file(path)
        {
            problems.coded(
                ProblemCode::PricesInvalid,
                "models.prices",
                error.to_string(),
                "mend the file, or leave the setting out for the prices that ship; `nakai prices --json` shows the form",
            );
        }
        for (number, pattern) in self.allow.iter().enumerate() {
            let stars = pattern.matches('*').count();
            if !pattern.contains('/') || stars > 1 || (stars == 1 && !pattern.ends_with('*')) {
                problems.error(
                    format!("models.allow[{number}]"),
                    format!("`{pattern}` names no models"),
                    "write `PROVIDER/MODEL`, or a beginning that ends with `*`, such as `openai/*`",
                );
            }
        }
    }

    /// Whether a model may be asked.
    pub fn allows(&self, model: &str) -> bool {
        self.allow.is_empty()
            || self.allow.iter().any(|pattern| match pattern.strip_suffix('*') {
                Some(beginning) => model.starts_with(beginning),
                None => model == pattern,
            })
    }
}

fn check_timeouts(key: &str, timeouts: &TimeoutsConfig, problems: &mut Problems) {
    let TimeoutsConfig {
        connect_ms,
        first_token_ms,
        between_tokens_ms,
        total_ms,
    } = *timeouts;
    for (name, value) in [
        ("connect_ms", connect_ms),
        ("first_token_ms", first_token_ms),
        ("between_tokens_ms", between_tokens_ms),
        ("total_ms", total_ms),
    ] {
        if value == 0 {
            problems.error(
                format!("{key}.{name}"),
                "is 0: nothing can answer in no time",
                "give it some milliseconds",
            );
        }
    }
}

impl ProviderConfig {
    /// The provider as it is asked. `variable` gives the value of an environment variable.
    pub(crate) fn provider(&self, variable: impl Fn(&str) -> Option<String>, timeouts: Timeouts) -> Provider {
        let from_environment = || self.key_from.as_deref().and_then(variable).map(Secret::new);
        Provider {
            protocol: self.protocol,
            base_url: self.base_url.trim_end_matches('/').to_owned(),
            key: self.key.clone().or_else(from_environment),
            timeouts: self.timeouts.map_or(timeouts, Timeouts::from),
        }
    }
}
