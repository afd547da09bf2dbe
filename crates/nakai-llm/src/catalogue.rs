//! Which models can be asked, by name.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use futures_util::future::join_all;
use serde_json::Value;

use crate::{Models, Target, transport, wire};

/// How long a provider may take to list its models.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long a provider's list is believed, also an empty one of a provider that did not answer.
pub(crate) const BELIEVED: Duration = Duration::from_secs(60);
/// The longest list that is kept.
const MAX_LISTED: usize = 2_000;

impl Models {
    /// The full names of models that can be asked: what providers list, what the settings allow by their full names, and the beginnings
    /// of names in the price list. A provider that does not answer soon lists nothing.
    pub async fn names(&self) -> BTreeSet<String> {
        let providers: Vec<String> = self.providers().map(str::to_owned).collect();
        let lists = join_all(providers.iter().map(|provider| self.listed_by(provider))).await;
        let listed = lists.iter().flat_map(|list| list.iter());
        let priced = self.prices().models.keys();
        let allowed = self.allowed_by_name();
        let known = |name: &&String| {
            let provider = name.split('/').next().unwrap_or_default();
            providers.iter().any(|known| known == provider) && self.may_ask(name)
        };
        listed.chain(priced).chain(allowed).filter(known).cloned().collect()
    }

    async fn listed_by(&self, provider: &str) -> Arc<[String]> {
        if let Some(list) = self.lists().get(provider) {
            return list;
        }
        let list: Arc<[String]> = match self.any_target(provider) {
            Some(target) => fetch(self.client(), provider, &target).await.unwrap_or_default().into(),
            None => Arc::default(),
        };
        self.lists().insert(provider.to_owned(), Arc::clone(&list));
        list
    }
}

/// Asks a provider for its list.
async fn fetch(client: &reqwest::Client, provider: &str, target: &Target) -> Option<Vec<String>> {
    let (url, headers) = wire::of(target.protocol).list_call(target)?;
    let body = tokio::time::timeout(PATIENCE, transport::get(client, &url, headers))
        .await
        .ok()??;
    let body: Value = serde_json::from_slice(&body).ok()?;
    let items = body.get("data").or_else(|| body.get("models"))?.as_array()?;
    let id = |item: &Value| {
        // Gemini's names have a folder in front.
        let id = item.get("id").or_else(|| item.get("name"))?.as_str()?;
        Some(format!("{provider}/{}", id.strip_prefix("models/").unwrap_or(id)))
    };
    Some(items.iter().filter_map(id).take(MAX_LISTED).collect())
}
