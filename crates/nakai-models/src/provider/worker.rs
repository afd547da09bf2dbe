use std::{
    io,
    sync::{Arc, mpsc as blocking},
    thread,
    time::{Duration, Instant},
};

use futures_util::{StreamExt, TryStreamExt, stream};
use nakai_encoder::{Asked, Encoded};
use nakai_llm::{EmbedRequest, EmbeddingInput, Models, Route};
use tokio::{runtime, sync::mpsc, task::JoinSet};

/// How many texts go into one request.
const TEXTS: usize = 64;
/// How many requests of one question are on their way at once.
const REQUESTS: usize = 4;
/// How many questions may wait to be taken up.
const QUEUED: usize = 128;
/// How much longer than its deadline an answer may take, before the thread is given up for lost.
const GRACE: Duration = Duration::from_secs(1);

/// Asks a model on a thread of its own, so that any thread may wait for the answer, whether or not it belongs to a runtime.
/// Ends its thread when it is dropped; questions that are on their way are dropped too.
pub(super) struct Worker {
    questions: Option<mpsc::Sender<Question>>,
    thread: Option<thread::JoinHandle<()>>,
}

/// No vectors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Failed {
    pub(super) reason: String,
    pub(super) asked: Asked,
}

struct Question {
    texts: Vec<String>,
    deadline: Instant,
    answer: blocking::SyncSender<Result<Encoded, Failed>>,
}

/// How questions are put to the model.
pub(super) struct Questions {
    models: Arc<Models>,
    route: Arc<Route>,
    dimensions: Option<u32>,
}

impl Worker {
    pub(super) fn start(questions: Questions) -> io::Result<Self> {
        let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
        let (sender, receiver) = mpsc::channel(QUEUED);
        let thread = thread::Builder::new().name("encoder".into()).spawn(move || {
            runtime.block_on(serve(Arc::new(questions), receiver));
            // A name that is being looked up is not waited for.
            runtime.shutdown_background();
        })?;
        Ok(Self {
            questions: Some(sender),
            thread: Some(thread),
        })
    }

    /// Waits for the vectors of texts until a deadline.
    pub(super) fn ask(&self, texts: Vec<String>, deadline: Instant) -> Result<Encoded, Failed> {
        let failed = |reason: &str| Failed {
            reason: reason.into(),
            asked: Asked::default(),
        };
        let (sender, answer) = blocking::sync_channel(1);
        let question = Question {
            texts,
            deadline,
            answer: sender,
        };
        let questions = self.questions.as_ref().ok_or_else(|| failed("it was closed"))?;
        questions
            .try_send(question)
            .map_err(|_| failed("too many questions wait for it already"))?;
        let patience = deadline.saturating_duration_since(Instant::now()) + GRACE;
        answer
            .recv_timeout(patience)
            .map_err(|_| failed("it did not answer in time"))?
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        drop(self.questions.take());
        if let Some(thread) = self.thread.take() {
            // A panic there was printed there.
            let _ = thread.join();
        }
    }
}

async fn serve(questions: Arc<Questions>, mut receiver: mpsc::Receiver<Question>) {
    let mut asked = JoinSet::new();
    loop {
        tokio::select! {
            question = receiver.recv() => match question {
                Some(question) => {
                    let questions = Arc::clone(&questions);
                    asked.spawn(async move {
                        let Question { texts, deadline, answer } = question;
                        // If nobody waits any more there is nothing to do.
                        let _ = answer.send(questions.put(texts, deadline).await);
                    });
                }
                None => return,
            },
            Some(_) = asked.join_next() => {}
        }
    }
}

impl Questions {
    pub(super) const fn new(models: Arc<Models>, route: Arc<Route>, dimensions: Option<u32>) -> Self {
        Self {
            models,
            route,
            dimensions,
        }
    }

    /// Asks for the vectors of all texts, some at a time.
    async fn put(&self, texts: Vec<String>, deadline: Instant) -> Result<Encoded, Failed> {
        let requests: Vec<_> = texts
            .chunks(TEXTS)
            .map(|texts| self.request(texts.to_vec(), deadline))
            .collect();
        let mut parts = stream::iter(requests).buffered(REQUESTS);
        let mut all = Encoded::default();
        while let Some(part) = parts.try_next().await? {
            all.asked.add(part.asked);
            all.vectors.extend(part.vectors);
        }
        Ok(all)
    }

    async fn request(&self, texts: Vec<String>, deadline: Instant) -> Result<Encoded, Failed> {
        let started = Instant::now();
        let request = EmbedRequest {
            inputs: texts.into_iter().map(EmbeddingInput::Text).collect(),
            dimensions: self.dimensions,
            input_type: Some("classification".into()),
            user: None,
        };
        let answer = self.route.embed(&request, deadline).await;
        let micros = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
        let asked = |calls: usize| Asked {
            calls: u32::try_from(calls).unwrap_or(u32::MAX),
            micros,
            ..Asked::default()
        };
        match answer {
            Ok((embeddings, attempts)) => {
                let model = attempts.last().map(|attempt| Arc::clone(&attempt.target));
                Ok(Encoded {
                    asked: Asked {
                        tokens: embeddings.usage.input,
                        estimated: embeddings.usage.estimated,
                        cost_micros: model.map_or(0, |model| self.models.cost_micros(&model, &embeddings.usage)),
                        ..asked(attempts.len())
                    },
                    vectors: embeddings.vectors,
                })
            }
            Err(failed) => Err(Failed {
                reason: failed.error.to_string(),
                asked: Asked {
                    failure: Some(failed.error.code.name()),
                    ..asked(failed.attempts.len())
                },
            }),
        }
    }
}
