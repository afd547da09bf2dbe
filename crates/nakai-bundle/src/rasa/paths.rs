use super::{
    domain::Domain,
    report::{Kind, Ledger, Place},
    view::{Key, View},
};

/// One rule or story.
#[derive(Debug)]
pub(super) struct Path {
    pub(super) kind: Kind,
    pub(super) name: String,
    /// What it does, utterance by utterance.
    pub(super) turns: Vec<Turn>,
    /// What it does after a form is filled.
    pub(super) endings: Vec<Ending>,
}

/// What the customer wants and what the bot does about it.
#[derive(Debug, Clone)]
pub(super) struct Turn {
    /// Any of these.
    pub(super) intents: Vec<String>,
    pub(super) acts: Vec<Act>,
    /// The form that is being filled meanwhile.
    pub(super) form: Option<String>,
    pub(super) place: Place,
}

/// What the bot does when a form is filled.
#[derive(Debug, Clone)]
pub(super) struct Ending {
    pub(super) form: String,
    /// Slots that must have these values; `None` for any value.
    pub(super) conditions: Vec<(String, Option<String>)>,
    pub(super) acts: Vec<Act>,
    pub(super) place: Place,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Act {
    /// Gives a response.
    Say(String),
    /// Fills a form.
    Form(String),
    /// Leaves the form.
    LeaveForm,
    /// Forgets the conversation.
    Restart,
    /// Says that it did not understand.
    Fallback,
    /// Runs code.
    Custom(String),
}

/// Reads all rules, then all stories.
pub(super) fn read(views: &[View<'_>], domain: &Domain, ledger: &mut Ledger) -> Vec<Path> {
    let mut paths = Vec::new();
    for (section, kind) in [("rules", Kind::Rule), ("stories", Kind::Story)] {
        let items = views.iter().filter_map(|view| view.get(section)).flat_map(View::items);
        for (index, item) in items.enumerate() {
            let named = item.get_text(kind_key(kind));
            let mut name = named.unwrap_or_else(|| format!("number {}", index + 1));
            if !ledger.declare(kind, &name, &item.place()) {
                name = format!("{name} ({})", item.place());
                ledger.declare(kind, &name, &item.place());
            }
            paths.push(PathReader::new(kind, name, domain, ledger).read(item));
        }
    }
    paths
}

const fn kind_key(kind: Kind) -> &'static str {
    if matches!(kind, Kind::Rule) { "rule" } else { "story" }
}

struct PathReader<'a> {
    path: Path,
    domain: &'a Domain,
    ledger: &'a mut Ledger,
    /// The form that is being filled.
    form: Option<String>,
    /// The form that has just been filled: what follows belongs to its ending.
    filled: Option<String>,
    conditions: Vec<(String, Option<String>)>,
    /// Whether what follows can't be reached any more.
    is_cut: bool,
}

impl<'a> PathReader<'a> {
    fn new(kind: Kind, name: String, domain: &'a Domain, ledger: &'a mut Ledger) -> Self {
        let path = Path {
            kind,
            name,
            turns: Vec::new(),
            endings: Vec::new(),
        };
        Self {
            path,
            domain,
            ledger,
            form: None,
            filled: None,
            conditions: Vec::new(),
            is_cut: false,
        }
    }

    fn read(mut self, item: View<'_>) -> Path {
        for condition in item.get("condition").map(View::items).unwrap_or_default() {
            if let Some(form) = condition.get("active_loop").or_else(|| condition.get("form")) {
                form.is_null();
                self.form = form.text();
                self.declare_form(&form.place());
            }
            for (slot, value, place) in condition.get("slot_was_set").map(slot_values).unwrap_or_default() {
                if slot != "requested_slot" {
                    self.ledger.declare(Kind::Slot, &slot, &place);
                    self.conditions.push((slot, value));
                    continue;
                }
                self.changed(place, "which slot is asked for no longer matters to");
            }
        }
        if let Some(start) = item
            .get("conversation_start")
            .filter(|start| start.text().as_deref() == Some("true"))
        {
            self.changed(start.place(), "the start of the conversation is no longer required by");
        }
        if let Some(wait) = item
            .get("wait_for_user_input")
            .filter(|wait| wait.text().as_deref() == Some("false"))
        {
            self.lost(
                wait.place(),
                "`wait_for_user_input: false` is not carried over from",
                "put all steps into one flow",
            );
        }
        for step in item.get("steps").map(View::items).unwrap_or_default() {
            self.read_step(step);
        }
        self.path
    }

    fn read_step(&mut self, step: View<'_>) {
        if self.is_cut {
            let what = format!(
                "step `{}`, which nothing leads to, is not carried over from",
                step.summary()
            );
            self.lost(step.place(), &what, "write it as a flow");
        } else if let Some(intent) = step.get("intent") {
            self.customer_says(step, intent.text().into_iter().collect());
        } else if let Some(or) = step.get("or") {
            let mut intents = Vec::new();
            for choice in or.items() {
                match choice.get("intent").and_then(View::text) {
                    Some(intent) => {
                        self.drop_entities(choice);
                        intents.push(intent);
                    }
                    None => {
                        let what = format!("alternative `{}` is not carried over from", choice.summary());
                        self.lost(choice.place(), &what, "write it as a `when` step");
                    }
                }
            }
            if !intents.is_empty() {
                self.customer_says(step, intents);
            }
        } else if let Some(action) = step.get("action").and_then(View::text) {
            self.bot_does(&action, step.place());
        } else if let Some(form) = step
            .get("active_loop")
            .or_else(|| step.get("form").filter(|form| !form.is_nested()))
        {
            if form.is_null() || form.text().as_deref() == Some("null") {
                self.filled = self.form.take();
            } else {
                self.form = form.text();
                self.declare_form(&form.place());
            }
        } else if let Some(form) = step.get("form") {
            // Version 2.0 of the format.
            let name = form.get("name").filter(|name| !name.is_null()).and_then(View::text);
            self.filled = if name.is_none() { self.form.take() } else { None };
            self.form = name;
            self.declare_form(&form.place());
        } else if let Some(slots) = step.get("slot_was_set") {
            self.slots_are_set(slots);
        } else if let Some(name) = step.get("checkpoint") {
            let name = name.text().unwrap_or_default();
            let is_first = self.path.turns.is_empty() && self.path.endings.is_empty();
            self.is_cut = true;
            let what = if is_first { "begins at" } else { "ends at" };
            self.ledger.lost(
                step.place(),
                format!(
                    "{} `{}` {what} checkpoint `{name}`, which is not carried over",
                    self.path.kind, self.path.name
                ),
                "write the whole conversation as one flow",
            );
        } else if step.has_any(&["user", "bot"]) {
            self.is_cut = step.has_any(&["user"]);
            let what = format!("end-to-end step `{}` is not carried over from", step.summary());
            self.lost(step.place(), &what, "add the words to an intent or a reply");
        }
    }

    /// A form that the domain does not know is told of at the end.
    fn declare_form(&mut self, place: &Place) {
        if let Some(form) = &self.form {
            self.ledger.declare(Kind::Form, form, place);
        }
    }

    fn customer_says(&mut self, step: View<'_>, intents: Vec<String>) {
        self.drop_entities(step);
        self.filled = None;
        for intent in &intents {
            self.ledger.declare(Kind::Intent, intent, &step.place());
        }
        let form = self.form.clone();
        self.path.turns.push(Turn {
            intents,
            acts: Vec::new(),
            form,
            place: step.place(),
        });
    }

    fn drop_entities(&mut self, step: View<'_>) {
        if let Some(entities) = step.get("entities") {
            let what = format!("whether an utterance has `{}` no longer matters to", entities.summary());
            self.changed(entities.place(), &what);
        }
        if let Some(text) = step.get("user") {
            text.read_all();
            self.changed(text.place(), "the wording of an utterance no longer matters to");
        }
    }

    fn bot_does(&mut self, action: &str, place: Place) {
        let act = match action {
            "action_listen" | "action_session_start" | "action_unlikely_intent" | "..." => return,
            "action_deactivate_loop" | "action_deactivate_form" => Act::LeaveForm,
            "action_restart" => Act::Restart,
            "action_default_fallback" | "action_two_stage_fallback" => Act::Fallback,
            form if self.domain.forms.contains_key(form) => Act::Form(form.to_owned()),
            response if response.starts_with("utter_") || self.domain.responses.contains_key(response) => {
                Act::Say(response.to_owned())
            }
            custom => {
                self.ledger.declare(Kind::Action, custom, &place);
                Act::Custom(custom.to_owned())
            }
        };
        if act == Act::LeaveForm {
            self.form = None;
        }
        if let Some(form) = &self.filled {
            match self.path.endings.last_mut().filter(|ending| &ending.form == form) {
                Some(ending) => ending.acts.push(act),
                None => {
                    let conditions = std::mem::take(&mut self.conditions);
                    self.path.endings.push(Ending {
                        form: form.clone(),
                        conditions,
                        acts: vec![act],
                        place,
                    });
                }
            }
        } else if let Some(turn) = self.path.turns.last_mut() {
            turn.acts.push(act);
        } else if !matches!((&act, &self.form), (Act::Form(form), Some(active)) if form == active) {
            self.lost(
                place,
                &format!("action `{action}` that nothing starts is not carried over from"),
                "begin the path with an intent",
            );
        }
    }

    fn slots_are_set(&mut self, slots: View<'_>) {
        let place = slots.place();
        let values: Vec<_> = slot_values(slots)
            .into_iter()
            .filter(|(slot, ..)| slot != "requested_slot")
            .collect();
        if values.is_empty() {
            return;
        }
        for (slot, _, place) in &values {
            self.ledger.declare(Kind::Slot, slot, place);
        }
        if self.form.is_some() {
            self.changed(place, "the answers to a form's questions no longer matter to");
        } else if self.filled.is_some() {
            self.conditions
                .extend(values.into_iter().map(|(slot, value, _)| (slot, value)));
        } else {
            let names: Vec<_> = values.iter().map(|(slot, ..)| format!("`{slot}`")).collect();
            self.lost(
                place,
                &format!("the condition on slot {} is not carried over from", names.join(", ")),
                "write it as a `when` step of a flow",
            );
        }
    }

    fn changed(&mut self, place: Place, what: &str) {
        let what = format!("{what} {} `{}`", self.path.kind, self.path.name);
        self.ledger.changed(place, what, "");
    }

    fn lost(&mut self, place: Place, what: &str, instead: &str) {
        let what = format!("{what} {} `{}`", self.path.kind, self.path.name);
        self.ledger.lost(place, what, instead);
    }
}

/// The slots under `slot_was_set`, as a list or a map; `None` for a slot that may have any value.
fn slot_values(view: View<'_>) -> Vec<(String, Option<String>, Place)> {
    let read = |(key, value): (Key<'_>, Option<View<'_>>)| {
        let value = value.and_then(|value| {
            if value.is_null() {
                Some("null".to_owned())
            } else {
                value.text()
            }
        });
        (key.text.to_owned(), value, key.place)
    };
    view.names().into_iter().map(read).collect()
}
