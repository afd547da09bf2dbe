use std::{
    future::poll_fn,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
};

use tokio::task::yield_now;

/// Lets the other tasks of this thread run once. Unlike [`yield_now`], which is over as soon as anybody polls again, this is over when the
/// others have run: hyper polls a body a second time at once.
pub(super) async fn step_back() {
    let mut turn: Option<Arc<Turn>> = None;
    poll_fn(|context| match &turn {
        Some(turn) if turn.come.load(Ordering::Acquire) => Poll::Ready(()),
        Some(_) => Poll::Pending,
        None => {
            let own = Arc::new(Turn {
                come: AtomicBool::new(false),
                task: context.waker().clone(),
            });
            let waker = Waker::from(Arc::clone(&own));
            turn = Some(own);
            // Takes the waker along; it is always pending at first.
            pin!(yield_now()).poll(&mut Context::from_waker(&waker))
        }
    })
    .await;
}

/// Whether it is this task's turn again.
struct Turn {
    come: AtomicBool,
    task: Waker,
}

impl Wake for Turn {
    fn wake(self: Arc<Self>) {
        self.come.store(true, Ordering::Release);
        self.task.wake_by_ref();
    }
}

#[cfg(test)]
mod tests {
    use futures_util::poll;

    use super::*;

    #[tokio::test]
    async fn it_is_over_when_others_have_run_and_not_when_it_is_asked_again() {
        let other = tokio::spawn(async {});
        let mut stepping = Box::pin(step_back());
        for _ in 0..3 {
            assert!(poll!(&mut stepping).is_pending());
        }
        stepping.await;
        assert!(other.is_finished());
    }
}
