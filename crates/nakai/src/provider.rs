//! `nakai provider`: a model provider that does what a script says, as a process of its own.

use std::sync::Arc;

use anyhow::{Context, Result};
use nakai_scripted::{ScriptedProvider, router};

use crate::{cli::Provider, output::say};

pub(crate) async fn run(options: Provider) -> Result<()> {
    let address = options.listen;
    let listener = tokio::net::TcpListener::bind(address)
        .await
        .with_context(|| format!("can't listen on {address}; name another address with --listen"))?;
    say(format_args!("listening on http://{}", listener.local_addr()?));
    let provider = Arc::new(ScriptedProvider::default());
    Ok(axum::serve(listener, router(provider))
        .with_graceful_shutdown(async {
            // If signals can't be heard, nothing stops it gracefully.
            if tokio::signal::ctrl_c().await.is_err() {
                std::future::pending::<()>().await;
            }
        })
        .await?)
}
