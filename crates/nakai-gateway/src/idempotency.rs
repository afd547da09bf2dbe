//! Requests that may be sent twice: the same key with the same body is answered once.

use nakai_ports::{ConversationStore, IdempotencyKey, Reservation};
use nakai_types::{TenantId, TurnRecord};
use sha2::{Digest, Sha256};

use crate::{Caller, RequestError};

/// How long a key stays taken by a request whose process died, beyond the time that a turn may take.
const LEASE_MARGIN_MS: i64 = 30_000;

/// What came of asking for a key.
pub(crate) enum Claim {
    /// This request is the first.
    First,
    /// An earlier request was answered.
    Answered(Box<TurnRecord>),
}

/// Checks a key that a caller sent.
pub(crate) fn check(key: &str) -> Result<(), RequestError> {
    let legal = (1..=255).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic());
    if legal {
        Ok(())
    } else {
        Err(RequestError::InvalidIdempotencyKey)
    }
}

/// Makes the stored form of a key: callers can't meet each other's keys, and what a caller put into one is not kept.
pub(crate) fn scoped(caller: &Caller, key: &str, request_hash: [u8; 32]) -> IdempotencyKey {
    let digest = Sha256::new()
        .chain_update(caller.principal.name())
        .chain_update([0])
        .chain_update(key)
        .finalize();
    IdempotencyKey {
        key: hex(&digest[..16]),
        request_hash,
    }
}

/// Asks for a key.
pub(crate) async fn claim(
    store: &dyn ConversationStore,
    tenant: &TenantId,
    key: &IdempotencyKey,
    now_ms: i64,
    turn_ms: i64,
) -> Result<Claim, RequestError> {
    match store.reserve(tenant, key, now_ms, turn_ms + LEASE_MARGIN_MS).await? {
        Reservation::Fresh => Ok(Claim::First),
        Reservation::Done(record) => Ok(Claim::Answered(record)),
        Reservation::InFlight => Err(RequestError::IdempotencyKeyInFlight),
        Reservation::Mismatch => Err(RequestError::IdempotencyKeyReused),
    }
}

/// Gives a key back after a failure. If the store can't be reached the key frees itself when its lease ends.
pub(crate) async fn give_back(store: &dyn ConversationStore, tenant: &TenantId, key: &IdempotencyKey) {
    let _ = store.release(tenant, key).await;
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes
        .iter()
        .flat_map(|b| [b >> 4, b & 15])
        .map(|digit| char::from(DIGITS[usize::from(digit)]))
        .collect()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::Principal;

    #[rstest]
    #[case("8e03978e-40d5-43dd-bc93-6894a57f9324", true)]
    #[case("", false)]
    #[case("two words", false)]
    #[case("鍵", false)]
    fn a_key_is_printable_ascii(#[case] key: &str, #[case] legal: bool) {
        assert_eq!(check(key).is_ok(), legal);
        assert!(check(&"k".repeat(255)).is_ok() && check(&"k".repeat(256)).is_err());
    }

    #[test]
    fn callers_do_not_meet_each_others_keys() {
        let stored = |principal| {
            scoped(
                &Caller {
                    principal,
                    tenant: TenantId::default(),
                },
                "taro@example.jp",
                [0; 32],
            )
            .key
        };
        assert_ne!(stored(Principal::Local), stored(Principal::Bootstrap));
        assert!(!stored(Principal::Local).contains("taro"));
    }
}
