use std::sync::Arc;

use crate::{Asked, Occasion, RemoteEncoder, SentenceEncoder, Unavailable, shipped};

/// Whatever makes vectors of sentences: in this process, where it always can, or on another machine, which may be out of reach.
#[derive(Clone)]
pub enum Encoder {
    /// In this process.
    Here(Arc<dyn SentenceEncoder>),
    /// On another machine.
    Elsewhere(Arc<dyn RemoteEncoder>),
}

impl Encoder {
    /// The one that is part of the program.
    pub fn shipped() -> Self {
        Self::Here(Arc::clone(shipped()))
    }

    /// What names the encoder and its weights. Vectors of different ids must never be compared.
    pub fn id(&self) -> &str {
        match self {
            Self::Here(encoder) => encoder.id(),
            Self::Elsewhere(encoder) => encoder.id(),
        }
    }

    /// Whether [`Self::encode`] may keep the thread waiting for another machine.
    pub const fn is_elsewhere(&self) -> bool {
        matches!(self, Self::Elsewhere(_))
    }

    /// Encodes what a customer said. Counts what that takes into `asked`, whatever comes of it.
    ///
    /// # Errors
    /// If the encoder is elsewhere and gives no vector in time.
    pub fn encode(&self, text: &str, asked: &mut Asked) -> Result<Vec<f32>, Unavailable> {
        match self {
            Self::Here(encoder) => {
                let mut vector = Vec::with_capacity(encoder.dimension());
                encoder.encode(text, &mut vector);
                Ok(vector)
            }
            Self::Elsewhere(encoder) => {
                let answer = encoder.encode(&[text], Occasion::Turn);
                asked.add(
                    answer
                        .as_ref()
                        .map_or_else(|failed| failed.asked, |encoded| encoded.asked),
                );
                Ok(answer?.vectors.pop().unwrap_or_default())
            }
        }
    }

    /// Encodes texts to train with, here on up to `threads` threads. Returns their vectors one behind the other, all equally long.
    ///
    /// # Errors
    /// If the encoder is elsewhere and does not give a vector for each text in time.
    pub fn encode_batch(&self, texts: &[&str], threads: usize) -> Result<Vec<f32>, Unavailable> {
        match self {
            Self::Here(encoder) => Ok(encoder.encode_batch(texts, threads)),
            Self::Elsewhere(encoder) => Ok(encoder.encode(texts, Occasion::Training)?.vectors.concat()),
        }
    }

    /// Says whether a word is known as a whole, so that it is spelt right. For an encoder elsewhere, which can't tell, the shipped one
    /// does.
    pub fn knows_word(&self, word: &str) -> bool {
        match self {
            Self::Here(encoder) => encoder.knows_word(word),
            Self::Elsewhere(_) => shipped().knows_word(word),
        }
    }
}
