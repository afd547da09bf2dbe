use serde::{Deserialize, Serialize};

/// The closed set of ways in which a request can fail.
///
/// Every error type of the workspace maps each of its variants to one of these; HTTP status, gRPC code and "may I try again?" are
/// each one exhaustive `match` over this enum, so a failure means the same at every border.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorKind {
    /// The request is malformed or breaks a stated limit; the caller must change it.
    Invalid,
    /// The caller did not say who it is, or not convincingly.
    Unauthenticated,
    /// The caller is known and may not do this.
    Forbidden,
    /// The thing that is named does not exist.
    NotFound,
    /// The request contradicts the present state, for example a key that is in use.
    Conflict,
    /// The request is larger than allowed.
    TooLarge,
    /// The caller sends more than it may; try later.
    RateLimited,
    /// A dependency or this server itself can't serve now; try later.
    Unavailable,
    /// The time set for the request ran out; trying again may help.
    Timeout,
    /// Our own fault: a bug, or data that should not exist.
    Internal,
}

impl ErrorKind {
    /// Says whether the same request may succeed later without being changed.
    pub const fn is_retryable(self) -> bool {
        matches!(self, Self::RateLimited | Self::Unavailable | Self::Timeout)
    }
}
