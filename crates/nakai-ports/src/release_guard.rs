use std::{fmt, sync::Arc};

use nakai_types::{Language, Screened};

/// Looks at every sentence that a language model wants to say, before the customer hears it.
///
/// Called once a sentence while the answer is made, so implementations take microseconds, block on nothing and log nothing of what they see.
pub trait ReleaseGuard: fmt::Debug + Send + Sync + 'static {
    /// Says what becomes of a sentence, placeholders not restored.
    fn check(&self, sentence: &Screened, language: Language) -> Release;
}

/// What becomes of a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Release {
    /// It is said.
    Pass,
    /// This is said in its place.
    Replace(Screened),
    /// It is left out.
    Withhold,
}

/// Lets everything pass.
#[derive(Debug, Clone, Copy, Default)]
pub struct ReleaseAll;

impl ReleaseGuard for ReleaseAll {
    fn check(&self, _: &Screened, _: Language) -> Release {
        Release::Pass
    }
}

/// A guard as everybody holds it.
pub type SharedReleaseGuard = Arc<dyn ReleaseGuard>;
