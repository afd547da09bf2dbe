//! Hot reload: a changed bundle folder is served as soon as it is free of errors.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use nakai_bundle::{Loaded, load_folder, read_folder};
use nakai_config::Severity;
use nakai_gateway::Bots;
use nakai_telemetry::events::BotRejected;
use nakai_types::Version;
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use super::bots;
use crate::output::complain;

/// How often folders are looked at. Content is compared, not times, which also works on mounted volumes that swap links.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// Watches one folder until told to stop.
pub(super) async fn watch(registry: Arc<Bots>, folder: PathBuf, stop: CancellationToken) {
    let mut ticks = interval(LOOK_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut seen = content(&folder).await;
    while stop.run_until_cancelled(ticks.tick()).await.is_some() {
        let now = content(&folder).await;
        if now == seen {
            continue;
        }
        seen = now;
        let load_from = folder.clone();
        let Ok(loaded) = tokio::task::spawn_blocking(move || load_folder(&load_from)).await else {
            continue;
        };
        match loaded {
            Ok(loaded) => serve(&registry, loaded, &folder).await,
            Err(problems) => {
                complain(format_args!("{problems}"));
                let mut errors = problems.iter().filter(|p| p.severity == Severity::Error);
                let first = errors.next().map(ToString::to_string).unwrap_or_default();
                BotRejected {
                    folder: &folder.to_string_lossy(),
                    errors: 1 + errors.count(),
                    first: &first,
                }
                .emit();
            }
        }
    }
}

async fn serve(registry: &Bots, loaded: Loaded, folder: &Path) {
    if let Err(error) = registry.activate(bots::archive(&loaded)).await {
        BotRejected {
            folder: &folder.to_string_lossy(),
            errors: 1,
            first: &error.to_string(),
        }
        .emit();
    }
}

/// The content of a folder as a digest; `None` while it can't be read, as in the middle of a change.
async fn content(folder: &Path) -> Option<Version> {
    let folder = folder.to_owned();
    tokio::task::spawn_blocking(move || read_folder(&folder).0.version())
        .await
        .ok()
}
