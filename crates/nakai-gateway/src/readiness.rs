//! Whether requests should be sent here.

use std::{
    fmt::{self, Display},
    future::Future,
    time::{Duration, Instant},
};

use nakai_api::{Dependencies, DependencyState, Readiness};
use nakai_ports::{DialogueError, SharedConversationStore, SharedDialogue, SharedNlp};
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
        // Search is told, and does not count: turns go on without it, and a lost server that all share would take every process out.
        let needed = [dependencies.store, dependencies.nlp, dependencies.dialogue];
        let ready = !draining && needed.iter().all(|state| *state == DependencyState::Up);
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
            ping(self.store.ping()),
            ping(self.nlp.ping()),
            ping(self.dialogue.ping())
        );
        // Turns go on without search, so that is told apart; whoever can't ask the dialogue service can't search either.
        let (dialogue, knowledge) = match dialogue {
            Err(Failure::Error(DialogueError::SearchUnavailable(reason))) => (None, Some(reason)),
            answer => (failure(answer.as_ref()), failure(answer.as_ref())),
        };
        let dependencies = Dependencies {
            store: told("store", failure(store.as_ref()).as_deref(), before.map(|d| d.store)),
            nlp: told("nlp", failure(nlp.as_ref()).as_deref(), before.map(|d| d.nlp)),
            dialogue: told("dialogue", dialogue.as_deref(), before.map(|d| d.dialogue)),
            knowledge: told("knowledge", knowledge.as_deref(), before.map(|d| d.knowledge)),
        };
        *last = Some((Instant::now(), dependencies));
        dependencies
    }
}

/// Why a dependency is down.
enum Failure<E> {
    Error(E),
    Late,
}

impl<E: Display> Display for Failure<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Error(error) => error.fmt(f),
            Self::Late => f.write_str("it did not answer in time"),
        }
    }
}

/// Asks one dependency.
async fn ping<E>(ping: impl Future<Output = Result<(), E>>) -> Result<(), Failure<E>> {
    let answer = timeout(PATIENCE, ping).await.map_err(|_| Failure::Late)?;
    answer.map_err(Failure::Error)
}

fn failure<E: Display>(answer: Result<&(), &Failure<E>>) -> Option<String> {
    answer.err().map(ToString::to_string)
}

/// The state of a dependency; tells when it is another one than `before`.
fn told(name: &'static str, failure: Option<&str>, before: Option<DependencyState>) -> DependencyState {
    let state = if failure.is_none() {
        DependencyState::Up
    } else {
        DependencyState::Down
    };
    if before.unwrap_or(DependencyState::Up) != state {
        DependencyChanged { name, failure }.emit();
    }
    state
}
