use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use nakai_llm::Models;
use nakai_ports::{SharedConversationStore, SharedDialogue, SharedNlp, SharedUsageStore};
use tokio_util::task::TaskTracker;

use crate::{
    Bots, GatewayConfig, TextEncoder, access::Access, admission::Admission, conversations::Conversations,
    readiness::ReadinessProbe, record::Pseudonyms, services::Services, streams::Streams,
};

/// What a gateway is made of.
pub struct GatewayParts {
    /// Understands.
    pub nlp: SharedNlp,
    /// Answers.
    pub dialogue: SharedDialogue,
    /// Keeps conversations and turns.
    pub conversations: SharedConversationStore,
    /// Keeps what was used.
    pub usage: SharedUsageStore,
    /// Language models that callers may ask by name.
    pub models: Arc<Models>,
    /// Makes vectors of texts without any provider, if this process has an encoder.
    pub encoder: Option<Arc<dyn TextEncoder>>,
    /// The bots that serve. Call [`Bots::refresh`] before the first request.
    pub bots: Arc<Bots>,
    /// Settings that [`GatewayConfig::check`] found sound.
    pub config: GatewayConfig,
}

/// Everything that a turn passes through, shared by all requests.
pub struct Gateway {
    pub(crate) store: SharedConversationStore,
    pub(crate) usage: SharedUsageStore,
    pub(crate) services: Services,
    pub(crate) bots: Arc<Bots>,
    pub(crate) conversations: Conversations,
    pub(crate) admission: Admission,
    pub(crate) access: Access,
    pub(crate) pseudonyms: Pseudonyms,
    pub(crate) readiness: ReadinessProbe,
    /// Event streams that can be taken up again.
    pub(crate) streams: Streams,
    /// Turns that are being answered, also those whose client is gone.
    pub(crate) tasks: TaskTracker,
    pub(crate) models: Arc<Models>,
    pub(crate) encoder: Option<Arc<dyn TextEncoder>>,
    pub(crate) config: GatewayConfig,
    draining: AtomicBool,
}

impl Gateway {
    /// Puts the parts together.
    pub fn new(parts: GatewayParts) -> Arc<Self> {
        let GatewayParts {
            nlp,
            dialogue,
            conversations: store,
            usage,
            models,
            encoder,
            bots,
            config,
        } = parts;
        let tasks = TaskTracker::new();
        Arc::new(Self {
            readiness: ReadinessProbe::new(Arc::clone(&store), Arc::clone(&nlp), Arc::clone(&dialogue)),
            services: Services::new(nlp, dialogue, Arc::clone(&bots), tasks.clone()),
            bots,
            conversations: Conversations::new(Arc::clone(&store), &config),
            store,
            usage,
            streams: Streams::new(Duration::from_secs(config.turn_seconds)),
            admission: Admission::new(&config),
            access: Access::new(&config),
            pseudonyms: Pseudonyms::new(&config),
            tasks,
            models,
            encoder,
            config,
            draining: AtomicBool::new(false),
        })
    }

    /// The bots that serve.
    pub fn bots(&self) -> &Arc<Bots> {
        &self.bots
    }

    /// How many turns are being answered now.
    pub fn turns_in_flight(&self) -> usize {
        self.admission.in_flight()
    }

    /// Says not ready from now on.
    pub(crate) fn start_draining(&self) {
        self.draining.store(true, Ordering::Release);
    }

    pub(crate) fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Acquire)
    }

    pub(crate) const fn model_time(&self) -> Duration {
        Duration::from_secs(self.config.model_seconds)
    }

    pub(crate) const fn turn_time(&self) -> Duration {
        Duration::from_secs(self.config.turn_seconds)
    }
}
