//! Which bots serve, on which version new conversations begin, and how a service gets a version that it does not have.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, PoisonError, RwLock},
    time::Instant,
};

use nakai_ports::{BundleArchive, DialogueError, NlpError, SharedBundleStore, SharedDialogue, SharedNlp};
use nakai_telemetry::events::BotActivated;
use nakai_types::{BotName, BotRef, TenantId};
use tokio::sync::Mutex;

use crate::RequestError;

/// The bots of one tenant.
///
/// Conversations stay on the version on which they began; only new ones begin on the active version. Versions are installed in the
/// services before they are active, and again whenever a service says that it does not have one, as after its restart.
pub struct Bots {
    tenant: TenantId,
    store: SharedBundleStore,
    nlp: SharedNlp,
    dialogue: SharedDialogue,
    default: Option<BotName>,
    active: RwLock<Arc<BTreeMap<BotName, BotRef>>>,
    /// When each version was last given to each service. Locked while one is given, so that a crowd of turns that miss the same version
    /// brings it once.
    installed: Mutex<HashMap<(Service, BotRef), Instant>>,
}

/// A service that versions are installed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Service {
    Nlp,
    Dialogue,
}

impl Bots {
    /// Makes the registry. It is empty until [`Bots::refresh`].
    pub fn new(
        tenant: TenantId,
        store: SharedBundleStore,
        nlp: SharedNlp,
        dialogue: SharedDialogue,
        default: Option<BotName>,
    ) -> Self {
        Self {
            tenant,
            store,
            nlp,
            dialogue,
            default,
            active: RwLock::default(),
            installed: Mutex::default(),
        }
    }

    /// Takes over the versions that are active in the store, each after it is installed in the services. One that can't be installed
    /// leaves the version before it serving; the first such error is returned after all others were taken over.
    pub async fn refresh(&self) -> Result<(), RequestError> {
        let mut failure = None;
        for bot in self.store.active(&self.tenant).await? {
            if self.snapshot().get(&bot.name) == Some(&bot) {
                continue;
            }
            let started = Instant::now();
            match self.install_in_both(&bot, started).await {
                Ok(()) => self.switch(&bot, started),
                Err(error) => failure = failure.or(Some(error)),
            }
        }
        failure.map_or(Ok(()), Err)
    }

    /// Makes a version the one on which new conversations begin: installs it, keeps it, and only then switches.
    pub async fn activate(&self, bundle: BundleArchive) -> Result<(), RequestError> {
        let started = Instant::now();
        let bot = bundle.bot.clone();
        self.nlp.install(bundle.clone()).await?;
        self.dialogue.install(bundle.clone()).await?;
        self.store.put(&self.tenant, &bundle).await?;
        self.store.activate(&self.tenant, &bot).await?;
        self.switch(&bot, started);
        Ok(())
    }

    /// The active versions, by name.
    pub fn list(&self) -> Vec<BotRef> {
        self.snapshot().values().cloned().collect()
    }

    /// The bot that answers requests that name none.
    pub fn default_bot(&self) -> Option<BotName> {
        let active = self.snapshot();
        self.default.clone().or_else(|| active.keys().next().cloned())
    }

    /// Picks the version on which a new conversation begins.
    pub(crate) fn pick(&self, name: Option<&BotName>) -> Result<BotRef, RequestError> {
        let active = self.snapshot();
        match name.or(self.default.as_ref()) {
            Some(name) => active
                .get(name)
                .cloned()
                .ok_or_else(|| RequestError::BotNotFound(name.clone())),
            None => active.values().next().cloned().ok_or(RequestError::NoBot),
        }
    }

    /// Gives a service a version that it said at `missed` it does not have.
    pub(crate) async fn install(&self, service: Service, bot: &BotRef, missed: Instant) -> Result<(), RequestError> {
        let mut installed = self.installed.lock().await;
        let key = (service, bot.clone());
        if installed.get(&key).is_some_and(|at| *at >= missed) {
            return Ok(());
        }
        let bundle = self
            .store
            .get(&self.tenant, bot)
            .await?
            .ok_or(RequestError::BotVersionMissing)?;
        match service {
            Service::Nlp => self.nlp.install(bundle).await?,
            Service::Dialogue => self.dialogue.install(bundle).await?,
        }
        installed.insert(key, Instant::now());
        Ok(())
    }

    async fn install_in_both(&self, bot: &BotRef, now: Instant) -> Result<(), RequestError> {
        self.install(Service::Nlp, bot, now).await?;
        self.install(Service::Dialogue, bot, now).await
    }

    fn switch(&self, bot: &BotRef, started: Instant) {
        let mut active = self.active.write().unwrap_or_else(PoisonError::into_inner);
        let mut bots = BTreeMap::clone(&active);
        bots.insert(bot.name.clone(), bot.clone());
        *active = Arc::new(bots);
        drop(active);
        BotActivated {
            bot,
            duration: started.elapsed(),
        }
        .emit();
    }

    fn snapshot(&self) -> Arc<BTreeMap<BotName, BotRef>> {
        Arc::clone(&self.active.read().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Says whether an error means that the service wants the version first.
pub(crate) trait MissesVersion {
    fn misses_version(&self) -> bool;
}

impl MissesVersion for NlpError {
    fn misses_version(&self) -> bool {
        matches!(self, Self::NotInstalled(_))
    }
}

impl MissesVersion for DialogueError {
    fn misses_version(&self) -> bool {
        matches!(self, Self::NotInstalled(_))
    }
}
