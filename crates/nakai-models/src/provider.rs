//! An embedding model of a provider as an encoder: what it is asked leaves this machine, costs money and may not come back in time.

mod worker;

use std::{
    sync::{Arc, OnceLock},
    time::{Duration, Instant},
};

use moka::sync::Cache;
use nakai_encoder::{Asked, Encoded, Occasion, RemoteEncoder, Unavailable, to_unit_length};
use nakai_governance::screen_text;
use nakai_llm::{AfterFirstToken, Breaker, Models, UnknownModel};
use nakai_types::Vault;
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;

use self::worker::{Questions, Worker};

/// How many utterances may wait for vectors at once. Those beyond are decided by their wording: the provider is not keeping up.
const WAITING: usize = 64;
/// How much room the vectors of recent utterances may take, in bytes.
const REMEMBERED: u64 = 32 << 20;

/// Which model is asked, and how long it may take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderEncoderOptions {
    /// The model's full name: `openai/text-embedding-3-small`.
    pub model: String,
    /// How many numbers a vector shall have, for models that leave the choice.
    pub dimensions: Option<u32>,
    /// How long an utterance may wait for its vector.
    pub turn: Duration,
    /// How long some hundred examples may wait for theirs.
    pub training: Duration,
}

/// Makes vectors with an embedding model of a provider.
///
/// Personal data are taken out of every text before it leaves. The vectors of recent utterances are remembered, by a hash of the text.
/// While the provider fails, it is left alone for some seconds at a time.
pub struct ProviderEncoder {
    id: String,
    options: ProviderEncoderOptions,
    worker: Worker,
    remembered: Cache<[u8; 32], Arc<[f32]>>,
    waiting: Semaphore,
    breaker: Breaker,
    /// How many numbers the first vector had.
    dimension: OnceLock<usize>,
}

/// An embedding model that can't be used.
#[derive(Debug, thiserror::Error)]
pub enum UnusableProviderEncoder {
    /// The name leads nowhere, or to a model that may not be asked.
    #[error(transparent)]
    Unknown(#[from] UnknownModel),
    /// The system gives no thread or no sockets.
    #[error("nothing can be asked of it ({0}); check the limits of this process")]
    System(#[from] std::io::Error),
}

impl ProviderEncoder {
    /// Prepares to ask a model. Nothing is asked yet, so a provider that can't be reached is no error here.
    ///
    /// # Errors
    /// If there is no such model or it may not be asked, or the system gives no thread.
    pub fn new(models: Arc<Models>, options: ProviderEncoderOptions) -> Result<Self, UnusableProviderEncoder> {
        let route = models.route(std::slice::from_ref(&options.model), AfterFirstToken::Fail)?;
        let id = match options.dimensions {
            Some(dimensions) => format!("{}:{dimensions}", options.model),
            None => options.model.clone(),
        };
        let remembered = Cache::builder()
            .max_capacity(REMEMBERED)
            .weigher(|_, vector: &Arc<[f32]>| u32::try_from(32 + size_of_val(&**vector)).unwrap_or(u32::MAX))
            .build();
        Ok(Self {
            worker: Worker::start(Questions::new(models, route, options.dimensions))?,
            id,
            options,
            remembered,
            waiting: Semaphore::new(WAITING),
            breaker: Breaker::default(),
            dimension: OnceLock::new(),
        })
    }

    fn unavailable(&self, reason: impl Into<String>, asked: Asked) -> Unavailable {
        Unavailable {
            id: self.id.clone(),
            reason: reason.into(),
            asked,
        }
    }

    /// Asks for the vectors of screened texts.
    fn ask(&self, texts: Vec<String>, patience: Duration) -> Result<Encoded, Unavailable> {
        let answer = self.worker.ask(texts, Instant::now() + patience);
        let mut encoded = answer.map_err(|failed| self.unavailable(failed.reason, failed.asked))?;
        for vector in &mut encoded.vectors {
            to_unit_length(vector);
            let dimension = *self.dimension.get_or_init(|| vector.len());
            if vector.len() != dimension {
                let reason = format!(
                    "its vectors had {dimension} numbers and now have {}; is another model served under the same name?",
                    vector.len()
                );
                return Err(self.unavailable(
                    reason,
                    Asked {
                        failure: Some("provider_malformed"),
                        ..encoded.asked
                    },
                ));
            }
        }
        Ok(encoded)
    }

    /// Gives the vector of something that a customer said.
    fn of_utterance(&self, text: String) -> Result<Encoded, Unavailable> {
        let key: [u8; 32] = Sha256::digest(&text).into();
        if let Some(vector) = self.remembered.get(&key) {
            return Ok(Encoded {
                vectors: vec![vector.to_vec()],
                asked: Asked::default(),
            });
        }
        let Ok(_waiting) = self.waiting.try_acquire() else {
            return Err(self.unavailable("too many utterances wait for it already", Asked::default()));
        };
        if !self.breaker.allows(Instant::now()) {
            return Err(self.unavailable("it failed a moment ago and is left alone", Asked::default()));
        }
        let answer = self.ask(vec![text], self.options.turn);
        match &answer {
            Ok(encoded) => {
                self.breaker.succeeded();
                let vectors = encoded.vectors.iter();
                vectors.for_each(|vector| self.remembered.insert(key, vector.as_slice().into()));
            }
            Err(_) => self.breaker.failed(Instant::now(), None),
        }
        answer
    }
}

impl RemoteEncoder for ProviderEncoder {
    fn id(&self) -> &str {
        &self.id
    }

    fn encode(&self, texts: &[&str], occasion: Occasion) -> Result<Encoded, Unavailable> {
        let screened = |text: &&str| screen_text(text, &mut Vault::default()).as_str().to_owned();
        let screened = texts.iter().map(screened);
        if occasion == Occasion::Training {
            return self.ask(screened.collect(), self.options.training);
        }
        let mut all = Encoded::default();
        for text in screened {
            let encoded = self.of_utterance(text)?;
            all.asked.add(encoded.asked);
            all.vectors.extend(encoded.vectors);
        }
        Ok(all)
    }
}
