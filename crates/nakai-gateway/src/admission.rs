//! How many turns are answered at once. What is beyond that waits a moment in a bounded queue and is then refused, so that a rush makes
//! some customers wait and never all of them.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

use crate::{GatewayConfig, RequestError};

#[derive(Debug)]
pub(crate) struct Admission {
    turns: Arc<Semaphore>,
    capacity: usize,
    waiting: AtomicUsize,
    max_waiting: usize,
    patience: Duration,
}

/// One of the turns that are answered at once, until it is dropped.
#[derive(Debug)]
pub(crate) struct Admitted(#[expect(dead_code, reason = "held for its drop")] OwnedSemaphorePermit);

impl Admission {
    pub(crate) fn new(config: &GatewayConfig) -> Self {
        Self {
            turns: Arc::new(Semaphore::new(config.max_turns)),
            capacity: config.max_turns,
            waiting: AtomicUsize::new(0),
            max_waiting: config.max_waiting_turns,
            patience: Duration::from_millis(config.turn_wait_ms),
        }
    }

    /// Lets a turn in, at once or after a short wait.
    pub(crate) async fn admit(&self) -> Result<Admitted, RequestError> {
        if let Ok(permit) = Arc::clone(&self.turns).try_acquire_owned() {
            return Ok(Admitted(permit));
        }
        let _place = Place::take(&self.waiting, self.max_waiting).ok_or(RequestError::Overloaded)?;
        match timeout(self.patience, Arc::clone(&self.turns).acquire_owned()).await {
            Ok(Ok(permit)) => Ok(Admitted(permit)),
            Ok(Err(_)) | Err(_) => Err(RequestError::Overloaded),
        }
    }

    /// How many turns are being answered now.
    pub(crate) fn in_flight(&self) -> usize {
        self.capacity.saturating_sub(self.turns.available_permits())
    }
}

/// A place in a bounded queue, given back when dropped.
#[derive(Debug)]
pub(crate) struct Place<'a>(&'a AtomicUsize);

impl<'a> Place<'a> {
    /// Takes a place if fewer than `limit` are taken.
    pub(crate) fn take(taken: &'a AtomicUsize, limit: usize) -> Option<Self> {
        let place = Self(taken);
        // A place that was one too many is given back by its drop.
        (taken.fetch_add(1, Ordering::Relaxed) < limit).then_some(place)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use futures_util::poll;

    use super::*;

    fn admission(max_turns: usize, max_waiting_turns: usize, turn_wait_ms: u64) -> Admission {
        Admission::new(&GatewayConfig {
            max_turns,
            max_waiting_turns,
            turn_wait_ms,
            ..GatewayConfig::default()
        })
    }

    #[tokio::test]
    async fn who_waits_is_let_in_when_a_turn_ends_and_who_finds_the_queue_full_is_refused() {
        let admission = admission(1, 1, 60_000);
        let first = admission.admit().await.unwrap();
        let mut second = Box::pin(admission.admit());
        assert!(poll!(&mut second).is_pending());
        assert!(matches!(admission.admit().await, Err(RequestError::Overloaded)));
        drop(first);
        let _second = second.await.unwrap();
        assert_eq!(
            (admission.in_flight(), admission.waiting.load(Ordering::Relaxed)),
            (1, 0)
        );
    }

    #[tokio::test]
    async fn patience_ends() {
        let admission = admission(1, 1, 0);
        let _first = admission.admit().await.unwrap();
        assert!(matches!(admission.admit().await, Err(RequestError::Overloaded)));
        assert_eq!(admission.waiting.load(Ordering::Relaxed), 0);
    }
}
