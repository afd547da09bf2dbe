use nakai_types::Screened;
use tokio::sync::mpsc;

/// How many sentences wait for a slow listener before whoever speaks waits too.
const WAITING: usize = 32;

/// Somebody who wants to hear an answer sentence by sentence while it is still being made.
///
/// Only what is released to the customer is told: a sentence that was told is part of the reply. Placeholders are not restored.
#[derive(Debug, Clone)]
pub struct Listener(mpsc::Sender<Screened>);

/// Nobody listens any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("nobody listens to this answer any more")]
pub struct Gone;

impl Listener {
    /// Makes a listener, and the end at which what was told comes out.
    pub fn channel() -> (Self, mpsc::Receiver<Screened>) {
        let (sender, receiver) = mpsc::channel(WAITING);
        (Self(sender), receiver)
    }

    /// Tells a piece of the reply. Together with those before it is the beginning of the reply, white space between them included.
    ///
    /// # Errors
    /// [`Gone`] if nobody listens any more: nothing more needs to be said.
    pub async fn tell(&self, piece: Screened) -> Result<(), Gone> {
        self.0.send(piece).await.map_err(|_| Gone)
    }

    /// Waits until nobody listens any more.
    pub async fn gone(&self) {
        self.0.closed().await;
    }
}
