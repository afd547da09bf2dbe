//! Calls to the NLP and dialogue services: within the time of the turn, and with a version installed first where a service misses it.

use std::{future::Future, sync::Arc, time::Instant};

use nakai_ports::{AnalyseRequest, Draft, RespondRequest, SharedDialogue, SharedNlp};
use nakai_types::{Analysis, BotRef, Language, RawText, TokenView};
use tokio::time::timeout_at;
use tokio_util::task::TaskTracker;

use crate::{
    Bots, RequestError,
    bots::{MissesVersion, Service},
};

pub(crate) struct Services {
    nlp: SharedNlp,
    dialogue: SharedDialogue,
    bots: Arc<Bots>,
    tasks: TaskTracker,
}

impl Services {
    pub(crate) const fn new(nlp: SharedNlp, dialogue: SharedDialogue, bots: Arc<Bots>, tasks: TaskTracker) -> Self {
        Self {
            nlp,
            dialogue,
            bots,
            tasks,
        }
    }

    /// Understands an utterance.
    pub(crate) async fn analyse(
        &self,
        request: &(dyn Fn() -> AnalyseRequest + Sync),
    ) -> Result<Analysis, RequestError> {
        let missed = Instant::now();
        let first = request();
        let (bot, deadline) = (first.bot.clone(), first.deadline);
        match within(deadline, self.nlp.analyse(first)).await? {
            Err(error) if error.misses_version() => {
                within(deadline, self.install(Service::Nlp, &bot, missed)).await??;
                Ok(within(deadline, self.nlp.analyse(request())).await??)
            }
            result => Ok(result?),
        }
    }

    /// Gives the words of a text, stop words of the bot marked.
    pub(crate) async fn tokens(
        &self,
        text: &RawText,
        language: Language,
        bot: &BotRef,
        deadline: Instant,
    ) -> Result<TokenView, RequestError> {
        Ok(within(
            deadline,
            self.nlp.tokens(text.clone(), Some(language), Some(bot.clone())),
        )
        .await??)
    }

    /// Answers an understood utterance.
    pub(crate) async fn respond(&self, request: &(dyn Fn() -> RespondRequest + Sync)) -> Result<Draft, RequestError> {
        let missed = Instant::now();
        let first = request();
        let (bot, deadline) = (first.bot.clone(), first.deadline);
        match within(deadline, self.dialogue.respond(first)).await? {
            Err(error) if error.misses_version() => {
                within(deadline, self.install(Service::Dialogue, &bot, missed)).await??;
                Ok(within(deadline, self.dialogue.respond(request())).await??)
            }
            result => Ok(result?),
        }
    }

    /// Installs in a task of its own: a version that takes longer than a turn may is there for the next one.
    async fn install(&self, service: Service, bot: &BotRef, missed: Instant) -> Result<(), RequestError> {
        let (bots, bot) = (Arc::clone(&self.bots), bot.clone());
        let installing = self
            .tasks
            .spawn(async move { bots.install(service, &bot, missed).await });
        installing.await.map_err(|_| RequestError::BrokenOff)?
    }
}

/// Waits for something, but not longer than the turn may take.
pub(crate) async fn within<T>(deadline: Instant, work: impl Future<Output = T>) -> Result<T, RequestError> {
    timeout_at(deadline.into(), work)
        .await
        .map_err(|_| RequestError::DeadlineExceeded)
}
