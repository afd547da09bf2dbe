use crate::dot;

/// An encoder on another machine, such as a model of a provider.
///
/// What it is asked leaves this process, so implementations take personal data out of it first.
pub trait RemoteEncoder: Send + Sync + 'static {
    /// What names the encoder and its weights. Vectors of different ids must never be compared.
    fn id(&self) -> &str;

    /// Encodes texts: a vector of unit length for each, in their order, all equally long. Keeps the thread until they are there or
    /// [`Unavailable`], which takes as long as the occasion allows; so nothing else may wait for that thread.
    ///
    /// # Errors
    /// If there is no vector for each text in time.
    fn encode(&self, texts: &[&str], occasion: Occasion) -> Result<Encoded, Unavailable>;
}

/// What vectors are wanted for, which tells how long they are worth waiting for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occasion {
    /// A customer waits.
    Turn,
    /// A bot is trained.
    Training,
}

/// Vectors of texts.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Encoded {
    /// One for each text, in their order.
    pub vectors: Vec<Vec<f32>>,
    /// What that took.
    pub asked: Asked,
}

/// What an encoder on another machine was asked, for the record. All zero if it was not, as when the vectors were at hand.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Asked {
    /// How often.
    pub calls: u32,
    /// Tokens that it read.
    pub tokens: u64,
    /// Whether the tokens are our own count.
    pub estimated: bool,
    /// What they cost, in millionths of a US dollar.
    pub cost_micros: u64,
    /// How long all calls took, in microseconds.
    pub micros: u64,
    /// Why the last call that failed did: the code of the provider's error.
    pub failure: Option<&'static str>,
}

impl Asked {
    /// Counts further calls in.
    pub const fn add(&mut self, further: Self) {
        self.calls = self.calls.saturating_add(further.calls);
        self.tokens = self.tokens.saturating_add(further.tokens);
        self.estimated |= further.estimated;
        self.cost_micros = self.cost_micros.saturating_add(further.cost_micros);
        self.micros = self.micros.saturating_add(further.micros);
        if further.failure.is_some() {
            self.failure = further.failure;
        }
    }
}

/// An encoder on another machine that gave no vectors.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the encoder `{id}` gave no vectors: {reason}")]
pub struct Unavailable {
    /// The encoder.
    pub id: String,
    /// What went wrong, and what to do about it.
    pub reason: String,
    /// What was asked all the same.
    pub asked: Asked,
}

/// Makes a vector as long as 1, unless it is nothing but zeros.
pub fn to_unit_length(vector: &mut [f32]) {
    let length = dot(vector, vector).sqrt();
    if length > 0.0 && length.is_finite() {
        vector.iter_mut().for_each(|number| *number /= length);
    }
}
