//! What an utterance says about the slots of a flow.

use std::{collections::BTreeMap, sync::Arc};

use nakai_bundle::model::Control;
use nakai_types::{EntityValue, Language};

use crate::{
    numerals, placeholder,
    program::{Program, Slot, SlotChoice, SlotKind},
    spoken,
    state::SlotValue,
    text::{mentions, positions, shortened, without_politeness},
    utterance::Utterance,
    yes_no,
};

/// The longest text that a slot takes, in characters.
const MAX_TEXT_CHARS: usize = 1000;
/// Words beside a number that add nothing: a counter, "people".
const MAX_COUNTER_CHARS: usize = 8;

/// A value for a slot, found in an utterance.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Fit {
    pub(crate) value: SlotValue,
    /// The utterance is this value and nothing else.
    pub(crate) whole: bool,
}

/// A slot and the value that the utterance gives it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Filling {
    pub(crate) slot: Arc<str>,
    pub(crate) value: SlotValue,
}

/// Reads an utterance as the answer to the question for a slot. `control` is the best intent's, if it steers the conversation.
pub(crate) fn fit(slot: &Slot, utterance: &Utterance<'_>, control: Option<Control>) -> Option<Fit> {
    let bare = without_politeness(&utterance.folded);
    match &slot.kind {
        SlotKind::Text => {
            let text = utterance.original.trim();
            (!text.is_empty()).then(|| Fit {
                value: SlotValue::Text(shortened(text, MAX_TEXT_CHARS)),
                whole: false,
            })
        }
        SlotKind::YesNo => yes_no::parse(&utterance.folded)
            .map(|said| Fit {
                value: SlotValue::YesNo(said.yes),
                whole: said.nothing_else,
            })
            .or_else(|| {
                let yes = match control? {
                    Control::Affirm => true,
                    Control::Deny => false,
                    Control::Cancel | Control::StartOver => return None,
                };
                Some(Fit {
                    value: SlotValue::YesNo(yes),
                    whole: false,
                })
            }),
        SlotKind::Number => number(utterance).or_else(|| only_integer(utterance)),
        SlotKind::Choice(choices) => {
            let choice = choice(choices, &utterance.folded)?;
            let whole = choice
                .words
                .iter()
                .any(|word| word == bare || *word == utterance.folded);
            Some(Fit {
                value: SlotValue::Text(choice.value.clone()),
                whole,
            })
        }
        SlotKind::Entity(kind) => {
            let mut values = utterance.values_of(kind);
            let value = if utterance.revises() {
                values.pop()
            } else {
                values.into_iter().next()
            }?;
            let whole = utterance
                .entities
                .iter()
                .any(|entity| *entity.kind == **kind && crate::text::fold(entity.text.as_str()) == bare);
            Some(Fit { value, whole })
        }
        SlotKind::Personal(kind) => {
            let text = placeholder::last_of(*kind, utterance.original)?.to_string();
            Some(Fit {
                whole: bare == text,
                value: SlotValue::Text(text),
            })
        }
    }
}

/// The one number that the utterance means, if it is one.
fn number(utterance: &Utterance<'_>) -> Option<Fit> {
    let text = &utterance.folded;
    let meant = |number: &numerals::FoundNumber| !utterance.denies(number.range.start, number.range.end);
    let mut numbers = numerals::find(text).into_iter().filter(meant);
    let first = numbers.next()?;
    if numbers.any(|other| other.value != first.value) {
        return None;
    }
    let rest = without_politeness(text)
        .chars()
        .count()
        .saturating_sub(text[first.range].chars().count());
    Some(Fit {
        value: SlotValue::Integer(first.value),
        whole: rest <= MAX_COUNTER_CHARS && !utterance.revises() && !utterance.is_question(),
    })
}

/// The value of the one entity that is a whole number: words for numbers that only the bot's own entities know.
fn only_integer(utterance: &Utterance<'_>) -> Option<Fit> {
    let mut integers = utterance.entities.iter().filter_map(|entity| match entity.value {
        EntityValue::Integer(value) => Some(value),
        _ => None,
    });
    let value = integers.next()?;
    integers.all(|other| other == value).then_some(Fit {
        value: SlotValue::Integer(value),
        whole: false,
    })
}

/// The one choice that the text mentions. A word inside a longer one of another choice does not count: `twin` in `twin deluxe`.
fn choice<'a>(choices: &'a [SlotChoice], folded: &str) -> Option<&'a SlotChoice> {
    let spans = |choice: &SlotChoice| -> Vec<(usize, usize)> {
        let spans = choice
            .words
            .iter()
            .flat_map(|word| positions(folded, word).map(move |at| (at, at + word.len())));
        spans.collect()
    };
    let found: Vec<(&SlotChoice, Vec<(usize, usize)>)> = choices.iter().map(|choice| (choice, spans(choice))).collect();
    let inside_longer = |(start, end): (usize, usize)| {
        found
            .iter()
            .flat_map(|(_, spans)| spans)
            .any(|(s, e)| *s <= start && end <= *e && e - s > end - start)
    };
    let mut mentioned = found
        .iter()
        .filter(|(_, spans)| spans.iter().any(|span| !inside_longer(*span)));
    let (first, _) = mentioned.next()?;
    mentioned.next().is_none().then_some(first)
}

/// Fills what the utterance says of the slots that are not filled yet and that it can't be mistaken about: entities, personal data, and
/// words of choices. `taken` is a slot that the utterance fills already; several slots of the same entity take its values in order.
pub(crate) fn gather(
    program: &Program,
    filled: &BTreeMap<String, SlotValue>,
    utterance: &Utterance<'_>,
    taken: Option<&Filling>,
) -> Vec<Filling> {
    let mut gathered: Vec<Filling> = Vec::new();
    let in_order = program
        .asked
        .iter()
        .chain(program.slots.keys().filter(|slot| !program.asked.contains(slot)));
    for slot in in_order.filter_map(|name| program.slots.get(name)) {
        if filled.contains_key(&*slot.name) || taken.is_some_and(|taken| taken.slot == slot.name) {
            continue;
        }
        let value = match &slot.kind {
            SlotKind::Entity(kind) => {
                let already = gathered
                    .iter()
                    .chain(taken)
                    .filter(|filling| is_entity(program, &filling.slot, kind))
                    .count();
                utterance.values_of(kind).into_iter().nth(already)
            }
            SlotKind::Choice(_) | SlotKind::Personal(_) => fit(slot, utterance, None).map(|fit| fit.value),
            SlotKind::Text | SlotKind::Number | SlotKind::YesNo => None,
        };
        gathered.extend(value.map(|value| Filling {
            slot: Arc::clone(&slot.name),
            value,
        }));
    }
    gathered
}

fn is_entity(program: &Program, slot: &str, kind: &str) -> bool {
    matches!(program.slots.get(slot).map(|slot| &slot.kind), Some(SlotKind::Entity(own)) if **own == *kind)
}

/// New values that the utterance gives to slots that are filled.
///
/// `pending` is the slot that the flow asks for, and what of the utterance fits it. What fits it is meant for it, unless the customer
/// takes something back ("actually", 「やっぱり」); while the flow asks for free text, only an utterance that begins so is a correction.
pub(crate) fn corrections(
    program: &Program,
    filled: &BTreeMap<String, SlotValue>,
    utterance: &Utterance<'_>,
    pending: (&Slot, Option<&Fit>),
) -> Vec<Filling> {
    let revises = utterance.revises();
    if matches!(pending.0.kind, SlotKind::Text) && !utterance.begins_with_revising() {
        return Vec::new();
    }
    let candidates: Vec<(&Slot, &SlotValue)> = filled
        .iter()
        .filter_map(|(name, value)| Some((program.slots.get(name.as_str())?, value)))
        .collect();
    let mut found = Vec::new();
    for (slot, current) in &candidates {
        let named = slot
            .title
            .iter()
            .any(|(_, title)| mentions(&utterance.folded, &crate::text::fold(title)));
        let rivals = candidates
            .iter()
            .filter(|(other, _)| other.kind.reads_like(&slot.kind))
            .count();
        let wanted_by_pending = pending.1.is_some() && pending.0.kind.reads_like(&slot.kind);
        let sure = match slot.kind {
            SlotKind::Text | SlotKind::YesNo => false,
            SlotKind::Number => named || (revises && rivals == 1),
            _ => named || (rivals == 1 && (revises || !wanted_by_pending)),
        };
        let value = match &slot.kind {
            _ if !sure => None,
            SlotKind::Entity(kind) => utterance.values_of(kind).into_iter().rfind(|value| value != *current),
            _ => fit(slot, utterance, None)
                .map(|fit| fit.value)
                .filter(|value| value != *current),
        };
        found.extend(value.map(|value| Filling {
            slot: Arc::clone(&slot.name),
            value,
        }));
    }
    found
}

impl SlotKind {
    /// Whether the same words would fill both.
    fn reads_like(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Entity(a), Self::Entity(b)) => a == b,
            (Self::Personal(a), Self::Personal(b)) => a == b,
            (Self::Choice(a), Self::Choice(b)) => a
                .iter()
                .any(|a| b.iter().any(|b| a.words.iter().any(|word| b.words.contains(word)))),
            _ => std::mem::discriminant(self) == std::mem::discriminant(other),
        }
    }
}

impl Slot {
    /// What a value is called in front of people.
    pub(crate) fn label(&self, value: &SlotValue, language: Language) -> String {
        match (&self.kind, value, language) {
            (SlotKind::Choice(choices), SlotValue::Text(text), _) => {
                let choice = choices.iter().find(|choice| choice.value == *text);
                choice
                    .and_then(|choice| choice.labels.get_or_any(language))
                    .unwrap_or(text)
                    .clone()
            }
            (SlotKind::Entity(_), SlotValue::Text(text), _) => {
                spoken::moment(text, language).unwrap_or_else(|| text.clone())
            }
            (_, SlotValue::YesNo(true), Language::Ja) => "はい".into(),
            (_, SlotValue::YesNo(false), Language::Ja) => "いいえ".into(),
            (_, SlotValue::YesNo(true), Language::En) => "Yes".into(),
            (_, SlotValue::YesNo(false), Language::En) => "No".into(),
            _ => value.to_text(),
        }
    }

    /// The buttons under the question for the slot.
    pub(crate) fn buttons(&self, language: Language) -> Vec<String> {
        match &self.kind {
            SlotKind::Choice(choices) => choices
                .iter()
                .map(|choice| choice.labels.get_or_any(language).unwrap_or(&choice.value).clone())
                .collect(),
            SlotKind::YesNo => [true, false]
                .map(|yes| self.label(&SlotValue::YesNo(yes), language))
                .into(),
            _ => Vec::new(),
        }
    }
}
