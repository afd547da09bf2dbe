//! Which providers there are: the well-known ones with the names that everybody's environment has for their keys, and those that the
//! configuration adds.

use std::{collections::BTreeMap, fmt};

use nakai_config::Secret;

use crate::{Protocol, Target, Timeouts};

/// A provider that can be asked.
#[derive(Clone)]
pub struct Provider {
    /// How it is spoken to.
    pub protocol: Protocol,
    /// Where, without the last part of the path.
    pub base_url: String,
    /// Its key.
    pub key: Option<Secret>,
    /// How long its models may take.
    pub timeouts: Timeouts,
}

impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Provider")
            .field("protocol", &self.protocol)
            .field("base_url", &self.base_url)
            .field("key", &self.key.is_some())
            .finish_non_exhaustive()
    }
}

/// A well-known provider.
struct Known {
    name: &'static str,
    protocol: Protocol,
    /// Variables with its key, the first that is set counts.
    keys: &'static [&'static str],
    /// The variable with its address.
    address: &'static str,
    /// Its address if the variable is not set; empty if it must be.
    base_url: &'static str,
}

const fn openai_like(
    name: &'static str,
    key: &'static [&'static str],
    address: &'static str,
    base_url: &'static str,
) -> Known {
    Known {
        name,
        protocol: Protocol::OpenAiChat,
        keys: key,
        address,
        base_url,
    }
}

const KNOWN: [Known; 11] = [
    openai_like(
        "openai",
        &["OPENAI_API_KEY"],
        "OPENAI_BASE_URL",
        "https://api.openai.com/v1",
    ),
    Known {
        name: "anthropic",
        protocol: Protocol::Anthropic,
        keys: &["ANTHROPIC_API_KEY"],
        address: "ANTHROPIC_BASE_URL",
        base_url: "https://api.anthropic.com",
    },
    Known {
        name: "gemini",
        protocol: Protocol::Gemini,
        keys: &["GEMINI_API_KEY", "GOOGLE_API_KEY", "GOOGLE_AI_STUDIO_GEMINI_API_KEY"],
        address: "GEMINI_BASE_URL",
        base_url: "https://generativelanguage.googleapis.com/v1beta",
    },
    Known {
        name: "azure",
        protocol: Protocol::AzureOpenAi,
        keys: &["AZURE_OPENAI_API_KEY", "AZURE_API_KEY"],
        address: "AZURE_OPENAI_ENDPOINT",
        base_url: "",
    },
    openai_like(
        "groq",
        &["GROQ_API_KEY"],
        "GROQ_BASE_URL",
        "https://api.groq.com/openai/v1",
    ),
    openai_like(
        "mistral",
        &["MISTRAL_API_KEY"],
        "MISTRAL_BASE_URL",
        "https://api.mistral.ai/v1",
    ),
    openai_like(
        "openrouter",
        &["OPENROUTER_API_KEY"],
        "OPENROUTER_BASE_URL",
        "https://openrouter.ai/api/v1",
    ),
    openai_like(
        "together",
        &["TOGETHER_API_KEY"],
        "TOGETHER_BASE_URL",
        "https://api.together.xyz/v1",
    ),
    openai_like("xai", &["XAI_API_KEY"], "XAI_BASE_URL", "https://api.x.ai/v1"),
    openai_like(
        "fireworks",
        &["FIREWORKS_API_KEY"],
        "FIREWORKS_BASE_URL",
        "https://api.fireworks.ai/inference/v1",
    ),
    openai_like(
        "deepseek",
        &["DEEPSEEK_API_KEY"],
        "DEEPSEEK_BASE_URL",
        "https://api.deepseek.com",
    ),
];

/// Every provider that can be asked, by name.
#[derive(Debug, Clone, Default)]
pub struct Providers(BTreeMap<String, Provider>);

/// A model's name that leads nowhere.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnknownModel {
    /// No provider in the name.
    #[error("`{0}` names no provider; write `provider/model`, for example `openai/gpt-5-mini`")]
    NoProvider(String),
    /// A model that the settings do not allow.
    #[error("the model `{0}` may not be asked; add it to `models.allow`, or name another one")]
    NotAllowed(String),
    /// A provider without key or address.
    #[error("the provider `{provider}` is not set up; set {cure}, or add it under `models.providers`")]
    NotSetUp {
        /// The provider.
        provider: String,
        /// What to set.
        cure: String,
    },
}

impl Providers {
    /// Takes the well-known providers whose keys are set. `variable` gives the value of an environment variable; for each, the variable
    /// of the same name with `_FILE` behind it may name a file with the value instead, which `variable` is expected to read.
    pub fn from_environment(variable: impl Fn(&str) -> Option<String>, timeouts: Timeouts) -> Self {
        let mut providers = BTreeMap::new();
        for known in &KNOWN {
            let key = known.keys.iter().find_map(|name| variable(name));
            let address =
                variable(known.address).or_else(|| (!known.base_url.is_empty()).then(|| known.base_url.to_owned()));
            if let (Some(key), Some(base_url)) = (key, address) {
                let provider = Provider {
                    protocol: known.protocol,
                    base_url,
                    key: Some(Secret::new(key)),
                    timeouts,
                };
                providers.insert(known.name.to_owned(), provider);
            }
        }
        if let Some(bedrock) = bedrock(&variable, timeouts) {
            providers.insert("bedrock".to_owned(), bedrock);
        }
        Self(providers)
    }

    /// Adds a provider, or replaces one of the same name.
    pub fn add(&mut self, name: impl Into<String>, provider: Provider) {
        self.0.insert(name.into(), provider);
    }

    /// The names of all providers.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// The target of a model by its full name, `openai/gpt-5-mini`. What follows the first `/` is the provider's name for the model.
    ///
    /// # Errors
    /// If the name has no provider, or one that is not set up.
    pub fn target(&self, name: &str) -> Result<Target, UnknownModel> {
        let (provider, model) = name
            .split_once('/')
            .filter(|(_, model)| !model.is_empty())
            .ok_or_else(|| UnknownModel::NoProvider(name.to_owned()))?;
        let set_up = self.0.get(provider).ok_or_else(|| UnknownModel::NotSetUp {
            provider: provider.to_owned(),
            cure: cure(provider),
        })?;
        Ok(Target {
            name: name.into(),
            protocol: set_up.protocol,
            base_url: set_up.base_url.clone(),
            model: model.to_owned(),
            key: set_up.key.clone(),
            headers: Vec::new(),
            timeouts: set_up.timeouts,
        })
    }
}

/// What sets a provider up.
fn cure(provider: &str) -> String {
    match KNOWN.iter().find(|known| known.name == provider) {
        Some(known) if known.base_url.is_empty() => format!("`{}` and `{}`", known.keys[0], known.address),
        Some(known) => format!("`{}`", known.keys[0]),
        None if provider == "bedrock" => "`AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_REGION`".to_owned(),
        None => "its address and key".to_owned(),
    }
}

fn bedrock(variable: &impl Fn(&str) -> Option<String>, timeouts: Timeouts) -> Option<Provider> {
    let region = variable("AWS_REGION").or_else(|| variable("AWS_DEFAULT_REGION"))?;
    let account = || {
        let (access, secret) = (variable("AWS_ACCESS_KEY_ID")?, variable("AWS_SECRET_ACCESS_KEY")?);
        let session = variable("AWS_SESSION_TOKEN").map(|session| format!(":{session}"));
        Some(format!("{access}:{secret}{}", session.unwrap_or_default()))
    };
    let key = variable("AWS_BEARER_TOKEN_BEDROCK").or_else(account)?;
    Some(Provider {
        protocol: Protocol::Bedrock,
        base_url: format!("https://bedrock-runtime.{region}.amazonaws.com"),
        key: Some(Secret::new(key)),
        timeouts,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn providers(variables: &[(&str, &str)]) -> Providers {
        let variable = |name: &str| {
            let found = variables.iter().find(|(variable, _)| *variable == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        Providers::from_environment(variable, Timeouts::default())
    }

    #[test]
    fn providers_are_those_whose_keys_are_set() {
        assert_eq!(providers(&[]).names().count(), 0);
        let some = providers(&[
            ("OPENAI_API_KEY", "sk-1"),
            ("OPENAI_BASE_URL", "http://127.0.0.1:8000/v1"),
            ("GOOGLE_API_KEY", "g"),
            ("AZURE_OPENAI_API_KEY", "a"),
            ("AWS_REGION", "ap-northeast-1"),
            ("AWS_ACCESS_KEY_ID", "AKID"),
            ("AWS_SECRET_ACCESS_KEY", "secret"),
        ]);
        // Azure has no address of its own.
        assert_eq!(some.names().collect::<Vec<_>>(), ["bedrock", "gemini", "openai"]);
        let target = some.target("openai/org/model").unwrap();
        assert_eq!(
            (target.base_url.as_str(), target.model.as_str()),
            ("http://127.0.0.1:8000/v1", "org/model")
        );
        let bedrock = some.target("bedrock/anthropic.claude-3-haiku-20240307-v1:0").unwrap();
        assert_eq!(bedrock.base_url, "https://bedrock-runtime.ap-northeast-1.amazonaws.com");
        assert!(!format!("{target:?} {some:?}").contains("sk-1"));
    }

    #[test]
    fn a_model_that_can_not_be_asked_says_what_to_set() {
        let none = providers(&[]);
        for (name, words) in [
            ("gpt-5", "provider/model"),
            ("openai/", "provider/model"),
            ("openai/gpt-5", "`OPENAI_API_KEY`"),
            ("azure/mine", "`AZURE_OPENAI_API_KEY` and `AZURE_OPENAI_ENDPOINT`"),
            ("bedrock/x", "`AWS_REGION`"),
            ("mine/x", "models.providers"),
        ] {
            let error = none.target(name).unwrap_err().to_string();
            assert!(error.contains(words), "{error}");
        }
    }
}
