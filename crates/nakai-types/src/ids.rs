use std::{fmt, str::FromStr, sync::Arc};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A name that breaks the rule for names.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what} must be 1 to 64 characters of a-z, 0-9, `-` and `_`, and start with a letter or digit")]
pub struct InvalidName {
    what: &'static str,
}

/// Checks the one rule for names that appear in paths, URLs and metric labels.
fn check_name(name: &str, what: &'static str) -> Result<(), InvalidName> {
    let starts_well = name
        .bytes()
        .next()
        .is_some_and(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    let legal = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_';
    if starts_well && name.len() <= 64 && name.bytes().all(legal) {
        Ok(())
    } else {
        Err(InvalidName { what })
    }
}

macro_rules! name_type {
    ($(#[$doc:meta])* $name:ident, $what:literal) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Arc<str>);

        impl $name {
            /// Takes a name after checking it: 1 to 64 characters of `a-z0-9-_`, starting with a letter or digit.
            pub fn new(name: &str) -> Result<Self, InvalidName> {
                check_name(name, $what)?;
                Ok(Self(name.into()))
            }

            /// Shows the name as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidName;
            fn try_from(name: String) -> Result<Self, InvalidName> {
                Self::new(&name)
            }
        }

        impl FromStr for $name {
            type Err = InvalidName;
            fn from_str(name: &str) -> Result<Self, InvalidName> {
                Self::new(name)
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> Self {
                name.0.as_ref().to_owned()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&self.0, f)
            }
        }
    };
}

name_type!(
    /// Whose data a row is. Nothing is stored or served without one.
    TenantId,
    "a tenant"
);
name_type!(
    /// The name of a bot, as in its `bot.yaml`.
    BotName,
    "a bot name"
);

impl Default for TenantId {
    /// The tenant `default`, the only one until tenants are configured.
    fn default() -> Self {
        Self("default".into())
    }
}

macro_rules! uuid_type {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// Makes a new id: UUID version 7 (RFC 9562), so that ids sort by the time they were made.
            #[expect(clippy::new_without_default, reason = "every call gives another id, so it is no default")]
            pub fn new() -> Self {
                Self(Uuid::now_v7())
            }

            /// Gives the 16 bytes of the id, as stored.
            pub const fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }

            /// Takes the 16 bytes of a stored id.
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(Uuid::from_bytes(bytes))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, uuid::Error> {
                Uuid::try_parse(text).map(Self)
            }
        }
    };
}

uuid_type!(
    /// One customer's conversation with one bot.
    ConversationId
);
uuid_type!(
    /// One utterance and its answer.
    TurnId
);
