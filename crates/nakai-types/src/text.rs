//! The two lives of a customer's words.
//!
//! [`RawText`] is what arrived at the socket. It has no `Serialize`, no `Display`, no readable `Debug`, so a log line, a row or a
//! trace that would carry it does not compile. Screening turns it into [`Screened`] text, in which personal data are placeholders
//! such as `[email_1]`; what the placeholders stand for is in the conversation's [`Vault`], which lives in memory only.

use std::fmt;

use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// What the customer typed, before screening. Can be neither shown, logged nor serialised; its memory is wiped when dropped.
///
/// ```compile_fail
/// let raw = nakai_types::RawText::new("my card is 4111 1111 1111 1111".to_owned());
/// println!("{raw}");
/// ```
/// ```compile_fail
/// let raw = nakai_types::RawText::new("my card is 4111 1111 1111 1111".to_owned());
/// serde_json::to_string(&raw).unwrap();
/// ```
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct RawText(String);

impl RawText {
    /// Takes text as it came from the socket.
    pub const fn new(text: String) -> Self {
        Self(text)
    }

    /// Shows the raw text to the two steps that need it: analysis and screening. Never store or log what this returns.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The length in UTF-8 bytes.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Says whether there is no text at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for RawText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RawText({} bytes)", self.0.len())
    }
}

/// A kind of personal data that screening replaces by a placeholder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PersonalData {
    /// An e-mail address.
    Email,
    /// A telephone number.
    Phone,
    /// A payment card number that passes its check digit.
    Card,
}

impl PersonalData {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::Email, Self::Phone, Self::Card];

    /// The name inside a placeholder: `email`, `phone`, `card`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Card => "card",
        }
    }
}

/// What stands in screened text where a piece of personal data stood: `[email_1]`. Numbered per conversation and kind from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Placeholder {
    /// What kind of datum it stands for.
    pub kind: PersonalData,
    /// Which of its kind in this conversation, from 1.
    pub number: u32,
}

impl fmt::Display for Placeholder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}_{}]", self.kind.name(), self.number)
    }
}

/// Text that has been through screening: safe to store, log, trace, cache and send to a model.
///
/// Only screening makes it from a customer's words ([`Screened::after_screening`]); text that our side wrote (a reply) is screened
/// by nature ([`Screened::ours`]).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Screened(String);

impl Screened {
    /// The screening step's own constructor: `text` has every detected personal datum replaced by its placeholder.
    pub const fn after_screening(text: String) -> Self {
        Self(text)
    }

    /// Text that the bot's authors or the program wrote, never a customer.
    pub fn ours(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Shows the text, placeholders and all.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Gives the text, placeholders and all.
    pub fn into_string(self) -> String {
        self.0
    }
}

impl fmt::Display for Screened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What the placeholders of one conversation stand for. In memory only: no `Serialize`, no readable `Debug`, wiped when dropped.
#[derive(Clone, Default)]
pub struct Vault {
    entries: Vec<(Placeholder, RawText)>,
    /// Numbers up to this one may be in use by placeholders whose data this vault never saw.
    used_before: u32,
}

/// More data of one kind than fit in one turn's text.
const NUMBERS_PER_TURN: u32 = 4096;

impl Vault {
    /// Makes the vault of a conversation that has had `turns` turns, when the data of those are not known any more (the process was
    /// restarted). New placeholders get numbers that the conversation can't have used, so an old one never stands for a new datum.
    pub fn resumed_after(turns: u64) -> Self {
        let turns = u32::try_from(turns).unwrap_or(u32::MAX);
        Self {
            entries: Vec::new(),
            used_before: turns.saturating_mul(NUMBERS_PER_TURN),
        }
    }

    /// Gives the placeholder for a datum: the one it already has in this conversation, or the next number of its kind.
    pub fn placeholder_for(&mut self, kind: PersonalData, datum: &str) -> Placeholder {
        if let Some((known, _)) = self
            .entries
            .iter()
            .find(|(p, raw)| p.kind == kind && raw.expose() == datum)
        {
            return *known;
        }
        let last = self
            .entries
            .iter()
            .filter(|(p, _)| p.kind == kind)
            .map(|(p, _)| p.number)
            .max();
        let placeholder = Placeholder {
            kind,
            number: last.unwrap_or(self.used_before).saturating_add(1),
        };
        self.entries.push((placeholder, RawText::new(datum.to_owned())));
        placeholder
    }

    /// Says what a placeholder stands for, if this vault knows.
    pub fn reveal(&self, placeholder: Placeholder) -> Option<&str> {
        self.entries
            .iter()
            .find(|(p, _)| *p == placeholder)
            .map(|(_, raw)| raw.expose())
    }

    /// All pairs, in the order in which they were met.
    pub fn entries(&self) -> impl Iterator<Item = (Placeholder, &RawText)> {
        self.entries.iter().map(|(p, raw)| (*p, raw))
    }

    /// Puts a known pair back, for example one that came from another process.
    pub fn insert(&mut self, placeholder: Placeholder, datum: RawText) {
        if self.reveal(placeholder).is_none() {
            self.entries.push((placeholder, datum));
        }
    }

    /// Says whether there is nothing to restore.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// How many data are held.
    pub fn len(&self) -> usize {
        self.entries.len()
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Vault({} entries)", self.entries.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_of_raw_text_and_vault_tells_sizes_only() {
        let mut vault = Vault::default();
        vault.placeholder_for(PersonalData::Email, "taro@example.jp");
        assert_eq!(
            format!("{:?}", RawText::new("taro@example.jp".into())),
            "RawText(15 bytes)"
        );
        assert_eq!(format!("{vault:?}"), "Vault(1 entries)");
    }

    #[test]
    fn the_same_datum_keeps_its_placeholder_and_another_gets_the_next_number() {
        let mut vault = Vault::default();
        let first = vault.placeholder_for(PersonalData::Email, "a@example.jp");
        let second = vault.placeholder_for(PersonalData::Email, "b@example.jp");
        assert_eq!(vault.placeholder_for(PersonalData::Email, "a@example.jp"), first);
        assert_eq!(
            (first.to_string(), second.to_string()),
            ("[email_1]".into(), "[email_2]".into())
        );
        assert_eq!(
            vault.placeholder_for(PersonalData::Phone, "a@example.jp").to_string(),
            "[phone_1]"
        );
    }

    #[test]
    fn a_resumed_vault_reuses_no_number() {
        let mut vault = Vault::resumed_after(2);
        assert_eq!(vault.placeholder_for(PersonalData::Email, "a@example.jp").number, 8193);
        assert_eq!(
            vault.reveal(Placeholder {
                kind: PersonalData::Email,
                number: 1
            }),
            None
        );
    }
}
