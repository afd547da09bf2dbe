use std::{
    path::PathBuf,
    sync::{Arc, PoisonError},
    time::{Duration, Instant},
};

use async_trait::async_trait;
use nakai_bundle::{Bundle, Library, LibraryError};
use nakai_encoder::Encoder;
use nakai_ports::{AnalyseRequest, BundleArchive, BundleError, Nlp, NlpError};
use nakai_types::{Analysis, BotRef, Language, RawText, TokenView};
use tokio::{sync::Mutex, task::JoinSet};

use self::{bot::InstalledBot, installed::InstalledBots};
use crate::{
    intents::ModelCache,
    text::{Normalised, StopWords, detect, token_view},
};

mod bot;
mod installed;

/// From how many bytes on a text is analysed on a thread for blocking work rather than where the request is served.
const LONG_TEXT: usize = 8 * 1024;

/// How much the NLP service keeps at hand, and what it is trained with.
#[derive(Clone)]
pub struct NlpConfig {
    /// How many bot versions are kept installed, at least 1. When one more comes, the one that was used least recently goes, and
    /// whoever needs it again installs it again.
    pub max_installed: usize,
    /// Where trained classifiers are kept, so that a restart finds them; `None` trains them at every start. Nothing else may be there.
    pub model_directory: Option<PathBuf>,
    /// What tells classifiers which utterances mean the same.
    pub encoder: Encoder,
    /// How long a bot that had to be trained without its encoder serves before that is tried again.
    pub learn_again: Duration,
}

impl Default for NlpConfig {
    fn default() -> Self {
        Self {
            max_installed: 64,
            model_directory: None,
            encoder: Encoder::shipped(),
            learn_again: Duration::from_secs(30),
        }
    }
}

/// What bots are trained with.
#[derive(Clone)]
struct Trainer {
    encoder: Encoder,
    models: Option<ModelCache>,
}

/// The NLP service in this process.
pub struct LocalNlp {
    library: Arc<Library>,
    trainer: Trainer,
    learn_again: Duration,
    bots: Arc<InstalledBots>,
    /// Held while a bot is installed: a second request for it finds it done, and training never takes more than one core.
    installing: Arc<Mutex<()>>,
    /// Training of bots that had to do without their encoder. Stopped with the service.
    learning: std::sync::Mutex<JoinSet<()>>,
    /// The built-in stop words of each language, for texts that belong to no bot.
    stop_words: Arc<[StopWords; 2]>,
}

impl LocalNlp {
    /// Starts the service without any bots. The library is shared with the other services of the process.
    pub fn new(config: NlpConfig, library: Arc<Library>) -> Self {
        Self {
            library,
            trainer: Trainer {
                models: config
                    .model_directory
                    .map(|directory| ModelCache::new(directory, config.encoder.clone())),
                encoder: config.encoder,
            },
            learn_again: config.learn_again,
            bots: Arc::new(InstalledBots::new(config.max_installed)),
            installing: Arc::default(),
            learning: std::sync::Mutex::default(),
            stop_words: Arc::new(Language::ALL.map(|language| StopWords::new(language, &[]))),
        }
    }

    /// Makes an opened bundle known, trained and ready. Installing it again does nothing.
    pub async fn install_bundle(&self, bundle: Arc<Bundle>) -> Result<(), NlpError> {
        let _installing = self.installing.lock().await;
        if self.bots.get(&bundle.bot_ref).is_none() {
            self.prepare(bundle).await?;
        }
        Ok(())
    }

    async fn prepare(&self, bundle: Arc<Bundle>) -> Result<(), NlpError> {
        let siblings = self.bots.versions(&bundle.bot_ref.name);
        self.bots.insert(self.trainer.train(bundle, siblings).await?);
        Ok(())
    }

    /// Trains a bot again, beside its service, that had to be trained without its encoder.
    fn learn_again(&self, bot: &InstalledBot) {
        let mut learning = self.learning.lock().unwrap_or_else(PoisonError::into_inner);
        while learning.try_join_next().is_some() {}
        // While another bot is trained this one waits for its next utterance.
        let Ok(installing) = Arc::clone(&self.installing).try_lock_owned() else {
            return;
        };
        let (trainer, bots, bundle) = (self.trainer.clone(), Arc::clone(&self.bots), Arc::clone(bot.bundle()));
        learning.spawn(async move {
            let siblings = bots.versions(&bundle.bot_ref.name);
            // What could be installed before can be installed again.
            if let Ok(bot) = trainer.train(bundle, siblings).await {
                bots.insert(bot);
            }
            drop(installing);
        });
    }

    fn installed(&self, bot: &BotRef) -> Result<Arc<InstalledBot>, NlpError> {
        self.bots.get(bot).ok_or_else(|| NlpError::NotInstalled(bot.clone()))
    }
}

impl Trainer {
    async fn train(
        &self,
        bundle: Arc<Bundle>,
        siblings: Vec<Arc<InstalledBot>>,
    ) -> Result<Arc<InstalledBot>, NlpError> {
        let Self { encoder, models } = self.clone();
        let bot = blocking(move || InstalledBot::new(bundle, &siblings, &encoder, models.as_ref())).await??;
        Ok(Arc::new(bot))
    }
}

#[async_trait]
impl Nlp for LocalNlp {
    async fn install(&self, bundle: BundleArchive) -> Result<(), NlpError> {
        let _installing = self.installing.lock().await;
        if self.bots.get(&bundle.bot).is_some() {
            return Ok(());
        }
        let library = Arc::clone(&self.library);
        let opened = blocking(move || {
            library
                .get_or_open(&bundle.bot, &bundle.bytes)
                .map_err(|error| match error {
                    LibraryError::WrongVersion { claimed, actual } => BundleError::WrongVersion { claimed, actual },
                    LibraryError::Unusable { reason } => BundleError::Unusable {
                        bot: bundle.bot,
                        reason,
                    },
                })
        });
        self.prepare(opened.await??).await
    }

    async fn analyse(&self, request: AnalyseRequest) -> Result<Analysis, NlpError> {
        if Instant::now() >= request.deadline {
            return Err(NlpError::DeadlineExceeded);
        }
        let bot = self.installed(&request.bot)?;
        if bot.should_learn_again(self.learn_again) {
            self.learn_again(&bot);
        }
        if request.text.len() < LONG_TEXT && !self.trainer.encoder.is_elsewhere() {
            return Ok(bot.analyse(
                request.text.expose(),
                request.language,
                request.previous_language,
                request.now_ms,
            ));
        }
        let AnalyseRequest {
            text,
            language,
            previous_language,
            now_ms,
            deadline,
            ..
        } = request;
        let analysis = blocking(move || bot.analyse(text.expose(), language, previous_language, now_ms));
        tokio::time::timeout_at(deadline.into(), analysis)
            .await
            .map_err(|_| NlpError::DeadlineExceeded)?
    }

    async fn tokens(
        &self,
        text: RawText,
        language: Option<Language>,
        bot: Option<BotRef>,
    ) -> Result<TokenView, NlpError> {
        let bot = bot.map(|bot| self.installed(&bot)).transpose()?;
        // Where nothing tells the language there are Han characters only, or nothing that languages read differently.
        let default = bot.as_ref().map_or(Language::Ja, |bot| bot.default_language());
        let stop_words = Arc::clone(bot.as_ref().map_or(&self.stop_words, |bot| bot.stop_words()));
        let long = text.len() >= LONG_TEXT;
        let view = move || {
            let normalised = Normalised::of(text.expose());
            let language = detect(&normalised, language, None, default).language;
            token_view(text.expose(), &normalised, language, &stop_words[language as usize])
        };
        if long { blocking(view).await } else { Ok(view()) }
    }

    async fn ping(&self) -> Result<(), NlpError> {
        Ok(())
    }
}

/// Runs work that takes more than some microseconds on a thread for blocking work. Whoever stops waiting does not stop the work.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, NlpError> {
    // The message of a panic may quote what a customer typed, so it is not passed on.
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| NlpError::Internal("the work was stopped or panicked".into()))
}

#[cfg(test)]
mod tests;
