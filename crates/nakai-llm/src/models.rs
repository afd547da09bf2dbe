use std::{borrow::Cow, path::PathBuf, sync::Arc, time::Duration};

use moka::sync::Cache;
use nakai_types::ModelCall;

use crate::{
    AfterFirstToken, Attempt, ModelsConfig, PriceList, Providers, Route, Target, Timeouts, TokenUsage, UnknownModel,
    UnusablePrices, catalogue::BELIEVED, route::Place,
};

/// Routes and targets that are kept ready; beyond that, those asked least go.
const KEPT: u64 = 1_024;

/// All models that this process may ask: providers, routes and prices.
pub struct Models {
    config: ModelsConfig,
    providers: Providers,
    prices: PriceList,
    client: reqwest::Client,
    /// One for each model, so that every route sees how it is doing.
    places: Cache<String, Arc<Place>>,
    routes: Cache<(Vec<String>, AfterFirstToken), Arc<Route>>,
    /// By provider: the full names of the models that it lists.
    lists: Cache<String, Arc<[String]>>,
}

/// Models that can't be set up.
#[derive(Debug, thiserror::Error)]
pub enum UnusableModels {
    /// The file with prices can't be read.
    #[error("the price list {path} can't be opened ({reason}); check `models.prices`")]
    PricesMissing {
        /// The file.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// The file with prices is not a price list.
    #[error("in {path}: {reason}")]
    Prices {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: UnusablePrices,
    },
    /// The list that ships is broken: a bug.
    #[error(transparent)]
    Shipped(#[from] UnusablePrices),
    /// The machine's TLS settings can't be used.
    #[error("no HTTP client for models ({0}); check the certificates of this machine")]
    Client(#[from] reqwest::Error),
}

impl Models {
    /// Takes the well-known providers from the environment and further ones from the settings. `variable` gives the value of an
    /// environment variable, or what stands in the file that the variable with `_FILE` behind it names.
    ///
    /// # Errors
    /// If the price list can't be used, or there can't be an HTTP client.
    pub fn new(config: ModelsConfig, variable: impl Fn(&str) -> Option<String>) -> Result<Self, UnusableModels> {
        let timeouts = Timeouts::from(config.timeouts);
        let mut providers = Providers::from_environment(&variable, timeouts);
        for (name, provider) in &config.providers {
            providers.add(name.clone(), provider.provider(&variable, timeouts));
        }
        let mut prices = PriceList::shipped()?;
        if let Some(path) = &config.prices {
            prices.override_with(PriceList::of_file(path)?);
        }
        Ok(Self {
            client: Route::client(timeouts.connect)?,
            places: Cache::new(KEPT),
            routes: Cache::new(KEPT),
            lists: Cache::builder().max_capacity(KEPT).time_to_live(BELIEVED).build(),
            config,
            providers,
            prices,
        })
    }

    /// No models at all: for tests of bots, which must not depend on a provider.
    ///
    /// # Errors
    /// If there can't be an HTTP client.
    pub fn none() -> Result<Self, UnusableModels> {
        Self::new(ModelsConfig::default(), |_| None)
    }

    /// The names of the providers that can be asked.
    pub fn providers(&self) -> impl Iterator<Item = &str> {
        self.providers.names()
    }

    /// The HTTP client that all models are asked with.
    pub const fn client(&self) -> &reqwest::Client {
        &self.client
    }

    /// What models cost.
    pub const fn prices(&self) -> &PriceList {
        &self.prices
    }

    /// Models that stand in for each other, the preferred one first, by their full names. The same names give the same route.
    ///
    /// # Errors
    /// If a name leads nowhere, or to a model that may not be asked.
    pub fn route(&self, names: &[String], after_first_token: AfterFirstToken) -> Result<Arc<Route>, UnknownModel> {
        let key = (names.to_vec(), after_first_token);
        if let Some(route) = self.routes.get(&key) {
            return Ok(route);
        }
        let places = names
            .iter()
            .map(|name| self.place(name))
            .collect::<Result<Vec<_>, _>>()?;
        let route = Arc::new(Route::of(self.client.clone(), places, after_first_token));
        // If another request was quicker, its route counts: retries are limited for all of them together.
        Ok(self.routes.get_with(key, || route))
    }

    /// Whether the settings let a model be asked.
    pub fn may_ask(&self, name: &str) -> bool {
        self.config.allows(name)
    }

    /// The models that the settings allow by their full names.
    pub(crate) fn allowed_by_name(&self) -> impl Iterator<Item = &String> {
        self.config.allow.iter().filter(|name| !name.ends_with('*'))
    }

    /// Something of a provider, whatever its models are.
    pub(crate) fn any_target(&self, provider: &str) -> Option<Target> {
        self.providers.target(&format!("{provider}/any")).ok()
    }

    pub(crate) const fn lists(&self) -> &Cache<String, Arc<[String]>> {
        &self.lists
    }

    fn place(&self, name: &str) -> Result<Arc<Place>, UnknownModel> {
        if let Some(place) = self.places.get(name) {
            return Ok(place);
        }
        let target = self.providers.target(name)?;
        if !self.config.allows(name) {
            return Err(UnknownModel::NotAllowed(name.to_owned()));
        }
        Ok(self.places.get_with(name.to_owned(), || Arc::new(Place::new(target))))
    }

    /// The record of what was asked: one for each attempt, failed ones without tokens; `usage` is that of the last attempt.
    pub fn calls(
        &self,
        purpose: &'static str,
        attempts: &[Attempt],
        usage: Option<&TokenUsage>,
        whole: Duration,
    ) -> Vec<ModelCall> {
        let last = attempts.len().saturating_sub(1);
        let call = |(number, attempt): (usize, &Attempt)| {
            let used = usage.filter(|_| number == last).copied().unwrap_or_default();
            let took = if number == last {
                whole.max(attempt.took)
            } else {
                attempt.took
            };
            ModelCall {
                model: Arc::clone(&attempt.target),
                purpose: Cow::Borrowed(purpose),
                input_tokens: used.input,
                cached_input_tokens: used.cached_input,
                output_tokens: used.output,
                reasoning_tokens: used.reasoning,
                cost_micros: self.cost_micros(&attempt.target, &used),
                estimated: used.estimated,
                micros: micros(took),
                first_token_micros: attempt.error.is_none().then(|| micros(attempt.took)),
                failure: attempt.error.as_ref().map(|error| Cow::Borrowed(error.code.name())),
            }
        };
        attempts.iter().enumerate().map(call).collect()
    }

    /// What tokens of a model cost, in millionths of a dollar; 0 if its price is not known.
    pub fn cost_micros(&self, model: &str, usage: &TokenUsage) -> u64 {
        self.prices.of(model).map_or(0, |price| price.cost_micros(usage))
    }
}

fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

impl std::fmt::Debug for Models {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Models")
            .field("providers", &self.providers)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn models(yaml: serde_json::Value) -> Models {
        Models::new(serde_json::from_value(yaml).unwrap(), |name| {
            (name == "OPENAI_API_KEY").then(|| "sk-test".to_owned())
        })
        .unwrap()
    }

    #[test]
    fn the_same_names_give_the_same_route() {
        let models = models(serde_json::json!({
            "providers": {"local": {"base_url": "http://127.0.0.1:9/v1"}},
        }));
        let names = ["openai/a".to_owned(), "local/b".to_owned()];
        let route = models.route(&names, AfterFirstToken::Fail).unwrap();
        assert!(Arc::ptr_eq(
            &route,
            &models.route(&names, AfterFirstToken::Fail).unwrap()
        ));
        assert!(!Arc::ptr_eq(
            &route,
            &models.route(&names, AfterFirstToken::Continue).unwrap()
        ));
        assert_eq!(
            route.targets().map(|t| &*t.name).collect::<Vec<_>>(),
            ["openai/a", "local/b"]
        );
    }

    #[test]
    fn a_model_that_is_not_allowed_is_not_asked() {
        let models = models(serde_json::json!({"allow": ["openai/gpt-5*"]}));
        let ask = |name: &str| models.route(&[name.to_owned()], AfterFirstToken::Fail).map(drop);
        assert_eq!(ask("openai/gpt-5-mini"), Ok(()));
        let refused = ask("openai/o3").unwrap_err();
        assert!(refused.to_string().contains("models.allow"), "{refused}");
    }

    #[test]
    fn every_problem_of_the_settings_is_told() {
        let config: ModelsConfig = serde_json::from_value(serde_json::json!({
            "providers": {
                "a/b": {"base_url": "localhost:8000", "key": "k", "key_from": "K"},
                "slow": {"base_url": "http://127.0.0.1:1/v1", "timeouts": {"first_token_ms": 0}},
            },
            "allow": ["*", "openai/*mini"],
        }))
        .unwrap();
        let mut problems = nakai_config::Problems::default();
        config.check(&mut problems);
        let text = problems.to_string();
        for key in [
            "models.providers.a/b",
            "models.providers.a/b.base_url",
            "models.providers.a/b.key_from",
            "models.providers.slow.timeouts.first_token_ms",
            "models.allow[0]",
            "models.allow[1]",
        ] {
            assert!(text.contains(key), "{key} is not in {text}");
        }
    }

    #[test]
    fn what_was_asked_has_its_price_and_its_failures() {
        let models = models(serde_json::json!({}));
        let attempt = |target: &str, failed: bool| Attempt {
            target: target.into(),
            took: Duration::from_millis(5),
            error: failed.then(|| crate::ProviderError::new(crate::ProviderCode::Overloaded, &target.into())),
        };
        let usage = TokenUsage {
            input: 1_000_000,
            ..TokenUsage::default()
        };
        let attempts = [attempt("x/y", true), attempt("openai/gpt-5-mini", false)];
        let calls = models.calls("answer", &attempts, Some(&usage), Duration::from_millis(9));
        assert_eq!(calls[0].failure.as_deref(), Some("provider_overloaded"));
        assert_eq!(
            (calls[0].input_tokens, calls[0].cost_micros, calls[0].micros),
            (0, 0, 5_000)
        );
        assert_eq!((calls[1].input_tokens, calls[1].micros), (1_000_000, 9_000));
        assert_eq!(calls[1].first_token_micros, Some(5_000));
        assert_eq!(
            calls[1].cost_micros,
            models.prices().of("openai/gpt-5-mini").unwrap().input
        );
    }
}
