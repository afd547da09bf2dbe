//! Names of calls that carry a signature.
//!
//! Gemini signs what its models thought before a call, and refuses a conversation in which the signature is missing. No other protocol
//! has a place for it, and nothing is kept here between requests, so it travels in the call's name, which every client gives back.

/// Between a call's name and its signature; in no provider's own names.
const SEPARATOR: &str = ".thought.";

/// A call's name with its signature.
pub(super) fn with_signature(id: &str, signature: &str) -> String {
    format!("{id}{SEPARATOR}{signature}")
}

/// A call's own name, and its signature if it has one. Other providers get the name alone: they limit its length and letters.
pub(super) fn without_signature(id: &str) -> (&str, Option<&str>) {
    id.split_once(SEPARATOR)
        .map_or((id, None), |(id, signature)| (id, Some(signature)))
}
