//! Says which language models were found, so that nobody has to guess why a bot asks one or none.

use std::sync::Arc;

use nakai_llm::{LocalServer, Models, local_servers};

use crate::output::say;

/// Looks for model servers of this machine and prints one line about all that was found. Takes half a second at most.
pub(super) async fn tell(models: Arc<Models>) {
    let mut found = providers(&models);
    let usual = models.usual();
    if found.is_empty() {
        found.push("none has a key; bots answer from flows and articles".into());
    } else if !usual.is_empty() {
        found.push(format!("`models: auto` asks {}", usual.join(", ")));
    }
    found.extend(local_servers(models.client()).await.iter().map(server));
    say(format_args!("language models: {}", found.join("; ")));
}

/// The providers that can be asked, if there are any.
pub(crate) fn providers(models: &Models) -> Vec<String> {
    let names: Vec<&str> = models.providers().collect();
    if names.is_empty() {
        Vec::new()
    } else {
        vec![format!("{} can be asked", names.join(", "))]
    }
}

/// A model server of this machine, with how to use it: it is never asked on its own.
pub(crate) fn server(server: &LocalServer) -> String {
    let LocalServer {
        program,
        base_url,
        models,
    } = server;
    format!(
        "{program} at {base_url} ({}), asked only if `models.providers` of the settings has it",
        models.join(", ")
    )
}
