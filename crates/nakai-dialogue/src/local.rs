//! The dialogue service in this process.

use std::{
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, Instant},
};

use async_trait::async_trait;
use nakai_bundle::{Bundle, Library, LibraryError};
use nakai_llm::Models;
use nakai_ports::{
    BundleArchive, BundleError, Dialogue, DialogueError, Draft, ReleaseAll, RespondRequest, SharedKnowledge,
    SharedReleaseGuard,
};
use nakai_types::BotRef;
use tokio::time::timeout;
use tracing::warn;

use crate::{
    bot::Bot,
    knowledge,
    respond::respond,
    tool::{EnvironmentSecrets, HttpTools, SecretSource, ToolCaller},
};

/// More versions than this are not kept compiled. The one installed first goes; who needs it is told to install it again.
const MAX_BOTS: usize = 128;

/// How long search may take to say that it is there. Less than those wait who ask for the dialogue service, or a search that hangs would
/// look like a dialogue service that does.
const SEARCH_PATIENCE: Duration = Duration::from_secs(1);

/// What a dialogue service is made of.
pub struct DialogueParts {
    /// Opened bundles, shared with other services of the process.
    pub library: Arc<Library>,
    /// Language models that bots may ask.
    pub models: Arc<Models>,
    /// Searches the articles of bots.
    pub knowledge: SharedKnowledge,
    /// Calls the team's tools.
    pub caller: Arc<dyn ToolCaller>,
    /// Where the keys for tools come from.
    pub secrets: Arc<dyn SecretSource>,
    /// Looks at every sentence of a model before it is said.
    pub guard: SharedReleaseGuard,
}

impl DialogueParts {
    /// Calls tools over HTTP and takes the keys for them from environment variables.
    ///
    /// # Errors
    /// [`DialogueError::Internal`] if the machine's TLS settings can't be used.
    pub fn new(library: Arc<Library>, models: Arc<Models>, knowledge: SharedKnowledge) -> Result<Self, DialogueError> {
        let tools =
            HttpTools::new().map_err(|error| DialogueError::Internal(format!("no HTTP client for tools: {error}")))?;
        Ok(Self {
            library,
            models,
            knowledge,
            caller: Arc::new(tools),
            secrets: Arc::new(EnvironmentSecrets),
            guard: Arc::new(ReleaseAll),
        })
    }
}

/// What turns use outside of this process.
#[derive(Clone)]
pub(crate) struct Tools {
    pub(crate) caller: Arc<dyn ToolCaller>,
    pub(crate) secrets: Arc<dyn SecretSource>,
    pub(crate) knowledge: SharedKnowledge,
    pub(crate) models: Arc<Models>,
    pub(crate) guard: SharedReleaseGuard,
}

/// The dialogue service in this process. Keeps compiled bots, and nothing of any conversation.
pub struct LocalDialogue {
    tools: Tools,
    library: Arc<Library>,
    bots: RwLock<Vec<(BotRef, Arc<Bot>)>>,
}

impl LocalDialogue {
    /// Puts the parts together.
    pub fn new(parts: DialogueParts) -> Self {
        let DialogueParts {
            library,
            models,
            knowledge,
            caller,
            secrets,
            guard,
        } = parts;
        Self {
            tools: Tools {
                caller,
                secrets,
                knowledge,
                models,
                guard,
            },
            library,
            bots: RwLock::default(),
        }
    }

    /// Compiles a bundle and makes it ready. Installing it again does nothing.
    ///
    /// # Errors
    /// [`BundleError::Unusable`] if it names what does not exist or has a template or expression that does not parse.
    pub async fn install_bundle(&self, bundle: Arc<Bundle>) -> Result<(), BundleError> {
        if self.bot(&bundle.bot_ref).is_none() {
            self.make_ready(Bot::compile(bundle)?).await;
        }
        Ok(())
    }

    /// Indexes the bot's articles and keeps it. A search engine that is gone does not keep a bot from serving: its articles are
    /// indexed when the first question is asked of them.
    async fn make_ready(&self, bot: Bot) {
        if let Err(error) = knowledge::index(&bot, &self.tools).await {
            warn!(
                bot = bot.bundle.bot_ref.name.as_str(),
                error = %error,
                "the articles could not be indexed; this is tried again when a question is asked of them"
            );
        }
        self.keep(bot);
    }

    fn keep(&self, bot: Bot) {
        let reference = bot.bundle.bot_ref.clone();
        let mut bots = self.bots.write().unwrap_or_else(PoisonError::into_inner);
        if bots.iter().any(|(known, _)| *known == reference) {
            return;
        }
        if bots.len() == MAX_BOTS {
            bots.remove(0);
        }
        bots.push((reference, Arc::new(bot)));
    }

    fn bot(&self, reference: &BotRef) -> Option<Arc<Bot>> {
        let bots = self.bots.read().unwrap_or_else(PoisonError::into_inner);
        bots.iter()
            .find(|(known, _)| known == reference)
            .map(|(_, bot)| Arc::clone(bot))
    }
}

#[async_trait]
impl Dialogue for LocalDialogue {
    async fn install(&self, bundle: BundleArchive) -> Result<(), DialogueError> {
        if self.bot(&bundle.bot).is_some() {
            return Ok(());
        }
        let library = Arc::clone(&self.library);
        // Opening and compiling take some milliseconds, which other turns must not wait for.
        let compile = move || {
            let opened = library
                .get_or_open(&bundle.bot, &bundle.bytes)
                .map_err(|error| match error {
                    LibraryError::WrongVersion { claimed, actual } => BundleError::WrongVersion { claimed, actual },
                    LibraryError::Unusable { reason } => BundleError::Unusable {
                        bot: bundle.bot,
                        reason,
                    },
                })?;
            Bot::compile(opened)
        };
        let compiled = tokio::task::spawn_blocking(compile).await;
        let compiled = compiled.map_err(|_| DialogueError::Internal("compiling a bundle panicked".into()))??;
        self.make_ready(compiled).await;
        Ok(())
    }

    async fn respond(&self, request: RespondRequest) -> Result<Draft, DialogueError> {
        let bot = self
            .bot(&request.bot)
            .ok_or_else(|| DialogueError::NotInstalled(request.bot.clone()))?;
        if request.deadline <= Instant::now() {
            return Err(DialogueError::DeadlineExceeded);
        }
        respond(&bot, &self.tools, &request).await
    }

    async fn ping(&self) -> Result<(), DialogueError> {
        let lost = match timeout(SEARCH_PATIENCE, self.tools.knowledge.ping()).await {
            Ok(Ok(())) => return Ok(()),
            Ok(Err(error)) => error.to_string(),
            Err(_) => "search in articles did not answer in time; check the server of `knowledge.url`".to_owned(),
        };
        Err(DialogueError::SearchUnavailable(lost))
    }
}
