//! The group commit.
//!
//! One task owns the right to write turns and usage. It takes everything that waits, writes it in one transaction and answers everybody; while
//! one group is on its way to the disk, the next one gathers in the queue. No turn waits for a group to fill: a lone one is written
//! at once, and the busier the program, the larger the groups. Calls of models outside of turns, whose answers were sent before, wait a
//! moment for each other. The queue is bounded; who finds it full is refused at once.

use std::{sync::Arc, time::Duration};

use nakai_ports::{StoreError, TurnCommit};
use nakai_types::UsageEntry;
use tokio::{
    sync::{mpsc, oneshot},
    time::{Instant, timeout_at},
};
use tokio_util::sync::CancellationToken;

use crate::{
    database::Database,
    error::closed,
    group::{PreparedTurn, Waiting, Write, take_group},
};

/// How long calls of models wait for others to be written with. A process that is killed loses those of this time at most.
const USAGE_PATIENCE: Duration = Duration::from_millis(20);

/// The way to the writer.
#[derive(Debug)]
pub(crate) struct Queue {
    waiting: mpsc::Sender<Waiting>,
}

impl Queue {
    /// Puts a turn into the queue and waits until it is on disk. A caller that goes away does not take its turn back.
    pub(crate) async fn commit(&self, commit: TurnCommit) -> Result<(), StoreError> {
        self.write(|| PreparedTurn::new(commit).map(Write::Turn)).await
    }

    /// Puts calls of models into the queue and waits until they are on disk.
    pub(crate) async fn record(&self, entries: Vec<UsageEntry>) -> Result<(), StoreError> {
        self.write(|| Ok(Write::Usage(entries))).await
    }

    /// Prepares something only if there is a place for it.
    async fn write(&self, prepare: impl FnOnce() -> Result<Write, StoreError>) -> Result<(), StoreError> {
        let place = self.waiting.try_reserve().map_err(|error| match error {
            mpsc::error::TrySendError::Full(()) => StoreError::Overloaded(self.waiting.max_capacity()),
            mpsc::error::TrySendError::Closed(()) => closed(),
        })?;
        let write = prepare()?;
        let (done, answer) = oneshot::channel();
        place.send(Waiting { write, done });
        answer.await.unwrap_or_else(|_| Err(closed()))
    }
}

/// Writes until the queue is closed and empty.
#[derive(Debug)]
pub(crate) struct Writer {
    database: Arc<Database>,
    waiting: mpsc::Receiver<Waiting>,
    group_limit: usize,
    closing: CancellationToken,
}

impl Writer {
    /// Makes a writer and the queue that leads to it. When `closing` is cancelled, the queue takes no more.
    pub(crate) fn new(
        database: Arc<Database>,
        queue_length: usize,
        group_limit: usize,
        closing: CancellationToken,
    ) -> (Queue, Self) {
        let (sender, waiting) = mpsc::channel(queue_length);
        (
            Queue { waiting: sender },
            Self {
                database,
                waiting,
                group_limit,
                closing,
            },
        )
    }

    pub(crate) async fn run(mut self) {
        let mut waiting = Vec::with_capacity(self.group_limit);
        while self.gather(&mut waiting).await {
            let group = take_group(&mut waiting);
            self.write(group).await;
        }
    }

    /// Takes what waits, up to the limit of a group; waits itself only if it has nothing. Says whether there is anything to write.
    ///
    /// The first turn to arrive wakes this task before the tasks that were answered at the same moment have had a chance to send
    /// theirs. So it steps back once for them; where nobody else is ready to run, that costs nothing. Without it every other group
    /// is one turn.
    async fn gather(&mut self, waiting: &mut Vec<Waiting>) -> bool {
        if waiting.is_empty() {
            tokio::select! {
                _ = self.waiting.recv_many(waiting, self.group_limit) => {}
                () = self.closing.cancelled(), if !self.waiting.is_closed() => {
                    self.waiting.close();
                    self.waiting.recv_many(waiting, self.group_limit).await;
                }
            }
            if waiting.iter().all(|waiting| waiting.write.turn().is_none()) {
                self.gather_usage(waiting).await;
            }
        }
        tokio::task::yield_now().await;
        while waiting.len() < self.group_limit
            && let Ok(next) = self.waiting.try_recv()
        {
            waiting.push(next);
        }
        !waiting.is_empty()
    }

    /// Waits for further calls of models, because a commit costs the same whatever is in it. A turn ends the wait at once.
    async fn gather_usage(&mut self, waiting: &mut Vec<Waiting>) {
        let until = Instant::now() + USAGE_PATIENCE;
        while waiting.len() < self.group_limit && !self.closing.is_cancelled() {
            let Ok(Some(next)) = timeout_at(until, self.waiting.recv()).await else {
                return;
            };
            let is_turn = next.write.turn().is_some();
            waiting.push(next);
            if is_turn {
                return;
            }
        }
    }

    async fn write(&self, group: Vec<Waiting>) {
        let (writes, callers): (Vec<_>, Vec<_>) =
            group.into_iter().map(|waiting| (waiting.write, waiting.done)).unzip();
        match self.database.commit_group(&writes).await {
            Ok(losers) => {
                for (write, caller) in writes.iter().zip(callers) {
                    let lost = write.is_among(&losers);
                    answer(caller, if lost { Err(StoreError::Conflict) } else { Ok(()) });
                }
            }
            Err(StoreError::Unavailable(reason)) => {
                callers
                    .into_iter()
                    .for_each(|caller| answer(caller, Err(StoreError::Unavailable(reason.clone()))));
            }
            // One of them can't be written. The others must not pay for it, so each is written alone.
            Err(_) => {
                for (write, caller) in writes.iter().zip(callers) {
                    let alone = self.database.commit_group(std::slice::from_ref(write)).await;
                    answer(
                        caller,
                        alone.and_then(|losers| {
                            if losers.is_empty() {
                                Ok(())
                            } else {
                                Err(StoreError::Conflict)
                            }
                        }),
                    );
                }
            }
        }
    }
}

/// Tells the caller, who may have gone away.
fn answer(caller: oneshot::Sender<Result<(), StoreError>>, result: Result<(), StoreError>) {
    drop(caller.send(result));
}
