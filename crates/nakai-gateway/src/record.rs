//! What is kept of a turn, and the clock of its steps.

use std::{
    borrow::Cow,
    collections::BTreeMap,
    time::{Duration, Instant},
};

use hmac::{Hmac, KeyInit, Mac};
use nakai_config::Secret;
use nakai_types::{RawText, Screened, StepTime, TenantId, Vault};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{GatewayConfig, idempotency::hex};

/// Makes pseudonyms: keyed hashes that are the same for the same user, and tell nothing of who it is.
pub(crate) struct Pseudonyms(Option<Hmac<Sha256>>);

impl Pseudonyms {
    pub(crate) fn new(config: &GatewayConfig) -> Self {
        let key = config
            .pseudonym_key
            .as_ref()
            .map_or_else(random_key, |key: &Secret| Sha256::digest(key.expose()).into());
        // HMAC takes keys of every length, so this is never `None`; a user without a pseudonym would be the safe side.
        Self(Hmac::new_from_slice(&key).ok())
    }

    pub(crate) fn of(&self, tenant: &TenantId, user: &RawText) -> Option<String> {
        let mut mac = self.0.clone()?;
        mac.update(tenant.as_str().as_bytes());
        mac.update(&[0]);
        mac.update(user.expose().as_bytes());
        Some(hex(&mac.finalize().into_bytes()[..16]))
    }
}

/// 32 bytes that nobody can guess. Every version 7 UUID brings at least 32 random bits.
fn random_key() -> [u8; 32] {
    let mut digest = Sha256::new();
    for _ in 0..16 {
        digest.update(Uuid::now_v7().as_bytes());
    }
    digest.finalize().into()
}

/// Screens what the caller attached to a request.
pub(crate) fn screened_metadata(metadata: &[(String, RawText)], vault: &mut Vault) -> BTreeMap<String, Screened> {
    metadata
        .iter()
        .map(|(name, value)| (name.clone(), nakai_governance::screen_text(value.expose(), vault)))
        .collect()
}

/// The time of each step of a turn: one look at the clock between two steps.
pub(crate) struct Steps {
    last: Instant,
    taken: Vec<StepTime>,
}

impl Steps {
    pub(crate) fn start() -> Self {
        Self {
            last: Instant::now(),
            taken: Vec::with_capacity(4),
        }
    }

    /// Ends the present step.
    pub(crate) fn end(&mut self, step: &'static str) -> Duration {
        let now = Instant::now();
        let took = now.duration_since(self.last);
        self.last = now;
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        self.taken.push(StepTime {
            step: Cow::Borrowed(step),
            micros,
        });
        took
    }

    pub(crate) fn taken(&self) -> Vec<StepTime> {
        self.taken.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pseudonym_is_the_same_for_the_same_user_tenant_and_key_only() {
        let keyed = |key: Option<&str>| {
            let pseudonym_key = key.map(|key| Secret::new(key.into()));
            Pseudonyms::new(&GatewayConfig {
                pseudonym_key,
                ..GatewayConfig::default()
            })
        };
        let of = |pseudonyms: &Pseudonyms, user: &str| {
            pseudonyms.of(&TenantId::default(), &RawText::new(user.into())).unwrap()
        };
        let pseudonyms = keyed(Some("a key of this team"));
        assert_eq!(
            of(&pseudonyms, "taro@example.jp"),
            of(&keyed(Some("a key of this team")), "taro@example.jp")
        );
        assert_ne!(of(&pseudonyms, "taro@example.jp"), of(&pseudonyms, "hana@example.jp"));
        assert_ne!(of(&keyed(None), "taro@example.jp"), of(&keyed(None), "taro@example.jp"));
        assert!(!of(&pseudonyms, "taro@example.jp").contains("taro"));
    }
}
