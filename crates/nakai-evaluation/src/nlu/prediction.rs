use std::sync::Arc;

/// What the classifier said to an utterance, beside what it should have said.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Prediction {
    /// The intents of which any is right; none if the utterance must be refused.
    pub(super) truth: Vec<String>,
    /// The most probable intent.
    pub(super) best: Option<Arc<str>>,
    /// How probable that is.
    pub(super) confidence: f64,
    /// Whether it was too improbable to act on.
    pub(super) refused: bool,
    /// Whether the encoder was asked.
    pub(super) encoder_asked: bool,
}

impl Prediction {
    /// Whether the utterance has an intent.
    pub(super) const fn in_scope(&self) -> bool {
        !self.truth.is_empty()
    }

    /// Whether the most probable intent is right, however improbable; never of an utterance without intent.
    pub(super) fn hit(&self) -> bool {
        self.best
            .as_deref()
            .is_some_and(|best| self.truth.iter().any(|truth| truth == best))
    }

    /// Whether the bot does right: answers the right intent, or refuses what has none.
    pub(super) fn right(&self) -> bool {
        if self.in_scope() {
            !self.refused && self.hit()
        } else {
            self.refused
        }
    }

    /// The intent to count the utterance for: the one that was hit, else the first that it has.
    pub(super) fn counted_as(&self) -> Option<&str> {
        if self.hit() {
            self.best.as_deref()
        } else {
            self.truth.first().map(String::as_str)
        }
    }
}
