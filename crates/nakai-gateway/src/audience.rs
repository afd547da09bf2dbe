//! Those who hear an answer while it is made.

use std::future::Future;

use nakai_governance::restore;
use nakai_types::{Language, Screened, Vault};
use tokio::sync::{mpsc, oneshot};

use crate::chat::Opening;

/// How many pieces wait for a client that reads slowly. One that is behind by more gets the rest at the end, all at once.
const WAITING: usize = 64;

/// One client that streams.
pub struct Audience {
    opening: Option<oneshot::Sender<Opening>>,
    /// `None` once the client has gone or is too far behind.
    pieces: Option<mpsc::Sender<String>>,
    told: bool,
}

/// The client's end.
pub(crate) struct Hearing {
    /// What is known of the turn before its answer.
    pub(crate) opening: oneshot::Receiver<Opening>,
    /// Pieces of the reply, as the customer may see them.
    pub(crate) pieces: mpsc::Receiver<String>,
}

impl Audience {
    /// Makes an audience and the end at which it hears.
    pub(crate) fn new() -> (Self, Hearing) {
        let (open, opening) = oneshot::channel();
        let (tell, pieces) = mpsc::channel(WAITING);
        let audience = Self {
            opening: Some(open),
            pieces: Some(tell),
            told: false,
        };
        (audience, Hearing { opening, pieces })
    }

    /// Tells what is known before the answer. Who no longer listens has gone; the turn goes on.
    pub(crate) fn open(&mut self, opening: Opening) {
        if let Some(listener) = self.opening.take() {
            let _ = listener.send(opening);
        }
    }

    /// Whether anything of an answer was told.
    pub(crate) const fn was_told(&self) -> bool {
        self.told
    }

    /// Prepares to tell what dialogue tells.
    pub(crate) const fn follow<'a>(
        &'a mut self,
        told: mpsc::Receiver<Screened>,
        vault: &'a Vault,
        language: Language,
    ) -> Telling<'a> {
        Telling {
            audience: self,
            told,
            vault,
            language,
        }
    }

    fn tell(&mut self, piece: String) {
        self.told = true;
        if self
            .pieces
            .as_ref()
            .is_some_and(|pieces| pieces.try_send(piece).is_err())
        {
            self.pieces = None;
        }
    }
}

/// Passes on what dialogue tells, placeholders restored.
pub(crate) struct Telling<'a> {
    audience: &'a mut Audience,
    told: mpsc::Receiver<Screened>,
    vault: &'a Vault,
    language: Language,
}

/// Waits until a client has gone.
async fn gone(pieces: &Option<mpsc::Sender<String>>) {
    if let Some(pieces) = pieces {
        pieces.closed().await;
    }
}

impl Telling<'_> {
    /// Passes on until the answer is there. A client that has gone is not told, and dialogue learns that nobody listens.
    pub(crate) async fn until<T>(mut self, answer: impl Future<Output = T>) -> T {
        let mut answer = std::pin::pin!(answer);
        loop {
            tokio::select! {
                biased;
                Some(piece) = self.told.recv() => self.pass_on(&piece),
                () = gone(&self.audience.pieces), if !self.told.is_closed() => self.told.close(),
                finished = &mut answer => {
                    while let Ok(piece) = self.told.try_recv() {
                        self.pass_on(&piece);
                    }
                    return finished;
                }
            }
        }
    }

    fn pass_on(&mut self, piece: &Screened) {
        self.audience.tell(restore(piece, self.vault, self.language));
    }
}
