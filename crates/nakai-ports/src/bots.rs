use bytes::Bytes;
use nakai_types::{BotRef, Version};

/// A bot bundle packed into bytes, as stored and as sent to services that do not have it yet.
///
/// Packing and the format belong to the bundle crate; here it is opaque. A receiver must check that the content hashes to
/// [`BotRef::version`] before it uses it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BundleArchive {
    /// Which bot and version this is.
    pub bot: BotRef,
    /// The packed files.
    pub bytes: Bytes,
}

/// A bundle that a service can't use.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BundleError {
    /// The bytes are no bundle, or not one that this program reads.
    #[error("the bundle of bot `{}` {} can't be used: {reason}; run `nakai bot check` on its folder and push it again", bot.name, bot.version)]
    Unusable {
        /// Which bot.
        bot: BotRef,
        /// What is wrong with it.
        reason: String,
    },
    /// The content is not the content that the version names.
    #[error("a bundle that claims to be {claimed} has the content {actual}; fetch it again from its source")]
    WrongVersion {
        /// What it claims.
        claimed: Version,
        /// What it is.
        actual: Version,
    },
}
