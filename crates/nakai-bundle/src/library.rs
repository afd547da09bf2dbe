use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

use nakai_types::{BotRef, Version};

use crate::{Bundle, files::version_of, load::open};

/// How many bundles a library keeps. Services keep what they serve themselves; the library only has to bridge the moments in which
/// several services of one process install the same version.
const CAPACITY: usize = 16;

/// The bundles that services of this process opened last, so that each is checked and parsed once.
#[derive(Debug, Default)]
pub struct Library {
    /// The last used at the back.
    opened: Mutex<VecDeque<Arc<Bundle>>>,
}

impl Library {
    /// Gives the bundle of an archive that claims to be `bot`. Opens it unless that was done lately; the content must hash to the
    /// version that it claims.
    ///
    /// Takes milliseconds where the bundle is not at hand, during which other callers wait: meant for installing, not for turns.
    pub fn get_or_open(&self, bot: &BotRef, archive: &[u8]) -> Result<Arc<Bundle>, LibraryError> {
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(index) = opened.iter().position(|bundle| bundle.bot_ref == *bot)
            && let Some(bundle) = opened.remove(index)
        {
            opened.push_back(Arc::clone(&bundle));
            return Ok(bundle);
        }
        let actual = version_of(archive);
        if actual != bot.version {
            return Err(LibraryError::WrongVersion {
                claimed: bot.version,
                actual,
            });
        }
        let bundle = open(archive, actual).map_err(|problems| {
            let first = problems.iter().next().map(ToString::to_string).unwrap_or_default();
            let others = problems.iter().len().saturating_sub(1);
            LibraryError::Unusable {
                reason: if others > 0 {
                    format!("{first} (and {others} more)")
                } else {
                    first
                },
            }
        })?;
        if bundle.bot_ref.name != bot.name {
            return Err(LibraryError::Unusable {
                reason: format!("it is the bot `{}`", bundle.bot_ref.name),
            });
        }
        let bundle = Arc::new(bundle);
        if opened.len() >= CAPACITY {
            opened.pop_front();
        }
        opened.push_back(Arc::clone(&bundle));
        Ok(bundle)
    }
}

/// Why the library has no bundle to give. Callers turn this into the error of the port that they implement.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LibraryError {
    /// The content is not the content that the version names.
    #[error("a bundle that claims to be {claimed} has the content {actual}; fetch it again from its source")]
    WrongVersion {
        /// What it claims.
        claimed: Version,
        /// What it is.
        actual: Version,
    },
    /// The bytes are no bundle, or not one that this program reads.
    #[error("the bundle can't be used: {reason}; run `nakai bot check` on its folder and push it again")]
    Unusable {
        /// What is wrong with it.
        reason: String,
    },
}
