use std::collections::BTreeMap;

use super::{
    report::{Kind, Ledger, Place},
    view::{Key, View},
};

/// What the domain of a project says.
#[derive(Debug, Default)]
pub(super) struct Domain {
    pub(super) slots: BTreeMap<String, Slot>,
    pub(super) responses: BTreeMap<String, Response>,
    pub(super) forms: BTreeMap<String, Form>,
}

#[derive(Debug, Default)]
pub(super) struct Slot {
    pub(super) kind: String,
    /// Allowed values of a categorical slot.
    pub(super) values: Vec<String>,
    pub(super) initial: Option<String>,
    /// Entities that fill it.
    pub(super) entities: Vec<String>,
    /// Intents that fill it, with the value that each gives.
    pub(super) intents: Vec<(String, String)>,
    /// Whether the bot fills it from what the customer says, in any way.
    pub(super) is_filled: bool,
}

#[derive(Debug)]
pub(super) struct Response {
    pub(super) variations: Vec<Variation>,
}

/// One wording of a response.
#[derive(Debug, Default)]
pub(super) struct Variation {
    pub(super) text: Option<String>,
    pub(super) buttons: Vec<Button>,
    /// Whether it is meant for one channel or under a condition only.
    pub(super) special: bool,
}

#[derive(Debug)]
pub(super) struct Button {
    pub(super) title: String,
    pub(super) payload: Option<String>,
    pub(super) place: Place,
}

#[derive(Debug, Default)]
pub(super) struct Form {
    pub(super) slots: Vec<String>,
}

impl Domain {
    pub(super) fn read(views: &[View<'_>], ledger: &mut Ledger) -> Self {
        let mut domain = Self::default();
        for view in views {
            domain.read_names(*view, ledger);
            domain.read_slots(*view, ledger);
            if let Some(version) = view.get("version") {
                version.text();
            }
        }
        // Forms name slots, which may be defined in any file.
        for view in views {
            for key in ["responses", "templates"] {
                domain.read_responses(*view, key, ledger);
            }
            domain.read_forms(*view, ledger);
        }
        domain.fill_by_name(ledger);
        domain
    }

    /// Before 3.0 an entity fills the slot of the same name, unless the domain says otherwise.
    fn fill_by_name(&mut self, ledger: &Ledger) {
        for (name, slot) in self.slots.iter_mut().filter(|(_, slot)| !slot.is_filled) {
            if ledger.knows(Kind::Entity, name) {
                slot.entities.push(name.clone());
                slot.is_filled = true;
            }
        }
    }

    fn read_names(&mut self, view: View<'_>, ledger: &mut Ledger) {
        for (section, kind) in [
            ("intents", Kind::Intent),
            ("entities", Kind::Entity),
            ("actions", Kind::Action),
        ] {
            for (key, details) in view.get(section).map(View::names).unwrap_or_default() {
                ledger.declare(kind, key.text, &key.place);
                match kind {
                    Kind::Entity => read_roles(&key, details, ledger),
                    _ => drop(details.map(View::entries)), // settings of an intent are told of one by one
                }
            }
        }
    }

    fn read_slots(&mut self, view: View<'_>, ledger: &mut Ledger) {
        for (key, details) in view.get("slots").map(View::entries).unwrap_or_default() {
            if !ledger.declare(Kind::Slot, key.text, &key.place) {
                continue; // what nothing reads is reported
            }
            let mut slot = Slot {
                kind: details.get_text("type").unwrap_or_else(|| "any".into()),
                ..Slot::default()
            };
            slot.initial = details
                .get("initial_value")
                .and_then(|value| if value.is_null() { None } else { value.text() });
            slot.values = details
                .get("values")
                .map(View::items)
                .unwrap_or_default()
                .into_iter()
                .filter_map(View::text)
                .collect();
            for mapping in details.get("mappings").map(View::items).unwrap_or_default() {
                slot.read_mapping(key.text, mapping, ledger);
            }
            self.slots.insert(key.text.to_owned(), slot);
        }
    }

    fn read_responses(&mut self, view: View<'_>, section: &str, ledger: &mut Ledger) {
        for (key, variations) in view.get(section).map(View::entries).unwrap_or_default() {
            if !ledger.declare(Kind::Response, key.text, &key.place) {
                continue;
            }
            let variations = variations
                .items()
                .into_iter()
                .map(|variation| Variation::read(key.text, variation, ledger))
                .collect();
            self.responses.insert(key.text.to_owned(), Response { variations });
        }
    }

    fn read_forms(&mut self, view: View<'_>, ledger: &mut Ledger) {
        for (key, details) in view.get("forms").map(View::names).unwrap_or_default() {
            if !ledger.declare(Kind::Form, key.text, &key.place) {
                continue;
            }
            let mut form = Form::default();
            // Before 3.0 the slots may stand right under the form, each with its mappings.
            let required = details.and_then(|details| {
                if details.has_any(&["required_slots"]) {
                    details.get("required_slots")
                } else {
                    Some(details)
                }
            });
            for (slot, mappings) in required.map(View::names).unwrap_or_default() {
                if matches!(slot.text, "ignored_intents") {
                    continue;
                }
                form.slots.push(slot.text.to_owned());
                let known = self.slots.entry(slot.text.to_owned()).or_default();
                ledger.declare(Kind::Slot, slot.text, &slot.place);
                for mapping in mappings.map(View::items).unwrap_or_default() {
                    known.read_mapping(slot.text, mapping, ledger);
                }
            }
            self.forms.insert(key.text.to_owned(), form);
        }
    }
}

impl Slot {
    fn read_mapping(&mut self, slot: &str, mapping: View<'_>, ledger: &mut Ledger) {
        match mapping.get_text("type").as_deref() {
            Some("from_entity") => {
                self.entities.extend(mapping.get_text("entity"));
                self.is_filled = true;
            }
            Some("from_text") => self.is_filled = true,
            Some("from_intent" | "from_trigger_intent") => {
                let value = mapping.get_text("value").unwrap_or_default();
                self.intents
                    .extend(mapping.get_text("intent").map(|intent| (intent, value.clone())));
                self.is_filled = true;
                if self.kind != "bool" {
                    ledger.lost(
                        mapping.place(),
                        format!("slot `{slot}` is no longer set to `{value}` by an intent"),
                        "add the words for it to the slot's choices",
                    );
                }
            }
            Some(other) => {
                self.is_filled = true;
                ledger.lost(
                    mapping.place(),
                    format!(
                        "mapping `{other}` of slot `{slot}` is not carried over ({})",
                        mapping.summary()
                    ),
                    "ask for the slot in a flow, or fill it with a `set` or `call` step",
                );
            }
            None => {}
        }
    }
}

impl Variation {
    fn read(response: &str, view: View<'_>, ledger: &mut Ledger) -> Self {
        if let Some(text) = view.text() {
            return Self {
                text: Some(text),
                ..Self::default()
            }; // 1.x allows a plain text
        }
        let mut variation = Self {
            text: view.get_text("text"),
            ..Self::default()
        };
        if let Some(channel) = view.get_text("channel") {
            variation.special = true;
            ledger.lost(
                view.place(),
                format!("the wording of `{response}` for channel `{channel}` is not carried over"),
                "word the reply so that it suits every channel",
            );
        }
        if let Some(condition) = view.get("condition") {
            variation.special = true;
            ledger.lost(
                view.place(),
                format!(
                    "the wording of `{response}` under the condition `{}` is not carried over",
                    condition.summary()
                ),
                "make it a reply of its own and choose with a `when` step, or write `{% if slots.… %}` in the wording",
            );
        }
        for key in ["buttons", "quick_replies"] {
            for button in view.get(key).map(View::items).unwrap_or_default() {
                let title = button.get_text("title").filter(|title| !title.trim().is_empty());
                let payload = button.get_text("payload");
                if let Some(title) = title {
                    variation.buttons.push(Button {
                        title,
                        payload,
                        place: button.place(),
                    });
                }
            }
        }
        variation
    }
}

fn read_roles(entity: &Key<'_>, details: Option<View<'_>>, ledger: &mut Ledger) {
    for what in ["roles", "groups"] {
        for name in details
            .and_then(|details| details.get(what))
            .map(View::items)
            .unwrap_or_default()
        {
            if let Some(text) = name.text() {
                ledger.lost(
                    name.place(),
                    format!(
                        "{} `{text}` of entity `{}` is not carried over",
                        what.trim_end_matches('s'),
                        entity.text
                    ),
                    "ask for each of them in a slot of its own",
                );
            }
        }
    }
}
