//! Looks for model servers on this machine. Finds only; nothing is used unasked.

use std::time::Duration;

use futures_util::future::join_all;
use serde::Deserialize;

/// Names, and the usual ports of servers that speak as OpenAI does.
const USUAL: [(&str, u16); 4] = [
    ("Ollama", 11434),
    ("llama.cpp", 8080),
    ("vLLM", 8000),
    ("LM Studio", 1234),
];
/// A server of this machine answers at once, or is none.
const PATIENCE: Duration = Duration::from_millis(500);
/// So many models are named.
const MAX_MODELS: usize = 8;

/// A model server that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalServer {
    /// Which program uses this port as a rule.
    pub program: &'static str,
    /// Where it is: the base address of its OpenAI-compatible interface.
    pub base_url: String,
    /// Models that it offers.
    pub models: Vec<String>,
}

#[derive(Deserialize)]
struct Models {
    data: Vec<Model>,
}

#[derive(Deserialize)]
struct Model {
    id: String,
}

/// Asks the usual ports of this machine for models.
pub async fn local_servers(client: &reqwest::Client) -> Vec<LocalServer> {
    at(client, &USUAL).await
}

async fn at(client: &reqwest::Client, places: &[(&'static str, u16)]) -> Vec<LocalServer> {
    let look = |(program, port): &(&'static str, u16)| {
        let (program, base_url) = (*program, format!("http://127.0.0.1:{port}/v1"));
        async move {
            let asked = client.get(format!("{base_url}/models")).send();
            let answer = tokio::time::timeout(PATIENCE, async {
                asked.await?.error_for_status()?.json::<Models>().await
            });
            let models = answer.await.ok()?.ok()?.data.into_iter().map(|model| model.id);
            Some(LocalServer {
                program,
                base_url,
                models: models.take(MAX_MODELS).collect(),
            })
        }
    };
    join_all(places.iter().map(look)).await.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[tokio::test]
    async fn a_server_is_found_with_its_models_and_other_programs_are_not() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move { axum::serve(listener, nakai_scripted::router(Arc::default())).await });
        let other = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let other_port = other.local_addr().unwrap().port();
        tokio::spawn(async move { axum::serve(other, axum::Router::new()).await });
        let client = crate::Route::client(PATIENCE).unwrap();
        let found = at(&client, &[("Other", other_port), ("Nothing", 1), ("Scripted", port)]).await;
        assert_eq!(found.len(), 1);
        assert_eq!(
            (found[0].program, &found[0].models[..]),
            ("Scripted", &["scripted".to_owned()][..])
        );
    }
}
