use nakai_types::Language;

use super::{
    domain::Domain,
    names::{Form, Names},
    nlu::Nlu,
    report::{Kind, Ledger},
};
use crate::model::Localised;

/// What every part of the conversion needs.
pub(super) struct Context<'a> {
    /// The one language of the Rasa bot.
    pub(super) language: Language,
    pub(super) domain: &'a Domain,
    pub(super) nlu: &'a Nlu,
    pub(super) ledger: &'a mut Ledger,
    pub(super) names: NameBook,
}

/// The bundle's name for each of Rasa's.
#[derive(Debug)]
pub(super) struct NameBook {
    pub(super) intents: Names,
    pub(super) entities: Names,
    pub(super) slots: Names,
    pub(super) replies: Names,
    pub(super) flows: Names,
}

impl NameBook {
    pub(super) fn new() -> Self {
        Self {
            intents: Names::new(Form::Word, "intent"),
            entities: Names::new(Form::Identifier, "entity"),
            slots: Names::new(Form::Identifier, "slot"),
            replies: Names::new(Form::Word, "reply"),
            flows: Names::new(Form::Word, "flow"),
        }
    }
}

impl Context<'_> {
    /// Says `value` in the bot's language.
    pub(super) fn localised<T>(&self, value: T) -> Localised<T> {
        match self.language {
            Language::Ja => Localised {
                ja: Some(value),
                en: None,
            },
            Language::En => Localised {
                ja: None,
                en: Some(value),
            },
        }
    }

    /// Reports every name that is another one in the bundle.
    pub(super) fn report_names(&mut self) {
        let books = [
            (Kind::Intent, &self.names.intents),
            (Kind::Entity, &self.names.entities),
            (Kind::Slot, &self.names.slots),
            (Kind::Response, &self.names.replies),
            (Kind::Form, &self.names.flows),
        ];
        for (kind, names) in books {
            let renamed = names
                .renamed()
                .filter(|(original, _)| self.ledger.knows(kind, original));
            for (original, name) in renamed.collect::<Vec<_>>() {
                self.ledger.changed(
                    self.ledger.place(kind, original),
                    format!("{kind} `{original}` is named `{name}` now"),
                    "",
                );
            }
        }
    }
}

/// Whether an intent of this name says yes, by the habits of Rasa bots.
pub(super) fn says_yes(intent: &str) -> bool {
    matches!(
        intent.to_lowercase().as_str(),
        "affirm" | "yes" | "agree" | "accept" | "confirm" | "はい" | "肯定"
    )
}

/// Whether an intent of this name says no.
pub(super) fn says_no(intent: &str) -> bool {
    matches!(
        intent.to_lowercase().as_str(),
        "deny" | "no" | "disagree" | "decline" | "reject" | "いいえ" | "否定"
    )
}

/// Whether an intent of this name leaves what is being done.
pub(super) fn cancels(intent: &str) -> bool {
    matches!(
        intent.to_lowercase().as_str(),
        "stop" | "cancel" | "abort" | "quit" | "中止" | "やめる"
    )
}

/// Whether an intent of this name begins anew.
pub(super) fn starts_over(intent: &str) -> bool {
    matches!(
        intent.to_lowercase().as_str(),
        "restart" | "start_over" | "reset" | "最初から"
    )
}

/// Whether an intent of this name is small talk.
pub(super) fn is_social(intent: &str) -> bool {
    let intent = intent.to_lowercase();
    ["greet", "greeting", "goodbye", "bye", "hello", "挨拶", "あいさつ"].contains(&intent.as_str())
        || intent.starts_with("thank")
        || intent.contains("お礼")
}

/// Whether a custom action of this name hands over to a human.
pub(super) fn hands_over(action: &str) -> bool {
    ["handoff", "hand_off", "handover", "hand_over", "human", "agent"]
        .iter()
        .any(|part| action.contains(part))
}
