//! Where a conversation stands: the only memory that dialogue has.

use std::collections::{BTreeMap, BTreeSet};

use nakai_ports::{DialogueError, DialogueState};
use nakai_types::{EntityValue, Interval, Quantity};
use serde::{Deserialize, Serialize};

use crate::generation::{Exchange, MAX_EXCHANGES, remembered};

/// Changes whenever the meaning of a stored state changes, which includes the layout of compiled flows: a stored program counter
/// points into it.
const FORMAT: u32 = 1;

/// More paused flows than this are not kept; the oldest is dropped.
pub(crate) const MAX_FLOWS: usize = 5;
const MAX_INTENTS: usize = 5;
const MAX_UTTERANCES: usize = 3;
const MAX_UTTERANCE_CHARS: usize = 160;

/// Everything that is remembered between two turns. Screened text only.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct ConversationState {
    pub(crate) format: u32,
    /// A human has the conversation: the bot is silent.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(crate) handed_over: bool,
    /// Paused flows, and last the one that waits for the customer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) flows: Vec<ActiveFlow>,
    /// The slots of the flow that ended in the last turn.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) ended_slots: BTreeMap<String, SlotValue>,
    /// How many utterances in a row were not understood.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(crate) misses: u32,
    /// What the last reply offered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) offer: Option<Offer>,
    /// The wording last used of each reply that has several.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) wordings: BTreeMap<String, u16>,
    /// Intents met, the latest last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) intents: Vec<String>,
    /// What the customer said last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) utterances: Vec<String>,
    /// What was said in the last turns, the latest last; kept only where a model may read it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) history: Vec<Exchange>,
}

/// A flow that has begun and not ended.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct ActiveFlow {
    /// Its name.
    pub(crate) flow: String,
    /// The instruction that is next; between turns always a question.
    pub(crate) position: usize,
    /// Slots filled so far.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) slots: BTreeMap<String, SlotValue>,
    /// What tools answered.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) results: BTreeMap<String, serde_json::Value>,
    /// Answers to the pending question that did not fit.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(crate) attempts: u32,
    /// Instructions that were carried out, with a digest of what they depended on; see [`crate::flow`].
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) done: BTreeMap<usize, u64>,
    /// While the flow runs again after a correction: the instructions of `done` that it has come by.
    #[serde(skip)]
    pub(crate) passed: Option<BTreeSet<usize>>,
}

/// What the last reply offered, so that a bare "yes" is understood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Offer {
    /// One of these intents, in the order shown.
    Choices(Vec<String>),
    /// A human.
    Human,
}

/// The value of a slot.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum SlotValue {
    /// Yes or no.
    YesNo(bool),
    /// A whole number.
    Integer(i64),
    /// Any other number; always finite.
    Number(f64),
    /// A text: what was said, an entity's canonical value, the key of a choice, or a placeholder.
    Text(String),
    /// An amount with its unit.
    Quantity(Quantity),
    /// From something to something.
    Interval(Interval),
}

impl ActiveFlow {
    /// Whether an instruction was carried out on these grounds.
    pub(crate) fn was_done(&mut self, position: usize, grounds: u64) -> bool {
        let done = self.done.get(&position) == Some(&grounds);
        if let Some(passed) = self.passed.as_mut().filter(|_| done) {
            passed.insert(position);
        }
        done
    }

    /// Notes that an instruction was carried out, and on what grounds.
    pub(crate) fn note_done(&mut self, position: usize, grounds: u64) {
        self.done.insert(position, grounds);
        if let Some(passed) = &mut self.passed {
            passed.insert(position);
        }
    }

    /// Begins to run again from the top.
    pub(crate) fn rewind(&mut self) {
        self.position = 0;
        self.passed = Some(BTreeSet::new());
    }

    /// Ends the run: what the flow did before on a way that it did not take again is forgotten, so that it is done anew if a later
    /// correction leads back there.
    pub(crate) fn wait(&mut self) {
        if let Some(passed) = self.passed.take() {
            let position = self.position;
            self.done.retain(|done, _| *done >= position || passed.contains(done));
        }
    }
}

impl SlotValue {
    /// The value as text.
    pub(crate) fn to_text(&self) -> String {
        match self {
            Self::YesNo(yes) => yes.to_string(),
            Self::Integer(number) => number.to_string(),
            Self::Number(number) => number.to_string(),
            Self::Text(text) => text.clone(),
            Self::Quantity(_) | Self::Interval(_) => EntityValue::from(self).to_string(),
        }
    }
}

impl From<&EntityValue> for SlotValue {
    fn from(value: &EntityValue) -> Self {
        match value {
            EntityValue::Integer(number) => Self::Integer(*number),
            EntityValue::Number(number) if number.is_finite() => Self::Number(*number),
            EntityValue::Number(number) => Self::Text(number.to_string()),
            EntityValue::Text(text) => Self::Text(text.clone()),
            EntityValue::Quantity(quantity) => Self::Quantity(quantity.clone()),
            EntityValue::Interval(interval) => Self::Interval(interval.clone()),
        }
    }
}

impl From<&SlotValue> for EntityValue {
    fn from(value: &SlotValue) -> Self {
        match value {
            SlotValue::Integer(number) => Self::Integer(*number),
            SlotValue::Number(number) => Self::Number(*number),
            SlotValue::Quantity(quantity) => Self::Quantity(quantity.clone()),
            SlotValue::Interval(interval) => Self::Interval(interval.clone()),
            SlotValue::YesNo(_) | SlotValue::Text(_) => Self::Text(value.to_text()),
        }
    }
}

impl From<&SlotValue> for minijinja::Value {
    fn from(value: &SlotValue) -> Self {
        match value {
            SlotValue::YesNo(yes) => Self::from(*yes),
            SlotValue::Integer(number) => Self::from(*number),
            SlotValue::Number(number) => Self::from(*number),
            SlotValue::Text(text) => Self::from(text.as_str()),
            SlotValue::Quantity(quantity) => {
                minijinja::context! { amount => quantity.amount, unit => quantity.unit.as_str() }
            }
            SlotValue::Interval(interval) => {
                minijinja::context! { start => interval.start.as_deref(), end => interval.end.as_deref() }
            }
        }
    }
}

impl Default for ConversationState {
    fn default() -> Self {
        Self {
            format: FORMAT,
            handed_over: false,
            flows: Vec::new(),
            ended_slots: BTreeMap::new(),
            misses: 0,
            offer: None,
            wordings: BTreeMap::new(),
            intents: Vec::new(),
            utterances: Vec::new(),
            history: Vec::new(),
        }
    }
}

impl ConversationState {
    /// Reads stored state. The error names the place of the fault, never the content.
    pub(crate) fn read(stored: &DialogueState) -> Result<Self, DialogueError> {
        #[derive(Deserialize)]
        struct Head {
            format: u32,
        }
        let fault = |error: &serde_json::Error| {
            DialogueError::UnreadableState(format!("line {} column {}", error.line(), error.column()))
        };
        let read: Result<Self, _> = serde_json::from_str(stored.as_json());
        let format = match &read {
            Ok(state) => state.format,
            Err(error) => {
                serde_json::from_str::<Head>(stored.as_json())
                    .map_err(|_| fault(error))?
                    .format
            }
        };
        if format != FORMAT {
            return Err(DialogueError::UnreadableState(format!("format {format}, not {FORMAT}")));
        }
        read.map_err(|error| fault(&error))
    }

    /// Writes the state to be stored.
    pub(crate) fn write(&self) -> Result<DialogueState, DialogueError> {
        serde_json::to_string(self)
            .map(DialogueState::from_json)
            .map_err(|error| DialogueError::Internal(format!("the state can't be written ({:?})", error.classify())))
    }

    /// Remembers an utterance for a later hand-over.
    pub(crate) fn remember_utterance(&mut self, text: &str) {
        if self.utterances.len() == MAX_UTTERANCES {
            self.utterances.remove(0);
        }
        self.utterances.push(crate::text::shortened(text, MAX_UTTERANCE_CHARS));
    }

    /// Remembers what was said in a turn.
    pub(crate) fn remember_exchange(&mut self, customer: &str, reply: &str) {
        if self.history.len() == MAX_EXCHANGES {
            self.history.remove(0);
        }
        self.history.push(remembered(customer, reply));
    }

    /// Remembers an intent for a later hand-over.
    pub(crate) fn remember_intent(&mut self, name: &str) {
        self.intents.retain(|met| met != name);
        if self.intents.len() == MAX_INTENTS {
            self.intents.remove(0);
        }
        self.intents.push(name.to_owned());
    }
}

/// Gives a conversation back to the bot after a hand-over: what is stored in place of `state`. Does nothing if no human has it.
///
/// # Errors
/// [`DialogueError::UnreadableState`] if the state was written by another release.
pub fn given_back(state: &DialogueState) -> Result<DialogueState, DialogueError> {
    let mut state = ConversationState::read(state)?;
    state.handed_over = false;
    state.write()
}

/// Gives the slots that are filled after a turn, as text: those of the flow that waits for the customer, and those of the flow that
/// ended in that turn. For a bundle's own tests and for the console.
///
/// # Errors
/// [`DialogueError::UnreadableState`] if the state was written by another release.
pub fn filled_slots(state: &DialogueState) -> Result<BTreeMap<String, String>, DialogueError> {
    let mut state = ConversationState::read(state)?;
    let mut slots = state.ended_slots;
    slots.extend(state.flows.pop().unwrap_or_default().slots);
    Ok(slots.into_iter().map(|(name, value)| (name, value.to_text())).collect())
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_reads_back() {
        let mut state = ConversationState::default();
        let slots = [
            ("n", SlotValue::Integer(3)),
            ("x", SlotValue::Number(3.0)),
            ("yes", SlotValue::YesNo(true)),
        ];
        let slots = slots
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect();
        state.flows.push(ActiveFlow {
            flow: "f".into(),
            position: 2,
            slots,
            done: [(1, u64::MAX)].into(),
            ..Default::default()
        });
        state.offer = Some(Offer::Choices(vec!["a".into()]));
        assert_eq!(ConversationState::read(&state.write().unwrap()).unwrap(), state);
    }

    #[test]
    fn a_state_of_another_release_is_refused_without_its_content() {
        for json in [
            r#"{"format":99,"utterances":"secret"}"#,
            r#"{"format":1,"utterances":"secret"}"#,
            "secret",
            "{}",
        ] {
            let error = ConversationState::read(&DialogueState::from_json(json)).unwrap_err();
            assert!(matches!(error, DialogueError::UnreadableState(_)));
            assert!(!error.to_string().contains("secret"), "{error}");
        }
    }

    #[test]
    fn memory_is_bounded() {
        let mut state = ConversationState::default();
        for i in 0..20 {
            state.remember_utterance(&"あ".repeat(1000));
            state.remember_exchange(&"あ".repeat(1000), "い");
            state.remember_intent(&format!("intent{}", i % 7));
        }
        assert_eq!(state.utterances.len(), MAX_UTTERANCES);
        assert!(
            state
                .utterances
                .iter()
                .all(|text| text.chars().count() <= MAX_UTTERANCE_CHARS + 1)
        );
        assert_eq!(state.history.len(), MAX_EXCHANGES);
        assert!(
            state
                .history
                .iter()
                .all(|exchange| exchange.customer.chars().count() <= 801)
        );
        assert_eq!(state.intents, ["intent1", "intent2", "intent3", "intent4", "intent5"]);
    }
}
