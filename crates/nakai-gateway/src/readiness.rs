//! Whether requests should be sent here.

use std::{
    fmt::Display,
    future::Future,
    time::{Duration, Instant},
};

use nakai_api::{Dependencies, DependencyState, Readiness};
use nakai_ports::{SharedConversationStore, SharedDialogue, SharedNlp};
use nakai_telemetry::events::DependencyChanged;
use tokio::{sync::Mutex, time::timeout};

/// How long an answer holds, so that probes from many sides do not become a load.
const HOLDS_FOR: Duration = Duration::from_secs(1);
/// How long a dependency may take to answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// Asks each dependency whether it can serve.
pub(crate) struct ReadinessProbe {
    store: SharedConversationStore,
    nlp: SharedNlp,
    dialogue: SharedDialogue,
    last: Mutex<Option<(Instant, Dependencies)>>,
}

impl ReadinessProbe {
    pub(crate) fn new(store: SharedConversationStore, nlp: SharedNlp, dialogue: SharedDialogue) -> Self {
        Self {
            store,
            nlp,
            dialogue,
            last: Mutex::default(),
        }
    }

    pub(crate) async fn ask(&self, draining: bool) -> Readiness {
        let dependencies = self.dependencies().await;
        let Dependencies { store, nlp, dialogue } = dependencies;
        let ready = !draining && [store, nlp, dialogue].iter().all(|state| *state == DependencyState::Up);
        Readiness {
            ready,
            draining,
            dependencies,
        }
    }

    /// Locked while asking: those who come meanwhile get the same answer.
    async fn dependencies(&self) -> Dependencies {
        let mut last = self.last.lock().await;
        if let Some((at, dependencies)) = *last
            && at.elapsed() < HOLDS_FOR
        {
            return dependencies;
        }
        let before = last.map(|(_, dependencies)| dependencies);
        let (store, nlp, dialogue) = tokio::join!(
            ping("store", self.store.ping(), before.map(|d| d.store)),
            ping("nlp", self.nlp.ping(), before.map(|d| d.nlp)),
            ping("dialogue", self.dialogue.ping(), before.map(|d| d.dialogue)),
        );
        let dependencies = Dependencies { store, nlp, dialogue };
        *last = Some((Instant::now(), dependencies));
        dependencies
    }
}

/// Asks one dependency, and tells when the answer is another one than `before`.
async fn ping<E: Display>(
    name: &'static str,
    ping: impl Future<Output = Result<(), E>>,
    before: Option<DependencyState>,
) -> DependencyState {
    let failure = match timeout(PATIENCE, ping).await {
        Ok(Ok(())) => None,
        Ok(Err(error)) => Some(error.to_string()),
        Err(_) => Some("it did not answer in time".to_owned()),
    };
    let state = if failure.is_none() {
        DependencyState::Up
    } else {
        DependencyState::Down
    };
    if before.unwrap_or(DependencyState::Up) != state {
        DependencyChanged {
            name,
            failure: failure.as_deref(),
        }
        .emit();
    }
    state
}
