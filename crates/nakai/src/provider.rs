//! `nakai provider`: a model provider that does what a script says, as a process of its own.

use std::sync::Arc;

use anyhow::{Context, Result};
use axum::serve::ListenerExt;
use nakai_scripted::{ScriptedProvider, router};

use crate::{cli::Provider, output::say};

pub(crate) async fn run(options: Provider) -> Result<()> {
    let address = options.listen;
    let listener = tokio::net::TcpListener::bind(address)
        .await
        .with_context(|| format!("can't listen on {address}; name another address with --listen"))?;
    say(format_args!("listening on http://{}", listener.local_addr()?));
    let provider = Arc::new(ScriptedProvider::default());
    // Otherwise each piece of a stream waits for the one before to be acknowledged, which takes 40 ms.
    let listener = listener.tap_io(|connection| {
        // A connection that is gone already shows when it is used.
        let _ = connection.set_nodelay(true);
    });
    Ok(axum::serve(listener, router(provider))
        .with_graceful_shutdown(async {
            // If signals can't be heard, nothing stops it gracefully.
            if tokio::signal::ctrl_c().await.is_err() {
                std::future::pending::<()>().await;
            }
        })
        .await?)
}
